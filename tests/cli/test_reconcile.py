"""The reconciliation on the command line: what is compared, and what is not."""

from __future__ import annotations

from pathlib import Path

from support.statements import HEAD, xlsx_bytes
from support.terminals import Terminal

LINES = (
    ("2026-03-02", "", "120000.00", "120000.00", "区财政局", "31001", "拨款", "A1"),
    ("2026-03-10", "30000.00", "", "90000.00", "某银行", "31002", "代发", "A2"),
    ("2026-03-21", "12.50", "", "89987.50", "", "", "手续费", "A3"),
)


def statement(path: Path, account: str) -> Path:
    """Write the statement that agrees with the book, as one of this account."""
    path.write_bytes(xlsx_bytes({"明细": (("账号", account), HEAD, *LINES)}))
    return path


def test_another_accounts_statement_is_named_and_compared_with_nothing(
    office: Terminal, tmp_path: Path
) -> None:
    own = statement(tmp_path / "对账单.xlsx", "3100000000000000101")
    other = statement(tmp_path / "他户.xlsx", "3100000000000000999")
    form = tmp_path / "调节表.xlsx"
    before = office.bytes()

    for paths in ((other,), (own, other)):
        files = [word for path in paths for word in ("--statement", str(path))]
        result = office.run("reconcile", "dibao", *files, "--xlsx", str(form))
        found = office.json("reconcile", "dibao", *files, code=1)

        assert result.exit_code == 1
        assert result.stdout == ""
        assert [line[:5] for line in result.stderr.splitlines() if line[:2] == "FL"] == ["FL850"]
        assert [finding["code"] for finding in found["findings"]] == ["FL850"]
        assert "difference_fen" not in found
        assert not form.exists()
    assert office.bytes() == before
    assert "差额 0.00" in office.done("reconcile", "dibao", "--statement", str(own))
