"""Every figure that a datasheet can name, computed from the data."""

from collections.abc import Mapping

from variorum.dataset.material import Material


def figures(material: Material) -> Mapping[str, str]:
    """The figures by name, as they are printed."""
    gold = material.gold
    return {
        "version": material.version,
        "articles": str(len(material.documents)),
        "mentions": str(len(gold.mentions or ())),
        "entities": str(len(gold.entities or ())),
        "claims": str(len(gold.claims or ())),
        "pairs": str(len(gold.contradictions or ())),
    }
