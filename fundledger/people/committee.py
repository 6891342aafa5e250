"""The neighbourhood committee of somebody, without what may stand behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fundledger.people.names import plain_name
from fundledger.people.personal import personal

if TYPE_CHECKING:
    from fundledger.people.person import Person

_COMMITTEE = re.compile(r".*?(?:居民委员会|村民委员会|居委会?|村委会?|居民区|社区)")
_DIGITS = re.compile(r"\d")


def committee_of(person: Person) -> str:
    """Return the committee of somebody without what may stand behind it: no house, no number.

    What a unit wrote there and may say more than the committee is left out.
    """
    found = _COMMITTEE.match(person.committee)
    text = found[0] if found else person.committee
    own = (person.number, person.phone, *(account.number for account in person.accounts))
    says_more = (
        (not found and _DIGITS.search(text))
        or personal(text)
        or plain_name(person.name) in plain_name(text)
        or any(secret and secret in text for secret in own)
    )
    return "" if says_more else text.strip()
