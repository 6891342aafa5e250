"""What can be wrong in what is typed."""

from __future__ import annotations

from dataclasses import replace

from bad_input.desk import PAID, Desk, Row, call
from bad_input.vouchers import PERSONAL, PHONE

from support.calls import instead

SIGNED = ("--maker", "S03", "--reviewer", "S01")
SAID = (
    "--date",
    "2026-04-01",
    "--narration",
    "一笔",
    "--attachments",
    "1",
    *SIGNED,
    "--cashier",
    "S06",
)
GIFT = ("record", "dibao", "donation", "--amount", "1.00")
BUDGET = (
    *("budget", "adopt", "dibao", *SAID[:2], "--attachments", "1", *SIGNED),
    *("--approval", "例财〔2026〕1号"),
)
BANK = "Assets:Bank:Dedicated"
AMOUNTS = (
    "",
    " 5",
    "+5",
    "1,000",
    "1.005",
    "1e5",
    "１００",
    "壹佰",
    "¥5",
    "5元",
    "1.5万元",
    "NaN",
    "5\0",
)
DAYS = (
    "",
    "2026-02-29",
    "2026-04-31",
    "2026-4-1",
    "2026/04/01",
    "20260401",
    "2026-W14-3",
    "2026-04-01T00:00",
    "04-01-2026",
    "２０２６-04-01",
    "0000-01-01",
    "10000-01-01",
    "2026-04-01\n",
    "today",
)
TEXTS = {
    "NUL": "a\0",
    "LF": "a\nb",
    "ESC": "a\x1b[2J",
    "bidi": "a\u202eb",
    "zero width": "a\u200b",
    "NFD": "e\u0301",
}
IDS = {
    "../x": "../x",
    "NUL": "dibao\0",
    "300 letters": "x" * 300,
    "Cyrillic": "dib\u0430o",
    "undecodable": "\udcff",
}


def _statement(content: bytes, name: str) -> Row:
    def arrange(desk: Desk) -> None:
        (desk.tray / name).write_bytes(content)

    return Row(
        f"statement {name}",
        _STATEMENTS[name],
        lambda desk: desk.call("reconcile", "dibao", "--statement", str(desk.tray / name)),
        arrange,
    )


_STATEMENTS = {"empty.csv": "FL802", "zeros.xlsx": "FL802", "cut.xlsx": "FL808"}


def _document(desk: Desk) -> object:
    return desk.call(*GIFT, *SAID, "--document", str(desk.tray))


def _office(path: str) -> Row:
    def act(desk: Desk) -> object:
        return replace(desk, root=desk.root / path).call("status")

    return Row(f"office {path[:20]!a}", "FL912", act)


ROWS: list[Row] = [
    *(call(f"--amount {text!a}", "FL901", *GIFT[:4], text, *SAID) for text in AMOUNTS),
    call("--amount -0.01", "FL928", *GIFT[:4], "-0.01", *SAID),
    call("--amount over the limit", "FL902", *GIFT[:4], "1" + "0" * 13, *SAID),
    call("--debit with an amount in words", "FL901", *GIFT[:3], "--debit", f"{BANK}=壹元", *SAID),
    call("--line with a thousands separator", "FL901", *BUDGET, "--line", "CASC:Dibao=1,000.00"),
    call("--line without amount", "FL931", *BUDGET, "--line", "CASC:Dibao"),
    call("--line of another fund", "FL923", *BUDGET, "--line", "CASC:Tekun=1.00"),
    call("--line with a Cyrillic letter", "FL923", *BUDGET, "--line", "CASC:Dib\u0430o=1.00"),
    *(
        call(f"--date {day!a}", "FL903", *instead((*GIFT, *SAID), "--date", day))
        for day in DAYS
        if day
    ),
    *(call(f"--as-of {day!a}", "FL903", "status", "--as-of", day) for day in DAYS[:5]),
    call("--date in a closed month", "FL307", *instead((*GIFT, *SAID), "--date", "2026-01-31")),
    call("--date tomorrow", "FL312", *instead((*GIFT, *SAID), "--date", "2026-11-03")),
    *(
        call(f"--narration with {what}", "FL311", *instead((*GIFT, *SAID), "--narration", text))
        for what, text in TEXTS.items()
    ),
    *(
        call(f"--narration {what}", "FL205", *instead((*GIFT, *SAID), "--narration", text))
        for what, text in PERSONAL.items()
    ),
    call("--narration undecodable", "FL909", *instead((*GIFT, *SAID), "--narration", "\udcff")),
    call("--narration of 513 letters", "FL311", *instead((*GIFT, *SAID), "--narration", "x" * 513)),
    call("--approval with a phone number", "FL205", *instead((*GIFT, *SAID), "--approval", PHONE)),
    call("--approval with NUL", "FL311", *instead((*GIFT, *SAID), "--approval", "\0")),
    call("--maker with a quote", "FL315", *instead((*GIFT, *SAID), "--maker", 'S03"\n')),
    call("--maker undecodable", "FL909", *instead((*GIFT, *SAID), "--maker", "\udcff")),
    call("--attachments -1", "FL930", *instead((*GIFT, *SAID), "--attachments", "-1")),
    call("--attachments 1.0", "FL930", *instead((*GIFT, *SAID), "--attachments", "1.0")),
    call(
        "--attachments of a million", "FL930", *instead((*GIFT, *SAID), "--attachments", "1000000")
    ),
    call("--attachments true", "FL930", *instead((*GIFT, *SAID), "--attachments", "true")),
    call("--key empty", "FL909", *GIFT, *SAID, "--key", ""),
    call("--key with a line end", "FL909", *GIFT, *SAID, "--key", "k\n"),
    call("--key undecodable", "FL909", *GIFT, *SAID, "--key", "\udcff"),
    call("--key of another record", "FL904", *GIFT, *SAID, "--key", "FIRST"),
    call("--document that is a directory", "FL927", *GIFT, *SAID, "--document", "."),
    Row("--document that is a folder", "FL927", _document),
    call("--document with NUL", "FL927", *GIFT, *SAID, "--document", "a\0"),
    call("--from with NUL", "FL927", "record", "dibao", "--from", "a\0"),
    call("--statement with NUL", "FL801", "reconcile", "dibao", "--statement", "a\0"),
    call("--statement that is a directory", "FL801", "reconcile", "dibao", "--statement", "."),
    call(
        "--debit on an account with a line more",
        "FL943",
        *GIFT[:3],
        "--debit",
        f"{BANK}\n x=1.00",
        "--credit",
        "Income:Donation=1.00",
        *SAID,
    ),
    call("--debit below a fen", "FL901", *GIFT[:3], "--debit", f"{BANK}=0.001", *SAID),
    *(call(f"fund {what}", "FL030", "balance", fund) for what, fund in IDS.items()),
    *(call(f"fund {what} to check", "FL030", "check", fund) for what, fund in IDS.items()),
    *(
        call(f"fund {what} to record into", "FL030", "record", fund, *GIFT[2:], *SAID)
        for what, fund in IDS.items()
    ),
    *(map(_office, ("nosuch", "rules/funds.toml", "ledgers", "x" * 300, "a\0b", "\udcff"))),
    call(
        "reversal of a path",
        "FL911",
        "reverse",
        "dibao",
        "../../x",
        "--date",
        "2026-04-01",
        *SIGNED,
    ),
    call(
        "reversal of an undecodable reference",
        "FL909",
        "reverse",
        "dibao",
        "\udcff",
        "--date",
        "2026-04-01",
        *SIGNED,
    ),
    call(
        "reversal before the voucher",
        "FL306 FL506",
        "reverse",
        "dibao",
        PAID,
        "--date",
        "2026-02-02",
        *SIGNED,
    ),
    call("closing a month with a line end", "FL903", "close", "dibao", "2026-02\n", "--by", "S05"),
    call("closing the year 9999", "FL903", "close", "dibao", "9999-12", "--by", "S05"),
    call("closing by an undecodable code", "FL909", "close", "dibao", "2026-02", "--by", "\udcff"),
    call("closing by somebody's name", "FL323", "close", "dibao", "2026-02", "--by", "某某"),
    call("closing twice", "FL320", "close", "dibao", "2026-01", "--by", "S05"),
    call(
        "asserting in words",
        "FL901",
        "assert",
        "dibao",
        "--amount",
        "壹元",
        "--date",
        "2026-02-28",
        "--by",
        "S01",
    ),
    call(
        "asserting of an undecodable account",
        "FL943",
        "assert",
        "dibao",
        "--amount",
        "1",
        "--date",
        "2026-02-28",
        "--by",
        "S01",
        "--account",
        "\udcff",
    ),
    call("a ledger of an account with NUL", "FL943", "ledger", "dibao", "\0"),
    call("an unknown head", "FL944", "verify", "dibao", "--known-head", "0" * 64),
    call("a head with a line end", "FL923", "verify", "dibao", "--known-head", "0" * 64 + "\n"),
    *(
        _statement(content, name)
        for name, content in (
            ("empty.csv", b""),
            ("zeros.xlsx", bytes(100)),
            ("cut.xlsx", b"PK\x03\x04" + b"x" * 50),
        )
    ),
]
