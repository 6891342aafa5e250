"""What the documents show works as it stands there."""

from __future__ import annotations

import builtins
import pydoc
import re
import resource
import shutil
import signal
import subprocess
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import fundledger
from fundledger import errors
from support.offices import fund_at, granted

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".mypy_cache" / "page"
GIFT = fundledger.Draft(
    date=date(2026, 3, 12),
    event="donation",
    narration="捐赠",
    maker="S03",
    reviewer="S01",
    cashier="S06",
    attachments=1,
    postings=fundledger.drafts.donation(100),
)


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

    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, limit[1]))
    try:
        receipt = embedded["recorded"]("gumei", "dibao", GIFT, "JZ-1", wait=mended)
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

    assert sorted(named) == sorted([*fundledger.__all__, "open"])
    code = "".join(blocks("embedding.md", "python"))
    for name in re.findall(r"(?<!from )fundledger\.(\w+)", code):
        assert name in named
    for module, names in re.findall(r"^from (fundledger\.\w+) import (.+)$", code, re.MULTILINE):
        assert set(names.split(", ")) <= set(import_module(module).__all__)


def test_every_failure_has_a_public_name() -> None:
    """A program catches each by its class, without a look into our rooms."""
    found = [one for one in vars(errors).values() if isinstance(one, type)]
    failures = {one for one in found if issubclass(one, fundledger.FundledgerError)}
    assert failures == {
        one
        for name in fundledger.__all__
        if isinstance(one := getattr(fundledger, name), type)
        and issubclass(one, fundledger.FundledgerError)
    }


def test_the_methods_that_the_embedding_page_lists_are_those_there_are(tmp_path: Path) -> None:
    """What a fund and an office can do is listed in full."""
    text = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    (row,) = re.findall(r"^\| `Fund` \| one fund: (.*) \|$", text, re.MULTILINE)
    methods = [name for name in dir(fundledger.Fund) if not name.startswith("_")]
    assert sorted(re.findall(r"`(\w+)`", row)) == sorted(methods)

    (row,) = re.findall(r"^\| `open`, `Office` \| an office: (.*) \|$", text, re.MULTILINE)
    (tmp_path / "rules").mkdir()
    members = [name for name in dir(fundledger.open(tmp_path)) if not name.startswith("_")]
    assert sorted(name for name in re.findall(r"`(\w+)`", row)) == sorted(members)


def test_the_lines_of_the_embedding_page_are_typed(tmp_path: Path) -> None:
    """A program that begins with the lines of the page passes mypy's strict mode."""
    page = tmp_path / "page.py"
    page.write_text("".join(blocks("embedding.md", "python")), encoding="utf-8")

    assert typed(page) == ""


def test_a_name_that_is_none_of_ours_is_seen_by_a_type_checker(tmp_path: Path) -> None:
    """A typo is told before the program runs, where each public name is known."""
    names = [*fundledger.__all__, "open", "__version__"]
    page = tmp_path / "page.py"
    lines = ["import fundledger", *(f"print(fundledger.{name})" for name in names)]
    page.write_text("\n".join([*lines, "fundledger.opne('gumei')", ""]), encoding="utf-8")

    (told,) = typed(page).splitlines()
    assert '"opne"' in told


def typed(page: Path) -> str:
    """Return what mypy's strict mode has to say of a file, one error a line."""
    config = page.with_name("mypy.ini")
    config.write_text("[mypy]\nstrict = True\nfollow_imports = silent\n", encoding="utf-8")
    options = ["--no-error-summary", "--config-file", str(config), "--cache-dir", str(CACHE)]
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(page)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not ran.stderr
    return ran.stdout


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
    for name in (*fundledger.__all__, "open"):
        assert getattr(fundledger, name).__doc__
        assert name in dir(fundledger)
    assert re.fullmatch(r"\d+\.\d+\.\d+", fundledger.__version__)
    assert "An amount below zero" in pydoc.render_doc(fundledger)


def test_the_star_leaves_pythons_own_names_alone() -> None:
    """`from fundledger import *` hides nothing that Python has."""
    assert set(fundledger.__all__).isdisjoint(dir(builtins))


def test_the_retry_never_says_that_nothing_was_written_once_it_is_unknown(
    embedded: dict[str, Any],
) -> None:
    """A write failed halfway; then the disk takes nothing at all."""
    journal = Path("gumei/ledgers/dibao/journal")
    size = sum(path.stat().st_size for path in journal.iterdir())
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)

    def full(_: float) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, limit[1]))

    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, limit[1]))
    try:
        with pytest.raises(fundledger.OutcomeUnknown):
            embedded["recorded"]("gumei", "dibao", GIFT, "JZ-2", wait=full, tries=3)
        with pytest.raises(fundledger.NotWritten):
            fundledger.open("gumei").fund("dibao").record(GIFT, key="JZ-3")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
