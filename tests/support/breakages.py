"""Sound drafts by the handful, and for each gating check a way to break one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import strategies as st
from msgspec import structs

from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.chart import BANK, CARRIED_FORWARD, CASH, DONATION, LIABILITY_SUSPENSE
from fundledger.ledger.voucher import Draft, Posting, credit, debit
from support.offices import DIBAO, ILLNESS, draft, fund_at

Draw = Callable[[st.SearchStrategy[object]], object]
Break = Callable[[st.DataObject, Draft], Draft]

AMOUNTS_FEN = st.integers(1, 20_00)
DAYS = st.dates(date(2026, 3, 6), date(2026, 6, 30))
DIGITS = st.text("0123456789", min_size=9, max_size=9)


def told(root: Path) -> Fund:
    """Return a fund with a past: an earlier year, closed months, a grant, a reversed voucher."""
    fund = fund_at(root)
    fund.record(draft(drafts.allocation("District", 100_00), date(2025, 12, 20)))
    fund.record(draft(drafts.allocation("Street", 100_00), date(2026, 1, 15)))
    fund.close_year(2025, actor="S02", maker="S03", reviewer="S01")
    fund.close("2026-01", actor="S02")
    fund.record(
        (
            draft(drafts.allocation("District", 1_000_00), date(2026, 3, 2)),
            draft(drafts.adoption(2026, DIBAO, 1_000_00), date(2026, 3, 2), "budget-adopt"),
            draft(drafts.allotment(2026, DIBAO, 900_00), date(2026, 3, 2), "allot"),
        )
    )
    fund.record(draft(drafts.allocation("District", 5_00), date(2026, 3, 3)))
    fund.reverse("2026-03-0004", on=date(2026, 3, 4), maker="S03", reviewer="S01")
    fund.record(draft(drafts.interest(1_00, "retain"), date(2026, 3, 5), "interest"))
    fund.record(draft(drafts.unknown_credit(5_000_00), date(2026, 3, 5), "unknown-credit"))
    return fund


@st.composite
def sound(draw: st.DrawFn) -> Draft:
    """Return a draft that `told` accepts, however many others came before."""
    amount_fen = draw(AMOUNTS_FEN)
    event, postings = draw(
        st.sampled_from(
            (
                ("allocation", drafts.allocation("Street", amount_fen)),
                ("donation", drafts.donation(amount_fen)),
                ("interest", drafts.interest(amount_fen, "retain")),
                ("bank-fee", drafts.bank_fee(amount_fen)),
                ("unknown-debit", drafts.unknown_debit(amount_fen)),
                ("unknown-credit", drafts.unknown_credit(amount_fen)),
                ("expense", drafts.expense(2026, DIBAO, amount_fen)),
                ("budget-adopt", drafts.adoption(2026, ILLNESS, amount_fen)),
                ("encumber", drafts.encumbrance(2026, DIBAO, amount_fen)),
                ("advance", drafts.advance(2026, DIBAO, amount_fen)),
                ("virement", drafts.virement(2026, DIBAO, ILLNESS, amount_fen)),
                ("reduction", drafts.reduction(2026, DIBAO, amount_fen)),
                ("transfer", (debit(LIABILITY_SUSPENSE, amount_fen), credit(BANK, amount_fen))),
                ("transfer", (debit(LIABILITY_SUSPENSE, amount_fen), credit(DONATION, amount_fen))),
                ("surrender", (debit(CARRIED_FORWARD, amount_fen), credit(BANK, amount_fen))),
            )
        )
    )
    return draft(
        postings,
        draw(DAYS),
        event,
        narration=draw(st.sampled_from(("3月拨款", 'a "quoted" \\ text', "低保 2026"))),
        poster=draw(st.sampled_from((None, "S02"))),
        cashier=draw(st.sampled_from((None, "S04"))),
        maker=draw(st.sampled_from(("S03", "S06"))),
        documents=draw(st.sampled_from(((), ("ab" * 32,)))),
    )


def _posted(event: str, *postings: Posting, approval: str | None = "示纪〔2026〕3号") -> Break:
    return lambda _, given: replace(given, event=event, postings=postings, approval=approval)


def _changed(**fields: object) -> Break:
    return lambda _, given: replace(given, **fields)  # type: ignore[arg-type]


def _strange(data: st.DataObject, given: Draft) -> Draft:
    name = data.draw(
        st.sampled_from(
            (
                "Assets:Bank:Savings",
                "Assets:DueFrom:Fund:Nobody",
                "Equity:Budget:2026:Spare:CASC:Dibao",
                "Assets:B\u0430nk:Dedicated",
            )
        )
    )
    first, *rest = given.postings
    return replace(given, postings=(structs.replace(first, account=name), *rest))


def _personal(data: st.DataObject, given: Draft) -> Draft:
    nine = data.draw(DIGITS)
    number = data.draw(
        st.sampled_from(("13" + nine, "310101" + "19900101" + nine[:4], "6222" + nine + nine[:6]))
    )
    field = data.draw(st.sampled_from(("narration", "approval")))
    return replace(given, **{field: f"付 {number} 收"})  # type: ignore[arg-type]


def _unclean(data: st.DataObject, given: Draft) -> Draft:
    text = data.draw(
        st.sampled_from(("", "  ", "a\u200bb", "a\nb", "e\u0301", "\u202eabc", "字" * 513, "\x00"))
    )
    return replace(given, narration=text)


def _unlinked(data: st.DataObject, given: Draft) -> Draft:
    field, value = data.draw(
        st.sampled_from((("links", "低保"), ("links", "a b"), ("documents", "AB" * 32)))
    )
    return replace(given, **{field: (value,)})  # type: ignore[arg-type]


def _out_of_time(data: st.DataObject, given: Draft) -> Draft:
    early = st.dates(date(2020, 1, 1), date(2024, 12, 31))
    late = st.dates(date(2027, 7, 1), date(2030, 1, 1))
    return replace(given, date=data.draw(early | late))


def _off_by(data: st.DataObject, given: Draft) -> Draft:
    off_fen = data.draw(st.sampled_from((1, -1, 7, 100)))
    first, *rest = given.postings
    postings = (structs.replace(first, signed_fen=first.signed_fen + off_fen or 1), *rest)
    return replace(given, postings=postings)


def _false_reversal(data: st.DataObject, given: Draft) -> Draft:
    ref = data.draw(
        st.sampled_from(
            ("2026-03-0004", "2026-03-0005", "2026-03-0001", "2025-12-0001", "2026-09-0001")
        )
    )
    return replace(given, event="reversal", reverses=ref)


def _false_correction(data: st.DataObject, given: Draft) -> Draft:
    ref = data.draw(st.sampled_from(("2026-03-0006", "2026-09-0001", None)))
    return replace(given, event="correction", corrects=ref)


def _blue_rule(data: st.DataObject, given: Draft) -> Draft:
    amount_fen = data.draw(AMOUNTS_FEN)
    red = (debit(BANK, -amount_fen), credit("Equity:CarriedForward", -amount_fen))
    current = (debit(BANK, amount_fen), credit("Income:Donation", amount_fen))
    postings = data.draw(st.sampled_from((red, current)))
    return replace(given, event="correction", corrects="2025-12-0001", postings=postings)


def _of_nobody(data: st.DataObject, given: Draft) -> Draft:
    field, person = data.draw(
        st.sampled_from(
            (("maker", "S99"), ("reviewer", "S03"), ("poster", "S05"), ("cashier", "x"))
        )
    )
    return replace(given, **{field: person})  # type: ignore[arg-type]


def _malformed(data: st.DataObject, given: Draft) -> Draft:
    bank = given.postings[0]
    broken: tuple[dict[str, object], ...] = (
        {"event": "gift"},
        {"postings": given.postings[:1]},
        {"postings": (structs.replace(bank, signed_fen=0), *given.postings[1:])},
        {"postings": (structs.replace(bank, signed_fen=10**15), *given.postings[1:])},
    )
    return replace(given, **data.draw(st.sampled_from(broken)))  # type: ignore[arg-type]


def _undecided(_: st.DataObject, given: Draft) -> Draft:
    postings = drafts.adoption(2026, DIBAO, 1)
    return replace(given, event="supplement", postings=postings, approval=None)


def _closed(data: st.DataObject, given: Draft) -> Draft:
    day = date(2025, 12, 1) + timedelta(days=data.draw(st.integers(0, 61)))
    return replace(given, date=day)


_BIG_FEN = 100_000_00
_OTHER = ("CASC", "LowIncome")
_NOWHERE = ("CASC", "Scholarship")

BREAKAGES: tuple[tuple[str, Break], ...] = (
    ("FL101", _strange),
    ("FL201", _posted("budget-adopt", *drafts.adoption(2026, _OTHER, 1))),
    ("FL201", _posted("expense", *drafts.expense(2026, _OTHER, 1))),
    ("FL202", _posted("expense", *drafts.expense(2026, _NOWHERE, 1))),
    (
        "FL203",
        _posted(
            "expense",
            *drafts.expense(2026, DIBAO, 1)[::2],
            credit(CASH, 1),
            *drafts.expense(2026, DIBAO, 1)[3:],
        ),
    ),
    ("FL205", _personal),
    ("FL206", _posted("allocation", *drafts.allocation("City", 1))),
    ("FL303", _changed(attachments=0)),
    ("FL304", _changed(maker="S06", reviewer="S06")),
    ("FL305", _changed(poster="S04", cashier="S04")),
    ("FL305", _changed(cashier="S01")),
    ("FL306", _false_reversal),
    ("FL307", _closed),
    ("FL308", _off_by),
    ("FL311", _unclean),
    ("FL311", _unlinked),
    ("FL312", _out_of_time),
    ("FL313", _false_correction),
    ("FL313", _blue_rule),
    ("FL314", _posted("bank-fee", debit("Expenses:CASC:Dibao", 1), credit(BANK, 1))),
    ("FL314", _posted("transfer", debit(CARRIED_FORWARD, 1), credit(BANK, 1))),
    ("FL314", _posted("interest", debit(BANK, 1), credit("Liabilities:TreasuryPayable", 1))),
    ("FL314", _posted("donation", debit(BANK, -1), credit(DONATION, -1))),
    ("FL315", _of_nobody),
    ("FL316", _posted("expense", *drafts.expense(2026, DIBAO, _BIG_FEN), approval=None)),
    ("FL318", _changed(closing=True)),
    ("FL318", _changed(event="year-end")),
    ("FL319", _malformed),
    (
        "FL336",
        _posted("opening", debit(BANK, 1), credit(CARRIED_FORWARD, 1)),
    ),
    ("FL337", _undecided),
    ("FL340", _changed(approval="同意")),
    ("FL341", _posted("interfund", *drafts.claimed(2026, DIBAO, "Union", 1))),
    ("FL345", _posted("advance-settle", *drafts.advance_settled(2026, DIBAO, 1))),
    ("FL347", _posted("donor-refund", *drafts.donation_refunded(2026, None, 1))),
    ("FL402", _posted("expense", *drafts.expense(2026, DIBAO, 7_000_00))),
    ("FL404", _posted("transfer", debit(LIABILITY_SUSPENSE, 6_000_00), credit(BANK, 6_000_00))),
    ("FL404", _posted("surrender", debit(CARRIED_FORWARD, 101_00), credit(BANK, 101_00))),
    ("FL501", _posted("encumber", *drafts.encumbrance(2026, ILLNESS, 1))),
    ("FL508", _posted("encumber", *drafts.encumbrance(2027, DIBAO, 1))),
    ("FL502", _posted("encumber", *drafts.encumbrance(2026, DIBAO, 950_00))),
    (
        "FL503",
        _posted(
            "allot",
            debit("Equity:Budget:2026:Available:CASC:Dibao", 1),
            credit("Equity:Budget:2026:Unallotted:CASC:MajorIllness", 1),
        ),
    ),
    ("FL504", _posted("expense", debit("Expenses:CASC:Dibao", 1), credit(BANK, 1))),
    ("FL505", _posted("allot", *drafts.allotment(2026, DIBAO, 5_000_00))),
    ("FL506", _posted("release", *drafts.release(2026, DIBAO, 950_00))),
)
