"""The columns of every config, described once: Arrow schema, the card's features and field tables come from here."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from variorum.schema import Schema


class Labels(NamedTuple):
    """A column of class labels: the names of a label set of the schema; stored as int64, null allowed."""

    label_set: str


class Struct(NamedTuple):
    """A column of records."""

    columns: tuple["Column", ...]


class Each(NamedTuple):
    """A column of lists."""

    of: "Type"


# `string`, `int32`, `float64` and `bool` are written as such.
Type = str | Labels | Struct | Each


class Column(NamedTuple):
    """A column: its name, its type, and in one line what it holds."""

    name: str
    type: Type
    description: str


def _stretch(what: str, *more: Column) -> Struct:
    start = Column("start", "int32", f"First code point of the {what} in the document's text, counted from 0.")
    return Struct((start, Column("end", "int32", "Code point after the last one: text[start:end]."), *more))


SLICE = "The slice text[start:end]; null without the texts."
SPAN = _stretch("span", Column("text", "string", SLICE))
VALUE = Struct(
    (
        Column("kind", Labels("value_kind"), "What sort of value it is."),
        Column("value", "string", "EDTF date, ISO 8601 duration, decimal, or a short phrase."),
        Column("unit", "string", "ISO 4217 code or a word."),
        Column("comparator", Labels("comparator"), "How the value stands to the true one."),
        Column("anchor_date", "string", "The date that a relative expression hangs on."),
        Column("anchor_source", Labels("anchor_source"), "Where that date comes from."),
    )
)
# Beside `copied_from` and not in it: a list within a list is more than Croissant can read.
RUN = _stretch(
    "run",
    Column("doc_id", "string", "The other document."),
    Column("other_start", "int32", "Where the same words start in the other document."),
    Column("other_end", "int32", "Where they end there."),
)
COPY = Struct(
    (
        Column("doc_id", "string", "The other document."),
        Column("direction", "string", "Why the two are listed on this one and not the other; not who wrote first."),
        Column(
            "share", "float64", "Which part of this document's words, outside furniture, lies in the runs they share."
        ),
        Column("other_share", "float64", "Which part of the other document's words does."),
    )
)
_CHANGE = _stretch(
    "change",
    Column("text", "string", "The words that were there; empty where words are put in; null without the texts."),
    Column("replacement", "string", "The words that stand there now."),
)
VOTES = "How many annotators chose each relation; where several rounds judged a pair, the last round's votes count."
CLAIM_ID = Column("claim_id", "string", "The claim.")
DOC_ID = Column("doc_id", "string", "The document it stands in.")

# What a row of each config is.
ABOUT = {
    "documents": "The articles: text, rights, parts, and what they share with each other.",
    "mentions": "Gold's mentions of entities and values.",
    "entities": "Gold's entities, the same across all articles.",
    "claims": "Gold's claims, each with evidence, a sentence of its own, and who holds it.",
    "contradictions": "Every pair of claims that was judged, whatever its relation.",
    "annotations": "Every label of every annotator as it was filed, before anything was adjudicated.",
    "contrast": "Pairs of gold of which one claim was edited so that a conflict is gone, or one is there.",
    "pairs_eval": "The judged pairs as input, choices and target, for evaluation harnesses.",
}
CONFIGS: dict[str, tuple[Column, ...]] = {
    "documents": (
        Column("doc_id", "string", "The document."),
        Column("title", "string", "Its title."),
        Column("publisher", "string", "Who published it, if known."),
        Column("published", "string", "The day of publication, if the article tells."),
        Column("dateline", "string", "The date in its dateline, if there is one."),
        Column("language", "string", "Its language."),
        Column("file", "string", "The name of its file in seeds/."),
        Column("text", "string", "The text that all offsets count in, byte for byte; null without the texts."),
        Column("sha256", "string", "SHA-256 of the text in UTF-8."),
        Column("block_sha256", Each("string"), "SHA-256 of each 256 code points of the text, in order."),
        Column("n_chars", "int32", "Length of the text in code points."),
        Column("rights", "string", "Who holds the rights in the text."),
        Column("furniture", Each(_stretch("stretch", Column("kind", "string", "What it is."))), "Parts not annotated."),
        Column("paragraphs", Each(_stretch("paragraph")), "Its paragraphs."),
        Column("copied_from", Each(COPY), "Documents it shares runs of words with; any two are listed on one of them."),
        Column("shared_runs", Each(RUN), "The runs of words that it shares with those, a third party's among them."),
    ),
    "mentions": (
        Column("mention_id", "string", "The mention."),
        DOC_ID,
        Column("start", "int32", "First code point of the mention, counted from 0."),
        Column("end", "int32", "Code point after the last one."),
        Column("text", "string", SLICE),
        Column("type", Labels("entity_type"), "What is mentioned."),
        Column("level", Labels("level"), "By name, description or pronoun; null for values."),
        Column("entity_id", "string", "The entity, the same in all documents; null for values."),
        Column("value", VALUE, "The normal form of dates, money and quantities."),
    ),
    "entities": (
        Column("entity_id", "string", "The entity."),
        Column("name", "string", "Its fullest name or description in the articles."),
        Column("type", Labels("entity_type"), "What kind of thing it is."),
    ),
    "claims": (
        CLAIM_ID,
        Column("doc_id", "string", "The document that makes it."),
        Column("spans", Each(SPAN), "The evidence."),
        Column("proposition", "string", "The claim in one sentence that can be understood alone."),
        Column("kind", Labels("claim_kind"), "Fact, opinion or forecast."),
        Column("polarity", Labels("polarity"), "Whether it says that something is or is not so."),
        Column("certainty", Labels("certainty"), "Said plainly or hedged."),
        Column("holder", "string", "mention_id of the source; null for the article's own voice."),
        Column("cue", SPAN, "The words that tie the claim to its holder or hedge it."),
        Column("time", "string", "When it holds or took place, in EDTF."),
        Column("entities", Each("string"), "entity_ids of what it is about."),
    ),
    "contradictions": (
        Column("pair_id", "string", "The pair: both claim_ids joined by a tilde."),
        Column("claim_a", "string", "The claim whose id sorts first."),
        Column("claim_b", "string", "The other claim."),
        Column("doc_a", "string", "The document of claim_a."),
        Column("doc_b", "string", "The document of claim_b."),
        Column(
            "quote_a", "string", "The evidence of claim_a, its pieces joined by an ellipsis; null without the texts."
        ),
        Column("quote_b", "string", "The evidence of claim_b, likewise."),
        Column("proposition_a", "string", "What claim_a says."),
        Column("proposition_b", "string", "What claim_b says."),
        Column("relation", Labels("relation"), "How the two contents stand to each other."),
        Column("aspect", Labels("aspect"), "What they clash in; for contradiction and tension."),
        Column("reason", Labels("reason"), "Why a look-alike is no conflict; for agreement and neutral."),
        Column("conflict_id", "string", "The same for all pairs that are one and the same conflict."),
        Column("value_a", VALUE, "What claim_a says where they clash."),
        Column("value_b", VALUE, "What claim_b says where they clash."),
        Column("span_a", SPAN, "The fewest words of doc_a that clash."),
        Column("span_b", SPAN, "The fewest words of doc_b that clash."),
        Column("same_holder", "bool", "Whether both claims have the same source."),
        Column("stratum", "string", "How the pair came to be judged."),
        Column("rationale", "string", "Why, in one sentence."),
        Column("votes", Struct(()), VOTES),  # filled in by `configs`
    ),
    "annotations": (
        Column("source", "string", "The annotator."),
        Column("round", "string", "The annotation round."),
        Column("guideline_version", "string", "The guidelines it was made under."),
        Column("layer", "string", "mentions, entities, claims or contradictions."),
        Column("record_id", "string", "The record's id within the annotator's set."),
        Column("record", "string", "The record as JSON; its spans have no words without the texts."),
    ),
    "contrast": (
        Column("contrast_id", "string", "The edited pair: x- and the pair_id."),
        Column("pair_id", "string", "The pair of gold that was edited."),
        Column("claim", "string", "The claim of it that was edited."),
        Column("other_claim", "string", "The claim that stayed as it was."),
        Column("doc_id", "string", "The document of the edited claim."),
        Column("other_doc_id", "string", "The document of the other claim."),
        Column("quote", "string", "The evidence of the edited claim before the edit; null without the texts."),
        Column("other_quote", "string", "The evidence of the other claim, likewise."),
        Column("edited_quote", "string", "The evidence with the changes made: words of no article, likewise."),
        Column("proposition", "string", "What the edited claim said before the edit."),
        Column("other_proposition", "string", "What the other claim says."),
        Column("edited_proposition", "string", "What the edited claim says now."),
        Column("changes", Each(_CHANGE), "The edit; start and end count in the text of doc_id, as it was."),
        Column("direction", Labels("direction"), "Whether the edit removes a conflict or creates one."),
        Column("edit_type", Labels("aspect"), "What the edit changes."),
        Column("original_relation", Labels("relation"), "How the pair stood to each other before the edit: gold's."),
        Column("relation", Labels("relation"), "How the edited pair does: the majority of writer and verifiers."),
        Column("votes", Struct(()), "How many of the writer and the verifiers chose each relation."),
        Column("writer", "string", "Who wrote the edit."),
        Column("verifiers", Each("string"), "Who judged it, without knowing the edit."),
        Column("guideline_version", "string", "The guidelines it was written under."),
        Column("rationale", "string", "Why the edited pair stands so, in one sentence."),
    ),
    "pairs_eval": (
        Column("pair_id", "string", "The pair."),
        Column("input", "string", "A prompt that holds both claims and says what each relation means."),
        Column("choices", Each("string"), "The relations, in their fixed order."),
        Column("target", "string", "The right choice."),
    ),
}


def configs(schema: Schema) -> dict[str, tuple[Column, ...]]:
    """The columns of every config, with one count of votes for each judgement that the schema has."""
    votes = Struct(tuple(Column(name, "int32", f"Annotators who chose {name}.") for name in schema.names("judgement")))
    return {
        name: tuple(column._replace(type=votes) if column.name == "votes" else column for column in columns)
        for name, columns in CONFIGS.items()
    }


def label_sets(columns: Iterable[Column]) -> list[str]:
    """The label sets that these columns use, each once, in order."""
    found: dict[str, None] = {}
    for column in columns:
        inner = column.type
        while isinstance(inner, Each):
            inner = inner.of
        if isinstance(inner, Labels):
            found[inner.label_set] = None
        elif isinstance(inner, Struct):
            found |= dict.fromkeys(label_sets(inner.columns))
    return list(found)


def arrow_schema(columns: tuple[Column, ...], labels: str = "int64") -> Any:
    """The pyarrow schema of a config, in which class labels are of the type `labels`."""
    import pyarrow as pa

    return pa.schema([(column.name, _arrow(column.type, labels)) for column in columns])


def _arrow(type: Type, labels: str) -> Any:
    import pyarrow as pa

    plain: dict[str, Callable[[], Any]] = {
        "string": pa.string,
        "int32": pa.int32,
        "int64": pa.int64,
        "float64": pa.float64,
        "bool": pa.bool_,
    }
    if isinstance(type, Labels):
        return plain[labels]()
    if isinstance(type, Each):
        return pa.list_(_arrow(type.of, labels))
    if isinstance(type, Struct):
        return pa.struct([(column.name, _arrow(column.type, labels)) for column in type.columns])
    return plain[type]()


def features(columns: tuple[Column, ...], schema: Schema) -> list[dict[str, Any]]:
    """The features of a config as `dataset_info` in a dataset card has them."""
    return [{"name": column.name, **_feature(column.type, schema)} for column in columns]


def _feature(type: Type, schema: Schema) -> dict[str, Any]:
    if isinstance(type, Labels):
        names = {str(number): name for number, name in enumerate(schema.names(type.label_set))}
        return {"dtype": {"class_label": {"names": names}}}
    if isinstance(type, Each):
        inner = _feature(type.of, schema)
        return {"list": inner.get("struct") or inner["dtype"]}
    if isinstance(type, Struct):
        return {"struct": features(type.columns, schema)}
    return {"dtype": type}
