"""Task data: the text as it is, claims in context, and nothing about how a pair was chosen."""

import html
import re

import msgspec
import pytest

from variorum import schema
from variorum.corpus import Corpus
from variorum.label_studio import instructions, screening_lines, tasks
from variorum.label_studio.controls import Kind
from variorum.label_studio.exports import At, pairs
from variorum.records import AnnotationSet, Span, from_json


def judged(small: Corpus) -> AnnotationSet:
    return from_json((small.annotations / "records" / "pairs" / "heron.json").read_bytes())


def test_articles_are_shown_as_they_are(small: Corpus) -> None:
    for document in small.documents.values():
        data = tasks.article_task(document, "1")
        assert data["text"] == document.text
        assert data["text_sha256"] == document.source.sha256
        assert all(each.kind in data["note"] for each in document.source.furniture)


def test_pairs_say_nothing_of_their_stratum_and_answers(small: Corpus) -> None:
    claims = {claim.claim_id: claim for claim in from_json(small.consolidated.read_bytes()).claims or ()}
    for pair in judged(small).contradictions or ():
        loud = msgspec.structs.replace(pair, stratum="SECRET", relation="SECRET", rationale="SECRET", reason="SECRET")
        for is_swapped in (False, True):
            data = tasks.pair_task(loud, claims, small.documents, is_swapped)
            assert "SECRET" not in str(data)
            assert list(pairs.check_data(data, small.documents, At("f", "$"))) == []
            assert (data["claim_left"] == pair.claim_b) == is_swapped


def test_sides_are_by_chance_and_stay() -> None:
    shown = [tasks.swapped("judging", f"a~{i}") for i in range(400)]
    assert 160 < sum(shown) < 240
    assert shown == [tasks.swapped("judging", f"a~{i}") for i in range(400)]
    assert shown != [tasks.swapped("again", f"a~{i}") for i in range(400)]


def test_context_is_the_text_whatever_is_in_it() -> None:
    text = "x " * 400 + "<b>&amp;\r\n🎏 e\u0301\u00a0</b>" + " y" * 400
    spans = [Span(start=800, end=803), Span(start=808, end=812)]
    shown = tasks.context_html(text, spans)
    words = html.unescape(re.sub("</?mark>", "", shown).replace("<br>", "\n")).strip("… ")
    assert words in text.replace("\r\n", "\n")
    assert re.findall("<mark>(.*?)</mark>", shown) == [
        html.escape(text[s.start : s.end]).replace("\r\n", "<br>") for s in spans
    ]
    assert shown.startswith("… ") and shown.endswith(" …")


def test_context_does_not_cut_words() -> None:
    text = "".join(f"word{i:04} " for i in range(400))
    shown = tasks.context_html(text, [Span(start=1800, end=1808)])
    assert set(re.sub("</?mark>|…", "", shown).split()) <= set(text.split())


@pytest.mark.parametrize("kind", Kind)
def test_every_page_says_how_it_works(kind: Kind) -> None:
    html_page = instructions.to_html(instructions.page_help(kind) + "# Guidelines\n")
    assert "On this page" in html_page and "Ctrl+Enter" in html_page and "Guidelines" in html_page


def test_the_entries_in_the_help_can_be_read() -> None:
    said = instructions.page_help(Kind.screening)
    entries = [" ".join(entry.split()) for entry in re.findall(r"`(4-9[^`]*)`", said)]
    claims = ([screening_lines.Evidence("in 2018", 0)] * 9, [screening_lines.Evidence("2016", 0)] * 9)
    names = schema.default().names
    for entry in entries[:-1]:
        assert screening_lines.no_conflict(entry, claims, names("reason")).left == 4
    assert screening_lines.conflict(entries[-1], claims, names("aspect"), names("value_kind")).label == "time"
    value = re.search(r"`(quantity >40 \[guest\]) ", said)
    assert value and screening_lines.to_value(value[1], "", names("value_kind")).unit == "guest"
