"""Card and datasheet: what they say is read off the data, nothing is typed, nothing is left open."""

import json
import re
from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace
from support import ROOT

from variorum import dataset
from variorum.cli.build import material
from variorum.corpus import Corpus
from variorum.dataset import Material, conflicts, datasheet, tables, worth
from variorum.dataset.citation import Citation, bibtex, from_cff
from variorum.dataset.columns import CONFIGS
from variorum.dataset.figures import figures
from variorum.decisions import Decision

# Datasheets for Datasets (Gebru et al., 2021): how many questions each section has, "Any other comments?" included.
QUESTIONS = {
    "Motivation": 4,
    "Composition": 16,
    "Collection process": 12,
    "Preprocessing, cleaning, labeling": 4,
    "Uses": 6,
    "Distribution": 7,
    "Maintenance": 8,
}
STATEMENT = (  # what Data Statements, version 3, has beyond that
    *("Executive summary", "Curation rationale", "Language variety", "Language user demographic"),
    *("Annotator demographic", "Linguistic situation and text characteristics", "Preprocessing and data formatting"),
    *("Capture quality", "Limitations", "Metadata", "Disclosures and ethical review", "Glossary"),
)
LICENSES = {"other", "cc-by-4.0"}
TASKS = {"token-classification", "text-classification"}
TASK_IDS = {"named-entity-recognition", "natural-language-inference"}
SIZES = {"n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M"}
# A report as `variorum agreement` writes it, cut down to two figures.
FIGURE = {"of": "all", "between": ["heron", "wren"], "n": 19, "value": 0.852883, "low": 0.421602, "high": 1.0}
NAMES = {"layer": "contradictions", "task": "relation", "match": "relation", "coefficient": "alpha"}
REPORT = {
    "intervals": "95% percentile bootstrap",
    "comparisons": [
        {
            "name": "pairs",
            "kind": "round",
            "sources": ["heron", "wren"],
            "note": "between people",
            "flags": ["guideline versions differ"],
            "results": [{**NAMES, "figures": [FIGURE, {**FIGURE, "of": "a1", "value": 0.5}]}],
        },
        {"name": "more", "kind": "round", "sources": ["wren"], "note": "between people", "undefined": "one set"},
    ],
}
VALIDITY = {
    "known_answers": [
        {
            "source": "wren",
            "relation": {"value": 0.9, "interval": [0.5548, 0.9975], "hits": 9, "n": 10},
            "conflict": {"value": 1.0, "interval": [0.6915, 1.0], "hits": 10, "n": 10},
        }
    ],
    "second_looks": [],
    "missed": {"lists": 3, "captured": {"1": 4, "2": 3, "3": 5}, "estimate": 1.0, "interval": [0.1, 9.4]},
    "bound": {"sample": {"value": 0.0, "interval": [0.0, 0.03], "hits": 0, "n": 120}, "rest": 900, "interval": [0, 27]},
}


@pytest.fixture
def made(small_corpus: Corpus) -> Material:
    return material(small_corpus)


def text_of(made: Material, tmp_path: Path) -> str:
    dataset.build(made, tmp_path / "card")
    return (tmp_path / "card" / "README.md").read_text(encoding="utf-8")


# --- the card ------------------------------------------------------------------------------------------------


def test_front_matter_has_allowed_values_and_nothing_is_left_open(made: Material, tmp_path: Path) -> None:
    for each, licence in ((made, "other"), (dataset.without_texts(made), "cc-by-4.0")):
        text = text_of(each, tmp_path)
        front = yaml.safe_load(text.split("---\n")[1])
        assert front["license"] == licence and licence in LICENSES
        assert front["size_categories"][0] in SIZES
        assert set(front["task_categories"]) <= TASKS and set(front["task_ids"]) <= TASK_IDS
        assert all(re.fullmatch(r"[a-z]{2,3}", language) for language in front["language"])
        assert not re.search(r"(?i:more information needed|\btodo\b)|\bNone,|\bnan\b", text)


def test_every_config_has_its_fields_and_an_example(made: Material, tmp_path: Path) -> None:
    text = text_of(made, tmp_path)
    for name, columns in CONFIGS.items():
        part = text.split(f"\n### {name}\n")[1].split("\n### ")[0]
        assert all(f"| `{column.name}` |" in part for column in columns)
        example = json.loads(part.split("```json\n")[1].split("```")[0])
        assert list(example) == [column.name for column in columns]
    relation = text.split("\n### contradictions\n")[1].split('"relation": "')[1].split('"')[0]
    assert relation in made.schema.names("relation")


def test_the_conflicts_are_told_with_both_values_and_sources(made: Material, tmp_path: Path) -> None:
    found = conflicts.conflicts(made)
    judged = [pair for pair in made.gold.contradictions or () if pair.relation in ("contradiction", "tension")]
    assert sum(each.pairs for each in found) == len(judged) > 0
    assert len({each.conflict_id for each in found}) == len(found)
    text = text_of(made, tmp_path)
    for each in found:
        for side in (each.a, each.b):
            publisher = made.documents[side.doc_id].source.publisher
            assert f"**{side.says}** ({side.doc_id}{f', {publisher}' if publisher else ''})" in text
    none = replace(made, gold=replace(made.gold, contradictions=None), pair_sets=())
    assert "No conflict has been found" in "\n".join(conflicts.section(none))


def test_agreement_is_told_with_intervals_and_what_it_is_between(made: Material) -> None:
    text = "\n".join(worth.agreement(replace(made, agreement=json.dumps(REPORT))))
    assert "| pairs | heron, wren | pairs: four relations, alpha | 0.85 [0.42, 1.00] | 19 |" in text
    assert "0.50" not in text  # a figure of a part
    assert "* These figures are between people." in text and "* pairs: guideline versions differ" in text
    alone = {**REPORT, "comparisons": REPORT["comparisons"][1:]}  # type: ignore[index]
    assert "* Undefined: one set." in "\n".join(worth.agreement(replace(made, agreement=json.dumps(alone))))
    assert "No figure is here" in "\n".join(worth.agreement(replace(made, agreement=None)))


def test_undefined_is_said_and_never_a_number(made: Material) -> None:
    assert worth.value_of({"value": None, "undefined": "one category"}) == "undefined: one category"
    assert worth.value_of({"value": 0.5, "no_interval": "too few"}) == "0.50"


def test_validity_is_told_as_far_as_it_was_shown(made: Material) -> None:
    text = "\n".join(worth.validity(replace(made, validity=json.dumps(VALIDITY))))
    assert "| known answers: relation right | wren | 0.90 [0.55, 1.00] | 9 of 10 |" in text
    assert "at least 1.0 [0.1, 9.4] | listed: 4 on 1, 3 on 2, 5 on 3 |" in text
    assert "0 to 27 of 900 pairs" in text
    assert "looked at gold's pairs again" not in text
    assert "Not shown yet" in "\n".join(worth.validity(made))


def test_a_release_without_texts_says_how_to_get_them(made: Material, tmp_path: Path) -> None:
    assert "rehydrate" not in text_of(made, tmp_path)
    text = text_of(dataset.without_texts(made), tmp_path)
    assert "This edition has no texts" in text and "variorum rehydrate FOLDER" in text


def test_the_card_is_cited_as_the_corpus_says(made: Material, tmp_path: Path) -> None:
    author = b"authors:\n- {given-names: Ada, family-names: Quay}\n"
    cff = b"title: 'Harbour: three tellings'\ndate-released: 2019-07-01\n" + author
    citation = from_cff(cff)
    assert citation == Citation(title="Harbour: three tellings", authors=("Ada Quay",), released="2019-07-01")
    text = text_of(replace(made, citation=citation), tmp_path)
    assert "\n# Harbour\n" in text and "Ada Quay: *Harbour: three tellings*, version 1.0.0." in text
    assert bibtex(citation, "1.0.0") in text and "year = {2019}" in text
    for bad in (b"[", b"title: x", b"- 1"):
        with pytest.raises(ValueError, match="no citation"):
            from_cff(bad)


def test_the_example_is_the_row_that_tells_most(made: Material, tmp_path: Path) -> None:
    dataset.build(made, tmp_path / "out")
    found = {each.name: each.example for each in tables.infos(tmp_path / "out", made.schema)}
    assert found["contradictions"]["aspect"] is not None
    assert {name for name in CONFIGS if found[name]} == CONFIGS.keys()


# --- the datasheet -------------------------------------------------------------------------------------------

SHEET = (ROOT / "DATASHEET.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", SHEET, re.M | re.S))
OUTSIDE = re.sub(r"<!-- figure:.*?<!-- / -->", "", SHEET, flags=re.S)
# Numbers that no command could compute: years of what is cited and told, names of licences and of a standard.
TYPED = r"2018|2021|version 3|January 2025|November 2026|CC BY 4\.0|Apache-2\.0|BCP 47"


def test_the_figures_of_the_datasheet_are_those_of_the_data(corpus: Corpus) -> None:
    assert datasheet.filled(SHEET, figures(material(corpus))) == SHEET, "run variorum docs"


def test_no_number_is_typed_into_the_datasheet() -> None:
    assert re.findall(r".*\d.*", re.sub(TYPED, "", OUTSIDE)) == []


@pytest.mark.parametrize("section", QUESTIONS)
def test_every_question_is_answered(section: str) -> None:
    answers = re.findall(r"^\*\*(.+?\?)\*\*(.*?)(?=^\*\*|\Z)", SECTIONS[section], re.M | re.S)
    assert len(answers) == QUESTIONS[section]
    assert [question for question, answer in answers if len(answer.split()) < 1] == []
    assert all("open" not in answer.split() for _, answer in answers)


def test_the_data_statement_has_its_parts() -> None:
    parts = re.findall(r"^\*\*(.+?)\.\*\* \S", SECTIONS["Data statement"], re.M)
    assert tuple(parts) == STATEMENT


def test_a_figure_never_begins_a_line_with_more_on_it() -> None:
    """Markdown takes such a line for HTML, and breaks the paragraph there."""
    assert re.findall(r"^ {0,3}<!-- figure:[\w-]+ -->.+$", SHEET, re.M) == []


def test_a_datasheet_that_is_filled_is_filled_again() -> None:
    text = "Of <!-- figure:a -->9<!-- / --> and\n<!-- figure:b -->old<!-- / -->\n"
    once = datasheet.filled(text, {"a": "3", "b": "| x |\n| y |\n"})
    assert once == "Of <!-- figure:a -->3<!-- / --> and\n<!-- figure:b -->\n\n| x |\n| y |\n\n<!-- / -->\n"
    assert datasheet.filled(once, {"a": "3", "b": "| x |\n| y |\n"}) == once
    assert datasheet.named(text) == {"a", "b"}
    with pytest.raises(KeyError):
        datasheet.filled(text, {"a": "3"})


def test_the_datasheet_goes_with_the_dataset_as_the_data_are_then(made: Material, tmp_path: Path) -> None:
    dataset.build(
        replace(made, datasheet="# D\n\nOf <!-- figure:articles -->99<!-- / --> articles.\n"), tmp_path / "out"
    )
    assert "-->3<!--" in (tmp_path / "out" / "DATASHEET.md").read_text(encoding="utf-8")


def test_links_out_of_the_folder_become_text() -> None:
    text = "[C](CHANGELOG.md), [card](README.md#uses), [x](#y), [z](https://example.org/CHANGELOG.md)."
    alone = datasheet.alone(text, {"README.md"})
    assert alone == text.replace("[C](CHANGELOG.md)", "C (in the repository)")
    assert datasheet.alone(alone, {"README.md"}) == alone


def test_who_decided_is_among_those_who_annotated(made: Material) -> None:
    decided = Decision(item="pair", ids=("x",), choice="neutral", reason="r", decided_by="curlew")
    text = "\n".join(worth.annotators(replace(made, decisions={"pairs": (decided,)})))
    assert "| curlew | not recorded | adjudication | not recorded |" in text


def test_a_note_that_goes_on_from_another_is_said_once(made: Material) -> None:
    first, second = REPORT["comparisons"]
    later = {**second, "note": "between people (one and itself)"}  # type: ignore[dict-item]
    report = json.dumps({**REPORT, "comparisons": [first, later]})
    text = "\n".join(worth.agreement(replace(made, agreement=report)))
    assert text.count("* These figures are") == 1


@pytest.mark.parametrize(
    ("named", "licence", "address"),
    [
        ("license: CC0-1.0", "CC0-1.0", "https://spdx.org/licenses/CC0-1.0.html"),
        ("license: [MIT, CC-BY-SA-4.0]", "CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("", "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
    ],
)
def test_the_licence_is_the_one_of_the_corpus(
    named: str, licence: str, address: str, made: dataset.Material, tmp_path: Path
) -> None:
    citation = from_cff(f"title: T\nauthors: [{{name: A}}]\n{named}\n".encode())
    text = text_of(dataset.without_texts(replace(made, citation=citation)), tmp_path)
    assert f"license: {licence.lower()}\n" in text
    assert f"Annotations: [{licence}]({address})." in text
