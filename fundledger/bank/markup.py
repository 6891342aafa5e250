"""XML read with care: no document type, no entities, bounded in size and depth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_DEPTH = 40
MAX_ELEMENTS = 2_000_000
_DECLARED = re.compile(r"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9_.-]{1,20})[\"']")

Why = Literal["encoding", "doctype", "large", "torn", "deep"]


class MarkupUnreadError(Exception):
    """Bytes that are no XML which may be read; `said` is the encoding or the limit."""

    def __init__(self, why: Why, said: str = "") -> None:
        """Say why."""
        super().__init__(why, said)
        self.why: Why = why
        self.said = said


def parsed(data: bytes) -> Element:
    """Return the root of an XML document in UTF-8, or in GB18030 where it says so.

    A document type is refused before the parser sees it, and with it every entity; what the
    parser is given is text, so that no encoding declared in it hides one.

    Raises:
        MarkupUnreadError: it is not such a document.

    """
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - only messages need it

    text = _decoded(data)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise MarkupUnreadError("doctype")
    if text.count("<") > MAX_ELEMENTS:
        raise MarkupUnreadError("large", f"{MAX_ELEMENTS} tags")
    parser = ET.XMLParser(target=_bounded_builder())  # noqa: S314 - no DTD is left
    try:
        parser.feed(text)
        root: Element = parser.close()
    except ET.ParseError:
        raise MarkupUnreadError("torn") from None
    return root


def without_namespace(root: Element, namespace: str) -> None:
    """Take the namespace off every name that is of it; other names keep theirs."""
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{namespace}}}")


def _decoded(data: bytes) -> str:
    found = _DECLARED.match(
        data[:200].decode("ascii", "replace")
    )  # no match behind a mark of UTF-8
    named = found[1].lower() if found else "utf-8"
    encoding = "gb18030" if named in {"gb18030", "gbk", "gb2312"} else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise MarkupUnreadError("encoding", encoding.removesuffix("-sig").upper()) from None


def _bounded_builder() -> Any:  # noqa: ANN401 - the library's own kind of target
    """Return a builder of elements that refuses to go deeper than any message does."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - as above

    class Bounded(ET.TreeBuilder):
        depth = 0

        def start(self, tag: Any, attrs: Any, /) -> Any:  # noqa: ANN401 - as the library has it
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise MarkupUnreadError("deep")
            return super().start(tag, attrs)

        def end(self, tag: Any, /) -> Any:  # noqa: ANN401 - as the library has it
            self.depth -= 1
            return super().end(tag)

    return Bounded()
