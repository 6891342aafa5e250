"""The headers that banks are known to export, each whole: the same two lines come out of all."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from fundledger.bank import read_statement
from support.exports import IN_OUT, PROFILES
from support.statements import ACCOUNT, moves, text_file, xls_bytes, xlsx_file


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls"])
@pytest.mark.parametrize("bank", PROFILES)
def test_every_known_header_is_read(bank: str, kind: str, tmp_path: Path) -> None:
    rows = PROFILES[bank]
    if kind == "csv":
        texts = [[f'"{cell}"' if "," in str(cell) else cell for cell in row] for row in rows]
        path = text_file(tmp_path, texts, encoding="gb18030")
    elif kind == "xlsx":
        path = xlsx_file(tmp_path, rows)
    else:
        path = tmp_path / "statement.xls"
        path.write_bytes(xls_bytes([[str(cell) for cell in row] for row in rows]))

    statement = read_statement(path)

    assert moves(statement) == IN_OUT
    assert statement.account == ACCOUNT
    assert [line.date for line in statement.lines] == [date(2026, 3, 2), date(2026, 3, 5)]
    assert statement.lines[0].time in {None, time(10)}
