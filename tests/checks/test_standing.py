"""How a fund stands on a day, by the limits of the rules; and what a receipt tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from fundledger.charter import FundCharter
from fundledger.errors import Refused
from fundledger.findings import Finding
from fundledger.fund import Fund, open_fund
from fundledger.ledger import drafts
from fundledger.ledger.chart import ASSET_SUSPENSE, BANK, DUE_FROM_OFFICE, LIABILITY_SUSPENSE
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.ledger.voucher import Posting, credit, debit, numbered
from support.forcing import force
from support.offices import DIBAO, SINCE, Clock, charter_values, draft, granted

MARCH = datetime(2026, 3, 20, 9, 0, tzinfo=SHANGHAI)
AT = MARCH.isoformat(timespec="seconds")
CLAIM = "Assets:DueFrom:Fund:Union"


def kept(root: Path, now: datetime = MARCH, interest: str = "retain", **controls: object) -> Fund:
    """Return a fund with a post that both makes and posts, by controls that are a little other."""
    values: dict[str, Any] = charter_values(interest=interest)
    values["controls"] |= controls
    both = [{"role": role, "from": SINCE} for role in ("maker", "poster")]
    values["staff"].append({"code": "S07", "title_zh": "岗", "title_en": "post", "roles": both})
    rules = FundCharter.model_validate(values)
    return open_fund(root / "dibao", rules, Surroundings(Clock(now)))


def on(month: int, day: int) -> date:
    return date(2026, month, day)


def told(findings: Sequence[Finding]) -> list[tuple[str, str, int | None]]:
    return [(finding.code, finding.subject, finding.amount_fen) for finding in findings]


def standing(fund: Fund, day: date, *codes: str) -> list[tuple[str, str, int | None]]:
    """Return what a check as of a day finds of these codes."""
    return told([f for f in fund.check(day).findings if f.code in codes])


def moved(side: str, account: str, amount_fen: int) -> tuple[Posting, Posting]:
    """Return the postings of money that came in from or went out to an account."""
    if side == "in":
        return debit(BANK, amount_fen), credit(account, amount_fen)
    return debit(account, amount_fen), credit(BANK, amount_fen)


FACTS = (
    ("bank-fee", drafts.bank_fee(10_00), DUE_FROM_OFFICE),
    ("unknown-debit", drafts.unknown_debit(10_00), ASSET_SUSPENSE),
    ("unknown-credit", drafts.unknown_credit(10_00), LIABILITY_SUSPENSE),
)


@pytest.mark.parametrize(("event", "postings", "account"), FACTS)
def test_the_receipt_of_a_fact_carries_the_item_that_it_opened(
    tmp_path: Path, event: str, postings: Sequence[Posting], account: str
) -> None:
    fund = kept(tmp_path)
    fund.record(draft(drafts.donation(100_00), on(3, 2), "donation"))
    receipt = fund.record(draft(tuple(postings), on(3, 5), event))

    assert told(receipt.findings) == [("FL412", account, 10_00)]
    assert [(f.gates, f.sequence, f.details["since"]) for f in receipt.findings] == [
        (False, receipt.sequence, "2026-03-05")
    ]
    assert standing(fund, on(3, 5), "FL412", "FL413") == [("FL412", account, 10_00)]

    fund.close_files()


def test_the_receipt_of_what_touches_no_open_item_tells_of_none(tmp_path: Path) -> None:
    fund = kept(tmp_path)
    fund.record(draft(drafts.unknown_credit(10_00), on(3, 5), "unknown-credit"))
    gift = fund.record(draft(drafts.donation(100_00), on(3, 6), "donation"))
    cleared = fund.record(draft(moved("out", LIABILITY_SUSPENSE, 10_00), on(3, 7), "transfer"))

    assert gift.findings == cleared.findings == ()
    assert standing(fund, on(3, 7), "FL412", "FL413") == []

    fund.close_files()


def test_an_item_is_recorded_late_and_told_as_old_as_it_is(tmp_path: Path) -> None:
    fund = kept(tmp_path)
    receipt = fund.record(draft(drafts.unknown_credit(10_00), on(2, 17), "unknown-credit"))

    assert told(receipt.findings) == [
        ("FL413", LIABILITY_SUSPENSE, 10_00),
        ("FL964", "dibao", None),
    ]

    fund.close_files()


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (on(3, 9), []),
        (on(3, 10), [("FL412", LIABILITY_SUSPENSE, 60_00)]),
        (on(4, 1), [("FL412", LIABILITY_SUSPENSE, 100_00)]),
        (on(4, 9), [("FL412", LIABILITY_SUSPENSE, 70_00)]),
        (
            on(4, 10),
            [("FL413", LIABILITY_SUSPENSE, 30_00), ("FL412", LIABILITY_SUSPENSE, 40_00)],
        ),
        (on(5, 1), [("FL413", LIABILITY_SUSPENSE, 70_00)]),
        (on(5, 3), [("FL412", LIABILITY_SUSPENSE, 20_00)]),
    ],
)
def test_what_came_first_is_cleared_first_and_the_rest_ages(
    tmp_path: Path, day: date, found: list[tuple[str, str, int]]
) -> None:
    fund = kept(tmp_path, datetime(2026, 6, 1, 9, 0, tzinfo=SHANGHAI))
    for at, side, amount_fen in (
        (on(3, 10), "in", 60_00),
        (on(3, 12), "in", 40_00),
        (on(4, 2), "out", 30_00),
        (on(5, 2), "out", 70_00),
        (on(5, 3), "in", 20_00),
    ):
        event = "unknown-credit" if side == "in" else "transfer"
        fund.record(draft(moved(side, LIABILITY_SUSPENSE, amount_fen), at, event))

    assert standing(fund, day, "FL412", "FL413") == found

    fund.close_files()


ITEM = LIABILITY_SUSPENSE


def suspended(root: Path) -> Fund:
    """Return a fund with 50 yuan of no known source on 3 March and 80 on 3 June."""
    fund = kept(root, datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI))
    fund.record(draft(drafts.unknown_credit(50_00), on(3, 3), "unknown-credit"))
    fund.record(draft(drafts.unknown_credit(80_00), on(6, 3), "unknown-credit"))
    return fund


@pytest.mark.parametrize(
    ("ref", "left"),
    [
        ("2026-03-0001", [("FL412", ITEM, 80_00)]),
        ("2026-06-0001", [("FL413", ITEM, 50_00)]),
    ],
)
def test_red_ink_clears_the_amount_that_it_names_and_not_the_oldest(
    tmp_path: Path, ref: str, left: list[tuple[str, str, int]]
) -> None:
    fund = suspended(tmp_path)
    receipt = fund.reverse(ref, on=on(6, 10), maker="S03", reviewer="S01")

    assert standing(fund, on(6, 20), "FL412", "FL413") == left
    assert [f.amount_fen for f in receipt.findings if f.subject == ITEM] == [left[0][2]]
    since = "2026-06-03" if ref.startswith("2026-03") else "2026-03-03"
    assert [f.details["since"] for f in receipt.findings if f.subject == ITEM] == [since]
    before = [("FL413", ITEM, 50_00), ("FL412", ITEM, 80_00)]
    assert standing(fund, on(6, 9), "FL412", "FL413") == before

    fund.close_files()


def test_a_clearing_that_is_reversed_leaves_the_item_as_old_as_it_was(tmp_path: Path) -> None:
    fund = suspended(tmp_path)
    cleared = fund.record(draft(moved("out", ITEM, 50_00), on(6, 5), "transfer"))
    assert standing(fund, on(6, 20), "FL412", "FL413") == [("FL412", ITEM, 80_00)]
    fund.reverse(cleared.refs[0], on=on(6, 12), maker="S03", reviewer="S01")

    (old, _) = [f for f in fund.check(on(6, 20)).findings if f.code in {"FL412", "FL413"}]
    assert (old.code, old.amount_fen, old.details["since"]) == ("FL413", 50_00, "2026-03-03")

    fund.close_files()


def test_what_a_correction_puts_in_an_items_place_is_as_old_as_that(tmp_path: Path) -> None:
    fund = suspended(tmp_path)
    right = draft(drafts.unknown_credit(45_00), on(6, 10), "unknown-credit")
    corrected = fund.correct("2026-03-0001", right)
    left = [("FL413", ITEM, 45_00), ("FL412", ITEM, 80_00)]
    assert standing(fund, on(6, 20), "FL412", "FL413") == left

    (*_, blue) = corrected.refs
    last = draft(drafts.unknown_credit(44_00), on(6, 11), "unknown-credit")
    fund.correct(blue, last)
    left = [("FL413", ITEM, 44_00), ("FL412", ITEM, 80_00)]
    assert standing(fund, on(6, 20), "FL412", "FL413") == left

    fund.close_files()


def paying(root: Path, interest: str = "retain") -> Fund:
    """Return a fund that was granted 1,000 yuan on 2 January and paid 100 on 10 March."""
    fund = kept(root, datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI), interest)
    granted(fund, 1_000_00)
    fund.record(draft(drafts.expense(2026, DIBAO, 100_00), on(3, 10), "expense"))
    return fund


@pytest.mark.parametrize(
    ("day", "idle"),
    [
        (on(2, 1), []),
        (on(2, 2), [("FL410", BANK, 1_000_00)]),
        (on(4, 9), []),
        (on(4, 10), [("FL410", BANK, 900_00)]),
    ],
)
def test_money_is_idle_when_nothing_was_allotted_or_paid_for_a_month(
    tmp_path: Path, day: date, idle: list[tuple[str, str, int]]
) -> None:
    fund = paying(tmp_path)

    assert standing(fund, day, "FL410") == idle

    fund.close_files()


def test_neither_new_money_nor_what_is_owed_lies_idle(tmp_path: Path) -> None:
    fund = paying(tmp_path)
    fund.record(draft(drafts.donation(50_00), on(4, 8), "donation"))
    fund.record(draft(drafts.unknown_credit(30_00), on(3, 5), "unknown-credit"))

    assert standing(fund, on(4, 10), "FL410") == [("FL410", BANK, 900_00)]
    fund.record(
        (
            draft(drafts.adoption(2026, DIBAO, 1_00), on(4, 9), "budget-adopt"),
            draft(drafts.allotment(2026, DIBAO, 1_00), on(4, 9), "allot"),
        )
    )
    assert standing(fund, on(4, 10), "FL410") == []

    fund.close_files()


def test_carrying_the_budget_into_a_new_year_is_no_use_of_the_money(tmp_path: Path) -> None:
    fund = paying(tmp_path)
    fund.close_files()
    fund = kept(tmp_path, datetime(2027, 2, 1, 9, 0, tzinfo=SHANGHAI))
    for month in ("2026-01", "2026-03"):
        fund.close(month, actor="S02")
    fund.close_year(2026, actor="S02", maker="S03", reviewer="S01")
    (finding,) = [f for f in fund.check(date(2027, 1, 5)).findings if f.code == "FL410"]

    assert (finding.details["since"], finding.amount_fen) == ("2026-03-10", 900_00)

    fund.close_files()


@pytest.mark.parametrize("policy", ["retain", "remit"])
def test_interest_is_missed_after_a_hundred_days_with_money(tmp_path: Path, policy: str) -> None:
    fund = paying(tmp_path, interest=policy)

    assert standing(fund, on(4, 12), "FL411") == []
    assert standing(fund, on(4, 13), "FL411") == [("FL411", BANK, None)]

    fund.record(draft(drafts.interest(1_00, policy), on(3, 21), "interest"))
    assert standing(fund, on(6, 29), "FL411") == []
    assert standing(fund, on(6, 30), "FL411") == [("FL411", BANK, None)]

    fund.close_files()


def test_an_empty_account_gets_no_interest(tmp_path: Path) -> None:
    fund = paying(tmp_path)
    fund.record(draft(drafts.expense(2026, DIBAO, 900_00), on(3, 31), "expense"))

    assert standing(fund, on(10, 31), "FL410", "FL411") == []
    fund.record(draft(drafts.donation(5_00), on(10, 1), "donation"))
    assert standing(fund, on(11, 30), "FL411") == []

    fund.close_files()


@pytest.mark.parametrize(("day", "aged"), [(on(4, 9), []), (on(4, 10), [("FL414", CLAIM, 30_00)])])
def test_what_a_fund_owes_another_is_settled_in_a_month(
    tmp_path: Path, day: date, aged: list[tuple[str, str, int]]
) -> None:
    fund = paying(tmp_path)
    fund.record(draft(drafts.donation(50_00), on(3, 10), "donation"))
    lent = (
        debit(CLAIM, 50_00),
        credit("Expenses:CASC:Dibao", 50_00),
        debit("Equity:Budget:2026:Available:CASC:Dibao", 50_00),
        credit("Equity:Budget:2026:Expended:CASC:Dibao", 50_00),
    )
    fund.record(draft(lent, on(3, 10), "interfund", corrects="2026-03-0001"))
    fund.record(draft(moved("in", CLAIM, 20_00), on(3, 30), "interfund"))

    assert standing(fund, day, "FL414") == aged

    fund.close_files()


def test_who_makes_and_posts_is_told_once_in_a_note(tmp_path: Path) -> None:
    fund = kept(tmp_path)
    receipts = [
        fund.record(draft(drafts.donation(1_00), on(3, 5), "donation", maker=maker, poster=poster))
        for maker, poster in (("S07", "S07"), ("S07", "S07"), ("S07", "S02"), ("S03", "S07"))
    ]

    assert [told(receipt.findings) for receipt in receipts] == [
        [("FL330", "S07", None), ("FL964", "dibao", None)],
        [("FL330", "S07", None)],
        [],
        [],
    ]
    (note,) = [f for f in fund.check(on(3, 20)).findings if f.code == "FL330"]
    assert (note.severity, note.details["days"], note.details["last"]) == ("note", 1, "2026-03-20")

    fund.close_files()


def test_who_makes_and_posts_is_refused_where_the_rules_say_so_and_forced_in_is_found(
    tmp_path: Path,
) -> None:
    fund = kept(tmp_path, maker_may_post=False)
    fund.record(draft(drafts.donation(1_00), on(3, 2), "donation", maker="S07", poster="S02"))
    wrong = draft(drafts.donation(1_00), on(3, 5), "donation", maker="S07", poster="S07")
    with pytest.raises(Refused) as caught:
        fund.record(wrong)
    force(tmp_path / "dibao", fund, [numbered(wrong, 2)], at=AT)
    found = [finding for finding in fund.check(on(3, 20)).findings if finding.gates]

    assert caught.value.codes == ("FL331",)
    assert found == [*caught.value.findings]

    fund.close_files()


def split(fund: Fund, *payments: tuple[date, int, str | None]) -> list[list[str]]:
    """Record payments of one line; return the codes in each receipt."""
    return [
        [
            finding.code
            for finding in fund.record(
                draft(drafts.expense(2026, DIBAO, fen), day, "expense", approval=approval)
            ).findings
        ]
        for day, fen, approval in payments
    ]


def spender(root: Path) -> Fund:
    fund = kept(root)
    granted(fund, 500_000_00)
    return fund


def test_payments_just_under_the_limit_within_days_are_told_when_made_and_until_undone(
    tmp_path: Path,
) -> None:
    fund = spender(tmp_path)

    assert split(
        fund,
        (on(3, 3), 90_000_00, None),
        (on(3, 6), 99_999_99, None),
    ) == [[], ["FL332"]]
    (finding,) = [f for f in fund.check(on(3, 20)).findings if f.code == "FL332"]
    assert finding.details["vouchers"] == "2026-03-0001, 2026-03-0002"
    assert standing(fund, on(3, 5), "FL332") == []

    fund.reverse("2026-03-0002", on=on(3, 7), maker="S03", reviewer="S01")
    assert standing(fund, on(3, 20), "FL332") == []

    fund.close_files()


@pytest.mark.parametrize(
    "second",
    [
        (on(3, 7), 90_000_00, None),
        (on(3, 4), 89_999_99, None),
        (on(3, 4), 95_000_00, "例批〔2026〕1号"),
        (on(3, 4), 100_000_00, "例批〔2026〕1号"),
    ],
    ids=["days later", "well under the limit", "approved", "at the limit"],
)
def test_other_payments_are_not_taken_for_split(
    tmp_path: Path, second: tuple[date, int, str | None]
) -> None:
    fund = spender(tmp_path)

    assert split(fund, (on(3, 3), 90_000_00, None), second) == [[], []]
    assert standing(fund, on(3, 20), "FL332") == []

    fund.close_files()


def test_aid_of_the_festival_round_is_expected_within_the_round(tmp_path: Path) -> None:
    fund = kept(tmp_path, festival_lines=["CASC:Dibao"])
    granted(fund, 1_000_00)

    assert split(
        fund,
        (on(2, 28), 1_00, None),
        (on(3, 1), 1_00, None),
        (on(3, 1), 2_00, None),
    ) == [[], ["FL333"], ["FL333"]]
    right = draft(drafts.expense(2026, DIBAO, 3_00), on(3, 2), "expense")
    assert fund.correct("2026-02-0001", right).findings == ()

    fund.close_files()


def _through_the_years(root: Path) -> Fund:
    """Return a fund that got 100 yuan in 2023 and 50 in 2024, paid 80, let budget lapse."""
    values = charter_values(
        opened="2023-01-01",
        sources=[{"slug": "District", "zh": "区级", "en": "district", "from": "2023-01-01"}],
        purposes=[{"unit": "CASC", "category": "Dibao", "from": "2023-01-01"}],
    )
    clock = Clock(datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI))
    fund = open_fund(root / "dibao", FundCharter.model_validate(values), Surroundings(clock))
    for year, got_fen, paid_fen in ((2023, 100_00, 20_00), (2024, 50_00, 60_00)):
        granted(fund, got_fen, year)
        more = draft(drafts.adoption(year, DIBAO, 30_00), date(year, 1, 3), "budget-adopt")
        fund.record(more)
        spent = drafts.expense(year, DIBAO, paid_fen)
        fund.record(draft(spent, date(year, 5, 6), "expense"))
        for month in ("01", "05"):
            fund.close(f"{year}-{month}", actor="S02")
        fund.close_year(year, actor="S02", maker="S03", reviewer="S01")
    fund.close("2025-01", actor="S02")
    fund.close_year(2025, actor="S02", maker="S03", reviewer="S01")
    return fund


def test_of_a_line_the_oldest_money_is_spent_first_and_what_is_too_old_is_told(
    tmp_path: Path,
) -> None:
    fund = _through_the_years(tmp_path)
    line = "CASC:Dibao"

    assert fund.books().balance("Equity:Budget:2026:BroughtForward:CASC:Dibao") == -70_00
    assert standing(fund, date(2025, 12, 30), "FL415") == []
    assert standing(fund, date(2026, 1, 2), "FL415") == [("FL415", line, 20_00)]

    fund.record(draft(drafts.expense(2026, DIBAO, 5_00), on(1, 5), "expense"))
    assert standing(fund, on(1, 5), "FL415") == [("FL415", line, 15_00)]
    back = (
        *moved("out", "Equity:CarriedForward", 15_00),
        debit("Equity:Budget:2026:Lapsed:CASC:Dibao", 15_00),
        credit("Equity:Budget:2026:Available:CASC:Dibao", 15_00),
    )
    fund.record(draft(back, on(1, 6), "surrender"))
    assert standing(fund, on(1, 6), "FL415") == []

    fund.close_files()
