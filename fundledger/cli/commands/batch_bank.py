"""`fundledger batch export` and `result`: to the bank, and back from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.cli.batches import (
    act_of,
    batch_id,
    by,
    day,
    found_batch,
    lines_of,
    signing,
)
from fundledger.cli.framework import argument, command, option
from fundledger.cli.options import acting, fund
from fundledger.cli.vaults import expect_staff, key_file, opened
from fundledger.cli.wrong_file import given_as
from fundledger.errors import Refused
from fundledger.findings import Finding

if TYPE_CHECKING:
    from fundledger.bankfile import BankFile, BankProfile, BankResults, PaymentOrder
    from fundledger.cli.session import Session
    from fundledger.fund import Fund
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.plan import Receipt
    from fundledger.ledger.record import Record

_bank = option(
    "--bank",
    metavar="BANK",
    needed=True,
    zh="银行格式，rules/banks.toml 中的 id",
    en="the bank's layout, by its id in rules/banks.toml",
)


def _profile(session: Session, bank: str) -> BankProfile:
    """Return a bank's layout."""
    from fundledger.bankfile import bank_named, load_banks  # noqa: PLC0415 - heavy

    return bank_named(load_banks(session.office.root / "rules"), bank)


@command(
    "batch export",
    zh="按已批准的清单生成银行代发文件和交接单（private/bank/，仅本人可读），并登记送银行。"
    "收款账号在批准后变动过的，不生成。已送银行的批次再执行一次，按原记录重新生成同样的文件，不重复登记。",
    en="Writes the file for the bank and its cover sheet (private/bank/, for its owner alone) from "
    "what was approved, and records that the batch is sent. An account that changed since is "
    "refused. For a batch that is sent the same file is written once more and nothing is recorded.",
    examples=(
        (
            "batch export dibao B2026-03-001 --bank generic --date 2026-03-12 --by S06 "
            "--key-file ~/keys/gumei.key --maker S03 --reviewer S01"
        ),
    ),
)
@fund
@batch_id
@_bank
@day("送银行的日期", "the day on which it is sent")
@by("送盘人（出纳）的岗位代码", "who sends it, the cashier, by staff code")
@key_file(needed=True)
@signing
@acting
def export(session: Session, **given: Any) -> None:  # noqa: ANN401 - the values of options
    """Write the file for the bank and record that the batch is sent."""
    from fundledger.bankfile import render  # noqa: PLC0415 - heavy
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy

    expect_staff(session, given["actor"])
    session.refuse_wrong()
    profile = _profile(session, given["bank"])
    books = session.books(given["fund"])
    batch = found_batch(session, books, given["batch"])
    again = bool(batch.exported_on)
    on = date.fromisoformat(batch.exported_on) if again else given["day"]
    order = _order(session, given, batch, on)
    file = render(order, profile)
    if again:
        if session.tells:
            session.say(
                f"批次 {batch.id} 已于 {batch.exported_on} 送银行，这是当时的文件，不要再次上传。",
                f"Batch {batch.id} was sent on {batch.exported_on}; this is the file of then. Do "
                "not upload it again.",
            )
        _written(session, file, order, known=_sent_file(session, given["fund"], batch.id))
        return
    act = act_of("export", given, file.sha256)

    def send(on_fund: Fund, key: str) -> Receipt:
        return on_fund.advance_batch(act, key=key)

    receipt = carry_out(
        session,
        given["fund"],
        send,
        key=given["key"],
        dry_run=given["dry_run"],
        yes=given["yes"],
        more={"batch": batch.id, "sha256": file.sha256, "count": file.count},
    )
    if receipt is not None:
        _written(session, file, order, known=file.sha256)


def _order(session: Session, given: dict[str, Any], batch: Batch, on: date) -> PaymentOrder:
    """Return the order for the lines of a batch that were approved, by the vault."""
    from fundledger.ledger.batches.states import LineState  # noqa: PLC0415 - heavy
    from fundledger.payment.orders import order_of  # noqa: PLC0415 - heavy

    books = session.books(given["fund"])
    dropped = {LineState.DROPPED, LineState.PLANNED}
    lines = [
        line for line in lines_of(books, batch) if batch.standing(line.line).state not in dropped
    ]
    if not lines:
        said = {"reason": "state", "step": "export", "batch": batch.id, "state": str(batch.state)}
        said["when"] = ""
        raise Refused(Finding("FL750", batch.id, said, given["fund"], gates=True))
    purpose = session.pick("生成送盘文件", "file for the bank written")
    vault = opened(session, given["key_file"])
    people = vault.read(
        {line.person for line in lines}, actor=given["actor"], purpose=f"{purpose} {batch.id}"
    )
    charter = session.charter(given["fund"])
    sent = bool(batch.exported_on)  # of a file that is there again FL795 tells
    record = _last_record(session, given["fund"], batch.id, "export" if sent else "approve")
    at = record.at if record is not None else ""
    return order_of(charter, batch, lines, people, vault.pseudonyms(), on, at, sent=sent)


def _sent_file(session: Session, fund: str, batch: str) -> str:
    """Return the sha256 of the file that was recorded as sent last."""
    sent = _last_record(session, fund, batch, "export")
    return str(sent.body["document"]) if sent is not None else ""


def _last_record(session: Session, fund: str, batch: str, step: str) -> Record | None:
    """Return the last record of a step of a batch."""
    last = None
    for record in session.records(fund):
        if record.kind == "batch" and (record.body["batch"], record.body["step"]) == (batch, step):
            last = record
    return last


def _written(session: Session, file: BankFile, order: PaymentOrder, *, known: str) -> None:
    """Write the file and its cover sheet, unless it is another than was sent.

    Raises:
        Refused: FL795.

    """
    from fundledger.bankfile import cover_sheet  # noqa: PLC0415 - heavy
    from fundledger.errors import Refused  # noqa: PLC0415 - heavy
    from fundledger.findings import Finding  # noqa: PLC0415 - heavy
    from fundledger.media import write_private  # noqa: PLC0415 - heavy

    if file.sha256 != known:
        details = {"found": file.sha256[:12], "known": known[:12]}
        raise Refused(Finding("FL795", order.batch, details, order.fund, gates=True))
    folder = session.office.root / "private" / "bank"
    write_private(folder / file.name, file.data)
    cover = folder / f"{order.batch}-交接单.xlsx"
    write_private(cover, cover_sheet(file, order))
    if session.tells:
        session.say(
            f"送盘文件 {folder / file.name}（{file.count} 笔，摘要 {file.sha256[:12]}…）和交接单 "
            f"{cover.name}。",
            f"The bank's file is {folder / file.name} ({file.count} payments, sha256 "
            f"{file.sha256[:12]}…), its cover sheet {cover.name}.",
        )


@command(
    "batch result",
    zh="读入银行回盘文件，逐笔登记已付、失败（含原因）、结果不明。整份核对：有一行对不上，整份退回。"
    "已登记的各笔不重复登记；结果不明的，问银行，不要重发。",
    en="Reads the bank's answer and records of each line whether it was paid, failed and why, or "
    "is unknown. It is taken whole or not at all; what is known already is not recorded again. Of "
    "what is unknown ask the bank, and never send it again.",
    examples=(
        (
            "batch result dibao B2026-03-001 回盘.xlsx --bank generic --date 2026-03-13 --by S03 "
            "--key-file ~/keys/gumei.key --maker S03 --reviewer S01"
        ),
    ),
)
@fund
@batch_id
@argument("file", metavar="FILE", zh="银行回盘文件", en="the bank's answer")
@_bank
@day("登记日期；回盘没有写日期的各笔用它", "the day, also of lines for which the bank says none")
@by("登记人的岗位代码", "who records it, by staff code")
@key_file(needed=True)
@signing
@acting
def result(session: Session, **given: Any) -> None:  # noqa: ANN401 - the values of options
    """Read the bank's answer."""
    from fundledger.bankfile import read_results  # noqa: PLC0415 - heavy
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.ledger.batches.outcomes import Outcome  # noqa: PLC0415 - heavy
    from fundledger.ledger.batches.states import LineState  # noqa: PLC0415 - heavy
    from fundledger.payment.orders import sent_lines  # noqa: PLC0415 - heavy

    expect_staff(session, given["actor"])
    session.refuse_wrong()
    profile = _profile(session, given["bank"])
    books = session.books(given["fund"])
    batch = found_batch(session, books, given["batch"])
    lines = [
        line
        for line in lines_of(books, batch)
        if batch.standing(line.line).state is not LineState.DROPPED
    ]
    _expect_sent(batch, given["fund"])
    purpose = session.pick("读入银行回盘", "answer of the bank read")
    vault = opened(session, given["key_file"])
    people = vault.read(
        {line.person for line in lines}, actor=given["actor"], purpose=f"{purpose} {batch.id}"
    )
    sent = sent_lines(session.charter(given["fund"]), batch, lines, people, vault.pseudonyms())
    with given_as("answer", session, given["fund"], [given["file"]]):
        answer = read_results(Path(given["file"]), profile, sent)
    amounts = {line.line: line.amount_fen for line in lines}
    day_said = given["day"]
    outcomes = [
        Outcome(
            one.line,
            one.outcome,
            (one.on or day_said).isoformat(),
            amounts[one.line],
            one.reason or "",
        )
        for one in answer.results
    ]
    act = act_of("result", given, answer.sha256, outcomes)

    def record(on: Fund, key: str) -> Receipt:
        return on.advance_batch(act, key=key)

    carry_out(
        session,
        given["fund"],
        record,
        key=given["key"],
        dry_run=given["dry_run"],
        yes=given["yes"],
        more={
            "batch": batch.id,
            "file": answer.file,
            "results": _counts(answer),
            "told": [finding.as_json() for finding in answer.findings],
        },
        first=lambda: _tell_answer(session, answer),
    )


def _expect_sent(batch: Batch, fund: str) -> None:
    """Refuse an answer to what was never sent.

    Raises:
        Refused: FL750.

    """
    from fundledger.errors import Refused  # noqa: PLC0415 - heavy
    from fundledger.findings import Finding  # noqa: PLC0415 - heavy

    if not batch.exported_on:
        details = {"reason": "state", "step": "result", "state": batch.state.value, "when": ""}
        raise Refused(Finding("FL750", batch.id, details, fund, gates=True))


def _counts(answer: BankResults) -> dict[str, int]:
    counts = dict.fromkeys(("paid", "failed", "unknown"), 0)
    for one in answer.results:
        counts[one.outcome] += 1
    return counts


def _tell_answer(session: Session, answer: BankResults) -> None:
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy

    if not session.tells:
        return
    session.lines(told(answer.findings, session, err=False))
    counts = _counts(answer)
    session.say(
        f"回盘 {answer.file}：已付 {counts['paid']} 笔，失败 {counts['failed']} 笔，"
        f"结果不明 {counts['unknown']} 笔。",
        f"{answer.file}: {counts['paid']} paid, {counts['failed']} failed, "
        f"{counts['unknown']} unknown.",
    )
