"""What an editor, a copy or a restore does to a journal's files is told by whoever looks."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from fundledger.errors import FundledgerError
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.surroundings import SHANGHAI
from support.offices import Clock, draft, fund_at

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 5, 20, 9, tzinfo=SHANGHAI)
Change = Callable[[Path], object]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an office's folder with a fund that was recorded into from March to May."""
    root = tmp_path_factory.mktemp("kept") / "ledgers"
    clock = Clock()
    fund = fund_at(root, clock=clock)
    for month in (3, 4, 5):
        clock.now = NOW.replace(month=month)
        for number in (1, 2):
            on = NOW.date().replace(month=month)
            fund.record(draft(drafts.donation(month * number), on, "donation"))
    fund.close_files()
    return root


@pytest.fixture
def ledgers(kept: Path, tmp_path: Path) -> Path:
    """Return a copy of it, to do with as a test likes."""
    shutil.copytree(kept, tmp_path / "ledgers")
    return tmp_path / "ledgers"


def _opened(ledgers: Path, now: datetime = NOW) -> Fund:
    return fund_at(ledgers, clock=Clock(now))


def _told(act: Callable[[], object]) -> list[str]:
    """Return the codes that an act ends with, as an error."""
    try:
        act()
    except FundledgerError as error:
        return [finding.code for finding in error.findings]
    return []


def _verified(fund: Fund) -> list[str]:
    return _told(fund.verify) or [finding.code for finding in fund.verify().findings]


def _checked(fund: Fund) -> list[str]:
    found = [finding.code for finding in fund.check(NOW.date()).findings]
    return [code for code in found if code.startswith("FL6")]


def _gift(fund: Fund) -> list[str]:
    return _told(lambda: fund.record(draft(drafts.donation(9), NOW.date(), "donation"), key="gift"))


def shell_lines(page: str) -> str:
    """Return the lines of shell in a page that verify the chain."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks: list[str] = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (lines,) = [block for block in blocks if "sha256sum" in block]
    return lines


def _shell(ledgers: Path, page: str = "docs/journal.md") -> tuple[int, str]:
    command = ["/bin/sh", "-c", shell_lines(page)]
    done = subprocess.run(command, cwd=ledgers.parent, check=False, capture_output=True, text=True)
    return done.returncode, done.stdout.strip()


def test_a_sound_journal_is_whole_and_both_pages_say_so(ledgers: Path) -> None:
    fund = _opened(ledgers)
    assert _verified(fund) == []
    assert _checked(fund) == []
    for page in ("README.md", "docs/journal.md"):
        assert _shell(ledgers, page) == (0, fund.verify().head)
    assert _gift(fund) == []


def _swap(one: str, other: str) -> Change:
    def change(journal: Path) -> None:
        (journal / one).rename(journal / "spare")
        (journal / other).rename(journal / one)
        (journal / "spare").rename(journal / other)

    return change


def _rename(one: str, other: str) -> Change:
    return lambda journal: (journal / one).rename(journal / other)


def _copy(one: str, other: str) -> Change:
    return lambda journal: shutil.copy(journal / one, journal / other)


def _append(name: str, data: bytes) -> Change:
    def change(journal: Path) -> None:
        with (journal / name).open("ab") as file:
            file.write(data)

    return change


def _rewrite(name: str, how: Callable[[bytes], bytes]) -> Change:
    return lambda journal: (journal / name).write_bytes(how((journal / name).read_bytes()))


def _joined(journal: Path) -> None:
    march, april = journal / "2026-03.jsonl", journal / "2026-04.jsonl"
    april.write_bytes(march.read_bytes() + april.read_bytes())
    march.unlink()


def _without_state(change: Change) -> Change:
    def changed(journal: Path) -> None:
        change(journal)
        shutil.rmtree(journal.parent / ".state")

    return changed


def _first_line(data: bytes) -> bytes:
    return data.splitlines(keepends=True)[0]


def _other_lines(data: bytes) -> bytes:
    return data.removeprefix(_first_line(data))


def _turned(data: bytes) -> bytes:
    return b"".join(reversed(data.splitlines(keepends=True)))


# What was done; what verify says; what check says beside; whether a record is refused, and by what.
TAMPERINGS: dict[str, tuple[Change, list[str], set[str], list[str]]] = {
    "two segments swapped": (
        _swap("2026-03.jsonl", "2026-04.jsonl"),
        ["FL602"],
        {"FL602"},
        [],
    ),
    "the last two swapped": (
        _swap("2026-04.jsonl", "2026-05.jsonl"),
        ["FL602"],
        {"FL602"},
        ["FL620"],
    ),
    "a segment of an earlier month": (
        _rename("2026-04.jsonl", "2026-02.jsonl"),
        ["FL602"],
        {"FL602"},
        [],
    ),
    "a segment of a later month": (
        _rename("2026-04.jsonl", "2026-06.jsonl"),
        ["FL602"],
        {"FL602"},
        ["FL602"],
    ),
    "the last of a later month": (
        _rename("2026-05.jsonl", "2026-07.jsonl"),
        ["FL620"],
        {"FL620"},
        ["FL620"],
    ),
    "the first of an earlier month": (
        _rename("2026-03.jsonl", "2026-01.jsonl"),
        ["FL620"],
        {"FL620"},
        [],
    ),
    "two joined": (_joined, ["FL620"], {"FL620"}, []),
    "a copy as a later month": (
        _copy("2026-05.jsonl", "2026-06.jsonl"),
        ["FL602"],
        {"FL602"},
        ["FL602"],
    ),
    "a copy between": (
        _without_state(_copy("2026-03.jsonl", "2026-02.jsonl")),
        ["FL602"],
        {"FL602"},
        ["FL602"],
    ),
    "a segment gone": (
        lambda journal: (journal / "2026-04.jsonl").unlink(),
        ["FL602"],
        {"FL602"},
        [],
    ),
    "a segment emptied": (
        _rewrite("2026-04.jsonl", lambda _: b""),
        ["FL602"],
        {"FL602"},
        [],
    ),
    "the last emptied": (
        _rewrite("2026-05.jsonl", lambda _: b""),
        ["FL616"],
        {"FL616", "FL601", "FL603"},
        ["FL616"],
    ),
    "the last line gone": (
        _rewrite("2026-05.jsonl", _first_line),
        ["FL616"],
        {"FL616", "FL601"},
        ["FL616"],
    ),
    "a first line gone": (_rewrite("2026-03.jsonl", _other_lines), ["FL602"], {"FL602"}, []),
    "lines turned": (_rewrite("2026-04.jsonl", _turned), ["FL602"], {"FL602"}, []),
    "Windows line ends": (
        _rewrite("2026-05.jsonl", lambda data: data.replace(b"\n", b"\r\n")),
        ["FL602"],
        {"FL602"},
        ["FL616"],
    ),
    "a byte order mark": (
        _rewrite("2026-03.jsonl", lambda data: b"\xef\xbb\xbf" + data),
        ["FL602"],
        {"FL602"},
        [],
    ),
    "an empty line": (_append("2026-05.jsonl", b"\n"), ["FL602"], {"FL602"}, ["FL602"]),
    "a last line that was edited": (
        _without_state(_rewrite("2026-05.jsonl", lambda data: data[:-30] + b"X" + data[-29:])),
        ["FL602"],
        {"FL602"},
        ["FL602"],
    ),
    "a last line whose frame was edited": (
        _without_state(_rewrite("2026-05.jsonl", lambda data: data[:-2] + b"]\n")),
        ["FL602"],
        {"FL602"},
        ["FL602"],
    ),
    "a torn tail": (_append("2026-05.jsonl", b'{"sha256":"'), ["FL604"], {"FL604"}, []),
    "a torn tail of zeros": (_append("2026-05.jsonl", bytes(600)), ["FL604"], {"FL604"}, []),
    "a torn segment between": (
        _rewrite("2026-04.jsonl", lambda data: data[:-40]),
        ["FL602"],
        {"FL602"},
        [],
    ),
    "a line end gone between": (
        _rewrite("2026-04.jsonl", lambda data: data[:-1]),
        ["FL602"],
        {"FL602"},
        [],
    ),
    "month 13": (
        _copy("2026-05.jsonl", "2026-13.jsonl"),
        ["FL619"],
        {"FL619"},
        ["FL619"],
    ),
    "a month of one digit": (
        _rename("2026-05.jsonl", "2026-5.jsonl"),
        ["FL619", "FL616"],
        {"FL619", "FL616", "FL601", "FL603"},
        ["FL619"],
    ),
    "a month in other digits": (
        _rename("2026-05.jsonl", "2026-0٥.jsonl"),
        ["FL619", "FL616"],
        {"FL619", "FL616", "FL601", "FL603"},
        ["FL619"],
    ),
    "a copy without a name": (_copy("2026-05.jsonl", "x"), ["FL619"], {"FL619"}, ["FL619"]),
    "notes beside it": (
        lambda journal: (journal / "x").write_bytes(b"notes"),
        ["FL603"],
        {"FL603"},
        [],
    ),
    "a folder beside it": (
        lambda journal: shutil.copytree(journal, journal / "old"),
        ["FL619", "FL619", "FL619"],
        {"FL619"},
        ["FL603"],
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_was_done_to_the_files_is_told(what: str, ledgers: Path) -> None:
    change, verified, checked, refused = TAMPERINGS[what]
    change(ledgers / "dibao" / "journal")
    fund = _opened(ledgers)
    assert _verified(fund) == verified
    assert checked <= set(_checked(fund))
    code, head = _shell(ledgers)
    known = {"the last emptied", "the last line gone"}  # only a head kept elsewhere tells the shell
    assert (code == 0) is (what in known)
    assert bool(head) is (what in known)
    before = _bytes(ledgers)
    assert _gift(fund) == refused
    if refused:
        assert _bytes(ledgers) == before


def _bytes(ledgers: Path) -> dict[str, bytes]:
    files = (path for path in sorted(ledgers.rglob("*")) if path.is_file())
    return {str(path): path.read_bytes() for path in files if ".state" not in path.parts}


def test_a_last_line_without_its_end_counts_and_the_next_record_restores_it(ledgers: Path) -> None:
    journal = ledgers / "dibao" / "journal"
    sound = (journal / "2026-05.jsonl").read_bytes()
    head = _opened(ledgers).verify().head
    (journal / "2026-05.jsonl").write_bytes(sound[:-1])
    fund = _opened(ledgers)
    assert _verified(fund) == ["FL621"]
    assert _checked(fund) == ["FL621"]
    assert fund.verify().head == head
    assert _shell(ledgers) == (0, head)
    assert [voucher.ref for voucher in fund.vouchers()][-1] == "2026-05-0002"
    assert fund.books().voucher("2026-05-0002") is not None
    assert _gift(fund) == []
    assert [voucher.ref for voucher in fund.vouchers()][-1] == "2026-05-0003"
    assert (journal / "2026-05.jsonl").read_bytes().startswith(sound)
    assert _checked(fund) == []


def _ways(kept: Path) -> Iterator[bytes]:
    data = (kept / "dibao" / "journal" / "2026-05.jsonl").read_bytes()
    last = data.rfind(b"\n", 0, -1) + 1
    for size in range(last + 1, len(data) - 1, 23):
        yield data[:size]
    yield data[:-2]


def test_shell_and_verify_agree_on_a_last_line_cut_anywhere(ledgers: Path, kept: Path) -> None:
    segment = ledgers / "dibao" / "journal" / "2026-05.jsonl"
    shutil.rmtree(ledgers / "dibao" / ".state")
    for data in _ways(kept):
        segment.write_bytes(data)
        assert _verified(_opened(ledgers)) == ["FL604"]
        assert _shell(ledgers) == (1, "")
