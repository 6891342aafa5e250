"""People who are plainly made up, made at run time."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from fundledger.people.identity import check_digit

DIVISIONS = ("310112", "310221", "110101", "440301", "810000", "830000", "999999")


def number_of(division: str, born: date, serial: int) -> str:
    """Return the identity number of a person with that division, birth and serial."""
    body = f"{division}{born:%Y%m%d}{serial:03d}"
    return body + check_digit(body)


def numbers(divisions: tuple[str, ...] = DIVISIONS) -> st.SearchStrategy[str]:
    """Draw numbers that hold."""
    return st.builds(
        number_of,
        st.sampled_from(divisions),
        st.dates(date(1920, 1, 1), date(2025, 12, 31)),
        st.integers(0, 999),
    )


def card_of(body: str) -> str:
    """Return the card number with this body, its check digit put behind."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 - place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return f"{body}{-total % 10}"
