"""The rules of reading and of quotes; `variorum.reading` and `variorum.quotes` apply them."""

from variorum.checks.rule import Rule, by_id
from variorum.problems import WARNING
from variorum.reading import MAX_BYTES, MAX_DEPTH, MAX_DIGITS

RULES = by_id(
    Rule(
        id="unreadable",
        stage="reading",
        summary="The file is there, is a regular file and may be read.",
        why="Folders, pipes, devices and links that lead nowhere are not read.",
    ),
    Rule(id="too-large", stage="reading", summary=f"The file has at most {MAX_BYTES // 2**20} MiB."),
    Rule(id="not-utf8", stage="reading", summary="The file is encoded in UTF-8."),
    Rule(id="not-json", stage="reading", summary="The file is JSON (RFC 8259), without a byte order mark."),
    Rule(id="too-deep", stage="reading", summary=f"Lists and objects are nested at most {MAX_DEPTH} deep."),
    Rule(
        id="duplicate-key",
        stage="reading",
        summary="No key stands twice in an object.",
        why="Readers of JSON differ in which of the two they take.",
    ),
    Rule(id="not-finite", stage="reading", summary="Every number is finite: no NaN, no Infinity, no 1e999."),
    Rule(id="long-integer", stage="reading", summary=f"An integer has at most {MAX_DIGITS} digits."),
    Rule(
        id="lone-surrogate",
        stage="reading",
        summary="No string has half a surrogate pair.",
        why="It is no character, and cannot be written as UTF-8 again.",
    ),
    Rule(
        id="quote-not-found",
        stage="quotes",
        summary="A quote stands in the text, character for character.",
        why="If only white space or quotation marks differ, the message shows the exact words.",
    ),
    Rule(
        id="quote-ambiguous",
        stage="quotes",
        summary="A quote that stands several times in the text has an occurrence.",
        why="Occurrences are counted from 0 over the whole text; overlapping places count too.",
    ),
    Rule(id="quote-occurrence", stage="quotes", summary="A quote stands often enough in the text for its occurrence."),
    Rule(
        id="quote-folded",
        stage="quotes",
        summary="A quote of a prediction stands in the text character for character.",
        why="One that does not is looked for with white space, quotation marks, dashes, equivalent spellings and "
        "unseen characters folded; each that is found so is told and counted.",
        level=WARNING,
        roles=("system",),
    ),
)
