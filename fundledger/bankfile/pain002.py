"""A bank's answer as pain.002.001.10 (ISO 20022): the status of each transfer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, get_args

from fundledger.bank.markup import MarkupUnreadError, parsed, without_namespace
from fundledger.bankfile.answer import row_place
from fundledger.bankfile.order import Sent
from fundledger.bankfile.profile import Outcome, Reason
from fundledger.bankfile.said import Said, count_of, day_of
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.money import format_fen, parse_fen

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
_CHINA = timezone(timedelta(hours=8))
_OUTCOMES: Mapping[str, Outcome] = {
    "ACSC": "paid",
    "ACCC": "paid",
    "RJCT": "failed",
    **dict.fromkeys(("ACCP", "ACSP", "ACTC", "ACWC", "PATC", "PDNG", "RCVD"), "unknown"),
}
_SAYS_ALL = {"ACSC", "RJCT"}
_REASONS: tuple[Reason, ...] = get_args(Reason)
_CODE = "StsRsnInf/Rsn/Cd"
_MONEY = re.compile(r"\d{1,13}(?:\.\d{1,5})?", re.ASCII)


def pain002_said(data: bytes, file: str, sent: Sent) -> tuple[list[Said], list[Finding]]:
    """Return what the message says of each transfer, and what is wrong or doubtful in it.

    A status of the whole group stands for all lines where no transfer is listed, and may not
    contradict one that is.

    Raises:
        InputInvalid: FL786, it is no such message, or has a document type or entities in it.

    """
    root = _parsed(data, file)
    report = _only(root, "CstmrPmtStsRpt", file)
    findings = [*_of_group(report, file, sent)]
    day = _day(_text(report, "GrpHdr/CreDtTm"))
    if day is None or day < sent.on:
        reason = "none" if day is None else "early"
        findings.append(Finding("FL780", f"{file} [CreDtTm]", {"reason": reason}))
        return [], findings
    message = _Message(file, sent, day, findings, frozenset(line.line for line in sent.lines))
    transfers = list(report.iterfind("OrgnlPmtInfAndSts/TxInfAndSts"))
    statuses = {
        (element.text or "").strip()
        for path in ("OrgnlGrpInfAndSts/GrpSts", "OrgnlPmtInfAndSts/PmtInfSts")
        for element in report.iterfind(path)
    }
    if not transfers:
        return list(message.of_all(statuses, report)), findings
    of_all = statuses & _SAYS_ALL
    said = []
    for number, transfer in enumerate(transfers, 1):
        entry = message.of_transfer(transfer, number)
        if entry is None:
            continue
        if any(entry.outcome != _OUTCOMES[status] for status in of_all):
            findings.append(Finding("FL786", entry.place, {"reason": "group"}))
        said.append(entry)
    return said, findings


def _of_group(report: Element, file: str, sent: Sent) -> Iterator[Finding]:
    """The message answers this batch, and counts what was sent."""
    group = _only(report, "OrgnlGrpInfAndSts", file)
    if _text(group, "OrgnlMsgId") != sent.batch:
        yield Finding("FL783", f"{file} [OrgnlMsgId]", {"what": "batch"})
    kind = _text(group, "OrgnlMsgNmId")
    if not kind.startswith("pain.001"):
        yield Finding("FL786", f"{file} [OrgnlMsgNmId]", {"reason": "other"})
    for payment in report.iterfind("OrgnlPmtInfAndSts/OrgnlPmtInfId"):
        if (payment.text or "").strip() != sent.batch:
            yield Finding("FL783", f"{file} [OrgnlPmtInfId]", {"what": "batch"})
    total_fen = sum(line.amount_fen for line in sent.lines)
    if stated := _text(group, "OrgnlNbOfTxs"):
        count = count_of(stated)
        if count != len(sent.lines):
            details = {"text": "none" if count is None else count, "found": len(sent.lines)}
            yield Finding("FL782", f"{file} [OrgnlNbOfTxs]", details)
    if stated := _text(group, "OrgnlCtrlSum"):
        sum_fen = _fen(stated)
        if sum_fen != total_fen:
            text = "none" if sum_fen is None else format_fen(sum_fen)
            details = {"text": text, "found": format_fen(total_fen)}
            yield Finding("FL782", f"{file} [OrgnlCtrlSum]", details)


@dataclass(frozen=True, slots=True)
class _Message:
    """What holds for all that a message says; what is wrong is added to `findings`."""

    file: str
    sent: Sent
    day: date
    findings: list[Finding]
    known: frozenset[str]

    def of_all(self, statuses: set[str], report: Element) -> Iterator[Said]:
        """Yield for each line what a status without transfers says of all of them."""
        if len(statuses) != 1 or not statuses <= _OUTCOMES.keys():
            allowed = ", ".join(_OUTCOMES)
            self.findings.append(Finding("FL779", self.file, {"allowed": allowed}))
            return
        (status,) = statuses
        outcome = _OUTCOMES[status]
        reason: Reason | None = None
        if outcome == "failed":
            parts = (report.find("OrgnlGrpInfAndSts"), report.find("OrgnlPmtInfAndSts"))
            told = [part for part in parts if part is not None and _text(part, _CODE)]
            reason = self._reason(told[0] if told else report, self.file)
        for line in self.sent.lines:
            yield Said(0, self.file, {}, outcome, line=line.line, on=self.day, reason=reason)

    def of_transfer(self, transfer: Element, number: int) -> Said | None:
        """Return what the message says of one transfer, or None with what is wrong noted."""
        place = row_place(self.file, number)
        before = len(self.findings)
        if any(len(transfer.findall(name)) > 1 for name in ("OrgnlEndToEndId", "TxSts")):
            self._note("FL786", place, reason="other")
        line = _text(transfer, "OrgnlEndToEndId")
        if line not in self.known:
            self._note("FL774", place, reason="id" if line else "missing")
        outcome = _OUTCOMES.get(_text(transfer, "TxSts"))
        if outcome is None:
            self._note("FL779", place, allowed=", ".join(_OUTCOMES))
        amount_fen = self._amount(transfer, place)
        said_on = _text(transfer, "AccptncDtTm")
        on = _day(said_on) if said_on else self.day
        if on is None or on < self.sent.on:
            self._note("FL780", place, reason="none" if on is None else "early")
        if len(self.findings) > before or outcome is None:
            return None
        return Said(
            number,
            place,
            {},
            outcome,
            line=line,
            account=_text(transfer, "OrgnlTxRef/CdtrAcct/Id/Othr/Id") or None,
            name=_text(transfer, "OrgnlTxRef/Cdtr/Pty/Nm") or _text(transfer, "OrgnlTxRef/Cdtr/Nm"),
            amount_fen=amount_fen,
            on=on,
            reason=self._reason(transfer, place) if outcome == "failed" else None,
        )

    def _note(self, code: str, place: str, **details: str) -> None:
        self.findings.append(Finding(code, place, details))

    def _amount(self, transfer: Element, place: str) -> int | None:
        """Return what was to be paid, where the message repeats it."""
        amount = transfer.find("OrgnlTxRef/Amt/InstdAmt")
        if amount is None:
            return None
        if amount.get("Ccy") != "CNY":
            self._note("FL786", place, reason="currency")
        amount_fen = _fen((amount.text or "").strip())
        if amount_fen is None:
            self._note("FL787", place, unit="yuan")
        return amount_fen

    def _reason(self, holder: Element, place: str) -> Reason:
        """Return the one code why it failed; FL784 and NARR where none is known, or several are."""
        said = {(element.text or "").strip() for element in holder.iterfind(_CODE)}
        known = [code for code in _REASONS if code in said]
        if len(known) == 1:
            return known[0]
        self._note("FL784", place)
        return "NARR"


def _day(text: str) -> date | None:
    """Return the day in China of a day or a moment; None where it is none."""
    try:
        moment = datetime.fromisoformat(text)
        return day_of((moment.astimezone(_CHINA) if moment.tzinfo else moment).date())
    except (ValueError, OverflowError):
        return None


def _fen(text: str) -> int | None:
    """Return the fen of an amount as ISO 20022 writes it; None where it is none."""
    if not _MONEY.fullmatch(text):
        return None
    whole, _, fraction = text.partition(".")
    if fraction.rstrip("0")[2:]:
        return None
    return parse_fen(f"{int(whole)}.{fraction[:2].ljust(2, '0')}")


def _text(parent: Element, path: str) -> str:
    return (parent.findtext(path) or "").strip()


def _only(parent: Element, name: str, file: str) -> Element:
    found = parent.findall(name)
    if len(found) != 1:
        raise InputInvalid(Finding("FL786", file, {"reason": "other"}))
    return found[0]


def _parsed(data: bytes, file: str) -> Element:
    """Return the root of the message, its names without their namespace."""
    try:
        root = parsed(data)
    except MarkupUnreadError as error:
        if error.why == "large":
            raise InputInvalid(Finding("FL940", file, {"limit": error.said})) from None
        if error.why == "encoding":
            raise InputInvalid(Finding("FL771", file, {"encoding": error.said})) from None
        raise InputInvalid(Finding("FL786", file, {"reason": error.why})) from None
    if root.tag != f"{{{NAMESPACE}}}Document":
        raise InputInvalid(Finding("FL786", file, {"reason": "other"}))
    without_namespace(root, NAMESPACE)
    return root
