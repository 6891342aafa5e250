"""What a form says in words that the derivation goes by: reason codes, and numbers of documents."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fundledger.budget.inputs import Need
    from fundledger.charter import BudgetRules

_OTHER = "E"
_NOTHING = re.compile("(暂?无|没有|未(提供|附|定)|略|同上|[待后](补|补充|定|提供|核|附))?")
"""What is written where there is nothing to write, without punctuation."""
_ORDINAL = re.compile("第[一二三四五六七八九十百零〇]+[号次期届]")


def reason_code(need: Need, rules: BudgetRules) -> str:
    """Return the code that the explanation of a need begins with, such as `H 新增对象`, or ''.

    E (其他) says nothing by itself, so it wants words.
    """
    code, words = _parted(need, rules)
    return code if code != _OTHER or _says(words) else ""


def is_explained(need: Need, rules: BudgetRules) -> bool:
    """Return whether a need is explained in words: a code alone says nothing, nor does 无."""
    return names_something(_parted(need, rules)[1])


def names_something(text: str) -> bool:
    """Return whether a text says anything: 无 and 待补 say that there is nothing, or not yet."""
    letters = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))
    return _NOTHING.fullmatch(letters) is None


def _parted(need: Need, rules: BudgetRules) -> tuple[str, str]:
    """Return the code with which an explanation begins, '' if with none, and the words behind."""
    explanation = unicodedata.normalize("NFKC", need.explanation)
    letter, rest = explanation[:1], explanation[1:]
    is_word = rest[:1].isascii() and rest[:1].isalnum()
    known = letter in {reason.code for reason in rules.reasons}
    return (letter, rest) if known and not is_word else ("", explanation)


def _says(words: str) -> bool:
    return any(map(str.isalnum, words))


def codes_of(rules: BudgetRules) -> str:
    """Return the reason codes, each with its word, as a sentence lists them."""
    return "、".join(f"{one.code} {one.zh}" for one in rules.reasons)


def is_numbered(document: str) -> bool:
    """Return whether what is written may be the number of a document: 无, 待定 have no number."""
    return any(letter.isdigit() for letter in document) or bool(_ORDINAL.search(document))
