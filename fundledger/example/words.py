"""What the example says on the terminal, in Chinese, in English, or both."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Tongue:
    """The languages to speak, in order."""

    languages: tuple[str, ...]

    def say(self, zh: str, en: str) -> str:
        """Return a sentence in each language, one after the other."""
        return "  ".join({"zh": zh, "en": en}[language] for language in self.languages)

    def head(self, zh: str, en: str) -> str:
        """Return a short word, such as a heading, in each language."""
        return " ".join({"zh": zh, "en": en}[language] for language in self.languages)


def tongue(language: str) -> Tongue:
    """Return the tongue for `zh`, `en`, or anything else for both."""
    return Tongue((language,) if language in LANGUAGES else LANGUAGES)
