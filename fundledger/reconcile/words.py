"""Words by which banks call what they take and give of their own."""

from __future__ import annotations

FEES = frozenset(
    (
        "手续费",
        "转账手续费",
        "账户管理费",
        "账户维护费",
        "工本费",
        "年费",
        "回单费",
        "汇划费",
        "短信服务费",
    )
)
INTEREST = frozenset(("结息", "利息", "存款利息", "利息收入", "活期结息", "季度结息"))
"""Summaries of banks, each the whole of one: a part of another may be somebody's grant."""
