"""Journals forged with an editor and sha256: the chain holds, the content does not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from bad_input.desk import Act, Desk, Given, Row, call
from bad_input.vouchers import PHONE

from fundledger.ledger.record import frame

BANK = "Assets:Bank:Dedicated"
AT = "2026-11-02T09:30:00+08:00"
VOUCHER = {
    "number": 1,
    "date": "2026-03-05",
    "narration": "x",
    "event": "donation",
    "maker": "S03",
    "reviewer": "S01",
    "attachments": 1,
    "postings": [[BANK, 100, False], ["Income:Donation", -100, False]],
    "poster": "S05",
    "cashier": "S06",
}
ASSERTION = {"account": BANK, "date": "2026-02-05", "amount_fen": 1}
SIGNED = {**ASSERTION, "booked_fen": 1, "statements": ["a" * 64]}
ITEM = {"kind": "book-in", "date": "2026-02-05", "amount_fen": 1, "refs": ["2026-02-0001"]}
CLOSING = {"month": "2026-02", "after": "2026-01", "book_sha256": ""}
YEAR = {"year": 2026, "month": "2026-12", "after": "2026-01", "book_sha256": ""}
RECORD = {
    "sequence": 5,
    "at": AT,
    "actor": "S05",
    "kind": "voucher",
    "key": "k",
    "request": "r",
    "body": {},
    "vouchers": [VOUCHER],
}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _written(**changes: Given) -> str:
    return _text({**RECORD, **changes})


def _voucher(**changes: Given) -> str:
    return _written(vouchers=[{**VOUCHER, **changes}])


def _amount(amount: Given) -> str:
    return _voucher(postings=[[BANK, amount, False], ["Income:Donation", -100, False]])


def _account(account: Given) -> str:
    return _voucher(postings=[[account, 100, False], ["Income:Donation", -100, False]])


def _of(kind: str, body: dict[str, Any], **changes: Given) -> str:
    return _written(kind=kind, body={**body, **changes}, vouchers=[])


def _spelled(one: str, other: str, text: str = "") -> str:
    """Return a record with a part of its text spelled otherwise."""
    text = text or _written()
    assert text.count(one) == 1
    return text.replace(one, other)


def forged(content: bytes | str) -> Act:
    """Return what appends a chained line of this content to the journal."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")

    def act(desk: Desk) -> None:
        segment = max((desk.folder / "journal").iterdir())
        last = frame(segment.read_bytes().splitlines(keepends=True)[-1])
        assert last is not None
        digest = hashlib.sha256(last[0].encode() + data).hexdigest()
        with segment.open("ab") as file:
            file.write(b'{"sha256":"%b","record":%b}\n' % (digest.encode(), data))

    return act


# The record cannot be read at all, so nothing more is written after it.
BROKEN: dict[str, bytes | str] = {
    "nonsense": b"nonsense",
    "an empty object": b"{}",
    "an array": b"[]",
    "null": b"null",
    "a byte that is no UTF-8": b'{"x":"\xff"}',
    "an object 5,000 deep": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "a body 2,000 deep": _spelled('"body":{}', '"body":' + '{"a":' * 2_000 + "1" + "}" * 2_000),
    "100,000 keys": b'{"a":1' + b',"a":1' * 100_000 + b"}",
    "a key unknown": _spelled('"sequence":5', '"sequence":5,"x":1'),
    "a key twice": _spelled('"sequence":5', '"sequence":5,"sequence":5'),
    "keys in another order": _spelled('"key":"k","request":"r"', '"request":"r","key":"k"'),
    "a blank too many": _spelled('"sequence":5', '"sequence": 5'),
    "a letter escaped": _spelled('"key":"k"', '"key":"\\u006b"'),
    "a lone surrogate escaped": _spelled('"narration":"x"', '"narration":"\\ud800"'),
    "a lone surrogate": _spelled('"narration":"x"', '"narration":"\ud800"'),
    "a TAB": _spelled('"narration":"x"', '"narration":"a\tb"'),
    "an empty body for none": _spelled('"reviewer":"S01"', '"reviewer":"S01","poster":null'),
    "a sequence that jumps": _written(sequence=6),
    "a sequence again": _written(sequence=4),
    "a sequence below zero": _written(sequence=-1),
    "a sequence as text": _written(sequence="5"),
    "a sequence with a point": _written(sequence=5.0),
    "a sequence that is true": _written(sequence=True),
    "a kind unknown": _written(kind="gift"),
    "a time that is none": _written(at="yesterday"),
    "no time": _written(at=""),
    "a time of the day's head only": _written(at="2026-11-02Tnonsense"),
    "a time without its offset": _written(at=AT[:19]),
    "a time in short": _written(at="20261102T093000+0800"),
    "a time at 25 hours": _written(at="2026-11-02T25:30:00+08:00"),
    "a time in month 13": _written(at="2026-13-02T09:30:00+08:00"),
    "a time with a line end": _written(at=AT + "\n"),
    "a time in Arabic-Indic digits": _written(at="٢٠٢٦-11-02T09:30:00+08:00"),
    "no actor": _written(actor=None),
    "a key as a number": _written(key=5),
    "a body that is a list": _written(body=[]),
    "a voucher with a body": _written(body={"x": 1}),
    "vouchers that are none": _written(vouchers=None),
    "a voucher with a key more": _voucher(x=1),
    "a voucher with a default told": _voucher(closing=False),
    "a voucher's number that is true": _voucher(number=True),
    "a voucher's day that is none": _voucher(date="2026-02-30"),
    "a voucher's day with slashes": _voucher(date="2026/03/05"),
    "a voucher's day with a time": _voucher(date="2026-03-05T00:00:00"),
    "a voucher's narration of null": _voucher(narration=None),
    "a voucher's papers that are true": _voucher(attachments=True),
    "a voucher's links as a text": _voucher(links="abc"),
    "an amount with a point": _amount(100.0),
    "an amount of NaN": _amount(float("nan")),
    "an amount beyond all": _spelled(",100,", ",1e400,"),
    "an amount that is true": _amount(True),  # noqa: FBT003 - the fault
    "an amount as text": _amount("100"),
    "an amount of minus zero": _spelled(",100,", ",-0,"),
    "an amount of 5,000 digits": _spelled(",100,", f",1{'0' * 5_000},"),
    "an account of null": _account(None),
    "a posting of four": _voucher(postings=[[BANK, 100, False, 1]]),
    "a posting of two": _voucher(postings=[[BANK, 100]]),
    "red ink as a number": _voucher(postings=[[BANK, 100, 1], ["Income:Donation", -100, 0]]),
    "a charter of nothing": _of("charter", {"charter": {}}),
    "a charter of null": _of("charter", {"charter": None}),
    "no charter": _of("charter", {}),
    "a charter with a float": _of("charter", {"charter": {"a": 1.5}}),
    "an assertion of text": _of("assertion", ASSERTION, amount_fen="1"),
    "an assertion with a point": _of("assertion", ASSERTION, amount_fen=1.0),
    "an assertion that is true": _of("assertion", ASSERTION, amount_fen=True),
    "an assertion of nothing": _of("assertion", {}),
    "an assertion with a key more": _of("assertion", ASSERTION, x=1),
    "an assertion on a day that is none": _of("assertion", ASSERTION, date="2026-02-30"),
    "an assertion on the last day of all": _of("assertion", ASSERTION, date="9999-12-31"),
    "an assertion about a number": _of("assertion", ASSERTION, account=5),
    "an assertion from no digest": _of("assertion", ASSERTION, document="x\n"),
    "an assertion that replaces nothing": _of("assertion", ASSERTION, replaces=-1),
    "a signature on nothing": _of("reconciliation", {}),
    "a signature without a statement": _of("reconciliation", SIGNED, statements=[]),
    "a signature on the last day of all": _of("reconciliation", SIGNED, date="9999-12-31"),
    "a signed item with a name": _of(
        "reconciliation", SIGNED, items=[{**ITEM, "refs": ["某某某"]}]
    ),
    "a signed item with a text": _of("reconciliation", SIGNED, items=[{**ITEM, "text": "x"}]),
    "a signed item of nothing": _of("reconciliation", SIGNED, items=[{**ITEM, "refs": []}]),
    "a signed item below zero": _of("reconciliation", SIGNED, items=[{**ITEM, "amount_fen": -1}]),
    "a closing of month 13": _of("close", CLOSING, month="2026-13"),
    "a closing of the year 9999": _of("close", CLOSING, month="9999-12"),
    "a closing of the year 0": _of("close", CLOSING, month="0000-01"),
    "a closing with a line end": _of("close", CLOSING, month="2026-02\n"),
    "a closing of nothing": _of("close", {}),
    "a closing after a number": _of("close", CLOSING, after=1),
    "a year end as text": _of("year-end", YEAR, year="2026"),
    "a year end of 10000": _of("year-end", YEAR, year=10_000),
    "a year end that is true": _of("year-end", YEAR, year=True),
}
# The record can be read, and breaks a check; its book was not written with it.
WRONG: dict[str, tuple[str, str]] = {
    "postings none": ("FL319 FL601", _voucher(postings=[])),
    "one posting": ("FL308 FL319 FL601", _voucher(postings=[[BANK, 100, False]])),
    "postings of zero": (
        "FL319 FL601",
        _voucher(postings=[[BANK, 0, False], ["Income:Donation", 0, False]]),
    ),
    "an amount of 400 digits": ("FL308 FL319 FL601", _amount(10**400)),
    "a fen apart": ("FL308 FL601", _amount(101)),
    "number 0": ("FL302 FL601", _voucher(number=0)),
    "number -5": ("FL302 FL601", _voucher(number=-5)),
    "number 7": ("FL301 FL601", _voucher(number=7)),
    "number of 30 digits": ("FL301 FL601", _voucher(number=10**29)),
    "day 0001": ("FL307 FL312 FL403 FL411 FL601", _voucher(date="0001-01-01")),
    "day 9999": ("FL312 FL601", _voucher(date="9999-12-31")),
    "day in a closed month": ("FL302 FL307 FL601", _voucher(date="2026-01-05")),
    "narration with NUL": ("FL311 FL601", _voucher(narration="\0")),
    "narration with a line more": ("FL311 FL601", _voucher(narration='a"\n2026-01-01 open X')),
    "narration with a phone number": ("FL205 FL601", _voucher(narration=PHONE)),
    "event unknown": ("FL319 FL601", _voucher(event='gift"\n')),
    "maker with a line more": ("FL315 FL601", _voucher(maker='S03"\n  x: "y')),
    "poster empty": ("FL315 FL601", _voucher(poster="")),
    "links with a line more": ("FL311 FL601", _voucher(links=["a\nb"])),
    "documents with a quote": ("FL311 FL601", _voucher(documents=['"'])),
    "reversing nothing": ("FL306 FL601", _voucher(reverses="a\nb")),
    "reversing itself": ("FL306 FL601", _voucher(reverses="2026-03-0001")),
    "correcting nothing": ("FL313 FL601", _voucher(corrects="x")),
    "papers below zero": ("FL303 FL601", _voucher(attachments=-1)),
    "account with a line more": ("FL101 FL601", _account("Assets:Cash\n  x")),
    "account empty": ("FL101 FL601", _account("")),
    "time before the last": ("FL312 FL315 FL601 FL606", _written(at="2020-01-01T00:00:00+08:00")),
    "assertion about nothing": ("FL322 FL401 FL601", _of("assertion", ASSERTION, account="A\nB")),
    "assertion on 0001-01-01": (
        "FL322 FL401 FL403 FL601",
        _of("assertion", ASSERTION, date="0001-01-01"),
    ),
    "assertion of 400 digits": ("FL401 FL601", _of("assertion", ASSERTION, amount_fen=10**400)),
    "a signature on another book": (
        "FL325 FL327 FL401 FL601",
        _of("reconciliation", SIGNED, booked_fen=0, items=[{**ITEM, "kind": "bank-in"}]),
    ),
    "closing with another book": ("FL605", _of("close", CLOSING)),
    "closing after nothing": ("FL320 FL605", _of("close", CLOSING, after="")),
    "year end before its time": ("FL320 FL338", _of("year-end", YEAR)),
}


def _doors(given: str, content: bytes | str) -> Iterator[Row]:
    doors: dict[str, Callable[[Desk], object]] = {
        "checked": lambda desk: desk.look(),
        "folded": lambda desk: desk.fund.books(),
        "recorded into": lambda desk: desk.record(),
    }
    for door, act in doors.items():
        yield Row(f"{given}, {door}", "FL602", act, forged(content))


ROWS: list[Row] = [
    *(row for given, content in BROKEN.items() for row in _doors(given, content)),
    *(
        replace(call(f"{given}, {command[0]} called", "FL602", *command), arrange=forged(content))
        for given, content in list(BROKEN.items())[:8]
        for command in (("check", "dibao"), ("status", "dibao"), ("budget", "status", "dibao"))
    ),
    *(
        Row(f"{given}, checked", codes, lambda desk: desk.look(), forged(content))
        for given, (codes, content) in WRONG.items()
    ),
]
