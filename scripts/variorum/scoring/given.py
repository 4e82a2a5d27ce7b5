"""What a scoring is given beside the sets: where furniture and paragraphs are, and what reading could not locate."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from variorum.scoring.columns import Unplaced
from variorum.scoring.config import Layout
from variorum.sources import Source

if TYPE_CHECKING:
    from variorum import formats


def layout(sources: Iterable[Source]) -> Layout:
    """Where furniture and paragraphs of each document are."""
    listed = list(sources)
    return Layout(
        {s.doc_id: [(f.start, f.end) for f in s.furniture] for s in listed if s.furniture},
        {s.doc_id: [(p.start, p.end) for p in s.paragraphs] for s in listed if s.paragraphs},
    )


def unplaced(found: "formats.Prediction") -> dict[str, list[Unplaced]]:
    """By layer, the records whose quotes could not be located."""
    layers = {layer: found.lost(layer) for layer in ("mentions", "claims")}
    return {layer: [_unplaced(each) for each in lost] for layer, lost in layers.items()}


def _unplaced(each: "formats.Unresolved") -> Unplaced:
    spans = [each.record, *each.record.get("spans", ())]
    quote = " … ".join(span["quote"] for span in spans if "quote" in span)
    why = "quote ambiguous" if each.problem.rule == "quote-ambiguous" else "quote not found"
    return Unplaced(each.doc_id, each.record.get("type", ""), each.record_id, quote, why)
