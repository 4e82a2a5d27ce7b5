"""The rules of predictions in other formats than a stored set; `variorum.formats` applies them."""

from variorum.checks.rule import Rule, by_id
from variorum.problems import WARNING

RULES = by_id(
    Rule(
        id="unknown-format",
        stage="formats",
        summary="The format of a prediction can be told from its name or its content, or is named by --input-format.",
    ),
    Rule(
        id="header-conflict",
        stage="formats",
        summary="The files of a folder are one set: source, role, round, guidelines and claims_from are the same.",
    ),
    Rule(
        id="line-shape",
        stage="formats",
        summary="Every line has the parts that its format asks for.",
        why="Columns in CSV and CoNLL, a record with its layer in JSON Lines, id, type and offsets in brat.",
    ),
    Rule(
        id="csv-header",
        stage="formats",
        summary="The first line of a CSV of pairs names the columns pair_id and relation, and score if there is one.",
    ),
    Rule(
        id="tag-shape",
        stage="formats",
        summary="A tag of CoNLL / BIO is O, or one of B, I, E, L, S, U with a hyphen and a type.",
    ),
    Rule(
        id="token-not-found",
        stage="formats",
        summary="The tokens of CoNLL / BIO stand in the article, sentence after sentence.",
        why="White space between them is free, typographic variants are folded, and whole sentences may be left out.",
    ),
    Rule(
        id="text-differs",
        stage="formats",
        summary="The text that comes with a prediction is that of the article, character for character.",
        why="Else its offsets would point at other words.",
    ),
    Rule(
        id="discontinuous-mention",
        stage="formats",
        summary="A mention is one stretch of text; only the evidence of a claim may be in pieces.",
        why="Pieces with nothing but white space between them are joined.",
    ),
    Rule(
        id="several-annotations",
        stage="formats",
        summary="A task of a Label Studio export has one annotation, or none and one prediction.",
    ),
    Rule(
        id="not-read",
        stage="formats",
        summary="Everything in a file is something that an annotation set can hold.",
        why="What is not (events of brat, span groups of spaCy, other files in a folder) is left out and counted.",
        level=WARNING,
    ),
)
