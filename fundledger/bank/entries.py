"""The entries of a camt.053: one line of the account each, a lump of many payments too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundledger.bank.fields import SIDES, day_in, direction_in, fen_in, number_of, text_at
from fundledger.bank.problems import Problems, shown
from fundledger.bank.statement import BankLine

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NOT_GIVEN = "NOTPROVIDED"
_FULL_LINE = 140
_YES = {"true": True, "1": True, "false": False, "0": False, "": False}
_SAID = (
    *(f"Refs/{name}" for name in ("PmtInfId", "MsgId", "InstrId", "TxId", "ChqNb", "Prtry/Ref")),
    *(f"RmtInf/Strd/{name}" for name in ("CdtrRefInf/Ref", "AddtlRmtInf")),
    "AddtlTxInf",
    "Purp/Prtry",
    *(f"RtrInf/{name}" for name in ("Rsn/Cd", "Rsn/Prtry", "AddtlInf")),
)
_PARTIES = {"in": ("Dbtr", "Cdtr"), "out": ("Cdtr", "Dbtr")}


@dataclass(frozen=True, slots=True)
class Entries:
    """What turns the entries of one account into its lines; an empty `account` is not known."""

    account: str
    problems: Problems

    def line(self, entry: Element, row: int) -> BankLine | None:
        """Return an entry as a line, or nothing with what is wrong noted.

        FL816, FL818, FL819, FL820, FL823 by element, FL839 for what only entries have.
        """
        problems = self.problems
        before = len(problems)
        status = text_at(entry, "Sts/Cd") or text_at(entry, "Sts")
        if status != "BOOK":
            problems.add("FL839", row=row, column="Ntry/Sts", reason="status")
        reversal = _YES.get(text_at(entry, "RvslInd"))
        if reversal is None:
            problems.add("FL839", row=row, column="Ntry/RvslInd", reason="reversal")
        amount_fen = fen_in(entry, "Amt", (row, "Ntry/Amt"), problems)
        if amount_fen == 0:
            problems.add("FL819", row=row)
        direction = direction_in(entry, (row, "Ntry/CdtDbtInd"), problems)
        day, moment = day_in(entry, "BookgDt", (row, "Ntry/BookgDt"), problems)
        details = entry.findall("NtryDtls/TxDtls")
        if amount_fen is not None and direction is not None:
            self._check_parts(entry, row, amount_fen, direction)
        party, account = self._party(details, direction or "in")
        if len(problems) > before or day is None or amount_fen is None or direction is None:
            return None
        summary = _kind(entry)
        return BankLine(
            row=row,
            date=day,
            direction=direction,
            amount_fen=amount_fen,
            counterparty=party,
            counterparty_account=account,
            summary=summary,
            text=" ".join(dict.fromkeys(_said(entry, summary, details))),
            serial=_serial(entry, details),
            time=moment,
            red=bool(reversal),
        )

    def _check_parts(self, entry: Element, row: int, amount_fen: int, direction: str) -> None:
        """Hold an entry against what it says of its payments, where it takes no charge of them."""
        details = entry.findall("NtryDtls/TxDtls")
        for group in entry.iterfind("NtryDtls"):
            count, listed = text_at(group, "Btch/NbOfTxs"), group.findall("TxDtls")
            if count and listed and count.lstrip("0") != str(len(listed)):
                self._wrong(row, "NtryDtls/Btch/NbOfTxs", "count")
        if entry.find(".//Chrgs") is not None:
            return
        batches = entry.findall("NtryDtls/Btch/TtlAmt")
        if batches and len(batches) == len(entry.findall("NtryDtls")):
            place = "NtryDtls/Btch/TtlAmt"
            sums = [fen_in(group, "Btch/TtlAmt", (row, place), self.problems)
                    for group in entry.iterfind("NtryDtls")]  # fmt: skip
            if None not in sums and sum(fen or 0 for fen in sums) != amount_fen:
                self._wrong(row, place, "parts")
        parts = [self._signed(detail, row, direction) for detail in details]
        if parts and None not in parts and sum(fen or 0 for fen in parts) != amount_fen:
            self._wrong(row, "NtryDtls/TxDtls", "parts")

    def _wrong(self, row: int, column: str, reason: str) -> None:
        self.problems.add("FL839", row=row, column=column, reason=reason)

    def _signed(self, detail: Element, row: int, direction: str) -> int | None:
        """Return a payment's fen within its entry, minus if it goes the other way; or nothing."""
        amount_fen = self._amount(detail, row)
        said = SIDES.get(text_at(detail, "CdtDbtInd"), direction)
        if amount_fen is None or said == direction:
            return amount_fen
        return -amount_fen

    def _amount(self, detail: Element, row: int) -> int | None:
        """Return the amount of a payment as it was booked; versions differ in where it stands."""
        for path in ("Amt", "AmtDtls/TxAmt/Amt"):
            if detail.find(path) is not None:
                return fen_in(detail, path, (row, f"NtryDtls/TxDtls/{path}"), self.problems)
        return None

    def _party(self, details: Sequence[Element], direction: str) -> tuple[str, str]:
        """Return the name and account of who stands on the other side, if it is one.

        A payment that came back may still say who paid and who was to be paid, so who has our own
        account is not the other side.
        """
        sides = {self._other_side(detail, direction) for detail in details}
        return sides.pop() if len(sides) == 1 else ("", "")

    def _other_side(self, detail: Element, direction: str) -> tuple[str, str]:
        for name in _PARTIES[direction]:
            path = f"RltdPties/{name}"
            said = text_at(detail, f"{path}/Pty/Nm") or text_at(detail, f"{path}/Nm")
            account = number_of(detail.find(f"{path}Acct"))
            if (said or account) and (not account or account != self.account):
                return said, account
        return "", ""


def _kind(entry: Element) -> str:
    """Return the bank's own code for the kind of entry, in which nobody is named."""
    own = text_at(entry, "BkTxCd/Prtry/Cd")
    codes = ("Domn/Cd", "Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd")
    return shown(own or "-".join(filter(None, (text_at(entry, f"BkTxCd/{at}") for at in codes))))


def _serial(entry: Element, details: Sequence[Element]) -> str:
    own = text_at(entry, "AcctSvcrRef")
    inside = {text_at(detail, "Refs/AcctSvcrRef") for detail in details}
    return own or (inside.pop() if len(inside) == 1 else "") or text_at(entry, "NtryRef")


def _said(entry: Element, summary: str, details: Sequence[Element]) -> Iterator[str]:
    """Yield what is said of an entry; of several payments what is said of every one alike."""
    if summary:
        yield summary
    if more := text_at(entry, "AddtlNtryInf"):
        yield more
    for batch in entry.iterfind("NtryDtls/Btch"):
        yield from filter(None, (text_at(batch, name) for name in ("PmtInfId", "MsgId")))
    said = [list(_said_of(detail)) for detail in details]
    for text in said[0] if said else ():
        if all(text in other for other in said[1:]):
            yield text


def _said_of(detail: Element) -> Iterator[str]:
    yield from filter(None, (_reference(detail), _remittance(detail)))
    for path in _SAID:
        for element in detail.iterfind(path):
            text = text_at(element, ".")
            if text and text != _NOT_GIVEN:
                yield text


def _reference(detail: Element) -> str:
    text = text_at(detail, "Refs/EndToEndId")
    return "" if text == _NOT_GIVEN else text


def _remittance(detail: Element) -> str:
    """Return the memo; a part of it that fills its element goes on in the next without a blank."""
    memo = ""
    full = True
    for element in detail.iterfind("RmtInf/Ustrd"):
        text = element.text or ""
        memo += text if full else f" {text}"
        full = len(text) == _FULL_LINE
    return " ".join(memo.split())
