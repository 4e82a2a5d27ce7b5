"""The label sets with how often each label is used, and what it means."""

from collections import Counter
from collections.abc import Iterator

from variorum.dataset.markdown import table
from variorum.dataset.material import Material
from variorum.records import Record

# What is counted of which layer, and by which label set.
COUNTED = (
    ("Relations of the judged pairs", "contradictions", "relation", "relation"),
    ("What conflicts clash in", "contradictions", "aspect", "aspect"),
    ("Why a look-alike is no conflict", "contradictions", "reason", "reason"),
    ("Types of mentions", "mentions", "type", "entity_type"),
    ("How entities are mentioned", "mentions", "level", "level"),
    ("Kinds of claims", "claims", "kind", "claim_kind"),
    ("Polarity of claims", "claims", "polarity", "polarity"),
    ("Certainty of claims", "claims", "certainty", "certainty"),
)


def counts(material: Material, layer: str, field: str) -> Counter[str]:
    """How many records of a layer of gold have each label in a field."""
    records: tuple[Record, ...] = getattr(material.gold, layer) or ()
    return Counter(label for record in records if (label := getattr(record, field)) is not None)


def section(material: Material) -> Iterator[str]:
    """A table for each label set that gold uses."""
    yield from ("", "## Labels")
    for title, layer, field, label_set in COUNTED:
        tally = counts(material, layer, field)
        if not tally:
            continue
        yield from ("", f"### {title}")
        yield from label_table(material, tally, label_set)
        if field == "relation":
            yield from ("", *strata(Counter(pair.stratum for pair in material.gold.contradictions or ())))


def label_table(material: Material, tally: Counter[str], label_set: str) -> Iterator[str]:
    """The labels of a set in their order, with counts and meanings."""
    labels = material.schema.label_sets[label_set]
    return table(("label", "in gold ", "meaning"), ((f"`{x.const}`", tally[x.const], x.description) for x in labels))


def strata(tally: Counter[str | None]) -> Iterator[str]:
    """How the pairs came to be judged, on which the mix of relations depends."""
    if set(tally) == {None}:
        yield "`stratum` is null in every row: how the pairs came to be judged is not recorded. So the mix of relations"
        yield "says nothing about how frequent they are, and nobody knows how many conflicts are missing."
        return
    named = ", ".join(f"{name or 'not recorded'} {count}" for name, count in sorted(tally.items(), key=str))
    yield f"How the pairs came to be judged (`stratum`): {named}. The mix of relations depends on it."
