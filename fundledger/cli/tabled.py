"""Recording a table of vouchers: its total, its rows that say the same, and which were refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fundledger.errors import Refused
from fundledger.findings import Finding
from fundledger.ledger.events import EVENTS
from fundledger.ledger.given import is_key
from fundledger.ledger.twins import said
from fundledger.ledger.voucher import numbered
from fundledger.money import display_fen

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.cli.sheet import Sheetful
    from fundledger.fund import Fund
    from fundledger.ledger.books import Books
    from fundledger.ledger.plan import Receipt
    from fundledger.ledger.voucher import Voucher

_NAMED = 100


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table that is recorded as one; `same_again` lets rows say what was recorded already."""

    sheet: Sheetful
    same_again: bool = False

    def record(self, fund: Fund, key: str) -> Receipt:
        """Record the drafts of the table; a refusal says also which rows fail which checks.

        Raises:
            Refused: FL975, rows say what is recorded already; FL948 beside what the checks found.

        """
        if not self.same_again and is_key(key):
            books = fund.books()
            if books.keys[key] is None:
                self._refuse_recorded(fund, books)
        try:
            return fund.record(self.sheet.drafts, key=key)
        except Refused as refusal:
            raise Refused((*refusal.findings, *self._failed(fund, refusal))) from None

    def twins(self, fund: Fund, vouchers: Sequence[Voucher], *, draft: bool) -> list[Finding]:
        """Return which rows say what a recorded voucher says (FL965), or one another (FL976)."""
        own = {voucher.ref for voucher in vouchers}
        found = []
        for twin in fund.twins(vouchers):
            earlier = [ref for ref in str(twin.details["refs"]).split(", ") if ref not in own]
            if earlier:
                details = {"refs": ", ".join(earlier)}
                found.append(Finding("FL965", twin.subject, details, fund.id, voucher=twin.voucher))
        return [*found, *self._alike(fund.id, vouchers, draft=draft)]

    def total(self, session: Session) -> str:
        """Return how many vouchers the table has and what they come to, by event if several."""
        count, fen = len(self.sheet.drafts), sum(self.sheet.amounts_fen)
        by_event = self._by_event()
        zh = f"共 {count} 张，合计 {display_fen(fen)} 元"
        en = f"Vouchers: {count}, {display_fen(fen)} yuan in all"
        if len(by_event) > 1:
            zh += "：" + "、".join(
                f"{EVENTS[event].zh} {many} 张 {display_fen(part)} 元"
                for event, (many, part) in by_event.items()
            )
            en += ": " + ", ".join(
                f"{many} of {event}, {display_fen(part)}"
                for event, (many, part) in by_event.items()
            )
        return session.pick(f"{zh}。请与审批单核对。", f"{en}. Compare this with the approval.")

    def values(self) -> dict[str, Any]:
        """Return the same for a machine."""
        return {
            "count": len(self.sheet.drafts),
            "amount_fen": sum(self.sheet.amounts_fen),
            "events": [
                {"event": event, "count": many, "amount_fen": fen}
                for event, (many, fen) in self._by_event().items()
            ],
        }

    def _by_event(self) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for draft, fen in zip(self.sheet.drafts, self.sheet.amounts_fen, strict=True):
            many, sum_fen = found.get(draft.event, (0, 0))
            found[draft.event] = (many + 1, sum_fen + fen)
        return found

    def _numbered(self, books: Books) -> list[Voucher]:
        """Return the vouchers that the rows become if they are recorded next."""
        numbers = dict(books.months.rows())
        vouchers = []
        for draft in self.sheet.drafts:
            month = draft.date.isoformat()[:7]
            numbers[month] = numbers.get(month, 0) + 1
            vouchers.append(numbered(draft, numbers[month]))
        return vouchers

    def _refuse_recorded(self, fund: Fund, books: Books) -> None:
        """Refuse rows that say what a standing voucher says: they were recorded already.

        Raises:
            Refused: FL975, with all of them.

        """
        vouchers = self._numbered(books)
        rows = dict(zip((v.ref for v in vouchers), self.sheet.rows, strict=True))
        pairs = [
            (rows[twin.subject], str(twin.details["refs"]))
            for twin in self.twins(fund, vouchers, draft=True)
            if twin.code == "FL965"
        ]
        if not pairs:
            return
        zh = "；".join(f"第 {row} 行同凭证 {refs}" for row, refs in pairs[:_NAMED])
        en = "; ".join(f"row {row} as {refs}" for row, refs in pairs[:_NAMED])
        if len(pairs) > _NAMED:
            zh, en = f"{zh}……", f"{en} ..."
        details = {
            "count": len(pairs),
            "pairs_zh": zh,
            "pairs_en": en,
            "rows": [row for row, _ in pairs],
            "vouchers": [refs for _, refs in pairs],
        }
        raise Refused([Finding("FL975", self.sheet.file, details, fund.id, gates=True)])

    def _alike(self, fund: str, vouchers: Sequence[Voucher], *, draft: bool) -> list[Finding]:
        """Return the rows of this table that say the same as one another (FL976)."""
        groups: dict[Any, list[tuple[int, str]]] = {}
        for row, voucher in zip(self.sheet.rows, vouchers, strict=False):
            groups.setdefault(said(voucher), []).append((row, voucher.ref))
        found = []
        for alike in groups.values():
            if len(alike) == 1:
                continue
            rows, refs = (", ".join(map(str, part)) for part in zip(*alike, strict=True))
            details = {"rows": rows, "refs": refs, **_cure(fund, refs, draft=draft)}
            found.append(Finding("FL976", self.sheet.file, details, fund))
        return found

    def _failed(self, fund: Fund, refusal: Refused) -> list[Finding]:
        """Return which rows fail which checks (FL948)."""
        failed: dict[str, list[tuple[int, str]]] = {}
        for row, voucher in zip(self.sheet.rows, self._numbered(fund.books()), strict=True):
            ref = voucher.ref
            codes = sorted({f.code for f in refusal.findings if f.voucher == ref and f.gates})
            if codes:
                failed.setdefault(", ".join(codes), []).append((row, ref))
        told = []
        for codes_said, found in failed.items():
            rows, refs = (", ".join(map(str, part)) for part in zip(*found, strict=True))
            details = {"ref": refs, "codes": codes_said, "rows": rows, "count": len(found)}
            told.append(Finding("FL948", self.sheet.file, details, fund.id))
        return told


def _cure(fund: str, refs: str, *, draft: bool) -> dict[str, str]:
    """Return what is done about rows that say the same: before they are recorded, or after."""
    if draft:
        return {
            "how_zh": "重复的删去其一；确为两笔的无需处理。",
            "how_en": "If one thing stands there twice, delete one of the rows; else leave them.",
        }
    return {
        "how_zh": f"已记为凭证 {refs}；重复的用 fundledger reverse {fund} 凭证号 冲销其一，"
        "确为两笔的无需处理。",
        "how_en": f"They are recorded as {refs}: if one thing stands there twice, "
        f"`fundledger reverse {fund} VOUCHER` undoes one of them; else leave them.",
    }
