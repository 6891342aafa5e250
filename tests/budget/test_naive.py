"""The derivation against the same derivation done slowly, payment by payment (`naive_budget`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundledger.budget import Line, propose
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.office import Office
from support.budgets import SOUND, changed, declared
from support.naive_budget import Figures, Key, naive_budget
from support.offices import Clock
from support.payyears import ACTS, PaidYears

ROOT = Path(__file__).parents[2]
MONTH_ENDS = [date(2026, month, 1) - timedelta(days=1) for month in range(2, 13)]
MONTH_ENDS += [date(2026, 12, 31)]
TOLD = {"FL543", "FL544", "FL557"}
Told = dict[Key, dict[str, Any]]


def by_product(office: Office, year: int, as_of: date) -> Told:
    """Return what the product says of each line, and for what a line waits."""
    proposal = propose(office, year, as_of=as_of)
    pointed_out = {
        (one.fund, *str(one.subject).split(":"), one.code)
        for one in proposal.findings
        if one.code in TOLD
    }
    said: Told = {
        (one.key.fund, one.key.unit, one.key.category): {"waits": one.code}
        for one in proposal.blocked
    }
    for line in proposal.lines:
        key = line.key.fund, line.key.unit, line.key.category
        told = {one[-1] for one in pointed_out if one[:-1] == key}
        said[key] = {"waits": "", "told": told, **of_line(line)}
    return said


def of_line(line: Line) -> dict[str, Any]:
    return {
        "decision": line.decision.value,
        "base": line.base_fen,
        "proposed": line.proposed_fen,
        "carry-over": line.carry_over_fen,
        **{step.name: step.amount_fen for step in line.steps if step.amount_fen},
    }


def by_hand(figures: Figures, waits: str) -> dict[str, Any]:
    """Return the same of the naive budget: `waits` is one of its reasons, if it has some."""
    if figures.waits:
        return {"waits": waits if waits in figures.waits else figures.waits}
    return {
        "waits": "",
        "told": figures.told,
        "decision": figures.decision,
        "base": figures.base,
        "proposed": figures.proposed_fen,
        "carry-over": figures.carry_over_fen,
        **{name: fen for name, fen in figures.steps.items() if fen},
    }


def hold(office: Office, year: int, as_of: date) -> Told:
    """Hold every step of every line of a proposal to the naive budget; returns what both say."""
    said = by_product(office, year, as_of)
    found = {
        key: by_hand(figures, str(said.get(key, {}).get("waits", "")))
        for key, figures in naive_budget(office, year, as_of).items()
    }

    assert said == found
    return found


@pytest.fixture(scope="module")
def example_office() -> Office:
    clock = Clock(datetime(2026, 12, 31, 9, 0, tzinfo=SHANGHAI))
    return Office(ROOT, Surroundings(clock))


@pytest.mark.parametrize(
    ("as_of", "lines"),
    [(f"{day}", 39) for day in (MONTH_ENDS[at] for at in (0, 5, 9, 11))],
)
def test_the_example_office_has_the_same_steps(
    example_office: Office, as_of: str, lines: int
) -> None:
    assert len(hold(example_office, 2027, date.fromisoformat(as_of))) == lines


def one_off(voucher: str) -> str:
    """Return the rule that a voucher paid what is not to come again."""
    said = f'voucher = "{voucher}"\nreason = "灾后补助"\ndocument = "例信〔2026〕12号"\n'
    return f'\n[[one_off]]\nfund = "dibao"\n{said}'


OWN_STEP = """
[[step]]
slug = "{slug}"
name_zh = "取暖"
name_en = "heating"
category = "{category}"
place = "{place}"
{told}
source = "例财〔2026〕5号"
from = 2027-01-01
"""
STEPS = (
    "",
    OWN_STEP.format(slug="one", category="Dibao", place="before-gap",
                    told='type = "fixed"\namount = "123.45"'),
    OWN_STEP.format(slug="two", category="Dibao", place="after-gap",
                    told='type = "share"\nbasis_points = 333')
    + OWN_STEP.format(slug="three", category="MajorIllness", place="before-gap",
                      told='type = "share"\nbasis_points = -1234'),
    OWN_STEP.format(slug="four", category="Dibao", place="before-gap",
                    told='type = "per-person"\namount = "20.00"\nmonths = 3'),
)  # fmt: skip
PATTERNS = (
    'pattern = "monthly"',
    'pattern = "monthly"\nrate = "dibao"',
    'pattern = "event"',
    'pattern = "seasonal"',
    'pattern = "seasonal"\nround_from = 11',
    'pattern = "seasonal"\nround_from = 9',
)
acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 41), st.integers(0, 41)), max_size=25
)


def declare(years: PaidYears, persons: int, standard: int, backed: int, basis: str) -> None:
    """Hand in the needs of both lines: so many yuan a month and person."""
    own = replace(
        SOUND,
        fund="dibao",
        category="Dibao",
        persons=persons,
        standard_fen=standard * 100,
        times=12,
        basis=basis,
        evidence="名单" if backed else "",
        explanation="H 新增对象",
    )
    declared(years.office, "CASC", [own, replace(own, category="MajorIllness")])


def held(history: dict[str, Any]) -> None:
    """Keep two years of books by acts, and hold what is derived from them."""
    with TemporaryDirectory() as root:
        years = PaidYears(Path(root), history["pattern"])
        years.take(history["before"])
        years.end_year()
        years.take(history["after"])
        may_be_named = nameable(years)
        once = {may_be_named[at % len(may_be_named)] for at in history["named"] if may_be_named}
        with (Path(root) / "rules" / "budget.toml").open("a", encoding="utf-8") as rules:
            rules.write(history["step"] + "".join(map(one_off, sorted(once))))
        changed(
            Path(root) / "rules" / "controls.toml",
            "[carry_over_years]\nvalue = 2",
            "2",
            history["kept_years"],
        )
        declare(years, *history["need"])
        hold(Office(root, years.office.surroundings), 2027, history["as_of"])


def nameable(years: PaidYears) -> list[str]:
    """Return the vouchers that spent something and may be one-offs here.

    What is paid from a plain set-aside may be arrears or not, which nobody says; and a red copy
    names nothing by itself.
    """
    found = []
    for voucher in years.fund.vouchers():
        from_set_aside = voucher.event == "expense" and any(
            ":Encumbered:" in posting.account for posting in voucher.postings
        )
        spends = any(":Expended:" in posting.account for posting in voucher.postings)
        if spends and not from_set_aside and not voucher.reverses:
            found.append(voucher.ref)
    return found


HISTORIES = given(
    before=acts,
    after=acts,
    named=st.lists(st.integers(0, 41), max_size=3),
    as_of=st.sampled_from(MONTH_ENDS),
    pattern=st.sampled_from(PATTERNS),
    step=st.sampled_from(STEPS),
    kept_years=st.sampled_from("12"),
    need=st.tuples(st.integers(0, 9), st.integers(1, 999), st.integers(0, 1),
                   st.sampled_from(["", "例文〔2026〕1号"])),
)  # fmt: skip


CUT_OFF = date(2026, 2, 28)


def told_of(years: PaidYears, *named: str) -> None:
    """Hold what both say where these vouchers are one-offs."""
    with (years.office.root / "rules" / "budget.toml").open("a", encoding="utf-8") as rules:
        rules.write("".join(map(one_off, named)))
    declare(years, 2, 100, 0, "例文〔2026〕1号")
    hold(Office(years.office.root, years.office.surroundings), 2027, CUT_OFF)


def paid_by(years: PaidYears, event: str) -> str:
    """Return the last voucher of an event."""
    return [one.ref for one in years.fund.vouchers() if one.event == event][-1]


def back(years: PaidYears, step: str = "return") -> None:
    """Have every line of the first batch take a step."""
    (batch, *_) = years.batches()
    lines = [line.line for line in years.lines(batch.id)]
    years.named(batch.id, step, f"{years.today}", lines)


def test_what_came_back_of_a_one_off_and_is_given_up_a_year_later_is_not_due(
    tmp_path: Path,
) -> None:
    years = PaidYears(tmp_path, PATTERNS[0])
    named = paid_by(years, "batch-debit")
    back(years)
    years.end_year()
    back(years, "cancel")
    told_of(years, named)


def test_what_comes_back_of_a_one_off_of_the_year_before_leaves_the_base_alone(
    tmp_path: Path,
) -> None:
    years = PaidYears(tmp_path, PATTERNS[0])
    named = paid_by(years, "batch-debit")
    years.end_year()
    back(years)
    told_of(years, named)


def test_what_is_paid_once_more_of_a_one_off_of_the_year_before(tmp_path: Path) -> None:
    years = PaidYears(tmp_path, PATTERNS[0])
    named = paid_by(years, "batch-debit")
    back(years)
    years.end_year()
    years.take([("again", 0, 3)])
    told_of(years, named, paid_by(years, "batch-debit"))


def test_a_one_off_that_paid_arrears_is_in_no_mean(tmp_path: Path) -> None:
    years = PaidYears(tmp_path, PATTERNS[0])
    years.take([("give", 1, 9)])
    years.end_year()
    years.take([("settle", 0, 0)])
    told_of(years, paid_by(years, "advance-settle"))


def test_what_was_set_aside_this_year_paid_no_arrears(tmp_path: Path) -> None:
    years = PaidYears(tmp_path, PATTERNS[0])
    years.take([("give", 1, 9)])
    years.end_year()
    years.take([("set-aside", 1, 9), ("pay-from-set-aside", 1, 4)])
    told_of(years, paid_by(years, "expense"))


@settings(max_examples=12)
@HISTORIES
def test_two_years_of_any_acts_have_the_same_steps(**history: Any) -> None:  # noqa: ANN401
    held(history)


@pytest.mark.soak
@settings(max_examples=300)
@HISTORIES
def test_many_years_of_any_acts_have_the_same_steps(**history: Any) -> None:  # noqa: ANN401
    held(history)
