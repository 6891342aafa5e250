"""The passes of the matching in their order: what each compares, and how far apart days may be.

Each hands `sql/meet_*.sql` its two sides as SELECTs.  Of lines (or batches): `l`, the keys k1 and
k2, fen, `since` when the bank may have moved it, its `own` day, and a `tag`, what else tells it
apart.  Of bank rows: `r`, k1, k2, fen, day, tag.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reach = Literal["any", "window", "return"]

_ALONE = {"": "alone", "less_failed_": "alone_less_failed"}
_TO_NOBODY = "(account = '' AND person = '')"
_EVER = -1_000_000
"""A day before all days, for what is compared without days."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One comparison: its name begins with its tier, `after` names the SQL that takes its result.

    `by_name` says that its tags are names, which may tell apart the people of one account.
    """

    name: str
    reason: str
    lines: str
    rows: str
    reach: Reach
    after: tuple[str, ...]
    by_name: bool = False

    @property
    def of_batches(self) -> bool:
        """Whether its lines are batches."""
        return self.after[0] in {"after_lump", "after_credit_lump"}

    @property
    def tells(self) -> bool:
        """Whether it tells the teams that it cannot match."""
        return self.after[0] != "after_differ"


def _debit(
    name: str, reason: str, keys: tuple[str, ...], where: str = "TRUE", *, reach: Reach = "any"
) -> Pass:
    """Compare lines with open debits by one or two columns, and by fen if a reason is given.

    A line's receipt is a row's serial; all other columns have one name on both sides.  What a row
    does not say is looked at there alone: a line that is equal to it says as much.
    """
    fen, tag = "fen" if reason else "0", _tag(keys)
    after = ("after_pair" if reason else "after_differ",)
    since = "CASE WHEN awaited THEN sent END" if reach == "window" else str(_EVER)
    of_row = tuple("serial" if key == "receipt" else key for key in keys)
    return Pass(
        name,
        reason,
        f"""SELECT l, {_keys(keys)}, {fen} AS fen, {since} AS since,
            COALESCE(sent, {_EVER}) AS own, {tag} AS tag
            FROM m_l""",  # noqa: S608 - of constants
        f"""SELECT r, {_keys(of_row)}, {fen} AS fen, "day", {tag} AS tag
            FROM m_open_r WHERE {where} AND {_said(of_row)}""",  # noqa: S608
        reach,
        (*after, "still_open") if "receipt" in keys else after,
        by_name=bool(reason) and "account" in keys,
    )


def _credit(
    name: str, reason: str, keys: tuple[str, ...], where: str, *, reach: Reach = "return"
) -> Pass:
    """Compare lines whose money left the account with open credits."""
    tag = _tag(keys)
    of_row = tuple({"line": "named", "serial": "repeated"}.get(key, key) for key in keys)
    return Pass(
        name,
        reason,
        f"""SELECT l, {_keys(keys)}, fen, "day" AS since, "day" AS own, {tag} AS tag
            FROM m_out WHERE {_said(keys)}""",  # noqa: S608 - of constants
        f"""SELECT r, {_keys(of_row)}, fen, "day", {tag} AS tag
            FROM m_credit WHERE {where} AND {_said(of_row)}""",  # noqa: S608
        reach,
        ("after_back",),
    )


def _lump(tier: str, reason: str, less_failed: str, where: str) -> tuple[Pass, Pass]:
    """Compare open batches with debits to nobody: those that name one, then those that do not.

    A sum of one payment is none that says to whom it went: that would be its payee.  A sum that
    names no batch is of several lines: one line's amount alone says too little.
    """
    alone = f"m_open_b.batch = m_lump_r.batch AND m_open_b.{_ALONE[less_failed]}"
    several = f"NOT EXISTS (SELECT 1 FROM m_open_b WHERE {alone})"  # noqa: S608 - of constants
    to = f"({_TO_NOBODY} OR {several})"
    return (
        _named_lump(f"{tier}-batch", reason, "m_open_b", less_failed, where, to=to),
        Pass(
            f"{tier}-sum",
            f"{reason}, date window",
            f"""SELECT b AS l, '' AS k1, '' AS k2, {less_failed}fen AS fen, sent AS since,
                sent AS own, batch AS tag FROM m_open_b
                WHERE {where} AND NOT {_ALONE[less_failed]}""",  # noqa: S608 - of constants
            """SELECT r, '' AS k1, '' AS k2, fen, "day", account AS tag
                FROM m_lump_r WHERE batch = ''""",
            "window",
            ("after_lump",),
        ),
    )


def _rest(tier: str, reason: str, less_failed: str, where: str) -> Pass:
    """Compare what is left of batches with debits that name them and say of nobody to whom."""
    return _named_lump(f"{tier}-rest", reason, "m_rest_b", less_failed, where, to=_TO_NOBODY)


def _named_lump(  # noqa: PLR0913 - both sides, and by keyword what else they say
    name: str, reason: str, batches: str, less_failed: str, where: str, *, to: str
) -> Pass:
    """Compare batches with debits to nobody that name them; `to` is what these may say of whom."""
    return Pass(
        name,
        f"{reason}, batch number",
        f"""SELECT b AS l, batch AS k1, '' AS k2, {less_failed}fen AS fen, {_EVER} AS since,
            sent AS own, batch AS tag FROM {batches} WHERE {where}""",  # noqa: S608 - of constants
        f"""SELECT r, batch AS k1, '' AS k2, fen, "day", account AS tag
            FROM m_lump_r WHERE batch <> '' AND {to}""",  # noqa: S608
        "any",
        ("after_lump",),
    )


def _lump_back(name: str, reason: str, key: str, where: str, *, reach: Reach) -> Pass:
    return Pass(
        name,
        reason,
        f"""SELECT b AS l, {key} AS k1, '' AS k2, fen, "day" AS since,
            "day" AS own, batch AS tag FROM m_failed_b""",  # noqa: S608 - of constants
        f"""SELECT r, {key} AS k1, '' AS k2, fen, "day", account AS tag
            FROM m_credit WHERE of_nobody AND named = '' AND repeated = '' AND {where}""",  # noqa: S608
        reach,
        ("after_credit_lump",),
    )


def _keys(columns: tuple[str, ...]) -> str:
    first, second = (*columns, "''")[:2]
    return f"{first} AS k1, {second} AS k2"


def _said(columns: tuple[str, ...]) -> str:
    return " AND ".join(f"{column} <> ''" for column in columns)


def _tag(keys: tuple[str, ...]) -> str:
    """Return what else tells the alike apart: of account and name, what is no key."""
    others = [column for column in ("account", "person") if column not in keys]
    return " || ' ' || ".join(others)


_UNNAMED = "batch = ''"
_NO_ACCOUNT = "account = ''"
_NO_LINE = "named = ''"
_OF_A_RECEIPT = (
    "EXISTS (SELECT 1 FROM m_l WHERE m_l.receipt <> '' AND m_l.receipt = m_open_r.serial)"
)

BY_LINE = "T1-line", "line id, amount"

DEBITS = (
    _debit("T2-receipt", "receipt serial, account, amount", ("receipt", "account"), _OF_A_RECEIPT),
    _debit("T2-batch", "batch number, account, amount", ("batch", "account")),
    _debit("T3-account", "account, amount, date window", ("account",), _UNNAMED, reach="window"),
    _debit(
        "T4-batch",
        "name, amount, date window, batch number",
        ("batch", "person"),
        _NO_ACCOUNT,
        reach="window",
    ),
    _debit(
        "T4-name",
        "name, amount, date window",
        ("person",),
        f"{_UNNAMED} AND {_NO_ACCOUNT}",
        reach="window",
    ),
)

DIFFERS = (
    _debit("T2-receipt-differs", "", ("receipt", "account"), _OF_A_RECEIPT),
    _debit("T2-batch-differs", "", ("batch", "account")),
)


_NO_FAILURE = "", "TRUE"
_LESS_FAILURES = "less_failed_", "failed > 0 AND less_failed_fen > 0"

LUMPS = (
    *_lump("T5", "sum of the batch", *_NO_FAILURE),
    *_lump("T6", "sum of the batch less its failures", *_LESS_FAILURES),
    _rest("T5", "sum of what is left of the batch", *_NO_FAILURE),
    _rest("T6", "sum of what is left of the batch less its failures", *_LESS_FAILURES),
)

_FAILURES = "sum of the known failures of the batch"

CREDITS = (
    _lump_back("T7-batch", f"{_FAILURES}, batch number", "batch", "batch <> ''", reach="any"),
    _lump_back("T7-sum", _FAILURES, "''", _UNNAMED, reach="return"),
    _credit("T9-line", "line id and amount of an earlier debit", ("line",), "TRUE", reach="any"),
    _credit(
        "T9-serial", "serial and amount of an earlier debit", ("serial",), _NO_LINE, reach="any"
    ),
    _credit(
        "T9-batch-account",
        "account and amount of an earlier debit, batch number",
        ("batch", "account"),
        _NO_LINE,
    ),
    _credit(
        "T9-account",
        "account and amount of an earlier debit",
        ("account",),
        f"{_NO_LINE} AND {_UNNAMED}",
    ),
    _credit(
        "T9-batch-name",
        "name and amount of an earlier debit, batch number",
        ("batch", "person"),
        f"{_NO_LINE} AND {_NO_ACCOUNT}",
    ),
    _credit(
        "T9-name",
        "name and amount of an earlier debit",
        ("person",),
        f"{_NO_LINE} AND {_UNNAMED} AND {_NO_ACCOUNT}",
    ),
)
