"""Carrying out an act: rehearse it, show the vouchers, ask on a terminal, record, acknowledge."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fundledger.cli.complaints import told
from fundledger.errors import InputInvalid, NotWritten
from fundledger.findings import Finding
from fundledger.fund import Fund, open_fund
from fundledger.ledger.voucher import Voucher, voucher_json
from fundledger.report.paper import voucher_paper

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.chart import Chart
    from fundledger.ledger.store import Receipt

Act = Callable[[Fund, str], "Receipt"]
"""Something done to a fund under a key."""

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Done:
    """What an act came to: its receipt, the vouchers it recorded, and their chart."""

    receipt: Receipt
    vouchers: tuple[Voucher, ...]
    chart: Chart


def carry_out(  # noqa: PLR0913 - what is done, and by keyword how
    session: Session, fund_id: str, act: Act, *, key: str | None, dry_run: bool, yes: bool
) -> None:
    """Carry an act out on a fund, or only rehearse it, and tell what came of it."""
    session.key = key or ""
    fund = session.fund(fund_id)
    asks = session.tells and not yes and sys.stdin.isatty() and sys.stdout.isatty()
    if dry_run or asks:
        done = rehearsed(session, fund_id, act, key)
        if dry_run:
            _tell(session, done, draft=True)
            return
        _show(session, done, draft=True)
        session.lines(told(done.receipt.findings, session, err=False))
        if not click.confirm(session.pick("确认记账？", "Record this?")):
            session.say("已取消，未写入任何内容。", "Cancelled; nothing was written.")
            session.exit_code = 1
            return
    session.key = session.surroundings.key() if key is None else key
    receipt = act(fund, session.key)
    _tell(session, _done(fund, receipt, session), draft=False)


def rehearsed(session: Session, fund_id: str, act: Act, key: str | None) -> Done:
    """Return what an act would come to, by doing it to a copy that is thrown away.

    The copy goes through the same gate and the same commit; the fund itself is only read.
    """
    folder = session.folder(fund_id)
    with tempfile.TemporaryDirectory(prefix="fundledger-") as name:
        copy = Path(name) / fund_id
        if folder.is_dir():
            _copied(folder, copy)
        fund = open_fund(copy, session.charter(fund_id), session.surroundings)
        try:
            return _done(
                fund, act(fund, session.surroundings.key() if key is None else key), session
            )
        finally:
            fund.close_files()


def _copied(source: Path, target: Path) -> None:
    """Copy a fund's directory between two commits; links and special files are refused."""

    def copy(origin: str, destination: str) -> None:
        status = Path(origin).lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            raise InputInvalid(Finding("FL603", str(Path(origin).relative_to(source))))
        shutil.copyfile(origin, destination)

    with _between_commits(source / ".state" / "lock"):
        try:
            shutil.copytree(source, target, symlinks=True, copy_function=copy)
        except shutil.Error as error:
            raise OSError(errno.EIO, str(error.args[0][0][2]), str(source)) from error


@contextmanager
def _between_commits(lock: Path) -> Iterator[None]:
    """Keep writers out while the fund is copied; a fund without a lock has had no writer yet."""
    try:
        handle = os.open(lock, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def _done(fund: Fund, receipt: Receipt, session: Session) -> Done:
    try:
        vouchers = fund.recorded(receipt)
    except NotWritten:  # it is recorded; a full disk only keeps its paper from being shown
        vouchers = ()
    return Done(receipt, vouchers, session.chart(fund.id))


def _show(session: Session, done: Done, *, draft: bool) -> None:
    for voucher in done.vouchers[:SHOWN]:
        session.lines(voucher_paper(voucher, done.chart, session.language, draft=draft))
        session.lines([""])
    more = len(done.vouchers) - SHOWN
    if more > 0:
        session.say(f"……另有 {more} 张凭证。", f"... and {more} more vouchers.")


def _tell(session: Session, done: Done, *, draft: bool) -> None:
    receipt = done.receipt
    if not session.tells:
        session.put(_as_json(done, draft=draft))
        return
    _show(session, done, draft=draft)
    session.lines(told(receipt.findings, session, err=False))
    if draft:
        session.say("演练：未写入任何内容。", "Dry run: nothing was written.")
    elif receipt.again:
        session.say(
            f"此键已记过：第 {receipt.sequence} 号记录，未重复记账。键 {receipt.key}",
            f"Recorded before, as record {receipt.sequence}; not again. Key {receipt.key}",
        )
    else:
        numbers = session.pick("、", ", ").join(_spans(receipt.refs))
        session.say(
            f"已记账：第 {receipt.sequence} 号记录{'，凭证 ' + numbers if numbers else ''}。"
            f"键 {receipt.key}",
            f"Recorded: record {receipt.sequence}{', voucher ' + numbers if numbers else ''}. "
            f"Key {receipt.key}",
        )
        session.say(f"日记账链首 {receipt.head}", f"Head of the chain {receipt.head}")


def _spans(refs: Sequence[str]) -> list[str]:
    if len(refs) <= SHOWN:
        return list(refs)
    return [f"{refs[0]} … {refs[-1]} ({len(refs)})"]


def _as_json(done: Done, *, draft: bool) -> dict[str, Any]:
    receipt = done.receipt
    return {
        "recorded": not draft,
        "fund": receipt.fund,
        "sequence": receipt.sequence,
        "again": receipt.again,
        "key": receipt.key,
        "head": None if draft else receipt.head,
        "vouchers": [voucher_values(voucher) for voucher in done.vouchers],
        "findings": [finding.as_json() for finding in receipt.findings],
    }


def voucher_values(voucher: Voucher) -> dict[str, Any]:
    """Return a voucher as JSON for a machine: each posting with its side and its fen."""
    values = {"ref": voucher.ref, **voucher_json(voucher)}
    values["postings"] = [
        {
            "account": posting.account,
            "commodity": posting.commodity,
            "side": posting.side,
            "amount_fen": posting.amount_fen,
            "red": posting.red,
        }
        for posting in voucher.postings
    ]
    return values
