"""A bank as it may be: it loses files, fails payments, answers twice, returns months later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from fundledger.ledger.batches.paylist import PaymentLine
from support.paidbank import Said


@dataclass
class Order:
    """One payment of a file that the bank took in: what it decided, and whom it told."""

    line: PaymentLine
    batch: str
    outcome: str = ""
    debited: bool = False
    given_back: bool = False


@dataclass
class Bank:
    """The truth about the account and the payees, whatever anybody's books say.

    `paid` is what each person got for an entitlement of an order that the office gave and that the
    bank did not take back; what the bank pays twice of itself is in `doubled_fen`.  `rows` are
    those of the account's statement, with what else they say.
    """

    balance_fen: int
    day: date
    rows: list[Said] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    paid: Counter[tuple[str, str]] = field(default_factory=Counter)
    doubled_fen: int = 0

    def receive(self, batch: str, lines: list[PaymentLine]) -> None:
        """Take in a file; it does what the file says, also if it got it before."""
        self.orders += [Order(line, batch) for line in lines]

    def refuse(self, batch: str) -> None:
        """Throw a file away of which nothing was done."""
        self.orders = [order for order in self.orders if order.batch != batch]

    def untouched(self, batch: str) -> bool:
        """Whether nothing of a file was done."""
        return not any(o.outcome or o.debited for o in self.orders if o.batch == batch)

    def move(self, fen: int, memo: str = "") -> None:
        """Write a row of the statement, today."""
        self.balance_fen += fen
        self.rows.append(Said(self.day.isoformat(), fen, memo=memo))

    def debit(self, orders: Sequence[Order]) -> None:
        """Take the money for orders of one file, in one sum if there are several."""
        for order in orders:
            order.debited = True
        memo = orders[0].line.line if len(orders) == 1 else orders[0].batch
        self.move(-sum(order.line.amount_fen for order in orders), memo)

    def pay(self, order: Order) -> None:
        """Give the money to the payee, whether or not it was taken already."""
        order.outcome = "paid"
        self.paid[order.line.person, order.line.period] += order.line.amount_fen

    def give_back(self, order: Order) -> None:
        """Put money back on the account: of a failure, or of a payment that came back."""
        order.given_back = True
        self.move(order.line.amount_fen, order.line.line)
        if order.outcome == "paid":
            self.paid[order.line.person, order.line.period] -= order.line.amount_fen

    def double(self, order: Order) -> None:
        """Take the money for an order once more, by mistake."""
        self.move(-order.line.amount_fen, order.line.line)
        self.doubled_fen += order.line.amount_fen
