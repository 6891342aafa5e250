"""The example's bank statements are read back as they were meant, and tie to the books."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from fundledger import Office
from fundledger.bank import Statement, read_statement
from fundledger.example.build import SEED
from fundledger.example.plan import load_plan
from fundledger.example.statements import bank_book, passbooks, write_statements
from fundledger.reconcile import Kind, reconcile


@pytest.fixture(scope="module")
def written(office: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write_statements(office, load_plan(), tmp_path_factory.mktemp("bank"), SEED)


def read(written: dict[str, Path]) -> dict[str, Statement]:
    return {fund: read_statement(path) for fund, path in written.items()}


def test_every_fund_has_a_statement_of_october(office: Office, written: dict[str, Path]) -> None:
    for fund, statement in read(written).items():
        assert (statement.start, statement.end) == (date(2026, 10, 1), date(2026, 10, 31))
        assert statement.account == office.charter.fund(fund).bank_account.number
        assert statement.lines
    assert tuple(written) == office.fund_ids


def test_what_is_read_is_what_the_bank_had(office: Office, written: dict[str, Path]) -> None:
    read_back = read(written)
    for fund, passbook in passbooks(office, load_plan(), SEED):
        statement = read_back[fund]

        assert statement.opening_fen == passbook.opening_fen
        assert [
            (
                line.date,
                line.signed_fen,
                line.balance_fen,
                line.counterparty,
            )
            for line in statement.lines
        ] == [
            (item.day, item.signed_fen, item.balance_fen, item.party) for item in passbook.movements
        ]


def test_six_shapes_in_workbooks_and_in_text_of_two_encodings(written: dict[str, Path]) -> None:
    endings = [path.suffix for path in list(written.values())[:6]]
    texts = [path.read_bytes() for path in written.values() if path.suffix != ".xlsx"]

    assert endings == [".xlsx", ".csv", ".csv", ".xlsx", ".xlsx", ".xls"]
    assert any(text.startswith(b"\xef\xbb\xbf") for text in texts)
    assert any("交易时间".encode("gb18030") in text for text in texts)


def test_all_four_kinds_of_open_items_come_up_and_explain_everything(
    office: Office, written: dict[str, Path]
) -> None:
    kinds: Counter[Kind] = Counter()
    for fund, statement in read(written).items():
        book = bank_book(office.fund(fund))
        number = office.charter.fund(fund).bank_account.number
        found = reconcile(statement, number, book.lines, book.balance_fen(statement.end))

        assert found.difference_fen == 0
        assert not [finding.code for finding in found.findings if finding.gates]
        assert not [item for item in found.items if item.age_days > 7 or item.ambiguous]
        kinds.update(item.kind for item in found.items)
    assert set(kinds) == set(Kind)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_bank(
    office: Office, written: dict[str, Path], tmp_path: Path
) -> None:
    plan = load_plan()
    again = write_statements(office, plan, tmp_path / "again", SEED)
    other = write_statements(office, plan, tmp_path / "other", SEED + 1)

    assert [p.read_bytes() for p in again.values()] == [p.read_bytes() for p in written.values()]
    assert [p.read_bytes() for p in other.values()] != [p.read_bytes() for p in written.values()]
