"""docs/own_corpus.md does what it says: its files are written, its commands are run, in the order of the page."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from support import ROOT, Command

from variorum.records import Claim, claims_sha256, from_json

PAGE = (ROOT / "docs" / "own_corpus.md").read_text(encoding="utf-8")
# A file: its path alone on a line, then what it holds. Commands: a block of `sh`.
STEP = re.compile(r"(?:^`(?P<path>[\w./]+)`\n\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def steps() -> Iterator[tuple[str | None, str]]:
    """(path, contents) of each file and (None, arguments) of each command; what needs a server is left out."""
    for found in STEP.finditer(PAGE):
        if found["path"]:
            yield found["path"], found["text"]
        elif found["kind"] == "sh":
            yield from ((None, line) for line in found["text"].splitlines() if not line.startswith("variorum studio"))


def test_the_page_works_as_printed(tmp_path: Path, variorum: Command) -> None:
    ran = []
    for path, text in steps():
        if path:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8", newline="\n")
            continue
        name, *arguments = text.split()
        assert name == "variorum"
        done = variorum(*arguments, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), (text, done.stdout)
        ran.append(arguments[0])
    assert ran[0] == "sources" and {"check", "agreement", "adjudicate", "build", "score"} <= set(ran)
    gold = from_json((tmp_path / "annotations" / "gold.json").read_bytes())
    assert [pair.relation for pair in gold.contradictions or ()] == ["contradiction"]
    listed = json.loads((tmp_path / "seeds" / "sources.json").read_bytes())["sources"]
    assert [[copied["doc_id"] for copied in source["copied_from"]] for source in listed] == [[], ["01"], []]
    assert "Version 0.1.0 is a trial" in (tmp_path / "build" / "dataset" / "README.md").read_text(encoding="utf-8")


# --- the README ----------------------------------------------------------------------------------------------

README = (ROOT / "README.md").read_text(encoding="utf-8").partition("## You have articles of your own")[2]
LINES = [line.split("#")[0].strip() for line in README.split("```sh\n")[1].split("```")[0].splitlines()]
VESSEL = {"const": "VESSEL", "title": "Vessel", "description": "A ship or boat."}
EVIDENCE = {"harbour": "Twelve passengers were taken ashore", "gazette": "took its fifteen passengers ashore"}


def test_the_readme_walks_from_three_texts_to_a_dataset(tmp_path: Path, variorum: Command) -> None:
    """Its lines as they stand; between them somebody adds an entity type, and labels."""
    assert len(LINES) <= 10
    here = tmp_path
    for line in LINES:
        if line.startswith("cd "):
            here /= line.removeprefix("cd ")
            with_own_type(here)
        elif line.startswith("variorum "):
            done = variorum(*line.split()[1:], cwd=here)
            assert (done.returncode, done.stderr) == (0, ""), (line, done.stdout)
            if line == "variorum docs":
                labelled(here, variorum)
        else:
            made(line, here)
    card = (here / "build" / "dataset" / "README.md").read_text(encoding="utf-8")
    assert "| `VESSEL` | 2 | A ship or boat. |" in card and "**12 passenger** (harbour)" in card
    assert "| `VESSEL` |" in (here / "annotations" / "GUIDELINES.md").read_text(encoding="utf-8")
    assert "-->3<!-- / --> articles" in (here / "build" / "dataset" / "DATASHEET.md").read_text(encoding="utf-8")
    for command in (("check",), ("verify", "build/dataset"), ("build", "--text-free")):
        done = variorum(*command, cwd=here)
        assert done.returncode == 0, done.stdout + done.stderr


def made(line: str, here: Path) -> None:
    """What a shell does with `mkdir` and `echo`."""
    if line.startswith("mkdir "):
        (here / line.removeprefix("mkdir ")).mkdir()
    else:
        found = re.fullmatch(r'echo "(.*)" > (\S+)', line)
        assert found, line
        (here / found[2]).write_text(found[1] + "\n", encoding="utf-8", newline="\n")


def with_own_type(here: Path) -> None:
    path = here / "schema" / "labels.schema.json"
    labels = json.loads(path.read_bytes())
    labels["$defs"]["entity_type"]["anyOf"].append(VESSEL)
    path.write_text(json.dumps(labels), encoding="utf-8")


def labelled(here: Path, variorum: Command) -> None:
    """One annotator's labels of articles and pairs, filed as Label Studio would have them."""
    listed = json.loads((here / "seeds" / "sources.json").read_bytes())["sources"]
    texts = {each["doc_id"]: (here / "seeds" / each["file"]).read_text(encoding="utf-8") for each in listed}
    head = {
        "schema_version": "1.0",
        "source": "ada",
        "role": "annotator",
        "guideline_version": "1",
        "documents": [{"doc_id": each["doc_id"], "text_sha256": each["sha256"]} for each in listed],
    }
    rounds = [{"round": name, "guideline_version": "1"} for name in ("articles", "pairs")]
    ada = {"source": "ada", "kind": "person", "description": "A reader.", "brief": "Alone.", "rounds": rounds}
    (here / "annotations" / "annotators.json").write_text(json.dumps({"annotators": [ada]}), encoding="utf-8")
    file(here, "articles", head | {"mentions": [], "entities": [LENA], "claims": []} | articles(texts))
    assert variorum("adjudicate", cwd=here).returncode == 0
    claims = from_json((here / "annotations" / "consolidated.json").read_bytes()).claims or ()
    file(
        here,
        "pairs",
        head | {"claims_from": {"source": "consolidated", "sha256": claims_sha256(claims)}} | pairs(claims),
    )


LENA = {"entity_id": "e-lena", "name": "Lena", "type": "VESSEL"}


def file(here: Path, name: str, value: dict[str, Any]) -> None:
    path = here / "annotations" / "records" / name / "ada.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(value | {"round": name}), encoding="utf-8")


def articles(texts: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"mentions": [], "claims": []}
    for doc_id, words in EVIDENCE.items():
        start, at = texts[doc_id].index(words), texts[doc_id].index("Lena")
        mention = {"mention_id": f"{doc_id}-m", "doc_id": doc_id, "start": at, "end": at + 4, "level": "NAM"}
        found["mentions"].append(mention | {"type": "VESSEL", "entity_id": "e-lena"})
        claim = {"claim_id": f"{doc_id}-c", "doc_id": doc_id, "spans": [{"start": start, "end": start + len(words)}]}
        kind = {"kind": "fact", "polarity": "positive", "certainty": "certain", "entities": ["e-lena"]}
        found["claims"].append(claim | kind | {"proposition": f"The {doc_id} counts those who were brought to land."})
    return found


def pairs(claims: Sequence[Claim]) -> dict[str, Any]:
    a, b = sorted(claims, key=lambda claim: claim.claim_id)
    count = {"harbour": "12", "gazette": "15"}
    values = [{"kind": "quantity", "value": count[each.doc_id], "unit": "passenger"} for each in (a, b)]
    pair = {"pair_id": f"{a.claim_id}~{b.claim_id}", "claim_a": a.claim_id, "claim_b": b.claim_id}
    clash = {"relation": "contradiction", "aspect": "quantity", "rationale": "Twelve were landed, or fifteen."}
    spans = {
        name: {"start": each.spans[0].start, "end": each.spans[0].end} for name, each in (("span_a", a), ("span_b", b))
    }
    both = {"value_a": values[0], "value_b": values[1], "conflict_id": "passengers"}
    return {"contradictions": [pair | clash | both | spans]}
