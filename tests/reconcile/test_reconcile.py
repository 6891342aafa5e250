"""What a bank reconciliation must say, and what it must not decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from fundledger.bank import BankLine, Statement
from fundledger.errors import InputInvalid
from fundledger.reconcile import Adjustment, BookLine, Carried, Item, Kind, Tolerance, reconcile

ACCOUNT = "3100000000000000101"
START = date(2026, 3, 1)
USUAL = Tolerance()
END = date(2026, 3, 31)


def statement(
    *moves: tuple[int, int], opening_fen: int = 0, name: str = "march.csv", month: int = 3
) -> Statement:
    """Return a statement of a month with these (day, signed fen) lines."""
    lines = tuple(
        BankLine(row, date(2026, month, day), "in" if fen > 0 else "out", abs(fen))
        for row, (day, fen) in enumerate(moves, 2)
    )
    last = date(2026, month + 1, 1) - timedelta(days=1)
    closing_fen = opening_fen + sum(fen for _, fen in moves)
    return Statement(
        name,
        name * 2,
        ACCOUNT,
        date(2026, month, 1),
        last,
        opening_fen,
        closing_fen,
        lines,
        stated_period=True,
    )


def book(*moves: tuple[int, int], month: int = 3) -> list[BookLine]:
    """Return book lines of these (day, signed fen), numbered in order."""
    return [
        BookLine(date(2026, month, day), f"2026-{month:02d}-{number:04d}", fen, "摘要")
        for number, (day, fen) in enumerate(moves, 1)
    ]


def done(
    given: Statement | Iterable[Statement],
    lines: list[BookLine],
    *,
    opening_fen: int = 0,
    previous: Carried | None = None,
    tolerance: Tolerance = USUAL,
) -> Adjustment:
    """Reconcile with the book balance that the opening and the lines give."""
    book_fen = opening_fen + sum(
        line.signed_fen for line in lines if previous is None or line.date > previous.end
    )
    return reconcile(given, ACCOUNT, lines, book_fen, previous=previous, tolerance=tolerance)


def codes(adjustment: Adjustment) -> list[str]:
    return [finding.code for finding in adjustment.findings]


def open_items(adjustment: Adjustment) -> list[tuple[Kind, int, int]]:
    return [(item.kind, item.date.day, item.amount_fen) for item in adjustment.items]


def test_two_sides_that_agree_leave_nothing_open() -> None:
    moves = ((2, 100_000), (5, -5_000), (5, -5_000), (21, 34))
    found = done(statement(*moves), book(*moves))
    assert (found.items, found.findings, found.difference_fen) == ((), (), 0)
    assert found.settled
    assert [match.tier for match in found.matches] == ["same-date"] * 4


def test_each_of_the_four_kinds_stands_on_its_side() -> None:
    found = done(
        statement((2, 100_000), (8, -700), (21, 34)), book((2, 100_000), (30, -9_000), (31, 500))
    )
    assert open_items(found) == [
        (Kind.BANK_IN, 21, 34),
        (Kind.BANK_OUT, 8, 700),
        (Kind.BOOK_IN, 31, 500),
        (Kind.BOOK_OUT, 30, 9_000),
    ]
    assert found.adjusted_bank_fen == found.adjusted_book_fen == 99_334 - 9_000 + 500
    assert codes(found) == ["FL862", "FL861"]
    assert not found.settled
    assert [item.age_days for item in found.items] == [10, 23, 0, 1]


def test_amount_and_direction_must_be_exact() -> None:
    found = done(statement((2, 100), (3, 50)), book((2, 101), (3, -50)))
    assert len(found.items) == 4
    assert found.matches == ()


def test_a_line_matches_within_the_window_and_not_beyond() -> None:
    near = done(statement((15, -100)), book((5, -100)))
    assert [match.tier for match in near.matches] == ["window"]
    far = done(statement((16, -100)), book((5, -100)))
    assert open_items(far) == [(Kind.BANK_OUT, 16, 100), (Kind.BOOK_OUT, 5, 100)]
    wide = done(statement((16, -100)), book((5, -100)), tolerance=Tolerance(window_days=11))
    assert wide.items == ()


def test_the_same_date_goes_before_the_window() -> None:
    found = done(statement((5, -100)), book((4, -100), (5, -100), (6, -100)))
    assert open_items(found) == [(Kind.BOOK_OUT, 4, 100), (Kind.BOOK_OUT, 6, 100)]
    assert codes(found) == []
    assert [match.book_ref for match in found.matches] == ["2026-03-0002"]


def test_occurrences_count_and_each_is_consumed_once() -> None:
    found = done(statement((5, -500), (5, -500), (9, -500)), book((5, -500), (5, -500), (8, -500)))
    assert found.items == ()
    assert len({match.bank_ref for match in found.matches}) == 3
    assert len({match.book_ref for match in found.matches}) == 3


def test_of_several_equals_the_one_left_over_is_not_picked() -> None:
    found = done(statement((5, -500)), book((5, -500), (5, -500)))
    (item,) = found.items
    assert item.candidates == ("2026-03-0001", "2026-03-0002")
    assert (item.kind, item.amount_fen, item.ambiguous) == (Kind.BOOK_OUT, 500, True)
    assert codes(found) == ["FL863"]
    assert not found.matches[0].certain
    assert found.difference_fen == 0


def test_equals_of_different_dates_are_ambiguous_with_the_oldest_age() -> None:
    found = done(statement((9, -500)), book((4, -500), (7, -500)))
    (item,) = found.items
    assert item.candidates == ("2026-03-0001", "2026-03-0002")
    assert item.date.day == 4


def test_an_equal_out_of_reach_is_no_candidate() -> None:
    found = done(statement((22, -500)), book((2, -500), (20, -500)))
    (item,) = found.items
    assert (item.ref, item.candidates) == ("2026-03-0001", ())


def test_an_early_match_does_not_take_what_a_later_line_needs() -> None:
    found = done(statement((11, -500), (20, -500)), book((1, -500), (12, -500)))
    assert found.items == ()


def test_equal_bank_lines_may_be_ambiguous_too() -> None:
    found = done(statement((9, 500), (11, 500)), book((10, 500)))
    (item,) = found.items
    assert item.candidates == ("march.csv:2", "march.csv:3")
    assert codes(found) == ["FL862", "FL863"]


def test_two_lines_of_one_voucher_are_not_ambiguous() -> None:
    lines = [BookLine(date(2026, 3, 5), "2026-03-0001", -500, "甲")] * 2
    found = done(statement((5, -500)), lines)
    (item,) = found.items
    assert (item.ref, item.ambiguous) == ("2026-03-0001", False)


def test_an_item_open_for_more_than_thirty_days_is_flagged() -> None:
    previous = Carried(
        date(2026, 2, 28), 0, -300, (item_of(Kind.BOOK_OUT, date(2026, 2, 28), -300),)
    )
    found = done(statement(), [], opening_fen=-300, previous=previous)
    assert [(f.code, f.details["age_days"]) for f in found.findings] == [("FL860", 31)]
    patient = Tolerance(aged_days=31)
    assert not codes(done(statement(), [], opening_fen=-300, previous=previous, tolerance=patient))


def item_of(kind: Kind, day: date, fen: int, *candidates: str) -> Item:
    return Item(kind, day, "2026-01-0009", fen, "旧账", 0, candidates)


def test_what_was_open_clears_at_any_age() -> None:
    previous = Carried(
        date(2026, 2, 28),
        500,
        100,
        (
            item_of(Kind.BOOK_OUT, date(2025, 12, 1), -300),
            item_of(Kind.BANK_IN, date(2026, 1, 9), 100),
        ),
    )
    found = done(
        statement((9, -300), opening_fen=500), book((10, 100)), opening_fen=100, previous=previous
    )
    assert found.items == ()
    assert [match.tier for match in found.matches] == ["carried", "carried"]
    assert found.settled


def test_one_reconciliation_hands_its_open_items_to_the_next() -> None:
    first = done(statement((2, 900), (9, -500)), book((2, 900), (9, -500), (9, -500), (31, -70)))
    second = done(
        statement((2, -500), (3, -70), opening_fen=400, name="april.csv", month=4),
        book((2, 900), (9, -500), (9, -500), (31, -70)),
        opening_fen=-170,
        previous=first.carried(),
    )
    assert (second.items, second.findings) == ((), ())
    assert second.book_fen == second.bank_fen == -170


def test_a_candidate_that_was_ambiguous_stays_so_until_it_clears() -> None:
    first = done(statement((9, -500)), book((9, -500), (9, -500), (9, -500)))
    second = done(
        statement((2, -500), opening_fen=-500, month=4, name="april.csv"),
        [],
        opening_fen=-1500,
        previous=first.carried(),
    )
    (item,) = second.items
    assert item.candidates == ("2026-03-0001", "2026-03-0002", "2026-03-0003")
    assert second.difference_fen == 0


def test_an_earlier_posting_clears_even_without_the_last_reconciliation() -> None:
    lines = book((1, 1_000), (26, -300), month=2) + book((5, -40))
    found = reconcile(statement((3, -300), (5, -40), opening_fen=1_000), ACCOUNT, lines, 660)
    assert (found.items, found.difference_fen) == ((), 0)


def test_earlier_postings_that_explain_the_opening_are_open() -> None:
    lines = book((26, -300), (27, -20), month=2)
    found = reconcile(statement(opening_fen=1_000), ACCOUNT, lines, 680)
    assert open_items(found) == [(Kind.BOOK_OUT, 26, 300), (Kind.BOOK_OUT, 27, 20)]
    assert found.difference_fen == 0


def test_earlier_postings_are_left_alone_where_the_openings_agree() -> None:
    lines = book((10, -300), month=2)
    found = reconcile(statement((3, -300), opening_fen=1_000), ACCOUNT, lines, 1_000)
    assert open_items(found) == [(Kind.BANK_OUT, 3, 300)]
    assert found.difference_fen == 0


def test_an_opening_that_nothing_explains_is_a_difference() -> None:
    found = done(statement(opening_fen=1_000), [], opening_fen=999)
    assert found.difference_fen == 1
    assert [(f.code, f.amount_fen, f.gates) for f in found.findings] == [("FL858", 1, True)]
    assert not found.settled


def test_a_posting_behind_the_last_reconciliation_is_seen() -> None:
    previous = Carried(date(2026, 2, 28), 1_000, 1_000)
    late = book((27, -50), month=2)
    found = reconcile(statement(opening_fen=1_000), ACCOUNT, late, 950, previous=previous)
    assert codes(found) == ["FL857", "FL858"]
    assert [finding.amount_fen for finding in found.findings] == [-50, 50]


def test_postings_after_the_statement_are_left_out() -> None:
    lines = book((2, 100)) + book((1, -100), month=4)
    found = reconcile(statement((2, 100)), ACCOUNT, lines, 100)
    assert (found.items, found.as_of) == ((), END)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"account": "3100000000000000999"}, [("FL850", True)]),
        ({"account": None}, [("FL851", False)]),
        ({"account": "3100 0000 0000 0000 101"}, []),
        ({"closing_fen": 101}, [("FL852", True), ("FL858", True)]),
    ],
)
def test_a_statement_is_checked_by_itself(
    change: dict[str, object], expected: list[tuple[str, bool]]
) -> None:
    given = replace(statement((2, 100)), **change)  # type: ignore[arg-type]
    found = done(given, book((2, 100)))
    assert [(finding.code, finding.gates) for finding in found.findings] == expected


@pytest.mark.parametrize(
    ("end", "bank_fen", "expected"),
    [
        (date(2026, 2, 28), 0, []),
        (date(2026, 2, 28), 7, ["FL853"]),
        (date(2026, 2, 27), 0, ["FL854"]),
        (date(2026, 3, 1), 0, ["FL855"]),
    ],
)
def test_a_statement_continues_the_one_before(
    end: date, bank_fen: int, expected: list[str]
) -> None:
    found = done(statement(), [], previous=Carried(end, bank_fen, 0))
    assert codes(found) == expected


def test_days_of_the_first_line_are_no_gap() -> None:
    given = replace(statement((9, 100)), start=date(2026, 3, 9), stated_period=False)
    found = done(given, book((9, 100)), previous=Carried(date(2026, 2, 28), 0, 0))
    assert codes(found) == []


def test_a_file_given_twice_counts_once() -> None:
    one = statement((2, 100))
    copy = replace(one, name="copy.csv")
    assert done([one, copy], book((2, 100))).items == ()
    assert done([one, one], book((2, 100))) == done(one, book((2, 100)))


def test_a_file_of_the_last_reconciliation_is_refused() -> None:
    one = statement((2, 100))
    previous = Carried(date(2026, 2, 28), 0, 0, (), (one.sha256,))
    assert codes(done(one, book((2, 100)), previous=previous)) == ["FL856"]


def test_consecutive_statements_make_one_period() -> None:
    april = statement((3, -40), opening_fen=100, name="april.csv", month=4)
    lines = book((2, 100)) + book((3, -40), month=4)
    found = done([april, statement((2, 100))], lines)
    assert (found.start, found.as_of, found.bank_fen) == (START, date(2026, 4, 30), 60)
    assert (found.items, found.findings) == ((), ())


def test_no_statement_is_no_reconciliation() -> None:
    with pytest.raises(InputInvalid) as refused:
        reconcile([], ACCOUNT, [], 0)
    assert [(f.code, f.subject) for f in refused.value.findings] == [("FL909", "statements")]


def test_findings_carry_the_fund_and_speak_both_languages() -> None:
    found = reconcile(statement((2, 100), (3, -7)), ACCOUNT, book((9, 5), (9, 5)), 10, fund="dibao")
    assert {finding.fund for finding in found.findings} == {"dibao"}
    for finding in found.findings:
        for language in ("zh", "en"):
            assert "?" not in finding.sentence(language) + finding.remedy(language)


@pytest.mark.parametrize("account", [ACCOUNT, None, "3100 0000 0000 0000 101"])
def test_one_statement_in_two_formats_is_said_once_and_used_once(account: str | None) -> None:
    sheet = statement((2, 100), (3, -40), name="march.xlsx")
    text = replace(sheet, name="march.csv", sha256="another", account=account)
    lines = book((2, 100), (3, -40))

    both = done([sheet, text], lines)

    assert codes(both)[:1] == ["FL859"]
    assert set(codes(both)) <= {"FL859", "FL851"}
    assert (both.items, both.difference_fen, len(both.digests)) == ((), 0, 1)
    assert not both.settled


def test_two_statements_of_a_period_that_differ_by_a_line_are_not_one() -> None:
    sheet = statement((2, 100), (3, -40))
    other = replace(statement((2, 60)), sha256="another")
    assert "FL855" in codes(done([sheet, other], book((2, 100), (3, -40))))
