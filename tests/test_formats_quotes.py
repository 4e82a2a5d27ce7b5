"""Quotes of predictions: exact first, then folded; each told; those that are not settled are false alarms."""

import json
import unicodedata
from typing import Any

import make_cases
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts
from test_formats_readers import CORPUS, lines, made, taken

from variorum.checks import check_set
from variorum.folding import fold, places
from variorum.formats.prediction import Prediction, Resolutions
from variorum.quotes import resolve

TEXT = "\ufeff“Nun\u0303ez\u00a0– the\u00ad keeper’s \r\n  lamp” ✈\ufe0f cost 5\u202f200. The keeper's lamp -- lit."


def found(quote: str, occurrence: int | None = None, text: str = TEXT) -> tuple[str | None, list[str]]:
    """The words that a quote is resolved to, and the rules that are told."""
    span = {"doc_id": "d", "quote": quote, **({} if occurrence is None else {"occurrence": occurrence})}
    resolved = resolve({"mentions": [span]}, {"d": text}, {}, "x", fold=True)
    (mention,) = resolved.value["mentions"]
    told = [problem.rule for problem in (*resolved.problems, *resolved.folded)]
    return (text[mention["start"] : mention["end"]] if mention["start"] >= 0 else None), told


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("Nu\u00f1ez", "Nun\u0303ez"),  # NFC for NFD
        ('"Nuñez', "“Nun\u0303ez"),
        ("Nuñez - the keeper's", "Nun\u0303ez\u00a0– the\u00ad keeper’s"),  # no-break space, dash, soft hyphen
        ("keeper’s lamp”", "keeper’s \r\n  lamp”"),  # line end and blanks
        (" ✈ cost\t5 200 ", "✈\ufe0f cost 5\u202f200"),  # variation selector, narrow space, blanks at the ends
        ("keeper's lamp — lit", "keeper's lamp -- lit"),
        ("keeper\u2019s lamp -- lit", "keeper's lamp -- lit"),
    ],
)
def test_folded(quote: str, words: str) -> None:
    assert found(quote) == (words, ["quote-folded"])


@pytest.mark.parametrize(
    ("quote", "occurrence", "wanted"),
    [
        ("keeper's", None, ("keeper's", [])),  # the exact words come first, although folded there are two
        ("keeper's", 0, ("keeper's", [])),
        ("keeper's", 1, ("keeper's", ["quote-folded"])),  # there is no second exact one: the second of the folded
        ("keeper`s", None, (None, ["quote-ambiguous"])),
        ("keeper`s", 0, ("keeper’s", ["quote-folded"])),
        ("keeper's", 2, (None, ["quote-occurrence"])),
        ("Nun", None, ("Nun", [])),  # exact, though it cuts a letter from its mark
        ("\u201dNun", None, (None, ["quote-not-found"])),  # folded it must not
        ("Keeper's lamp", None, (None, ["quote-not-found"])),  # case is not folded
        (" \u00ad ", None, (None, ["quote-not-found"])),
    ],
)
def test_exact_first(quote: str, occurrence: int | None, wanted: tuple[str | None, list[str]]) -> None:
    assert found(quote, occurrence) == wanted


@given(texts(1), st.data())
def test_a_stretch_is_found_again_after_folding(text: str, data: st.DataObject) -> None:
    """Whatever the typography, folding finds the stretch, and its offsets are those of the untouched text."""
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))]
    other = data.draw(
        st.sampled_from([quote, unicodedata.normalize("NFC", quote), unicodedata.normalize("NFD", quote)])
    )
    for low, high in places(text, other):
        assert fold(text[low:high]).text.strip(" ") == fold(other).text.strip(" ")


@given(texts())
def test_folding_keeps_the_way_back(text: str) -> None:
    folded = fold(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert list(folded.starts) == sorted(folded.starts) and list(folded.ends) == sorted(folded.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


# --- in a prediction ---------------------------------------------------------------------------------------------


def system(**changes: Any) -> dict[str, Any]:
    return {**make_cases.system(), **changes}


def read(value: dict[str, Any], **options: Any) -> Prediction:
    return taken(json.dumps(value), "json", **options)


def test_resolutions_are_counted() -> None:
    value = system()
    value["mentions"][2]["quote"] = "Mara\u00a0Voss"
    assert read(value).resolutions == Resolutions(exact=16, folded=1)
    assert lines(read(value)) == [
        "p1.json::$.mentions[2]: [quote-folded] warning: 'Mara\\xa0Voss' was read as 'Mara Voss' at [44:53]"
    ]


def test_check_does_not_fold() -> None:
    value = system()
    value["mentions"][2]["quote"] = "Mara\u00a0Voss"
    assert [p.rule for p in check_set(json.dumps(value).encode(), "x", CORPUS).problems] == ["quote-not-found"]


def test_what_is_not_settled_is_a_false_alarm() -> None:
    value = system()
    value["mentions"][2]["quote"] = "Mara Vos is"  # the holder of p1-c2
    value["mentions"][4]["quote"] = "lamp"
    value["claims"][0]["spans"].append({"quote": "nowhere"})
    value["claims"][0]["spans"].append({"quote": "here"})
    value["claims"][1]["cue"] = {"quote": "sayeth"}
    value["contradictions"][0]["span_b"] = {"quote": "lamp"}
    prediction = read(value)
    left = made(prediction)
    assert [prediction.false_alarms(layer) for layer in ("mentions", "claims", "contradictions")] == [
        {"p1": 1, "p2": 1},
        {"p1": 1},
        {},
    ]
    assert [(each.layer, each.record_id, each.doc_id, each.part) for each in prediction.unresolved] == [
        ("mentions", "p1-m3", "p1", None),
        ("mentions", "p2-m1", "p2", None),
        ("claims", "p1-c1", "p1", None),
        ("claims", "p1-c1", "p1", None),
        ("claims", "p1-c2", "p1", "cue"),
        ("contradictions", "p1-c1~p2-c1", "p2", "span_b"),
    ]
    assert [each.record["type"] for each in prediction.lost("mentions")] == ["PERSON", "PRODUCT"]
    assert len(left.mentions or ()) == 8 and [c.claim_id for c in left.claims or ()] == ["p1-c2", "p2-c1", "p2-c2"]
    claim, pair = (left.claims or ())[0], (left.contradictions or ())[0]
    assert claim.cue is None and claim.holder == "p1-m3"  # which nobody is any more
    assert pair.span_a and pair.span_b is None and pair.relation == "contradiction"
    assert len(lines(prediction)) == 6 and prediction.errors == ()


def test_an_unmapped_mention_is_no_false_alarm() -> None:
    value = system()
    value["mentions"][2] |= {"quote": "nowhere", "type": "MISC"}
    prediction = read(value, label_map={"MISC": None})
    assert (prediction.unresolved, prediction.unmapped) == ((), {"MISC": 1})
