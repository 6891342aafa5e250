"""What a fund takes from outside is held against what a journal can hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from fundledger.errors import InputInvalid
from fundledger.fund import open_fund
from fundledger.ledger import drafts
from fundledger.ledger.surroundings import Surroundings
from support.offices import LATE, Clock, charter, draft

GIFT = draft(drafts.donation(100))


@pytest.mark.parametrize("key", [None, "", "a\nb", "a\0", "x" * 100_000, 5, b"K", "\ud800"])
def test_a_key_that_is_none_is_refused_before_it_is_written(tmp_path: Path, key: object) -> None:
    fund = open_fund(tmp_path / "dibao", charter(), Surroundings(Clock(), lambda: key))  # type: ignore[arg-type, return-value]

    acts: tuple[Callable[[], object], ...] = (
        lambda: fund.record(GIFT),
        lambda: fund.close("2026-03", actor="S01"),
        lambda: fund.assert_balance("Assets:Bank:Dedicated", date(2026, 3, 5), 0, actor="S01"),
        lambda: fund.give_up("x", actor="S01"),
    )
    for act in acts:
        with pytest.raises(InputInvalid) as refusal:
            act()
        assert refusal.value.codes == ("FL960",)

    assert not list(tmp_path.rglob("*.jsonl"))
    assert fund.record(GIFT, key="K1").sequence == 2


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 5, 9, 0),  # noqa: DTZ001 - without its zone
        date(2026, 3, 5),
        "2026-03-05T09:00:00+08:00",
        None,
        1_772_672_400.0,
        datetime.max.replace(tzinfo=UTC),
    ],
)
def test_a_clock_gives_a_time_with_its_zone(tmp_path: Path, now: object) -> None:
    fund = open_fund(tmp_path / "dibao", charter(), Surroundings(lambda: now))  # type: ignore[arg-type, return-value]

    for act in (lambda: fund.record(GIFT), fund.check, fund.verify):
        with pytest.raises(InputInvalid) as refusal:
            act()
        assert refusal.value.codes == ("FL960",)
        assert "clock" in refusal.value.findings[0].sentence("en")

    assert not list(tmp_path.rglob("*.jsonl"))


def test_days_and_segments_are_those_of_china(tmp_path: Path) -> None:
    zone = timezone(timedelta(hours=-5))
    now = datetime(2027, 6, 30, 12, 30, tzinfo=zone)
    fund = open_fund(tmp_path / "dibao", charter(), Surroundings(lambda: now))
    fund.record(GIFT)

    (_, record) = fund.records()
    assert record.at == "2027-07-01T01:30:00+08:00"
    assert [path.name for path in tmp_path.rglob("*.jsonl")] == ["2027-07.jsonl"]


@pytest.mark.parametrize(
    "part",
    [
        {"lock_timeout_seconds": -1},
        {"lock_timeout_seconds": None},
        {"lock_timeout_seconds": float("nan")},
        {"lock_timeout_seconds": float("inf")},
        {"lock_timeout_seconds": True},
        {"lock_timeout_seconds": "5"},
        {"clock": LATE},
        {"key": "K1"},
    ],
)
def test_a_part_that_cannot_be_used_is_refused_at_once(part: dict[str, Any]) -> None:
    with pytest.raises(InputInvalid) as refusal:
        Surroundings(**part)

    assert refusal.value.codes == ("FL960",)
    assert next(iter(part)) in refusal.value.findings[0].sentence("zh")
