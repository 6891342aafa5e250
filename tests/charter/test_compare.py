"""What differs between two charters of a fund is told key by key, in words that a clerk reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fundledger.charter import FundCharter
from fundledger.charter.compare import changes
from support.offices import SINCE, charter, charter_values

Values = dict[str, Any]
LATER = "2026-07-01"


def _ended(values: Values) -> None:
    values["fund"]["purposes"][1]["until"] = "2026-06-30"


def _added(values: Values) -> None:
    values["fund"]["purposes"].append({"unit": "CASC", "category": "LowIncome", "from": LATER})


def _deleted(values: Values) -> None:
    del values["fund"]["sources"][1]


def _interrupted(values: Values) -> None:
    again = {"unit": "CASC", "category": "Dibao", "from": "2026-09-01"}
    values["fund"]["purposes"][0]["until"] = "2026-06-30"
    values["fund"]["purposes"].append(again)


def _threshold(values: Values) -> None:
    values["controls"]["approval_threshold_fen"] = 80_000_00


def _words(values: Values) -> None:
    values["controls"]["office_cost_words"] = ["办公", "会议", "加油", "差旅"]


def _due(values: Values) -> None:
    rule = {"from": LATER, "line": "CASC:Dibao", "day": 5, "months_after": 1, "source": "示例"}
    values["controls"]["due_day"] = [rule]


def _listed(values: Values) -> None:
    values["controls"]["list_day"] = [{"from": LATER, "day": 10, "source": "示例"}]


def _published(values: Values) -> None:
    values["controls"]["notice_in_sum"] = ["CASC:Dibao"]
    values["controls"]["notice_least_people"] = 5


def _role_ended(values: Values) -> None:
    values["staff"][2]["roles"][0]["until"] = "2026-06-30"


def _role_moved(values: Values) -> None:
    values["staff"][2]["roles"][0]["from"] = "2025-03-01"


def _post_renamed(values: Values) -> None:
    values["staff"][2]["title_zh"] = "制证会计"


def _post_gone(values: Values) -> None:
    del values["staff"][4]


def _account(values: Values) -> None:
    values["fund"]["bank_account"]["bank"] = "示例二行"


def _clearing(values: Values) -> None:
    values["fund"]["bank_account"]["clearing"] = [
        {"holder": "代发过渡户", "number": "3100000000000009001"},
        {"holder": "代发内部户"},
    ]


def _closed(values: Values) -> None:
    values["fund"]["closed"] = "2026-12-31"


def _category(values: Values) -> None:
    values["categories"][0]["kind"] = "D"


def _other_fund(values: Values) -> None:
    values["funds"] = {}


def _code(values: Values) -> None:
    values["account_codes"]["Assets"] = "1299"


CASES: tuple[tuple[Callable[[Values], None], list[tuple[str, str, str]]], ...] = (
    (lambda _: None, []),
    (
        _ended,
        [
            (
                "purposes CASC:MajorIllness",
                "用途 CASC:MajorIllness 止于 2026-06-30（原为 2025-01-01 起）",
                "the purpose CASC:MajorIllness ends on 2026-06-30 (was from 2025-01-01)",
            )
        ],
    ),
    (
        _added,
        [
            (
                "purposes CASC:LowIncome",
                "新增用途 CASC:LowIncome：2026-07-01 起",
                "the purpose CASC:LowIncome is new: from 2026-07-01",
            )
        ],
    ),
    (
        _deleted,
        [
            (
                "sources Street",
                "删去资金来源 Street（原为 2025-01-01 起）",
                "the source Street is gone (was from 2025-01-01)",
            )
        ],
    ),
    (
        _interrupted,
        [
            (
                "purposes CASC:Dibao",
                "用途 CASC:Dibao 由 2025-01-01 起 改为 2025-01-01 至 2026-06-30、2026-09-01 起",
                (
                    "the purpose CASC:Dibao: was from 2025-01-01, "
                    "is now 2025-01-01 to 2026-06-30 and from 2026-09-01"
                ),
            )
        ],
    ),
    (
        _threshold,
        [
            (
                "controls approval_threshold_fen",
                "审批限额由 100,000.00 改为 80,000.00",
                "the approval threshold: was 100,000.00, is now 80,000.00",
            )
        ],
    ),
    (
        _words,
        [
            (
                "controls office_cost_words 餐费",
                "删去工作经费词 餐费",
                "the word of office cost 餐费 is gone",
            ),
            (
                "controls office_cost_words 差旅",
                "新增工作经费词 差旅",
                "the word of office cost 差旅 is new",
            ),
        ],
    ),
    (
        _due,
        [
            (
                "controls due_day CASC:Dibao +1 5",
                "新增应付日 CASC:Dibao +1 5：2026-07-01 起",
                "the due day of CASC:Dibao +1 5 is new: from 2026-07-01",
            )
        ],
    ),
    (
        _listed,
        [
            (
                "controls list_day *:* 10",
                "新增报送日 *:* 10：2026-07-01 起",
                "the list day of *:* 10 is new: from 2026-07-01",
            )
        ],
    ),
    (
        _published,
        [
            (
                "controls notice_least_people",
                "公示汇总最少人数由 3 改为 5",
                "the least people of a sum in a notice: was 3, is now 5",
            ),
            (
                "controls notice_in_sum CASC:Dibao",
                "新增公示只列汇总的类别 CASC:Dibao",
                "the line that notices give in sum CASC:Dibao is new",
            ),
        ],
    ),
    (
        _role_ended,
        [
            (
                "staff S03 maker",
                "岗位 S03 的职责 maker 止于 2026-06-30（原为 2025-01-01 起）",
                "S03's role maker ends on 2026-06-30 (was from 2025-01-01)",
            )
        ],
    ),
    (
        _role_moved,
        [
            (
                "staff S03 maker",
                "岗位 S03 的职责 maker 由 2025-01-01 起 改为 2025-03-01 起",
                "S03's role maker: was from 2025-01-01, is now from 2025-03-01",
            )
        ],
    ),
    (
        _post_renamed,
        [
            (
                "staff S03 title_zh",
                "岗位 S03 的名称由 岗位 改为 制证会计",
                "the Chinese title of the post S03: was 岗位, is now 制证会计",
            )
        ],
    ),
    (
        _post_gone,
        [
            ("staff S05", "删去岗位 S05", "the post S05 is gone"),
            (
                "staff S05 auditor",
                "删去岗位 S05 的职责 auditor（原为 2025-01-01 起）",
                "S05's role auditor is gone (was from 2025-01-01)",
            ),
        ],
    ),
    (
        _account,
        [
            (
                "bank_account bank",
                "开户银行由 示例银行 改为 示例二行",
                "the bank: was 示例银行, is now 示例二行",
            )
        ],
    ),
    (
        _clearing,
        [
            (
                "bank_account clearing",
                "银行代发过渡户由 （无） 改为 代发过渡户 3100000000000009001 – 代发内部户",
                (
                    "the bank's own accounts for batches: was (none), is now "
                    "代发过渡户 3100000000000009001 – 代发内部户"
                ),
            )
        ],
    ),
    (
        _closed,
        [
            (
                "fund closed",
                "基金终止日由 （无） 改为 2026-12-31",
                "the day on which the fund closes: was (none), is now 2026-12-31",
            )
        ],
    ),
    (
        _category,
        [
            (
                "categories CASC:Dibao kind",
                "救助类别 CASC:Dibao 的性质由 C 改为 D",
                "the kind of the category CASC:Dibao: was C, is now D",
            )
        ],
    ),
    (
        _other_fund,
        [
            (
                "funds union",
                "删去其他基金 union（原为 Union）",
                "the other fund union is gone (was Union)",
            )
        ],
    ),
    (
        _code,
        [
            (
                "account_codes Assets",
                "科目编码 Assets 由 1218 改为 1299",
                "the code of Assets: was 1218, is now 1299",
            )
        ],
    ),
)


@pytest.mark.parametrize(("change", "told"), CASES, ids=lambda case: getattr(case, "__name__", ""))
def test_what_changed_is_told_by_its_key_in_both_languages(
    change: Callable[[Values], None], told: list[tuple[str, str, str]]
) -> None:
    values = charter_values()
    change(values)

    found = changes(charter(), FundCharter.model_validate(values))

    assert [(item.key, item.zh, item.en) for item in found] == told


def test_every_value_of_a_charter_is_looked_at() -> None:
    before = charter_values()
    seen = []
    for path in leaves(before):
        if path == ("fund", "id"):
            continue
        values = charter_values()
        put(values, path, another(path, get(values, path)))
        try:
            after = FundCharter.model_validate(values)
        except ValueError:  # a value that may not be otherwise, such as a name of another list
            continue
        assert list(changes(charter(), after)), path
        seen.append(path)

    assert len(seen) > 100


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """Return the path of every plain value within lists and tables."""
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for key, item in enumerate(value) for leaf in leaves(item, (*path, key))]
    return [path]


def get(value: Any, path: tuple[Any, ...]) -> Any:  # noqa: ANN401 - whatever stands there
    for key in path:
        value = value[key]
    return value


def put(value: Any, path: tuple[Any, ...], new: object) -> None:  # noqa: ANN401 - as above
    get(value, path[:-1])[path[-1]] = new


def another(path: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401 - as above
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value == SINCE:
        return "2025-02-01"
    words = {"retain": "remit", "keep": "lapse", "block": "line", "C": "D", "D": "C"}
    if path[-1] == "code" or value.isdigit():
        return f"{value[:-1]}9"
    return words.get(value, f"{value}x")
