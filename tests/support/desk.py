"""An office at the command line whose people stand in a vault, and a paper to rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from support.honest_bank import Verdict, answered, order_of, taken
from support.terminals import Terminal
from support.unitlists import HEAD, row, write_list

ZH = "城乡最低生活保障"
ROWS = [row(serial, 救助类别=ZH) for serial in range(1, 5)]
SIGNED = ("--maker", "S03", "--reviewer", "S01")
BANKED = (*SIGNED, "--cashier", "S06")


class Desk:
    """An office whose people stand in a vault."""

    def __init__(self, terminal: Terminal, folder: Path) -> None:
        """Make the vault, and a paper to rest on."""
        self.terminal = terminal
        self.folder = folder
        self.key = str(folder / "keys" / "gumei.key")
        terminal.done("vault", "init", "--key-file", self.key)
        self.paper = folder / "回单.txt"
        self.paper.write_text("paper", encoding="utf-8")

    def prepare(
        self,
        rows: list[list[object]] = ROWS,
        *more: str,
        day: str = "2026-03-12",
        head: Sequence[str] = HEAD,
    ) -> str:
        path = write_list(self.folder / "名单.xlsx", rows, head)
        call = ("batch", "prepare", "dibao", str(path), "--unit", "CASC", "--date", day)
        return self.terminal.done(*call, "--by", "S03", "--key-file", self.key, *more)

    def step(self, step: str, *more: str, day: str = "2026-03-12") -> str:
        call = ("batch", step, "dibao", "B2026-03-001", "--date", day)
        return self.terminal.done(*call, *more)

    def books(self) -> dict[str, bytes]:
        """Everything but the log of reads, in which it stands who looked."""
        kept = self.terminal.bytes()
        return {name: data for name, data in kept.items() if not name.endswith(".reads.jsonl")}

    def approve(self) -> str:
        return self.step("approve", "--by", "S08", *SIGNED, "--approval", "例审〔2026〕3号")

    @property
    def sending(self) -> tuple[str, ...]:
        return ("export", "--bank", "generic", "--by", "S06", "--key-file", self.key, *SIGNED)

    def sent(self) -> str:
        return self.prepare() + self.approve() + self.step(*self.sending)

    def answer(self, outcomes: list[str], called: Mapping[int, str] = MappingProxyType({})) -> Path:
        """Let an honest bank read the file that was written, and write its answer.

        Some payees may be `called` otherwise, by their place.
        """
        file = self.terminal.root / "private" / "bank" / "B2026-03-001.xlsx"
        payments = [
            one._replace(name=called.get(place, one.name))
            for place, one in enumerate(taken("generic", file.read_bytes()))
        ]
        verdicts = [
            Verdict(one, outcome, "已销户" if outcome == "failed" else "", date(2026, 3, 13))
            for one, outcome in zip(payments, outcomes, strict=True)
        ]
        path = self.folder / "回盘.xlsx"
        path.write_bytes(answered("generic", order_of(1, batch="B2026-03-001"), verdicts))
        return path

    def reading(self, answer: Path) -> tuple[str, ...]:
        call = ("batch", "result", "dibao", "B2026-03-001", str(answer), "--bank", "generic")
        return (*call, "--date", "2026-03-14", "--by", "S03", "--key-file", self.key, *SIGNED)

    def read(self, answer: Path) -> str:
        return self.terminal.done(*self.reading(answer))

    def lines(self) -> list[dict[str, object]]:
        shown = self.terminal.json("batch", "show", "dibao", "B2026-03-001", "--lines")
        return list(shown["lines"])
