"""What the two invented annotators of the small corpus labelled, written down with quotes.

`wren` is written out in full; `heron` is `wren` with the changes listed at the end of each part, so that where the two
differ can be read off. `make_corpus.py` turns quotes into offsets.
"""

from typing import NamedTuple

from variorum.records import Anchor, Value

Quote = str | tuple[str, int]  # the words, or the words and which occurrence of them, counted from 0


class M(NamedTuple):
    """A mention: its words, type, and either level and entity or a value."""

    quote: Quote
    type: str
    level: str | None = None
    entity: str | None = None
    value: Value | None = None


class C(NamedTuple):
    """A claim: evidence, proposition and attributes; `holder` is the quote of the mention that is its source."""

    spans: tuple[Quote, ...]
    proposition: str
    entities: tuple[str, ...] = ()
    kind: str = "fact"
    polarity: str = "positive"
    certainty: str = "certain"
    holder: Quote | None = None
    cue: Quote | None = None
    time: str | None = None


class P(NamedTuple):
    """A judged pair: two claims of the consolidated set; what clashes as (words, value) on each side."""

    a: str
    b: str
    relation: str
    reason: str | None = None
    aspect: str | None = None
    clash_a: tuple[Quote, Value] | None = None
    clash_b: tuple[Quote, Value] | None = None
    rationale: str | None = None
    conflict: str | None = None
    stratum: str = "listed"


class D(NamedTuple):
    """A decision: of which item; of which mentions, as (document, quote), claims or pairs; what holds, and why."""

    item: str
    about: tuple[tuple[str, Quote] | str, ...]
    choice: object
    reason: str


def day(value: str, anchor: str | None = None, source: str = "dateline") -> Value:
    return Value(kind="date", value=value, anchor=Anchor(date=anchor, source=source) if anchor else None)


def euros(value: str, comparator: str = "=") -> Value:
    return Value(kind="money", value=value, unit="EUR", comparator=comparator)


def count(value: str, unit: str | None = None, comparator: str = "=") -> Value:
    return Value(kind="quantity", value=value, unit=unit, comparator=comparator)


def phrase(value: str) -> Value:
    return Value(kind="text", value=value)


ENTITIES = {
    "e-alma-perle": "Alma Perle",
    "e-tern": "Tern",
    "e-east-pier": "east pier",
    "e-west-pier": "west pier",
    "e-port-lorne": "Port Lorne",
    "e-lantern-festival": "Lantern Festival",
    "e-lantern-society": "Lantern Society",
    "e-nordkap-mutual": "Nordkap Mutual",
    "e-harbour-gazette": "Harbour Gazette",
    "e-jose-nunez": "Jose\u0301 Nun\u0303ez",
    "e-pauline-orr": "Pauline Orr",
    "e-salma-haddad": "Salma Haddad",
    "e-deckhand": "deckhand",
    "e-cafe-ancre": "Cafe\u0301 Ancre",
}
NUNEZ = "Jose\u0301 Nun\u0303ez"

MENTIONS = {
    "a1": [
        M("Alma Perle", "VESSEL", "NAM", "e-alma-perle"),
        M("the east pier of Port Lorne", "LOC", "NOM", "e-east-pier"),
        M("Port Lorne", "GPE", "NAM", "e-port-lorne"),
        M("Saturday evening", "DATE", value=day("2019-06-01", "2019-06-02")),
        M("Lantern Festival", "EVENT", "NAM", "e-lantern-festival"),
        M("Some 5,200", "QUANTITY", value=count("5200", "visitor", "~")),
        M("this year", "DATE", value=day("2019", "2019-06-02")),
        M(NUNEZ, "PERSON", "NAM", "e-jose-nunez"),
        M("her", "VESSEL", "PRO", "e-alma-perle"),
        M("forty years", "DATE", value=Value(kind="duration", value="P40Y")),
        M(("he", 7), "PERSON", "PRO", "e-jose-nunez"),
        M("the Harbour Gazette", "ORG", "NAM", "e-harbour-gazette"),
        M(("The schooner", 1), "VESSEL", "NOM", "e-alma-perle"),
        M("1911", "DATE", value=day("1911")),
        M("nine", "QUANTITY", value=count("9")),
        M("about €48,000", "MONEY", value=euros("48000", "~")),
        M("the Lantern Society", "ORG", "NAM", "e-lantern-society"),
        M("القبطانة سلمى حداد", "PERSON", "NAM", "e-salma-haddad"),
        M("She", "VESSEL", "PRO", "e-alma-perle"),
        M("autumn", "DATE", value=day("2019-23", "2019-06-02")),
    ],
    "b2": [
        M("Alma Perle", "VESSEL", "NAM", "e-alma-perle"),
        M("the east pier of\r\nPort Lorne", "LOC", "NOM", "e-east-pier"),
        M(("Port Lorne", 1), "GPE", "NAM", "e-port-lorne"),
        M("Sunday evening", "DATE", value=day("2019-06-02", "2019-06-04", "published")),
        M("Lantern Festival", "EVENT", "NAM", "e-lantern-festival"),
        M("A deckhand", "PERSON", "NOM", "e-deckhand"),
        M("Captain Salma Haddad", "PERSON", "NAM", "e-salma-haddad"),
        M("she", "PERSON", "PRO", "e-salma-haddad"),
        M(("The schooner", 1), "VESSEL", "NOM", "e-alma-perle"),
        M("1911", "DATE", value=day("1911")),
        M("nine", "QUANTITY", value=count("9")),
        M("62\u00a0000 euros", "MONEY", value=euros("62000")),
        M("harbour master\r\nPauline Orr", "PERSON", "NAM", "e-pauline-orr"),
    ],
    "c3": [
        M("April", "DATE", value=day("2019-04", "2019-06-06", "published")),
        M("Tern", "VESSEL", "NAM", "e-tern"),
        M("the west pier of Port Lorne", "LOC", "NOM", "e-west-pier"),
        M("Port Lorne", "GPE", "NAM", "e-port-lorne"),
        M("1 June", "DATE", value=day("2019-06-01", "2019-06-06", "published")),
        M(("Alma Perle", 0), "VESSEL", "NAM", "e-alma-perle"),
        M("the east pier", "LOC", "NOM", "e-east-pier"),
        M("Lantern Festival", "EVENT", "NAM", "e-lantern-festival"),
        M("Two years ago", "DATE", value=day("2017", "2019-06-06", "published")),
        M("3,000", "QUANTITY", value=count("3000", "visitor")),
        M("1912", "DATE", value=day("1912")),
        M(("Alma Perle", 1), "VESSEL", "NAM", "e-alma-perle"),
        M("nine", "QUANTITY", value=count("9")),
        M("Nordkap Mutual", "ORG", "NAM", "e-nordkap-mutual"),
        M("€48,350", "MONEY", value=euros("48350")),
        M("Salma Haddad", "PERSON", "NAM", "e-salma-haddad"),
        M("next spring", "DATE", value=day("2020-21", "2019-06-06", "published")),
        M("The Lantern Society", "ORG", "NAM", "e-lantern-society"),
        M("Monday", "DATE", value=day("2019-06-03", "2019-06-06", "published")),
        M("the Cafe\u0301 Ancre", "LOC", "NAM", "e-cafe-ancre"),
    ],
}
MENTIONS_OF_HERON = {  # what heron has instead of a mention of wren's; None: nothing
    ("a1", "the east pier of Port Lorne"): M("the east pier", "LOC", "NOM", "e-east-pier"),
    ("a1", "the Lantern Society"): M("the Lantern Society", "ORG", "NAM", "e-lantern-festival"),
    ("a1", "this year"): None,
    ("b2", "A deckhand"): M("deckhand", "PERSON", "NOM", "e-deckhand"),
    ("c3", "April"): M("In April", "DATE", value=day("2019-04", "2019-06-06", "published")),
    ("c3", "the Cafe\u0301 Ancre"): M("the Cafe\u0301 Ancre", "ORG", "NAM", "e-cafe-ancre"),
    ("c3", "Monday"): None,
}

CLAIMS = {
    "a1": [
        C(
            ("The schooner “Alma Perle” struck the east pier of Port Lorne on Saturday evening",),
            "The schooner Alma Perle hit Port Lorne's east pier on the evening of 1 June 2019.",
            ("e-alma-perle", "e-east-pier"),
            time="2019-06-01",
        ),
        C(
            ("Nobody was hurt",),
            "No person was injured when the Alma Perle hit the pier.",
            ("e-alma-perle",),
            polarity="negative",
            time="2019-06-01",
        ),
        C(
            (f"Harbour master {NUNEZ}",),
            "José Nuñez is harbour master of Port Lorne.",
            ("e-jose-nunez", "e-port-lorne"),
        ),
        C(
            ("a sudden gust had pushed her off course",),
            "A sudden gust drove the Alma Perle off her course.",
            ("e-alma-perle",),
            holder=NUNEZ,
            cue="said",
            time="2019-06-01",
        ),
        C(
            ("In forty years I have not seen such a night",),
            "José Nuñez has not known a night like 1 June 2019 in forty years.",
            ("e-jose-nunez",),
            kind="opinion",
            polarity="negative",
            holder=("he", 7),
            cue="told",
        ),
        C(("The schooner was built in 1911",), "The Alma Perle was built in 1911.", ("e-alma-perle",), time="1911"),
        C(
            (("The schooner", 1), "carries a crew of nine"),
            "The Alma Perle carries nine crew members.",
            ("e-alma-perle",),
        ),
        C(
            ("Repairs will cost about €48,000",),
            "Repairing the Alma Perle will cost some 48,000 euros.",
            ("e-alma-perle",),
            kind="forecast",
            certainty="hedged",
            holder="the Lantern Society",
            cue="estimates",
        ),
        C(
            ("البحر لا ينتظر أحدا\u064b",),
            "The sea waits for nobody.",
            kind="opinion",
            polarity="negative",
            holder="القبطانة سلمى حداد",
            cue="قالت",
        ),
        C(
            ("She will probably sail again before autumn",),
            "The Alma Perle will sail again before autumn 2019.",
            ("e-alma-perle",),
            kind="forecast",
            certainty="hedged",
            cue="probably",
            time="../2019-23",
        ),
        C(
            ("Some 5,200 visitors came this year",),
            "About 5,200 visitors came to the Lantern Festival in 2019.",
            ("e-lantern-festival",),
            time="2019",
        ),
    ],
    "b2": [
        C(
            ("The schooner “Alma Perle” struck the east pier of\r\nPort Lorne on Sunday evening",),
            "The schooner Alma Perle hit Port Lorne's east pier on the evening of 2 June 2019.",
            ("e-alma-perle", "e-east-pier"),
            time="2019-06-02",
        ),
        C(
            ("A deckhand broke his wrist",),
            "A deckhand of the Alma Perle broke a wrist when she hit the pier.",
            ("e-deckhand", "e-alma-perle"),
            time="2019-06-02",
        ),
        C(
            ("A worn steering cable had snapped",),
            "A worn steering cable of the Alma Perle had snapped before she hit the pier.",
            ("e-alma-perle",),
            holder="Captain Salma Haddad",
            cue="said",
        ),
        C(
            ("The sea waits for no one",),
            "The sea waits for nobody.",
            kind="opinion",
            polarity="negative",
            holder="she",
            cue="added",
        ),
        C(("The schooner was built in 1911",), "The Alma Perle was built in 1911.", ("e-alma-perle",), time="1911"),
        C(
            (("The schooner", 1), "carries a crew of nine"),
            "The Alma Perle carries nine crew members.",
            ("e-alma-perle",),
        ),
        C(
            ("Repairs will cost 62\u00a0000 euros",),
            "Repairing the Alma Perle will cost 62,000 euros.",
            ("e-alma-perle",),
            kind="forecast",
            holder="harbour master\r\nPauline Orr",
            cue="according to",
        ),
        C(
            ("harbour master\r\nPauline Orr",),
            "Pauline Orr is harbour master of Port Lorne.",
            ("e-pauline-orr", "e-port-lorne"),
        ),
    ],
    "c3": [
        C(
            ("In April the ferry “Tern” scraped the west pier of Port Lorne",),
            "The ferry Tern scraped Port Lorne's west pier in April 2019.",
            ("e-tern", "e-west-pier"),
            time="2019-04",
        ),
        C(
            ("On 1 June", "the schooner “Alma Perle”, which hit the east pier"),
            "The schooner Alma Perle hit the east pier on 1 June 2019.",
            ("e-alma-perle", "e-east-pier"),
            time="2019-06-01",
        ),
        C(
            ("Two years ago the festival drew only 3,000 visitors",),
            "The Lantern Festival had 3,000 visitors in 2017.",
            ("e-lantern-festival",),
            time="2017",
        ),
        C(
            ("Launched in 1912", ("Alma Perle", 1)),
            "The Alma Perle was launched in 1912.",
            ("e-alma-perle",),
            time="1912",
        ),
        C(("the “Alma Perle” sails with nine hands",), "The Alma Perle sails with a crew of nine.", ("e-alma-perle",)),
        C(
            ("Nordkap Mutual, puts the damage at €48,350",),
            "The damage to the Alma Perle comes to 48,350 euros.",
            ("e-alma-perle", "e-nordkap-mutual"),
            holder="Nordkap Mutual",
            cue="puts",
        ),
        C(
            ("does not expect her back before next spring",),
            "The Alma Perle will not be back before spring 2020.",
            ("e-alma-perle",),
            kind="forecast",
            polarity="negative",
            holder="Salma Haddad",
            cue="expect",
            time="2020-21/..",
        ),
        C(
            ("The Lantern Society, which met on Monday at the Cafe\u0301 Ancre",),
            "The Lantern Society met at the Café Ancre on 3 June 2019.",
            ("e-lantern-society", "e-cafe-ancre"),
            time="2019-06-03",
        ),
        C(
            ("the evening “a warning, not a disaster”",),
            "The evening of 1 June 2019 was a warning and no disaster.",
            kind="opinion",
            holder="The Lantern Society",
            cue="calls",
            time="2019-06-01",
        ),
    ],
}
CLAIMS_OF_HERON = {  # by document and place in the list from 1: what heron has otherwise; None: no such claim
    ("a1", 8): {"kind": "fact"},
    ("a1", 10): {"certainty": "certain", "cue": None},
    ("b2", 3): {"spans": ("A worn steering cable had snapped, Captain Salma Haddad said",)},
    ("c3", 2): {"spans": ("On 1 June it was the turn of the schooner “Alma Perle”, which hit the east pier",)},
    ("c3", 7): {"polarity": "positive"},
    ("c3", 8): None,
}

PAIRS = [
    P(
        "a1-c1",
        "b2-c1",
        "contradiction",
        aspect="time",
        clash_a=("Saturday evening", day("2019-06-01", "2019-06-02")),
        clash_b=("Sunday evening", day("2019-06-02", "2019-06-04", "published")),
        rationale="One collision cannot have been on two evenings.",
        conflict="day-of-collision",
    ),
    P(
        "b2-c1",
        "c3-c2",
        "contradiction",
        aspect="time",
        clash_a=("Sunday evening", day("2019-06-02", "2019-06-04", "published")),
        clash_b=("1 June", day("2019-06-01", "2019-06-06", "published")),
        rationale="Sunday was 2 June, not 1 June.",
        conflict="day-of-collision",
    ),
    P(
        "a1-c2",
        "b2-c2",
        "contradiction",
        aspect="participation",
        clash_a=("Nobody", phrase("nobody")),
        clash_b=("A deckhand", phrase("a deckhand")),
        rationale="A broken wrist is an injury.",
        conflict="injured",
    ),
    P(
        "a1-c4",
        "b2-c3",
        "contradiction",
        aspect="cause",
        clash_a=("a sudden gust", phrase("a gust of wind")),
        clash_b=("A worn steering cable", phrase("a broken steering cable")),
        rationale="Two causes are given for the same accident.",
        conflict="cause-of-collision",
        stratum="near",
    ),
    P(
        "a1-c3",
        "b2-c8",
        "contradiction",
        aspect="identity",
        clash_a=(NUNEZ, phrase("José Nuñez")),
        clash_b=("Pauline Orr", phrase("Pauline Orr")),
        rationale="The port has one harbour master, and two are named.",
        conflict="harbour-master",
    ),
    P(
        "a1-c8",
        "b2-c7",
        "contradiction",
        aspect="quantity",
        clash_a=("about €48,000", euros("48000", "~")),
        clash_b=("62\u00a0000 euros", euros("62000")),
        rationale="62,000 is not about 48,000.",
        conflict="cost-of-repairs",
    ),
    P(
        "a1-c6",
        "c3-c4",
        "tension",
        aspect="time",
        clash_a=("1911", day("1911")),
        clash_b=("1912", day("1912")),
        rationale="A ship may be launched in the year after she was built, but it reads like two dates of one event.",
        conflict="year-of-building",
    ),
    P(
        "a1-c10",
        "c3-c7",
        "contradiction",
        aspect="time",
        clash_a=("before autumn", day("../2019-23", "2019-06-02")),
        clash_b=("before next spring", day("2020-21/..", "2019-06-06", "published")),
        rationale="She sails again either before autumn or not before spring.",
        conflict="return",
    ),
    P("a1-c1", "c3-c2", "agreement", reason="different_granularity"),
    P("a1-c8", "c3-c6", "agreement", reason="rounding"),
    P("a1-c11", "c3-c3", "neutral", reason="different_time"),
    P("b2-c1", "c3-c1", "neutral", reason="different_referent", stratum="near"),
    P("a1-c6", "b2-c5", "agreement"),
    P("a1-c7", "b2-c6", "agreement"),
    P("a1-c7", "c3-c5", "agreement", stratum="near"),
    P("a1-c9", "b2-c4", "agreement"),
    P("a1-c5", "c3-c9", "neutral", stratum="near"),
    P("a1-c3", "c3-c8", "neutral", stratum="random"),
    P("b2-c2", "c3-c5", "neutral", stratum="random"),
    P("a1-c2", "a1-c9", "neutral", stratum="random"),
]
PAIRS_OF_HERON = {  # by the two claims: what heron answers otherwise
    ("a1-c4", "b2-c3"): {
        "relation": "tension",
        "rationale": "A gust may have come on top of the broken cable, yet each is told as the cause.",
    },
    ("a1-c6", "c3-c4"): {
        "relation": "neutral",
        "reason": "different_referent",
        "aspect": None,
        "clash_a": None,
        "clash_b": None,
        "rationale": None,
        "conflict": None,
    },
    ("a1-c2", "b2-c2"): {"aspect": "state"},
    ("b2-c1", "c3-c1"): {"reason": "different_time"},
    ("a1-c5", "c3-c9"): {"relation": "unclear"},
    ("a1-c1", "c3-c2"): {"reason": None},
}

PIER, SHORT_PIER = ("a1", "the east pier of Port Lorne"), ("a1", "the east pier")
SOCIETY, SOCIETY_AGAIN = ("a1", "the Lantern Society"), ("c3", "The Lantern Society")
CAFE = ("c3", "the Cafe\u0301 Ancre")
FESTIVALS = (("a1", "Lantern Festival"), ("b2", "Lantern Festival"), ("c3", "Lantern Festival"))
DECISIONS = {
    "articles": [
        D("mention", (PIER,), "LOC", "The whole phrase is labelled."),
        D("mention", (SHORT_PIER,), None, "The whole phrase is labelled."),
        D("mention", (("a1", "this year"),), "DATE", "A date, although a relative one."),
        D("mention", (("b2", "A deckhand"),), "PERSON", "The determiner belongs to the phrase."),
        D("mention", (("b2", "deckhand"),), None, "The determiner belongs to the phrase."),
        D("mention", (("c3", "In April"),), None, "The preposition does not belong to the phrase."),
        D("mention", (("c3", "April"),), "DATE", "The preposition does not belong to the phrase."),
        D("mention", (("c3", "Monday"),), "DATE", "A date, although a relative one."),
        D("mention", (CAFE,), "LOC", "It is named as a meeting place."),
        D("entity", (SOCIETY, SOCIETY_AGAIN), True, "One society has this name."),
        *(D("entity", (SOCIETY, each), False, "A society is no festival.") for each in FESTIVALS),
        D("entity.type", (SOCIETY,), "ORG", "A society is an organisation."),
        D("entity.name", (SOCIETY,), "Lantern Society", "A society is no festival."),
        D("entity.type", (CAFE,), "LOC", "It is named as a meeting place."),
        D("claim", ("c3-c8",), True, "It could be false alone, so it is a claim."),
        D("claim.kind", ("a1-c8",), "forecast", "The repairs lie in the future."),
        D("claim.certainty", ("a1-c10",), "hedged", "It says probably."),
        D("claim.polarity", ("c3-c7",), "negative", "It says that something is not expected."),
    ],
    "pairs": [
        D("pair.aspect", ("a1-c2~b2-c2",), "participation", "They differ in who was hurt."),
        D("pair.reason", ("a1-c1~c3-c2",), "different_granularity", "An evening is part of a day."),
        D("pair.reason", ("b2-c1~c3-c1",), "different_referent", "Two boats and two piers."),
        D("pair.relation", ("a1-c4~b2-c3",), "contradiction", "Each is told as the only cause."),
        D("pair.relation", ("a1-c5~c3-c9",), "neutral", "One looks back, the other judges."),
        D("pair.relation", ("a1-c6~c3-c4",), "tension", "Building and launching may fall in two years."),
    ],
}
