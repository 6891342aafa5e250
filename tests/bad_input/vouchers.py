"""What can be wrong in a voucher that a program hands in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from bad_input.desk import LINE, NOW, Desk, Row, fields

import fundledger
from fundledger.ledger import drafts
from fundledger.ledger.voucher import Posting, credit, debit

BANK = "Assets:Bank:Dedicated"
GIFT = "Income:Donation"
PHONE = "13" + "0" * 9
CARD = "6222" + "0" * 15
PERSON = "310101" + "19900101" + "123X"

AMOUNTS = (
    "",
    " 5 ",
    "+5",
    "--1",
    ".5",
    "5.",
    "00",
    "01",
    "1.005",
    "1,000",
    "1,,000",
    "1.000,00",
    "1 000",
    "1_000",
    "1e5",
    "1E-2",
    "0x10",
    "1/3",
    "1/0",
    "=1+1",
    "-0",
    "-0.00",
    "NaN",
    "Infinity",
    "１００",
    "١٠٠",
    "\u22125",
    "壹佰",
    "¥5",
    "5元",
    "1.5万元",
    "5\n",
    "5\0",
    "5\u200b",
    "\ud800",
)
TOO_LARGE = ("12345678901234", "9" * 5_000)
NO_AMOUNTS = (1.0, 0.1, float("nan"), True, None, b"5", [1])

TEXTS = {
    "empty": "",
    "of spaces": "   ",
    "of an ideographic space": "\u3000",
    "with NUL": "a\0b",
    "with CR": "a\rb",
    "with LF": "a\nb",
    "with TAB": "a\tb",
    "with ESC": "a\x1b[2Jb",
    "with a line separator": "a\u2028b",
    "with bidi override": "a\u202eb",
    "with bidi isolate": "a\u2066b",
    "with zero width space": "a\u200bb",
    "with BOM": "\ufeffa",
    "with a no-break space": "a\u00a0b",
    "with a soft hyphen": "a\u00adb",
    "with a tag character": "a\U000e0041",
    "with a private character": "a\ue000",
    "with an unseen filler": "a\u3164",
    "of blank braille": "\u2800",
    "with a variation selector": "a\ufe0f",
    "in NFD": "Cafe\u0301",
    "of 513 characters": "长" * 513,
}
PERSONAL = {
    "with an identity number": f"发给{PERSON}",
    "with an old identity number": f"发给{PERSON[:6]}{PERSON[8:17]}",
    "with a phone number": f"电话{PHONE}",
    "with a phone number in groups": f"电话{PHONE[:3]} {PHONE[3:7]}-{PHONE[7:]}",
    "with a bank card": f"卡号{CARD}",
    "with a bank card in groups": "卡号" + " ".join(CARD[n : n + 4] for n in range(0, 19, 4)),
    "with a full-width phone number": "".join(chr(ord(digit) + 0xFEE0) for digit in PHONE),
    "with a phone number in full-width groups": f"{PHONE[:3]}\uff0d{PHONE[3:7]}\uff0d{PHONE[7:]}",
    "with an Arabic-Indic phone number": "".join(chr(ord(digit) + 0x630) for digit in PHONE),
}
ACCOUNTS = {
    "empty": "",
    "with a Cyrillic letter": "Assets:B\u0430nk:Dedicated",
    "in NFD": "Assets:Cafe\u0301",
    "with zero width": "Assets:Cash\u200b",
    "with a full-width digit": "Assets:Cash\uff11",
    "of full-width letters": "Ａｓｓｅｔｓ:Cash",
    "in small letters": "assets:cash",
    "beginning in Chinese": "资产:现金",
    "with a line more": f"{BANK}\n  {BANK}",
    "with a line end": f"{BANK}\n",
    "with NUL": "Assets:\0",
    "with a quote": 'Assets:Ca"sh',
    "of 10,000 letters": "Assets:" + "A" * 10_000,
    "that the chart has not": "Assets:Nosuch",
    "due from itself": "Assets:DueFrom:Fund:Dibao",
    "due from a fund unknown": "Assets:DueFrom:Fund:Nosuch",
    "of a budget in full-width digits": "Equity:Budget:２０２６:Available:CASC:Dibao",
    "of a budget without category": "Equity:Budget:2026:Available:CASC",
}


def _amount(given: object, name: str = "yuan") -> Callable[[Desk], object]:
    def act(desk: Desk) -> object:
        amount: dict[str, Any] = {name: given}
        sides = (fundledger.debit(BANK, **amount), fundledger.credit(GIFT, **amount))
        return desk.moved(*sides, event="donation")

    return act


def _postings(codes: str, given: str, *postings: object, event: str = "donation") -> Row:
    def act(desk: Desk) -> object:
        return desk.record(postings=postings, event=event)

    return Row(given, codes, act)


def _shown(given: object) -> str:
    return ascii(given)[:24]


ROWS: list[Row] = [
    *(Row(f"amount {_shown(given)}", "FL901", _amount(given)) for given in AMOUNTS),
    *(Row(f"amount {_shown(given)}", "FL902", _amount(given)) for given in TOO_LARGE),
    *(
        Row(f"amount {_shown(given)}", "FL952", _amount(given))
        for given in (*NO_AMOUNTS, 500, Decimal("5.00"))
    ),
    *(
        Row(f"fen {_shown(given)}", "FL952", _amount(given, "fen"))
        for given in (*NO_AMOUNTS, "500", Decimal(500))
    ),
    *fields("FL311", narration=TEXTS.items(), approval=list(TEXTS.items())[3:]),
    *fields("FL205", narration=PERSONAL.items(), approval=list(PERSONAL.items())[:3]),
    *fields(
        "FL909",
        narration=[("missing", None), ("of bytes", b"x"), ("with a surrogate", "\ud800")],
        date=[("as text", "2026-03-05"), ("with a time", NOW), ("missing", None)],
        attachments=[
            ("below zero", -1),
            ("true", True),
            ("with a point", 1.0),
            ("of a million", 1_000_000),
            ("missing", None),
        ],
        closing=[("as a number", 1)],
        event=[("missing", None)],
        maker=[("missing", None), ("with a surrogate", "\udcff")],
        reviewer=[("as a number", 1)],
        reverses=[("as a number", 5), ("empty", "")],
        corrects=[("empty", "")],
        links=[("as a list", ["a"]), ("as a text", "abc")],
        documents=[("as a set", {"a" * 64})],
        postings=[
            ("none", ()),
            ("of a float", (Posting(BANK, 1.0), Posting(GIFT, -1.0))),  # type: ignore[arg-type]
            ("of a bool", (Posting(BANK, True), Posting(GIFT, -1))),  # noqa: FBT003 - the fault
            ("of plain tuples", ((BANK, 1, False), (GIFT, -1, False))),
            ("of dicts", ({"account": BANK},)),
            ("beyond 64 bits", (Posting(BANK, 2**63), Posting(GIFT, -(2**63)))),
            ("of 5,000 digits", (Posting(BANK, 10**5000), Posting(GIFT, -(10**5000)))),
            ("with red as a number", (Posting(BANK, 1, 1), Posting(GIFT, -1))),  # type: ignore[arg-type]
            ("on a surrogate", (debit("Assets:\ud800", 1), credit(GIFT, 1))),
            ("on no account", (Posting(None, 1), Posting(GIFT, -1))),  # type: ignore[arg-type]
        ],
    ),
    *fields("FL303", attachments=[("none", 0)]),
    *fields(
        "FL311",
        links=[
            ("empty", ("",)),
            ("in Chinese", ("链接",)),
            ("with a line end", ("a\n",)),
            ("with a line more", ('a"\n  x: "y',)),
            ("with a blank", ("a b",)),
            ("with a caret", ("^a",)),
            ("of 65 letters", ("a" * 65,)),
        ],
        documents=[
            ("that are no digest", ("x",)),
            ("in capitals", ("A" * 64,)),
            ("with a line end", ("a" * 64 + "\n",)),
            ("of quotes", ('"' * 64,)),
        ],
    ),
    *fields("FL205", links=[("with a phone number", (PHONE,))]),
    *fields(
        "FL315",
        maker=[
            ("empty", ""),
            ("by name", "某某"),
            ("unknown", "S99"),
            ("in full-width digits", "S０3"),
            ("with a quote and a line", 'S03"\n  x: "y'),
            ("of another role", "S05"),
        ],
        reviewer=[("in small letters", "s01")],
        poster=[("empty", ""), ("with a blank", "S05 ")],
        cashier=[("of another role", "S05")],
    ),
    *fields("FL304 FL315", maker=[("that is the reviewer", "S01")]),
    Row(
        "poster that is the cashier",
        "FL305 FL315",
        lambda desk: desk.record(poster="S06", cashier="S06"),
    ),
    *fields(
        "FL319",
        event=[
            ("unknown", "gift"),
            ("empty", ""),
            ("with a line more", 'donation"\n  x: "y'),
            ("of 1,000 letters", "x" * 1_000),
        ],
    ),
    *fields("FL318", closing=[("of an ordinary voucher", True)], event=[("year-end", "year-end")]),
    *fields("FL306", reverses=[("none there is", "2026-02-0009"), ("no reference", 'a"\n')]),
    *fields("FL313", corrects=[("none there is", "2026-02-0009"), ("with a line end", "x\n")]),
    *fields("FL307", date=[("in a closed month", date(2026, 1, 31))]),
    *fields(
        "FL312",
        date=[
            ("tomorrow", date(2026, 11, 3)),
            ("of the next year", date(2027, 1, 1)),
            ("the last there is", date.max),
        ],
    ),
    *fields("FL307 FL312", date=[("before the fund", date(2024, 12, 31)), ("0001", date.min)]),
    *(
        _postings("FL101", f"account {given}", debit(account, 1_00), credit(GIFT, 1_00))
        for given, account in ACCOUNTS.items()
    ),
    _postings(
        "FL206",
        "money of another's source",
        *drafts.allocation("UnionDues", 1_00),
        event="allocation",
    ),
    _postings("FL308 FL319", "postings of one line", debit(BANK, 1)),
    _postings("FL308", "postings a fen apart", debit(BANK, 100_00), credit(GIFT, 99_99)),
    _postings("FL319", "postings of zero", debit(BANK, 0), credit(GIFT, 0)),
    _postings("FL319", "postings over the limit", *drafts.donation(10**15)),
    _postings(
        "FL101 FL308 FL503",
        "account of a budget of an unknown kind",
        debit("Equity:Budget:2026:Spent:CASC:Dibao", 1),
        credit(GIFT, 1),
    ),
    _postings(
        "FL202 FL504",
        "account of a category unknown",
        debit("Expenses:CASC:Nosuch", 1),
        credit(BANK, 1),
        event="expense",
    ),
    _postings(
        "FL202 FL504",
        "account of another unit's category",
        debit("Expenses:CSO:Dibao", 1),
        credit(BANK, 1),
        event="expense",
    ),
    _postings(
        "FL501 FL502 FL508",
        "budget of another year",
        *drafts.expense(2025, LINE, 1),
        event="expense",
    ),
    _postings(
        "FL308 FL314 FL503",
        "cash for budget",
        debit(BANK, 1),
        credit("Equity:Budget:2026:Approved:CASC:Dibao", 1),
    ),
]
