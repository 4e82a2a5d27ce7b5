"""Pools of pairs that are judged, from files and from another corpus whose answers are known; lists, which are open."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from variorum import reading
from variorum.checks import read_claims
from variorum.cli import studio_rounds as rounds
from variorum.cli.app import fail, shown
from variorum.corpus import Corpus, CorpusError, read_corpus
from variorum.label_studio import config, judging
from variorum.label_studio import screening as screened
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.rounds import PAIR_LAYERS, Edition, Kept, Round, fingerprint
from variorum.label_studio.tasks import TaskData
from variorum.problems import several
from variorum.records import AnnotationSet, Pair, claims_from, claims_sha256, pair_id

KNOWN = "known"  # the stratum of pairs whose answers are known, in the records of their own corpus


def claims_at(path: Path | None) -> AnnotationSet | None:
    """The set at `--claims`; ends with exit code 2 if it is none."""
    if path is None:
        return None
    return read_claims(path) or fail(f"--claims {shown(path)}: no annotation set with offsets can be read there")


def claims_set(corpus: Corpus, given: AnnotationSet | None, wanted: str | None = None) -> AnnotationSet:
    """The set whose claims are judged: the one given, or the corpus' own one with that hash (consolidated if none)."""
    own = [read_claims(path) for path in corpus.claim_sets] if given is None else [given]
    for each in own:
        if each is not None and wanted in (None, claims_sha256(each.claims or ())):
            return each
    raise StudioError("the claims that are judged are not at hand: name their set with --claims")


def pair_round(
    corpus: Corpus, name: str, judged: AnnotationSet, version: str, is_open: bool, editions: tuple[Edition, ...]
) -> Round:
    """A round of pairs about the claims of this set."""
    named = claims_from(judged)
    mark = fingerprint(corpus.documents)
    return Round(mark, name, Kind.pairs, version, PAIR_LAYERS, named, is_open, editions)


def part(corpus: Corpus, pairs: list[Pair], judged: AnnotationSet) -> judging.Part:
    """Pairs with what is needed to show them; StudioError if the set has not all of their claims."""
    claims = {claim.claim_id: claim for claim in judged.claims or ()}
    unknown = sorted({end for pair in pairs for end in (pair.claim_a, pair.claim_b)} - claims.keys())
    if unknown:
        raise StudioError(f"{judged.source} has no claims {several(unknown)}")
    return judging.Part(tuple(pairs), claims, corpus.documents)


def pair_tasks(corpus: Corpus, asked: Round, pairs: list[Pair], judged: AnnotationSet) -> dict[str, TaskData]:
    """The task data of pairs, by pair_id, as the round (or its one annotator) is shown them."""
    return judging.drawn([part(corpus, pairs, judged)], asked.round, asked.annotator)


# --- pools from files ----------------------------------------------------------------------------------------


def pool(corpus: Corpus, name: str, file: Path, claims: Path | None, text: str) -> tuple[Round, judging.Part]:
    """The closed round that judges the pairs of a file, and these pairs."""
    value = _json(file)
    named = value.get("claims_from") if isinstance(value, dict) else None
    wanted = named.get("sha256") if isinstance(named, dict) else None
    judged = claims_set(corpus, claims_at(claims), wanted)
    version, editions = rounds.version(text), rounds.editions(text)
    asked = pair_round(corpus, name, judged, version, is_open=False, editions=editions)
    return asked, part(corpus, list(_pairs(_listed(value), shown(file))), judged)


def _json(file: Path) -> Any:
    read = reading.read_json(file, shown(file))
    if read.problems:
        raise StudioError("; ".join(problem.line() for problem in read.problems))
    return read.value


def _listed(value: Any) -> Any:
    return value.get("contradictions") if isinstance(value, dict) else value


def _pairs(listed: object, file: str) -> Iterator[Pair]:
    """The pairs of a pool, without anything that was said about them."""
    if not isinstance(listed, list):
        raise StudioError(f"{file}: neither a JSON list of pairs nor an annotation set with contradictions")
    for i, item in enumerate(listed):
        ends = [item.get("claim_a"), item.get("claim_b")] if isinstance(item, dict) else []
        if len(ends) != 2 or not all(isinstance(end, str) for end in ends) or ends[0] == ends[1]:
            raise StudioError(f"{file}: pair {i} does not name two claims as claim_a and claim_b")
        yield _bare(*map(str, ends))


def _bare(one: str, other: str) -> Pair:
    claim_a, claim_b = sorted((one, other))
    return Pair(pair_id=pair_id(claim_a, claim_b), claim_a=claim_a, claim_b=claim_b, relation="unclear")


def strata(file: Path | None) -> dict[str, str]:
    """How each pair of a pool came into it, by pair_id; the server does not know."""
    listed = _listed(_json(file)) if file else []
    named = (item for item in listed or () if isinstance(item, dict) and isinstance(item.get("stratum"), str))
    return {pair_id(str(item.get("claim_a")), str(item.get("claim_b"))): item["stratum"] for item in named}


def with_strata(annotation_set: AnnotationSet, by_pair: Mapping[str, str]) -> AnnotationSet:
    """The set with the stratum of each pair that has one."""
    if not by_pair or annotation_set.contradictions is None:
        return annotation_set
    judged = (msgspec.structs.replace(p, stratum=by_pair.get(p.pair_id)) for p in annotation_set.contradictions)
    return msgspec.structs.replace(annotation_set, contradictions=tuple(judged))


# --- known answers from another corpus -----------------------------------------------------------------------


def known_corpus(root: Path, like: Corpus) -> Corpus:
    """The corpus whose answers are known; StudioError if it is none, or if its labels are not those of the round."""
    try:
        corpus = read_corpus(root)
    except CorpusError as error:
        raise StudioError(str(error)) from error
    asked = Round(fingerprint(corpus.documents), KNOWN, Kind.pairs, "", PAIR_LAYERS)
    if config.drawn(asked.config(corpus.schema)) != config.drawn(asked.config(like.schema)):
        raise StudioError(f"--known {shown(root)}: its labels are others, so its pairs could be told from the rest")
    return corpus


def known_part(known: Corpus) -> judging.Part:
    """The pairs that the gold of a corpus has an answer for."""
    gold = read_claims(known.gold)
    if gold is None:
        raise StudioError(f"there is no {shown(known.gold)}, in which the known answers would stand")
    answered = [each for each in gold.contradictions or () if each.relation != "unclear"]
    return part(known, [_bare(each.claim_a, each.claim_b) for each in answered], _known_claims(known, gold))


def _known_claims(known: Corpus, gold: AnnotationSet) -> AnnotationSet:
    return claims_set(known, None, claims_sha256(gold.claims or ()))


def known_kept(known: Corpus, asked: Round, tasks: list[Any]) -> Kept:
    """The header of the known pairs' own export, in their own corpus."""
    gold = read_claims(known.gold)
    judged = _known_claims(known, gold) if gold else claims_set(known, None)
    of_known = pair_round(known, asked.round, judged, asked.guideline_version, False, asked.editions)
    whole = msgspec.structs.replace(of_known, labels=asked.labels, measured=asked.measured)
    return Kept(whole, {str(task["data"]["pair_id"]): KNOWN for task in tasks})


# --- lists ---------------------------------------------------------------------------------------------------


def screening(corpus: Corpus, name: str, claims: Path | None, text: str) -> tuple[Round, dict[str, TaskData]]:
    """The round in which annotators list pairs of claims, and a task for every two articles, by the names of both."""
    judged = claims_set(corpus, claims_at(claims))
    version, editions = rounds.version(text), rounds.editions(text)
    listed = pair_round(corpus, name, judged, version, is_open=True, editions=editions)
    return msgspec.structs.replace(listed, kind=Kind.screening), screening_tasks(corpus, judged)


def screening_tasks(corpus: Corpus, judged: AnnotationSet) -> dict[str, TaskData]:
    """The task data of every two articles, by the names of both."""
    tasks = screened.screening_tasks(judged.claims or (), corpus.documents)
    return {task[screened.KEY]: task for task in tasks}
