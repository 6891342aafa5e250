"""What a fund takes from outside: the clock, the maker of keys, and how long to wait for a lock."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from threading import TIMEOUT_MAX

from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.given import is_key, shown

SHANGHAI = timezone(timedelta(hours=8))


def wall_clock() -> datetime:
    """Return the time now, in China."""
    return datetime.now(SHANGHAI)


def fresh_key() -> str:
    """Return an idempotency key that nobody used before."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a fund takes from outside: the clock, fresh keys, and how long to wait for a lock.

    `clock` returns a datetime that knows its zone; days and segments are China's (+08:00) whatever
    zone it is.  `key` returns a new idempotency key at each call: one printable line of 1 to 512
    letters.  `lock_timeout_seconds` is a finite number, 0 or more.  What is none of this is
    refused where it is used, and nothing is written.

    Raises:
        InputInvalid: FL960, a part cannot be taken.

    """

    clock: Callable[[], datetime] = wall_clock
    key: Callable[[], str] = fresh_key
    lock_timeout_seconds: float = 10.0

    def __post_init__(self) -> None:
        """Refuse at once what can be told without asking."""
        for name in ("clock", "key"):
            if not callable(getattr(self, name)):
                raise _unfit(name, getattr(self, name))
        if not is_timeout(self.lock_timeout_seconds):
            raise _unfit("lock_timeout_seconds", self.lock_timeout_seconds)

    def now(self) -> datetime:
        """Return the clock's time in China.

        Raises:
            InputInvalid: FL960, the clock gave something else than a datetime with its zone.

        """
        now: object = self.clock()
        try:
            if isinstance(now, datetime) and now.utcoffset() is not None:
                return now.astimezone(SHANGHAI)
        except OverflowError:
            raise _unfit("clock", now) from None
        raise _unfit("clock", now)

    def fresh_key(self) -> str:
        """Return a new idempotency key.

        Raises:
            InputInvalid: FL960, the maker of keys gave something that is none.

        """
        key: object = self.key()
        if not isinstance(key, str) or not is_key(key):
            raise _unfit("key", key)
        return key


def is_timeout(seconds: object) -> bool:
    """Whether a value is how long a lock can be waited for."""
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
        return False
    return 0 <= seconds <= TIMEOUT_MAX


def _unfit(part: str, given: object) -> InputInvalid:
    return InputInvalid(Finding("FL960", part, {"part": part, "text": shown(given)}))
