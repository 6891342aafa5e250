"""A small honest bank: it takes the files of the example's five profiles and answers each.

It reads and writes every format by its own few lines, so that what fundledger writes is read by
somebody else, and what fundledger reads was written by somebody else.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import python_calamine

from fundledger.bankfile import Payee, PaymentOrder
from support.statements import xls_bytes, xlsx_bytes

BANKS = ("generic", "pipe-text", "fixed-fen", "iso20022", "sh-platform")
PAIN001 = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
DAY = date(2026, 11, 27)
PAYER = "3100000000000000101"


def line_of(number: int) -> str:
    """Return a line id of the house's form."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    text = ""
    for _ in range(12):
        number, rest = divmod(number, 32)
        text = letters[rest] + text
    return f"L-{text}"


def account_of(number: int) -> str:
    """Return a made-up account of nineteen digits."""
    return f"622202{number:013d}"


def order_of(
    *amounts: int, names: Sequence[str] = (), batch: str = "PB-2026-11-001"
) -> PaymentOrder:
    """Return an order that pays those amounts in fen to people without names."""
    payees = tuple(
        Payee(
            line=line_of(number),
            name=names[number] if number < len(names) else f"某{'甲乙丙丁戊己庚辛'[number % 8]}",
            account=account_of(number),
            bank="某银行某支行",
            bank_code="102290000011",
            amount_fen=amount,
            memo=f"低保 {line_of(number)}",
        )
        for number, amount in enumerate(amounts)
    )
    return PaymentOrder("dibao", batch, PAYER, "某街道办事处", DAY, "低保金2026年11月", payees)


class Taken(NamedTuple):
    """One payment as the bank took it from the file; without a line id if the bank has none."""

    line: str
    account: str
    name: str
    fen: int


class Verdict(NamedTuple):
    """What the bank did with one payment, its word for why not, and on which day."""

    taken: Taken
    outcome: str
    reason: str
    day: date


def taken(bank: str, data: bytes) -> list[Taken]:
    """Return the payments of a file as that bank reads it."""
    if bank == "generic":
        rows = _sheet(data)[8:]
        return [Taken(str(r[6]).split()[-1], r[1], r[2], _fen(r[3])) for r in rows]
    if bank == "sh-platform":
        rows = _sheet(data)[1:-1]
        return [Taken(r[1], r[3], r[2], _fen(r[5])) for r in rows]
    if bank == "pipe-text":
        cells = [line.split("|") for line in data.decode("gb18030").split("\r\n")[1:-2]]
        return [Taken(c[4], c[1], c[2], _fen(c[3])) for c in cells]
    if bank == "fixed-fen":
        return [
            Taken(
                line[115:175].decode("gb18030").split()[-1],
                line[8:40].decode().strip(),
                line[40:100].decode("gb18030").rstrip(" "),
                int(line[100:115]),
            )
            for line in data.split(b"\n")[1:-1]
        ]
    found = []
    for transfer in ET.fromstring(data).iter(f"{PAIN001}CdtTrfTxInf"):  # noqa: S314 - our own file
        texts = {e.tag.removeprefix(PAIN001): e.text or "" for e in transfer.iter()}
        account = transfer.findtext(
            "/".join(f"{PAIN001}{name}" for name in ("CdtrAcct", "Id", "Othr", "Id"))
        )
        name = transfer.findtext(f"{PAIN001}Cdtr/{PAIN001}Nm")
        found.append(Taken(texts["EndToEndId"], account or "", name or "", _fen(texts["InstdAmt"])))
    return found


def answered(
    bank: str, order: PaymentOrder, verdicts: Sequence[Verdict], form: str = "xlsx"
) -> bytes:
    """Return the bank's answer; `form` is xlsx, xls or csv where the answer is a table."""
    if bank == "iso20022":
        return _message(order, verdicts)
    if bank == "fixed-fen":
        return _fixed(order, verdicts)
    if bank == "pipe-text":
        return _piped(order, verdicts)
    rows = _generic(order, verdicts) if bank == "generic" else _platform(verdicts)
    if form == "csv":
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows(rows)
        return stream.getvalue().encode("gb18030")
    return xls_bytes(rows) if form == "xls" else xlsx_bytes({"结果": rows})


def suffix_of(bank: str, form: str = "xlsx") -> str:
    """Return what the name of the bank's answer ends in."""
    return {"iso20022": "xml", "fixed-fen": "txt", "pipe-text": "txt"}.get(bank, form)


def _sheet(data: bytes) -> list[list[str]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_index(0).to_python()  # type: ignore[return-value]


def _fen(text: object) -> int:
    return int(Decimal(str(text)) * 100)


def _yuan(fen: int) -> str:
    return str(Decimal(fen).scaleb(-2).quantize(Decimal("0.01")))


def _paid(verdict: Verdict) -> int:
    return verdict.taken.fen if verdict.outcome == "paid" else 0


def _generic(order: PaymentOrder, verdicts: Sequence[Verdict]) -> list[list[object]]:
    words = {"paid": "成功", "failed": "失败", "unknown": "处理中"}
    paid = [v for v in verdicts if v.outcome == "paid"]
    head = ("收款账号", "收款户名", "应发金额", "实发金额", "状态", "失败原因", "交易日期", "附言")
    table: list[list[object]] = [
        ["代发结果", *[""] * 7],
        ["批次号", order.batch, "总笔数", str(len(verdicts)), *[""] * 4],
        ["成功笔数", str(len(paid)), "成功金额", _yuan(sum(v.taken.fen for v in paid)), *[""] * 4],
        list(head),
    ]
    for verdict in verdicts:
        one = verdict.taken
        table.append(
            [
                *(one.account, one.name, _yuan(one.fen), _yuan(_paid(verdict))),
                *(words[verdict.outcome], verdict.reason, verdict.day.isoformat()),
                f"低保 {one.line}",
            ]
        )
    return table


def _platform(verdicts: Sequence[Verdict]) -> list[list[object]]:
    """The national rule: what failed has an amount of 0.00 and the reason in XAddWord."""
    head = ("XPayDate", "XAgentBusinessNo", "XPayeeAcctNo", "XPayeeAcctName", "XPayAmt", "XAddWord")
    rows: list[list[object]] = [list(head)]
    for verdict in verdicts:
        one = verdict.taken
        rows.append(
            [
                *(f"{verdict.day:%Y%m%d}", one.line, one.account, one.name),
                *(_yuan(_paid(verdict)), verdict.reason),
            ]
        )
    return rows


def _piped(order: PaymentOrder, verdicts: Sequence[Verdict]) -> bytes:
    words = {"paid": "S", "failed": "F", "unknown": "P"}
    total = _yuan(sum(v.taken.fen for v in verdicts))
    lines = [f"{order.batch}|{order.payer_account}|{len(verdicts)}|{total}|{DAY:%Y%m%d}"]
    for serial, verdict in enumerate(verdicts, 1):
        one = verdict.taken
        lines.append(
            f"{serial}|{one.account}|{one.name}|{_yuan(one.fen)}|{_yuan(_paid(verdict))}|"
            f"{words[verdict.outcome]}|{verdict.reason}|{verdict.day:%Y%m%d}|{one.line}"
        )
    lines.append(f"合计|{len(verdicts)}|{total}")
    return "".join(f"{line}\r\n" for line in lines).encode("gb18030")


def _fixed(order: PaymentOrder, verdicts: Sequence[Verdict]) -> bytes:
    codes = {"paid": b"00", "failed": b"01", "unknown": b"02"}
    paid = [v.taken.fen for v in verdicts if v.outcome == "paid"]
    head = order.batch.encode().ljust(35) + b"%08d%08d%015d" % (
        len(verdicts),
        len(paid),
        sum(paid),
    )
    lines = [head + f"{DAY:%Y%m%d}".encode()]
    for serial, verdict in enumerate(verdicts, 1):
        lines.append(
            b"%08d" % serial
            + verdict.taken.account.encode().ljust(32)
            + b"%015d" % verdict.taken.fen
            + codes[verdict.outcome]
            + verdict.reason.encode("gb18030").ljust(40)
        )
    return b"".join(line + b"\n" for line in lines)


def _message(order: PaymentOrder, verdicts: Sequence[Verdict]) -> bytes:
    words = {"paid": "ACSC", "failed": "RJCT", "unknown": "PDNG"}
    transfers = []
    for verdict in verdicts:
        reason = f"<StsRsnInf><Rsn><Cd>{verdict.reason}</Cd></Rsn></StsRsnInf>"
        transfers.append(
            f"<TxInfAndSts><OrgnlEndToEndId>{escape(verdict.taken.line)}</OrgnlEndToEndId>"
            f"<TxSts>{words[verdict.outcome]}</TxSts>{reason if verdict.reason else ''}"
            f"<AccptncDtTm>{verdict.day}T09:30:00</AccptncDtTm><OrgnlTxRef>"
            f'<Amt><InstdAmt Ccy="CNY">{_yuan(verdict.taken.fen)}</InstdAmt></Amt><CdtrAcct><Id>'
            f"<Othr><Id>{verdict.taken.account}</Id></Othr></Id></CdtrAcct></OrgnlTxRef>"
            f"</TxInfAndSts>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>B-1</MsgId><CreDtTm>{DAY}T18:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{order.batch}</OrgnlMsgId>"
        "<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"<OrgnlNbOfTxs>{len(order.payees)}</OrgnlNbOfTxs>"
        f"<OrgnlCtrlSum>{_yuan(order.amount_fen)}</OrgnlCtrlSum></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{order.batch}</OrgnlPmtInfId>"
        f"{''.join(transfers)}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()
