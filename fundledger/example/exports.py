"""Statements in the shapes in which banks export them: each its own columns and encoding."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime

from fundledger.example.bankside import Movement, Passbook
from fundledger.money import display_fen, format_fen

Rows = Sequence[Sequence[str]]
Export = Callable[[Passbook], tuple[str, bytes]]

_TOWN = "上海"


def exports() -> tuple[Export, ...]:
    """Return every shape: each turns an account into a file's ending and its bytes."""
    return (full_width, tabbed_csv, signed_csv, account_first, directed, disguised)


def writes_text(shape: Export) -> bool:
    """Whether a shape is text: how a workbook is compressed depends on the machine's zlib."""
    return shape in {tabbed_csv, signed_csv, disguised}


def full_width(book: Passbook) -> tuple[str, bytes]:
    """An .xlsx with full-width brackets in its headings and amounts as numbers (like CCB)."""
    head = (
        *(
            "账号",
            "账户名称",
            "交易时间",
            "借方发生额（支取）",
            "贷方发生额（收入）",
            "余额",
            "币种",
        ),
        *("对方户名", "对方账号", "对方开户机构", "记账日期", "摘要", "备注"),
        *("账户明细编号-交易流水号", "企业流水号", "凭证种类", "凭证号"),
    )
    rows: list[Sequence[str | float]] = [
        ("查询期间", f"{book.start:%Y%m%d}-{book.end:%Y%m%d}"),
        head,
    ]
    for item in book.movements:
        out, into = _sides(item)
        moment = f"{item.day:%Y%m%d} {item.at:%H:%M:%S}"
        rows.append(
            (
                *(book.account, book.holder, moment, out / 100, into / 100, item.balance_fen / 100),
                *("人民币元", item.party, item.party_account, "", f"{item.day:%Y%m%d}"),
                *(item.summary, item.memo, item.serial, "", "", ""),
            )
        )
    return "xlsx", _workbook("活期账户明细查询", rows)


def tabbed_csv(book: Passbook) -> tuple[str, bytes]:
    """A GB18030 .csv with tabs behind the account numbers and a comma at the end (like ICBC)."""
    head = (
        *("凭证号", "本方账号", "对方账号", "交易时间", "借/贷", "借方发生额", "贷方发生额"),
        *("对方行号", "摘要", "用途", "对方单位名称", "余额", "个性化信息", ""),
    )
    rows: list[Sequence[str]] = [
        ("起始日期：", f"{book.start:%Y-%m-%d}", "截止日期：", f"{book.end:%Y-%m-%d}"),
        head,
    ]
    for item in book.movements:
        out, into = map(display_fen, _sides(item))
        word = "借" if item.signed_fen < 0 else "贷"
        rows.append(
            (
                *(item.serial, f"{book.account}\t", f"{item.party_account}\t"),
                *(f"{item.day:%Y-%m-%d} {item.at:%H:%M:%S}", word),
                *((f'"{out}"', "") if item.signed_fen < 0 else ("", f'"{into}"')),
                *("", item.summary, item.memo, item.party, f'"{display_fen(item.balance_fen)}"'),
                *("", ""),
            )
        )
    return "csv", _text(rows, ",", "gb18030")


def signed_csv(book: Passbook) -> tuple[str, bytes]:
    """A .csv with one signed amount, spaces inside a heading, newest line first (like ABC)."""
    head = (
        *("交易日期", "交易时间", "交易摘要", "交易金额", "本次余额", "对手信息", "日 志 号"),
        *("交易渠道", "交易附言"),
    )
    rows: list[Sequence[str]] = [
        (f"账号：{book.account}", f"户名：{book.holder}"),
        ("查询期间", f"{book.start:%Y%m%d}-{book.end:%Y%m%d}"),
        head,
    ]
    for item in reversed(book.movements):
        sign = "+" if item.signed_fen > 0 else ""
        rows.append(
            (
                *(f"{item.day:%Y%m%d}", f"{item.at:%H%M%S}", item.summary),
                *(f"{sign}{format_fen(item.signed_fen)}", format_fen(item.balance_fen)),
                *(item.party, item.serial, "企业网银", item.memo),
            )
        )
    return "csv", _text(rows, ",", "utf-8-sig")


def account_first(book: Passbook) -> tuple[str, bytes]:
    """An .xlsx of texts that says its account and period in the first row (like SPDB)."""
    head = (
        *("顺序号", "交易日期", "交易类型", "存入金额", "取出金额", "余额", "交易对手名称"),
        *("交易对手账号", "附言"),
    )
    period = f"{book.start:%Y%m%d}-{book.end:%Y%m%d}"
    first = ("账号", book.account, "账户类型", "单位活期", "日期范围", period)
    rows: list[Sequence[str]] = [first, head]
    for item in book.movements:
        out, into = map(format_fen, _sides(item))
        rows.append(
            (
                *(item.serial, f"{item.day:%Y/%m/%d}  {item.at:%H:%M:%S}", item.summary),
                *(("", out) if item.signed_fen < 0 else (into, "")),
                *(format_fen(item.balance_fen), item.party, item.party_account, item.memo),
            )
        )
    return "xlsx", _workbook("账户明细", rows)


def directed(book: Passbook) -> tuple[str, bytes]:
    """An .xlsx with one amount and its direction in two languages (like BOCOM)."""
    head = (
        *("序号", "交易日期", "交易时间", "交易类型", "借贷", "交易金额", "余额", "对方账号"),
        *("对方户名", "交易地点", "摘要"),
    )
    rows: list[Sequence[str]] = [
        ("查询账号：", book.account, "查询期间：", f"{book.start:%Y-%m-%d}至{book.end:%Y-%m-%d}"),
        head,
    ]
    for number, item in enumerate(book.movements, 1):
        rows.append(
            (
                *(str(number), f"{item.day:%Y-%m-%d}", f"{item.at:%H:%M:%S}", item.summary),
                *("借 Dr" if item.signed_fen < 0 else "贷 Cr", format_fen(abs(item.signed_fen))),
                *(format_fen(item.balance_fen), item.party_account, item.party, _TOWN, item.memo),
            )
        )
    return "xlsx", _workbook("交易明细", rows)


def disguised(book: Passbook) -> tuple[str, bytes]:
    """A file called .xls that is GB18030 text with tabs, its cells written `="…"`."""
    head = (
        *("账号", "记账日期", "摘要", "借方发生额", "贷方发生额", "余额", "对方户名", "对方账号"),
        *("流水号", "附言"),
    )
    period = f"{book.start:%Y%m%d}-{book.end:%Y%m%d}"
    rows: list[Sequence[str]] = [("查询期间", period), head]
    for item in book.movements:
        out, into = map(format_fen, _sides(item))
        cells = (
            *(book.account, f"{item.day:%Y%m%d}", item.summary),
            *((out, "") if item.signed_fen < 0 else ("", into)),
            *(format_fen(item.balance_fen), item.party, item.party_account, item.serial, item.memo),
        )
        rows.append([f'="{cell}"' if cell else "" for cell in cells])
    return "xls", _text(rows, "\t", "gb18030")


def _sides(item: Movement) -> tuple[int, int]:
    """Return the bank's 借 and 贷 in fen: its 借 is money out of our account."""
    return max(0, -item.signed_fen), max(0, item.signed_fen)


def _text(rows: Rows, separator: str, encoding: str) -> bytes:
    return "".join(separator.join(row) + "\r\n" for row in rows).encode(encoding)


def _workbook(name: str, rows: Sequence[Sequence[str | float]]) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - heavy, and only workbooks need it

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 11, 1)})  # noqa: DTZ001 - as the file states it
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    if cell:
                        sheet.write_string(number, column, cell)
                else:
                    sheet.write_number(number, column, cell)
    return stream.getvalue()
