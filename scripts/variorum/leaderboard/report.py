"""Whether the benchmark tells systems apart, as a page: ranks, what is left to gain, what nobody finds."""

from collections import Counter
from collections.abc import Iterator, Sequence

from variorum.dataset.markdown import code, literal
from variorum.leaderboard.blocks import Block, Grid, Heading, Text
from variorum.leaderboard.board import Board
from variorum.leaderboard.findings import Conflict, LookAlike, conflicts, headroom, judging, look_alikes
from variorum.leaderboard.measures import RANKED
from variorum.leaderboard.neighbours import ALPHA, Neighbours, kept
from variorum.leaderboard.table import NONE
from variorum.scoring import CONDITIONAL, reference

TITLE = "Does the benchmark tell systems apart?"
MOST = 20  # look-alikes that are listed


def page(board: Board, found: Sequence[Neighbours]) -> list[Block]:
    """All of it, computed."""
    return [
        Heading(1, TITLE),
        Text(
            f"Computed by `variorum leaderboard` from the predictions beside this page, against gold "
            f"`{reference(board.gold)}`. [README.md](README.md) has the table. All of it is {CONDITIONAL}, of which "
            "there are few: another story could order systems otherwise."
        ),
        *_ranks(board, found),
        *_headroom(board),
        *_conflicts(board),
        *_look_alikes(board),
    ]


# --- ranks -----------------------------------------------------------------------------------------------------


def _ranks(board: Board, found: Sequence[Neighbours]) -> Iterator[Block]:
    yield Heading(2, "Ranks under the bootstrap")
    yield Text(
        f"In each of {board.config.resamples} resamples, the same for all systems, all are ranked anew. Kept: the "
        "share in which a system has the rank that it has here. Swap: the share in which the next one is better, a tie "
        "counting half; near 0.5 the order of the two says nothing. Above 0.5 the next one is better in most "
        "resamples, although its value on all items is no higher: the lead is small or hangs on few items, and neither "
        "that order nor the opposite one should be believed. Where units depend on the systems compared (groups of "
        "entities) only neighbours can be drawn together, and there is no share of ranks kept. p takes pairs of claims "
        "as independent, the resamples do not: where swap and p differ, trust swap."
    )
    if found:
        sure = sum(each.significant for each in found)
        yield Text(f"Of {len(found)} differences between neighbours {sure} have p below {ALPHA}, uncorrected.")
    swaps = {(each.main.title, each.first): each for each in found}
    rows = []
    for main in RANKED:
        for each in kept(board, main):
            after = swaps.get((main.title, each.name))
            rows.append(
                (main.title, str(each.rank), literal(each.name), f"{each.value:.3f}", _share(each.kept), *_swap(after))
            )
    yield Grid(("by", "rank ", "system", "value ", "kept ", "next", "swap ", "p "), tuple(rows))


def _share(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}"


def _swap(each: Neighbours | None) -> tuple[str, str, str]:
    if each is None:
        return NONE, NONE, NONE
    p = each.difference.p
    return literal(each.second), _share(each.swap), NONE if p is None else f"{p:.3f}"


# --- what is left ----------------------------------------------------------------------------------------------


def _headroom(board: Board) -> Iterator[Block]:
    yield Heading(2, "What is left to gain")
    found = headroom(board)
    if not found:
        yield Text("There is no system yet.")
        return
    yield Text(
        "The best system by each figure (all that are equal), controls aside, and the mean of the annotators, each "
        "against the others. The two are not measured on the same gold; runs of one language model agree more than "
        "people would."
    )
    rows = (
        (h.main.title, literal(", ".join(h.best)), f"{h.reached:.3f}", _figure(h.ceiling), _figure(h.left))
        for h in found
    )
    yield Grid(("figure", "best", "reaches ", "annotators ", "left "), tuple(rows))


def _figure(value: float | None) -> str:
    return NONE if value is None else f"{value:.3f}"


# --- pair by pair ----------------------------------------------------------------------------------------------


def _conflicts(board: Board) -> Iterator[Block]:
    yield Heading(2, "Conflicts, and who finds them")
    found, rows = conflicts(board), judging(board)
    systems = {row.name for row in board.systems}
    if not found or not rows:
        yield Text("Gold has no conflict, or no system judges pairs.")
        return
    missed = [each.conflict_id for each in found if not systems.intersection(each.found_by)]
    which = ": " + ", ".join(map(code, missed)) if missed else ""
    yield Text(
        f"Of {len(found)} conflicts no system that tries finds {len(missed)}{which}. A conflict is found if any of its "
        "pairs is called a contradiction or a tension."
    )
    texts = _propositions(board)
    names = [row.name for row in rows]
    grid = (
        (
            literal(each.conflict_id),
            _relations(each),
            *_sides(each, texts),
            *("x" if n in each.found_by else "" for n in names),
        )
        for each in found
    )
    yield Grid(("conflict", "pairs", "one says", "another says", *(f"{literal(name)} " for name in names)), tuple(grid))


def _propositions(board: Board) -> dict[str, str]:
    return {claim.claim_id: literal(claim.proposition) for claim in board.gold.claims or ()}


def _relations(each: Conflict) -> str:
    tally = Counter((pair.relation, pair.aspect or NONE) for pair in each.pairs)
    return literal(", ".join(f"{number} {relation} ({aspect})" for (relation, aspect), number in sorted(tally.items())))


def _sides(each: Conflict, texts: dict[str, str]) -> tuple[str, str]:
    pair = each.pairs[0]
    return texts.get(pair.claim_a, NONE), texts.get(pair.claim_b, NONE)


def _look_alikes(board: Board) -> Iterator[Block]:
    yield Heading(2, "Look-alikes, and whom they fool")
    found, rows = look_alikes(board), judging(board)
    if not found or not rows:
        yield Text("Gold has no look-alike, or no system judges pairs.")
        return
    yield Text("How many of the pairs with each reason a system calls a conflict; none of them is one.")
    total = Counter(each.pair.reason or NONE for each in found)
    names = [row.name for row in rows]
    fooled = {name: Counter(each.pair.reason for each in found if name in each.fooled) for name in names}
    counts = (
        (literal(reason), str(n), *(str(fooled[name][reason]) for name in names)) for reason, n in sorted(total.items())
    )
    yield Grid(("reason", "pairs ", *(f"{literal(name)} " for name in names)), tuple(counts))
    yield from _worst(board, found)


def _worst(board: Board, found: Sequence[LookAlike]) -> Iterator[Block]:
    systems = [row.name for row in board.systems]
    fooling = [each for each in found if set(systems).intersection(each.fooled)]
    if not fooling:
        yield Text("They fool no system that tries.")
        return
    texts = _propositions(board)
    listed = fooling[:MOST]
    which = f"The {MOST} that fool most" if len(fooling) > MOST else "Those"
    yield Text(f"{len(fooling)} of {len(found)} fool a system that tries. {which}:")
    rows = (
        (
            literal(each.pair.reason or NONE),
            texts.get(each.pair.claim_a, NONE),
            texts.get(each.pair.claim_b, NONE),
            literal(", ".join(name for name in systems if name in each.fooled)),
        )
        for each in listed
    )
    yield Grid(("reason", "one says", "another says", "fooled"), tuple(rows))
