"""What the rest of a year takes: by what came due, of lines that begin or end in it, as stated."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from fundledger.budget.propose import derived_from
from fundledger.budget.sources import gathered
from fundledger.budget.watch.status import budget_status
from fundledger.ledger import drafts
from fundledger.ledger.voucher import credit, debit
from fundledger.office import Office
from support.budgets import (
    AS_OF,
    ILLNESS,
    KEY,
    YEAR,
    changed,
    declared,
    funded,
    line_of,
    need,
    office_at,
    paid,
    proposed,
    ruled,
    voucher,
)

FUND = KEY.fund
REST = f"""
[[rest_of_year]]
fund = "{FUND}"
unit = "CASC"
category = "MajorIllness"
after = "{{after}}"
amount = "7000.00"
source = "例信〔2026〕1号"
"""


def monthly(office: Office, first: int, last: int) -> None:
    """Pay 4,000 a month."""
    paid(office, FUND, ILLNESS, [(date(2026, at, 10), 4_000_00) for at in range(first, last + 1)])


def encumbered(office: Office, on: date, amount_fen: int) -> None:
    made = drafts.encumbrance(on.year, ILLNESS, amount_fen)
    office.fund(FUND).record(voucher(made, on, "encumber"))


def settled(office: Office, on: date, amount_fen: int) -> None:
    """Pay what was encumbered."""
    money = drafts.expense(on.year, ILLNESS, amount_fen)[:2]
    accounts = (
        drafts.budget_account(on.year, kind, ILLNESS) for kind in ("Expended", "Encumbered")
    )
    expended, due = accounts
    budget = debit(expended, amount_fen), credit(due, amount_fen)
    office.fund(FUND).record(voucher((*money, *budget), on, "expense"))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = office_at(tmp_path)
    funded(office, FUND, ILLNESS, 100_000_00)
    declared(office, "CASC", [need(FUND, "MajorIllness", 48_000_00)])
    return office


def test_a_month_that_is_due_and_not_paid_yet_counts_like_the_others(office: Office) -> None:
    monthly(office, 1, 9)
    encumbered(office, date(2026, 10, 12), 4_000_00)

    line = line_of(proposed(office), "MajorIllness")
    assert {step.name: step.amount_fen for step in line.steps[:3]} == {
        "actual": 36_000_00,
        "arrears-due": 4_000_00,
        "annualisation": 8_000_00,
    }


def test_a_month_in_which_two_were_paid_is_told_as_two_months(office: Office) -> None:
    """What was due in July is paid in October: the last three months took 4,000 each."""
    monthly(office, 1, 6)
    encumbered(office, date(2026, 7, 12), 4_000_00)
    monthly(office, 8, 10)
    settled(office, date(2026, 10, 20), 4_000_00)

    line = line_of(proposed(office), "MajorIllness")
    assert [(step.name, int(step.amount_fen)) for step in line.steps[:2]] == [
        ("actual", 40_000_00),
        ("annualisation", 8_000_00),
    ]


@pytest.mark.parametrize(
    ("as_of", "base_fen", "codes"),
    [
        pytest.param("2026-10-31", 47_000_00, [], id="as stated"),
        pytest.param("2026-11-30", 48_000_00, ["FL599"], id="a month later it is told anew"),
        pytest.param("2026-09-30", 48_000_00, ["FL599"], id="and before it was said"),
        pytest.param("2026-12-31", 48_000_00, [], id="nothing is left of a year that is over"),
    ],
)
def test_what_is_stated_of_the_rest_holds_after_its_month(
    office: Office, as_of: str, base_fen: int, codes: list[str]
) -> None:
    day = date.fromisoformat(as_of)
    monthly(office, 1, day.month)
    proposal = proposed(ruled(office, REST.format(after="2026-10")), day)

    assert line_of(proposal, "MajorIllness").base_fen == base_fen
    told = [one for one in proposal.findings if one.code == "FL599"]
    assert [one.code for one in told] == codes
    for one in told:
        said = one.sentence("zh") + one.remedy("zh") + one.sentence("en") + one.remedy("en")
        assert "?" not in said
        assert f'after = "{as_of[:7]}"' in said


def test_of_two_months_the_one_that_the_books_have_holds_and_none_is_told(office: Office) -> None:
    monthly(office, 1, 10)
    both = REST.format(after="2026-09") + REST.format(after="2026-10").replace("7000", "9000")
    proposal = proposed(ruled(office, both))

    assert line_of(proposal, "MajorIllness").base_fen == 49_000_00
    assert [one.code for one in proposal.findings if one.code == "FL599"] == []


def test_standard_and_heads_are_told_beside_what_is_stated_of_the_rest(tmp_path: Path) -> None:
    """The example's dibao is paid by lists, and its rate rises in July 2027."""
    root = Path(__file__).parents[2]
    for name in ("rules", "ledgers"):
        (tmp_path / name).symlink_to(root / name)
    office = Office(tmp_path)
    rest = (
        office.budget_rules.rests[0].model_copy(
            update={"fund": "dibao", "unit": "CASC", "category": "Dibao", "amount_fen": 150_000_00}
        ),
    )
    stated = office.budget_rules.model_copy(update={"rests": rest})
    steps = {
        step.name: step
        for step in line_of(
            derived_from(gathered(office, YEAR, as_of=AS_OF), stated), "Dibao", "dibao"
        ).steps
    }
    assert steps["annualisation"].amount_fen == 150_000_00
    assert steps["standard"].amount_fen == 27_753_00
    assert "headcount" in steps


def of_low_income(root: Path, change: str) -> None:
    """Change the purpose that the low-income fund has with illness."""
    path = root / "rules" / "funds.toml"
    text = path.read_text(encoding="utf-8")
    at = text.index('category = "MajorIllness"', text.index(f'id = "{FUND}"'))
    end = text.index("}", at)
    own = text[at:end].rstrip()
    own = (
        re.sub(r"from = [\d-]+", change, own) if change.startswith("from") else f"{own}, {change} "
    )
    path.write_text(text[:at] + own + text[end:], encoding="utf-8")


@pytest.mark.parametrize(
    ("until", "as_of", "forecast_fen"),
    [
        ("2026-06-30", "2026-06-30", 24_000_00),
        ("2026-06-30", "2026-07-31", 24_000_00),
        ("2026-08-31", "2026-06-30", 32_000_00),
        ("2026-12-31", "2026-06-30", 48_000_00),
        ("2027-06-30", "2026-06-30", 48_000_00),
    ],
)
def test_a_purpose_that_ends_in_the_year_takes_nothing_after_its_end(
    tmp_path: Path, until: str, as_of: str, forecast_fen: int
) -> None:
    surroundings = office_at(tmp_path).surroundings
    of_low_income(tmp_path, f"until = {until}")
    office = Office(tmp_path, surroundings)
    funded(office, FUND, ILLNESS, 48_000_00)
    monthly(office, 1, 6)
    status = budget_status(office, [FUND], 2026, date.fromisoformat(as_of))

    (line,) = status.funds[0].lines
    assert line.outlook.forecast_fen == forecast_fen
    assert "FL587" not in [one.code for one in status.funds[0].findings]


@pytest.mark.parametrize(("since", "told"), [("2026-07-01", ["FL550"]), ("2026-01-01", [])])
def test_a_line_that_began_within_the_year_is_told_as_a_part_of_it(
    tmp_path: Path, since: str, told: list[str]
) -> None:
    surroundings = office_at(tmp_path).surroundings
    of_low_income(tmp_path, f"from = {since}")
    office = Office(tmp_path, surroundings)
    funded(office, FUND, ("CASC", "LowIncome"), 10_000_00)
    first = date.fromisoformat(since)
    book = office.fund(FUND)
    source = book.charter.fund.sources[0].slug
    book.record(
        (
            voucher(drafts.allocation(source, 60_000_00), first, "allocation"),
            voucher(drafts.adoption(2026, ILLNESS, 60_000_00), first, "budget-adopt"),
            voucher(drafts.allotment(2026, ILLNESS, 60_000_00), first, "allot"),
        )
    )
    monthly(office, first.month, 10)
    declared(office, "CASC", [need(FUND, "MajorIllness", 48_000_00)])
    proposal = proposed(office)

    assert [one.code for one in proposal.findings if one.code == "FL550"] == told
    assert ("FL550" in line_of(proposal, "MajorIllness").warned) == bool(told)


def test_a_round_that_is_not_paid_yet_is_no_new_item(tmp_path: Path) -> None:
    """Nothing was paid this year, but two rounds before were: there is a base, and it is none."""
    office = office_at(tmp_path)
    changed(
        tmp_path / "rules" / "budget.toml",
        'unit = "CASC"\ncategory = "MajorIllness"\npattern = "monthly"',
        '"monthly"',
        '"event"',
    )
    office = Office(tmp_path, office.surroundings)
    for year in (2025, 2026):
        funded(office, FUND, ILLNESS, 48_000_00, year)
    paid(office, FUND, ILLNESS, [(date(2025, at, 10), 4_000_00) for at in range(1, 13)])
    declared(office, "CASC", [need(FUND, "MajorIllness", 30_000_00, basis="")])
    proposal = proposed(office, date(2026, 3, 31))

    assert [one.code for one in proposal.findings if one.code == "FL542"] == []
    assert line_of(proposal, "MajorIllness").decision != "new"
