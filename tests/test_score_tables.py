"""What `variorum score` says: on a terminal in 80 columns, with all of every signature; notes, in every format."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import make_cases
import pytest
from click.testing import Result
from support import ROOT
from typer.testing import CliRunner

from variorum.cli import app

SYSTEMS = ROOT / "leaderboard"


@cache
def score(name: str, *options: str) -> str:
    where = ("--root", str(ROOT), "--resamples", "10", "--contrast", str(SYSTEMS / name / "contrast.csv"))
    done = CliRunner().invoke(app, ["score", str(SYSTEMS / name / "prediction.json"), *where, *options])
    assert done.exit_code == 0, done.output
    return done.stdout


def filled(template: str, name: str) -> str:
    task, match, of, average = name.split("|")[1:]
    for open_, value in {"TASK": task, "MATCH": match, "OF": of, "AVERAGE": average}.items():
        template = template.replace(f":{open_}|", f":{value}|")
    return template


def tables(text: str) -> Iterator[tuple[str, list[str]]]:
    """The layer of each compact table, and its rows."""
    for block in text.split("\n\n"):
        head, *rest = block.splitlines() or [""]
        if found := re.match(r"(\w+)(?:: task, figure)?  +match ", head):
            yield found[1], [row for row in rest if not row.startswith(("undefined, ", "less is better: ", "  "))]


def named(layer: str, row: str) -> tuple[str, str]:
    """The name of the measure of a row, and the figure."""
    what, match, *_ = re.split(" {2,}", row)
    (task, of, figure), (how, average) = (
        re.fullmatch(form, cell).groups()  # type: ignore[union-attr]
        for form, cell in ((r"([\w-]+)(?: \((.+)\))?(?: (\w+))?", what), (r"(\S+)(?: \((\w+)\))?", match))
    )
    return "|".join((layer, task, how, of or "all", average or "micro")), figure or ""


def signed(layer: str, name: str, templates: Mapping[str, str]) -> str:
    """The signature that the lines at the end give a row."""
    task = name.split("|")[1]
    special = (key for key in templates if task in re.findall(r"[\w-]+", key.removeprefix(f"{layer} (")))
    return filled(templates[next((key for key in special if key.startswith(f"{layer} (")), layer)], name)


@pytest.mark.parametrize("name", ["rules", "neutral"])
def test_scores_fit_80_columns_and_have_their_signatures(name: str) -> None:
    """From every row the signature of its score can be made: of all scores but those by type, level and attribute."""
    printed, _, rest = score(name, "--against", str(SYSTEMS / "trivial" / "prediction.json")).partition("--details")
    *_, said = rest.partition("\nsignatures, ")
    rows = [line for line in (printed + rest).splitlines() if "variorum|" not in line and not line.startswith("next: ")]
    assert max(map(len, rows)) <= 80 and len(rows) > 60
    templates = dict(re.findall(r"^(.+): (variorum\|.*)$", said, re.MULTILINE))
    made = json.loads(score(name, "--format", "json"))
    wanted = set[tuple[str, str]]()
    for each in made["scores"]:
        f1 = "f1" in each["figures"]
        task = each["task"].replace("-", "_")
        figures = ("",) if f1 else ("" if task.endswith(figure) else figure for figure in each["figures"])
        wanted |= {(each["signature"], figure) for figure in figures if "=" not in each["of"]}
    found = [(layer, *named(layer, row)) for layer, rows in tables(printed) for row in rows]
    assert sorted((signed(layer, name, templates), figure) for layer, name, figure in found) == sorted(wanted)
    assert {"removes", "creates"} <= {name.split("|")[3] for _, name, _ in found}
    f1 = next(
        each for each in made["scores"] if each["task"] == "detection" and each["match"] == "contradiction+tension"
    )
    assert re.search(rf"detection +contradiction\+tension .* {f1['figures']['f1']['value']:.3f} \[", printed)
    assert ("undefined, as" in printed) == (name == "neutral")
    if name == "rules":
        assert "unit:joint-group" in templates["differences in entities"]


def test_differences_say_which_system_minus_which_and_that_contrast_pairs_are_not_compared() -> None:
    other = str(SYSTEMS / "trivial" / "prediction.json")
    text = " ".join(score("rules", "--against", other).split())
    assert re.search(r"differences: baseline-rules minus baseline-trivial \(\S*prediction.json\) differences in ", text)
    assert "contrast pairs are not compared: the answers of --contrast are those of baseline-rules alone" in text
    made = json.loads(score("rules", "--against", other, "--format", "json"))["against"]
    assert made["difference"].startswith("baseline-rules minus baseline-trivial (") and len(made["notes"]) == 2
    assert all(each["difference"] == each["first"] - each["second"] for each in made["differences"])
    assert "Differences: baseline-rules minus baseline-trivial (" in score(
        "rules", "--against", other, "--format", "html"
    )


def test_details_have_every_signature_in_full() -> None:
    text = score("rules", "--details")
    made = json.loads(score("rules", "--format", "json"))
    assert {each["signature"] for each in made["scores"]} == set(re.findall(r"^variorum\|.*$", text, re.MULTILINE))


# --- dropped records, and when less is better ------------------------------------------------------------------------

GOLD = make_cases.CASES / "formats" / "set.json"


def small(prediction: Path, *options: str | Path) -> Result:
    """Scored against the small corpus."""
    where = ("--root", make_cases.CORPUS, "--gold", GOLD, "--resamples", "0")
    return CliRunner().invoke(app, ["score", *map(str, (prediction, *where, *options))])


def test_reports_say_which_records_were_dropped_as_wrong(tmp_path: Path) -> None:
    """A wrong type that is dropped leaves precision as it is; a wrong one of the schema would lower it."""
    value = json.loads(GOLD.read_bytes())
    value["mentions"][0]["type"], value["contradictions"][0]["relation"] = "STAR", "perhaps"
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(value), encoding="utf-8")
    note = "1 mention dropped as wrong (--lenient): they are not in the denominators, so no false alarms"
    made = json.loads(small(wrong, "--lenient", "--format", "json").stdout)
    assert made["dropped"] == {"mentions": 1, "contradictions": 1}
    assert any(each.startswith(note) for each in made["notes"])
    strict = next(each["figures"] for each in made["scores"] if each["match"] == "strict")
    assert strict["precision"]["value"] == 1.0 > strict["recall"]["value"]
    table = small(wrong, "--lenient", "--against", wrong)
    assert note in " ".join(table.stdout.split()) and "1 pair dropped as wrong" in table.stdout
    assert f"of {made['source']}: 1 mention dropped" in table.stdout
    assert note in small(wrong, "--lenient", "--format", "html").stdout
    assert "dropped" not in small(GOLD, "--lenient").stdout


def test_a_figure_that_one_system_alone_has_is_said_not_to_be_compared() -> None:
    other = ("--against", str(SYSTEMS / "neutral" / "prediction.json"), "--layers", "contradictions")
    said = " ".join(score("rules", *other).split())
    assert "not compared, as baseline-rules alone has a figure: contradictions detection precision, contradic" in said
    assert "alone has a figure" not in score("rules", "--against", str(SYSTEMS / "rules" / "prediction.json"))


def test_what_is_better_if_it_is_less_is_said() -> None:
    other = ("--against", str(SYSTEMS / "trivial" / "prediction.json"))
    scores, _, differences = score("rules", *other).partition("differences: ")
    for part in (scores, differences):
        assert "less is better: false-alarms, soft-brier, soft-jensen-shannon" in part
    page = score("rules", *other, "--format", "html")
    assert page.count("<td>rate (less is better)</td>") == 2 and "<td>brier (less is better)</td>" in page
    assert "<td>mcc</td>" in page and "mcc (less" not in page
    assert "rate (less is better) 0." in score("rules", "--details")
    assert "less is better" not in small(GOLD, "--layers", "mentions").stdout


def test_errors_fit_80_columns_and_have_both_spans(tmp_path: Path) -> None:
    value = json.loads(GOLD.read_bytes())
    moved, called, *_ = value["mentions"]
    moved["end"], called["type"] = moved["end"] - 1, "TECH"
    moved.pop("text", None)
    path = tmp_path / "prediction.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    text = small(path, "--errors").stdout
    assert max(len(line) for line in text.splitlines() if "variorum|" not in line) <= 80
    _, _, cases = text.partition("\ncases: ")
    assert "mentions, near miss: boundary off by part of a word\n  " in cases
    assert "⟨" in cases and "⟩" in cases and f"predicted TECH ({called['mention_id']})" in cases
    assert "     1 mentions, near miss: wrong type\n" in text and "TECH 1" in text
    page = small(path, "--errors", "--format", "html").stdout
    assert "⟩" in page and "the predicted one where it is another" in page


def test_the_suffix_says_what_is_written(tmp_path: Path) -> None:
    """JSON or a page, whatever is printed; a page that is written is not printed, too."""
    for name, start in (("x.json", "{"), ("x.html", "<!"), ("x.HTML", "<!")):
        done = small(GOLD, "--out", tmp_path / name)
        assert done.exit_code == 0 and re.search(rf"^\S*{name} is written$", done.stdout, re.MULTILINE)
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    done = small(GOLD, "--format", "json", "--out", tmp_path / "y.html")
    assert json.loads(done.stdout)["scores"] and done.stderr.endswith("y.html is written\n")
    done = small(GOLD, "--format", "html", "--out", tmp_path / "z.json")
    assert done.stdout.startswith("<!") and json.loads((tmp_path / "z.json").read_bytes())["scores"]
    assert small(GOLD, "--format", "html", "--out", tmp_path / "z.html").stdout.endswith("z.html is written\n")
    for name in ("x.txt", "x"):
        done = small(GOLD, "--out", tmp_path / name)
        assert done.exit_code == 2 and "the suffix says what is written, .json or .html" in done.stderr
        assert not (tmp_path / name).exists()
