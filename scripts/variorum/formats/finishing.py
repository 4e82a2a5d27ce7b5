"""From a draft to a prediction: labels mapped, everything checked, quotes resolved, what is wrong left out.

The checks of `variorum.checks` are asked pass by pass. What a pass finds wrong is taken out for the next one, so that
no problem of one record hides those of another. A record that names one that was taken out is not wrong for that.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from variorum.checks import RULES, Checked, check_value
from variorum.formats import bulk
from variorum.formats.draft import Context, Draft, Item, Json, claims_from, without_texts
from variorum.formats.prediction import Prediction, Resolutions, Unresolved
from variorum.formats.soundness import is_sound
from variorum.problems import ERROR, WARNING, Problem, in_order
from variorum.quotes import UNRESOLVED
from variorum.records import LAYERS, AnnotationSet, Claim, Pair
from variorum.schema import SCHEMA_VERSION

DOCUMENTS = "documents"
_LISTS = (DOCUMENTS, *LAYERS)
_RECORD = re.compile(rf"\$\.({'|'.join(_LISTS)})\[(\d+)\]")
_FIELD = re.compile(r"\.(\w+)(?:\[(\d+)\])?")
_IDS = {"mentions": "mention_id", "entities": "entity_id", "claims": "claim_id", "contradictions": "pair_id"}


class _At(NamedTuple):
    """An entry of a list of the draft."""

    layer: str
    number: int


def finish(draft: Draft, kind: str, context: Context, lenient: bool, source: str) -> Prediction:
    """The prediction that a draft makes; `source` is the set's if the draft has none. Never raises."""
    defaults = {} if draft.headed else {"schema_version": SCHEMA_VERSION, "source": source, "role": "system"}
    header = {**defaults, **draft.header}
    work = _Work(draft, header, context)
    if not draft.broken and draft.size >= bulk.MANY and (fast := work.fast(kind)):
        return fast
    if draft.size or draft.documents or draft.header or draft.headed:
        work.check(lenient)
    return work.prediction(kind, lenient)


class _Work:
    """What is known of a draft while it is checked: which entries are out, and what was found."""

    def __init__(self, draft: Draft, header: Json, context: Context) -> None:
        self.draft, self.header, self.context = draft, header, context
        self.broken, self.stood_in = draft.broken, False
        self.problems: dict[Problem, None] = dict.fromkeys(draft.problems)
        self.lists: dict[str, tuple[Item, ...]] = {DOCUMENTS: draft.documents, **draft.layers}
        self.unmapped: dict[_At, str] = {}
        self.values = {layer: list(self._mapped(layer, items)) for layer, items in self.lists.items()}
        self.kept = {layer: list(range(len(items))) for layer, items in self.lists.items()}
        self.out: dict[str, set[object]] = {layer: set() for layer in _LISTS}
        self.checked = Checked(None, ())

    def _mapped(self, layer: str, items: Iterable[Item]) -> Iterator[Any]:
        """The values, with types mapped; one that the map leaves out has a type that passes, and goes at the end."""
        known = self.context.corpus.schema.names("entity_type")[0]
        for i, item in enumerate(items):
            value = item.value if self.context.corpus.has_texts else without_texts(item.value)
            label = value.get("type") if isinstance(value, dict) else None
            if layer in ("mentions", "entities") and isinstance(label, str) and label in self.context.label_map:
                new = self.context.label_map[label]
                if new is None:
                    self.unmapped[_At(layer, i)] = label
                value = {**value, "type": known if new is None else new}
            yield value

    def value(self) -> Json:
        """The set as it is now."""
        lists = {name: [self.values[name][i] for i in kept] for name, kept in self.kept.items()}
        if not self.draft.listed:
            lists.pop(DOCUMENTS, None)
        return {**self.header, **lists}

    # --- passes ---

    def check(self, lenient: bool) -> None:
        """Check, take out what is wrong, and again until nothing is or (not `lenient`) nothing more can be learnt."""
        while True:
            # Pairs about the set's own claims are not looked up among gold's.
            claims = self.context.claims if self.header.get("claims_from") else None
            self.checked = check_value(self.value(), self.draft.name, self.context.corpus, claims, fold=True)
            bad = {at for problem in self.checked.problems if (at := self._note(problem))}
            header_wrong = any(_is_about_header(problem) for problem in self._asked(self.checked.problems))
            self.broken |= header_wrong
            if header_wrong and not self.stood_in:
                self._stand_in()
            elif not bad or (not lenient and not any(p.rule == "schema" for p in self.checked.problems)):
                return  # only what breaks the schema hides other problems
            self._take_out(bad)
            if self.lists[DOCUMENTS] and not self.kept[DOCUMENTS]:
                self.broken = True
                return

    def _asked(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """The errors that count. Those by rules for people only ask whether their labels are complete."""
        return (p for p in problems if p.level == ERROR and (p.rule not in RULES or "system" in RULES[p.rule].roles))

    def _note(self, problem: Problem) -> _At | None:
        """Note a problem under the place where it stands in the file; the entry that it is about, if there is one."""
        if not any(self._asked([problem])):
            return None
        found = _RECORD.match(problem.place)
        if not found:
            if not self.stood_in:
                self.problems[msgspec.structs.replace(problem, message=self._message(problem.message))] = None
            return None
        at, path = self._original(found), problem.place[found.end() :]
        if self._follows(problem, at, path):
            return None
        origin = self.lists[at.layer][at.number].origin.inside(path)
        self.problems[origin.problem(problem.rule, self._message(problem.message))] = None
        return at

    def _original(self, found: re.Match[str]) -> _At:
        return _At(found[1], self.kept[found[1]][int(found[2])])

    def _message(self, message: str) -> str:
        """A message with the entries that it names called as in the file."""

        def called(found: re.Match[str]) -> str:
            at = self._original(found)
            origin = self.lists[at.layer][at.number].origin
            return origin.place if origin.file == self.draft.name else f"{origin.file}::{origin.place}"

        return _RECORD.sub(called, message)

    def _follows(self, problem: Problem, at: _At, path: str) -> bool:
        """Whether a problem is only that what an entry names was taken out."""
        if problem.rule != "dangling-reference" or not (field := _FIELD.fullmatch(path)):
            return False
        named = self.values[at.layer][at.number].get(field[1])
        named = named[int(field[2])] if field[2] else named
        return any(named in names for layer, names in self.out.items() if layer != DOCUMENTS)

    def _take_out(self, bad: set[_At]) -> None:
        """Take entries out; with a document, all its records."""
        gone = {name for at in bad if at.layer == DOCUMENTS and (name := _id(self._entry(at), "doc_id")) is not None}
        kept_documents = [i for i in self.kept.get(DOCUMENTS, []) if _At(DOCUMENTS, i) not in bad]
        gone -= {_id(self.values[DOCUMENTS][i], "doc_id") for i in kept_documents}
        for layer, kept in self.kept.items():
            out = {
                i
                for i in kept
                if _At(layer, i) in bad or (layer != DOCUMENTS and _id(self.values[layer][i], "doc_id") in gone)
            }
            self.out[layer] |= {_id(self.values[layer][i], _IDS.get(layer, "doc_id")) for i in out}
            self.kept[layer] = [i for i in kept if i not in out]

    def _entry(self, at: _At) -> Any:
        return self.values[at.layer][at.number]

    def _stand_in(self) -> None:
        """A header that is right, so that the records can be checked although theirs is not."""
        self.stood_in = True
        documents = self.context.documents.values()
        layers = {name: value for name, value in self.header.items() if name in LAYERS and value is None}
        named, claims = self.header.get("claims_from"), self.context.claims
        self.header = {"schema_version": SCHEMA_VERSION, "source": "unnamed", "role": "system", **layers}
        self.header |= {"claims_from": claims_from(claims)} if named and claims else {}
        if not self.kept.get(DOCUMENTS):
            listed = [{"doc_id": each.doc_id, "text_sha256": each.source.sha256} for each in documents]
            self.header[DOCUMENTS] = listed
            self.kept.pop(DOCUMENTS, None)

    # --- the end ---

    def fast(self, kind: str) -> Prediction | None:
        """The prediction of a large draft with nothing wrong and no quotes; None if the checks have to look at it."""
        if any(problem.level == ERROR for problem in self.draft.problems):
            return None
        whole = bulk.converted(self.value())
        if whole is None or not is_sound(whole, self.context):
            return None
        counts = dict(Counter(label for at, label in self.unmapped.items() if at.layer == "mentions"))
        return Prediction(kind, self._mapped_only(whole), tuple(in_order(self.problems)), unmapped=counts)

    def prediction(self, kind: str, lenient: bool) -> Prediction:
        """What all passes came to."""
        wrong = any(problem.level == ERROR for problem in self.problems)
        usable = self.checked.annotation_set if lenient or not wrong else None
        unresolved = tuple(self._unresolved())
        folded = [self._warning(problem) for problem in self.checked.folded]
        problems = in_order([*self.problems, *(each.problem for each in unresolved), *folded])
        if usable is None or self.broken:
            return Prediction(kind, None, tuple(problems))
        unmapped = Counter(label for at, label in self.unmapped.items() if self._is_kept(at) and at.layer == "mentions")
        return Prediction(
            format=kind,
            annotation_set=_settled(self._mapped_only(usable)),
            problems=tuple(problems),
            resolutions=Resolutions(self.checked.quotes - len(folded), len(folded)),
            unresolved=unresolved,
            unmapped=dict(unmapped),
            dropped=self._dropped(),
        )

    def _is_kept(self, at: _At) -> bool:
        return at.number in self.kept[at.layer]

    def _dropped(self) -> dict[str, int]:
        unread = sum(problem.level == ERROR for problem in self.draft.problems)
        counts = {name: len(items) - len(self.kept.get(name, ())) for name, items in self.lists.items()}
        return {name: count for name, count in {**counts, "unread": unread}.items() if count}

    def _warning(self, problem: Problem) -> Problem:
        found = _RECORD.match(problem.place)
        if not found:
            return problem
        at = self._original(found)
        origin = self.lists[at.layer][at.number].origin.inside(problem.place[found.end() :])
        return origin.problem(problem.rule, problem.message, WARNING)

    def _unresolved(self) -> Iterator[Unresolved]:
        """The quotes that were not settled, but for those of mentions that the label map leaves out."""
        sets = [each for each in (self.context.claims, self.checked.annotation_set) if each]
        claims = {claim.claim_id: claim.doc_id for each in sets for claim in each.claims or ()}
        for problem in self.checked.unresolved:
            found = _RECORD.match(problem.place)
            if not found or (at := self._original(found)) in self.unmapped:
                continue
            record, part = self._entry(at), problem.place[found.end() :].removeprefix(".")
            doc_id = record.get("doc_id", claims.get(record.get(f"claim_{part[-1:]}")))
            whole = at.layer == "mentions" or part.startswith("spans")
            yield Unresolved(at.layer, str(doc_id), record, None if whole else part, self._warning(problem))

    def _mapped_only(self, whole: AnnotationSet) -> AnnotationSet:
        """The set without the mentions and entities that the label map leaves out."""
        layers: dict[str, Any] = {}
        for layer in {at.layer for at in self.unmapped}:
            gone = {at.number for at in self.unmapped if at.layer == layer}
            records = zip(self.kept[layer], getattr(whole, layer), strict=True)
            layers[layer] = tuple(record for i, record in records if i not in gone)
        return msgspec.structs.replace(whole, **layers)


def _is_about_header(problem: Problem) -> bool:
    return not _RECORD.match(problem.place)


def _id(value: Any, key: str) -> object:
    """The id of a plain record; None if it has none that can be looked up."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def _settled(whole: AnnotationSet) -> AnnotationSet:
    """The set without records, and without parts of records, whose quote was not settled."""
    mentions = None if whole.mentions is None else tuple(m for m in whole.mentions if m.start != UNRESOLVED)
    claims = None if whole.claims is None else tuple(map(_claim, filter(_is_settled, whole.claims)))
    pairs = None if whole.contradictions is None else tuple(map(_pair, whole.contradictions))
    return msgspec.structs.replace(whole, mentions=mentions, claims=claims, contradictions=pairs)


def _is_settled(claim: Claim) -> bool:
    return all(span.start != UNRESOLVED for span in claim.spans)


def _claim(claim: Claim) -> Claim:
    lost = claim.cue is not None and claim.cue.start == UNRESOLVED
    return msgspec.structs.replace(claim, cue=None) if lost else claim


def _pair(pair: Pair) -> Pair:
    spans = {"span_a": pair.span_a, "span_b": pair.span_b}
    lost = {name: None for name, span in spans.items() if span is not None and span.start == UNRESOLVED}
    return msgspec.structs.replace(pair, **lost) if lost else pair
