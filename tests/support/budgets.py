"""An office on the example's rules, with payments and declared needs as a test asks for them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from fundledger.budget import Line, LineKey, Need, NeedRow, Proposal, propose, write_need
from fundledger.charter import load_budget_rules
from fundledger.errors import CharterInvalid
from fundledger.ledger import drafts
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.ledger.voucher import Draft, Posting
from fundledger.office import Office
from support.offices import Clock, numbered_keys

RULES = Path(__file__).parents[2] / "rules"
RULES_OF_BUDGET = load_budget_rules(RULES)
KEY = LineKey("low-income", "CASC", "MajorIllness")
ILLNESS = ("CASC", "MajorIllness")
JOBLESS = ("CASC", "UnempHardship")
LOW_INCOME = ("CASC", "LowIncome")
YEAR = 2027
AS_OF = date(2026, 10, 31)
CREATED = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
TODAY = CREATED.date()
SOUND = NeedRow(
    fund="low-income",
    category="MajorIllness",
    households=90,
    persons=100,
    standard_fen=200_00,
    times=12,
    handler="S10",
    head="部门负责人",
    declared=date(2026, 9, 15),
    basis="例文〔2026〕1号",
    explanation="按在册人数测算",
)


def office_at(root: Path) -> Office:
    """Return an office in `root` on the example's rules, without books and without needs.

    Its books begin in 2026, so that nothing is told from earlier rounds and events.
    """
    shutil.copytree(RULES, root / "rules", ignore=shutil.ignore_patterns("needs"))
    path = root / "rules" / "budget.toml"
    rules = path.read_text(encoding="utf-8").partition("# What a line takes until the end")[0]
    for pattern in ("event", "seasonal"):
        rules = rules.replace(f'pattern = "{pattern}"', 'pattern = "monthly"')
    path.write_text(rules, encoding="utf-8")
    clock = Clock(datetime(2027, 3, 1, 9, 0, tzinfo=SHANGHAI))
    return Office(root, Surroundings(clock, numbered_keys()))


def voucher(postings: tuple[Posting, ...], on: date, event: str) -> Draft:
    """Return a sound voucher by the staff of the example's rules."""
    return Draft(
        date=on,
        narration="测试凭证",
        maker="S03",
        reviewer="S01",
        cashier="S06",
        approval="例批〔2026〕1号",
        attachments=1,
        event=event,
        postings=postings,
    )


def funded(office: Office, fund: str, line: drafts.Line, budget_fen: int, year: int = 2026) -> None:
    """Give a fund money and a line its budget, all of it allotted on the second of January."""
    book = office.fund(fund)
    source = book.charter.fund.sources[0].slug
    on = date(year, 1, 2)
    book.record(
        (
            voucher(drafts.allocation(source, budget_fen), on, "allocation"),
            voucher(drafts.adoption(year, line, budget_fen), on, "budget-adopt"),
            voucher(drafts.allotment(year, line, budget_fen), on, "allot"),
        )
    )


def paid(
    office: Office, fund: str, line: drafts.Line, payments: Iterable[tuple[date, int]]
) -> None:
    """Pay aid at once on each day."""
    many = [
        voucher(drafts.expense(on.year, line, amount_fen), on, "expense")
        for on, amount_fen in payments
    ]
    office.fund(fund).record(many)


def declared(office: Office, unit: str, rows: Sequence[NeedRow], year: int = YEAR) -> Path:
    """Hand in a unit's needs."""
    folder = office.root / "rules" / "needs" / str(year)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{unit}.xlsx"
    write_need(path, unit, year, rows, CREATED)
    return path


def need(fund: str, category: str, amount_fen: int, **more: object) -> NeedRow:
    """Return a row that asks for `amount_fen`, once, for one person."""
    sound = replace(SOUND, fund=fund, category=category, persons=1, times=1)
    return replace(sound, standard_fen=amount_fen, **more)  # type: ignore[arg-type]


def proposed(office: Office, as_of: date = AS_OF) -> Proposal:
    """Return the proposal for 2027."""
    return propose(office, YEAR, as_of=as_of)


def of_every_kind(root: Path) -> Proposal:
    """Return a proposal with every decision, a reserve, blocked lines and a fraction of a fen."""
    office = office_at(root)
    changed(root / "rules" / "budget.toml", "[reserve_basis_points]\nvalue = 0", "0", "200")
    visit = '{ unit = "Joint", category = "Visit", from = 2025-01-01 }'
    changed(root / "rules" / "funds.toml", visit, " }", ", until = 2026-12-31 }")
    funded(office, "festival", ("Joint", "Visit"), 80_000_00)
    paid(office, "festival", ("Joint", "Visit"), [(date(2026, 1, 20), 70_000_00)])
    for category, budget_fen, month_fen in (
        ("LowIncome", 1_200_000_00, 100_000_00),
        ("MajorIllness", 600_000_00, 33_333_33),
        ("UnempHardship", 300_000_00, 20_000_00),
        ("TradRelief", 90_000_00, 7_000_00),
    ):
        line = ("CASC", category)
        funded(office, "low-income", line, budget_fen)
        months = [(date(2026, month, 10), month_fen) for month in range(1, 8)]
        paid(office, "low-income", line, months)
    declared(
        office,
        "CASC",
        [
            need("low-income", "LowIncome", 1_234_567_89),
            need("low-income", "MajorIllness", 520_000_00, evidence="名单 12 人"),
            need("low-income", "UnempHardship", 0, explanation="已并入就业援助"),
            need("low-income", "IllnessExp", 50_000_00, basis="例会纪〔2026〕3号"),
        ],
    )
    return proposed(office, date(2026, 7, 31))


ONE_OFF = """
[[one_off]]
fund = "low-income"
voucher = "{voucher}"
reason = "灾后一次性补助"
document = "例信〔2026〕12号"
"""
"""A voucher that the rules name as a one-off of the low-income fund."""


def changed(path: Path, place: str, before: str, after: str) -> None:
    """Change one place of a file of the rules."""
    text = path.read_text(encoding="utf-8")
    assert text.count(place) == 1
    path.write_text(text.replace(place, place.replace(before, after)), encoding="utf-8")


def three_lines_at(root: Path) -> Office:
    """Return an office whose low-income fund paid three lines for ten months, all declared.

    Low-income is an entitlement; of illness 60,000 are declared where 48,000 are comparable.
    """
    office = office_at(root)
    for line, month_fen in ((LOW_INCOME, 10_000_00), (ILLNESS, 4_000_00), (JOBLESS, 2_000_00)):
        funded(office, KEY.fund, line, month_fen * 12)
        paid(office, KEY.fund, line, [(date(2026, month, 10), month_fen) for month in range(1, 11)])
    amounts = {"LowIncome": 125_000_00, "MajorIllness": 60_000_00, "UnempHardship": 24_000_00}
    declared(office, "CASC", [need(KEY.fund, name, fen) for name, fen in amounts.items()])
    return office


def ruled(office: Office, more: str) -> Office:
    """Add to the budget rules of an office, and open it anew."""
    with (office.root / "rules" / "budget.toml").open("a", encoding="utf-8") as rules:
        rules.write(more)
    return Office(office.root, office.surroundings)


def rules_refused(office: Office) -> list[tuple[str, str]]:
    """Return what of the budget rules is refused, and where, each in a whole sentence."""
    with pytest.raises(CharterInvalid) as caught:
        load_budget_rules(office.root / "rules")
    for one in caught.value.findings:
        assert "?" not in one.sentence("zh") + one.sentence("en") + one.remedy("en")
    return [(one.code, str(one.details["key"])) for one in caught.value.findings]


def line_of(proposal: Proposal, category: str, fund: str = KEY.fund) -> Line:
    """Return one line of a proposal."""
    return next(
        line for line in proposal.lines if (line.key.fund, line.key.category) == (fund, category)
    )


def need_of(amount_fen: int, evidence: str = "") -> Need:
    """Return a declared need as a form was read, all of it backed where evidence is named."""
    return Need(
        key=KEY,
        row=4,
        households=1,
        persons=1,
        standard_fen=amount_fen,
        times=1,
        amount_fen=amount_fen,
        basis="例文〔2026〕1号",
        explanation="按在册人数测算",
        evidence=evidence,
        evidenced_fen=amount_fen if evidence else 0,
        handler="S10",
        head="部门负责人",
        declared=date(2026, 9, 15),
    )
