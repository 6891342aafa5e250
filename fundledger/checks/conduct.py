"""How payments are made: who posts them, whether they are split, whether a round is kept to."""

from __future__ import annotations

from datetime import date

from fundledger.checks.catalogue import Gates, Hits, Sees, check
from fundledger.checks.days import rules_day
from fundledger.ledger.books import Books
from fundledger.ledger.entry import Entry


@check("FL331", Gates.ALWAYS, Sees.PARTIES)
def maker_is_poster(new: Entry, books: Books) -> Hits:
    """Who made a voucher does not post it, unless the rules of the office let them."""
    maker = new.voucher.maker
    if maker == new.voucher.poster and not books.charter.controls.maker_may_post:
        yield maker, {"staff": maker}


@check("FL332", Gates.NEVER)
def split_payment(books: Books, as_of: date) -> Hits:
    """No payment is split into several just under the amount that needs an approval (拆分支付)."""
    controls = books.charter.controls
    for name, payments in sorted(books.near_limit(as_of).items()):
        close: list[tuple[str, str, int]] = []
        for payment in [*payments, None]:
            if payment and close and _days(close[-1][0], payment[0]) <= controls.split_window_days:
                close.append(payment)
                continue
            if len(close) > 1:
                refs = ", ".join(ref for _, ref, _ in close)
                details = {"count": len(close), "vouchers": refs, "first": close[0][0]}
                details["limit_fen"] = controls.approval_threshold_fen
                yield name, {**details, "amount_fen": sum(fen for *_, fen in close)}
            close = [payment] if payment else []


def _days(first: str, second: str) -> int:
    return (date.fromisoformat(second) - date.fromisoformat(first)).days


@check("FL333", Gates.NEVER, Sees.LAYOUT)
def outside_festival_round(new: Entry, books: Books) -> Hits:
    """Aid of the festival round is paid in the round (元旦春节帮困送温暖)."""
    controls = books.charter.controls
    for posting, account in new.lines:
        line = f"{account.unit}:{account.category}"
        if account.kind == "expense" and posting.signed_fen > 0 and line in controls.festival_lines:
            day = rules_day(new, books)
            if not controls.festival(day):
                first, last = controls.festival_window
                details = {"line": line, "date": day.isoformat(), "first": first, "last": last}
                yield posting.account, {**details, "amount_fen": posting.signed_fen}
