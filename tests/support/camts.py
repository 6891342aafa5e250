"""Statements as camt.053 messages of any version, made at run time, element by element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from fundledger.money import format_fen
from support.statements import ACCOUNT

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."
VERSIONS = ("02", "03", "04", "05", "06", "07", "08", "09", "10", "13", "14")


def tag(name: str, *inside: str, of: str = "") -> str:
    """Return an element, or nothing where there is nothing in it."""
    text = "".join(inside)
    return f"<{name}{of}>{text}</{name}>" if text else ""


def words(name: str, text: str) -> str:
    """Return an element of text."""
    return tag(name, escape(text))


def amount(fen: int, name: str = "Amt", currency: str = "CNY") -> str:
    """Return an amount in yuan."""
    return tag(name, format_fen(fen), of=f' Ccy="{currency}"')


@dataclass(frozen=True)
class Payment:
    """One TxDtls; `party` and `account` are of the other side."""

    reference: str = ""
    fen: int | None = None
    party: str = ""
    account: str = ""
    memo: Sequence[str] = ()
    batch: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Entry:
    """One Ntry; a negative `fen` is money out."""

    fen: int
    day: str = "2026-03-05"
    payments: Sequence[Payment] = ()
    batch: str = ""
    serial: str = ""
    reversal: str = ""
    status: str = "BOOK"
    kind: str = "TRF"
    more: str = ""


@dataclass(frozen=True)
class Message:
    """One message with one statement."""

    entries: Sequence[Entry]
    opening_fen: int = 50000
    version: str = "08"
    account: str = ACCOUNT
    period: tuple[str, str] | None = ("2026-03-01T00:00:00+08:00", "2026-03-31T23:59:59+08:00")
    opened_as: str = "OPBD"
    closed_on: str = "2026-03-31"
    extra: str = field(default="")

    @property
    def closing_fen(self) -> int:
        """The balance after all entries."""
        return self.opening_fen + sum(entry.fen for entry in self.entries)

    def text(self) -> str:
        """Return the message as XML, each entry on its own line."""
        statement = tag(
            "Stmt",
            words("Id", "S-1"),
            words("ElctrncSeqNb", "3"),
            words("CreDtTm", "2026-04-01T08:00:00+08:00"),
            tag("FrToDt", words("FrDtTm", self.period[0]), words("ToDtTm", self.period[1]))
            if self.period
            else "",
            tag("Acct", tag("Id", tag("Othr", words("Id", self.account))), words("Ccy", "CNY")),
            balance(self.opened_as, self.opening_fen, "2026-03-01"),
            balance("CLBD", self.closing_fen, self.closed_on),
            self.extra,
            "\n",
            *(entry_text(entry, self.version) + "\n" for entry in self.entries),
        )
        head = tag("GrpHdr", words("MsgId", "M-1"), words("CreDtTm", "2026-04-01T08:00:00+08:00"))
        body = tag("BkToCstmrStmt", head, "\n", statement)
        document = tag("Document", body, of=f' xmlns="{NAMESPACE}{self.version}"')
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'

    def file(self, folder: Path) -> Path:
        """Write the message."""
        return camt_file(folder, self.text())


def camt_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a text as a bank's message."""
    path = folder / "statement.xml"
    path.write_bytes(text.encode(encoding))
    return path


def balance(code: str, fen: int, day: str) -> str:
    """Return a balance, DBIT where it is below zero."""
    return tag(
        "Bal",
        tag("Tp", tag("CdOrPrtry", words("Cd", code))),
        amount(abs(fen)),
        side(fen),
        tag("Dt", words("Dt", day)),
    )


def side(fen: int) -> str:
    """Return which side of the account an amount is on."""
    return words("CdtDbtInd", "CRDT" if fen >= 0 else "DBIT")


def entry_text(entry: Entry, version: str) -> str:
    """Return an entry as this version has it."""
    chosen = int(version) >= 7
    listed = [payment_text(payment, entry, version) for payment in entry.payments]
    lump = ""
    if entry.batch:
        parts = [words("PmtInfId", entry.batch)]
        if listed:
            parts.append(words("NbOfTxs", str(len(listed))))
        lump = tag("Btch", *parts, amount(abs(entry.fen), "TtlAmt"), side(entry.fen))
    return tag(
        "Ntry",
        amount(abs(entry.fen)),
        side(entry.fen),
        words("RvslInd", entry.reversal),
        tag("Sts", words("Cd", entry.status)) if chosen else words("Sts", entry.status),
        tag("BookgDt", words("DtTm" if "T" in entry.day else "Dt", entry.day)),
        words("AcctSvcrRef", entry.serial),
        tag("BkTxCd", tag("Prtry", words("Cd", entry.kind))),
        tag("NtryDtls", lump, *listed),
        words("AddtlNtryInf", entry.more),
    )


def payment_text(payment: Payment, entry: Entry, version: str) -> str:
    """Return one payment of an entry as this version has it."""
    named = words("Nm", payment.party)
    if int(version) >= 7:
        named = tag("Pty", named)
    other = "Cdtr" if entry.fen < 0 else "Dbtr"
    number = tag(f"{other}Acct", tag("Id", tag("Othr", words("Id", payment.account))))
    paid = ""
    if payment.fen is not None:
        paid = amount(payment.fen) + side(entry.fen)
        if version == "02":
            paid = tag("AmtDtls", tag("TxAmt", amount(payment.fen)))
    return tag(
        "TxDtls",
        tag("Refs", words("PmtInfId", payment.batch), words("EndToEndId", payment.reference)),
        paid,
        tag("RltdPties", tag(other, named), number),
        tag("RmtInf", *(words("Ustrd", part) for part in payment.memo)),
        tag("RtrInf", tag("Rsn", words("Cd", payment.reason))),
    )
