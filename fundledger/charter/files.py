"""The files of `rules/` as tables, each value with the line it stands on."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from fundledger.findings import Finding

if TYPE_CHECKING:
    from pathlib import Path

KeyPath: TypeAlias = tuple[str | int, ...]

SIZE_LIMIT_BYTES: Final = 1_048_576
NAMES: Final = (
    "units.toml",
    "regimes.toml",
    "funds.toml",
    "staff.toml",
    "controls.toml",
    "rates.toml",
    "budget.toml",
)
BESIDE: Final = ("banks.toml",)  # read by rooms above, and no part of a charter
_FOLDERS = frozenset({"needs"})
_BOM = b"\xef\xbb\xbf"
_SHOWN_LENGTH = 60
_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")
_PART = re.compile(r'"([^"]*)"|\'([^\']*)\'|([A-Za-z0-9_-]+)')
_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_.-]+)+)\s*=\s*(.*)""")


@dataclass(frozen=True, slots=True)
class WrittenFloat:
    """A number with a point as the file has it; no value of the rules is one."""

    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the rules: its table, and the line of every key that stands on its own."""

    name: str
    table: Mapping[str, Any]
    lines: Mapping[KeyPath, int]

    def line(self, path: KeyPath) -> int:
        """Return the line of `path`, or of the nearest key around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1

    def finding(self, code: str, path: KeyPath, **details: object) -> Finding:
        """Return a finding on `path`; its subject is file and line, entries count from 1."""
        line = self.line(path)
        place = {"file": self.name, "line": line, "key": shown_path(path)}
        return Finding(code, f"{self.name}:{line}", {**place, **details})


def shown_path(path: KeyPath) -> str:
    """Return a path as people read it, such as `fund[2].purposes[1].from`, counted from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def shown(value: object) -> str:
    """Return a value of a file in short, as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, WrittenFloat):
        return value.text
    if isinstance(value, Mapping):
        return "{ … }" if value else "{ }"
    if isinstance(value, (list, tuple)):
        return "[ … ]" if value else "[ ]"
    text = "".join(c if c.isprintable() else "\ufffd" for c in str(value))
    return text if len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - 1]}…"


def strangers(rules_dir: Path) -> list[Finding]:
    """Return a finding for each entry of `rules/` that nothing reads; hidden files are let be."""
    findings = []
    known = (*NAMES, *BESIDE)
    try:
        entries = sorted(rules_dir.iterdir())
    except OSError as error:
        found = error.strerror or str(error)
        return [Finding("FL003", str(rules_dir), {"file": str(rules_dir), "found": found})]
    for entry in entries:
        name = entry.name
        if name.startswith(".") or name in known or (name in _FOLDERS and entry.is_dir()):
            continue
        findings.append(Finding("FL002", shown(name), {"file": name, "allowed": ", ".join(known)}))
    return findings


def read(rules_dir: Path, name: str) -> Document | Finding:
    """Return the file as a document, or the finding that says why it cannot be read."""
    try:
        content = _content(rules_dir / name)
    except FileNotFoundError:
        return Finding("FL001", name, {"file": name})
    except OSError as error:
        return Finding("FL003", name, {"file": name, "found": error.strerror or str(error)})
    if isinstance(content, str):
        return Finding("FL003", name, {"file": name, "found": content})
    return _document(name, content)


def _document(name: str, content: bytes) -> Document | Finding:
    if content.startswith(_BOM):
        return Finding("FL004", f"{name}:1", {"file": name, "line": 1})
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Finding("FL004", f"{name}:{line}", {"file": name, "line": line})
    try:
        table = tomllib.loads(text, parse_float=WrittenFloat)
    except tomllib.TOMLDecodeError as error:
        return _malformed(name, text, str(error))
    except RecursionError:
        return _malformed(name, text, "(at line 1, column 1)")
    return Document(name, table, _lines(text))


def _content(path: Path) -> bytes | str:
    """Return the bytes of a plain file of bearable size, or in a word what it is instead."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
    descriptor = os.open(path, flags)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return stat.filemode(status.st_mode)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(SIZE_LIMIT_BYTES + 1)
    finally:
        os.close(descriptor)
    return content if len(content) <= SIZE_LIMIT_BYTES else f"> {SIZE_LIMIT_BYTES} bytes"


def _malformed(name: str, text: str, message: str) -> Finding:
    match = _PLACE.search(message)
    line, column = match.groups() if match else (None, None)
    place = {"line": int(line or text.count("\n") + 1), "column": int(column or 1)}
    return Finding("FL005", f"{name}:{place['line']}", {"file": name, **place})


def _lines(text: str) -> dict[KeyPath, int]:
    """Return the line of each header, key and entry of a list that starts a line.

    Entries of a list are found when each starts a line with `{`; whatever is written in another
    way takes the line of the key around it.
    """
    lines: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    listed: KeyPath = ()
    entries = 0
    for number, line in enumerate(text.split("\n"), start=1):
        start = line.lstrip()
        if listed:
            if start.startswith("{"):
                lines[*listed, entries] = number
                entries += 1
            elif start.startswith("]"):
                listed = ()
            continue
        if match := _HEADER.fullmatch(line):
            table = _resolve(_parts(match[2]), counts, array=match[1] == "[[")
            lines.setdefault(table, number)
        elif match := _KEY.match(line):
            path = (*table, *_parts(match[1]))
            lines[path] = number
            if match[2].split("#")[0].strip() == "[":
                listed, entries = path, 0
    return lines


def _parts(text: str) -> KeyPath:
    return tuple("".join(groups) for groups in _PART.findall(text))


def _resolve(parts: KeyPath, counts: dict[KeyPath, int], *, array: bool) -> KeyPath:
    path: KeyPath = ()
    for index, part in enumerate(parts):
        path = (*path, part)
        if array and index == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
