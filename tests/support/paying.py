"""A fund that pays people in batches, with everybody whom that takes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from fundledger.charter import FundCharter
from fundledger.fund import Fund, open_fund
from fundledger.ledger import chart, drafts
from fundledger.ledger.batches.batch import Batch
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.paylist import PaymentLine, parse_list
from fundledger.ledger.batches.reasons import GIVES_UP
from fundledger.ledger.plan import Receipt
from fundledger.ledger.surroundings import Surroundings
from fundledger.ledger.voucher import Posting
from fundledger.payer import BatchAct, Entitlement
from support.offices import DIBAO, SINCE, Clock, charter_values, draft, granted, numbered_keys

Given: TypeAlias = Any
"""A value of any field of an act."""

MAKER, REVIEWER, CASHIER, APPROVER = "S03", "S01", "S04", "S07"
EVIDENCE = hashlib.sha256(b"a paper").hexdigest()
_ACTORS = {
    "approve": APPROVER,
    "reject": APPROVER,
    "withdraw": APPROVER,
    "cancel": APPROVER,
    "unclaimed": APPROVER,
    "claim-back": APPROVER,
    "remit": APPROVER,
    "write-off": APPROVER,
    "export": CASHIER,
}
_GROUNDLESS = frozenset(_ACTORS) - {"export"}


def pseudonym(letter: str, number: object) -> str:
    """Return a pseudonym that stands for nobody."""
    digest = hashlib.sha256(f"{letter} {number}".encode()).digest()
    return f"{letter}-{base64.b32encode(digest)[:12].decode()}"


def entitlement(
    person: object,
    amount_fen: int = 500_00,
    period: str = "2026-03",
    line: tuple[str, str] = DIBAO,
    account: object = None,
) -> Entitlement:
    """Return what an artificial person is to get."""
    own = pseudonym("A", person if account is None else account)
    return Entitlement(pseudonym("P", person), "", *line, period, amount_fen, own)


def paying_charter(
    fund: str = "dibao",
    posts: Mapping[str, Sequence[str]] | None = None,
    controls: Mapping[str, object] | None = None,
    **changes: object,
) -> FundCharter:
    """Return the small charter with an approver on the staff, and other posts with their roles."""
    values = charter_values(fund, **changes)
    values["controls"] |= controls or {}
    for code, roles in {APPROVER: ("approver",), **(posts or {})}.items():
        held = [{"role": role, "from": SINCE} for role in roles]
        post = {"code": code, "title_zh": "审批", "title_en": "approver", "roles": held}
        values["staff"].append(post)
    return FundCharter.model_validate(values)


def why(step: str) -> str:
    """Return a reason for a step that needs one."""
    return "MD07" if step in GIVES_UP else ""


def act_values(step: str) -> dict[str, Any]:
    """Return who takes a step and signs its vouchers, and on what."""
    return {
        "actor": _ACTORS.get(step, MAKER),
        "document": "" if step in _GROUNDLESS else EVIDENCE,
        "maker": MAKER,
        "reviewer": REVIEWER,
        "cashier": CASHIER,
        "approval": "示纪〔2026〕1号",
    }


class Payments:
    """A fund that pays people, and short words for what is done to its batches."""

    def __init__(
        self,
        root: Path,
        clock: Callable[[], datetime] | None = None,
        granted_fen: int = 1_000_000_00,
        **changes: Given,
    ) -> None:
        """Open the fund in `root`, with money and budget if it is new."""
        self.clock = clock or Clock()
        surroundings = Surroundings(self.clock, numbered_keys(root.name))
        self.fund: Fund = open_fund(root / "dibao", paying_charter(**changes), surroundings)
        if granted_fen and not (root / "dibao").exists():
            granted(self.fund, granted_fen)

    def prepare(self, people: Iterable[Entitlement], on: str = "2026-03-10", **more: Given) -> str:
        """Prepare a batch and return its id."""
        given = {"actor": MAKER, "document": EVIDENCE, **more}
        receipt = self.fund.prepare_batch(list(people), on=date.fromisoformat(on), **given)
        return self._batch_of(receipt)

    def reissue(self, accounts: dict[str, str], on: str, **more: Given) -> str:
        """Prepare a reissue and return the id of its batch."""
        given = {"actor": MAKER, "document": EVIDENCE, **more}
        receipt = self.fund.prepare_reissue(accounts, on=date.fromisoformat(on), **given)
        return self._batch_of(receipt)

    def _batch_of(self, receipt: Receipt) -> str:
        (found,) = (b.id for b in self.batches() if b.sequence == receipt.sequence)
        return found

    def step(
        self,
        batch: str,
        step: str,
        on: str,
        outcomes: Sequence[Outcome] = (),
        *,
        key: str | None = None,
        **more: Given,
    ) -> Receipt:
        """Take a step, by who may, on evidence."""
        given = {**act_values(step), **more}
        act = BatchAct(
            batch=batch, step=step, on=date.fromisoformat(on), outcomes=outcomes, **given
        )
        return self.fund.advance_batch(act, key=key)

    def named(self, batch: str, step: str, on: str, lines: Iterable[str], **more: Given) -> Receipt:
        """Take a step for some lines, each with its whole amount."""
        facts = {line.line: line.amount_fen for line in self.lines(batch)}
        outcomes = [Outcome(line, step, on, facts.get(line, 1), why(step)) for line in lines]
        return self.step(batch, step, on, outcomes, **more)

    def result(self, batch: str, on: str, said: dict[str, str], **more: Given) -> Receipt:
        """Record what the bank says of lines: `paid`, `failed` or `unknown`, by id."""
        facts = {line.line: line.amount_fen for line in self.lines(batch)}
        outcomes = [
            Outcome(line, word, on, facts[line], "AC04" if word == "failed" else "")
            for line, word in said.items()
        ]
        return self.step(batch, "result", on, outcomes, **more)

    def sent(
        self, people: Iterable[Entitlement], on: str = "2026-03-10", **more: Given
    ) -> tuple[str, list[str]]:
        """Prepare, approve and export a batch; returns its id and those of its lines."""
        batch = self.prepare(people, on, **more)
        self.step(batch, "approve", on)
        self.step(batch, "export", on)
        return batch, [line.line for line in self.lines(batch)]

    def expense(self, on: str, amount_fen: int) -> str:
        """Record a payment that is in no batch; returns its voucher."""
        day = date.fromisoformat(on)
        return self._beside("expense", day, drafts.expense(day.year, DIBAO, amount_fen))

    def unexplained(self, on: str, amount_fen: int) -> str:
        """Record a debit that nobody can explain yet; returns its voucher."""
        day = date.fromisoformat(on)
        return self._beside("unknown-debit", day, drafts.unknown_debit(amount_fen))

    def undone(self, ref: str, on: str) -> None:
        """Record the red copy of a voucher."""
        voucher = self.fund.books().voucher(ref)
        assert voucher is not None
        day = date.fromisoformat(on)
        self.fund.record(drafts.reversal(voucher, day, MAKER, REVIEWER))

    def corrected(self, ref: str, on: str, amount_fen: int) -> None:
        """Record that a debit nobody can explain was of another amount."""
        voucher = self.fund.books().voucher(ref)
        assert voucher is not None
        day = date.fromisoformat(on)
        right = draft(drafts.unknown_debit(amount_fen), day, "correction", corrects=ref)
        self.fund.record((drafts.reversal(voucher, day, MAKER, REVIEWER), right))

    def _beside(self, event: str, on: date, postings: tuple[Posting, ...]) -> str:
        (ref,) = self.fund.record(draft(postings, on, event, cashier=CASHIER)).refs
        return ref

    def batches(self) -> list[Batch]:
        """Return every batch."""
        return self.fund.books().batches()

    def batch(self, name: str) -> Batch:
        """Return a batch."""
        found = self.fund.books().batch(name)
        assert found is not None
        return found

    def lines(self, name: str) -> list[PaymentLine]:
        """Return the lines of a batch by its list."""
        books = self.fund.books()
        batch = books.batch(name)
        assert batch is not None
        return list(parse_list(books.list_bytes(batch.list)))

    def figures(self, year: int = 2026, line: tuple[str, str] = DIBAO) -> dict[str, str]:
        """Return in yuan, each on the side of its nature, what is not zero."""
        books = self.fund.books()
        unit, category = line
        accounts = {
            "bank": (chart.BANK, 1),
            "payable": (chart.SUBSIDY_PAYABLE, -1),
            "transit": (chart.IN_TRANSIT, -1),
            "returned": (chart.RETURNED, -1),
            "due from bank": (chart.DUE_FROM_BANK, 1),
            "recovery": (chart.RECOVERY, 1),
            "advance": (chart.ADVANCE, 1),
            "donations": (chart.DONATION, -1),
            "suspense": (chart.ASSET_SUSPENSE, 1),
            "expense": (f"{chart.EXPENSES}{unit}:{category}", 1),
            "prior year": (chart.PRIOR_YEAR_ADJUSTMENT, -1),
            "carried": (chart.CARRIED_FORWARD, -1),
            "available": (f"Equity:Budget:{year}:Available:{unit}:{category}", 1),
            "encumbered": (f"Equity:Budget:{year}:Encumbered:{unit}:{category}", 1),
            "expended": (f"Equity:Budget:{year}:Expended:{unit}:{category}", 1),
            "brought": (f"Equity:Budget:{year}:BroughtForward:{unit}:{category}", -1),
            "lapsed": (f"Equity:Budget:{year}:Lapsed:{unit}:{category}", 1),
        }
        found = {name: sign * books.fen(account) for name, (account, sign) in accounts.items()}
        return {name: f"{fen / 100:g}" for name, fen in found.items() if fen}


def year_closed(fund: Fund) -> None:
    """Close 2026, month by month."""
    for month in sorted(month for month, _ in fund.books().months.rows()):
        if month < "2026-12":
            fund.close(month, actor="S02")
    fund.close_year(2026, actor="S02", maker=MAKER, reviewer=REVIEWER)
