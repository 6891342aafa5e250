"""A real office in a folder, and the program called on it as a person would."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from fundledger.cli import program
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from support.offices import Clock, numbered_keys

RULES = Path(__file__).parents[2] / "rules"
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=SHANGHAI)
SIGNED = ("--maker", "S03", "--reviewer", "S01")
PAPERS = ("--attachments", "1", "--approval", "例财〔2026〕1号", *SIGNED, "--cashier", "S06")


@dataclass
class Terminal:
    """An office and the program; `run` gives what a call came to."""

    root: Path
    clock: Clock
    keys: Callable[[], str]

    def run(self, *arguments: str, lang: str = "zh", typed: str = "") -> Result:
        call = ["-C", str(self.root), "--lang", lang, *arguments]
        surroundings = Surroundings(self.clock, self.keys)
        result = CliRunner().invoke(program(surroundings), call, input=typed)
        assert "Traceback" not in result.output
        assert isinstance(result.exception, SystemExit) or result.exception is None
        return result

    def done(self, *arguments: str, lang: str = "zh") -> str:
        """Return what a call that must succeed prints."""
        result = self.run(*arguments, lang=lang)
        assert result.exit_code == 0, result.output
        return result.output

    def json(self, *arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - any JSON value
        """Return the JSON that a call prints."""
        result = self.run(*arguments, "--format", "json")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    def record(self, event: str, amount: str, *more: str, day: str = "2026-03-05") -> str:
        """Record one voucher into dibao that must be taken."""
        said = ("--amount", amount, "--date", day, "--narration", f"{event}一笔")
        return self.done("record", "dibao", event, *said, *PAPERS, *more)

    def bytes(self) -> dict[str, bytes]:
        """Return every file of the office with its bytes, and every folder."""
        return {
            str(path.relative_to(self.root)): path.read_bytes() if path.is_file() else b""
            for path in sorted(self.root.rglob("*"))
        }


def new_office(root: Path) -> Terminal:
    """Make an office with the example rules, by which dibao takes donations, and no vouchers."""
    root.mkdir()
    (root / "rules").mkdir()
    for path in RULES.glob("*.toml"):
        shutil.copy(path, root / "rules")
    let_give(root / "rules")
    return Terminal(root, Clock(NOW), numbered_keys())


def let_give(rules: Path) -> None:
    """Let the first fund, dibao, take donations: the plainest voucher that there is."""
    path = rules / "funds.toml"
    said = 'interest = "remit"\n'
    text = path.read_text(encoding="utf-8").replace(said, f"{said}donations = true\n", 1)
    path.write_text(text, encoding="utf-8")
