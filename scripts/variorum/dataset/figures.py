"""Every figure that a datasheet can name, and every passage that follows from the data, computed from it."""

from collections import Counter
from collections.abc import Mapping

from variorum.dataset import labels, statements, worth
from variorum.dataset.conflicts import conflicts
from variorum.dataset.markdown import table
from variorum.dataset.material import Material
from variorum.dataset.sections import TRIAL, canary, copied_rows
from variorum.records import LAYERS, MODEL, PERSON

KINDS = {
    frozenset({MODEL}): "all annotators are language models: no person has labelled anything",
    frozenset({PERSON}): "all annotators are people",
    frozenset({MODEL, PERSON}): "some annotators are people, some language models",
    frozenset[str](): "what the annotators are is not recorded",
}


def figures(material: Material) -> Mapping[str, str]:
    """The figures by name, as they are printed."""
    return {**_counts(material), **_words(material), **_passages(material)}


def _counts(material: Material) -> dict[str, str]:
    gold, sources = material.gold, statements.gold_sources(material)
    sizes = {
        "articles": len(material.documents),
        "characters": sum(document.source.n_chars for document in material.documents.values()),
        "mentions": len(gold.mentions or ()),
        "entities": len(gold.entities or ()),
        "claims": len(gold.claims or ()),
        "pairs": len(gold.contradictions or ()),
        "conflicts": len(conflicts(material)),
        "labels": sum(len(getattr(each, layer) or ()) for each in material.annotators for layer in LAYERS),
        "annotators": len(sources),
        "sources": len(statements.rounds_of(material)),
        "decisions": sum(map(len, material.decisions.values())),
        "shared": statements.copied(material),
    }
    relations = labels.counts(material, "contradictions", "relation")
    return {
        **{name: f"{size:,}" for name, size in sizes.items()},
        **{name: f"{relations[name]:,}" for name in material.schema.names("relation")},
    }


def _words(material: Material) -> dict[str, str]:
    version, trial = material.version, material.version.startswith(TRIAL)
    publishers = {document.source.publisher for document in material.documents.values()} - {None}
    return {
        "version": version,
        "state": f"Version {version} is a trial of the whole path and no benchmark yet"
        if trial
        else f"Version {version}",
        "languages": ", ".join(statements.languages(material)),
        "guidelines": ", ".join(sorted({each.guideline_version or "-" for each in material.annotators})) or "none",
        "kinds": KINDS.get(frozenset(statements.kinds(material)), "annotators are of several kinds"),
        "per-item": statements.per_item(material),
        "publishers": ", ".join(sorted(map(str, publishers))) or "none that is known",
        "canary": f"`{canary(material)}`",
        "released": material.citation.released or "a day that CITATION.cff does not say",
        "authors": ", ".join(material.citation.authors),
    }


def _passages(material: Material) -> dict[str, str]:
    """Passages of several lines, tables among them."""
    tally = Counter(pair.relation for pair in material.gold.contradictions or ())
    strata = Counter(pair.stratum for pair in material.gold.contradictions or ())
    passages = {
        "relation-table": labels.label_table(material, tally, "relation"),
        "strata": labels.strata(strata) if strata else ["No pair has been judged."],
        "annotator-table": worth.annotators(material),
        "worth": worth.reservations(material),
        "agreement": worth.agreement(material),
        "validity": worth.validity(material),
        "shared-table": table(("article", "other", "runs ", "share ", "share of the other "), copied_rows(material)),
    }
    return {name: "\n".join(lines).strip("\n") + "\n" for name, lines in passages.items()}
