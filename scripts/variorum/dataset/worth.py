"""What the labels are worth: who annotated, how far annotators agree, whether the labels are right."""

import json
from collections.abc import Iterator
from typing import Any

from variorum.adjudication import judgements
from variorum.dataset.markdown import table
from variorum.dataset.material import Material
from variorum.dataset.statements import analysis, roles_of

# The figures of agreement.json that the card shows, by layer, task, match and coefficient.
HEADLINES = {
    ("mentions", "spans", "exact+type", "f1"): "mentions: same span and type, F1",
    ("mentions", "spans", "overlap", "f1"): "mentions: any overlap, F1",
    ("entities", "across", "shared-mentions", "conll"): "identity across articles, shared mentions, CoNLL F1",
    ("claims", "spans", "jaccard0.5", "f1"): "claims: evidence overlaps by half, F1",
    ("claims", "kind", "jaccard0.5", "alpha"): "claims: kind, alpha",
    ("claims", "certainty", "jaccard0.5", "alpha"): "claims: certainty, alpha",
    ("contradictions", "relation", "relation", "alpha"): "pairs: four relations, alpha",
    ("contradictions", "relation", "relation", "ac1"): "pairs: four relations, AC1",
    ("contradictions", "relation", "contradiction+tension", "alpha"): "pairs: conflict or none, alpha",
    ("contradictions", "relation", "contradiction+tension", "specific"): "pairs: specific agreement on conflicts",
    ("contradictions", "aspect", "both-conflict", "alpha"): "pairs both call conflicts: aspect, alpha",
    ("contradictions", "listed", "contradiction+tension", "f1"): "pairs: which are listed as conflicts, F1",
}
# What each part of validity.json shows.
DONE = {
    "known_answers": "Pairs with answers that were fixed beforehand were mixed in among the others, unmarked.",
    "second_looks": "Somebody who had not labelled them looked at gold's pairs again.",
    "missed": "Annotators listed conflicts independently; the overlap of their lists tells how many are on none.",
    "bound": "A random sample of the pairs that nobody had listed was judged.",
}
Json = dict[str, Any]


def section(material: Material) -> Iterator[str]:
    """All three."""
    yield from ("", "## Who annotated")
    yield from annotators(material)
    yield from ("", *reservations(material))
    yield from ("", "## How far annotators agree", "")
    yield from agreement(material)
    yield from ("", "## Whether the labels are right", "")
    yield from validity(material)


def annotators(material: Material) -> Iterator[str]:
    """Every source, what it is, and what it did."""
    described = {each.source: each for each in material.sources}
    titles = {label.const: label.title for label in material.schema.label_sets["annotator_kind"]}
    rows = []
    for source, rounds in roles_of(material).items():
        found = described.get(source)
        kind, what = (titles[found.kind], found.description) if found else ("not recorded", "not recorded")
        rows.append((source, kind, ", ".join(rounds), what))
    return table(("source", "kind", "rounds", "what it is"), rows)


def reservations(material: Material) -> Iterator[str]:
    """What the labels are worth, as far as it follows from who made them."""
    lines = list(analysis(material))
    yield from (f"**{line}**" if line.startswith("All labels are those of one") else line for line in lines)
    pairs = material.gold.contradictions or ()
    if pairs and len({each.source for each in material.annotators}) > 1:
        voted = judgements(material.pair_sets)
        twice = sum(len(voted.get(pair.pair_id, ())) > 1 for pair in pairs)
        yield f"Of {len(pairs)} judged pairs {twice} were judged by more than one annotator (`votes`)."


# --- agreement -----------------------------------------------------------------------------------------------


def agreement(material: Material) -> Iterator[str]:
    """The headline figures of agreement.json, with their intervals and what they are between."""
    report: Json = json.loads(material.agreement) if material.agreement else {}
    found = [each for each in report.get("comparisons", ()) if each["kind"] in ("round", "oneself")]
    rows = [row for each in found for row in _figures(each)]
    if rows:
        yield f"Measured before anything was adjudicated. In brackets: {report['intervals']}."
        yield from table(("round", "annotators", "what", "value", "items "), rows)
        yield ""
    else:
        yield from _undefined(report)
    yield from (f"* These figures are {note}." for note in _notes(found))
    for each in found:
        yield from (f"* {each['name']}: {flag}" for flag in each.get("flags", ()))
    if rows:
        yield "* All other figures, by type, article and stratum, stand in `provenance/agreement.json`."


def _notes(found: list[Json]) -> list[str]:
    """What the figures are between; a note that only goes on from another one, in brackets, is not said again."""
    notes = sorted({each["note"] for each in found if each.get("note")})
    return [note for note in notes if not any(note.startswith(f"{other} (") for other in notes)]


def _undefined(report: Json) -> Iterator[str]:
    listed: list[Json] = report.get("comparisons") or []
    reasons = [each["undefined"] for each in listed if "undefined" in each]
    if reasons:
        yield from (f"* Undefined: {reason}." for reason in reasons)
    else:
        yield "No figure is here: see `provenance/agreement.json`, if it is there."


def _figures(comparison: Json) -> Iterator[tuple[object, ...]]:
    sources = list(comparison["sources"])
    for result in comparison.get("results", ()):
        key = tuple(result[name] for name in ("layer", "task", "match", "coefficient"))
        for figure in result["figures"]:
            if key in HEADLINES and figure["of"] == "all" and list(figure["between"]) == sources:
                yield comparison["name"], ", ".join(sources), HEADLINES[key], value_of(figure), figure["n"]


def value_of(figure: Json) -> str:
    """A figure with its interval, or why it has none."""
    if figure.get("value") is None:
        return f"undefined: {figure.get('undefined') or 'no items'}"
    low, high = figure.get("low"), figure.get("high")
    if figure.get("interval"):
        low, high = figure["interval"]
    interval = "" if low is None or high is None else f" [{low:.2f}, {high:.2f}]"
    return f"{figure['value']:.2f}{interval}"


# --- validity ------------------------------------------------------------------------------------------------


def validity(material: Material) -> Iterator[str]:
    """Known answers, second looks, and what was missed, as validity.json has them."""
    report: Json = json.loads(material.validity) if material.validity else {}
    rows = list(_known(report)) + list(_looks(report)) + list(_missed(report))
    if not rows:
        yield "Not shown yet: there were no pairs with known answers and no second look, and nothing estimates what was"
        yield "missed. Agreement could not show it: annotators who are alike agree on their errors, too."
        return
    yield "Annotators who are alike agree on their errors, too, so that agreement could not show it. What was done:"
    yield from (f"* {what}" for name, what in DONE.items() if report.get(name))
    yield from ("", "In brackets 95 % intervals; those of shares are exact (Clopper and Pearson).")
    yield from table(("what", "of", "value", "items"), rows)
    yield from _notes_on(report, material)


def _notes_on(report: Json, material: Material) -> Iterator[str]:
    """What the figures of the table rest on."""
    missed = report.get("missed") or {}
    if missed.get("estimate") is not None and missed.get("assumes"):
        yield from ("", f"Conflicts on no list: the estimate assumes that {missed['assumes']}.")
    if report.get("second_looks") and (now := _looked_at(material)):
        yield from (
            "",
            "Second looks are against gold as it was, before what they rejected was adjudicated again.",
        )
        yield f"In gold today {now} of the pairs looked at have the relation that the second look gave."


def _looked_at(material: Material) -> str | None:
    """Of the pairs looked at again, how many have in gold the relation of the second look; None if none is here."""
    names = material.rounds.second_looks if material.rounds else ()
    relations = {pair.pair_id: pair.relation for pair in material.gold.contradictions or ()}
    pairs = [pair for each in material.annotators if each.round in names for pair in each.contradictions or ()]
    return f"{sum(relations.get(p.pair_id) == p.relation for p in pairs)} of {len(pairs)}" if pairs else None


def _known(report: Json) -> Iterator[tuple[object, ...]]:
    for each in report.get("known_answers", ()):
        for name, what in (
            ("relation", "known answers: relation right"),
            ("conflict", "known answers: conflict or none"),
        ):
            yield what, each["source"], value_of(each[name]), _of(each[name])


def _looks(report: Json) -> Iterator[tuple[object, ...]]:
    for each in report.get("second_looks", ()):
        yield f"second look: {each['stratum']} upheld", each["source"], value_of(each["same"]), _of(each["same"])
        if each.get("conflict"):
            what = f"second look: {each['stratum']} still a conflict"
            yield what, each["source"], value_of(each["conflict"]), _of(each["conflict"])


def _missed(report: Json) -> Iterator[tuple[object, ...]]:
    if (missed := report.get("missed")) and missed["estimate"] is not None:
        low, high = missed["interval"]
        listed = ", ".join(f"{n} on {k}" for k, n in missed["captured"].items())
        value = f"at least {missed['estimate']:.1f} [{low:.1f}, {high:.1f}]"
        yield "conflicts on no list (Chao)", f"{missed['lists']} lists", value, f"listed: {listed}"
    if bound := report.get("bound"):
        low, high = bound["interval"] or (0.0, float(bound["rest"]))
        value = f"{low:.0f} to {high:.0f} of {bound['rest']} pairs"
        yield "conflicts among pairs that nobody had listed", "random sample", value, _of(bound["sample"])


def _of(share: Json) -> str:
    return f"{share['hits']} of {share['n']}"
