"""A reconciliation that is signed becomes a record of the fund."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundledger.errors import Refused
from fundledger.findings import Finding, Severity
from fundledger.fund import Fund
from fundledger.ledger.given import expect, is_key, is_text
from fundledger.reconcile.booklines import book_lines
from fundledger.reconcile.trial import Trial

if TYPE_CHECKING:
    from fundledger.ledger.plan import Receipt


def sign(fund: Fund, trial: Trial, *, actor: str, key: str | None = None) -> Receipt:
    """Record a reconciliation as signed by `actor`; what was signed just so gives its receipt.

    Raises:
        Refused: FL864 and what is wrong, while there is a difference or an error; FL893, something
            was booked since it was compared; FL322 to FL327.
        InputInvalid: FL909, an argument is of another type.

    """
    expect(
        fund=isinstance(fund, Fund),
        trial=isinstance(trial, Trial),
        actor=is_text(actor),
        key=is_key(key),
    )
    adjustment = trial.adjustment
    if not adjustment.settled and trial.signed is None:
        errors = [f for f in adjustment.findings if f.severity is Severity.ERROR]
        unsettled = Finding(
            "FL864",
            adjustment.account,
            {"as_of": adjustment.as_of, "errors": len(errors)},
            fund.id,
            amount_fen=adjustment.difference_fen,
            gates=True,
        )
        raise Refused([unsettled, *errors])
    now = book_lines(voucher for record in fund.records() for voucher in record.vouchers)
    until = adjustment.as_of
    if trial.signed is None and trial.book != tuple(one for one in now if one.date <= until):
        raise Refused(Finding("FL893", adjustment.account, {"as_of": until}, fund.id, gates=True))
    return fund.sign(trial.body, actor=actor, key=key or trial.key)
