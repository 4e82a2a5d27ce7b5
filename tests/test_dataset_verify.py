"""verify finds whatever was changed in a dataset; diff tells what changed between two; publish sends one commit."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace
from support import Command
from typer.testing import CliRunner

from variorum import dataset
from variorum.cli import app
from variorum.cli.build import material
from variorum.cli.verify import agreement
from variorum.corpus import Corpus, write_set
from variorum.dataset import publishing, sums, tables
from variorum.dataset.changes import account, changes
from variorum.dataset.verifying import left_out, verify
from variorum.pooling import RANDOM, Pool, Pooled, Sizes
from variorum.validity import Tests, as_json, validity


@pytest.fixture
def made(small_corpus: Corpus) -> dataset.Material:
    """With a report on agreement, so that there is one to be found wrong."""
    found = material(small_corpus)
    return replace(found, agreement=json.dumps(agreement(found)))


@pytest.fixture
def folder(made: dataset.Material, tmp_path: Path) -> Path:
    with_sheet = replace(made, datasheet="# D\n\nOf <!-- figure:claims -->?<!-- / --> claims.\n")
    dataset.build(with_sheet, tmp_path / "dataset")
    return tmp_path / "dataset"


def differences(folder: Path) -> list[str]:
    return list(verify(folder, agreement))


def test_a_dataset_as_it_was_built_has_no_difference(made: dataset.Material, folder: Path, tmp_path: Path) -> None:
    assert differences(folder) == []
    dataset.build(dataset.without_texts(made), tmp_path / "bare")
    assert differences(tmp_path / "bare") == []
    assert list(left_out(dataset.read(folder))) == []
    assert "texts" in "".join(left_out(dataset.read(tmp_path / "bare")))


def in_table(name: str, column: str, change: Callable[[Any], Any]) -> Callable[[Path], None]:
    """A change of one column in the first row of a table."""

    def apply(folder: Path) -> None:
        path = folder / tables.path_of(name)
        table = pq.read_table(path, partitioning=None)
        values = table[column].to_pylist()
        values[0] = change(values[0])
        at = table.column_names.index(column)
        pq.write_table(
            table.set_column(at, table.schema.field(at), pa.array(values, table.schema.field(at).type)), path
        )

    return apply


def in_file(name: str, old: str, new: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")

    return apply


def fewer_rows(folder: Path) -> None:
    path = folder / tables.path_of("annotations")
    table = pq.read_table(path, partitioning=None)
    pq.write_table(table.filter(pc.not_equal(table["record_id"], table["record_id"][0])), path)


CHANGES = {
    "text": (in_table("documents", "text", lambda text: text.replace("e", "o", 1)), "is not the one of its sha256"),
    "length": (in_table("documents", "n_chars", lambda n: n + 1), "n_chars says"),
    "block": (in_table("documents", "block_sha256", lambda each: ["0" * 64, *each[1:]]), "block_sha256 says"),
    "offset": (in_table("mentions", "start", lambda start: start + 1), "mentions, row 0"),
    "offset-outside": (in_table("mentions", "end", lambda end: end + 100_000), "which is no stretch of a1"),
    "quote": (in_table("contradictions", "quote_a", lambda quote: f"{quote}!"), "quote_a should be otherwise"),
    "votes": (in_table("contradictions", "votes", lambda votes: votes | {"neutral": 9}), "votes should be otherwise"),
    "label": (in_table("claims", "polarity", lambda label: 1 - label), "is not what the records and decisions give"),
    "entity": (in_table("entities", "name", lambda name: f"{name}s"), "entities: "),
    "record": (fewer_rows, "figures"),
    "target": (in_table("pairs_eval", "target", lambda _: "tension"), "pairs_eval, row 0"),
    "edited": (in_table("contrast", "edited_quote", lambda quote: f"{quote}!"), "contrast, row 0"),
    "edit": (in_file("provenance/contrast.json", '"replacement":"1911"', '"replacement":"1910"'), "contrast, row 0"),
    "verdict": (in_file("provenance/contrast.json", '"relation":"neutral"', '"relation":"tension"'), "votes give"),
    "card": (in_file("README.md", "| `claims` | 28 |", "| `claims` | 29 |"), 'README.md: is "| `claims` | 29 |'),
    "hash": (in_file("README.md", "description: sha256:", "description: sha256:0"), "README.md: is 'description"),
    "datasheet": (in_file("DATASHEET.md", "-->28<!--", "-->29<!--"), "DATASHEET.md: "),
    "croissant": (in_file("croissant.json", '"sha256": "', '"sha256": "0'), "croissant.json: "),
    "agreement": (in_file("provenance/agreement.json", "0.", "1."), "agreement.json: the records give other figures"),
    "no-card": (lambda folder: (folder / "README.md").unlink(), "README.md is not there"),
}


def flipped(name: str) -> Callable[[Path], None]:
    """One bit of a file, in its middle, is another."""

    def apply(folder: Path) -> None:
        data = bytearray((folder / name).read_bytes())
        data[len(data) // 2] ^= 1
        (folder / name).write_bytes(data)

    return apply


def put(name: str, data: bytes) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return apply


CHANGES |= {
    "no-datasheet": (lambda folder: (folder / "DATASHEET.md").unlink(), "DATASHEET.md is listed in"),
    "second-shard": (put("data/mentions/test-00001-of-00002.parquet", b"junk"), "-00002.parquet is not listed in"),
    "extra": (put("provenance/notes.txt", b""), "provenance/notes.txt is not listed in"),
    "reason": (in_file("provenance/decisions.json", '"reason":"', '"reason":"x'), "decisions.json has other bytes"),
    "who": (in_file("provenance/annotators.json", '"description":"', '"description":"x'), "annotators.json has other"),
    "labels": (in_file("provenance/labels.schema.json", '"description": "', '"description": "x'), "labels.schema.json"),
    "prose": (in_file("DATASHEET.md", "claims.", "claims!"), "DATASHEET.md has other bytes"),
    "no-list": (lambda folder: (folder / sums.NAME).unlink(), "SHA256SUMS is not there"),
    "list": (in_file(sums.NAME, "\n", "\n\n"), "SHA256SUMS is not as it is made"),
    "cut": (put("provenance/agreement.json", b"{"), "provenance/agreement.json is no such report"),
    "no-object": (put("provenance/agreement.json", b"[]"), "provenance/agreement.json is no such report"),
    "cut-validity": (put("provenance/validity.json", b"{"), "provenance/validity.json is no such report"),
    "empty-validity": (put("provenance/validity.json", b'{"bound": {"x": 1}}'), "validity.json is no such report"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_was_changed_is_found(what: str, folder: Path) -> None:
    change, said = CHANGES[what]
    change(folder)
    found = differences(folder)
    assert any(said in line for line in found), found
    assert all("\n" not in line for line in found)


BROKEN = {
    "missing": (
        lambda folder: (folder / "provenance/decisions.json").unlink(),
        "provenance/decisions.json is not there",
    ),
    "not-utf8": (put("provenance/agreement.json", b"{\xff"), "provenance/agreement.json: byte 1 is not UTF-8"),
    "no-json": (put("provenance/corpus.json", b"{"), "provenance/corpus.json: "),
    "no-labels": (put("provenance/labels.schema.json", b"{"), "labels.schema.json: "),
    "no-parquet": (put(tables.path_of("claims"), b"junk"), "data/claims/test-00000-of-00001.parquet: "),
    "flipped": (flipped(tables.path_of("mentions")), "data/mentions/test-00000-of-00001.parquet: "),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_read_is_named(what: str, folder: Path) -> None:
    change, said = BROKEN[what]
    change(folder)
    with pytest.raises(dataset.Unreadable) as caught:
        differences(folder)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_the_files_of_hubs_are_no_differences(folder: Path) -> None:
    put(".gitattributes", b"*.parquet filter=lfs")(folder)
    (folder / ".cache").mkdir()
    put(".cache/x", b"")(folder)
    assert differences(folder) == []


def test_figures_of_validity_that_the_records_do_not_give_are_found(made: dataset.Material, tmp_path: Path) -> None:
    report = {"known_answers": [], "second_looks": [{"source": "x"}], "missed": None, "bound": None}
    rounds = made.rounds
    assert rounds
    dataset.build(replace(made, validity=json.dumps({**report, "second_looks": []})), tmp_path / "right")
    assert differences(tmp_path / "right") == []
    wrong = {"source": "x", "stratum": "tension", "same": {"value": 1.0, "interval": [0, 1], "hits": 1, "n": 1}}
    dataset.build(replace(made, validity=json.dumps({**report, "second_looks": [wrong]})), tmp_path / "wrong")
    assert differences(tmp_path / "wrong") == ["provenance/validity.json: second_looks is not what the records give"]


def test_the_command_ends_with_what_was_found(folder: Path, variorum: Command, tmp_path: Path) -> None:
    done = variorum("verify", folder)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("0 differences in ")
    CHANGES["card"][0](folder)
    done = variorum("verify", folder)
    assert (done.returncode, done.stderr) == (1, "") and "3 differences in " in done.stdout
    put("provenance/agreement.json", b"{")(folder)
    done = variorum("verify", folder)
    assert (done.returncode, done.stderr) == (1, "") and "provenance/agreement.json is no such" in done.stdout
    done = variorum("verify", tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.count("\n") == 1


# --- diff ----------------------------------------------------------------------------------------------------


def test_what_changed_is_told_by_layer(made: dataset.Material) -> None:
    old = made.gold
    claims, pairs = list(old.claims or ()), list(old.contradictions or ())
    moved = next(pair for pair in pairs if pair.relation == "neutral")
    new = replace(
        old,
        entities=(old.entities or ())[1:],
        claims=(replace(claims[0], proposition="Otherwise.", certainty="hedged"), *claims[1:]),
        contradictions=tuple(replace(p, relation="tension") if p is moved else p for p in pairs),
    )
    found = {each.layer: each for each in changes(old, new)}
    assert found["mentions"].added == found["mentions"].removed == found["mentions"].changed == ()
    assert found["entities"].removed == ((old.entities or ())[0].entity_id,)
    assert {name for each in found["claims"].changed for name in each.fields} == {"proposition", "certainty"}
    said = "\n".join(account(old, new))
    assert "* entities: 0 added, 1 removed, 0 changed." in said
    assert "* claims: 0 added, 0 removed, 1 changed (proposition 1, certainty 1)." in said
    assert "  * neutral became tension: 1" in said
    assert f"* changed: pair {moved.pair_id}: " in "\n".join(account(old, new, details=True))
    back = {each.layer: each for each in changes(new, old)}
    assert back["entities"].added == found["entities"].removed


def test_words_are_no_labels(folder: Path, made: dataset.Material, tmp_path: Path, variorum: Command) -> None:
    dataset.build(dataset.without_texts(made), tmp_path / "bare")
    done = variorum("diff", folder, tmp_path / "bare")
    assert done.stdout == "Labels, 1.0.0 to 1.0.0:\n\n* No label was added, removed or changed.\n"
    write_set(tmp_path / "gold.json", made.gold)
    assert variorum("diff", tmp_path / "gold.json", folder).stdout == done.stdout
    (tmp_path / "gold.json").write_bytes(b"{")
    assert variorum("diff", tmp_path / "gold.json", folder).returncode == 1
    assert variorum("diff", tmp_path / "nothing", folder).returncode == 2


# --- publish -------------------------------------------------------------------------------------------------


class Hub:
    """As much of a hub as publishing needs."""

    def __init__(self, tags: tuple[str, ...] = (), files: tuple[str, ...] = ()) -> None:
        self.tags, self.files = list(tags), list(files)
        self.commits: list[tuple[str, dict[str, bytes], list[str]]] = []

    def create_repo(self, repository: str, repo_type: str, exist_ok: bool) -> None:
        assert (repository, repo_type, exist_ok) == ("quay/ferry", "dataset", True)

    def list_repo_refs(self, repository: str, repo_type: str) -> Any:
        return SimpleNamespace(tags=[SimpleNamespace(name=tag) for tag in self.tags])

    def list_repo_files(self, repository: str, repo_type: str) -> list[str]:
        return self.files

    def create_commit(self, repository: str, operations: list[Any], commit_message: str, repo_type: str) -> Any:
        added = {each.path_in_repo: each.path_or_fileobj for each in operations if hasattr(each, "path_or_fileobj")}
        gone = [each.path_in_repo for each in operations if not hasattr(each, "path_or_fileobj")]
        self.commits.append((commit_message, added, gone))
        return SimpleNamespace(oid="c0ffee")

    def create_tag(self, repository: str, tag: str, revision: str, repo_type: str) -> None:
        assert revision == "c0ffee"
        self.tags.append(tag)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    import huggingface_hub

    found = Hub(files=("README.md", ".gitattributes", "data/old.parquet"))
    monkeypatch.setenv("HF_TOKEN", "hf_invented")
    monkeypatch.setattr(huggingface_hub, "HfApi", lambda token: found if token == "hf_invented" else None)
    return found


def published(corpus: Corpus, *arguments: str) -> Any:
    return CliRunner().invoke(app, ["publish", "quay/ferry", "--root", str(corpus.root), *arguments])


@pytest.mark.parametrize("with_texts", [False, True])
def test_one_commit_with_a_tag_without_the_texts_unless_asked_for(
    with_texts: bool, small_corpus: Corpus, hub: Hub, tmp_path: Path
) -> None:
    extra = ["--with-texts"] if with_texts else []
    dry = published(small_corpus, "--dry-run", *extra)
    assert dry.exit_code == 0 and hub.commits == [] and hub.tags == []
    done = published(small_corpus, *extra)
    assert done.exit_code == 0, done.output
    ((message, files, gone),) = hub.commits
    assert message.endswith("1.0.0, with the texts" if with_texts else "1.0.0, without the texts")
    assert gone == ["data/old.parquet"] and hub.tags == ["v1.0.0"]
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert dataset.read(tmp_path).has_texts is with_texts
    # The dry run had said so, file by file.
    listed = [line.split()[-1] for line in dry.output.splitlines()[: len(files)]]
    assert listed == sorted(files)
    assert dry.output.splitlines()[:-2] == done.output.splitlines()[:-1]
    assert "nothing was sent" in dry.output and "commit c0ffee, tag v1.0.0" in done.output


def test_a_published_version_is_not_replaced(small_corpus: Corpus, hub: Hub) -> None:
    hub.tags.append("v1.0.0")
    done = published(small_corpus)
    assert done.exit_code == 2 and hub.commits == []


def test_nothing_goes_without_a_token_from_the_environment(
    small_corpus: Corpus, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    done = published(small_corpus)
    assert done.exit_code == 2 and hub.commits == []
    assert published(small_corpus, "--dry-run").exit_code == 0


def test_what_the_hub_says_is_said_in_a_line(small_corpus: Corpus, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> None:
        raise OSError("no\nnetwork")

    monkeypatch.setattr(hub, "create_commit", offline)
    plan = publishing.Plan("quay/ferry", "v1", "m", ())
    with pytest.raises(publishing.Refused, match="no network"):
        publishing.publish(plan, hub)
    assert published(small_corpus).exit_code == 2 and hub.tags == []


# --- init ----------------------------------------------------------------------------------------------------


def test_init_leaves_alone_what_is_there(tmp_path: Path, variorum: Command) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_bytes(b"A quay.\r\n")
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine").touch()
    done = variorum("init", tmp_path / "there", "--texts", tmp_path / "texts")
    assert done.returncode == 2 and [path.name for path in (tmp_path / "there").iterdir()] == ["mine"]
    assert variorum("init", tmp_path / "new", "--texts", tmp_path / "none").returncode == 2
    (tmp_path / "texts" / "b.txt").write_bytes(b"\xff")
    done = variorum("init", tmp_path / "new", "--texts", tmp_path / "texts")
    assert done.returncode == 1 and "b.txt::$: [not-utf8]" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["texts", "there"]
    (tmp_path / "texts" / "b.txt").unlink()
    done = variorum("init", tmp_path / "new", "--texts", tmp_path / "texts")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "new" / "seeds" / "a.txt").read_bytes() == b"A quay.\r\n"
    assert variorum("check", "--root", tmp_path / "new").returncode == 0
    shutil.rmtree(tmp_path / "new")


def with_validity(made: dataset.Material) -> dataset.Material:
    """With a report on validity, of a key that is gold itself and of a pool of all judged pairs."""
    pairs = made.gold.contradictions or ()
    drawn = tuple(Pooled(claim_a=p.claim_a, claim_b=p.claim_b, stratum=RANDOM) for p in pairs)
    claims_from = made.pair_sets[0].claims_from
    assert claims_from is not None
    pool = Pool(
        screening="screening",
        sizes=Sizes(similar=0, values=0, random=1, seed=1),
        claims_from=claims_from,
        contradictions=drawn,
    )
    tests = Tests(key=made.gold, judged=made.pair_sets, pool=pool)
    report = as_json(validity(made.gold, tests, [], []))
    return replace(made, tests=tests, validity=json.dumps(report))


@pytest.mark.parametrize("part", ["known_answers", "bound"])
def test_known_answers_and_the_random_sample_are_computed_anew(
    part: str, made: dataset.Material, tmp_path: Path
) -> None:
    whole = with_validity(made)
    dataset.build(dataset.without_texts(whole), tmp_path / "dataset")
    assert differences(tmp_path / "dataset") == []
    assert not any("known" in line or "random" in line for line in left_out(dataset.read(tmp_path / "dataset")))
    assert whole.validity is not None
    changed = json.loads(whole.validity)
    (changed[part][0]["relation"] if part == "known_answers" else changed[part]["sample"])["hits"] += 1
    dataset.build(replace(whole, validity=json.dumps(changed)), tmp_path / "other")
    assert [line for line in differences(tmp_path / "other") if "validity.json" in line] == [
        f"provenance/validity.json: {part} is not what the records give"
    ]
