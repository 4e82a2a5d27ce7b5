"""What the `variorum studio` commands read from the corpus folder: guidelines, articles, pools of pairs, claims."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from variorum import guidelines, reading
from variorum.checks import read_claims, read_set
from variorum.cli.app import fail, lines, shown
from variorum.corpus import Corpus
from variorum.label_studio import articles, client, filing, sending
from variorum.label_studio import pairs as judged_pairs
from variorum.label_studio import screening as screened
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.instructions import page_help, to_html
from variorum.label_studio.results import Result
from variorum.label_studio.rounds import ARTICLE_LAYERS, PAIR_LAYERS, Edition, Round, fingerprint
from variorum.label_studio.tasks import TaskData, article_task, pair_task, swapped
from variorum.problems import ERROR, Problem, several
from variorum.records import LAYERS, AnnotationSet, ClaimsFrom, Pair, claims_sha256, pair_id


def guidelines_text(corpus: Corpus) -> str:
    """The corpus' guidelines; ends with exit code 2 if there are none."""
    path = corpus.annotations / "GUIDELINES.md"
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        fail(f"{shown(path)} cannot be read ({error}): annotators need guidelines")


def _version(text: str) -> str:
    try:
        return guidelines.version(text)
    except ValueError as error:
        raise StudioError(str(error)) from error


def instructions(text: str, kind: Kind) -> str:
    """How the page of this kind of round works, and the guidelines, as HTML."""
    return to_html(page_help(kind) + text)


def export_path(corpus: Corpus, round_name: str, kind: Kind) -> Path:
    """Where the export of a round lies."""
    return corpus.annotations / "exports" / f"{round_name}.{kind}.json"


def kept_path(export: Path) -> Path:
    """Where lies what else the records of an export are made of."""
    return export.with_suffix(".round.json")


def export_beside(kept: Path) -> Path:
    """The inverse of `kept_path`."""
    return kept.with_name(kept.name.removesuffix(".round.json") + ".json")


def kept_paths(corpus: Corpus) -> list[Path]:
    """Every pulled round of a corpus, in order."""
    return sorted((corpus.annotations / "exports").glob("*.round.json"))


def layers_of(annotation_set: AnnotationSet) -> tuple[str, ...]:
    """The layers that a set has."""
    return tuple(layer for layer in LAYERS if getattr(annotation_set, layer) is not None)


# --- articles ------------------------------------------------------------------------------------------------


def article_round(corpus: Corpus, name: str, layers: tuple[str, ...], text: str) -> Round:
    """A round of articles under the corpus' guidelines."""
    return Round(fingerprint(corpus.documents), name, Kind.articles, _version(text), layers, editions=_editions(text))


def _editions(text: str) -> tuple[Edition, ...]:
    """The guidelines that a round begins with."""
    return (Edition(_version(text), hashlib.sha256(text.encode()).hexdigest()),)


def for_practice(asked: Round, practice: bool) -> Round:
    """The round, on which agreement is not measured if it is for practice."""
    return msgspec.structs.replace(asked, measured=not practice)


def article_tasks(corpus: Corpus, asked: Round) -> list[TaskData]:
    """A task for each article of the corpus."""
    return [article_task(document, asked.guideline_version) for document in corpus.documents.values()]


# --- pairs ---------------------------------------------------------------------------------------------------


def claims_at(path: Path | None) -> AnnotationSet | None:
    """The set at `--claims`; ends with exit code 2 if it is none."""
    if path is None:
        return None
    return read_claims(path) or fail(f"--claims {shown(path)}: no annotation set with offsets can be read there")


def pool(corpus: Corpus, name: str, file: Path, claims: Path | None, text: str) -> tuple[Round, dict[str, TaskData]]:
    """The closed round that judges the pairs of a file, and its tasks by pair_id."""
    value = _json(file)
    named = value.get("claims_from") if isinstance(value, dict) else None
    wanted = named.get("sha256") if isinstance(named, dict) else None
    judged = _claims_set(corpus, claims_at(claims), wanted)
    asked = _pair_round(corpus, name, judged, _version(text), is_open=False, editions=_editions(text))
    listed = value.get("contradictions") if isinstance(value, dict) else value
    return asked, pair_tasks(corpus, asked, list(_pairs(listed, shown(file))), judged)


def _json(file: Path) -> Any:
    read = reading.read_json(file, shown(file))
    if read.problems:
        raise StudioError("; ".join(problem.line() for problem in read.problems))
    return read.value


def strata(file: Path | None) -> dict[str, str]:
    """How each pair of a pool came into it, by pair_id; the server does not know."""
    value = _json(file) if file else []
    listed = value.get("contradictions") if isinstance(value, dict) else value
    named = (item for item in listed or () if isinstance(item, dict) and isinstance(item.get("stratum"), str))
    return {pair_id(str(item.get("claim_a")), str(item.get("claim_b"))): item["stratum"] for item in named}


def with_strata(annotation_set: AnnotationSet, by_pair: Mapping[str, str]) -> AnnotationSet:
    """The set with the stratum of each pair that has one."""
    if not by_pair or annotation_set.contradictions is None:
        return annotation_set
    judged = (msgspec.structs.replace(p, stratum=by_pair.get(p.pair_id)) for p in annotation_set.contradictions)
    return msgspec.structs.replace(annotation_set, contradictions=tuple(judged))


def _pairs(listed: object, file: str) -> Iterator[Pair]:
    """The pairs of a pool, without anything that was said about them."""
    if not isinstance(listed, list):
        raise StudioError(f"{file}: neither a JSON list of pairs nor an annotation set with contradictions")
    for i, item in enumerate(listed):
        ends = [item.get("claim_a"), item.get("claim_b")] if isinstance(item, dict) else []
        if len(ends) != 2 or not all(isinstance(end, str) for end in ends) or ends[0] == ends[1]:
            raise StudioError(f"{file}: pair {i} does not name two claims as claim_a and claim_b")
        claim_a, claim_b = sorted(map(str, ends))
        yield Pair(pair_id=pair_id(claim_a, claim_b), claim_a=claim_a, claim_b=claim_b, relation="unclear")


def _claims_set(corpus: Corpus, given: AnnotationSet | None, wanted: str | None) -> AnnotationSet:
    """The set whose claims are judged: the one given, or the corpus' own one with that hash (consolidated if none)."""
    own = [read_claims(path) for path in (corpus.consolidated, corpus.gold)] if given is None else [given]
    for each in own:
        if each is not None and wanted in (None, claims_sha256(each.claims or ())):
            return each
    raise StudioError("the claims that are judged are not at hand: name their set with --claims")


def _pair_round(
    corpus: Corpus, name: str, judged: AnnotationSet, version: str, is_open: bool, editions: tuple[Edition, ...]
) -> Round:
    named = ClaimsFrom(source=judged.source, sha256=claims_sha256(judged.claims or ()))
    mark = fingerprint(corpus.documents)
    return Round(mark, name, Kind.pairs, version, PAIR_LAYERS, named, is_open, editions)


def screening(corpus: Corpus, name: str, claims: Path | None, text: str) -> tuple[Round, dict[str, TaskData]]:
    """The round in which annotators list pairs of claims, and a task for every two articles, by the names of both."""
    judged = _claims_set(corpus, claims_at(claims), None)
    listed = _pair_round(corpus, name, judged, _version(text), is_open=True, editions=_editions(text))
    return msgspec.structs.replace(listed, kind=Kind.screening), screening_tasks(corpus, judged)


def screening_tasks(corpus: Corpus, judged: AnnotationSet) -> dict[str, TaskData]:
    """The task data of every two articles, by the names of both."""
    tasks = screened.screening_tasks(judged.claims or (), corpus.documents)
    return {task[screened.KEY]: task for task in tasks}


def adjudication_round(corpus: Corpus, name: str, text: str) -> Round:
    """The adjudication of a round, under the corpus' guidelines."""
    mark, editions = fingerprint(corpus.documents), _editions(text)
    return Round(mark, name, Kind.adjudication, _version(text), (), editions=editions)


def pair_tasks(corpus: Corpus, asked: Round, pairs: list[Pair], judged: AnnotationSet) -> dict[str, TaskData]:
    """The task data of pairs, by pair_id."""
    claims = {claim.claim_id: claim for claim in judged.claims or ()}
    unknown = sorted({end for pair in pairs for end in (pair.claim_a, pair.claim_b)} - claims.keys())
    if unknown:
        raise StudioError(f"{judged.source} has no claims {several(unknown)}")
    return {
        pair.pair_id: pair_task(pair, claims, corpus.documents, swapped(asked.round, pair.pair_id)) for pair in pairs
    }


# --- predictions ---------------------------------------------------------------------------------------------


def predicted(corpus: Corpus, file: Path, claims: Path | None) -> AnnotationSet:
    """A system's labels; ends with every error of the file and exit code 1 if they cannot be used."""
    checked = read_set(file, corpus, shown(file), claims_at(claims))
    errors = [problem for problem in checked.problems if problem.level == ERROR]
    if errors or checked.annotation_set is None:
        lines(problem.line() for problem in errors)
        fail("nothing was sent", 1)
    return checked.annotation_set


def prediction_results(
    shown_set: AnnotationSet, asked: Round, corpus: Corpus, tasks: Mapping[str, TaskData], file: str
) -> dict[str, list[Result]]:
    """A system's labels as results of the round's tasks, marked as such; StudioError if it asks for none of them."""
    controls = asked.controls(corpus.schema)
    if asked.kind is Kind.screening:
        raise StudioError("predictions go into rounds of articles or pairs: a screening begins with empty lists")
    if not set(layers_of(shown_set)) & set(asked.layers):
        raise StudioError(f"{file} has nothing that {asked.title!r} asks for: {several(asked.layers)}")
    if asked.kind is Kind.articles:
        found = articles.to_results(shown_set, controls, corpus.documents)
    else:
        known = [pair for pair in shown_set.contradictions or () if pair.pair_id in tasks]
        found = {pair.pair_id: judged_pairs.to_result(pair, tasks[pair.pair_id], controls) for pair in known}
    return {key: [_proposed(each) for each in results] for key, results in found.items() if results}


def _proposed(result: Result) -> Result:
    return {**result, "origin": "prediction"} if "origin" in result else result


# --- filing --------------------------------------------------------------------------------------------------


def project_for(
    studio: client.Studio, corpus: Corpus, annotation_set: AnnotationSet, other: AnnotationSet | None
) -> tuple[client.Project, dict[str, TaskData]]:
    """The project that a set is filed in, and the tasks of its pairs; a new round of pairs is made as an open one."""
    given, name = layers_of(annotation_set), annotation_set.round
    if name is None:
        raise StudioError("the file names no round")
    if set(given) & set(PAIR_LAYERS) and set(given) & set(ARTICLE_LAYERS):
        raise StudioError("the file has pairs and labels of articles: file them as two sets")
    mark = fingerprint(corpus.documents)
    if not set(given) & set(PAIR_LAYERS):
        return client.existing(studio, name, Kind.articles, mark, corpus.schema), {}
    judged = _claims_set(corpus, other, annotation_set.claims_from.sha256 if annotation_set.claims_from else None)
    if client.find(studio, name, Kind.screening):
        project = client.existing(studio, name, Kind.screening, mark, corpus.schema)
        return project, screening_tasks(corpus, judged)
    text = guidelines_text(corpus)
    if client.find(studio, name, Kind.pairs) is None:
        version = annotation_set.guideline_version or _version(text)
        editions = _editions(text) if version == _version(text) else ()
        asked = _pair_round(corpus, name, judged, version, is_open=True, editions=editions)
        sending.push(studio, asked, corpus.schema, instructions(text, Kind.pairs), [])
    project = client.existing(studio, name, Kind.pairs, mark, corpus.schema)
    return project, pair_tasks(corpus, project.asked, list(annotation_set.contradictions or ()), judged)


def outside_pool(
    studio: client.Studio, project: client.Project, annotation_set: AnnotationSet, file: str
) -> Iterator[Problem]:
    """The pairs of a set that a closed round does not ask about."""
    if not project.asked.open:
        keys = client.task_numbers(studio, project)
        yield from filing.outside_pool(annotation_set, project.asked, keys, file)


def filing_of(
    annotation_set: AnnotationSet, asked: Round, corpus: Corpus, tasks: Mapping[str, TaskData], file: str
) -> filing.Filing:
    """What to send of a set."""
    if asked.kind is Kind.articles:
        return filing.article_filing(annotation_set, asked, corpus.documents, corpus.schema, file)
    if asked.kind is Kind.screening:
        return filing.screening_filing(annotation_set, tasks, corpus.documents, corpus.schema, file)
    return filing.pair_filing(annotation_set, asked, tasks, corpus.documents, corpus.schema, file)
