"""Help pages, laid out for Chinese and English alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from fundledger.cli.catalogue import entry_of
from fundledger.cli.framework import Argument, Command, LazyGroup, Option, name_of
from fundledger.cli.language import Words
from fundledger.report.table import pad, width, wrapped

if TYPE_CHECKING:
    from fundledger.cli.session import Session

_WIDEST = 100
_LONGEST_TERM = 30
_HELP = Words("显示本页", "show this page")
_USAGE = Words("用法", "Usage")
_ARGUMENTS = Words("参数", "Arguments")
_OPTIONS = Words("选项", "Options")
_COMMANDS = Words("命令", "Commands")
_EXAMPLES = Words("示例", "Examples")
_NEEDED = Words("（必填）", " (needed)")
_REPEATED = Words("（可多次）", " (may be repeated)")
_MORE = Words(
    "每个命令都有自己的说明：fundledger 命令 --help",
    "Each command has a page of its own: fundledger COMMAND --help",
)
_FIRST = Words(
    "初次使用：fundledger init 试用 --example-rules，再 fundledger -C 试用 status",
    "To begin: fundledger init try --example-rules, then fundledger -C try status",
)


def command_page(command: Command, ctx: click.Context) -> str:
    """Return the page of one command."""
    language = _language(ctx)
    places = [p for p in command.params if isinstance(p, Argument)]
    usage = " ".join([f"{ctx.command_path} [OPTIONS]", *map(_place, places)])
    lines = [f"{_USAGE.said(language)}: {usage}", ""]
    lines += _paragraphs(entry_of(command.path).words.said(language))
    if command.words.said(language):
        lines += ["", *_paragraphs(command.words.said(language))]
    lines += _section(_ARGUMENTS, [_explained(place, language) for place in places], language)
    options = [p for p in command.params if isinstance(p, Option)]
    listed = [_explained(item, language) for item in options]
    lines += _section(_OPTIONS, [*listed, ("-h, --help", _HELP.said(language))], language)
    if command.examples:
        lines += ["", f"{_EXAMPLES.said(language)}:"]
        for example in command.examples:
            lines += _pasted(f"fundledger {example}")
    return "\n".join(lines)


def group_page(group: LazyGroup, ctx: click.Context) -> str:
    """Return the page of a group, from the catalogue alone."""
    language = _language(ctx)
    lines = [f"{_USAGE.said(language)}: {ctx.command_path} [OPTIONS] COMMAND [ARGUMENTS]...", ""]
    lines += _paragraphs(group.words.said(language))
    commands = [(entry.name, entry.words.said(language)) for entry in group.entries]
    lines += _section(_COMMANDS, commands, language)
    options = [_explained(item, language) for item in group.params if isinstance(item, Option)]
    lines += _section(_OPTIONS, [*options, ("-h, --help", _HELP.said(language))], language)
    lines += ["", _MORE.said(language)]
    if not group.path:
        lines += [_FIRST.said(language)]
    return "\n".join(lines)


def _pasted(example: str) -> Iterator[str]:
    """Yield a command in lines that a shell takes as one."""
    line = " "
    for word in re.split(r" (?=--?[a-z])", example):
        if width(f"{line} {word}") > _screen() - 2:
            yield f"{line} \\"
            line = "     "
        line += f" {word}"
    yield line


def _language(ctx: click.Context) -> str:
    session: Session = ctx.obj
    return session.language


def _screen() -> int:
    return min(_WIDEST, max(50, get_terminal_size((80, 24)).columns))


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n"):
        yield from wrapped(paragraph, _screen())


def _section(heading: Words, rows: Iterable[tuple[str, str]], language: str) -> Iterator[str]:
    listed = list(rows)
    if not listed:
        return
    yield ""
    yield f"{heading.said(language)}:"
    term_width = min(_LONGEST_TERM, max(width(term) for term, _ in listed))
    for term, words in listed:
        first, *others = wrapped(words, _screen() - term_width - 4)
        if width(term) > term_width:
            yield f"  {term}"
            yield f"  {'':{term_width}}  {first}".rstrip()
        else:
            yield f"  {pad(term, term_width)}  {first}".rstrip()
        for other in others:
            yield f"  {'':{term_width}}  {other}"


def _place(argument: Argument) -> str:
    name = name_of(argument)
    many = "..." if argument.nargs != 1 else ""
    return f"{name}{many}" if argument.needed else f"[{name}]{many}"


def _explained(parameter: Option | Argument, language: str) -> tuple[str, str]:
    words = parameter.words.said(language)
    if isinstance(parameter, Argument):
        return name_of(parameter), words
    term = ", ".join(sorted(parameter.opts, key=len))
    if parameter.metavar:
        term += f" {parameter.metavar}"
    if parameter.needed:
        words += _NEEDED.said(language)
    if parameter.multiple:
        words += _REPEATED.said(language)
    return term, words
