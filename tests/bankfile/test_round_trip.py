"""What is rendered is taken by a bank as it was ordered, and its answer is read as it was meant."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.bankfile import (
    BankResults,
    PaymentOrder,
    Result,
    bank_named,
    load_banks,
    read_results,
    render,
    sent_of,
)
from support.honest_bank import BANKS, DAY, Taken, Verdict, answered, order_of, suffix_of, taken

PROFILES = load_banks(Path(__file__).parents[2] / "rules")
SAID = {
    "账号不存在": "AC01",
    "账户已销户": "AC04",
    "久悬户": "AC06",
    "户名不符": "BE01",
    "余额不足": "AM04",
    "超限额": "AM02",
    "重复付款": "AM05",
    "收款人死亡": "MD07",
    "币种不符": "AM03",
    "联行号错误": "RC01",
    "其他": "NARR",
}
FORMS = [
    *(("generic", form) for form in ("xlsx", "xls", "csv")),
    *(("sh-platform", form) for form in ("xlsx", "xls", "csv")),
    *((bank, "") for bank in ("pipe-text", "fixed-fen", "iso20022")),
]
NAMES = st.text(
    st.characters(categories=("Lu", "Ll", "Lo", "Nd", "Zs", "Pd", "Sm"), exclude_characters="|"),
    min_size=1,
    max_size=10,
).filter(lambda name: bool(name.strip()) and len(name.encode("gb18030")) <= 60)
AMOUNTS = st.lists(st.integers(1, 10**13 - 1), min_size=1, max_size=6)


def came_back(bank: str, order: PaymentOrder, verdicts: list[Verdict], form: str) -> BankResults:
    """What is read of the bank's answer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"回盘.{suffix_of(bank, form)}"
        path.write_bytes(answered(bank, order, verdicts, form))
        return read_results(path, bank_named(PROFILES, bank), sent_of(order))


@pytest.mark.parametrize("bank", BANKS)
@given(amounts=AMOUNTS, data=st.data())
def test_a_bank_takes_the_file_as_it_was_ordered(
    bank: str, amounts: list[int], data: st.DataObject
) -> None:
    names = data.draw(st.lists(NAMES, min_size=len(amounts), max_size=len(amounts)))
    order = order_of(*amounts, names=names)

    file = render(order, bank_named(PROFILES, bank))

    expected = [(p.line, p.account, p.amount_fen) for p in order.payees]
    found = taken(bank, file.data)
    assert [(one.line, one.account, one.fen) for one in found] == expected
    assert [one.name.strip() for one in found] == [name.strip() for name in names]
    assert (file.count, file.amount_fen) == (len(amounts), sum(amounts))


@pytest.mark.parametrize(("bank", "form"), FORMS)
@given(amounts=AMOUNTS, data=st.data())
def test_an_answer_is_read_as_the_bank_meant_it(
    bank: str, form: str, amounts: list[int], data: st.DataObject
) -> None:
    order = order_of(*amounts)
    instructions = taken(bank, render(order, bank_named(PROFILES, bank)).data)
    told = data.draw(st.lists(st.sampled_from(instructions), min_size=1, unique=True))
    verdicts = [data.draw(verdict(one, bank)) for one in told]

    results = came_back(bank, order, verdicts, form)

    assert set(results.results) == {meant(one, bank) for one in verdicts}
    silent = len(amounts) - len(verdicts)
    assert [f.code for f in results.findings] == (["FL785"] if silent else [])


def verdict(one: Taken, bank: str) -> st.SearchStrategy[Verdict]:
    """Draw what the bank does; the platform of the national rule knows no third outcome."""
    outcomes = ("paid", "failed") if bank == "sh-platform" else ("paid", "failed", "unknown")
    words = list(SAID.values()) if bank == "iso20022" else list(SAID)
    days = st.just(0) if bank == "fixed-fen" else st.integers(0, 40)

    def of(outcome: str, word: str, days_on: int) -> Verdict:
        day = DAY + timedelta(days_on)
        return Verdict(one, outcome, word if outcome == "failed" else "", day)

    return st.builds(of, st.sampled_from(outcomes), st.sampled_from(words), days)


def meant(said: Verdict, bank: str) -> Result:
    """What the bank meant by its verdict."""
    if said.outcome == "paid":
        return Result(said.taken.line, "paid", said.taken.fen, said.day, None, "")
    if said.outcome == "unknown":
        return Result(said.taken.line, "unknown", 0, said.day, None, "")
    if bank == "iso20022":
        return Result(said.taken.line, "failed", 0, said.day, said.reason, "")  # type: ignore[arg-type]
    code = SAID[said.reason]
    return Result(said.taken.line, "failed", 0, said.day, code, said.reason)  # type: ignore[arg-type]
