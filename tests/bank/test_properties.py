"""Laws of reading: what was written is read, a fen off is seen, and no bytes crash it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.bank import Statement, read_statement
from fundledger.errors import StatementInvalid
from fundledger.money import display_fen, format_fen, parse_fen
from support.statements import ACCOUNT, HEAD, TABLE, Rows, xls_bytes, xlsx_bytes

signed = st.integers(-(10**9), 10**9).filter(bool)
accounts = st.lists(st.tuples(st.integers(0, 3), signed), min_size=1, max_size=8)


def table(changes: list[tuple[int, int]], opening_fen: int, say: Callable[[int], str]) -> Rows:
    """Return a statement of these (days later, signed fen), amounts said by `say`."""
    rows: list[tuple[str, ...]] = []
    day, balance_fen = date(2026, 1, 1), opening_fen
    for later, fen in changes:
        day += timedelta(days=later)
        balance_fen += fen
        sides = ("", say(fen)) if fen > 0 else (say(-fen), "")
        rows.append((day.isoformat(), *sides, say(balance_fen)))
    stated = ("账号", ACCOUNT, "期初余额", say(opening_fen), "期末余额", say(balance_fen))
    return (stated, HEAD[:4], *rows)


def as_text(rows: Rows) -> bytes:
    """Return rows as GB18030 text with tabs."""
    return "\r\n".join("\t".join(map(str, row)) for row in rows).encode("gb18030")


def as_xlsx(rows: Rows) -> bytes:
    """Return rows as a workbook of text cells."""
    return xlsx_bytes({"明细": rows})


WRITERS = {"text": as_text, "xlsx": as_xlsx, "xls": xls_bytes}


def read(data: bytes) -> Statement:
    """Read bytes as a statement."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "statement"
        path.write_bytes(data)
        return read_statement(path)


@pytest.mark.parametrize("writer", WRITERS)
@given(accounts, st.integers(0, 10**9), st.booleans(), st.sampled_from([format_fen, display_fen]))
def test_what_a_bank_writes_is_what_is_read(
    writer: str,
    changes: list[tuple[int, int]],
    opening_fen: int,
    backward: bool,  # noqa: FBT001 - drawn by hypothesis
    say: Callable[[int], str],
) -> None:
    rows = table(changes, opening_fen, say)
    if backward:
        rows = (*rows[:2], *reversed(rows[2:]))
    statement = read(WRITERS[writer](rows))
    assert statement.opening_fen == opening_fen
    assert statement.closing_fen == opening_fen + sum(fen for _, fen in changes)
    assert sorted(line.signed_fen for line in statement.lines) == sorted(fen for _, fen in changes)


@given(accounts, st.integers(0, 10**9), st.data())
def test_a_fen_that_is_off_anywhere_is_refused(
    changes: list[tuple[int, int]], opening_fen: int, data: st.DataObject
) -> None:
    rows = [list(row) for row in table(changes, opening_fen, format_fen)]
    row = data.draw(st.integers(2, len(rows) - 1))
    column = data.draw(st.sampled_from([c for c in (1, 2, 3) if rows[row][c]]))
    rows[row][column] = format_fen(parse_fen(str(rows[row][column])) + 1)
    with pytest.raises(StatementInvalid):
        read(as_text(rows))


@pytest.mark.parametrize("writer", WRITERS)
@given(st.data())
def test_damaged_bytes_are_refused_or_read_and_nothing_else(
    writer: str, data: st.DataObject
) -> None:
    content = bytearray(WRITERS[writer](TABLE))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    with contextlib.suppress(StatementInvalid):
        assert isinstance(read(bytes(content[:cut] if cut % 3 == 0 else content)), Statement)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
)
def test_any_bytes_are_refused(content: bytes, magic: bytes) -> None:
    with pytest.raises(StatementInvalid):
        read(magic + content)
