"""Clauses by spaCy's dependency parse: a verb with what hangs on it, without the clauses that hang on it in turn.

Cut out are coordinated verbs, subordinate clauses with a subject of their own, relative clauses and participles after
a comma, and what is said from who says it; a condition stays with what it conditions (GUIDELINES 4.1). The labels are
those of ClearNLP, in which the models are trained (https://spacy.io/models/en).
"""

from collections.abc import Iterator
from typing import Any

from variorum.baselines.parsing import Parsed
from variorum.baselines.saying import Statement, Stretch
from variorum.baselines.vocabulary import vocabulary

_SAYING = vocabulary(
    "say tell add warn write announce deny claim recall explain note argue insist report reveal believe think expect "
    "estimate suggest show reply state acknowledge admit declare remark observe predict"
)
_SUBJECTS = vocabulary("nsubj nsubjpass csubj csubjpass expl")
_OCCASION = vocabulary("dobj dative prep npadvmod")  # what makes the act of saying a claim of its own (4.5)
_LINKS = vocabulary("punct cc mark preconj")
_DROPPED_AT_START = vocabulary("that and but or while whereas because after before when although though so")


def statements(paragraph: Parsed) -> Iterator[Statement]:
    """The statements of a paragraph, with offsets of the article."""
    for sentence in paragraph.doc.sents:
        heads = [token for token in sentence if _is_head(token)]
        for head in heads:
            source = _source(head)
            if head.lemma_ in _SAYING and not _is_occasion(head):
                continue
            spans = _spans(_own(head, heads), paragraph.start)
            if spans:
                yield Statement(
                    spans,
                    cue=_stretch([source], paragraph.start) if source is not None else None,
                    who=_subject(source, heads, paragraph.start) if source is not None else None,
                    subject=None if _subjects(head) else _inherited(head, heads, paragraph.start),
                )
        yield from _appositives(sentence, heads, paragraph.start)


def _is_verb(token: Any) -> bool:
    return token.pos_ in ("VERB", "AUX")


def _subjects(token: Any) -> list[Any]:
    return [child for child in token.children if child.dep_ in _SUBJECTS]


def _is_head(token: Any) -> bool:
    """Whether a verb makes a clause that is cut out."""
    if not _is_verb(token):
        return False
    if token.dep_ == "ROOT":
        return bool(_subjects(token)) or token.morph.get("VerbForm") == ["Fin"] or token.pos_ == "AUX"
    if token.dep_ == "conj":
        return _is_head(token.head)
    if token.dep_ in ("ccomp", "advcl", "parataxis"):
        conditional = any(child.dep_ == "mark" and child.lower_ in ("if", "unless") for child in token.children)
        return bool(_subjects(token)) and not conditional and not _asks(token)
    if token.dep_ in ("relcl", "acl"):
        return _after_comma(token) and (token.dep_ == "relcl" or token.tag_ == "VBN")
    return False


def _asks(token: Any) -> bool:
    """Whether a clause is an object such as "what buyers pay for", which is no statement of its own."""
    first = min(token.subtree, key=lambda each: each.i)
    return token.dep_ == "ccomp" and first.tag_ in ("WP", "WRB", "WDT", "WP$")


def _after_comma(token: Any) -> bool:
    first = min(token.subtree, key=lambda each: each.i)
    return bool(first.i > 0 and token.doc[first.i - 1].text == ",")


def _source(head: Any) -> Any:
    """The verb of saying that a clause is the content of, with coordinated contents; None if the article says it."""
    while head.dep_ == "conj" and not (head.lemma_ in _SAYING and _subjects(head)):
        head = head.head
    said = head.dep_ in ("ccomp", "parataxis") and head.head.lemma_ in _SAYING and _subjects(head.head)
    if said:
        return head.head
    below = [child for child in head.children if child.dep_ == "parataxis" and child.lemma_ in _SAYING]
    return below[0] if below and _subjects(below[0]) else None


def _is_occasion(verb: Any) -> bool:
    """Whether a verb of saying tells more than who said what: to whom, when or where; or says no content at all."""
    content = any(child.dep_ in ("ccomp", "parataxis") for child in verb.children)
    return not content or any(child.dep_ in _OCCASION for child in verb.children)


def _own(head: Any, heads: list[Any]) -> list[Any]:
    """The tokens of a clause: what hangs on the verb, but not what hangs on the clauses below it."""
    below = {token.i for other in heads if other != head and head.is_ancestor(other) for token in other.subtree}
    return [token for token in head.subtree if token.i not in below]


def _spans(tokens: list[Any], offset: int) -> tuple[Stretch, ...]:
    """Runs of tokens; runs are one if only punctuation parts them, and end in no punctuation or conjunction."""
    tokens = _trimmed(sorted(tokens, key=lambda token: token.i))
    runs: list[list[Any]] = []
    for token in tokens:
        between = token.doc[runs[-1][-1].i + 1 : token.i] if runs else []
        if runs and all(each.is_punct or each.is_space for each in between) and len(between) < 2:
            runs[-1].append(token)
        else:
            runs.append([token])
    kept = [run for run in map(_trimmed, runs) if any(token.text[:1].isalnum() for token in run)]
    return tuple(stretch for run in kept if (stretch := _stretch(run, offset)))


def _trimmed(tokens: list[Any]) -> list[Any]:
    """Without punctuation, conjunctions and linking words at the start, without punctuation at the end."""
    start, end = 0, len(tokens)
    while start < end and _is_link(tokens[start]):
        start += 1
    while end > start and (tokens[end - 1].is_punct or tokens[end - 1].is_space or tokens[end - 1].dep_ == "cc"):
        end -= 1
    return tokens[start:end]


def _is_link(token: Any) -> bool:
    linking = token.dep_ in _LINKS or token.dep_ == "advmod"
    return token.is_punct or token.is_space or (linking and token.lower_ in _DROPPED_AT_START)


def _stretch(tokens: list[Any], offset: int) -> Stretch:
    return offset + tokens[0].idx, offset + tokens[-1].idx + len(tokens[-1].text)


def _subject(verb: Any, heads: list[Any], offset: int) -> Stretch | None:
    """Where the first subject of a verb stands, without clauses inside it."""
    found = _subjects(verb)
    tokens = _trimmed(_own(found[0], heads)) if found else []
    return _stretch(tokens, offset) if tokens else None


def _inherited(head: Any, heads: list[Any], offset: int) -> Stretch | None:
    """The subject of a clause that has none: of the verb it is coordinated with, or the noun it hangs on."""
    if head.dep_ == "conj":
        return _subject(head.head, heads, offset) or _inherited(head.head, heads, offset)
    if head.dep_ in ("acl", "relcl"):
        tokens = [token for token in _own(head.head, heads) if token.i < head.i and not token.is_punct]
        near = [token for token in tokens if token.i <= head.head.i]
        return _stretch(near, offset) if near else None
    return None


def _appositives(sentence: Any, heads: list[Any], offset: int) -> Iterator[Statement]:
    """A name and what stands beside it between commas: "Mara Lund, a baker from Ulm"."""
    for token in sentence:
        if (
            token.dep_ == "appos"
            and token.pos_ in ("NOUN", "NUM")
            and token.head.pos_ == "PROPN"
            and token.i > token.head.i
        ):
            below = _own(token, heads)
            name = [
                each for each in token.head.subtree if each.i <= token.head.i and each.ent_type_ == token.head.ent_type_
            ]
            tokens = _trimmed([*sorted(name, key=lambda each: each.i), *sorted(below, key=lambda each: each.i)])
            if tokens:
                yield Statement((_stretch(tokens, offset),))
