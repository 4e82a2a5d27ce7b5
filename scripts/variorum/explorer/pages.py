"""Which pages there are: one that holds everything, or an index and a page for each article and each conflict."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from variorum.explorer import rendering
from variorum.explorer.articles import Block, blocks
from variorum.explorer.copies import Copy, copies
from variorum.explorer.figures import Plot
from variorum.explorer.marks import Marks
from variorum.explorer.material import Material
from variorum.explorer.pairs import DIFFER, LOOK_ALIKE, OUTCOMES, Group, groups
from variorum.records import CONFLICT
from variorum.schema import Label

MAX_ARTICLES = 40  # more than that become a folder
INDEX = "index.html"
MARK = "variorum explore"
KINDS = (*CONFLICT, LOOK_ALIKE, DIFFER, *OUTCOMES)


class Telling(msgspec.Struct, frozen=True):
    """An article on a page, or a row of the index: `href` leads to its page, `counts` says what is in it."""

    number: int
    doc_id: str
    title: str
    origin: str
    blocks: tuple[Block, ...] = ()
    href: str = ""
    counts: Mapping[str, int] = {}


class Listed(msgspec.Struct, frozen=True):
    """A group of pairs, and where its page is if it is on another one."""

    group: Group
    href: str = ""


class View(msgspec.Struct, frozen=True):
    """All that one page shows. `hrefs`: where pairs are that stand on another page; `data` is what its script reads."""

    title: str
    home: str = ""
    tellings: tuple[Telling, ...] = ()
    rows: tuple[Telling, ...] = ()
    groups: tuple[Group, ...] = ()
    listed: tuple[Listed, ...] = ()
    copies: tuple[Copy, ...] = ()
    hrefs: Mapping[int, str] = {}
    agreement: tuple[Plot, ...] = ()
    leaderboard: tuple[Plot, ...] = ()
    figures: bool = True
    labels: Mapping[str, tuple[Label, ...]] = {}
    predicted: str = ""
    data: Mapping[str, Any] = {}

    @property
    def is_index(self) -> bool:
        return bool(self.rows)

    @property
    def pairs(self) -> list[Any]:
        return [pair for group in self.groups for pair in group.pairs]

    @property
    def kinds(self) -> dict[str, int]:
        """How many pairs there are of each kind that the list can be narrowed to."""
        counts = Counter(kind for pair in self.pairs for kind in pair.kinds)
        return {kind: counts[kind] for kind in KINDS if counts[kind]}


def pages(material: Material, limit: int = MAX_ARTICLES) -> dict[str, bytes]:
    """Files by name: `index.html` alone up to `limit` articles, else a folder's. rendering.NoLibrary."""
    return dict(single(material) if len(material.documents) <= limit else folder(material))


def single(material: Material) -> Iterator[tuple[str, bytes]]:
    """One page that needs nothing else."""
    found = groups(material)
    view = msgspec.structs.replace(
        _view(Marks(material), material.documents, found, f"{len(material.documents)} articles, one story"),
        copies=tuple(copies(material.documents, [pair for group in found for pair in group.pairs])),
        agreement=material.agreement,
        leaderboard=material.leaderboard,
    )
    yield INDEX, rendering.render(view, inside=True)


def _view(marks: Marks, doc_ids: Iterable[str], shown: Sequence[Group], title: str, **more: Any) -> View:
    """A page of these articles and pairs."""
    material = marks.material
    numbers = {doc_id: number for number, doc_id in enumerate(sorted(doc_ids))}
    return View(
        title,
        tellings=tuple(_telling(material, doc_id, number) for doc_id, number in numbers.items()),
        groups=tuple(shown),
        labels=material.schema.label_sets,
        predicted=material.prediction.annotation_set.source if material.prediction else "",
        data=marks.data(numbers, shown),
        **more,
    )


def _telling(material: Material, doc_id: str, number: int) -> Telling:
    document = material.documents[doc_id]
    source = document.source
    date = source.published or source.dateline
    origin = ", ".join(filter(None, (source.publisher, date))) or "publisher and date unknown"
    return Telling(number, doc_id, source.title, origin, tuple(blocks(document)))


# --- a folder ------------------------------------------------------------------------------------------------


def folder(material: Material) -> Iterator[tuple[str, bytes]]:
    """An index, a page an article, a page a conflict, and the style and the script that they share."""
    found = groups(material)
    pairs = [pair for group in found for pair in group.pairs]
    shared = copies(material.documents, pairs)
    listed = tuple(Listed(group, f"conflict-{at:05}.html") for at, group in enumerate(found, 1))
    rows = tuple(_rows(material, found, shared))
    yield INDEX, rendering.render(_index(material, rows, listed), inside=False)
    yield from _article_pages(material, rows, listed, shared)
    marks = Marks(material, brief=True)
    for each in listed:
        view = _view(marks, each.group.doc_ids, _numbered(each.group), each.group.name, home=INDEX, figures=False)
        yield each.href, rendering.render(view, inside=False)
    for name in (rendering.STYLE, rendering.SCRIPT):
        yield name, rendering.asset(name).encode()


def _rows(material: Material, found: Iterable[Group], shared: Iterable[Copy]) -> Iterator[Telling]:
    """A row of the index for each article."""
    gold = material.gold
    mentions, claims = (
        Counter(each.doc_id for each in some or ()) for some in (gold and gold.mentions, gold and gold.claims)
    )
    conflicts = Counter(doc_id for group in found if group.pairs[0].is_conflict for doc_id in group.doc_ids)
    copied = Counter(doc_id for each in shared for doc_id in (each.doc_id, each.other_id))
    for at, doc_id in enumerate(sorted(material.documents), 1):
        counts = {"mentions": mentions, "claims": claims, "conflicts": conflicts, "shares words with": copied}
        told = {what: some[doc_id] for what, some in counts.items()}
        bare = msgspec.structs.replace(_telling(material, doc_id, at), blocks=())
        yield msgspec.structs.replace(bare, href=f"article-{at:05}.html", counts=told)


def _index(material: Material, rows: tuple[Telling, ...], listed: tuple[Listed, ...]) -> View:
    conflicts = tuple(each for each in listed if set(each.group.kinds) - {LOOK_ALIKE, DIFFER, "hit"})
    return View(
        f"{len(rows)} articles, one story",
        rows=rows,
        listed=conflicts,
        agreement=material.agreement,
        leaderboard=material.leaderboard,
        labels=material.schema.label_sets,
        predicted=material.prediction.annotation_set.source if material.prediction else "",
    )


def _article_pages(
    material: Material, rows: Sequence[Telling], listed: Iterable[Listed], shared: Iterable[Copy]
) -> Iterator[tuple[str, bytes]]:
    """A page an article: its labels, links to its conflicts, what it shares with others."""
    marks = Marks(material, {row.doc_id: row.href for row in rows})
    conflicts, copied = defaultdict(list), defaultdict(list)
    for each in listed:
        for doc_id in each.group.doc_ids:
            conflicts[doc_id].append(each)
    for some in shared:
        for doc_id in {some.doc_id, some.other_id}:
            copied[doc_id].append(some)
    for row in rows:
        own = tuple(conflicts[row.doc_id])
        hrefs = {pair.number: f"{each.href}#pair-{at}" for each in own for at, pair in enumerate(each.group.pairs)}
        more = {"listed": own, "copies": tuple(copied[row.doc_id]), "hrefs": hrefs}
        view = _view(marks, [row.doc_id], (), row.title, home=INDEX, figures=False, **more)
        yield row.href, rendering.render(view, inside=False)


def _numbered(group: Group) -> list[Group]:
    """The group with its pairs counted from 0, as on a page of its own."""
    pairs = (msgspec.structs.replace(pair, number=at) for at, pair in enumerate(group.pairs))
    return [msgspec.structs.replace(group, pairs=tuple(pairs))]
