"""What nobody sees who opens a workbook: hidden sheets, hidden rows, and links to other files."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Mapping
from typing import NoReturn, TypeAlias
from xml.parsers import expat

from fundledger.bank.problems import Problems, shown

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_SHOWN_ROWS = 10
_YES = frozenset(("1", "true"))
_SEEN = frozenset(("", "visible"))
_Element: TypeAlias = Callable[[str, Mapping[str, str]], None]


class _WithTypeError(Exception):
    """A document type, in whatever encoding; nothing of it is read."""


def tell_hidden(archive: zipfile.ZipFile, problems: Problems) -> None:
    """Note what a workbook holds out of sight; its sizes have been looked at before.

    FL867 for a hidden sheet and FL868 for hidden rows that hold something, FL869 for a link to
    another file, FL805 for a document type, FL808 for what is no XML.
    """
    names = frozenset(archive.namelist())
    for name in sorted(names):
        if name.lower().startswith("xl/externallinks/"):
            problems.add("FL869", member=shown(name))
            break
    try:
        for sheet, is_hidden, member in sheets_in(archive, names):
            rows = _Rows(archive.read(member))
            if is_hidden and rows.filled:
                problems.add("FL867", sheet=shown(sheet))
            elif rows.hidden:
                told = "、".join(str(row) for row in rows.hidden[:_SHOWN_ROWS])
                more = "…" if len(rows.hidden) > _SHOWN_ROWS else ""
                problems.add("FL868", sheet=shown(sheet), rows=told + more)
    except expat.ExpatError:
        problems.stop("FL808", reason="XML")
    except _WithTypeError:
        problems.stop("FL805", reason="DOCTYPE")


def sheets_in(archive: zipfile.ZipFile, names: frozenset[str]) -> list[tuple[str, bool, str]]:
    """Return each sheet's name, whether it is hidden, and the member that holds it."""
    targets: dict[str, str] = {}
    found: list[tuple[str, bool, str]] = []

    def related(name: str, said: Mapping[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            targets[said.get("Id", "")] = posixpath.join("xl", said.get("Target", "")).lstrip("/")

    def named(name: str, said: Mapping[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            relation = next((said[key] for key in said if key.endswith(":id")), "")
            member = posixpath.normpath(targets.get(relation, ""))
            if member in names:
                found.append((said.get("name", ""), said.get("state", "") not in _SEEN, member))

    if _RELATIONS in names:
        parse_xml(archive.read(_RELATIONS), related)
    parse_xml(archive.read(_WORKBOOK), named)
    return found


class _Rows:
    """Whether a sheet holds anything, and its hidden rows that do."""

    __slots__ = ("_default", "_hidden_row", "_row", "filled", "hidden")

    def __init__(self, content: bytes) -> None:
        self.filled = False
        self.hidden: list[int] = []
        self._row = 0
        self._hidden_row = False
        self._default = False
        parse_xml(content, self._start)

    def _start(self, name: str, said: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":  # nearly all of them are cells
            return
        if tag == "sheetFormatPr":
            self._default = said.get("zeroHeight") in _YES
        elif tag == "row":
            number = said.get("r", "")
            self._row = int(number) if number.isdecimal() else self._row + 1
            flat = said.get("customHeight") in _YES and _is_zero(said.get("ht", ""))
            self._hidden_row = said.get("hidden", "") in _YES or flat
            if self._default and "hidden" not in said and "ht" not in said:
                self._hidden_row = True
        elif tag in {"v", "is"}:
            self.filled = True
            if self._hidden_row and self.hidden[-1:] != [self._row]:
                self.hidden.append(self._row)


def _is_zero(height: str) -> bool:
    return height.strip("0") in {"", "."} and height != ""


def parse_xml(content: bytes, start: _Element) -> None:
    """Give each element's name, with its prefix, and its attributes to `start`."""
    parser = expat.ParserCreate()

    def refused(*_: object) -> NoReturn:
        raise _WithTypeError

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refused
    parser.Parse(content, True)  # noqa: FBT003 - the last part; expat takes it by place
