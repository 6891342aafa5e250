"""The program: its own options, its commands by name, and how every failure ends."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from fundledger.cli.catalogue import COMMANDS
from fundledger.cli.framework import LazyGroup, Option
from fundledger.cli.language import LANGUAGES, Words, language_of
from fundledger.cli.output import Unshown, flushed, printed
from fundledger.cli.session import Session

if TYPE_CHECKING:
    from fundledger.ledger.surroundings import Surroundings

_NEW_OBJECTS = 50_000
_WORDS = Words(
    "fundledger：专户存储、单独建账、专款专用的资金账。\n"
    "退出码：0 无错误，1 查出错误或被拒绝，2 用法有误，3 程序自身出错，130 被中断。",
    "fundledger: books for earmarked money, one account and one book a fund.\n"
    "Exit codes: 0 clean, 1 errors found or refused, 2 misuse, 3 a fault of the program, "
    "130 interrupted.",
)


class Program(LazyGroup):
    """The group of all commands; whatever happens, it ends with an exit code and a sentence."""

    def __init__(self, surroundings: Surroundings | None = None) -> None:
        """Make the program; `surroundings` replace the wall clock and the random keys."""
        super().__init__(COMMANDS, "", _WORDS, name="fundledger", params=_options())
        self._surroundings = surroundings

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - click's own
        **extra: Any,  # noqa: ANN401 - click's own
    ) -> NoReturn:
        """Run with these arguments, and exit."""
        del standalone_mode
        arguments = sys.argv[1:] if args is None else list(args)
        session = Session(language_of(arguments, os.environ), self._surroundings)

        def run() -> int:
            returned = super(Program, self).main(
                arguments,
                prog_name or "fundledger",
                complete_var,
                standalone_mode=False,
                obj=session,
                **extra,
            )
            flushed()
            return returned if isinstance(returned, int) else session.exit_code

        try:
            code = _ended(run, session)
        finally:
            session.close()
        sys.exit(code)


def _ended(run: Callable[[], int], session: Session) -> int:
    """Return the exit code of a run, having told its failure, if it failed."""
    try:
        try:
            return run()
        except Unshown:
            raise
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - a user never sees a traceback
            from fundledger.cli.complaints import settled  # noqa: PLC0415 - brings the texts along

            code = settled(error, session)
            flushed()
            return code
    except Unshown as unshown:
        from fundledger.cli.complaints import not_shown  # noqa: PLC0415 - brings the texts along

        _silenced()
        return not_shown(unshown.error, session)


def _silenced() -> None:
    """Let what is still unwritten go nowhere."""
    if sys.stdout is None:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _options() -> list[click.Parameter]:
    return [
        Option(
            ["-C", "root"],
            metavar="DIR",
            default=".",
            expose_value=False,
            callback=_take_root,
            zh="办公室目录，其中有 rules 与 ledgers；默认为当前目录",
            en="the office, with rules and ledgers in it; the current directory if not said",
        ),
        Option(
            ["--lang"],
            metavar="zh|en",
            expose_value=False,
            callback=_take_language,
            zh="语言；默认依 FUNDLEDGER_LANG、LC_ALL、LC_MESSAGES、LANG，未设则为中文",
            en="the language; else by FUNDLEDGER_LANG, LC_ALL, LC_MESSAGES, LANG, else Chinese",
        ),
        Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_tell_version,
            zh="显示版本",
            en="show the version",
        ),
    ]


def _take_root(ctx: click.Context, parameter: click.Parameter, value: str) -> None:
    del parameter
    session: Session = ctx.obj
    session.root = Path(value)


def _take_language(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    del parameter
    session: Session = ctx.obj
    if value is not None and value not in LANGUAGES:
        session.wrong_once("FL923", "--lang", {"text": value, "allowed": "zh, en"})


def _tell_version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own
    del parameter
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version  # noqa: PLC0415 - slow, and rarely asked

        printed(f"fundledger {version('fundledger')}")
        ctx.exit()


def program(surroundings: Surroundings | None = None) -> Program:
    """Return the program; `surroundings` replace the wall clock and the random keys."""
    return Program(surroundings)


def _hold_places() -> None:
    """Keep the first three descriptors from going to a file of a fund where one was closed."""
    handle = os.open(os.devnull, os.O_RDWR)
    while handle <= 2:  # noqa: PLR2004 - standard error
        handle = os.open(os.devnull, os.O_RDWR)
    os.close(handle)


def _set_up() -> None:
    """Let nothing but this program read the rules, and look for dead cycles seldom.

    A plugin of pydantic, which any installed package may bring, could change what a charter means;
    and what is loaded at the start lives to the end, so that looking through it is lost time.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.set_threshold(_NEW_OBJECTS, 50, 50)


def main() -> NoReturn:
    """Run the program with the arguments of the process."""
    _hold_places()
    _set_up()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    program().main()
