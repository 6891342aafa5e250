"""Who may take which step of a batch, and that nobody approves what they made."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundledger.checks.batches import STEP_ROLES
from fundledger.ledger.batches.advance import advance
from fundledger.ledger.bodies import BatchBody
from fundledger.ledger.plan import Receipt
from support.guarded import BEFORE, FEN, ON, ONE_EACH, ROLES, WHO_MAY, led_to, take, told
from support.paying import (
    Payments,
    entitlement,
)


def test_every_step_has_its_roles() -> None:
    assert {step: set(roles) for step, roles in STEP_ROLES.items()} == WHO_MAY
    assert set(BEFORE) == set(WHO_MAY)


@pytest.mark.parametrize(
    ("step", "role"), [(step, role) for step in WHO_MAY for role in sorted(WHO_MAY[step])]
)
def test_a_step_is_for_those_whose_post_it_is(step: str, role: str, tmp_path: Path) -> None:
    posts = {code: (of,) for of, code in ONE_EACH.items()}
    payments = Payments(tmp_path, posts=posts)
    given = [entitlement(2, FEN)]
    batch = led_to(payments, BEFORE[step])
    on = "2027-01-08" if step == "remit" else ON

    def act(code: str) -> object:
        if step == "prepare":
            return payments.prepare(given, actor=code)
        return take(payments, batch, step, on, actor=code)

    known = len(list(payments.fund.records()))
    for other in sorted(set(ROLES) - WHO_MAY[step]):
        assert told(lambda other=other: act(ONE_EACH[other])) == [("FL748", "")]  # type: ignore[misc]
    assert told(lambda: act("S99")) == [("FL748", "")]
    assert len(list(payments.fund.records())) == known
    act(ONE_EACH[role])
    assert len(list(payments.fund.records())) == known + 1


def both_posts(root: Path) -> Payments:
    return Payments(root, posts={"S20": ("maker", "approver"), "S21": ("maker", "approver")})


def test_who_prepared_a_batch_does_not_approve_it(tmp_path: Path) -> None:
    payments = both_posts(tmp_path)
    batch = payments.prepare([entitlement(1, FEN)], actor="S20")

    assert told(lambda: payments.step(batch, "approve", ON, actor="S20")) == [("FL754", "")]
    payments.step(batch, "approve", ON, actor="S21")
    assert payments.batch(batch).approver == "S21"


def test_who_makes_the_voucher_of_an_approval_does_not_approve(tmp_path: Path) -> None:
    payments = both_posts(tmp_path)
    batch = payments.prepare([entitlement(1, FEN)], actor="S20")

    def approve(maker: str) -> Receipt:
        return payments.step(batch, "approve", ON, actor="S21", maker=maker)

    assert told(lambda: approve("S21")) == [("FL754", "")]
    approve("S20")
    assert payments.batch(batch).approver == "S21"


def test_an_approval_by_the_preparer_moves_nothing(tmp_path: Path) -> None:
    payments = both_posts(tmp_path)
    batch = payments.prepare([entitlement(1, FEN)], actor="S20")
    body = BatchBody(batch, "approve", ON, 1, FEN)

    for actor, codes in (("S20", ["FL754"]), ("S21", [])):
        done = advance(payments.fund.books(), body, sequence=9, actor=actor, day=ON)
        assert [one.code for one in done.problems] == codes
        assert bool(done.moves) is not bool(codes)
