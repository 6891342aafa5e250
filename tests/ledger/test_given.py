"""What is of a type that only looks right is refused before anything is done with it."""

from __future__ import annotations

import enum
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fundledger.errors import InputInvalid
from fundledger.ledger import drafts
from fundledger.ledger.voucher import Draft, Posting
from support.offices import draft, fund_at


class Account(str, enum.Enum):  # noqa: UP042 - StrEnum prints as the text that it is
    """Names that are equal to an account's and print as another text."""

    BANK = "Assets:Bank:Dedicated"


class Maker(str, enum.Enum):  # noqa: UP042 - as above
    """The same for a person."""

    CLERK = "S02"


class Day(date):
    """A day of a kind that no journal has."""


GIVEN = draft(drafts.donation(5_00), date(2026, 3, 5), "donation")
LOOKALIKES = {
    "account": replace(GIVEN, postings=(Posting(Account.BANK, 5_00), *GIVEN.postings[1:])),
    "maker": replace(GIVEN, maker=Maker.CLERK),
    "date": replace(GIVEN, date=Day(2026, 3, 5)),
}


@pytest.mark.parametrize("given", LOOKALIKES.values(), ids=LOOKALIKES)
def test_what_only_looks_like_a_text_or_a_day_is_refused(given: Draft, tmp_path: Path) -> None:
    fund = fund_at(tmp_path)

    with pytest.raises(InputInvalid) as refusal:
        fund.record(given)

    assert refusal.value.codes == ("FL909",)
    assert fund.record(GIVEN).refs == ("2026-03-0001",)
