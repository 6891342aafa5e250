"""Titles, sentences, remedies and sources by code, read from the TOML files beside this module."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("zh", "en")
_ARTICLE = r"\d+(?:\(\d+\))*"
_ARTICLES = re.compile(rf" ?\bart\. ({_ARTICLE}(?:, {_ARTICLE})*)")
_OUR_FORMS = {
    "interface of the command line": "命令行的用法",
    "interface of the library": "程序库的用法",
    "form of the table of vouchers": "凭证表的格式",
    "layout of the needs form": "需求申报表的格式",
    "layout of rules/needs": "rules/needs 的目录结构",
    "layout of an office": "办公室目录的结构",
    "chart of accounts of the fund": "本基金的科目表",
    "naming of budget lines": "预算行的写法",
    "reliability of concurrent recording": "多人同时记账的可靠性",
    "rule against copied needs (照抄)": "不得照抄上年需求",
    "docs: the example office": "示例办公室说明",
}


@dataclass(frozen=True, slots=True)
class Text:
    """What the catalogue says of one code, in both languages.

    `said` has, for a place in the sentence, the words for each value that it may take.
    """

    code: str
    severity: str
    gates: bool
    source: str
    words: Mapping[str, str]
    said: Mapping[str, Mapping[str, tuple[str, str]]]

    def source_in(self, language: str) -> str:
        """Return where the rule comes from, with articles and our own forms named in Chinese."""
        if language != "zh":
            return self.source
        named = _OUR_FORMS.get(self.source, self.source)
        return _ARTICLES.sub(lambda found: f"第{found[1].replace(', ', '、')}条", named).replace(
            "; ", "；"
        )

    def title(self, language: str) -> str:
        """Return the name of the rule."""
        return self.words[f"title_{language}"]

    def sentence(self, language: str) -> str:
        """Return the sentence, with its places still open."""
        return self.words[f"sentence_{language}"]

    def remedy(self, language: str) -> str:
        """Return what to do, with its places still open."""
        return self.words[f"remedy_{language}"]

    def value(self, place: str, value: object, language: str) -> object:
        """Return the words for a value in a place of the sentence, or the value itself."""
        words = self.said.get(place, {}).get(value) if isinstance(value, str) else None
        return value if words is None else words[LANGUAGES.index(language)]


@cache
def _hundred(digit: str) -> Mapping[str, Text]:
    resource = resources.files(__package__).joinpath(f"fl{digit}.toml")
    if not resource.is_file():
        return {}
    table = tomllib.loads(resource.read_text(encoding="utf-8"))
    return {
        code: Text(
            code=code,
            severity=entry["severity"],
            gates=entry.get("gates", False),
            source=entry["source"],
            words={key: value for key, value in entry.items() if key[-3:] in {"_zh", "_en"}},
            said={
                place: {value: (zh, en) for value, (zh, en) in words.items()}
                for place, words in entry.items()
                if isinstance(words, dict)
            },
        )
        for code, entry in table.items()
    }


def text(code: str) -> Text:
    """Return what the catalogue says of `code`; raises KeyError for a code it does not know."""
    return _hundred(code[2:3])[code]


def codes() -> tuple[str, ...]:
    """Return every code of the catalogue, in order."""
    return tuple(sorted(code for digit in string.digits for code in _hundred(digit)))


_MARKS = tuple("：:，,；;。.")


def fill(sentence: str, values: Mapping[str, Any]) -> str:
    """Return `sentence` with its `{places}` filled; a place without a value shows as `?`.

    What is empty leaves no space before the mark that follows it.
    """
    parts: list[str] = []
    for words, place, _, _ in string.Formatter().parse(sentence):
        if parts and not parts[-1] and words.startswith(_MARKS):
            parts[-2] = parts[-2].removesuffix(" ")
        parts.append(words)
        if place is not None:
            parts.append(str(values.get(place, "?")))
    return "".join(parts)
