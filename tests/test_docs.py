"""What the documents show works as it stands there."""

from __future__ import annotations

import re
import resource
import shutil
import signal
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import fundledger
from fundledger.fund import SHANGHAI
from support.offices import fund_at, granted

ROOT = Path(__file__).resolve().parents[1]


def block(document: str, language: str) -> str:
    """Return the first block of code in a document."""
    return blocks(document, language)[0]


def blocks(document: str, language: str) -> list[str]:
    """Return all blocks of code in a document."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    found = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found
    return found


@pytest.fixture
def embedded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    """Run the lines of the embedding page in a fresh office; returns the names they made."""
    shutil.copytree(ROOT / "rules", tmp_path / "gumei" / "rules")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for number, code in enumerate(blocks("embedding.md", "python")):
        exec(compile(code, f"embedding.md {number}", "exec"), names)  # noqa: S102 - the page's own
    names["printed"] = capsys.readouterr().out.splitlines()
    return names


def test_the_lines_of_the_embedding_page_run(embedded: dict[str, Any]) -> None:
    """The lines print a refusal and a clean audit."""
    refusal, audit = embedded["printed"]

    assert "0.01" in refusal
    assert audit == "75000.00 True"


def test_the_retry_of_the_embedding_page_records_exactly_once(embedded: dict[str, Any]) -> None:
    """The disk takes no more until somebody, here while the program waits, mends it."""
    journal = Path("gumei/ledgers/dibao/journal")
    size = sum(path.stat().st_size for path in journal.iterdir())
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    waited = []

    def mended(seconds: int) -> None:
        waited.append(seconds)
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)

    gift = fundledger.Draft(
        date=date(2026, 3, 12),
        event="donation",
        narration="捐赠",
        maker="S03",
        reviewer="S01",
        attachments=1,
        postings=fundledger.drafts.donation(100),
    )
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, limit[1]))
    try:
        receipt = embedded["recorded"]("gumei", "dibao", gift, "JZ-1", wait=mended)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)

    assert waited == [1]
    dibao = fundledger.open("gumei").fund("dibao")
    assert [r.key for r in dibao.records()].count("JZ-1") == 1
    assert dibao.verify().head == receipt.head


def test_the_embedding_page_names_all_that_is_public_and_nothing_else() -> None:
    """Every row of its table is of the public surface, and every public name has a row."""
    text = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]

    assert sorted(named) == sorted(fundledger.__all__)
    for name in re.findall(r"fundledger\.(\w+)", "".join(blocks("embedding.md", "python"))):
        assert name in fundledger.__all__


def test_the_methods_that_the_embedding_page_lists_are_those_there_are() -> None:
    """What a fund can do is listed in full."""
    text = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    (row,) = re.findall(r"^\| `Fund` \| one fund: (.*) \|$", text, re.MULTILINE)
    methods = [name for name in vars(fundledger.Fund) if not name.startswith("_")]

    assert sorted(re.findall(r"`(\w+)`", row)) == sorted(methods)


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
