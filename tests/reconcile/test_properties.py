"""Laws of a reconciliation, for any statement and any book."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, permutations
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from fundledger.bank import BankLine, Statement
from fundledger.reconcile import Adjustment, BookLine, Kind, reconcile
from fundledger.reconcile.flow import maximum_flow
from fundledger.reconcile.match import Entry, Matching, Ref, match

ACCOUNT = "3100000000000000101"
START, END = date(2026, 3, 1), date(2026, 3, 31)

days = st.integers(0, 30).map(lambda offset: START + timedelta(days=offset))
amounts = st.sampled_from([100, -100, 500, -500, 501, 1])
moves = st.lists(st.tuples(days, amounts), max_size=12)


def bank_side(lines: list[tuple[date, int]], opening_fen: int = 0) -> Statement:
    """Return a statement of these lines."""
    read = tuple(
        BankLine(row, day, "in" if fen > 0 else "out", abs(fen))
        for row, (day, fen) in enumerate(lines, 2)
    )
    closing_fen = opening_fen + sum(fen for _, fen in lines)
    return Statement("s.csv", "s", ACCOUNT, START, END, opening_fen, closing_fen, read)


def book_side(lines: list[tuple[date, int]]) -> list[BookLine]:
    """Return book lines, each its own voucher."""
    return [BookLine(day, f"V{number:03d}", fen) for number, (day, fen) in enumerate(lines, 1)]


def reconciled(bank: list[tuple[date, int]], book: list[tuple[date, int]]) -> Adjustment:
    """Reconcile the two sides from equal openings."""
    return reconcile(bank_side(bank), ACCOUNT, book_side(book), sum(fen for _, fen in book))


@given(moves, moves, st.randoms(use_true_random=False))
def test_the_result_does_not_depend_on_the_order_of_the_input(
    bank: list[tuple[date, int]], book: list[tuple[date, int]], random: Random
) -> None:
    statement, lines = bank_side(bank), book_side(book)
    book_fen = sum(fen for _, fen in book)
    expected = reconcile(statement, ACCOUNT, lines, book_fen)
    shuffled = list(lines)
    random.shuffle(shuffled)
    mixed = list(statement.lines)
    random.shuffle(mixed)
    turned = replace(statement, lines=tuple(mixed))
    assert reconcile([turned, turned], ACCOUNT, shuffled, book_fen) == expected


@given(moves, moves, st.integers(-3, 3))
def test_both_sides_meet_but_for_what_the_openings_differ(
    bank: list[tuple[date, int]], book: list[tuple[date, int]], apart_fen: int
) -> None:
    book_fen = sum(fen for _, fen in book)
    found = reconcile(bank_side(bank, apart_fen), ACCOUNT, book_side(book), book_fen)
    items = found.items
    signed = {kind: sum(i.amount_fen for i in items if i.kind is kind) for kind in Kind}
    left = found.book_fen + signed[Kind.BANK_IN] - signed[Kind.BANK_OUT]
    right = found.bank_fen + signed[Kind.BOOK_IN] - signed[Kind.BOOK_OUT]
    assert (left, right) == (found.adjusted_book_fen, found.adjusted_bank_fen)
    assert right - left == found.difference_fen == apart_fen


@given(moves, moves)
def test_every_line_is_matched_once_or_open_once(
    bank: list[tuple[date, int]], book: list[tuple[date, int]]
) -> None:
    found = reconciled(bank, book)
    matched = Counter(match.signed_fen for match in found.matches)
    for lines, of_book in ((bank, False), (book, True)):
        open_fen = Counter(item.signed_fen for item in found.items if item.of_book is of_book)
        assert matched + open_fen == Counter(fen for _, fen in lines)


@given(moves)
def test_a_book_that_equals_the_statement_leaves_nothing_open(bank: list[tuple[date, int]]) -> None:
    found = reconciled(bank, bank)
    assert (found.items, found.findings) == ((), ())
    assert all(match.certain and match.tier == "same-date" for match in found.matches)


@given(moves, st.sampled_from([7, -7]), days, st.booleans())
def test_a_planted_line_is_exactly_the_one_found(
    shared: list[tuple[date, int]],
    fen: int,
    day: date,
    in_book: bool,  # noqa: FBT001
) -> None:
    planted = [*shared, (day, fen)]
    found = reconciled(shared, planted) if in_book else reconciled(planted, shared)
    (item,) = found.items
    assert (item.date, item.signed_fen, item.of_book) == (day, fen, in_book)
    assert found.difference_fen == 0


@given(
    st.lists(st.integers(1, 2), min_size=1, max_size=3),
    st.lists(st.integers(1, 2), min_size=1, max_size=3),
    st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2))),
)
@example([1, 1], [1, 1], {(0, 0), (0, 1), (1, 0)})
@example([2, 1], [1, 2], {(0, 0), (0, 1), (1, 1)})
def test_as_much_flows_as_can(
    supply: list[int], demand: list[int], drawn: set[tuple[int, int]]
) -> None:
    edges = sorted((b, k) for b, k in drawn if b < len(supply) and k < len(demand))
    flow = maximum_flow(supply, demand, edges)
    sent = {(b, k): units for b, row in flow.items() for k, units in row.items()}
    assert set(sent) <= set(edges)
    for b, units in enumerate(supply):
        assert sum(sent.get((b, k), 0) for k in range(len(demand))) <= units
    for k, units in enumerate(demand):
        assert sum(sent.get((b, k), 0) for b in range(len(supply))) <= units
    cuts = (
        sum(supply[b] for b in range(len(supply)) if b in cut)
        + sum({k: demand[k] for b, k in edges if b not in cut}.values())
        for size in range(len(supply) + 1)
        for cut in combinations(range(len(supply)), size)
    )
    assert sum(sent.values()) == min(cuts)


def entries(offsets: list[int], side: str) -> list[Entry]:
    """Return equal entries on these days, in reach of three days."""
    return [
        Entry(START + timedelta(days=offset), (Ref(f"{side}{number}", ""),), 100, reach_days=3)
        for number, offset in enumerate(offsets)
    ]


def leftovers(bank: list[Entry], book: list[Entry]) -> tuple[int, set[str]]:
    """Return, by trying all, the fewest book entries left over and which can be among them.

    Those of one date are matched first: all that are left of a date are as good as each other.
    """
    best, possible = len(book) + 1, set[str]()
    for taken in range(min(len(bank), len(book)), -1, -1):
        for chosen in combinations(book, taken):
            for order in permutations(bank, taken):
                near = all(
                    abs((b.date - k.date).days) <= 3 for b, k in zip(order, chosen, strict=True)
                )
                if near and len(book) - taken <= best:
                    best = len(book) - taken
                    possible |= {k.refs[0].mark for k in book if k not in chosen}
        if best <= len(book):
            break
    return best, possible


def refs_left(matching: Matching) -> tuple[int, set[str]]:
    """Return how many book entries are left over and which could be."""
    refs = {ref.mark for rest in matching.book for entry in rest.entries for ref in entry.refs}
    return sum(rest.count for rest in matching.book), refs


offsets = st.lists(st.integers(0, 9), max_size=4)


@given(offsets, offsets)
def test_what_could_be_left_over_is_what_trying_everything_finds(
    bank_offsets: list[int], book_offsets: list[int]
) -> None:
    evens = [2 * offset for offset in bank_offsets]
    odds = [2 * offset + 1 for offset in book_offsets]
    bank, book = entries(evens, "b"), entries(odds, "k")
    assert refs_left(match(bank, book)) == leftovers(bank, book)
