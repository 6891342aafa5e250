"""A file that was given to the wrong command: told by its headings, with the command that reads it.

Nothing is looked at before a file is refused, and nothing is said where its headings fit two kinds.
What no command reads is told as well: our own file for the bank, a PDF, a picture.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from fundledger.errors import FundledgerError, InputInvalid, StatementInvalid

if TYPE_CHECKING:
    from fundledger.bank.tables import Sheet
    from fundledger.bankfile import BankProfile
    from fundledger.cli.session import Session
    from fundledger.findings import Finding

Kind = Literal["statement", "answer", "list"]
Other = Literal["sent", "cover", "pdf", "picture"]

_MOST_BYTES = 20 * 1024 * 1024
_HEADING_ROWS = 60


class _Words(NamedTuple):
    zh: str
    en: str
    command: str


_KINDS: dict[str, _Words] = {
    "statement": _Words(
        "银行对账单", "a bank statement", "fundledger reconcile {fund} --statement {file}"
    ),
    "answer": _Words(
        "银行回盘文件",
        "a bank's answer",
        "fundledger batch result {fund} BATCH {file} --bank BANK …",
    ),
    "list": _Words(
        "部门的发放清单", "a unit's list", "fundledger batch check {fund} {file} --unit UNIT"
    ),
}
_OTHERS: dict[str, tuple[str, str]] = {
    "sent": ("本单位的送盘文件（代发文件）", "our own file for the bank"),
    "cover": ("本单位的代发交接单", "our own cover sheet of a file for the bank"),
    "pdf": (" PDF 文件", "a PDF"),
    "picture": ("图片", "a picture"),
}
_GET: dict[Kind, tuple[str, str]] = {
    "statement": (
        "从网银导出账户交易明细（xlsx、csv 或 camt.053）",
        "Export the account's transactions from the bank (xlsx, csv or camt.053)",
    ),
    "answer": (
        "银行处理以后另有回盘结果，从网银下载那一份",
        "The bank answers with a file of its own once it has paid; download that",
    ),
    "list": (
        "请交清单的部门提供 .xlsx 或 .csv 清单",
        "Have the unit hand in the list as .xlsx or .csv",
    ),
}
_MAGIC: tuple[tuple[bytes, Other], ...] = (
    (b"%PDF", "pdf"),
    (b"\xff\xd8\xff", "picture"),
    (b"\x89PNG", "picture"),
)
_WORKBOOKS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = b"\xff\xfe", b"\xfe\xff"
_FEWEST = 3


@contextmanager
def given_as(wanted: Kind, session: Session, fund: str, files: Iterable[str]) -> Iterator[None]:
    """Say of files that are refused in here what else they are, if their headings leave no doubt.

    Raises:
        InputInvalid: FL949 for each that is of another kind, with what is wrong in the others.

    """
    try:
        yield
    except (InputInvalid, StatementInvalid) as error:
        others = {}
        for file in files:
            kind = _kind_of(Path(file), session, fund)
            told = wanted == "statement" and kind == "pdf"  # FL804 says so
            if kind is not None and kind != wanted and not told:
                others[Path(file).name] = kind
        if not others:
            raise
        found = [_told(name, kind, wanted, fund) for name, kind in others.items()]
        left = [one for one in error.findings if not one.subject.startswith(tuple(others))]
        raise InputInvalid([*found, *left]) from error


def _told(name: str, kind: Kind | Other, wanted: Kind, fund: str) -> Finding:
    from fundledger.tables.unfit import Reason, unread  # noqa: PLC0415 - only when it is wrong

    other = _KINDS[wanted]
    if kind in _OTHERS:
        zh, en = _OTHERS[kind]
        reason = Reason(f"是{zh}，不是{other.zh}", f"it is {en} and not {other.en}", *_GET[wanted])
        return unread(name, reason)
    is_ = _KINDS[kind]
    command = is_.command.format(fund=fund, file=name)
    reason = Reason(
        f"是{is_.zh}，不是{other.zh}",
        f"it is {is_.en} and not {other.en}",
        f"{is_.zh}用这条命令读入：{command}",
        f"Read {is_.en} with: {command}",
    )
    return unread(name, reason)


def _kind_of(path: Path, session: Session, fund: str) -> Kind | Other | None:
    """Return what a file is by its headings, or None if that is not certain."""
    from fundledger.tables.files import read_bytes  # noqa: PLC0415 - heavy

    with suppress(FundledgerError):
        data = read_bytes(path, _MOST_BYTES)
        magic = next((kind for begin, kind in _MAGIC if data.startswith(begin)), None)
        if magic is not None:
            return magic
        digest = hashlib.sha256(data).hexdigest()
        if any(batch.file == digest for batch in session.books(fund).batches()):
            return "sent"
        return _by_headings(data, path.name, session)
    return None


def _by_headings(data: bytes, name: str, session: Session) -> Kind | Other | None:
    """Return what a file is by its headings; a text may lack the end of its last line."""
    from fundledger.bank.headers import find_header  # noqa: PLC0415 - heavy
    from fundledger.bank.layout import by_words  # noqa: PLC0415 - heavy
    from fundledger.bankfile import load_banks  # noqa: PLC0415 - heavy
    from fundledger.bankfile.cover import TITLE as COVER  # noqa: PLC0415 - heavy
    from fundledger.bankfile.opened import sheets_in  # noqa: PLC0415 - heavy

    kinds: set[Kind] = set()
    whole = data.startswith((*_WORKBOOKS, *_UTF16)) or data.endswith(b"\n")
    sheets, _ = sheets_in(data if whole else data + b"\n", name)
    if any(find_header(sheet, by_words()) for sheet in sheets):
        kinds.add("statement")
    rows = list(_rows(sheets))
    if any(map(_heads_list, rows)):
        kinds.add("list")
    banks = load_banks(session.office.root / "rules")
    if any(_heads_answer(row, bank) for row in rows for bank in banks):
        kinds.add("answer")
    if kinds:
        return kinds.pop() if len(kinds) == 1 else None
    if any(COVER in row for row in rows):
        return "cover"
    return "sent" if any(_heads_sent(row, bank) for row in rows for bank in banks) else None


def _rows(sheets: Sequence[Sheet]) -> Iterator[set[str]]:
    from fundledger.tables.tabular import plain  # noqa: PLC0415 - heavy

    for sheet in sheets:
        for row in sheet.rows[:_HEADING_ROWS]:
            yield {plain(row.cell(index)) for index in row.filled()}


def _heads_list(row: set[str]) -> bool:
    """Whether a row has every heading that a unit's list needs."""
    from fundledger.payment.unitlist import HEADINGS  # noqa: PLC0415 - heavy

    return all(row.intersection(one.words) for one in HEADINGS if one.needed)


def _heads_sent(row: set[str], bank: BankProfile) -> bool:
    """Whether a row has every heading of the file that goes to a bank."""
    from fundledger.tables.tabular import plain  # noqa: PLC0415 - heavy

    headings = {plain(column.heading) for column in bank.out.columns}
    return len(headings) >= _FEWEST and headings <= row


def _heads_answer(row: set[str], bank: BankProfile) -> bool:
    """Whether a row has every heading that a bank's answer needs, the status among them."""
    from fundledger.tables.tabular import plain  # noqa: PLC0415 - heavy

    needed = [column for column in bank.result.columns if column.needed and column.words]
    said = any(column.field == "status" for column in needed)
    return said and all(row.intersection(map(plain, column.words)) for column in needed)
