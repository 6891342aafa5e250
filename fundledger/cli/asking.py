"""The one question that an act asks on a terminal, answered in either language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from fundledger.cli.session import Session

_YES = frozenset(("y", "yes", "是", "ｙ"))
_NO = frozenset(("", "n", "no", "否", "不", "ｎ"))


def confirmed(session: Session, words: tuple[str, str]) -> bool:
    """Ask a question in both languages, until the answer is yes or no; nothing is no.

    Raises:
        click.Abort: the question was left by Ctrl-C or the end of the input.

    """
    question = session.pick(*words)
    while True:
        said = click.prompt(question, default="", show_default=False, prompt_suffix=" [y/N]: ")
        answer = said.strip().lower()
        if answer in _YES:
            return True
        if answer in _NO:
            return False
        session.say("请输入 y（是）或 n（否）。", "Type y (yes) or n (no).")
