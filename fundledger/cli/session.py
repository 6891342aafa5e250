"""What one call of the program knows: the office, the language, what is wrong so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from fundledger.cli.output import colourful, printed, screen_width
from fundledger.cli.progress import progress

if TYPE_CHECKING:
    from datetime import date

    from fundledger.charter import FundCharter
    from fundledger.checks.chain import Verification
    from fundledger.errors import NotFound
    from fundledger.findings import Finding
    from fundledger.fund import Fund
    from fundledger.ledger.books import Books
    from fundledger.ledger.chart import Chart
    from fundledger.ledger.plan import Receipt
    from fundledger.ledger.record import Record
    from fundledger.ledger.surroundings import Surroundings
    from fundledger.ledger.voucher import Voucher
    from fundledger.office import Office
    from fundledger.report.table import Column

TABLE = "table"
JSON = "json"


class Session:
    """One call of the program, from its arguments to its exit."""

    def __init__(self, language: str, surroundings: Surroundings | None = None) -> None:
        """Begin in a language; `surroundings` are the clock and keys to use, if not the usual."""
        self.language = language
        self.root = Path()
        self.format = TABLE
        self.exit_code = 0
        self.key = ""
        self.acting_on = ""
        self.acts = False  # whether the command is one that records
        self.recorded: Receipt | None = None
        self._surroundings = surroundings
        self._wrong: list[Finding] = []
        self._office: Office | None = None
        self._open: dict[str, Fund] = {}

    @property
    def office(self) -> Office:
        """The office that `-C` names.

        Raises:
            NotFound: FL912, it is none.

        """
        if self._office is None:
            from fundledger.office import Office  # noqa: PLC0415 - heavy, and help needs none of it

            self._office = Office(self.root, self._surroundings)
        return self._office

    @property
    def said_root(self) -> str:
        """The office as a command has to name it, or '' where it is the current folder."""
        return "" if self.root == Path() else str(self.root)

    @property
    def surroundings(self) -> Surroundings:
        """The clock and the keys."""
        return self.office.surroundings

    @property
    def today(self) -> date:
        """The day on the clock."""
        return self.surroundings.clock().date()

    def folder(self, fund_id: str) -> Path:
        """Return the directory of a fund that the rules know.

        Raises:
            NotFound: FL030, they know no such fund.

        """
        return self.office.root / "ledgers" / self.office.charter.fund(fund_id).id

    def fund(self, fund_id: str) -> Fund:
        """Return a fund by its id; raises NotFound for an unknown one."""
        fund = self.office.fund(fund_id)
        self.acting_on = fund_id
        self._open[fund_id] = fund
        return fund

    def close(self) -> None:
        """Let go of the files of every fund that was used."""
        for fund in self._open.values():
            fund.close_files()

    def charter(self, fund_id: str) -> FundCharter:
        """Return what a fund is kept under today.

        Raises:
            NotFound: FL030, there is no such fund; the nearest are named first.

        """
        from fundledger.errors import NotFound  # noqa: PLC0415 - brings the texts along

        try:
            return self.office.charter.fund_charter(fund_id)
        except NotFound as error:
            raise self._no_fund(fund_id, error) from None

    def _no_fund(self, fund_id: str, error: NotFound) -> NotFound:
        """Return the refusal of an unknown fund with all there are, the nearest first."""
        from fundledger.cli.nearest import nearest_first  # noqa: PLC0415 - when something is wrong

        funds = self.office.charter.funds
        order = nearest_first(fund_id, {fund.id: (fund.id, fund.zh, fund.en) for fund in funds})
        known = {fund.id: fund for fund in funds}
        named = [f"{name} ({self.pick(known[name].zh, known[name].en)})" for name in order[:3]]
        allowed = self.pick("、", ", ").join((*named, *order[3:]))
        return type(error)(replace(f, details={"allowed": allowed}) for f in error.findings)

    def chart(self, fund_id: str) -> Chart:
        """Return the chart of accounts of a fund as the rules have it today."""
        from fundledger.ledger.chart import Chart  # noqa: PLC0415 - heavy

        return Chart(self.charter(fund_id), "")

    def account(self, fund_id: str, text: str, what: str, used: Iterable[str] = ()) -> str:
        """Return the full name of the account that a text means, by any of its names.

        Raises:
            Misuse: FL943, FL955, there is none or more than one; near ones are told.

        """
        from fundledger.cli.accounts import account_named  # noqa: PLC0415 - heavy
        from fundledger.errors import InputInvalid  # noqa: PLC0415 - heavy

        try:
            return account_named(text, self.chart(fund_id), what, used)
        except InputInvalid as error:
            self.wrong(error.findings)
            self.refuse_wrong()
            raise

    def books(self, fund_id: str) -> Books:
        """Return the state of a fund, folded from its journal; nothing is written."""
        with progress() as told:
            return self.fund(fund_id).books(partial(told, fund_id))

    def records(self, fund_id: str) -> Iterator[Record]:
        """Yield the records of a fund's journal, showing progress where it takes long."""
        with progress() as told:
            yield from self.fund(fund_id).records(partial(told, fund_id))

    def vouchers(self, fund_id: str) -> Iterator[Voucher]:
        """Yield the vouchers of a fund in the order of recording, showing progress likewise."""
        for record in self.records(fund_id):
            yield from record.vouchers

    def verified(self, fund_id: str, known_head: str = "") -> Verification:
        """Return what the chain of a fund's journal says, showing progress likewise."""
        with progress() as told:
            return self.fund(fund_id).verify(known_head, progress=partial(told, fund_id))

    def pick(self, zh: str, en: str) -> str:
        """Return one of two texts, by language."""
        return zh if self.language == "zh" else en

    @property
    def tells(self) -> bool:
        """Whether people read the answer, not a machine."""
        return self.format == TABLE

    def say(self, zh: str, en: str) -> None:
        """Print a sentence for people."""
        printed(self.pick(zh, en))

    def lines(self, lines: Iterable[str]) -> None:
        """Print lines as they are."""
        for line in lines:
            printed(line)

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[str]],
        total: Sequence[str] | None = None,
    ) -> None:
        """Print a table; on a terminal it is fitted to the screen, and says what has no room."""
        from fundledger.report.table import fitting, table  # noqa: PLC0415 - only where there is one

        body, limit = list(rows), screen_width()
        every = body if total is None else [*body, total]
        kept = fitting(columns, every, limit)

        def of(row: Sequence[str]) -> list[str]:
            return [row[index] for index in kept]

        shown = [columns[index] for index in kept]
        end = None if total is None else of(total)
        if total is not None and end is not None:
            end[0] = end[0] or total[0]
        self.lines(table(shown, map(of, body), limit=limit, total=end))
        if len(kept) < len(columns):
            left = [c.heading for index, c in enumerate(columns) if index not in kept]
            self.say(
                f"屏幕较窄，未列：{'、'.join(left)}。",
                f"Left out on this narrow screen: {', '.join(left)}.",
            )

    def put(self, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Print a JSON value: ASCII keys, amounts in fen, Chinese as it is."""
        import json  # noqa: PLC0415 - only for machines

        printed(json.dumps(value, ensure_ascii=False, indent=2))

    def style(self, text: str, stream: TextIO | None, **style: Any) -> str:  # noqa: ANN401 - click's own
        """Return the text in colour where the stream is a terminal that wants it."""
        return click.style(text, **style) if colourful(stream) else text

    def wrong_once(
        self, code: str, subject: str, details: Mapping[str, object] | None = None
    ) -> None:
        """Note one thing that is wrong with the arguments."""
        from fundledger.findings import Finding  # noqa: PLC0415 - only when something is wrong

        if code == "FL922":
            from fundledger.cli.framework import lacking  # noqa: PLC0415 - it knows this class

            context = click.get_current_context(silent=True)
            details = {**lacking(context, subject), **(details or {})}
        if all((known.code, known.subject) != (code, subject) for known in self._wrong):
            self._wrong.append(Finding(code, subject, details or {}))

    def lacks(self, subject: str) -> None:
        """Note that an option or argument is missing."""
        self.wrong_once("FL922", subject)

    def wrong(self, findings: Iterable[Finding]) -> None:
        """Note what is wrong with the arguments."""
        self._wrong += findings

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """What is wrong with the arguments so far."""
        return tuple(self._wrong)

    def refuse_wrong(self) -> None:
        """Refuse if anything is wrong with the arguments.

        Raises:
            Misuse: with all of it.

        """
        if self._wrong:
            from fundledger.cli.complaints import Misuse  # noqa: PLC0415 - only when wrong

            raise Misuse(self._wrong)

    def near(self, text: str, known: Iterable[str]) -> str:
        """Return the few known words nearest to `text`, as a list for a sentence."""
        from difflib import get_close_matches  # noqa: PLC0415 - only when something is wrong

        choices = list(known)
        found = get_close_matches(text, choices, n=3, cutoff=0.5) or choices
        return self.pick("、", ", ").join(found)
