"""An office on the example's rules, with payments and declared needs as a test asks for them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from fundledger.budget import NeedRow, Proposal, propose, write_need
from fundledger.ledger import drafts
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.ledger.voucher import Draft, Posting
from fundledger.office import Office
from support.offices import Clock, numbered_keys

RULES = Path(__file__).parents[2] / "rules"
YEAR = 2027
AS_OF = date(2026, 10, 31)
CREATED = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
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
