"""A table of vouchers (one row, one voucher) read into drafts; everything wrong at once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fundledger.bank.tables import Cell
from fundledger.cli.drafting import (
    Papers,
    Said,
    document_digest,
    draft_of,
    not_claimed,
    said_postings,
    undecided,
)
from fundledger.cli.happenings import FORMS, form_of
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.events import EVENTS
from fundledger.ledger.twins import plain_narration
from fundledger.ledger.voucher import voucher_json
from fundledger.tables.cells import amount_in, count_in, day_in, flag_in, shown, text_in
from fundledger.tables.tabular import Filled, Heading, Place, Table, read_table
from fundledger.tables.unfit import with_form

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.ledger.voucher import Draft

_Value = TypeVar("_Value")

_TOTAL = re.compile(
    r"(?:(?:本页|本表|本月|本年|以上)?(?:合计|小计|总计|共计|累计)|(?:sub|grand)?total):?"
)
_SIGNATURES = frozenset(("maker", "reviewer", "poster", "cashier", "approval"))
HEADINGS = (
    Heading("date", ("日期", "凭证日期", "date"), needed=True),
    Heading("narration", ("摘要", "narration"), needed=True),
    Heading("event", ("业务", "业务类型", "事项", "event"), needed=True),
    Heading("amount_fen", ("金额", "金额(元)", "amount"), needed=True),
    Heading("line", ("部门类别", "部门:类别", "预算科目", "line")),
    Heading("source", ("来源", "资金来源", "source")),
    Heading("giver", ("转出", "转出科目", "from")),
    Heading("taker", ("转入", "转入科目", "to")),
    Heading("due_from", ("应收基金", "due-from")),
    Heading("due_to", ("应付基金", "due-to")),
    Heading("settle", ("结清", "settle")),
    Heading("paid_by", ("付款凭证", "垫付凭证", "paid-by")),
    Heading("attachments", ("附件", "附件张数", "附单据数", "附单据张数", "attachments")),
    Heading("document", ("单据", "单据文件", "document")),
    Heading("maker", ("制单", "制单人", "maker")),
    Heading("reviewer", ("审核", "审核人", "复核", "稽核", "reviewer")),
    Heading("poster", ("记账", "记账人", "poster")),
    Heading("cashier", ("出纳", "cashier")),
    Heading("approval", ("批准", "批准文号", "approval")),
    Heading("key", ("键", "幂等键", "key")),
    Heading("remark", ("备注", "序号", "remark", "no.")),
)


@dataclass(frozen=True, slots=True)
class Defaults:
    """Who signs the rows that do not say it."""

    maker: str | None = None
    reviewer: str | None = None
    poster: str | None = None
    cashier: str | None = None
    approval: str | None = None


@dataclass(frozen=True, slots=True)
class Sheetful:
    """The drafts of a table, each with its row's number and amount, and the key of them all."""

    file: str
    key: str
    rows: tuple[int, ...]
    drafts: tuple[Draft, ...]
    amounts_fen: tuple[int, ...]


def read_sheet(path: Path, charter: FundCharter, defaults: Defaults) -> Sheetful:
    """Return the drafts of the table in a file; without a key, one made of what its rows say.

    Raises:
        InputInvalid: everything that is wrong with it, each with its row and column.

    """
    try:
        found = read_table(path, HEADINGS)
    except InputInvalid as error:
        raise InputInvalid(map(with_form, error.findings)) from error
    wrong: list[Finding] = []
    drafts, amounts_fen = [], []
    for filled in found.rows:
        if _is_total(filled):
            place = str(filled.places["narration"])
            text = str(filled.cells["narration"])[:40]
            wrong.append(Finding("FL974", place, {"row": filled.number, "text": text}))
            continue
        row = _Row(filled, found, charter, path.parent, wrong)
        drafted = row.draft(defaults)
        if drafted is not None:
            drafts.append(drafted[0])
            amounts_fen.append(drafted[1])
    key = _key(found, wrong) or _made_key(drafts)
    if wrong:
        raise InputInvalid(wrong)
    rows = tuple(row.number for row in found.rows)
    return Sheetful(found.file, key, rows, tuple(drafts), tuple(amounts_fen))


def _is_total(filled: Filled) -> bool:
    """Whether a row sums up others: its narration, blanks aside, is a word such as 合计."""
    text = filled.cells.get("narration")
    return isinstance(text, str) and _TOTAL.fullmatch(plain_narration(text).lower()) is not None


def _key(found: Table, wrong: list[Finding]) -> str:
    keys = {str(row.cells.get("key", "")) for row in found.rows}
    if len(keys) > 1:
        wrong.append(Finding("FL938", found.file, {"text": ", ".join(sorted(keys))[:80]}))
    return next(iter(sorted(keys)))


def _made_key(drafts: Sequence[Draft]) -> str:
    """Return a key for what the rows say, in whatever format and however often they are saved.

    Who signs is left out: the same rows under other signatures are refused, not recorded twice.
    """
    said = [
        {name: value for name, value in voucher_json(draft).items() if name not in _SIGNATURES}
        for draft in drafts
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class _Row:
    """One row while it is read; what is wrong is added to the table's findings."""

    def __init__(
        self, filled: Filled, found: Table, charter: FundCharter, folder: Path, wrong: list[Finding]
    ) -> None:
        self._filled = filled
        self._file = found.file
        self._charter = charter
        self._folder = folder
        self._wrong = wrong

    def draft(self, defaults: Defaults) -> tuple[Draft, int] | None:
        """Return the row's draft and its fen, or None with its findings noted."""
        before = len(self._wrong)
        day = self._read("date", day_in, needed=True)
        slug = self._read("event", _event, needed=True)
        narration = self._text("narration", needed=True)
        amount_fen = self._read("amount_fen", amount_in, needed=True)
        said = Said(
            amount_fen=amount_fen,
            source=self._text("source"),
            line=self._text("line"),
            giver=self._text("giver"),
            taker=self._text("taker"),
            due_from=self._text("due_from"),
            due_to=self._text("due_to"),
            settle=self._read("settle", flag_in) or False,
            paid_by=self._text("paid_by"),
        )
        signers = {
            name: self._text(name, needed=needed and not getattr(defaults, name))
            or getattr(defaults, name)
            for name, needed in (("maker", True), ("reviewer", True), ("poster", False))
        }
        signers["cashier"] = self._text("cashier") or defaults.cashier
        attachments = self._read("attachments", count_in)
        document = self._read("document", self._document)
        approval = self._text("approval") or defaults.approval
        self._text("key")
        if slug is not None:
            self._wrong += undecided(slug, approval, self._named("approval"))
            self._wrong += not_claimed(slug, said.paid_by, said, self._named("paid_by"))
        if day is None or slug is None or amount_fen is None or len(self._wrong) > before:
            return None
        papers = Papers(
            day=day,
            narration=narration or "",
            maker=signers["maker"] or "",
            reviewer=signers["reviewer"] or "",
            poster=signers["poster"],
            cashier=signers["cashier"],
            approval=approval,
            attachments=attachments,
            documents=(document,) if document else (),
        )
        try:
            postings = said_postings(slug, said, self._charter, day, self._named)
            return draft_of(slug, papers, postings, said.paid_by), amount_fen
        except InputInvalid as error:
            self._wrong += error.findings
            return None

    def _named(self, name: str) -> str:
        place = self._filled.places.get(name)
        if place is None:
            word = next((h.words[0] for h in HEADINGS if h.field == name), name)
            return str(Place(self._file, self._filled.number, "", word))
        return str(place)

    def _read(
        self, name: str, read: Callable[[Cell, str], _Value], *, needed: bool = False
    ) -> _Value | None:
        cell = self._filled.cells.get(name, "")
        if cell == "":
            if needed:
                self._wrong.append(Finding("FL935", self._named(name)))
            return None
        try:
            return read(cell, self._named(name))
        except InputInvalid as error:
            self._wrong += error.findings
            return None

    def _text(self, name: str, *, needed: bool = False) -> str | None:
        return self._read(name, text_in, needed=needed)

    def _document(self, cell: Cell, place: str) -> str:
        try:
            return document_digest(text_in(cell, place), self._folder)
        except InputInvalid as error:
            raise InputInvalid(
                replace(f, subject=f"{place} {f.subject}") for f in error.findings
            ) from None


def _event(cell: Cell, place: str) -> str:
    found = form_of(str(cell))
    if found is None:
        allowed = "、".join(EVENTS[form.event].zh for form in FORMS.values())
        raise InputInvalid(Finding("FL936", place, {"text": shown(cell), "allowed": allowed}))
    return found[0]
