"""What can be wrong in an act on a fund or an office, and in how it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bad_input.desk import LINE, NOW, PAID, Act, Desk, Given, Row, gift, sound_draft
from msgspec import structs

from fundledger.ledger import drafts
from fundledger.office import Office
from support.offices import draft

BANK = "Assets:Bank:Dedicated"
LEFT_FEN = 99_700_00
SURROGATE = "\ud800"


def _each(
    what: str, codes: str, make: Callable[[Any], Act], given: dict[str, Any]
) -> Iterator[Row]:
    """Return a row for each value; a value may come with codes of its own."""
    for name, value in given.items():
        yield Row(f"{what} {name}", codes, make(value))


def _keyed(key: Given) -> Act:
    return lambda desk: desk.fund.record(gift(), key=key)


def _closed(month: Given) -> Act:
    return lambda desk: desk.fund.close(month, actor="S05")


def _closed_by(actor: Given) -> Act:
    return lambda desk: desk.fund.close("2026-02", actor=actor)


def _year(year: Given) -> Act:
    return lambda desk: desk.fund.close_year(year, actor="S05", maker="S03", reviewer="S01")


def _signed_year(maker: Given) -> Act:
    return lambda desk: desk.fund.close_year(2026, actor="S05", maker=maker, reviewer="S01")


def _asserted(**changes: Given) -> Act:
    said = {"account": BANK, "on": date(2026, 2, 28), "amount_fen": 1, "actor": "S01", **changes}
    return lambda desk: desk.fund.assert_balance(**said)


def _reversed(**changes: Given) -> Act:
    said = {"ref": PAID, "on": date(2026, 3, 1), "maker": "S03", "reviewer": "S01", **changes}
    return lambda desk: desk.fund.reverse(**said)


def _corrected(ref: Given, right: Given = None) -> Act:
    return lambda desk: desk.fund.correct(ref, gift() if right is None else right)


def _fund(fund_id: Given) -> Act:
    return lambda desk: desk.office.fund(fund_id)


def _checked(fund_id: Given) -> Act:
    return lambda desk: desk.office.check((fund_id,))


def _spent(amount_fen: int, line: tuple[str, str] = LINE) -> Act:
    return lambda desk: desk.fund.record(
        sound_draft(
            drafts.expense(2026, line, amount_fen), NOW.date(), "expense", approval="街批2026-1"
        )
    )


def _encumbered(amount_fen: int) -> Act:
    return lambda desk: desk.moved(*drafts.encumbrance(2026, LINE, amount_fen), event="encumber")


def _reverse_more(desk: Desk) -> object:
    """Reverse the payment of 300.00 with 300.01."""
    larger = tuple(
        structs.replace(posting, signed_fen=-posting.signed_fen, red=True)
        for posting in drafts.expense(2026, LINE, 300_01)
    )
    return desk.fund.record(draft(larger, event="reversal", reverses=PAID, attachments=0))


def _owing(desk: Desk) -> object:
    return desk.moved(*drafts.owed(2026, LINE, "Tekun", 1), event="interfund")


def _errors_of_the_office(desk: Desk) -> object:
    found = desk.office.check(as_of=NOW.date()).findings
    return tuple(finding for finding in found if finding.code.startswith("FL1"))


IDS = {
    "../x": "../x",
    "absolute": "/etc/passwd",
    "of a device": "CON",
    "with a trailing dot": "dibao.",
    "with a slash": "dibao/",
    "of 300 letters": "x" * 300,
    "with NUL": "dibao\0",
    "with a line end": "dibao\n",
    "with a Cyrillic letter": "dib\u0430o",
    "of full-width letters": "ｄｉｂａｏ",
    "in capitals": "DIBAO",
    "empty": "",
    "of one dot": ".",
    "of two dots": "..",
    "with a surrogate": SURROGATE,
    "missing": None,
    "as a number": 5,
}
REFERENCES = {
    "that is not there": "2026-02-0009",
    "empty": "",
    "of a path": "../../x",
    "with NUL": "\0",
    "with a line end": f"{PAID}\n",
    "in full-width digits": "2026-02-０001",
    "of 10,000 letters": "x" * 10_000,
}
NO_TEXTS = {"missing": None, "as a number": 5, "as a list": [PAID], "with a surrogate": SURROGATE}

ROWS: list[Row] = [
    *_each(
        "key",
        "FL909",
        _keyed,
        {
            "empty": "",
            "as a number": 5,
            "of bytes": b"k",
            "of a tuple": ("k",),
            "with NUL": "k\0",
            "with a line end": "k\n",
            "with a surrogate": SURROGATE,
            "of 513 letters": "k" * 513,
        },
    ),
    Row("key used for other content", "FL904", _keyed("FIRST")),
    Row(
        "key used for another act",
        "FL904",
        lambda desk: desk.fund.close("2026-02", actor="S05", key="FIRST"),
    ),
    *_each(
        "draft",
        "FL909",
        lambda given: lambda desk: desk.fund.record(given),
        {
            "missing": None,
            "as a number": 5,
            "as a text": "x",
            "none": [],
            "and nothing": [gift(), None],
        },
    ),
    *_each(
        "draft to examine",
        "FL909",
        lambda given: lambda desk: desk.fund.examine(given),
        {"missing": None, "of an amount as text": gift(postings=((BANK, "1", False),))},
    ),
    Row(
        "second of two drafts", "FL311", lambda desk: desk.fund.record((gift(), gift(narration="")))
    ),
    *_each(
        "month",
        "FL903",
        _closed,
        {
            "13": "2026-13",
            "00": "2026-00",
            "of one digit": "2026-3",
            "of a day": "2026-02-01",
            "of a week": "2026-W05",
            "without": "2026",
            "empty": "",
            "missing": None,
            "as a number": 202602,
            "as a date": date(2026, 2, 1),
            "in Arabic-Indic digits": "٢٠٢٦-02",
            "with a line end": "2026-02\n",
            "of the year 9999": "9999-12",
            "of the year 0000": "0000-01",
            "of the year 0001": "0001-01",
        },
    ),
    *_each(
        "month",
        "FL320",
        _closed,
        {
            "closed already": "2026-01",
            "running": "2026-11",
            "to come": "2027-01",
            "skipping one": "2026-03",
        },
    ),
    *_each("month closed by", "FL909", _closed_by, NO_TEXTS),
    *_each(
        "month closed by",
        "FL323",
        _closed_by,
        {"a maker": "S03", "nobody": "", "a name": "某某", "a code with a line end": "S05\n"},
    ),
    *_each(
        "year",
        "FL929",
        _year,
        {
            "as text": "2026",
            "with a point": 2026.0,
            "true": True,
            "missing": None,
            "0": 0,
            "-1": -1,
            "1": 1,
            "9999": 9999,
            "of 5,000 digits": 10**5000,
        },
    ),
    Row("year that is over not yet", "FL312 FL320", _year(2026)),
    *_each("year signed by", "FL909", _signed_year, NO_TEXTS),
    *_each("assertion about", "FL909", lambda v: _asserted(account=v), NO_TEXTS),
    *_each(
        "assertion about",
        "FL322",
        lambda v: _asserted(account=v),
        {
            "an account unknown": "Assets:Nosuch",
            "an account with a line more": f"{BANK}\n2026",
            "": "",
        },
    ),
    *_each(
        "assertion on",
        "FL909",
        lambda v: _asserted(on=v),
        {"a day as text": "2026-02-28", "a moment": NOW, "no day": None},
    ),
    *_each(
        "assertion on",
        "FL322",
        lambda v: _asserted(on=v),
        {
            "tomorrow": date(2026, 11, 3),
            "a day before the fund": date(2024, 12, 31),
            "0001": date.min,
        },
    ),
    Row("assertion on 9999-12-31", "FL602", _asserted(on=date.max)),
    *_each(
        "assertion of",
        "FL909",
        lambda v: _asserted(amount_fen=v),
        {
            "a text": "1.00",
            "a float": 1.0,
            "a bool": True,
            "nothing": None,
            "2**63": 2**63,
            "10**5000": 10**5000,
        },
    ),
    *_each(
        "assertion of",
        "FL902",
        lambda v: _asserted(amount_fen=v),
        {"10**15": 10**15, "-10**15": -(10**15)},
    ),
    *_each("assertion by", "FL909", lambda v: _asserted(actor=v), NO_TEXTS),
    *_each("assertion by", "FL323", lambda v: _asserted(actor=v), {"a maker": "S03", "nobody": ""}),
    *_each(
        "assertion from",
        "FL909",
        lambda v: _asserted(document=v),
        {
            "no digest": "x",
            "a line end": "a" * 64 + "\n",
            "a number": 5,
            "a surrogate": SURROGATE,
            "None": None,
        },
    ),
    *_each("reversal of a reference", "FL911", lambda v: _reversed(ref=v), REFERENCES),
    *_each("reversal of a reference", "FL909", lambda v: _reversed(ref=v), NO_TEXTS),
    *_each(
        "reversal on",
        "FL909",
        lambda v: _reversed(on=v),
        {"a day as text": "2026-03-01", "a moment": NOW, "no day": None},
    ),
    *_each("reversal by", "FL909", lambda v: _reversed(maker=v), NO_TEXTS),
    Row("reversal before the voucher", "FL306 FL506", _reversed(on=date(2026, 2, 2))),
    Row("reversal in a closed month", "FL306 FL307 FL506", _reversed(on=date(2026, 1, 31))),
    Row("reversal in another year", "FL306 FL312", _reversed(on=date(2027, 1, 1))),
    Row("reversal by its reviewer", "FL304 FL315", _reversed(maker="S01")),
    Row("reversal of a reversal", "FL306", _reversed(ref="2026-03-0001"), _reversed()),
    Row("reversal a second time", "FL306 FL506", _reversed(), _reversed()),
    Row("reversal larger by a fen", "FL306 FL506", _reverse_more),
    *_each("correction of a reference", "FL911", _corrected, REFERENCES),
    *_each("correction of a reference", "FL909", _corrected, NO_TEXTS),
    *_each(
        "correction by", "FL909", lambda v: _corrected(PAID, v), {"a list": [gift()], "a text": "x"}
    ),
    Row("correction that is unclean", "FL311", _corrected(PAID, gift(narration="a\0"))),
    *_each("fund", "FL030", _fund, IDS),
    *_each("check of a fund", "FL030", _checked, {"../x": "../x", "of one dot": "."}),
    *_each(
        "check as of",
        "FL909",
        lambda v: lambda desk: desk.fund.check(v),
        {"a day as text": "2026-03-01", "a moment": NOW, "a number": 20260301},
    ),
    Row("office that is not there", "FL912", lambda desk: Office(desk.root / "nosuch")),
    Row("office that is a file", "FL912", lambda desk: Office(desk.root / "rules" / "funds.toml")),
    Row("office without rules", "FL912", lambda desk: Office(desk.tray)),
    Row("office whose path has NUL", "FL912", lambda _: Office(Path("\0"))),
    Row("office whose path is a surrogate", "FL912", lambda _: Office(Path(SURROGATE))),
    Row("expense a fen over the budget", "FL402 FL502", _spent(LEFT_FEN + 1)),
    Row("expense a fen over, of all that was left", "FL402 FL502", _spent(1), _spent(LEFT_FEN)),
    Row("budget set aside a fen over", "FL502", _encumbered(LEFT_FEN + 1)),
    Row("budget set aside when all is", "FL502", _encumbered(1), _encumbered(LEFT_FEN)),
    Row(
        "budget allotted a fen over the money",
        "FL505",
        lambda desk: desk.moved(*drafts.allotment(2026, LINE, 1), event="allot"),
        lambda desk: desk.moved(*drafts.adoption(2026, LINE, 1), event="supplement"),
    ),
    Row(
        "budget allotted a fen over what was adopted",
        "FL505 FL506",
        lambda desk: desk.moved(*drafts.allotment(2026, LINE, 1), event="allot"),
    ),
    Row("expense outside the fund's purpose", "FL202 FL501 FL502", _spent(1, ("CASC", "Tekun"))),
    Row("due that the other fund knows nothing of", "FL102 FL105", _errors_of_the_office, _owing),
]
