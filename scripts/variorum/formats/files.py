"""A prediction on disk: one file, or a folder of files that are one set."""

import os
from collections.abc import Mapping
from pathlib import Path

from variorum import reading
from variorum.checks import read_claims
from variorum.corpus import Corpus
from variorum.formats import bulk
from variorum.formats.detect import READERS, format_of, is_companion
from variorum.formats.draft import Context, Draft, Given, merged
from variorum.formats.finishing import finish
from variorum.formats.prediction import Prediction
from variorum.problems import WARNING, Problem, several, shown
from variorum.records import AnnotationSet

FOLDER = "folder"


def read(
    path: Path,
    corpus: Corpus,
    *,
    claims: AnnotationSet | None = None,
    input_format: str | None = None,
    label_map: Mapping[str, str | None] | None = None,
    lenient: bool = False,
    source: str | None = None,
    name: str | None = None,
) -> Prediction:
    """The prediction (or whatever is to stand for gold) in a file or a folder. Never raises, whatever is there.

    `claims`: the set whose claims the pairs are about, gold; left out, the corpus' own gold. `input_format`: a key of
    `READERS`; left out, it is told from name and content. `label_map`: new label by old one for the types of mentions
    and entities, None for those to be left out (and counted); what is not in it stays. `lenient`: leave out what is
    wrong, record by record, and count it. `source`: who made the set, where the format does not say; left out, the
    name of the file. `name`: what problems call the file; left out, the path.

    A set is held to the rules of a prediction, whatever its role: files, schema, references, offsets. Whether labels
    are complete is no condition for being compared (`variorum check` asks that of what people make).
    """
    name = str(path) if name is None else name
    context = Context(corpus, claims or read_claims(corpus.gold), label_map or {})
    if input_format is not None and input_format not in READERS:
        message = f"there is no input format {shown(input_format)}; there are {several(READERS)}"
        return Prediction(input_format, None, (Problem(name, "$", "unknown-format", message),))
    if _is_folder(path):
        draft, kind = _folder(path, name, context, input_format), FOLDER
    else:
        given = _given(path, name)
        if isinstance(given, Problem):
            return Prediction(input_format or "", None, (given,))
        kind = input_format or format_of(path.name, given.data) or ""
        if fast := bulk.read(kind, given, context):
            return fast
        draft = _draft(given, kind, context)
    return finish(draft, kind, context, lenient, source or _source(path))


def _source(path: Path) -> str:
    """A name that the schema allows, from the name of the file."""
    return "".join("_" if c.isspace() or c == '"' else c for c in path.stem)[:200] or "prediction"


def _given(path: Path, name: str) -> Given | Problem:
    data = reading.read_bytes(path, name)
    if isinstance(data, Problem):
        return data
    text = path.with_suffix(".txt") if path.suffix == ".ann" else None
    beside = reading.read_bytes(text, name) if text and text.is_file() else None
    return Given(name, path.stem, data, beside if isinstance(beside, bytes) else None)


def _draft(given: Given, kind: str, context: Context) -> Draft:
    if kind in READERS:
        return READERS[kind](given, context)
    message = f"neither its name nor its content tells what it is; name one of {several(READERS)} with --input-format"
    return given.nothing(Problem(given.name, "$", "unknown-format", message))


# --- folders -------------------------------------------------------------------------------------------------


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that is too long, say; reading the file will tell
        return False


def _folder(folder: Path, name: str, context: Context, input_format: str | None) -> Draft:
    """Every file below a folder that is in a known format, as one draft."""
    drafts, problems, other = list[Draft](), list[Problem](), list[str]()
    for path in _files(folder):
        called = f"{name.rstrip('/')}/{path.relative_to(folder).as_posix()}"
        given = _given(path, called)
        if isinstance(given, Problem):
            drafts.append(Draft(called, problems=(given,), broken=True))
        elif kind := input_format or format_of(path.name, given.data):
            drafts.append(_draft(given, kind, context))
        else:
            other.append(path.name)
    if other:
        problems.append(Problem(name, "$", "not-read", f"files in no known format: {several(other)}", WARNING))
    if not drafts:
        problems.append(Problem(name, "$", "unknown-format", "the folder has no file in a known format"))
    whole = merged(name, drafts, problems)
    return whole if drafts else Draft(name, problems=tuple(problems), broken=True)


def _files(folder: Path) -> list[Path]:
    """The files below a folder, in order, but hidden ones and those that go with others; links are not followed."""
    found = (Path(parent) / name for parent, _, names in os.walk(folder) for name in names)
    visible = (path for path in found if not any(part[0] == "." for part in path.relative_to(folder).parts))
    return sorted(path for path in visible if not is_companion(path.name))
