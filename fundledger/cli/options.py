"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from fundledger.cli.framework import argument, option
from fundledger.cli.kinds import COUNT, DAY, OneOf
from fundledger.cli.session import JSON, TABLE

if TYPE_CHECKING:
    from datetime import date

    from fundledger.cli.session import Session

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _take_format(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    del parameter
    session: Session = ctx.obj
    session.format = value or TABLE


def formatted(function: _Function) -> _Function:
    """Add `--format`, which the session keeps."""
    return option(
        "--format",
        type=OneOf((TABLE, JSON)),
        metavar="table|json",
        default=TABLE,
        is_eager=True,
        expose_value=False,
        callback=_take_format,
        zh="输出表格或 JSON（金额为整数分）；默认 table",
        en="a table, or JSON with amounts in fen; a table if not said",
    )(function)


def as_of(function: _Function) -> _Function:
    """Add `--as-of`: the day at whose end things are looked at."""
    return option(
        "--as-of",
        type=DAY,
        metavar="YYYY-MM-DD",
        zh="截至该日日终；默认今天",
        en="as at the end of that day; today if not said",
    )(function)


def fund(function: _Function) -> _Function:
    """Add the argument that names a fund."""
    return argument("fund", zh="基金代码，例如 dibao", en="the fund's id, such as dibao")(function)


def funds(function: _Function) -> _Function:
    """Add the argument that names some funds, or none for all."""
    return argument(
        "funds",
        nargs=-1,
        needed=False,
        metavar="FUND",
        zh="基金代码；不写则为全部基金",
        en="fund ids; all funds if none is named",
    )(function)


def days(function: _Function) -> _Function:
    """Add `--from` and `--to`: the first and the last day of what is shown."""
    for decorate in reversed(
        (
            option(
                "--from",
                "first",
                type=DAY,
                metavar="YYYY-MM-DD",
                zh="起始日",
                en="from that day on",
            ),
            option(
                "--to", "last", type=DAY, metavar="YYYY-MM-DD", zh="截止日", en="up to that day"
            ),
        )
    ):
        function = decorate(function)
    return function


def expect_days(session: Session, first: date | None, last: date | None) -> None:
    """Refuse two days that have none between them.

    Raises:
        Misuse: FL966, the first is after the last.

    """
    if first is not None and last is not None and first > last:
        session.wrong_once("FL966", "--from", {"first": first, "last": last})
        session.refuse_wrong()


def acting(function: _Function) -> _Function:
    """Add what every writing command takes: the key, the dry run, and the answer to questions."""
    for decorate in reversed(
        (
            option(
                "--key",
                metavar="KEY",
                zh="幂等键：同一键同一内容只记一次；不写则自动生成并显示",
                en="idempotency key: same key and content is recorded once; made up if not said",
            ),
            option(
                "-n",
                "--dry-run",
                is_flag=True,
                zh="只显示将要记的凭证，不写入任何内容",
                en="show what would be recorded and write nothing",
            ),
            option(
                "--yes",
                is_flag=True,
                zh="在终端上不再询问",
                en="do not ask on a terminal",
            ),
            formatted,
        )
    ):
        function = decorate(function)
    return function


def signed(function: _Function) -> _Function:
    """Add who makes and who reviews a voucher."""
    for decorate in reversed(
        (
            option(
                "--maker",
                metavar="STAFF",
                needed=True,
                zh="制单人的岗位代码",
                en="who makes it, by staff code",
            ),
            option(
                "--reviewer",
                metavar="STAFF",
                needed=True,
                zh="审核人的岗位代码",
                en="who reviews it, by staff code",
            ),
        )
    ):
        function = decorate(function)
    return function


def papers(*, needed: bool = True, narrated: bool = True) -> Callable[[_Function], _Function]:
    """Return a decorator that adds what a voucher says beside its postings (art. 51).

    What is `needed` is asked for; the narration only if the command does not make one up itself.
    """

    def decorate_all(function: _Function) -> _Function:
        for decorate in reversed(
            (
                option(
                    "--date",
                    "day",
                    type=DAY,
                    metavar="YYYY-MM-DD",
                    needed=needed,
                    zh="凭证日期",
                    en="the voucher's date",
                ),
                option(
                    "--narration",
                    metavar="TEXT",
                    needed=needed and narrated,
                    zh="摘要",
                    en="what happened, in a few words",
                ),
                option(
                    "--maker",
                    metavar="STAFF",
                    needed=needed,
                    zh="制单人的岗位代码",
                    en="who makes it, by staff code",
                ),
                option(
                    "--reviewer",
                    metavar="STAFF",
                    needed=needed,
                    zh="审核人的岗位代码",
                    en="who reviews it, by staff code",
                ),
                option(
                    "--poster",
                    metavar="STAFF",
                    zh="记账人的岗位代码",
                    en="who posts it, by staff code",
                ),
                option(
                    "--cashier",
                    metavar="STAFF",
                    zh="出纳的岗位代码",
                    en="the cashier, by staff code",
                ),
                option(
                    "--approval",
                    metavar="TEXT",
                    zh="批准文号或审批单号",
                    en="the approval's document number",
                ),
                option(
                    "--attachments",
                    type=COUNT,
                    metavar="N",
                    zh="所附单据张数；默认为 --document 的个数",
                    en="number of papers attached; as many as --document if not said",
                ),
                option(
                    "--document",
                    "documents",
                    multiple=True,
                    metavar="FILE",
                    zh="原始凭证文件；其 sha256 记入凭证",
                    en="a source document; its sha256 goes into the voucher",
                ),
            )
        ):
            function = decorate(function)
        return function

    return decorate_all
