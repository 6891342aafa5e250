"""What a list is of, and why payments are given up: what the fold of batches need not know."""

from __future__ import annotations

from fundledger.checks.catalogue import Gates, Hits, check
from fundledger.ledger.batches.files import Unfit, outcomes_in
from fundledger.ledger.batches.reasons import GIVES_UP, OTHER, REASONS
from fundledger.ledger.books import Books
from fundledger.ledger.record import Record

MONTHS_OFF = 12


@check("FL346", Gates.ALWAYS)
def month_far_off(record: Record, books: Books) -> Hits:
    """A list pays for months that are at most twelve from the one in which it is prepared."""
    if record.kind != "batch" or record.body["step"] != "prepare":
        return
    if record.body.get("kind", "payment") != "payment":
        return
    batch, on = record.body["batch"], record.body["on"]
    paid = {key.rpartition(":")[2] for key, names in books.entitled.rows() if batch in names}
    for period in sorted(paid):
        if far_off(period, on):
            yield batch, {"period": period, "on": on, "months": MONTHS_OFF}


def far_off(period: str, on: str) -> bool:
    """Whether a month such as `2026-03` is more than twelve from that of an ISO day."""
    month, today = (int(text[:4]) * 12 + int(text[5:7]) for text in (period, on))
    return abs(month - today) > MONTHS_OFF


@check("FL349", Gates.ALWAYS)
def given_up_without_reason(record: Record, books: Books) -> Hits:
    """What is cancelled or held as unclaimed says why, by a code of the list, or in words."""
    if record.kind != "batch" or record.body["step"] not in GIVES_UP or books.advanced.problems:
        return
    try:
        outcomes = outcomes_in(books, record.body.get("lines", ""))
    except Unfit:
        return
    worded = any(v.narration.partition("：")[2].strip() for v in record.vouchers)
    found: dict[str, list[str]] = {}
    for one in outcomes:
        if one.reason not in REASONS:
            found.setdefault("unknown" if one.reason else "missing", []).append(one.line)
        elif one.reason == OTHER and not worded:
            found.setdefault("unsaid", []).append(one.line)
    for reason, lines in sorted(found.items()):
        batch = record.body["batch"]
        details = {"batch": batch, "line": lines[0], "count": len(lines)}
        yield batch, {**details, "reason": reason}
