"""What a model said about a sentence, made into mentions and claims; what is not as asked is told, item by item."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from variorum import reading
from variorum.baselines.llm.prompts import CLAIM_LABELS, deviations, item_schemas
from variorum.baselines.llm.sentences import Sentence
from variorum.baselines.stretches import WORD
from variorum.problems import shown
from variorum.quotes import UNRESOLVED, places, resolve
from variorum.records import Claim, Mention, Span
from variorum.schema import STRICT, Schema
from variorum.values import VALUE_KINDS

_TELLING = 4  # letters; shorter words hardly tell where in a sentence something is said
_FENCE = re.compile(r"\A\s*```\w*\n(.*?)\n?```\s*\Z", re.DOTALL)


class Failure(msgspec.Struct, frozen=True):
    """Something that is not what was asked for, and is left out: an answer, or one item of it."""

    item: str
    message: str


class Labelled(msgspec.Struct, frozen=True):
    """The labels of one sentence, in text order, with offsets in the article."""

    mentions: tuple[Mention, ...] = ()
    claims: tuple[Claim, ...] = ()
    failures: tuple[Failure, ...] = ()


def parsed(text: str) -> dict[str, Any] | str:
    """The JSON object that an answer is, fenced as code or not; or what is wrong with it."""
    fenced = _FENCE.match(text)
    read = reading.parse((fenced[1] if fenced else text).encode("utf-8", "replace"), "answer")
    if isinstance(read.value, dict) and not read.problems:
        return read.value
    return f"the answer is no JSON object: {shown(text)}"


def labels(text: str, sentence: Sentence, article: str, schema: Schema) -> Labelled:
    """The labels in an answer to `prompts.extraction`, in the article that the sentence is of. Never raises."""
    value = parsed(text)
    if isinstance(value, str):
        return Labelled(failures=(Failure(sentence.item, value),))
    failures: list[Failure] = []
    sound = {layer: list(_sound(value, layer, sentence, schema, failures)) for layer in ("mentions", "claims")}
    records = {"mentions": list(_mentions(sound["mentions"], sentence))}
    resolved = resolve(records, {sentence.doc_id: sentence.text}, {}, sentence.item, fold=True)
    failures += [Failure(sentence.item, f"{problem.place}: {problem.message}") for problem in resolved.problems]
    mentions = {(m.start, m.end): m for m in _placed_mentions(resolved.value["mentions"], sentence, article)}
    claims = {(c.spans, c.proposition): c for c in _claims(sound["claims"], sentence, article, schema, failures)}
    return Labelled(
        tuple(sorted(mentions.values(), key=lambda m: (m.start, -m.end))),
        tuple(sorted(claims.values(), key=lambda c: (c.spans[0].start, c.spans[0].end))),
        tuple(failures),
    )


def _sound(
    value: dict[str, Any], layer: str, sentence: Sentence, schema: Schema, failures: list[Failure]
) -> Iterator[dict[str, Any]]:
    """The items of a layer that are as asked; the others are failures."""
    items = value.get(layer)
    if not isinstance(items, list):
        failures.append(Failure(sentence.item, f"$.{layer} is {shown(items)}, not a list"))
        return
    for i, item in enumerate(items):
        wrong = next(_validators(schema)[layer].iter_errors(item), None)
        empty = isinstance(item, dict) and not all(item.get(name, "x") != "" for name in ("quote", "proposition"))
        if wrong is None and not empty:
            yield item
        else:
            why = shown(wrong.message) if wrong else "a quote or proposition is empty"
            failures.append(Failure(sentence.item, f"$.{layer}[{i}]: {why}"))


@lru_cache(maxsize=8)
def _validators(schema: Schema) -> dict[str, Any]:
    return {layer: STRICT(item) for layer, item in item_schemas(schema).items()}


# --- quotes ---------------------------------------------------------------------------------------------------


def _mentions(items: list[dict[str, Any]], sentence: Sentence) -> Iterator[dict[str, Any]]:
    """A quote that stands several times is the n-th of them when it is quoted for the n-th time."""
    quoted: Counter[str] = Counter()
    for item in items:
        yield {**item, "doc_id": sentence.doc_id, **_occurrence(sentence.text, item["quote"], quoted[item["quote"]])}
        quoted[item["quote"]] += 1


def _occurrence(text: str, quote: str, number: int) -> dict[str, int]:
    """The occurrence of a quote that stands there as whole words for the (number + 1)-th time, the last at most."""
    found = places(text, quote)
    whole = [i for i, at in enumerate(found) if _is_whole(text, at, at + len(quote))] or list(range(len(found)))
    return {"occurrence": whole[min(number, len(whole) - 1)]} if whole else {}


def _is_whole(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start + 1], text[end - 1 : end + 1]
    return not (before.isalnum() and len(before) == 2) and not (after.isalnum() and len(after) == 2)


# --- records --------------------------------------------------------------------------------------------------


def _placed_mentions(records: list[dict[str, Any]], sentence: Sentence, article: str) -> Iterator[Mention]:
    for record in records:
        if record["start"] == UNRESOLVED:
            continue
        start, end = sentence.start + record["start"], sentence.start + record["end"]
        type = record["type"]
        yield Mention(
            mention_id=f"{sentence.doc_id}-m{start}-{end}",
            doc_id=sentence.doc_id,
            start=start,
            end=end,
            text=article[start:end],
            type=type,
            level=None if type in VALUE_KINDS else record["level"],
        )


# --- claims ---------------------------------------------------------------------------------------------------


def _claims(
    items: list[dict[str, Any]], sentence: Sentence, article: str, schema: Schema, failures: list[Failure]
) -> Iterator[Claim]:
    seen: Counter[tuple[int, int]] = Counter()
    for item in items:
        found = _claim_labels(item["labels"], schema)
        if found is None:
            failures.append(Failure(sentence.item, f"a claim is {' and '.join(item['labels'])} at once"))
            continue
        low, high = evidence(sentence.text, item["proposition"])
        start, end = sentence.start + low, sentence.start + high
        seen[start, end] += 1
        number = f"-{seen[start, end]}" if seen[start, end] > 1 else ""
        yield Claim(
            claim_id=f"{sentence.doc_id}-c{start}-{end}{number}",
            doc_id=sentence.doc_id,
            spans=(Span(start=start, end=end, text=article[start:end]),),
            proposition=item["proposition"],
            kind=found["claim_kind"],
            polarity=found["polarity"],
            certainty=found["certainty"],
        )


def _claim_labels(labels: list[str], schema: Schema) -> dict[str, str] | None:
    """The labels of a claim by label set; None if it was given two of one set."""
    sets = deviations(schema)
    told = {sets[label]: label for label in labels}
    if len(told) < len(set(labels)):
        return None
    return {name: told.get(name, schema.names(name)[0]) for name in CLAIM_LABELS}


def evidence(sentence: str, proposition: str) -> tuple[int, int]:
    """The stretch of a sentence from the first to the last word that it shares with a proposition.

    Short words count only as neighbours of others: what stands in every sentence says nothing of the place. The whole
    sentence if they share none.

    >>> evidence("In May the ferry sank, and Dahl left.", "Dahl left.")
    (27, 36)
    """
    said = {word[0].casefold() for word in WORD.finditer(proposition)}
    shared = [w for w in WORD.finditer(sentence) if _tells(w[0]) and w[0].casefold() in said]
    return (shared[0].start(), shared[-1].end()) if shared else (0, len(sentence))


def _tells(word: str) -> bool:
    return len(word) >= _TELLING or word.isdecimal()
