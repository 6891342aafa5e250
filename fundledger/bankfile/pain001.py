"""An order as pain.001.001.09 (ISO 20022), the message that asks a bank for transfers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fundledger.bankfile.order import Payee, PaymentOrder, payee_place, unfit_text
from fundledger.bankfile.profile import Out
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.money import format_fen

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
CLEARING = "CNAPS"
_NOT_KNOWN = "NOTPROVIDED"


def pain001_bytes(order: PaymentOrder, out: Out) -> bytes:
    """Return an order as the bytes of the message; it says the beginning of its day as its time.

    The line id is EndToEndId, accounts are `Othr` (China has no IBAN), banks go by their number in
    CNAPS where there is one.

    Raises:
        InputInvalid: FL768: what the message cannot carry, all of it.

    """
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - only messages need it

    findings = [*_beyond(order)]
    if findings:
        raise InputInvalid(findings)
    message = ET.Element("Document", {"xmlns": NAMESPACE})
    initiation = _below(message, "CstmrCdtTrfInitn")
    _group(initiation, order)
    payment = _payment(initiation, order, out)
    for payee in order.payees:
        _transfer(payment, payee, order, out)
    ET.indent(message, " ")
    return b"".join(
        (
            b'<?xml version="1.0" encoding="UTF-8"?>\n',
            ET.tostring(message, encoding="utf-8", short_empty_elements=False),
            b"\n",
        )
    )


def _beyond(order: PaymentOrder) -> Iterator[Finding]:
    """Yield the texts that begin with a tab, which a workbook alone carries."""
    for payee in order.payees:
        for field in ("name", "bank", "memo"):
            if unfit_text(getattr(payee, field)):
                yield Finding("FL768", payee_place(order, payee), {"field": field})


def _below(parent: Element, *names: str, text: str | None = None) -> Element:
    """Add an element below others that are added with it, and return it."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - as above

    for name in names:
        parent = ET.SubElement(parent, name)
    parent.text = text
    return parent


def _sums(parent: Element, order: PaymentOrder) -> None:
    _below(parent, "NbOfTxs", text=str(len(order.payees)))
    _below(parent, "CtrlSum", text=format_fen(order.amount_fen))


def _group(initiation: Element, order: PaymentOrder) -> None:
    header = _below(initiation, "GrpHdr")
    _below(header, "MsgId", text=order.batch)
    _below(header, "CreDtTm", text=f"{order.on.isoformat()}T00:00:00")
    _sums(header, order)
    _below(header, "InitgPty", "Nm", text=order.payer_name)


def _payment(initiation: Element, order: PaymentOrder, out: Out) -> Element:
    payment = _below(initiation, "PmtInf")
    _below(payment, "PmtInfId", text=order.batch)
    _below(payment, "PmtMtd", text="TRF")
    _below(payment, "BtchBookg", text="true")
    _sums(payment, order)
    _below(payment, "ReqdExctnDt", "Dt", text=order.on.isoformat())
    _below(payment, "Dbtr", "Nm", text=order.payer_name)
    _account(_below(payment, "DbtrAcct"), order.payer_account)
    _bank(_below(payment, "DbtrAgt"), out.bank_code, "")
    return payment


def _transfer(payment: Element, payee: Payee, order: PaymentOrder, out: Out) -> None:
    transfer = _below(payment, "CdtTrfTxInf")
    _below(transfer, "PmtId", "EndToEndId", text=payee.line)
    amount = _below(transfer, "Amt", "InstdAmt", text=format_fen(payee.amount_fen))
    amount.set("Ccy", "CNY")
    if payee.bank_code or payee.bank:
        _bank(_below(transfer, "CdtrAgt"), payee.bank_code, payee.bank)
    _below(transfer, "Cdtr", "Nm", text=payee.name)
    _account(_below(transfer, "CdtrAcct"), payee.account)
    if out.purpose_code:
        _below(transfer, "Purp", "Cd", text=out.purpose_code)
    _below(transfer, "RmtInf", "Ustrd", text=payee.memo or order.purpose)


def _account(parent: Element, number: str) -> None:
    _below(parent, "Id", "Othr", "Id", text=number)


def _bank(parent: Element, code: str, name: str) -> None:
    """Name a bank by its number in CNAPS and its name, or say that neither was given."""
    institution = _below(parent, "FinInstnId")
    if code:
        member = _below(institution, "ClrSysMmbId")
        _below(member, "ClrSysId", "Cd", text=CLEARING)
        _below(member, "MmbId", text=code)
    if name:
        _below(institution, "Nm", text=name)
    if not code and not name:
        _below(institution, "Othr", "Id", text=_NOT_KNOWN)
