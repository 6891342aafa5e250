"""Help is there for every command, in both languages, and costs next to nothing."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import click
import pytest

from fundledger.cli import program
from fundledger.cli.catalogue import COMMANDS, Entry
from fundledger.cli.framework import Argument, Command, Option
from fundledger.cli.language import language_of
from support.terminals import Terminal


def _paths(entries: tuple[Entry, ...], above: str = "") -> list[str]:
    return [
        path
        for entry in entries
        for path in (f"{above}{entry.name}", *_paths(entry.below, f"{above}{entry.name} "))
    ]


PATHS = _paths(COMMANDS)
LEAVES = [path for path in PATHS if path not in {"budget", "batch", "vault"}]


BUDGET_ACTS = tuple(
    path
    for path in LEAVES
    if path.startswith("budget ") and path.split()[1] not in {"status", "propose", "verify", "diff"}
)


def _command(path: str) -> Command:
    found: click.Command | None = program()
    for name in path.split():
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), name)
    assert isinstance(found, Command)
    return found


def _chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


@pytest.mark.parametrize("path", PATHS)
def test_every_command_explains_itself_in_both_languages(empty: Terminal, path: str) -> None:
    chinese = empty.done(*path.split(), "--help")
    english = empty.done(*path.split(), "--help", lang="en")

    assert f"用法: fundledger {path}" in chinese
    assert "显示本页" in chinese
    assert f"Usage: fundledger {path}" in english
    assert "show this page" in english


@pytest.mark.parametrize("path", LEAVES)
def test_every_option_and_argument_has_words_in_both_languages(path: str) -> None:
    for parameter in _command(path).params:
        assert isinstance(parameter, (Option, Argument))
        assert _chinese(parameter.words.zh), parameter.name
        assert parameter.words.en, parameter.name
        assert not _chinese(parameter.words.en), parameter.name


@pytest.mark.parametrize("path", LEAVES)
def test_every_command_has_examples_of_itself(path: str) -> None:
    examples = _command(path).examples

    assert examples
    assert any(f" {example}".startswith(f" {path}") for example in examples)


@pytest.mark.parametrize("path", LEAVES)
def test_the_options_of_every_example_exist(path: str) -> None:
    """An example that is pasted is not answered with "no such option"."""
    known = {name for parameter in _command(path).params for name in parameter.opts}
    known |= {"--lang", "-C"}

    for example in _command(path).examples:
        used = {word for word in example.split() if word.startswith("-")}
        assert used <= known, example


READS = (
    "status",
    "accounts",
    "balance",
    "ledger",
    "journal",
    "budget status",
    "budget outturn",
    "budget lots",
    "explain",
    "check",
)


@pytest.mark.parametrize("path", READS)
def test_the_examples_of_what_only_reads_run(office: Terminal, path: str) -> None:
    """What the help shows can be pasted as it stands."""
    for example in _command(path).examples:
        said = office.run(*shlex.split(example))
        assert said.exit_code == 0 or (path == "check" and "FL413" in said.output), example


def test_the_examples_of_acts_run_one_after_another(
    office: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is taken as it stands; what refuses it then is the book, which has another history.

    There is no such voucher (FL911), file (FL927), or row in the form just written (FL939).
    """
    monkeypatch.chdir(office.root)
    (office.root / "清单.pdf").write_bytes(b"paper")
    for path in ("record", "reverse", "correct", "assert", "close", *BUDGET_ACTS):
        for example in _command(path).examples:
            said = office.run(*shlex.split(example)).stderr
            codes = {code for code in re.findall(r"FL\d{3}", said) if code.startswith("FL9")}
            assert codes <= {"FL911", "FL927", "FL939"}, f"{example}: {said}"


def test_the_program_lists_all_commands_with_a_line_each(empty: Terminal) -> None:
    page = empty.done("--help")

    for entry in COMMANDS:
        assert f"  {entry.name} " in page
        assert entry.words.zh in page


def test_without_a_command_the_help_is_shown_as_a_misuse(empty: Terminal) -> None:
    result = empty.run()

    assert result.exit_code == 2
    assert "用法: fundledger" in result.stdout


def test_the_version_is_told(empty: Terminal) -> None:
    assert empty.done("--version").startswith("fundledger ")


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ((), {}, "zh"),
        ((), {"LANG": "C"}, "zh"),
        ((), {"LANG": "C.UTF-8"}, "zh"),
        ((), {"LANG": "POSIX"}, "zh"),
        ((), {"LANG": "zh_CN.UTF-8"}, "zh"),
        ((), {"LANG": "en_GB.UTF-8"}, "en"),
        ((), {"LANG": "de_DE.UTF-8"}, "en"),
        ((), {"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ((), {"LC_MESSAGES": "zh_TW", "LANG": "en_US"}, "zh"),
        ((), {"LC_ALL": "", "LANG": "en_US"}, "en"),
        ((), {"FUNDLEDGER_LANG": "zh", "LC_ALL": "en_US"}, "zh"),
        ((), {"FUNDLEDGER_LANG": "en"}, "en"),
        (("--lang", "en"), {"FUNDLEDGER_LANG": "zh"}, "en"),
        (("--lang=zh", "status"), {"LANG": "en_US"}, "zh"),
        (("--lang", "fr"), {"LANG": "en_US"}, "en"),
        (("check", "--", "--lang", "en"), {}, "zh"),
    ],
)
def test_the_language_is_said_or_follows_the_locale(
    arguments: tuple[str, ...], environment: dict[str, str], language: str
) -> None:
    assert language_of(arguments, environment) == language


@pytest.mark.parametrize("arguments", [["--help"], ["budget", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """`--help` starts in about the time that importing click takes."""
    code = (
        "import sys\n"
        "from fundledger.cli import program\n"
        "try:\n"
        f"    program().main({arguments!r})\n"
        "except SystemExit as end:\n"
        "    assert not end.code\n"
        "heavy = {'pydantic', 'sqlite3', 'tomllib', 'beancount', 'python_calamine', 'xlsxwriter',\n"
        "    'json', 'fundledger.findings', 'fundledger.errors', 'fundledger.fund'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )

    assert ended.stdout.endswith("loaded: []\n")
