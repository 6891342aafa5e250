"""The example's people are paid in batches: lists, books and statements tie out, line by line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fundledger import Office
from fundledger.bank import read_statement
from fundledger.example.bankside import Habits, Movement
from fundledger.example.build import SEED
from fundledger.example.courses import Fate
from fundledger.example.paid import Paid, open_of, paid_of
from fundledger.example.plan import Plan, load_plan
from fundledger.example.slips import known_people, slips_of
from fundledger.example.statements import Bank, write_statements
from fundledger.ledger import drafts
from fundledger.ledger.batches.batch import Batch
from fundledger.ledger.batches.paylist import PaymentLine, number_of, parse_list, root_of
from fundledger.ledger.books import Books
from fundledger.reconcile import Comparison, Trial, try_out

ROOT = Path(__file__).resolve().parents[2]
FUNDS = ("dibao", "tekun", "low-income", "children")
SHORT_FEN = 1_317_40
PROMPT = Habits(keeps_last=False, pays_interest=False, takes_fee=False)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan()


@pytest.fixture(scope="module")
def books(office: Office) -> dict[str, Books]:
    return {fund: office.fund(fund).books() for fund in FUNDS}


def listed(books: Books) -> Iterator[tuple[Batch, PaymentLine]]:
    for batch in books.batches():
        for line in parse_list(books.list_bytes(batch.list)):
            yield batch, line


def test_as_many_are_paid_as_the_table_tells(books: dict[str, Books]) -> None:
    found = {fund: paid_of(books[fund]) for fund in FUNDS}

    assert found == {
        "dibao": Paid(27, 1_272, 1_269, 1_635_809_10, 5, 3, 6, 2, 1, 1_049_90),
        "tekun": Paid(26, 838, 837, 1_736_775_00, 3, 2, 4, 0, 1, 2_075_00),
        "low-income": Paid(23, 462, 461, 580_860_00, 1, 1, 1, 0, 0, 0),
        "children": Paid(23, 506, 506, 933_560_00, 0, 1, 1, 0, 0, 0),
    }


def test_each_line_is_counted_once(books: dict[str, Books]) -> None:
    for fund in FUNDS:
        counts = paid_of(books[fund])
        unanswered = sum(one.count for one in open_of(books[fund]) if one.state == "unknown")

        ended = counts.paid + counts.failed + counts.returned + unanswered
        assert ended == counts.listed + counts.reissued


def test_two_payments_are_open_at_the_end(books: dict[str, Books]) -> None:
    left = {
        fund: [(o.batch, str(o.state), o.count) for o in open_of(books[fund])] for fund in FUNDS
    }

    assert left == {
        "dibao": [("B2026-10-001", "unknown", 1)],
        "tekun": [("B2026-09-001", "returned", 1)],
        "low-income": [],
        "children": [],
    }


def test_a_month_is_a_batch_in_both_years(books: dict[str, Books]) -> None:
    months = [f"{y}-{m:02d}" for y in (2025, 2026) for m in range(1, 13)][:22]
    for fund in FUNDS:
        regular = [batch for batch in books[fund].batches() if batch.kind == "payment"]

        assert [batch.id[1:8] for batch in regular] == months
        assert all(20 <= batch.total.payments <= 60 for batch in regular)


def test_nobody_approves_their_own_list(books: dict[str, Books]) -> None:
    hands = {(b.maker, b.approver) for fund in FUNDS for b in books[fund].batches()}

    assert hands == {("S03", "S08")}


# What the last turn of the table leaves a payment as.
LEFT: dict[str, str] = {
    "reject": "dropped",
    "withdraw": "dropped",
    "late": "paid",
    "short": "paid",
    "unknown": "unknown",
    "paid": "paid",
    "reissue": "paid",
    "return": "returned",
    "cancel": "cancelled",
    "remit": "remitted",
    "recover": "paid",
    "write-off": "written-off",
}


def _left(fate: Fate) -> str:
    turn = fate.turns[-1]
    return LEFT[turn.step] if turn.booked else "paid"


def test_every_payment_of_the_table_went_its_way(plan: Plan, books: dict[str, Books]) -> None:
    fates = [(fund, fate) for fund in FUNDS for fate in plan.courses[fund].fates]
    for fund, fate in fates:
        root = slips_of(plan, fund).root(fund, fate.key)
        lines = [(batch, one) for batch, one in listed(books[fund]) if root_of(one.line) == root]
        batch, last = max(lines, key=lambda pair: number_of(pair[1].line))

        assert batch.standing(last.line).state == _left(fate), fate
        assert len(lines) == 1 + len(fate.again())
        changed = [turn for turn, _ in fate.again() if turn.account == "changed"]
        assert len({one.account for _, one in lines}) == 1 + len(changed)
    assert len(fates) == 28
    assert set(plan.courses) == set(FUNDS)


def test_where_an_account_changed_the_next_months_are_paid_to_the_new_one(
    plan: Plan, books: dict[str, Books]
) -> None:
    (fate,) = [f for f in plan.courses["tekun"].fates if f.key.period == "2026-03"]
    root = slips_of(plan, "tekun").root("tekun", fate.key)
    (person,) = {one.person for _, one in listed(books["tekun"]) if one.line == root}
    months = {one.period: one.account for _, one in listed(books["tekun"]) if one.person == person}

    assert months["2026-02"] != months["2026-04"] == months["2026-10"]


def test_who_died_or_cannot_be_reached_is_on_no_later_list(
    plan: Plan, books: dict[str, Books]
) -> None:
    given_up = [(fund, f) for fund in FUNDS for f in plan.courses[fund].fates if f.given_up]
    for fund, fate in given_up:
        root = slips_of(plan, fund).root(fund, fate.key)
        (person,) = {one.person for _, one in listed(books[fund]) if one.line == root}

        last = max(one.period for _, one in listed(books[fund]) if one.person == person)
        assert last == fate.key.period
    assert len(given_up) == 3


def test_lists_and_books_come_to_the_same(books: dict[str, Books]) -> None:
    for fund in FUNDS:
        assert not books[fund].apart_fen()
    paid: Counter[tuple[str, int]] = Counter()
    for batch, line in listed(books["children"]):
        standing = batch.standing(line.line)
        if not standing.credited_on:
            paid[line.category, int(standing.debited_on[:4])] += line.amount_fen
    for (category, year), fen in paid.items():
        expended_fen = drafts.budget_lines(books["children"], year)["CSO", category]["Expended"]
        assert fen == expended_fen
    assert len(paid) == 4


def test_nobody_is_named_in_the_ledgers() -> None:
    told = re.compile(r"示例人员|EX\d{7}|\b91\d{17}\b")
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in (ROOT / "ledgers").rglob("*")
        if path.is_file() and ".state" not in path.parts
    }

    assert len(texts) > 900
    assert [path for path, text in texts.items() if told.search(text)] == []


def test_pseudonyms_are_of_the_people_who_are_nobody(plan: Plan, books: dict[str, Books]) -> None:
    for fund in FUNDS:
        people = slips_of(plan, fund).people
        lines = [line for _, line in listed(books[fund])]

        assert {name[:4] for name in (people[line.person] for line in lines)} == {"示例人员"}
        assert {number[:2] for number in (people[line.account] for line in lines)} == {"91"}


@pytest.fixture(scope="module")
def october(
    office: Office, plan: Plan, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Trial]:
    paths = write_statements(office, plan, tmp_path_factory.mktemp("bank"), SEED)
    return {
        fund: try_out(
            office.fund(fund), [read_statement(paths[fund])], known=known_people(plan, fund)
        )
        for fund in FUNDS
    }


def _compared(trial: Trial) -> Comparison:
    assert trial.payments is not None
    return trial.payments


def test_october_at_the_bank_is_october_on_the_lists(
    books: dict[str, Books], october: dict[str, Trial]
) -> None:
    tiers = {
        fund: Counter(pair.tier for pair in _compared(trial).pairs)
        for fund, trial in october.items()
    }
    sent = {line.line for f in FUNDS for b, line in listed(books[f]) if b.id == "B2026-10-001"}
    paid = [p.line for t in october.values() for p in _compared(t).pairs if p.way == "out"]

    assert tiers == {
        "dibao": {"T5": 58, "T9": 1},
        "tekun": {"T5": 39, "T9": 1},
        "low-income": {"T5": 21},
        "children": {"T1": 23},
    }
    assert sorted(paid) == sorted(sent)


def test_what_the_bank_gave_back_unbooked_is_all_that_does_not_fit(
    plan: Plan, october: dict[str, Trial]
) -> None:
    codes = {
        fund: [f.code for f in trial.adjustment.findings if f.severity != "note"]
        for fund, trial in october.items()
    }
    (back,) = [pair for pair in _compared(october["dibao"]).pairs if pair.way == "in"]
    fate = next(f for f in plan.courses["dibao"].fates if not f.turns[-1].booked)

    assert codes == {"dibao": ["FL875"], "tekun": [], "low-income": ["FL862"], "children": []}
    assert back.line == slips_of(plan, "dibao").root("dibao", fate.key)
    assert (back.row.on, back.row.signed_fen) == (date(2026, 10, 30), 1_241_50)
    assert all(trial.adjustment.settled for trial in october.values())


def _month(office: Office, plan: Plan, fund: str, end: date) -> tuple[Movement, ...]:
    """What the bank of a fund did in a month."""
    bank = Bank.of(office, plan, fund, SEED)
    return bank.passbook(office.fund(fund), end, PROMPT).movements


def test_what_the_bank_paid_short_is_another_row_than_the_line(office: Office, plan: Plan) -> None:
    (fate,) = [f for f in plan.courses["dibao"].fates if f.key.period == "2025-07"]
    root = slips_of(plan, "dibao").root("dibao", fate.key)
    july = _month(office, plan, "dibao", date(2025, 7, 31))
    rows = [(one.day.day, one.signed_fen) for one in july if one.memo == root]
    moves = [
        (voucher.event, posting.signed_fen)
        for voucher in office.fund("dibao").vouchers()
        for posting in voucher.postings
        if posting.account == "Assets:Suspense"
    ]

    assert rows == [(11, -SHORT_FEN), (16, SHORT_FEN), (16, -SHORT_FEN - 81_00)]
    assert moves == [("unknown-debit", SHORT_FEN), ("transfer", -SHORT_FEN)]


@pytest.mark.parametrize(
    ("period", "end", "vouchers"),
    [("2025-11", date(2025, 11, 30), 1), ("2026-10", date(2026, 10, 31), 23)],
)
def test_the_bank_debits_each_payment_and_the_book_has_one_voucher_or_many(
    office: Office, plan: Plan, period: str, end: date, vouchers: int
) -> None:
    rows = [one for one in _month(office, plan, "children", end) if one.summary == "代发"]
    booked = [
        voucher
        for voucher in office.fund("children").vouchers()
        if voucher.event == "batch-debit" and voucher.month == period
    ]

    assert len({row.memo for row in rows}) == len({row.party for row in rows}) == len(rows) == 23
    assert len(booked) == vouchers
