"""What a model is asked: the messages, and the JSON Schema of the answer, both made of the corpus' own schema.

The worked examples are invented, and about nothing that any corpus here tells. Articles are shown sentence by sentence,
and no names of other sentences with them: small models put what they are told of into every answer.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from variorum.baselines.llm.model import Message, Request
from variorum.baselines.llm.sentences import Sentence
from variorum.records import Claim, pair_id
from variorum.schema import LABELS_FILE, Schema

MOST_MENTIONS, MOST_CLAIMS, MOST_LABELS = 30, 12, 3  # of a sentence; small models repeat themselves without end
_EXAMPLE = (
    "Mara Lund, a baker from Ulm, sold her shop for about €2 million in 2019, "
    "and neighbours say the town may never find a better one."
)
_MENTIONS = (
    ("Mara Lund", "PERSON", "NAM"),
    ("Ulm", "GPE", "NAM"),
    ("her", "PERSON", "PRO"),
    ("about €2 million", "MONEY", None),
    ("2019", "DATE", None),
    ("neighbours", "PERSON", "NOM"),
    ("the town", "GPE", "NOM"),
)
_CLAIMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Mara Lund is a baker.", ()),
    ("Mara Lund comes from Ulm.", ()),
    ("Mara Lund sold her shop for about €2 million in 2019.", ()),
    ("Ulm may never find a better baker than Mara Lund.", ("forecast", "negative", "hedged")),
)
_PAIRS = (
    ("The North Line ferry sank in May 2018.", "In June 2018 the North Line ferry sank.", "contradiction"),
    ("Ove Dahl bought the ferry.", "Ove Dahl and his sister bought the ferry.", "tension"),
    ("The ferry carried 412 passengers.", "There were more than 400 passengers on board.", "agreement"),
    ("The ferry was built in Denmark.", "Ove Dahl became captain in 2009.", "neutral"),
)
_EXTRACT = """You label one sentence of a news article. Answer with JSON only.

"mentions": every person, organisation, place, product, event, date, number or amount that the sentence names or
points to. "quote" is copied from the sentence exactly. "type" is one of:
{entity_type}
"level" is one of, or null for dates, amounts and numbers:
{level}

"claims": every single thing that the sentence says is so. "proposition" is one short full sentence that says it alone,
names instead of pronouns. "labels" are those of these that hold of it, often none:
{claim_kind}
{polarity}
{certainty}"""
_JUDGE = """You compare two statements, A and B, from news articles that tell one story. Answer with JSON only:
"relation" says how they stand to each other and is one of:
{relation}"""


def extraction(sentence: Sentence, schema: Schema) -> Request:
    """Ask for the mentions and claims of a sentence."""
    shape = _extraction_schema(schema)
    told = (Message("system", _filled(_EXTRACT, schema)), Message("user", _EXAMPLE), _example(schema))
    return Request(sentence.item, (*told, Message("user", sentence.text)), "labels", shape)


def judgement(a: Claim, b: Claim, schema: Schema) -> Request:
    """Ask how two claims stand to each other."""
    relations = schema.names("relation")
    shape = _object({"relation": {"type": "string", "enum": list(relations)}})
    told = [Message("system", _filled(_JUDGE, schema))]
    for left, right, relation in _PAIRS:
        told += [_shown(left, right), Message("assistant", _compact({"relation": relation}))]
    asked = _shown(a.proposition, b.proposition)
    return Request(pair_id(a.claim_id, b.claim_id), (*told, asked), "judgement", shape, relations)


def _shown(a: str, b: str) -> Message:
    return Message("user", f"A: {' '.join(a.split())}\nB: {' '.join(b.split())}")


@lru_cache(maxsize=8)
def _filled(template: str, schema: Schema) -> str:
    sets = {name: "\n".join(_described(schema, name)) for name in schema.label_sets if f"{{{name}}}" in template}
    return template.format(**sets)


def _described(schema: Schema, name: str) -> Iterator[str]:
    usual = schema.names(name)[:1] if name in CLAIM_LABELS else ()
    return (f"- {each.const}: {each.description}" for each in schema.label_sets[name] if each.const not in usual)


@lru_cache(maxsize=8)
def _example(schema: Schema) -> Message:
    """The answer to the example, as far as the corpus has its labels."""
    mentions = [
        {"quote": quote, "type": type, "level": level}
        for quote, type, level in _MENTIONS
        if type in schema.names("entity_type")
    ]
    known = deviations(schema)
    claims = [
        {"proposition": proposition, "labels": [label for label in labels if label in known]}
        for proposition, labels in _CLAIMS
    ]
    return Message("assistant", _compact({"mentions": mentions, "claims": claims}))


# --- the schema of an answer ----------------------------------------------------------------------------------

CLAIM_LABELS = ("claim_kind", "polarity", "certainty")


def deviations(schema: Schema) -> dict[str, str]:
    """The labels of claims that are asked for, and the label set of each: all but the first of a set, the usual one.

    A claim takes one of a set; what is not said costs no tokens.
    """
    return {label: name for name in CLAIM_LABELS for label in schema.names(name)[1:]}


def item_schemas(schema: Schema) -> dict[str, dict[str, Any]]:
    """The JSON Schema of one item of `mentions` and of `claims`."""
    mention, claim = _fields(schema, "mention"), _fields(schema, "claim")
    labels = {"type": "array", "items": {"type": "string", "enum": list(deviations(schema))}, "maxItems": MOST_LABELS}
    return {
        "mentions": _object({name: mention[name] for name in ("quote", "type", "level")}),
        "claims": _object({"proposition": claim["proposition"], "labels": labels}),
    }


@lru_cache(maxsize=8)
def _extraction_schema(schema: Schema) -> dict[str, Any]:
    most = {"mentions": MOST_MENTIONS, "claims": MOST_CLAIMS}
    items = item_schemas(schema).items()
    return _object({name: {"type": "array", "items": item, "maxItems": most[name]} for name, item in items})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    """All members required and none besides: what endpoints call strict."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _fields(schema: Schema, concept: str) -> dict[str, Any]:
    members = schema.documents[f"{concept}.schema.json"]["properties"]
    return {name: _inlined(member, schema) for name, member in members.items()}


def _inlined(member: dict[str, Any], schema: Schema) -> dict[str, Any]:
    """A field of the corpus' schema with its labels written out, in the few words that every endpoint understands."""
    options = member.get("anyOf", [member])
    labels = [option["$ref"].rsplit("/", 1)[1] for option in options if LABELS_FILE in option.get("$ref", "")]
    if not labels:
        return {"type": "string"}
    nullable = any(option.get("type") == "null" for option in options)
    names = [*schema.names(labels[0]), *([None] if nullable else [])]
    return {"type": ["string", "null"] if nullable else "string", "enum": names}


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
