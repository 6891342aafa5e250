"""The whole life of payments, balance by balance: every line of the table of postings for batches.

Figures are yuan, each on the side of its account's nature; what is zero is left out.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fundledger.findings import Severity
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.states import BatchState, LineState
from support.paying import MAKER, REVIEWER, Payments, entitlement, pseudonym


def _amounts(payments: Payments, batch: str, *people: int) -> list[str]:
    """Return the ids of the lines that pay these people, in their order."""
    by_person = {line.person: line.line for line in payments.lines(batch)}
    return [by_person[pseudonym("P", person)] for person in people]


def test_the_whole_life_of_payments(tmp_path: Path) -> None:  # noqa: PLR0915 - a whole life
    fund = Payments(tmp_path, granted_fen=10_000_00)
    assert fund.figures() == {"bank": "10000", "available": "10000"}

    # Ten people, 100 yuan each: prepared, which posts nothing; one is struck off; approved.
    march = fund.prepare([entitlement(person, 100_00) for person in range(10)], "2026-03-10")
    assert fund.figures() == {"bank": "10000", "available": "10000"}
    one, two, three, four, five, six, seven, eight, nine, ten = _amounts(fund, march, *range(10))
    fund.named(march, "reject", "2026-03-10", [ten])
    fund.step(march, "approve", "2026-03-11")
    assert fund.figures() == {
        "bank": "10000",
        "expense": "900",
        "payable": "900",
        "available": "9100",
        "encumbered": "900",
    }

    # Struck before it is sent.
    fund.named(march, "withdraw", "2026-03-11", [nine])
    approved = {
        "bank": "10000",
        "expense": "800",
        "payable": "800",
        "available": "9200",
        "encumbered": "800",
    }
    assert fund.figures() == approved

    # Sent, refused by the bank as a whole, sent again, and taken in.
    fund.step(march, "export", "2026-03-12")
    sent = {
        "bank": "10000",
        "expense": "800",
        "transit": "800",
        "available": "9200",
        "encumbered": "800",
    }
    assert fund.figures() == sent
    fund.step(march, "refuse", "2026-03-12")
    assert fund.figures() == approved
    assert fund.batch(march).state is BatchState.BANK_REJECTED
    fund.step(march, "export", "2026-03-13")
    fund.step(march, "accept", "2026-03-13")
    assert fund.figures() == sent
    assert fund.batch(march).state is BatchState.ACCEPTED

    # The bank says that one failed, which it never debited.
    fund.result(march, "2026-03-13", {one: "failed"})
    assert fund.figures() == {
        "bank": "10000",
        "expense": "800",
        "transit": "700",
        "payable": "100",
        "available": "9200",
        "encumbered": "800",
    }

    # The rest is debited as a lump; then it says that another failed, and of one it does not know.
    fund.step(march, "debit", "2026-03-14")
    assert fund.figures() == {
        "bank": "9300",
        "expense": "800",
        "payable": "100",
        "available": "9200",
        "encumbered": "100",
        "expended": "700",
    }
    said = {two: "failed", three: "unknown"}
    said |= dict.fromkeys((four, five, six, seven, eight), "paid")
    fund.result(march, "2026-03-15", said)
    assert fund.figures() == {
        "bank": "9300",
        "expense": "800",
        "payable": "200",
        "due from bank": "100",
        "available": "9200",
        "encumbered": "100",
        "expended": "700",
    }
    assert fund.batch(march).state is BatchState.UNKNOWN
    fund.result(march, "2026-03-16", {three: "paid"})

    # What failed and was debited is credited back.
    fund.step(march, "credit-back", "2026-03-17")
    failed_twice = {
        "bank": "9400",
        "expense": "800",
        "payable": "200",
        "available": "9200",
        "encumbered": "200",
        "expended": "600",
    }
    assert fund.figures() == failed_twice

    # Both are paid once more: after a failure the money is payable already.
    again = fund.reissue({one: pseudonym("A", "new 1"), two: pseudonym("A", "new 2")}, "2026-03-18")
    fund.step(again, "approve", "2026-03-18")
    assert fund.figures() == failed_twice
    assert fund.batch(march).standing(one).state is LineState.REISSUED
    fund.step(again, "export", "2026-03-18")
    fund.step(again, "debit", "2026-03-19")
    fund.result(again, "2026-03-19", dict.fromkeys((f"{one}-1", f"{two}-1"), "paid"))
    all_paid = {"bank": "9200", "expense": "800", "available": "9200", "expended": "800"}
    assert fund.figures() == all_paid
    assert fund.batch(march).state is fund.batch(again).state is BatchState.CLOSED

    # Three come back: two are returned, one debit is taken back.
    fund.named(march, "return", "2026-04-02", [three, four])
    fund.named(march, "take-back", "2026-04-02", [five])
    came_back = {
        "bank": "9500",
        "expense": "800",
        "returned": "300",
        "available": "9200",
        "encumbered": "300",
        "expended": "500",
    }
    assert fund.figures() == came_back

    # A reissue of one is approved, withdrawn, and approved anew; its payee confirmed the account.
    account = next(line.account for line in fund.lines(march) if line.line == three)
    april = fund.reissue({three: account}, "2026-04-03", reconfirmed=True)
    fund.step(april, "approve", "2026-04-03")
    assert fund.figures() == came_back | {"returned": "200", "payable": "100"}
    fund.step(april, "withdraw", "2026-04-03")
    assert fund.figures() == came_back
    april = fund.reissue({three: account}, "2026-04-03", reconfirmed=True)
    fund.step(april, "approve", "2026-04-03")
    fund.step(april, "export", "2026-04-03")
    fund.step(april, "debit", "2026-04-04")
    fund.result(april, "2026-04-04", {f"{three}-2": "paid"})
    assert fund.figures() == {
        "bank": "9400",
        "expense": "800",
        "returned": "200",
        "available": "9200",
        "encumbered": "200",
        "expended": "600",
    }

    # One is cancelled, one unclaimed: the expense and its budget come back.
    fund.named(march, "cancel", "2026-04-05", [four])
    fund.named(march, "unclaimed", "2026-04-05", [five])
    given_up = {"bank": "9400", "expense": "600", "available": "9400", "expended": "600"}
    assert fund.figures() == given_up

    # One was paid 30 yuan too much; 10 come in, then 20.
    fund.step(march, "claim-back", "2026-05-06", [Outcome(six, "claim-back", "2026-05-06", 30_00)])
    assert fund.figures() == given_up | {"recovery": "30", "expense": "570"}
    fund.step(march, "recover", "2026-05-07", [Outcome(six, "recover", "2026-05-07", 10_00)])
    assert fund.figures() == {
        "bank": "9410",
        "recovery": "20",
        "expense": "570",
        "available": "9410",
        "expended": "590",
    }
    fund.step(march, "recover", "2026-05-08", [Outcome(six, "recover", "2026-05-08", 20_00)])
    year_end = {"bank": "9430", "expense": "570", "available": "9430", "expended": "570"}
    assert fund.figures() == year_end
    assert fund.batch(march).standing(six).state is LineState.PAID  # as to the other 70

    # Two are approved in December: one is debited in it, one after the year has ended.
    late = fund.prepare(
        [entitlement(person, 100_00, "2026-12") for person in (20, 21)], "2026-12-30"
    )
    first, second = _amounts(fund, late, 20, 21)
    fund.step(late, "approve", "2026-12-30")
    fund.step(late, "export", "2026-12-30")
    fund.named(late, "debit", "2026-12-31", [first])
    fund.result(late, "2026-12-31", {first: "failed"})
    _closed(fund)
    assert fund.figures(2027) == {
        "bank": "9330",
        "payable": "100",
        "transit": "100",
        "due from bank": "100",
        "carried": "9230",
        "available": "9230",
        "encumbered": "100",
        "brought": "9330",
    }
    fund.named(late, "debit", "2027-01-04", [second])
    fund.step(late, "credit-back", "2027-01-04")
    fund.result(late, "2027-01-04", {second: "paid"})
    next_year = {
        "bank": "9330",
        "payable": "100",
        "carried": "9230",
        "available": "9230",
        "encumbered": "100",
        "expended": "100",
        "brought": "9430",
    }
    assert fund.figures(2027) == next_year

    # What an earlier year paid comes back through the budget brought forward ...
    fund.named(march, "return", "2027-01-05", [seven])
    assert fund.figures(2027) == next_year | {
        "bank": "9430",
        "returned": "100",
        "encumbered": "200",
        "brought": "9530",
    }
    # ... and its expense through the prior-year adjustment.
    fund.named(march, "unclaimed", "2027-01-06", [seven])
    fund.named(late, "cancel", "2027-01-06", [first])
    fund.step(
        march, "claim-back", "2027-01-07", [Outcome(eight, "claim-back", "2027-01-07", 100_00)]
    )
    adjusted = {
        "bank": "9430",
        "recovery": "100",
        "prior year": "300",
        "carried": "9230",
        "available": "9430",
        "expended": "100",
        "brought": "9530",
    }
    assert fund.figures(2027) == adjusted

    # The unclaimed is surrendered out of the surplus.
    fund.named(march, "remit", "2027-01-08", [seven])
    surrendered = adjusted | {
        "bank": "9330",
        "carried": "9130",
        "available": "9330",
        "lapsed": "100",
    }
    assert fund.figures(2027) == surrendered

    # Half of what was asked back comes in, with its budget; the other half is a loss.
    fund.step(march, "recover", "2027-01-09", [Outcome(eight, "recover", "2027-01-09", 50_00)])
    assert fund.figures(2027) == surrendered | {
        "bank": "9380",
        "recovery": "50",
        "available": "9380",
        "brought": "9580",
    }
    fund.step(march, "write-off", "2027-01-10", [Outcome(eight, "write-off", "2027-01-10", 50_00)])
    end = fund.figures(2027)
    assert "recovery" not in end
    assert (end["prior year"], end["available"]) == ("250", "9380")
    assert fund.batch(march).standing(eight).state is LineState.WRITTEN_OFF
    assert {fund.batch(name).state for name in (march, again, late)} == {BatchState.CLOSED}

    # An audit replays it all, and beancount sees the same.
    audit = fund.fund.check(date(2027, 1, 10))
    assert [f.code for f in audit.findings if f.severity is Severity.ERROR] == []
    assert not audit.books.apart_fen()


def _closed(fund: Payments) -> None:
    """Close every month of 2026 and end the year."""
    for month in ("01", "03", "04", "05"):
        fund.fund.close(f"2026-{month}", actor="S02")
    fund.fund.close_year(2026, actor="S02", maker=MAKER, reviewer=REVIEWER)
