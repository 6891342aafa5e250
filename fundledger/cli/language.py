"""Which language to speak: what the arguments say, else the environment, else Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

LANGUAGES = ("zh", "en")
_VARIABLES = ("FUNDLEDGER_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
_PLAIN = frozenset(("c", "posix"))


class Words(NamedTuple):
    """One thing said in both languages."""

    zh: str
    en: str

    def said(self, language: str) -> str:
        """Return it in `zh` or `en`."""
        return self.zh if language == "zh" else self.en


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return `zh` or `en`: the last `--lang`, else what the environment asks for.

    The arguments are looked through before they are parsed, so that what is wrong with them is
    said in the language that they ask for.  The first variable that is set decides; an unset or
    plain C locale means Chinese.
    """
    chosen = ""
    for position, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and position + 1 < len(arguments):
            chosen = arguments[position + 1]
        elif argument.startswith("--lang="):
            chosen = argument.removeprefix("--lang=")
    if chosen in LANGUAGES:
        return chosen
    for variable in _VARIABLES:
        value = environment.get(variable, "").lower()
        if value:
            plain = value.partition(".")[0] in _PLAIN
            return "zh" if plain or value.startswith("zh") else "en"
    return "zh"
