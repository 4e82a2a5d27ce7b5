"""`variorum withdraw`: an annotator takes back all labels; nothing of them stays in the corpus."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from variorum import withdrawal
from variorum.checks.stored import json_files
from variorum.cli.app import Root, app, fail, lines, open_corpus, shown
from variorum.cli.exchange import exchange, place, recover
from variorum.cli.sets import refuse
from variorum.contrast.records import Assigned, Edit, Edits, Judgements
from variorum.corpus import Corpus
from variorum.decisions import Decisions
from variorum.label_studio import exports
from variorum.records import Annotators, Record, to_json

WITHDRAWN = "withdrawn.json"


class Change(msgspec.Struct, frozen=True):
    """What becomes of one file: its new content (None: it is removed), and that in words."""

    path: Path
    data: bytes | None
    words: str


@app.command()
def withdraw(
    source: Annotated[str, typer.Argument(help="The annotator's pseudonym.")],
    root: Root = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
) -> None:
    """Remove a source everywhere: records, exports, annotators.json, its decisions. Whole or not at all."""
    corpus = open_corpus(root, broken_off=True)
    completed = _recovered(corpus, dry_run)
    changes = list(_changes(corpus, source))
    if completed and not changes and source in withdrawn(corpus):
        lines([f"{source} is withdrawn"])
        return
    if not changes:
        fail(f"{source} is nowhere under {shown(corpus.annotations)}")
    changes.append(_noted(corpus, source))
    lines(f"{shown(change.path)}: {change.words}" for change in changes)
    lines(_after(corpus, source, {change.path for change in changes}))
    if dry_run:
        lines(["nothing was changed (--dry-run)"])
        return
    try:
        _apply(corpus.annotations, changes)
    except OSError as error:
        refuse(corpus.annotations, error)
    lines([f"{source} is withdrawn"])


# --- what changes --------------------------------------------------------------------------------------------


def _changes(corpus: Corpus, source: str) -> Iterator[Change]:
    folder = corpus.annotations
    yield from (Change(path, None, "removed") for path in corpus.records() if path.stem == source)
    for path in sorted((folder / "exports").glob("*.json")):
        if not path.name.endswith(".round.json"):
            yield from _changed(path, lambda tasks: withdrawal.from_export(tasks, source), exports.to_bytes)
    for path in sorted((folder / "decisions").glob("*.json")):
        yield from _changed(path, lambda value: withdrawal.from_decisions(value, source), _as(Decisions))
    yield from _contrast_changes(corpus, source)
    yield from _changed(
        folder / "annotators.json", lambda value: withdrawal.from_annotators(value, source), _as(Annotators)
    )


def _contrast_changes(corpus: Corpus, source: str) -> Iterator[Change]:
    """The source's edits, what others judged of them, and its own judgements."""
    own = [*corpus.contrast_written, *corpus.contrast_verified]
    yield from (Change(path, None, "removed") for path in own if path.stem == source)
    edits = {edit.contrast_id for path in corpus.contrast_written if path.stem == source for edit in _edits(path)}
    for path in corpus.contrast_verified:
        if path.stem != source:
            yield from _changed(path, lambda value: withdrawal.from_judgements(value, edits), _as(Judgements))
    yield from _changed(corpus.contrast_assigned, lambda value: withdrawal.from_assigned(value, source), _as(Assigned))


def _edits(path: Path) -> tuple[Edit, ...]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Edits).edits
    except (OSError, msgspec.MsgspecError) as error:
        fail(f"{shown(path)} cannot be read ({type(error).__name__}): nothing was changed; `variorum check` tells more")


def _as(kind: type[Record]) -> Callable[[Any], bytes]:
    return lambda value: to_json(msgspec.convert(value, kind))


def _changed(path: Path, change: Callable[[Any], Any], write: Callable[[Any], bytes]) -> Iterator[Change]:
    """The change of one file, if there is any; ends with exit code 2, nothing written, if it cannot be read."""
    if not path.is_file():
        return
    try:
        value = json.loads(path.read_bytes())
        changed = change(value)
        if changed != value:
            yield Change(path, write(changed), f"{_count(value) - _count(changed)} entries removed")
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        fail(f"{shown(path)} cannot be read ({type(error).__name__}): nothing was changed; `variorum check` tells more")


def _count(value: Any) -> int:
    """How many annotations an export holds, or entries a file that is one list."""
    if isinstance(value, list):
        return sum(len(task.get("annotations") or []) for task in value)
    return sum(len(each) for each in value.values() if isinstance(each, list))


def withdrawn(corpus: Corpus) -> list[str]:
    """Who has withdrawn: their labels are left out of what is pulled, should a server still have them."""
    try:
        return [str(name) for name in json.loads((corpus.annotations / WITHDRAWN).read_bytes())["withdrawn"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, LookupError, TypeError) as error:
        fail(f"{shown(corpus.annotations / WITHDRAWN)} cannot be read ({type(error).__name__})")


def _noted(corpus: Corpus, source: str) -> Change:
    listed = sorted({*withdrawn(corpus), source})
    data = json.dumps({"withdrawn": listed}, indent=1, ensure_ascii=False).encode() + b"\n"
    return Change(corpus.annotations / WITHDRAWN, data, "has the name, so that pull leaves out what a server may keep")


def _after(corpus: Corpus, source: str, changed: set[Path]) -> Iterator[str]:
    """What is left to do, and where the name still stands."""
    left = [path for path in json_files(corpus.annotations) if path not in changed and path.name != WITHDRAWN]
    for path in left:
        try:
            if withdrawal.names(json.loads(path.read_bytes()), source):
                yield f"{shown(path)} names {source}: it is made anew below, or to be mended by hand"
        except (OSError, ValueError, RecursionError):
            continue
    for folder in sorted({path.parent for path in changed if path.parent.parent.name == "records"}):
        if not [path for path in folder.glob("*.json") if path not in changed]:
            yield f"the round {folder.name} has no annotator left: take it out of rounds.json"
    rest = f"{'variorum contrast merge, ' if corpus.contrast.is_file() else ''}variorum build"
    yield f"then make anew what rests on the labels: variorum adjudicate, variorum agreement, {rest}"
    yield "and delete the account in Label Studio; what git and published versions keep is not reached from here"


# --- whole or not at all -------------------------------------------------------------------------------------


def _recovered(corpus: Corpus, dry_run: bool) -> bool:
    """Complete or undo what an earlier withdrawal left when it was broken off; whether it was completed."""
    if dry_run and place(corpus.annotations).exists():
        fail(f"a change of {shown(corpus.annotations)} was broken off, or is under way: withdraw without --dry-run")
    try:
        done = recover(corpus.annotations)
    except OSError as error:
        refuse(corpus.annotations, error)
    if done is not None:
        lines([f"an earlier withdrawal was broken off: it is {'completed' if done else 'undone'}"])
    return bool(done)


def _apply(folder: Path, changes: list[Change]) -> None:
    """Make the changes in a copy of the folder, and put the copy in its place."""

    def change(copy: Path) -> None:
        for each in changes:
            target = copy / each.path.relative_to(folder)
            if each.data is None:
                target.unlink()
            else:
                target.write_bytes(each.data)

    exchange(folder, change)
