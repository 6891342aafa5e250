"""What each voucher spent and set aside, of which year and of which payment, with a pencil.

A book of one fund is a row of entries: on a day so many fen were spent or set aside for a line,
of what had come to be owed in a year.  Payments of batches are followed one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from fundledger.fund import Fund
from fundledger.ledger.batches.outcomes import parse_outcomes
from fundledger.ledger.batches.paylist import PaymentLine, parse_list
from fundledger.ledger.books import Books
from fundledger.ledger.record import Record
from fundledger.ledger.voucher import Voucher

Line = tuple[str, str]
SPENT, HELD = "Expended", "Encumbered"


@dataclass(frozen=True)
class Entry:
    """So many fen spent or held (`kind`) on a day for a line, owed since `origin`.

    `payment` is the line of a list that it is for, `step` what befell it.  Of what is in no batch
    `pool` says for what it is kept: an advance, a debt to another fund, or `plain`, which is
    nothing that is named.
    """

    day: date
    line: Line
    kind: str
    fen: int
    origin: int
    voucher: str
    payment: str = ""
    batch: str = ""
    step: str = ""
    pool: str = ""


@dataclass(frozen=True)
class Took:
    """A step that takes a payment: the bank's word of it, the day, fen, and the voucher."""

    step: str
    outcome: str
    day: str
    fen: int
    voucher: str


@dataclass
class Payment:
    """One line of a list: how it stands by all that was recorded, and where its money is."""

    said: PaymentLine
    batch: str
    parent: Payment | None = None
    state: str = "planned"
    debited: str = ""
    credited: str = ""
    origin: int = 0
    lives: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def line(self) -> Line:
        return self.said.unit, self.said.category

    def lived(self, on: date) -> bool:
        """Whether it was approved and not given up at the end of a day, here or once more."""
        lives = [alive for day, alive in self.lives if day <= on.isoformat()]
        return bool(lives) and lives[-1]


@dataclass
class Ledger:
    """One fund's entries and payments, and its vouchers in the order of recording."""

    entries: list[Entry] = field(default_factory=list)
    payments: dict[str, Payment] = field(default_factory=dict)
    vouchers: list[Voucher] = field(default_factory=list)
    debits: dict[str, list[tuple[date, str]]] = field(default_factory=lambda: defaultdict(list))
    pools: dict[tuple[object, ...], dict[int, int]] = field(default_factory=dict)
    pool_of: dict[str, str] = field(default_factory=dict)
    behind: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, fund: Fund) -> Ledger:
        """Return the ledger of a fund, by its journal and its lists."""
        ledger, books = cls(), fund.books()
        for record in fund.records():
            ledger.vouchers += record.vouchers
            if record.kind == "batch":
                ledger._take_step(record, books)
            else:
                for voucher in record.vouchers:
                    ledger._take_voucher(voucher)
        return ledger

    @property
    def began(self) -> str:
        """The month of the first voucher."""
        return min(voucher.month for voucher in self.vouchers)

    # What is in no batch.

    def _take_voucher(self, voucher: Voucher) -> None:
        rests_on = voucher.reverses or voucher.corrects or ""
        self.behind[voucher.ref] = {voucher.ref} | self.behind.get(rests_on, set())
        if voucher.closing:
            return  # it carries over what stands, and nothing befalls it
        if voucher.reverses:
            for entry in [e for e in self.entries if e.voucher == voucher.reverses]:
                self._move(replace(entry, day=voucher.date, fen=-entry.fen, voucher=voucher.ref))
            return
        pool = self.pool_of[voucher.ref] = self._pool(voucher)
        event = voucher.event
        for line in budget_lines(voucher):
            held, spent = moved(voucher, HELD, line), moved(voucher, SPENT, line)
            of_year = voucher.date.year - (event == "opening")
            parts = {of_year: held}
            if held < 0 and pool != "plain":
                parts = {year: -fen for year, fen in self._oldest(pool, line, -held)}
            paid_from_held = -held if held < 0 and spent > 0 else 0
            said = Entry(voucher.date, line, HELD, 0, 0, voucher.ref, step=event, pool=pool)
            for year, fen in parts.items():
                self._move(replace(said, fen=fen, origin=year))
                if paid_from_held:
                    self._move(replace(said, kind=SPENT, fen=-fen, origin=year))
            self._move(replace(said, kind=SPENT, fen=spent - paid_from_held, origin=of_year))

    def _pool(self, voucher: Voucher) -> str:
        """Return what an encumbrance is kept for: an advance, a debt to a fund, or nothing said."""
        for posting in voucher.postings:
            if posting.account == "Assets:Advance":
                if posting.signed_fen > 0:
                    return f"advance {voucher.ref}"
                return self.pool_of.get(voucher.corrects or "", "plain")
            if posting.account.startswith("Liabilities:DueTo:Fund:"):
                return posting.account
        return "plain"

    def _oldest(self, pool: str, line: Line, fen: int) -> list[tuple[int, int]]:
        """Return from which years so much of a pool is, the oldest first."""
        parts = []
        for year, left in sorted(self.pools.get((pool, line), {}).items()):
            part = min(left, fen)
            if part:
                parts.append((year, part))
            fen -= part
        assert not fen, (pool, line, fen)
        return parts

    def _move(self, entry: Entry) -> None:
        """Write an entry down; what is held comes into its pool, or leaves it."""
        if not entry.fen:
            return
        if entry.kind == HELD:
            years = self.pools.setdefault((entry.pool, entry.line), {})
            years[entry.origin] = years.get(entry.origin, 0) + entry.fen
        self.entries.append(entry)

    # What is in batches.

    def _take_step(self, record: Record, books: Books) -> None:
        body = record.body
        step, batch, on = body["step"], body["batch"], body["on"]
        before = len(self.entries)
        if step == "prepare":
            for said in parse_list(books.list_bytes(body["lines"])):
                again = body.get("kind") == "reissue"
                parent = self.payments[before_it(said.line)] if again else None
                self.payments[said.line] = Payment(said, batch, parent)
            return
        if body.get("lines"):
            named = [
                (self.payments[one.line], one.outcome, one.on, one.amount_fen)
                for one in parse_outcomes(books.list_bytes(body["lines"]))
            ]
        else:
            own = [p for p in self.payments.values() if p.batch == batch and takes(step, p)]
            named = [(payment, step, on, payment.said.amount_fen) for payment in own]
        assert named, body
        refs = {voucher.date.isoformat(): voucher.ref for voucher in record.vouchers}
        if step == "debit":
            self.debits[batch] += [(voucher.date, voucher.ref) for voucher in record.vouchers]
        for payment, outcome, day, fen in named:
            self.entries += befell(payment, Took(step, outcome, day, fen, refs.get(day, "")))
        self._hold_to_vouchers(record, self.entries[before:])

    def _hold_to_vouchers(self, record: Record, entries: list[Entry]) -> None:
        """Hold what befell the payments one by one to what the vouchers of the record posted."""
        for voucher in record.vouchers:
            for line in budget_lines(voucher):
                for kind in (HELD, SPENT):
                    own = [
                        e.fen
                        for e in entries
                        if (e.voucher, e.line, e.kind) == (voucher.ref, line, kind)
                    ]
                    assert sum(own) == moved(voucher, kind, line), voucher


def budget_lines(voucher: Voucher) -> list[Line]:
    """Return the budget lines that a voucher touches."""
    names = [p.account.split(":") for p in voucher.postings]
    return sorted({(n[4], n[5]) for n in names if n[:2] == ["Equity", "Budget"]})


def moved(voucher: Voucher, kind: str, line: Line) -> int:
    """Return what a voucher moved of a kind of budget account of a line, of whichever year."""
    end = f":{kind}:{line[0]}:{line[1]}"
    return sum(p.signed_fen for p in voucher.postings if p.account.endswith(end))


def before_it(line: str) -> str:
    """Return the id that was listed before this one, for the same entitlement."""
    root, number = line[:14], int(line[15:])
    return f"{root}-{number - 1}" if number > 1 else root


def takes(step: str, payment: Payment) -> bool:
    """Whether a step that names no lines takes this one."""
    sent = payment.state in {"exported", "unknown", "paid"}
    return {
        "approve": payment.state == "planned",
        "reject": payment.state == "planned",
        "withdraw": payment.state == "approved",
        "export": payment.state == "approved",
        "accept": payment.state == "exported",
        "refuse": payment.state == "exported" and not payment.debited,
        "debit": sent and not payment.debited,
        "credit-back": payment.state == "failed" and bool(payment.debited) and not payment.credited,
    }[step]


def befell(payment: Payment, took: Took) -> Iterator[Entry]:
    """Move one payment on by a step, and yield what that spent and held."""
    moves = cash(payment, took)
    if took.step == "approve":
        payment.origin = payment.parent.origin if payment.parent else int(took.day[:4])
    turn(payment, took)
    for one, held, spent in moves:
        for kind, fen in ((HELD, held), (SPENT, spent)):
            if fen:
                on, of = date.fromisoformat(took.day), payment.origin
                own = (one.said.line, one.batch, took.step)
                yield Entry(on, one.line, kind, fen, of, took.voucher, *own)


def cash(payment: Payment, took: Took) -> list[tuple[Payment, int, int]]:
    """Return what a step moves of what is held and spent, of a payment and of its parent.

    What an earlier year spent is not taken off what this one did.
    """
    whole, parent = payment.said.amount_fen, payment.parent
    same_year = took.day[:4] == payment.debited[:4]
    back, recovered = (-whole, -took.fen) if same_year else (0, 0)
    moves = {
        "approve": (whole, 0),
        "withdraw": (-whole, 0),
        "debit": (-whole, whole),
        **dict.fromkeys(("undo-debit", "credit-back", "return", "take-back"), (whole, back)),
        **dict.fromkeys(("undo-credit-back", "undo-return"), (-whole, -back)),
        **dict.fromkeys(("cancel", "unclaimed"), (-whole, 0)),
        "recover": (0, recovered),
    }
    if took.step not in moves:
        return []
    held, spent = moves[took.step]
    of_parent = parent is not None and took.step in {"approve", "withdraw"}
    own = [(payment, held, spent)]
    return [*own, (parent, -held, 0)] if parent is not None and of_parent else own


STATES = {
    "approve": "approved",
    "withdraw": "dropped",
    "reject": "dropped",
    "export": "exported",
    "refuse": "approved",
    "return": "returned",
    "take-back": "returned",
    "undo-return": "paid",
    "cancel": "given up",
    "unclaimed": "given up",
    "claim-back": "recoverable",
}


def turn(payment: Payment, took: Took) -> None:
    """Have a payment, and the one that it is in place of, stand as a step leaves it."""
    step, day, parent = took.step, took.day, payment.parent
    payment.state = took.outcome if step == "result" else STATES.get(step, payment.state)
    if step in {"debit", "undo-debit"}:
        payment.debited = day if step == "debit" else ""
    if step in {"credit-back", "return", "take-back", "undo-credit-back", "undo-return"}:
        payment.credited = "" if step.startswith("undo") else day
    if step in {"approve", "withdraw", "cancel", "unclaimed"}:
        payment.lives.append((day, step == "approve"))
    if parent is not None and step in {"approve", "withdraw"}:
        parent.lives.append((day, step == "withdraw"))
