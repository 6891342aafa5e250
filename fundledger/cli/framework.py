"""Click commands that speak two languages, come lazily, and tell all that is wrong at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

import click

from fundledger.cli.catalogue import Entry, entry_of
from fundledger.cli.language import Words
from fundledger.cli.output import printed

if TYPE_CHECKING:
    from fundledger.cli.session import Session

_Function = TypeVar("_Function", bound=Callable[..., Any])

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Option(click.Option):
    """An option explained in both languages; a `needed` one is asked for with all the others."""

    def __init__(  # noqa: D107 - see the class
        self,
        *arguments: Any,  # noqa: ANN401 - click's own
        zh: str,
        en: str,
        needed: bool = False,
        **attributes: Any,  # noqa: ANN401 - click's own
    ) -> None:
        super().__init__(*arguments, **attributes)
        self.words = Words(zh, en)
        self.needed = needed


class Argument(click.Argument):
    """An argument explained in both languages; a `needed` one is asked for with the others."""

    def __init__(  # noqa: D107 - see the class
        self,
        *arguments: Any,  # noqa: ANN401 - click's own
        zh: str,
        en: str,
        needed: bool = True,
        **attributes: Any,  # noqa: ANN401 - click's own
    ) -> None:
        attributes["required"] = False
        super().__init__(*arguments, **attributes)
        self.words = Words(zh, en)
        self.needed = needed


def _show_help(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own
    """Print the help page, as all else is printed, and end the run."""
    del parameter
    if value and not ctx.resilient_parsing:
        printed(ctx.get_help())
        ctx.exit()


class _Helped(click.Command):
    """A command or group whose `--help` ends in a sentence where it cannot be shown."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help page."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.callback = _show_help
        return found


class Command(_Helped):
    """A command whose help is in the session's language, with examples that can be pasted.

    One with a dry run records; `acts_with` is the option without which it reads all the same, and
    `reads_with` the one with which it does.
    """

    def __init__(  # noqa: D107, PLR0913 - see the class
        self,
        *arguments: Any,  # noqa: ANN401 - click's own
        path: str,
        zh: str,
        en: str,
        examples: Sequence[str],
        acts_with: str = "",
        reads_with: str = "",
        **attributes: Any,  # noqa: ANN401 - click's own
    ) -> None:
        attributes["context_settings"] = {**SETTINGS, "allow_extra_args": True}
        super().__init__(*arguments, **attributes)
        self.path = path
        self.words = Words(zh, en)
        self.examples = tuple(examples)
        self.acts_with = acts_with
        self.reads_with = reads_with

    def _acts(self, args: Sequence[str]) -> bool:
        """Whether a call with these arguments would record something, even if it is refused."""
        given = {argument.partition("=")[0] for argument in args}
        if self.acts_with:
            return self.acts_with in given
        rehearses = any(parameter.name == "dry_run" for parameter in self.params)
        return rehearses and self.reads_with not in given

    def get_help(self, ctx: click.Context) -> str:
        """Return the help page."""
        from fundledger.cli.helping import command_page  # noqa: PLC0415 - only when asked

        return command_page(self, ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and refuse with everything that is wrong with the arguments at once.

        Raises:
            Misuse: what is missing and what cannot be read.

        """
        session: Session = ctx.obj
        session.acts = self._acts(args)
        given = tuple(args)
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        if not ctx.resilient_parsing:
            _hold_once(self, ctx, given)
        if rest and not ctx.resilient_parsing:
            more = " ".join(rest)
            texts = {"text_zh": f"多了“{more}”。", "text_en": f'"{more}" is too much.'}
            session.wrong_once("FL924", more, {**texts, "command": ctx.command_path})
        for parameter in self.params:
            needed = isinstance(parameter, (Option, Argument)) and parameter.needed
            value = ctx.params.get(str(parameter.name))
            known = any(wrong.subject == name_of(parameter) for wrong in session.refusals)
            if needed and not known and (value is None or value == ()):
                session.lacks(name_of(parameter))
        session.refuse_wrong()
        return rest


def _hold_once(command: click.Command, ctx: click.Context, args: Sequence[str]) -> None:
    """Note each option that was given more than once and takes one value: none of them is taken.

    `args` are sound, as they were given.  What stands before the command, such as `-C`, may stand
    there again: an alias has it, and a command that is shown to be pasted.
    """
    _, _, order = command.make_parser(ctx).parse_args(list(args))
    for parameter in dict.fromkeys(order):
        once = isinstance(parameter, click.Option) and not (
            parameter.multiple or parameter.is_flag or parameter.count
        )
        times = order.count(parameter)
        if once and times > 1:
            ctx.obj.wrong_once("FL979", name_of(parameter), {"times": times})


def _help_unless_called() -> None:
    """Show a group's help page as a misuse where no command of it is called."""
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        printed(ctx.get_help())
        ctx.exit(2)


class LazyGroup(_Helped, click.Group):
    """A group that knows its commands by name and imports one only when it is called."""

    def __init__(  # noqa: D107 - see the class
        self,
        entries: tuple[Entry, ...],
        path: str,
        words: Words,
        **attributes: Any,  # noqa: ANN401 - click's own
    ) -> None:
        attributes["context_settings"] = dict(SETTINGS)
        attributes["invoke_without_command"] = True
        attributes["callback"] = _help_unless_called
        super().__init__(**attributes)
        self.entries = entries
        self.path = path
        self.words = words

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the catalogue."""
        del ctx
        return [entry.name for entry in self.entries]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing its module."""
        del ctx
        entry = next((entry for entry in self.entries if entry.name == cmd_name), None)
        if entry is None:
            return None
        path = f"{self.path} {cmd_name}".strip()
        if entry.below:
            return LazyGroup(entry.below, path, entry.words, name=cmd_name)
        module = import_module(f"fundledger.cli.commands.{entry.module}")
        return next(
            value
            for value in vars(module).values()
            if isinstance(value, Command) and value.path == path
        )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name.

        Raises:
            Misuse: FL920, there is no such command.

        """
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing:
            if name.startswith("-"):
                self.parse_args(ctx, args)
            session: Session = ctx.obj
            near = session.near(name, self.list_commands(ctx))
            session.wrong_once("FL920", name, {"near": near})
            session.refuse_wrong()
        return name, command, args[1:]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and refuse with everything that is wrong with the options at once."""
        rest = super().parse_args(ctx, args)
        session: Session = ctx.obj
        session.refuse_wrong()
        return rest

    def get_help(self, ctx: click.Context) -> str:
        """Return the help page; the commands' own modules stay untouched."""
        from fundledger.cli.helping import group_page  # noqa: PLC0415 - only when asked

        return group_page(self, ctx)


def command(
    path: str, *, zh: str = "", en: str = "", examples: Sequence[str] = (), **acting: str
) -> Callable[[Callable[..., Any]], Command]:
    """Return a decorator that makes a function the command of that path in the catalogue.

    `zh` and `en` say more than the catalogue's line, `acting` when it records (see `Command`); the
    function takes the session first.
    """
    entry = entry_of(path)

    def make(function: Callable[..., Any]) -> Command:
        said = {"path": path, "zh": zh, "en": en, "examples": examples, **acting}
        return click.command(entry.name, cls=Command, **said)(click.pass_obj(function))

    return make


def option(*names: str, **attributes: Any) -> Callable[[_Function], _Function]:  # noqa: ANN401 - click's own
    """Return a decorator that adds an option, explained by `zh` and `en`."""
    return click.option(*names, cls=Option, **attributes)


def argument(name: str, **attributes: Any) -> Callable[[_Function], _Function]:  # noqa: ANN401 - click's own
    """Return a decorator that adds an argument, explained by `zh` and `en`."""
    return click.argument(name, cls=Argument, **attributes)


def lacking(ctx: click.Context | None, subject: str) -> dict[str, str]:
    """Return what a sentence says of something that is missing: its meaning, and an example."""
    found = None if ctx is None else ctx.command
    words = next(
        (
            parameter.words
            for parameter in (found.params if found else ())
            if isinstance(parameter, (Option, Argument)) and name_of(parameter) == subject
        ),
        None,
    )
    examples = found.examples if isinstance(found, Command) else ()
    example = next((e for e in examples if subject in e.split()), examples[0] if examples else "")
    return {
        "what_zh": f"（{words.zh}）" if words else "",
        "what_en": f" ({words.en})" if words else "",
        "example_zh": f"，例如 fundledger {example}" if example else "",
        "example_en": f", such as fundledger {example}" if example else "",
    }


def name_of(parameter: click.Parameter) -> str:
    """Return a parameter as a person types it: `--amount`, or an argument's name in capitals."""
    if isinstance(parameter, click.Argument):
        return str(parameter.metavar or parameter.name).upper()
    return max(parameter.opts, key=len)
