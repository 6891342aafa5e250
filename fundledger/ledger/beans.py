"""The one door to beancount: books read back by it, apart from us, to prove that it sees the same.

Only text that `ledger.screen` let through goes in, as one string without includes, into a child
process with limits on memory and time.  No plugin, cache or foreign path is reached from there.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any

from fundledger.errors import FundledgerError, InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.apart import LIMITS, Limits, apart
from fundledger.ledger.asserted import mornings
from fundledger.ledger.books import Books
from fundledger.ledger.disk import RealDisk
from fundledger.ledger.screen import Part, Screened, includes, screened
from fundledger.ledger.text import BALANCES, BOOK
from fundledger.ledger.voucher import Posting, Voucher
from fundledger.money import format_fen

_ERRORS_LIMIT = 20
_MESSAGE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Sight:
    """What beancount sees in a book: vouchers, fen by account, failing assertions, errors.

    `off_fen` is by account and the morning of the assertion: what there is less what was said.
    """

    transactions: int
    balances_fen: Mapping[str, int]
    off_fen: Mapping[tuple[str, str], int]
    errors: tuple[tuple[str, int, str], ...]


def read_vouchers(text: str, name: str = "book", limits: Limits = LIMITS) -> list[Voucher]:
    """Return the vouchers of the text of a month's book in its order, as beancount parses it.

    Raises:
        InputInvalid: FL309, FL310, FL61x, all that is wrong with the text.

    """
    month = screened(name, text.encode(), Part.MONTH)
    if month.findings:
        raise InputInvalid(month.findings)
    told = apart("vouchers", month.text, limits, name)
    wrong = [
        Finding("FL615", name, {"line": line, "text": message}) for line, message in told["errors"]
    ]
    vouchers = []
    for line, values in sorted(told["vouchers"], key=itemgetter(0)):
        try:
            vouchers.append(_voucher(values))
        except KeyError as error:
            wrong.append(Finding("FL615", name, {"line": line, "text": f"{error.args[0]}: ?"}))
        except (ValueError, TypeError, FundledgerError) as error:
            wrong.append(Finding("FL615", name, {"line": line, "text": str(error)}))
    if wrong:
        raise InputInvalid(wrong)
    return vouchers


def sight(root: Path, limits: Limits = LIMITS) -> Sight:
    """Return what beancount sees in the book of the fund whose directory is `root`.

    Raises:
        InputInvalid: FL309, FL310, FL61x, all that keeps the book from beancount.

    """
    disk = RealDisk(root)
    try:
        main = _file(disk, BOOK, limits)
        names = includes(main.text)
        parts = [(BOOK, main), *((name, _file(disk, name, limits)) for name in names)]
    finally:
        disk.close()
    findings = [finding for _, part in parts for finding in part.findings]
    if findings:
        raise InputInvalid(findings)
    texts = [part.text for _, part in parts]
    texts[0] = "".join(
        f"; {line}" if line.startswith("include ") else line
        for line in main.text.splitlines(keepends=True)
    )
    told = apart("balances", "".join(texts), limits, BOOK)
    places = list(_places([name for name, _ in parts], texts))
    return Sight(
        told["transactions"],
        dict(told["balances_fen"]),
        {(account, day): off_fen for account, day, off_fen in told["off_fen"]},
        tuple((*_place(places, line), message) for line, message in told["errors"]),
    )


def compare(root: Path, books: Books, limits: Limits = LIMITS) -> list[Finding]:
    """Return where beancount, reading a fund's book, differs from the journal's state `books`.

    FL609 for each difference of a fen, a voucher or an assertion, and each error that beancount
    tells; FL309, FL310, FL61x where the book does not get as far as beancount.
    """
    if books.chart is None:
        return []
    try:
        seen = sight(root, limits)
    except InputInvalid as refusal:
        return [finding.at(fund=books.fund) for finding in refusal.findings]
    vouchers = sum(1 for _ in books.places.rows())
    ours_fen = {name: books.fen(name) for name in books.account_names()}
    off_fen = dict(_off(books))
    differences = [
        (BOOK, "transactions", str(vouchers), str(seen.transactions)),
        *_apart("balance", ours_fen, seen.balances_fen),
        *_apart(
            "assertion",
            {f"{account} {day}": fen for (account, day), fen in off_fen.items()},
            {f"{account} {day}": fen for (account, day), fen in seen.off_fen.items()},
        ),
        *((f"{file}:{line}", "error", "-", message) for file, line, message in seen.errors),
    ]
    return [
        Finding("FL609", subject, {"reason": reason, "ours": ours, "theirs": theirs}, books.fund)
        for subject, reason, ours, theirs in differences
        if ours != theirs
    ]


def _apart(
    reason: str, ours_fen: Mapping[str, int], theirs_fen: Mapping[str, int]
) -> Iterator[tuple[str, str, str, str]]:
    for subject in sorted({*ours_fen, *theirs_fen}):
        ours, theirs = ours_fen.get(subject, 0), theirs_fen.get(subject, 0)
        yield subject, reason, format_fen(ours), format_fen(theirs)


def _off(books: Books) -> Iterator[tuple[tuple[str, str], int]]:
    """The assertions that fail by the journal, with beancount's mornings: booked less due."""
    for day, account, due_fen, _ in mornings(books.asserted(), dict(books.emptied.rows())):
        on = date.fromisoformat(day)
        off_fen = books.fen(account, on) - due_fen
        if off_fen:
            yield (account, (on + timedelta(days=1)).isoformat()), off_fen


def _file(disk: RealDisk, name: str, limits: Limits) -> Screened:
    reason = ""
    try:
        size = disk.size(name)
        if size is None:
            reason = "missing"
        elif size > limits.file_bytes:
            reason = "large"
        else:
            part = {BOOK: Part.MAIN, BALANCES: Part.BALANCES}.get(name, Part.MONTH)
            return screened(name, disk.read(name), part)
    except InputInvalid:
        reason = "special"
    except OSError as error:
        reason = error.strerror or "OSError"
    return Screened("", (Finding("FL612", name, {"reason": reason}),))


def _places(names: list[str], texts: list[str]) -> Iterator[tuple[int, str]]:
    line = 0
    for name, text in zip(names, texts, strict=True):
        yield line, name
        line += text.count("\n")


def _place(places: list[tuple[int, str]], line: int) -> tuple[str, int]:
    start, name = max((place for place in places if place[0] < line), default=(0, BOOK))
    return name, line - start


def _voucher(values: dict[str, Any]) -> Voucher:
    """Return the voucher of a transaction as `render_voucher` wrote it."""
    known = dict(values["fields"])
    month, _, number = values["link"].rpartition("-")
    if month != values["date"][:7]:
        raise ValueError(values["link"])
    return Voucher(
        number=int(number),
        date=date.fromisoformat(values["date"]),
        narration=values["narration"],
        event=known["event"],
        maker=known["maker"],
        reviewer=known["reviewer"],
        attachments=int(known["attachments"]),
        postings=tuple(
            Posting(account, signed_fen, red) for account, signed_fen, red in values["postings"]
        ),
        poster=known.get("poster"),
        cashier=known.get("cashier"),
        approval=known.get("approval"),
        documents=tuple(known.get("documents", "").split()),
        links=tuple(known.get("links", "").split()),
        reverses=known.get("reverses"),
        corrects=known.get("corrects"),
        closing=known.get("closing", False),
    )


def child(task: str, memory_bytes: str, seconds: str) -> None:
    """Read text from standard input, and write what beancount makes of it as JSON.

    `vouchers`: each transaction, and the errors; `balances`: what a full load sums up to.
    """
    import beancount.loader  # noqa: PLC0415, F401 - its modules are read before the limits hold

    text = sys.stdin.buffer.read().decode()
    for limit, most in (
        (resource.RLIMIT_AS, int(memory_bytes)),
        (resource.RLIMIT_CPU, int(seconds)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    told = _vouchers(text) if task == "vouchers" else _balances(text)
    sys.stdout.write(json.dumps(told))


def _vouchers(text: str) -> dict[str, Any]:
    from beancount.core.data import Transaction  # noqa: PLC0415 - the parent does without
    from beancount.parser.parser import parse_string  # noqa: PLC0415 - the parent does without

    entries, errors, _ = parse_string(text)
    vouchers = []
    for entry in entries:
        if not isinstance(entry, Transaction):
            continue
        fields = {
            key: value
            for key, value in entry.meta.items()
            if key not in {"filename", "lineno"} and not key.startswith("__")
        }
        postings = [
            (p.account, _fen(p.units.number), "red" in (p.meta or {}))
            for p in entry.postings
            if p.units is not None
        ]
        values = {
            "date": entry.date.isoformat(),
            "narration": entry.narration,
            "link": "".join(entry.links),
            "fields": fields,
            "postings": postings,
        }
        vouchers.append((entry.meta["lineno"], values))
    return {"vouchers": vouchers, "errors": _told(errors)}


def _balances(text: str) -> dict[str, Any]:
    from beancount.core.data import Balance, Transaction  # noqa: PLC0415 - the parent does without
    from beancount.loader import load_string  # noqa: PLC0415 - the parent does without

    entries, errors, _ = load_string(text)
    sums_fen: dict[str, int] = {}
    transactions = 0
    off = []
    for entry in entries:
        if isinstance(entry, Transaction):
            transactions += 1
            for posting in entry.postings:
                if posting.units is not None:
                    name = posting.account
                    sums_fen[name] = sums_fen.get(name, 0) + _fen(posting.units.number)
        elif isinstance(entry, Balance) and entry.diff_amount is not None:
            off.append((entry.account, entry.date.isoformat(), _fen(entry.diff_amount.number)))
    return {
        "transactions": transactions,
        "balances_fen": list(sums_fen.items()),
        "off_fen": off,
        "errors": _told(e for e in errors if not e.message.startswith("Balance failed for ")),
    }


def _fen(number: Decimal | None) -> int:
    """Return yuan as fen; `screen` lets two decimals through and no more."""
    return 0 if number is None else int(number * 100)


def _told(errors: Any) -> list[tuple[int, str]]:  # noqa: ANN401 - beancount has no type for them
    return [
        (error.source["lineno"], error.message.split("\n")[0][:_MESSAGE_LENGTH])
        for _, error in zip(range(_ERRORS_LIMIT), errors, strict=False)
    ]
