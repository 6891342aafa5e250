"""Mistakes in the rules of an office, at each door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bad_input.desk import Act, Desk, Row, edited, put


def _rules(given: str, codes: str, act: Callable[[Path], object]) -> list[Row]:
    def arrange(desk: Desk) -> None:
        act(desk.root / "rules")

    doors: dict[str, Act] = {
        "opened": lambda desk: desk.office.fund("dibao"),
        "called": lambda desk: desk.call("check"),
    }
    return [Row(f"{given}, {door}", codes, reach, arrange) for door, reach in doors.items()]


ROWS: list[Row] = [
    *_rules("funds that are no TOML", "FL005", put("funds.toml", b"[[funds]\n")),
    *_rules("funds in GBK", "FL004", put("funds.toml", "# 资金\n".encode("gbk"))),
    *_rules("funds with NUL", "FL005", put("funds.toml", b"\0")),
    *_rules("funds that are missing", "FL001", lambda folder: (folder / "funds.toml").unlink()),
    *_rules(
        "a fund's id of a path", "FL017", edited("funds.toml", b'id = "dibao"', b'id = "../dibao"')
    ),
    *_rules(
        "a fund's id in Cyrillic",
        "FL017",
        edited("funds.toml", b'id = "dibao"', 'id = "dib\u0430o"'.encode()),
    ),
]
