"""The mistakes that people make, put into the example office, with what `check` must say of each.

What the gate refuses stands in the journal as if an older program, or somebody with an editor, had
put it there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from msgspec import structs

import fundledger
from fundledger.example.forger import Forger
from fundledger.example.plan import load_plan
from fundledger.example.wrong import TODAY, paid, wrong_vouchers
from fundledger.ledger import chart, drafts

_YUAN = 100
_EARLIER = "2026-10-30T08:00:00+08:00"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: the fund, every code that follows from it, where it is, and its story."""

    fund: str
    codes: tuple[str, ...]
    place: str
    zh: str
    en: str


def build_mistakes(root: Path, seed: int) -> tuple[Mistake, ...]:
    """Spoil the example office at `root`, which has its books; return what was done to it.

    The same office and seed give the same mistakes.  No finding follows that is not named here.
    """
    office = fundledger.open(root)
    chance = Random(seed)  # noqa: S311 - a tale
    ledgers = office.root / "ledgers"
    forgers = {name: Forger(ledgers / name, office.fund(name)) for name in office.fund_ids}
    fen = chance.randrange(300, 900) * _YUAN
    number = "310112" + "".join(str(chance.randrange(1, 10)) for _ in range(12))
    mistakes = []
    for case in wrong_vouchers(fen, number):
        ref = forgers[case.fund].add(case.draft, skip=case.skip)
        mistakes.append(
            Mistake(case.fund, tuple(case.codes.split()), case.place or ref, case.zh, case.en)
        )
    mistakes += _of_records(forgers, chance)
    for forger in forgers.values():
        forger.write()
    return (*mistakes, *_of_files(ledgers, chance))


def _of_records(forgers: Mapping[str, Forger], chance: Random) -> Iterator[Mistake]:
    """Assertions and the order of things, and a voucher that was changed where it stands."""
    day = load_plan().last_day
    forger = forgers["returnee"]
    booked_fen = forger.balance_fen(chart.BANK, day)
    body = {"account": chart.BANK, "date": day.isoformat(), "amount_fen": booked_fen + 9_00}
    forger.add_record("assertion", "S09", body)
    yield Mistake(
        "returnee", ("FL401",), chart.BANK, "对账单余额与账面不符", "the bank says another balance"
    )
    forger = forgers["charity"]
    held_fen = forger.balance_fen(chart.BANK, day)
    body = {"account": chart.BANK, "date": day.isoformat(), "amount_fen": held_fen}
    forger.add_record("assertion", "S04", body)
    yield Mistake(
        "charity", ("FL323",), "S04", "制单人自己核对银行余额", "the maker asserts the balance"
    )
    forger = forgers["disability"]
    booked_fen = forger.balance_fen(chart.BANK, day)
    ref = f"{day:%Y-%m}-9001"
    item = {"kind": "book-in", "date": day.isoformat(), "amount_fen": 600_00, "refs": [ref]}
    body = {
        "account": chart.BANK,
        "date": day.isoformat(),
        "amount_fen": booked_fen - 600_00,
        "booked_fen": booked_fen,
        "statements": ["0" * 64],
        "items": [item],
    }
    forger.add_record("reconciliation", "S09", body)
    yield Mistake(
        "disability",
        ("FL327",),
        ref,
        "调节表用账上没有的凭证凑平",
        "a reconciliation is made to balance by a voucher that is not there",
    )
    repeated = next(v for v in reversed(forgers["women"].vouchers()) if v.documents)
    draft = replace(paid(("Women", "GynSevere"), 100_00), documents=repeated.documents)
    place = forgers["women"].add(draft)
    yield Mistake("women", ("FL317",), place, "同一张单据报了两次", "one document, two vouchers")
    fee = next(v for v in forgers["women"].vouchers() if v.event == "bank-fee")
    place = forgers["women"].add(drafts.reversal(fee, TODAY, "S04", "S02"))
    yield Mistake(
        "women",
        ("FL306", "FL404", "FL412"),
        place,
        "上年的凭证用红字冲销",
        "red ink on last year's voucher",
    )
    place = forgers["tekun"].add(paid(("CSO", "Tekun"), 100_00), at=_EARLIER)
    yield Mistake(
        "tekun", ("FL606",), _EARLIER, "记账时间倒退（改了电脑时钟）", "the clock was set back"
    )
    march = [v for v in forgers["children"].vouchers() if v.month == "2025-03" and v.number > 1]
    chosen = march[chance.randrange(len(march))].ref
    forgers["children"].change(
        chosen, lambda voucher: structs.replace(voucher, narration=f"{voucher.narration}（改）")
    )
    yield Mistake(
        "children",
        ("FL605", "FL626"),
        "2025-03",
        f"已结账月份的凭证 {chosen} 被改写，链也重算了",
        f"voucher {chosen} of a closed month was rewritten, and the chain after it",
    )


def _of_files(ledgers: Path, chance: Random) -> Iterator[Mistake]:
    """What happens to files when somebody opens them."""
    book = ledgers / "union" / "2026" / "05.beancount"
    text = book.read_text(encoding="utf-8")
    book.write_text(text.replace(".00 CNY", ".01 CNY", 1), encoding="utf-8")
    yield Mistake(
        "union", ("FL601",), "2026/05.beancount", "手工改了账簿", "a book was edited by hand"
    )
    (ledgers / "party" / "2026" / "副本 05.beancount").write_text(text, encoding="utf-8")
    yield Mistake(
        "party",
        ("FL603",),
        "2026/副本 05.beancount",
        "别的基金的账簿被拷了进来",
        "a copy of another fund's book lies here",
    )
    journal = sorted((ledgers / "special-care" / "journal").iterdir())[chance.randrange(3, 9)]
    content = bytearray(journal.read_bytes())
    at = content.index(b'"narration":"') + 20
    content[at] ^= 1
    journal.write_bytes(bytes(content))
    yield Mistake(
        "special-care",
        ("FL602",),
        f"journal/{journal.name}",
        "流水被改动一个字节",
        "one byte of the journal was changed",
    )
    journal = max((ledgers / "lottery" / "journal").iterdir())
    line = journal.read_bytes().splitlines()[-1]
    with journal.open("ab") as file:
        file.write(line[: len(line) // 2])
    yield Mistake(
        "lottery",
        ("FL604",),
        f"journal/{journal.name}",
        "写到一半断电",
        "a write that was cut short",
    )
