"""What the documents show works as it stands there."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

import fundledger
from fundledger.fund import SHANGHAI
from support.offices import fund_at, granted

ROOT = Path(__file__).resolve().parents[1]


def block(document: str, language: str) -> str:
    """Return the first block of code in a document."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_lines_of_the_embedding_page_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lines run in a fresh office and print a refusal and a clean audit."""
    shutil.copytree(ROOT / "rules", tmp_path / "gumei" / "rules")
    monkeypatch.chdir(tmp_path)

    exec(compile(block("embedding.md", "python"), "embedding.md", "exec"), {})  # noqa: S102

    assert "120000.00 True" in capsys.readouterr().out


def test_a_few_lines_of_shell_verify_the_chain(tmp_path: Path) -> None:
    """The shell comes to the same head as we do, and stops where a line was changed."""
    fund = fund_at(tmp_path / "ledgers")
    granted(fund)
    head = fund.verify().head
    script = block("journal.md", "sh")

    sound = subprocess.run(
        ["/bin/sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    segment = next((tmp_path / "ledgers" / "dibao" / "journal").glob("*.jsonl"))
    segment.write_bytes(segment.read_bytes().replace(b"100000000", b"100000001", 1))
    changed = subprocess.run(
        ["/bin/sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert sound.stdout.strip() == head
    assert changed.returncode == 1
    assert changed.stdout == ""
    assert changed.stderr.startswith("broken")


def test_the_public_surface_is_whole() -> None:
    """Every public name is there, says what it is, and the list is sorted."""
    assert sorted(fundledger.__all__) == list(fundledger.__all__)
    for name in fundledger.__all__:
        assert getattr(fundledger, name).__doc__
    assert datetime.now(SHANGHAI).utcoffset() is not None
