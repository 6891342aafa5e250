"""What may stand in a book: a line-by-line allow-list, held before any parser sees the text.

beancount runs plugins, follows includes, passes over headings in silence and dies of `1/0` in an
amount.  So a book goes to it only if every line is one of the few that `ledger.text` writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from fundledger.findings import Finding
from fundledger.ledger.text import BALANCES, OPTIONS

FINDINGS_LIMIT = 100
_EXCERPT = 60
_TITLE = "title"

_DATE = r"\d{4}-\d{2}-\d{2}"
_STRING = r'"(?:[^"\\]|\\["\\])*"'
_ROOT = r"(?:Assets|Liabilities|Equity|Income|Expenses)"
_ACCOUNT = rf"{_ROOT}(?::[A-Z0-9][A-Za-z0-9-]*)+"
_AMOUNT = r"-?(?:0|[1-9]\d{0,17})\.\d{2}"
_COMMODITY = r"(?:CNY|CNYB)"
_HEADER = rf"{_DATE} \* {_STRING} \^\d{{4}}-\d{{2}}-\d{{4,9}}"
_FIELDS = (
    "event|maker|reviewer|attachments|poster|cashier|approval|documents|links|reverses|corrects"
)


def _compiled(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.ASCII)


class Part(Enum):
    """The three sorts of file in a fund's book, each with the lines that it may hold."""

    MAIN = _compiled(
        rf"option {_STRING} {_STRING}",
        rf"{_DATE} open {_ACCOUNT} {_COMMODITY}",
        rf"  (?:name-zh|name-en|code): {_STRING}",
        r'include "\d{4}/(?:0[1-9]|1[0-2])\.beancount"',
        rf'include "{re.escape(BALANCES)}"',
    )
    MONTH = _compiled(
        _HEADER,
        rf"  (?:{_FIELDS}): {_STRING}",
        r"  closing: TRUE",
        rf"  {_ACCOUNT} +{_AMOUNT} {_COMMODITY}",
        r"    red: TRUE",
    )
    BALANCES = _compiled(
        rf"{_DATE} balance {_ACCOUNT} {_AMOUNT} ~ 0 {_COMMODITY}",
        rf"  (?:record|actor|statement): {_STRING}",
    )


@dataclass(frozen=True, slots=True)
class Screened:
    """A book file that was looked through: its text, if nothing in it was found wrong."""

    text: str
    findings: tuple[Finding, ...]


def screened(name: str, data: bytes, part: Part) -> Screened:
    """Return the text of a book file and what in it must not go to a parser.

    Findings: FL309, FL310 amounts; FL610 lines; FL611 bytes; FL613 options; at most
    `FINDINGS_LIMIT` of a file.
    """
    text, findings = _decoded(name, data)
    for finding in () if findings else _wrong(name, text, part):
        findings.append(finding)
        if len(findings) == FINDINGS_LIMIT:
            break
    return Screened("" if findings else text, tuple(findings))


def includes(text: str) -> list[str]:
    """Return the files that a screened main file includes, in order."""
    return re.findall(r'^include "(.+)"$', text, re.MULTILINE)


def _decoded(name: str, data: bytes) -> tuple[str, list[Finding]]:
    def off(reason: str, at: int) -> Finding:
        details = {"line": data.count(b"\n", 0, at) + 1, "reason": reason}
        return Finding("FL611", name, details)

    if data.startswith(b"\xef\xbb\xbf"):
        return "", [off("bom", 0)]
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return "", [off("encoding", error.start)]
    if b"\r" in data:
        return "", [off("line-ends", data.index(b"\r"))]
    return text, []


def _wrong(name: str, text: str, part: Part) -> Iterator[Finding]:
    allowed = part.value
    options: list[tuple[str, str]] = []
    included: set[str] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.isprintable():
            yield Finding("FL611", name, {"line": number, "reason": "characters"})
        elif not line or line[0] == ";":
            continue
        elif allowed.fullmatch(line) is None:
            yield _finding(name, number, line)
        elif (line[0].isdigit() and not _is_day(line[:10])) or line in included:
            yield _line(name, number, line, "date" if line[0].isdigit() else "include")
        elif line.startswith("option "):
            option, value = re.findall(_STRING, line)
            options.append((option[1:-1], value[1:-1]))
        elif line.startswith("include "):
            included.add(line)
    if part is Part.MAIN:
        yield from _options(name, options)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _options(name: str, found: list[tuple[str, str]]) -> Iterator[Finding]:
    """The options are those of `ledger.text`, with their very values, each once."""
    known = {option for option, _ in OPTIONS}
    for option, value in dict.fromkeys(found):
        reason = ""
        if option != _TITLE and option not in known:
            reason = "unknown"
        elif option != _TITLE and (option, value) not in OPTIONS:
            reason = "value"
        elif found.count((option, value)) > 1:
            reason = "twice"
        if reason:
            yield Finding("FL613", name, {"option": f"{option} {value}"[:40], "reason": reason})
    for option, value in OPTIONS:
        if (option, value) not in found:
            shown = f"{option} {value}"
            yield Finding("FL613", name, {"option": shown, "reason": "missing"})


_POSTING = re.compile(r"\s+(?:[!*&#?%PSTCURM] )?(?P<account>[^\W\d_]\S*:\S+)(?P<rest>.*)")
_DIRECTIVE = re.compile(r"(?P<date>\d+[-/]\d+[-/]\d+)\s+(?P<word>\S+)(?P<rest>.*)")
_PLAIN_ACCOUNT = re.compile(_ACCOUNT, re.ASCII)
_PLAIN_AMOUNT = re.compile(_AMOUNT, re.ASCII)
_WORDS = {
    "plugin": "plugin",
    "include": "include",
    "option": "place",
    "pushtag": "stack",
    "poptag": "stack",
    "pushmeta": "stack",
    "popmeta": "stack",
}
_DATED = {"pad": "pad", "open": "place"}
_UNUSED = frozenset({"close", "commodity", "note", "document", "event", "query", "price", "custom"})


def _line(name: str, number: int, line: str, reason: str) -> Finding:
    return Finding("FL610", name, {"line": number, "reason": reason, "text": _shown(line)})


def _finding(name: str, number: int, line: str) -> Finding:
    """Return what is wrong with a line that is none of the allowed ones."""
    if match := _POSTING.fullmatch(line):
        code, reason = _of_posting(match["account"], match["rest"])
    elif match := _DIRECTIVE.fullmatch(line):
        code, reason = _of_directive(match["date"], match["word"], match["rest"])
    elif line[0] in "*#:!&?%":
        code, reason = "FL610", "ignored"
    else:
        code, reason = "FL610", _WORDS.get(line.split(None, 1)[0], "form")
    if code == "FL610":
        return _line(name, number, line, reason)
    return Finding(code, name, {"line": number, "text": _shown(line)})


def _of_posting(account: str, rest: str) -> tuple[str, str]:
    if not _PLAIN_ACCOUNT.fullmatch(account):
        return "FL610", "account"
    if re.search(r"[{@]", rest):
        return "FL310", ""
    plain = _PLAIN_AMOUNT.fullmatch(rest.strip().rpartition(" ")[0])
    return ("FL610", "form") if plain else ("FL309", "")


def _of_directive(day: str, word: str, rest: str) -> tuple[str, str]:
    if word == "balance":
        return _of_balance(rest)
    if not _is_day(day):
        return "FL610", "date"
    return "FL610", "directive" if word in _UNUSED else _DATED.get(word, "form")


def _of_balance(rest: str) -> tuple[str, str]:
    account, _, amount = rest.strip().partition(" ")
    figure, _, tolerance = amount.strip().partition("~")
    if not _PLAIN_ACCOUNT.fullmatch(account):
        return "FL610", "account"
    if not re.fullmatch(rf" 0 {_COMMODITY}", tolerance):
        return "FL610", "tolerance"
    plain = _PLAIN_AMOUNT.fullmatch(figure.strip())
    return ("FL610", "place") if plain else ("FL309", "")


def _shown(line: str) -> str:
    shown = " ".join(line.split())
    return shown if len(shown) <= _EXCERPT else f"{shown[: _EXCERPT - 3]}..."
