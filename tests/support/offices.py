"""A small charter and funds on it, for tests that need books of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from fundledger.charter import FundCharter
from fundledger.fund import Fund, open_fund
from fundledger.ledger import drafts
from fundledger.ledger.chart import DONATION
from fundledger.ledger.events import EVENTS
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.ledger.voucher import Draft, Posting

DIBAO = ("CASC", "Dibao")
ILLNESS = ("CASC", "MajorIllness")
SINCE = "2025-01-01"
LATE = datetime(2027, 6, 30, 10, 0, tzinfo=SHANGHAI)

_STAFF = (
    ("S01", ("reviewer", "chief")),
    ("S02", ("poster",)),
    ("S03", ("maker",)),
    ("S04", ("cashier",)),
    ("S05", ("auditor",)),
    ("S06", ("maker", "reviewer")),
)


def charter_values(fund: str = "dibao", **changes: object) -> dict[str, Any]:
    """Return the JSON values of a small fund charter; `changes` replace values of the fund."""
    other = {"dibao": "union", "union": "dibao"}.get(fund, "dibao")
    values: dict[str, Any] = {
        "id": fund,
        "component": fund.capitalize(),
        "zh": "低保资金",
        "en": "Minimum living allowance",
        "opened": SINCE,
        "bank_account": {
            "number": "31000000000000001" + ("01" if fund == "dibao" else "02"),
            "bank": "示例银行",
            "holder": "示例街道办事处",
            "approval": "示财〔2024〕1号",
            "opened": SINCE,
        },
        "regime": "government",
        "channel": "block",
        "sources": [
            {"slug": "District", "zh": "区级", "en": "district", "from": SINCE},
            {"slug": "Street", "zh": "街道", "en": "sub-district", "from": SINCE},
        ],
        "purposes": [
            {"unit": "CASC", "category": "Dibao", "from": SINCE},
            {"unit": "CASC", "category": "MajorIllness", "from": SINCE},
        ],
        "interest": "retain",
        "donations": True,
        "carry_over": "keep",
        "functional_code": "2081901",
    }
    values.update(changes)
    categories = (
        ("Dibao", "低保", "C"),
        ("MajorIllness", "大病", "D"),
        ("LowIncome", "低收入", "C"),
    )
    return {
        "fund": values,
        "units": [{"slug": "CASC", "zh": "事务中心", "en": "Service Centre", "clause": "三(一)"}],
        "categories": [
            {"slug": slug, "unit": "CASC", "zh": zh, "en": slug, "kind": kind, "from": SINCE}
            for slug, zh, kind in categories
        ],
        "funds": {other: other.capitalize()},
        "staff": [
            {
                "code": code,
                "title_zh": "岗位",
                "title_en": "post",
                "roles": [{"role": role, "from": SINCE} for role in roles],
            }
            for code, roles in _STAFF
        ],
        "controls": {
            "from": SINCE,
            "incompatible": [["maker", "reviewer"], ["cashier", "reviewer"], ["cashier", "poster"]],
            "maker_may_post": True,
            "approval_threshold_fen": 100_000_00,
            "split_share_basis_points": 9_000,
            "split_window_days": 3,
            "allowed_cash": False,
            "office_cost_words": ["办公", "会议", "加油", "餐费"],
            "stale_assertion_days": 45,
            "idle_money_days": 30,
            "interest_gap_days": 100,
            "aged_item_days": 30,
            "reissue_days": 10,
            "emergency_papers_days": 10,
            "interfund_open_days": 30,
            "publicity_days": 7,
            "carry_over_years": 2,
            "festival_lines": [],
            "festival_window": ["12-15", "02-28"],
        },
        "account_codes": {
            "Assets:Bank": "1002",
            "Assets": "1218",
            "Liabilities": "2307",
            "Income:Appropriation": "4001",
            "Expenses": "5001",
            "Equity": "3001",
        },
        "code_titles": {
            "1002": "银行存款",
            "1218": "其他应收款",
            "2307": "其他应付款",
            "4001": "财政拨款收入",
            "5001": "业务活动费用",
            "3001": "累计盈余",
        },
    }


def charter(fund: str = "dibao", **changes: object) -> FundCharter:
    """Return a small fund charter with two purposes, two sources and a small staff."""
    return FundCharter.model_validate(charter_values(fund, **changes))


class Clock:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime = LATE) -> None:
        """Start at a time late enough for all that tests record."""
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **step: float) -> None:
        self.now += timedelta(**step)


def numbered_keys(prefix: str = "K") -> Callable[[], str]:
    """Return a maker of keys that counts."""
    count = iter(range(10**9))
    return lambda: f"{prefix}{next(count)}"


def fund_at(
    root: Path, fund: str = "dibao", clock: Callable[[], datetime] | None = None, **changes: object
) -> Fund:
    """Return a fund that keeps its files in `root`/`fund`."""
    surroundings = Surroundings(clock or Clock(), numbered_keys())
    return open_fund(root / fund, charter(fund, **changes), surroundings)


def draft(
    postings: tuple[Posting, ...],
    on: date = date(2026, 3, 5),
    event: str = "",
    **more: Any,  # noqa: ANN401 - values of any field
) -> Draft:
    """Return a sound draft with these postings, of an allocation or donation if nothing is said.

    A budget decision has its number.
    """
    if not event:
        given = any(posting.account == DONATION for posting in postings)
        event = "donation" if given else "allocation"
    decided = event in EVENTS and any(form.decided for form in EVENTS[event].forms)
    sound = Draft(
        date=on,
        narration="测试凭证",
        maker="S03",
        reviewer="S01",
        attachments=1,
        event=event,
        postings=postings,
        approval="示纪〔2026〕1号" if decided else None,
    )
    return replace(sound, **more)


def granted(fund: Fund, amount_fen: int = 1_000_000_00, year: int = 2026) -> None:
    """Give a fund money, a budget for its first line, and all of it allotted."""
    on = date(year, 1, 2)
    fund.record(
        (
            draft(drafts.allocation("District", amount_fen), on),
            draft(drafts.adoption(year, DIBAO, amount_fen), on, "budget-adopt"),
            draft(drafts.allotment(year, DIBAO, amount_fen), on, "allot"),
        )
    )
