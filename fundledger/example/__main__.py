"""`python -m fundledger.example`: write the example office, or do the main job on it."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from fundledger.errors import FundledgerError
from fundledger.example.words import LANGUAGES, Tongue, tongue


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0 if all is well, 1 if errors were found, 2 for misuse."""
    chosen = _parser().parse_args(arguments)
    speech = tongue(chosen.lang)
    try:
        command: Callable[[argparse.Namespace, Tongue], int] = chosen.command
        return command(chosen, speech)
    except FundledgerError as error:
        for finding in error.findings:
            for language in speech.languages:
                words = f"{finding.sentence(language)} {finding.remedy(language)}"
                print(f"{finding.code} {words}", file=sys.stderr)
        return 2 if error.misuse else 1
    except BrokenPipeError:
        return 1
    except OSError as error:
        print(f"{error.filename or ''}: {error.strerror or error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fundledger.example", description=__doc__)
    parser.add_argument(
        "-C", dest="root", type=Path, default=Path(), metavar="DIR", help="the office"
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="one language; else both")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser(
        "run", help="check the books, reconcile the accounts, propose a budget"
    )
    run.add_argument("--out", type=Path, help="where the workbooks go, by default DIR/out")
    run.set_defaults(command=_run)
    build = commands.add_parser("build", help="write ledgers/ and rules/needs/ beside DIR/rules")
    build.add_argument("directory", type=Path, metavar="DIR")
    build.set_defaults(command=_build)
    statements = commands.add_parser("statements", help="write last month's bank statements")
    statements.add_argument("directory", type=Path, metavar="DIR")
    statements.add_argument("out", type=Path, metavar="OUT")
    statements.set_defaults(command=_statements)
    mistakes = commands.add_parser(
        "mistakes", help="spoil a COPY of the office, with what is wrong"
    )
    mistakes.add_argument("directory", type=Path, metavar="DIR")
    mistakes.add_argument("--seed", type=int, default=1)
    mistakes.set_defaults(command=_mistakes)
    return parser


def _run(chosen: argparse.Namespace, speech: Tongue) -> int:
    from fundledger.example.job import Steps, do_job  # noqa: PLC0415 - heavy
    from fundledger.example.summary import summary  # noqa: PLC0415 - heavy

    steps = Steps(
        _progress(speech.head("检查账簿", "checking books")),
        _progress(speech.head("生成对账单", "writing statements")),
        _progress(speech.head("银行对账", "reconciling")),
        _progress(speech.head("测算预算", "deriving the budget")),
    )
    result = do_job(chosen.root, chosen.out or chosen.root / "out", steps)
    limit = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in summary(result, speech, limit):
        print(line)
    return 1 if result.errors else 0


def _build(chosen: argparse.Namespace, speech: Tongue) -> int:
    from fundledger.example.build import build  # noqa: PLC0415 - heavy

    build(chosen.directory, progress=_progress(speech.head("记账", "keeping books")))
    return 0


def _statements(chosen: argparse.Namespace, speech: Tongue) -> int:
    import fundledger  # noqa: PLC0415 - heavy
    from fundledger.example.build import SEED  # noqa: PLC0415 - heavy
    from fundledger.example.plan import load_plan  # noqa: PLC0415 - heavy
    from fundledger.example.statements import write_statements  # noqa: PLC0415 - heavy

    told = _progress(speech.head("生成对账单", "writing statements"))
    office = fundledger.open(chosen.directory)
    for path in write_statements(office, load_plan(), chosen.out, SEED, told).values():
        print(path)
    return 0


def _mistakes(chosen: argparse.Namespace, speech: Tongue) -> int:
    from fundledger.example.mistakes import build_mistakes  # noqa: PLC0415 - heavy

    for item in build_mistakes(chosen.directory, chosen.seed):
        print(f"{' '.join(item.codes)}  {item.fund} {item.place}  {speech.say(item.zh, item.en)}")
    return 0


def _progress(step: str, stream: TextIO | None = None) -> Callable[[str, int, int], None]:
    """Return what tells how far a step is: on one line of a terminal, else once a step."""
    stream = stream or sys.stderr

    def told(fund: str, done: int, total: int) -> None:
        if stream.isatty():
            last = done >= total - 1
            print(
                f"\r\033[K{step} {done + 1}/{total} {fund}", end="\n" if last else "", file=stream
            )
            stream.flush()
        elif not done:
            print(f"{step} …", file=stream)

    return told


if __name__ == "__main__":
    sys.exit(main())
