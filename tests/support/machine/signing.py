"""What statements say at a fund: asserted and signed for, soundly and in every wrong way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from msgspec import structs

from fundledger.ledger.bodies import OpenItem, ReconciliationBody
from support.machine.clerks import Call, call
from support.machine.model import BANK, OPENED, Model
from support.machine.watched import WatchedFund

NOBODYS = "f" * 64
number = st.integers(0, 10**6)


def judge_signature(body: ReconciliationBody, model: Model, today: date) -> set[str]:
    """Sign a reconciliation; return the codes with which that must be refused.

    Its items are of the simplest form: one line each, open for the first time.
    """
    stood = model.signed
    after = next((one for one in stood if one.sequence == body.after), None)
    kept = stood[: stood.index(after) + 1] if after else [] if not body.after else stood
    fallen = stood[len(kept) :]
    used = {digest for one in kept for digest in one.body.statements}
    codes = set()
    if body.date > today or body.date < OPENED:
        codes.add("FL322")
    if (
        (body.after and after is None)
        or body.replaces != (fallen[0].sequence if fallen else 0)
        or (after and (body.date <= after.body.date or model.unsigned_fen(after)))
        or used & set(body.statements)
    ):
        codes.add("FL324")
    if body.booked_fen != model.balance(BANK, body.date):
        codes.add("FL325")
    signs = {"book-in": -1, "bank-in": 1}
    if body.amount_fen - body.booked_fen != sum(
        signs[i.kind] * i.amount_fen for i in body.items if i.kind in signs
    ):
        codes.add("FL326")
    if any(not _true(item, body, model) for item in body.items):
        codes.add("FL327")
    model.sign(body, kept)
    return codes


def _true(item: OpenItem, body: ReconciliationBody, model: Model) -> bool:
    """Whether an item is a line of these statements, or what a voucher put into the bank."""
    (ref,) = item.refs
    if item.kind == "bank-in":
        return ref.partition(":")[0] in body.statements and item.date <= body.date
    known = model.voucher(ref)
    moved = (BANK, item.amount_fen)
    return known is not None and moved in known.moves and known.day == item.date


class SigningFund(WatchedFund):
    """A fund whose statements come in, and are asserted, reconciled and signed for."""

    @rule(days=st.integers(-1, 40), off=st.sampled_from((0, 0, 0, 1)), account=number)
    def asserts(self, days: int, off: int, account: int) -> None:
        names = [BANK, *sorted(self.model.balances()), "Assets:Nowhere"]
        name = names[account % len(names)] if account % 3 else BANK
        self.assert_balance(name, self.today - timedelta(days=days), off)

    @rule()
    def asserts_nothing(self) -> None:
        """Each assertion is wrong in one respect, which one check alone looks at."""
        later = self.today + timedelta(days=1)
        for name, on, replaces in (
            ("Assets:Nowhere", self.today, 0),
            (BANK, later, 0),
            (BANK, OPENED - timedelta(days=1), 0),
            (BANK, self.today, self.model.records + 7),
        ):
            what = call("assert_balance", name, on, 0, actor="S05", replaces=replaces)
            self.do(what, {"FL322"}, self.model)
        for actor in ("S03", "S04", "S77"):
            what = call("assert_balance", BANK, self.today, 0, actor=actor)
            self.do(what, {"FL323"}, self.model)

    def assert_balance(self, name: str, on: date, off_fen: int) -> None:
        """Assert what is there, or a little more; where somebody signed, sign again instead."""
        if name == BANK and self.model.signature(on):
            self.signs_anew(on)
            return
        fen = self.model.stated(name, on) + off_fen
        after = self.model.copy()
        replaces = after.say(name, on, fen)
        codes = {"FL322"} if on > self.today or on < OPENED or name == "Assets:Nowhere" else set()
        what = call("assert_balance", name, on, fen, actor="S05", replaces=replaces)
        self.do(what, codes, after)

    @rule(days=st.integers(0, 40), item=st.sampled_from(("", "bank-in", "book-in")))
    def signs(self, days: int, item: str) -> None:
        """Sign for a day on which nobody asserted anything, as the book of that day is."""
        on = self.today - timedelta(days=days)
        if (BANK, on) not in self.model.assertions:
            self.sign(self.reconciliation(on, item))

    def signs_anew(self, on: date) -> None:
        self.sign(self.reconciliation(on, ""))

    def sign(self, body: ReconciliationBody) -> None:
        what, codes, after = self.signature(body)
        self.do(what, codes, after)

    def signature(self, body: ReconciliationBody) -> tuple[Call, set[str], Model]:
        after = self.model.copy()
        codes = judge_signature(body, after, self.today)
        return call("sign", body, actor="S05"), codes, after

    def reconciliation(self, on: date, item: str) -> ReconciliationBody:
        """Return what is right to sign for a day, on top of what still stands before it."""
        stood = self.model.signed
        sound = 0
        while (
            sound < len(stood)
            and stood[sound].body.date < on
            and not self.model.unsigned_fen(stood[sound])
        ):
            sound += 1
        statement = f"{self.count:064x}"
        booked_fen = self.model.balance(BANK, on)
        items = tuple(self.items(on, item, statement))
        body = ReconciliationBody(BANK, on, booked_fen, booked_fen, (statement,), items)
        return structs.replace(
            body,
            amount_fen=booked_fen + body.explained_fen,
            after=stood[sound - 1].sequence if sound else 0,
            replaces=stood[sound].sequence if sound < len(stood) else 0,
        )

    def items(self, on: date, kind: str, statement: str) -> Iterator[OpenItem]:
        """Yield an item that only one side has: a line of the statement, or the last receipt."""
        if kind == "bank-in":
            yield OpenItem("bank-in", on, 1_00, (f"{statement}:7",))
        for booked in self.model.booked[-1:] if kind == "book-in" else ():
            received = [fen for name, fen in booked.moves if name == BANK and fen > 0]
            before = max((one.body.date for one in self.model.signed), default=date.min)
            if len(received) == 1 and before < booked.day <= on:
                yield OpenItem("book-in", booked.day, received[0], (booked.ref,))

    @rule(days=st.integers(0, 3))
    def signs_wrongly(self, days: int) -> None:
        """Each signature is wrong in one respect, which one check alone looks at."""
        on = self.today - timedelta(days=days)
        right = self.reconciliation(on, "bank-in")
        (item,) = right.items
        for code, changes in (
            ("FL322", {"date": self.today + timedelta(days=1)}),
            ("FL324", {"replaces": self.model.records + 7}),
            ("FL324", {"after": self.model.records + 7, "replaces": 0}),
            ("FL325", {"booked_fen": right.booked_fen + 1, "amount_fen": right.amount_fen + 1}),
            ("FL326", {"amount_fen": right.amount_fen + 1}),
            ("FL327", {"items": (structs.replace(item, refs=(f"{NOBODYS}:7",)),)}),
            ("FL327", {"items": (structs.replace(item, date=on + timedelta(days=1)),)}),
        ):
            made: dict[str, Any] = changes
            what, codes, after = self.signature(structs.replace(right, **made))
            assert code in codes
            self.do(what, codes, after)
        for actor in ("S03", "S04", "S77"):
            self.do(call("sign", right, actor=actor), {"FL323"}, self.model)
