"""What a clause tells of itself by its words: kind, polarity, certainty, the verb that marks its source."""

import re

import msgspec

SAID = (
    r"(?:said|says|say|told|tells|added|adds|warned|warns|wrote|writes|announced|denied|denies|claimed|claims|"
    r"recalled|recalls|explained|explains|noted|notes|argued|argues|insisted|insists|reported|reports|revealed|reveals|"
    r"believes|believed|thinks|thought|expects|estimates|estimated|suggested|suggests|shows|showed|asked|replied|"
    r"according to|stated|states|acknowledged|admitted|declared|remarked|observed|predicted|predicts)"
)
_NEGATIVE = re.compile(
    r"\b(?:not|no|never|nobody|nothing|none|neither|nor|cannot|fails? to|failed to|hardly|barely|without ever|"
    r"opted not)\b|n['’]t\b",
    re.IGNORECASE,
)
_NOT_NEGATIVE = re.compile(
    r"\bnot (?:only|just|solely)\b|\bno (?:doubt|fewer than|less than|more than|longer just)\b|\bwhether or not\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:denied|denies|deny)\b", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:(?-i:may)|might|could|probably|possibly|perhaps|apparently|reportedly|allegedly|seems?|seemed|appears? to|"
    r"appeared to|likely|is said to|are said to|is believed to|are believed to|is expected to|are expected to|"
    r"rumou?red|presumably|supposedly)\b",
    re.IGNORECASE,
)
_BELIEVED = re.compile(
    r"\b(?:believes?|believed|thinks?|thought|expects?|estimates?|estimated|suggests?|suspects?)\b", re.IGNORECASE
)
_FUTURE = re.compile(
    r"\b(?:will|won['’]t|shall|is going to|are going to|is expected to|are expected to|is due to|is set to|are set to|"
    r"is likely to|are likely to)\b|['’]ll\b|\b(?:(?-i:may)|might|could)\b(?=.*\b(?:next|soon|tomorrow|future)\b)",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(?:best|better|worse|worst|great|greatest|should|ought|must|remarkable|impressive|stunning|stunned|face of|"
    r"important|brilliant|genius|hero|beautiful|amazing|incredible|extraordinary|unfortunately|dependable|hope of|"
    r"crucial|essential|shock|pride|too (?:much|many|few|little)|fair|unfair|disappointing|matters?|deserves?|"
    r"impossible|difficult|hard to|easy|easier|harder|more [a-z]+ than|icon|symbol)\b",
    re.IGNORECASE,
)
SAYING = re.compile(rf"\b{SAID}\b", re.IGNORECASE)


class Manner(msgspec.Struct, frozen=True):
    """The labels of one clause."""

    kind: str
    polarity: str
    certainty: str


def is_negative(clause: str) -> bool:
    """Whether a clause is negated by its words; "not only" negates nothing."""
    return _NEGATIVE.search(_NOT_NEGATIVE.sub(" ", clause)) is not None


def manner(clause: str, cue: str | None, kinds: tuple[str, ...]) -> Manner:
    """Kind, polarity and certainty; a kind that is no label of the corpus becomes its first one."""
    kind = "forecast" if _FUTURE.search(clause) else "opinion" if _OPINION.search(clause) else "fact"
    negative = is_negative(clause) != bool(cue and _DENIED.search(cue))
    hedged = _HEDGE.search(clause) or (cue and _BELIEVED.search(cue))
    return Manner(
        kind=kind if kind in kinds else kinds[0],
        polarity="negative" if negative else "positive",
        certainty="hedged" if hedged else "certain",
    )
