"""Every rule has a case that breaks it, and it alone; nothing that comes in ends in a traceback."""

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import make_cases
import msgspec
import pytest
import studio_cases
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from variorum import formats, schema
from variorum.checks import RULES, check_corpus, check_file, check_set, corpus_files, read_set
from variorum.checks.prepared import prepared
from variorum.checks.rule import STAGES
from variorum.checks.rules_page import markdown
from variorum.checks.schema_rules import check_schema
from variorum.checks.stored import concept
from variorum.cli import app
from variorum.corpus import read_corpus
from variorum.problems import ERROR, WARNING, Problem, in_order
from variorum.records import AnnotationSet

CASES = make_cases.CASES
CORPUS = read_corpus(make_cases.CORPUS)
CONTRAST = read_corpus(make_cases.CASES / "contrast")
INVALID = sorted((CASES / "invalid").iterdir())
# test_reading makes a file that has no place in a repository; test_studio_filing has what is found on the way in only.
MADE_BY_A_TEST = {"too-large", "not-carried"}

Command = Callable[..., Any]


def problems_of(case: Path) -> list[Problem]:
    if is_prediction(case):
        claims = read_set(make_cases.CORPUS / "annotations" / "consolidated.json", CORPUS).annotation_set
        return list(formats.read(case, CORPUS, claims=claims, name=case.name).problems)
    if case.is_dir():
        return list(check_corpus(case))
    corpus = CONTRAST if RULES[rule_of(case)].stage == "contrast" else CORPUS
    return list(check_file(case, corpus, case.name).problems)


def rule_of(case: Path) -> str:
    return case.name.partition(".")[0]


def is_prediction(case: Path) -> bool:
    """Whether a case breaks a rule that only a prediction can break."""
    return RULES[rule_of(case)].stage == "formats" or RULES[rule_of(case)].roles == ("system",)


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.name)
def test_a_case_breaks_its_rule_and_no_other(case: Path) -> None:
    rule = rule_of(case)
    found = {problem.rule for problem in problems_of(case)}
    assert found == {rule} | make_cases.ALSO.get(rule, set())


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert sorted({rule_of(case) for case in INVALID} | MADE_BY_A_TEST) == sorted(RULES)


@pytest.mark.parametrize("case", sorted((CASES / "valid").iterdir()), ids=lambda case: case.name)
def test_valid_sets_have_no_problem(case: Path) -> None:
    checked = read_set(case, CORPUS)
    assert checked.problems == () and checked.annotation_set is not None


def test_the_corpora_have_no_problem() -> None:
    assert list(check_corpus(make_cases.CORPUS)) == []
    assert list(check_corpus(CONTRAST.root)) == []
    assert [p for p in check_corpus(CASES.parent / "corpus") if p.level == ERROR] == []


def test_cases_are_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def files(folder: Path) -> dict[str, bytes]:
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    monkeypatch.setattr(make_cases, "CASES", tmp_path)
    monkeypatch.setattr(make_cases, "CORPUS", tmp_path / "corpus")
    make_cases.main()
    assert files(tmp_path) == files(CASES), "run tests/make_cases.py"


def test_the_page_of_rules_is_up_to_date() -> None:
    page = CASES.parents[1] / "docs" / "rules.md"
    assert page.read_text(encoding="utf-8") == markdown(), "run python -m variorum.checks.rules_page > docs/rules.md"


def test_rules_are_well_formed() -> None:
    assert {rule.stage for rule in RULES.values()} == set(STAGES)
    assert {rule.level for rule in RULES.values()} == {ERROR, WARNING}
    assert all(name == rule.id and rule.summary.endswith(".") for name, rule in RULES.items())


# --- what is said --------------------------------------------------------------------------------------------------


def check(value: object) -> list[str]:
    return [problem.line() for problem in check_set(json.dumps(value).encode(), "x.json", CORPUS).problems]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            make_cases.put("mentions", 2, type="PERS"),
            "x.json::$.mentions[2].type: [schema] 'PERS' is not one of PERSON,",
        ),
        (make_cases.put(role="machine"), "$.role: [schema] 'machine' is not one of annotator,"),
        (make_cases.put("mentions", 2, level="X"), "$.mentions[2].level: [schema] 'X' is not one of NAM, NOM, PRO"),
        (make_cases.put("mentions", 2, colour=1), "$.mentions[2]: [schema] unknown field 'colour'; the fields are "),
        (make_cases.drop("claims", 0, "kind"), "$.claims[0]: [schema] field 'kind' is missing"),
        (make_cases.put("claims", 0, time=1912), "$.claims[0].time: [schema] 1912 is not a string"),
        (make_cases.put("mentions", 2, start=3), "$.mentions[2]: [schema] a span has a quote or offsets, not both"),
        (
            make_cases.put("claims", 0, cue={"start": 3}),
            "$.claims[0].cue: [schema] a span needs quote, or start and end",
        ),
        (make_cases.put(source="../swift"), "x.json::$.source: [schema] '../swift' cannot name a file: a name has"),
        (make_cases.put(round="a b"), "x.json::$.round: [schema] 'a b' cannot name a file: a name has"),
        (make_cases.put("claims", 0, cue=7), "$.claims[0].cue: [schema] 7 is not an object"),
        (make_cases.SETS["quote-mismatch"], "[quote-mismatch] text[34:38] is '1915', record says '1916'"),
        (
            make_cases.SETS["dangling-reference"],
            "$.claims[1].holder: [dangling-reference] there is no mention 'p1-m99'",
        ),
        (make_cases.SETS["crossing-mentions"], "[crossing-mentions] [19:41] crosses $.mentions[0] at [0:23]"),
        (make_cases.SETS["copied-words"], "[copied-words] warning: 14 words in a row are those of 'p2'"),
        (make_cases.SETS["entity-id"], "the id for 'the town council' is 'e-the-town-council', record says"),
    ],
)
def test_messages(change: make_cases.Change, line: str) -> None:
    found = check(make_cases.changed(change))
    assert any(line in each for each in found), found


def test_all_problems_are_told_at_once() -> None:
    value = make_cases.changed(make_cases.put("mentions", 2, quote="Mara  Voss", type="PERS"))
    value["claims"][0]["spans"][0]["quote"] = "was lit in 1913"
    rules = [line.split("[")[-1].split("]")[0] for line in (each.split(": ")[1] for each in check(value))]
    assert rules == ["quote-not-found", "quote-not-found", "schema"]


def test_numbers_that_are_no_integers_are_told_one_by_one() -> None:
    value = copy.deepcopy(STORED)
    value["mentions"][0]["start"], value["mentions"][4]["end"] = 0.0, 22.0
    lines = [
        "x.json::$.mentions[0].start: [schema] 0.0 is not an integer",
        "x.json::$.mentions[4].end: [schema] 22.0 is not an integer",
    ]
    assert check(value) == lines


def test_the_hash_says_whose_claims_are_judged() -> None:
    value = make_cases.pairs_only()
    value["claims_from"]["source"] = "gold"
    assert check(value) == []


@pytest.mark.parametrize("change", [{"comparator": "~"}, {"kind": "text"}, {"value": "1911"}])
def test_values_that_differ_somehow_are_two(change: dict[str, str]) -> None:
    value = make_cases.changed(make_cases.SETS["same-values"])
    assert ["same-values" in line for line in check(value)] == [True]
    pair = value[make_cases.C][0]
    pair["value_b"] = {**pair["value_b"], **change}
    assert check(value) == []


def test_a_copied_run_holds_the_same_words_and_enough_of_them(tmp_path: Path) -> None:
    root = Path(shutil.copytree(CASES.parent / "corpus", tmp_path / "corpus"))
    path = root / "seeds" / "sources.json"
    sources = json.loads(path.read_bytes())
    run = sources["sources"][1]["copied_from"][0]["runs"][0]
    text = (root / "seeds" / sources["sources"][1]["file"]).read_bytes().decode()
    run["end"] = text.index(" ", run["start"])
    path.write_text(json.dumps(sources), encoding="utf-8")
    assert [problem.rule for problem in check_corpus(root)] == ["copied-run"]
    run["other_end"] = run["other_start"] + run["end"] - run["start"]
    path.write_text(json.dumps(sources), encoding="utf-8")
    (problem,) = check_corpus(root)
    assert problem.message.endswith("has fewer than 8 words")


def test_what_a_file_is_depends_on_its_place_in_the_corpus() -> None:
    folder = make_cases.CORPUS / "annotations"
    for name, kind in (
        ("agreement.json", None),
        ("rounds.json", "rounds"),
        ("pools/judging.json", "pool"),
        ("exports/r.json", None),
        ("exports/r.round.json", "round_header"),
        ("decisions/r.json", "decisions"),
        ("contrast/written/swift.json", "contrast_edits"),
        ("contrast/verified/swift.json", "contrast_judgements"),
        ("gold.json", "annotation_set"),
        ("records/exports/swift.json", "annotation_set"),
        ("records/r/agreement.json", "annotation_set"),
        ("../agreement.json", "annotation_set"),
        ("/x/exports/annotations/gold.json", "annotation_set"),
        ("/x/exports/prediction.json", "annotation_set"),
    ):
        assert concept(folder / name, folder) == kind, name


def test_problems_are_in_natural_order() -> None:
    places = ["$.claims[10]", "$.claims[2]", "$", "$.claims[2].spans[0]"]
    found = in_order(Problem("a", place, "schema", "-") for place in places)
    assert [problem.place for problem in found] == ["$", "$.claims[2]", "$.claims[2].spans[0]", "$.claims[10]"]


def test_a_problem_is_one_line() -> None:
    assert "\n" not in Problem("a\udc80\n.json", "$", "schema", "x\r\n\x1b[1m").line()


def test_a_prediction_is_not_held_to_completeness() -> None:
    value = make_cases.system()
    assert check(value) == []
    assert check({**value, "role": "annotator", "guideline_version": "1", "round": "articles"}) != []


def test_pairs_about_an_older_set_of_claims() -> None:
    value = make_cases.pairs_only()
    value["claims_from"]["sha256"] = "0" * 64
    assert [problem.split(" ")[1] for problem in check(value)] == ["[claims-from]"]


# --- one schema ----------------------------------------------------------------------------------------------------

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 40)
    | st.floats(0, 2)
    | st.text(max_size=3)
    | st.sampled_from(["ORG", "p1"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["quote", "start", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from nodes(value[key], (*path, key))


VALID = make_cases.valid()
STORED = make_cases.offsets(VALID)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A valid set in which some nodes are taken away or replaced."""
    value = copy.deepcopy(draw(st.sampled_from([VALID, STORED])))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(nodes(value))))
        if not path:
            return draw(values)
        at = value
        for step in path[:-1]:
            at = at[step]
        if draw(st.booleans()):
            at[path[-1]] = draw(values)
        else:
            del at[path[-1]]
    return value


@given(mutated())
@settings(max_examples=300, deadline=None)
def test_a_changed_set_is_checked_to_the_end(value: Any) -> None:
    checked = check_set(json.dumps(value).encode(), "x.json", CORPUS)
    assert isinstance(checked.annotation_set, AnnotationSet | None)
    assert all(problem.rule in RULES for problem in checked.problems)


@given(mutated())
@settings(max_examples=300, deadline=None)
def test_the_prepared_schema_says_what_the_schema_says(value: Any) -> None:
    plain = schema.default().validator("annotation_set").is_valid(value)
    assert (list(check_schema(value, schema.default())) == []) is plain


@given(st.sampled_from(["mention", "claim", "pair", "entity", "span", "value"]), values)
@settings(max_examples=300, deadline=None)
def test_the_prepared_concepts_say_what_the_schema_says(concept: str, value: Any) -> None:
    plain = schema.default().validator(concept).is_valid(value)
    assert prepared(schema.default(), concept).is_valid(value) is plain


# --- the command ---------------------------------------------------------------------------------------------------


def test_command_exit_codes(variorum: Command, tmp_path: Path) -> None:
    root = ["--root", make_cases.CORPUS]
    clean = variorum("check", *root, CASES / "valid")
    assert (clean.returncode, clean.stdout) == (0, "0 problems in 4 files\n")
    warned = variorum("check", *root, CASES / "invalid" / "copied-words.json")
    assert warned.returncode == 0 and warned.stdout.endswith("1 problem in 1 file, 1 of them a warning\n")
    found = variorum("check", *root, CASES / "invalid" / "twin-claim.json", tmp_path / "nothing.json")
    assert found.returncode == 1 and found.stdout.endswith("2 problems in 2 files\n") and found.stderr == ""
    assert variorum("check", *root, "--colour").returncode == 2
    assert variorum("check", "--root", tmp_path).returncode == 2
    assert variorum("check", tmp_path / "nothing.json", cwd=tmp_path).returncode == 2


def test_a_prediction_may_be_called_as_it_likes(variorum: Command, tmp_path: Path) -> None:
    for name in ("exports/prediction.json", "decisions/prediction.json", "agreement.json", "annotators.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"{}")
        done = variorum("check", "--root", make_cases.CORPUS, path)
        assert done.returncode == 1 and "[schema] field 'role' is missing" in done.stdout, name


def test_a_folder_without_json_is_wrong_usage(variorum: Command, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"-")
    done = variorum("check", "--root", make_cases.CORPUS, tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "variorum: .: there is no *.json in this folder\n"


def test_command_on_a_corpus(variorum: Command) -> None:
    assert variorum("check", "--root", make_cases.CORPUS).stdout == "0 problems in 3 files\n"
    for case in INVALID:
        if case.is_dir() and not is_prediction(case):
            done = CliRunner().invoke(app, ["check", "--root", str(case)])  # in this process: dozens of cases
            code = 1 if RULES[case.name].level == ERROR else 0
            assert (done.exit_code, done.stderr) == (code, ""), case.name
            assert f"[{case.name}]" in done.stdout


def test_command_prints_json(variorum: Command) -> None:
    done = variorum("check", "--root", make_cases.CORPUS, CASES / "invalid" / "twin-claim.json", "--format", "json")
    (problem,) = msgspec.json.decode(done.stdout, type=list[Problem])
    assert (problem.rule, problem.place) == ("twin-claim", "$.claims[4]")


def test_command_takes_the_claims_of_a_file(variorum: Command, tmp_path: Path) -> None:
    other = tmp_path / "claims.json"
    other.write_bytes((make_cases.CORPUS / "annotations" / "consolidated.json").read_bytes())
    pairs = CASES / "valid" / "pairs.json"
    assert variorum("check", "--root", make_cases.CORPUS, pairs, "--claims", other).returncode == 0
    assert variorum("check", "--root", make_cases.CORPUS, pairs, "--claims", tmp_path / "none").returncode == 2


def test_corpus_files_are_found() -> None:
    assert [path.name for path in corpus_files(make_cases.CORPUS)] == [
        "sources.json",
        "annotators.json",
        "consolidated.json",
    ]


# --- headers of rounds ---------------------------------------------------------------------------------------------


def header_of_articles(root: Path) -> Path:
    """The header of a round in a corpus that has nothing wrong."""
    studio_cases.pulled(studio_cases.annotation())(root)
    assert list(check_corpus(root)) == []
    return root / "annotations" / "exports" / "articles.articles.round.json"


@pytest.mark.parametrize(
    ("field", "value", "lines"),
    [
        ("kind", "poem", ["$: round-header", "$.round.kind: schema"]),
        ("round", "../../gold", ["$: round-header", "$.round.round: schema"]),
        ("editions", [{"version": "1", "sha256": "x"}], ["$.round.editions[0].sha256: schema"]),
        ("round", "others", ["$.round: round-header"]),
    ],
)
def test_a_header_is_held_to_its_schema_and_its_place(
    field: str, value: Any, lines: list[str], small_case: Path
) -> None:
    path = header_of_articles(small_case)
    header = json.loads(path.read_bytes())
    header["round"][field] = value
    path.write_text(json.dumps(header), encoding="utf-8")
    assert sorted(f"{each.place}: {each.rule}" for each in check_corpus(small_case)) == sorted(lines)


def test_a_header_without_its_export(small_case: Path) -> None:
    path = header_of_articles(small_case)
    path.with_name("articles.articles.json").unlink()
    (problem,) = check_corpus(small_case)
    assert (problem.rule, "is not there" in problem.message) == ("round-header", True)


@pytest.fixture
def small_case(tmp_path: Path) -> Path:
    """A copy of the corpus of the cases."""
    return Path(shutil.copytree(make_cases.CORPUS, tmp_path / "case"))
