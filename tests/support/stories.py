"""Stories of a fund told in TOML: what is recorded, forced in or done to the files, in order.

A step is a table with one verb and its circumstances.  `voucher`, `assert`, `sign`, `close`,
`reverse`, of batches `prepare`, `reissue` and `step`, and `stage` of a budget are acts that the
gate may refuse; `forge` is a step of a batch that is changed on its way to the journal, and written
past the gate, `forge_stage` a stage that posts other amounts than it says; `force`
is a voucher, and `record` a record, written past it; `append`, `edit`, `recode`, `remove`,
`rename`, `write` change a file, `drop` takes its last line, `wipe` all that a fund has,
`lose_lists` its lists; `give_up` answers for what is lost; `grant` gives money, a budget and its
allotment;
`rules` changes what rules/ say of the fund, for the next act to adopt; `end_year` closes a year's
months and ends it; `rebuild` writes the books again; `seconds` limits beancount.
"""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from fundledger.charter import FundCharter
from fundledger.checks.crosswise import told_on
from fundledger.checks.evidence import in_ledgers
from fundledger.checks.run import on_office
from fundledger.errors import InputInvalid, Refused
from fundledger.findings import Finding, by_weight
from fundledger.fund import Fund, open_fund
from fundledger.ledger import beans, drafts
from fundledger.ledger.apart import LIMITS, Limits
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.paylist import line_id
from fundledger.ledger.bodies import BankReceipt, Decided, OpenItem, ReconciliationBody
from fundledger.ledger.chart import BANK
from fundledger.ledger.lines import line_of
from fundledger.ledger.plan import Content, Gate, Plan, Receipt, Rules, no_rules
from fundledger.ledger.record import Kind
from fundledger.ledger.stages import StageAct, adopting
from fundledger.ledger.surroundings import Surroundings
from fundledger.ledger.text import month_file
from fundledger.ledger.voucher import Draft, Posting, Voucher, credit, debit, numbered
from fundledger.money import parse_fen
from fundledger.payer import BatchAct, Entitlement
from support.forcing import force
from support.offices import DIBAO, LATE, SINCE, Clock, charter_values, draft, numbered_keys
from support.paying import EVIDENCE, MAKER, act_values, entitlement, pseudonym

ACTS = frozenset(
    {"voucher", "assert", "sign", "close", "reverse", "prepare", "reissue", "step", "stage"}
)
_WHOLE = frozenset({"prepare", "reissue", "step", "stage"})
_SIDES = {"debit": debit, "credit": credit}
_FORCED = frozenset({"force", "forge", "forge_stage", "record"})
_FILES = frozenset(
    {
        "append",
        "chmod",
        "drop",
        "edit",
        "lose_lists",
        "rebuild",
        "recode",
        "remove",
        "rename",
        "wipe",
        "write",
    }
)
_VERBS = ACTS | _FORCED | _FILES | {"end_year", "give_up", "grant", "rules", "seconds"}

Step = Mapping[str, Any]


@dataclass
class Stage:
    """Where a story is told: a directory with two funds, and a clock."""

    root: Path
    case: Mapping[str, Any]
    clock: Clock = field(default_factory=lambda: Clock(LATE))
    limits: Limits = LIMITS
    funds: dict[str, Fund] = field(default_factory=dict)

    def fund(self, name: str = "dibao") -> Fund:
        if name not in self.funds:
            changes = dict(self.case.get("funds", {}).get(name, {}))
            if "bank_account" in changes:
                usual = charter_values(name)["fund"]["bank_account"]
                changes["bank_account"] = {**usual, **changes["bank_account"]}
            surroundings = Surroundings(self.clock, numbered_keys())
            kept_under = self._charter(name, changes)
            self.funds[name] = open_fund(
                self.root / name, kept_under, surroundings, others=lambda: self._others(name)
            )
        return self.funds[name]

    def _others(self, name: str) -> list[Fund]:
        return [fund for other, fund in sorted(self.funds.items()) if other != name]

    def _charter(self, fund: str, changes: Mapping[str, Any]) -> FundCharter:
        """Return the usual charter with what the case changes in it, of the fund and otherwise."""
        values = charter_values(fund, **changes)
        values["controls"] |= self.case.get("controls", {})
        for code, roles in self.case.get("posts", {}).items():
            held = [{"role": role, "from": SINCE} for role in roles]
            post = {"code": code, "title_zh": "岗位", "title_en": "post", "roles": held}
            values["staff"].append(post)
        return FundCharter.model_validate(values)

    def tell(self, steps: Sequence[Step]) -> None:
        """Do each step; an act that the gate refuses raises Refused."""
        for step in steps:
            self.do(step)

    def do(self, step: Step) -> None:
        (verb,) = _VERBS & step.keys()
        getattr(self, f"_{verb}")(self.fund(step.get("fund", "dibao")), step[verb], step)

    def do_anyway(self, step: Step) -> None:
        """Write past the gate what the gate refused."""
        fund = self.fund(step.get("fund", "dibao"))
        chart = fund.books().chart
        if chart is None or chart.charter != fund.charter:
            values = fund.charter.model_dump(mode="json", by_alias=True)
            self._record(fund, "charter", {"body": {"charter": values}})
        if _WHOLE & step.keys():
            with _past_the_gate(fund):
                self.do(step)
        elif "assert" in step:
            self._record(fund, "assertion", {"body": _assertion(step), "actor": _actor(step)})
        elif "sign" in step:
            body = to_builtins(reconciliation_of(step))
            self._record(fund, "reconciliation", {"body": body, "actor": _actor(step)})
        elif "close" in step:
            self._record(fund, "close", {"body": self._closing(fund, step), "actor": _actor(step)})
        else:
            made = self._draft(fund, step)
            number = fund.books().months[made.date.isoformat()[:7]] + 1
            self._put(fund, numbered(made, number), step)

    def seen(self) -> Sequence[Finding]:
        """Return what is found in the end, from where the case looks."""
        look = self.case.get("look", "audit")
        fund = self.fund()
        if look in {"office", "crosswise"}:
            return self._between(look)
        if look == "beancount":
            return beans.compare(self.root / fund.id, fund.books(), self.limits)
        if look == "vouchers":
            return self._read()
        if look == "ledgers":
            return list(in_ledgers(self.root, ("dibao", "union")))
        if look == "loss":
            return refusal(self, {"give_up": "备份止于3月5日"})
        as_of = self.case.get("as_of", date(2026, 3, 31))
        return sorted(fund.check(as_of).findings, key=by_weight)

    def _between(self, look: str) -> Sequence[Finding]:
        if look == "office":
            return on_office({name: fund.books() for name, fund in sorted(self.funds.items())})
        fund = self.fund()
        seen = [one for other in self._others(fund.id) for one in other.check().attestations]
        return list(told_on(fund.id, fund.denied(seen)))

    def _read(self) -> list[Finding]:
        folder = self.root / "dibao"
        findings: list[Finding] = []
        for path in sorted(folder.glob("2026/*.beancount")):
            try:
                beans.read_vouchers(path.read_text(), path.relative_to(folder).as_posix())
            except InputInvalid as refusal:
                findings += refusal.findings
        return findings

    def _draft(self, fund: Fund, step: Step) -> Draft:
        if "reverse" in step:
            original = fund.books().voucher(step["reverse"])
            assert original is not None
            return drafts.reversal(original, step["on"], "S03", "S01")
        return draft_of(step, step["voucher"] if "voucher" in step else step["force"])

    def _closing(self, fund: Fund, step: Step) -> dict[str, Any]:
        book = self.root / fund.id / month_file(step["close"])
        digest = hashlib.sha256(book.read_bytes()).hexdigest() if book.exists() else ""
        after = fund.books().head.closed_through
        return {"month": step["close"], "after": after, "book_sha256": digest}

    def _put(self, fund: Fund, voucher: Voucher, step: Step) -> None:
        at = step.get("at", self.clock().isoformat(timespec="seconds"))
        key = _told(step.get("key", ""))
        force(self.root / fund.id, fund, [voucher], at=at, key=key)

    def _grant(self, fund: Fund, amount: str, step: Step) -> None:
        on = step.get("on", date(2026, 3, 2))
        amount_fen = parse_fen(amount)
        fund.record(
            (
                draft(drafts.allocation("District", amount_fen), on),
                draft(drafts.adoption(on.year, DIBAO, amount_fen), on, "budget-adopt"),
                draft(drafts.allotment(on.year, DIBAO, amount_fen), on, "allot"),
            )
        )

    def _rules(self, fund: Fund, changes: Mapping[str, Any], _: Step) -> None:
        fund.close_files()
        surroundings = Surroundings(self.clock, numbered_keys("R"))
        changed = self._charter(fund.id, changes)
        self.funds[fund.id] = open_fund(self.root / fund.id, changed, surroundings)

    def _voucher(self, fund: Fund, event: str, step: Step) -> None:
        fund.record(draft_of(step, event), key=_told(step.get("key")))

    def _reverse(self, fund: Fund, _: str, step: Step) -> None:
        fund.record(self._draft(fund, step))

    def _assert(self, fund: Fund, account: str, step: Step) -> None:
        fund.assert_balance(
            account,
            step["on"],
            parse_fen(step["amount"]),
            actor=_actor(step),
            replaces=step.get("replaces", 0),
        )

    def _sign(self, fund: Fund, _: date, step: Step) -> None:
        fund.sign(reconciliation_of(step), actor=_actor(step))

    def _prepare(self, fund: Fund, people: Sequence[str], step: Step) -> None:
        fund.prepare_batch([_entitlement(text) for text in people], **_prepared(step))

    def _reissue(self, fund: Fund, people: Sequence[str], step: Step) -> None:
        accounts = {
            _line(person): pseudonym("A", account) for person, account in map(str.split, people)
        }
        fund.prepare_reissue(accounts, **_prepared(step))

    def _step(self, fund: Fund, name: str, step: Step) -> None:
        fund.advance_batch(_act(name, step))

    def _forge(self, fund: Fund, name: str, step: Step) -> None:
        def changed(content: Content) -> Content:
            body = {**content.body, **step.get("body", {})}
            return replace(content, body=body, drafts=content.drafts if step["posts"] else ())

        with _past_the_gate(fund, changed):
            fund.advance_batch(_act(name, step))

    def _stage(self, fund: Fund, name: str, step: Step) -> None:
        fund.stage(_staged(name, step))

    def _forge_stage(self, fund: Fund, name: str, step: Step) -> None:
        def changed(content: Content) -> Content:
            posted = adopting(replace(_staged(name, step), lines=_figures(step["posts"])), {})
            return replace(content, drafts=posted)

        with _past_the_gate(fund, changed):
            fund.stage(_staged(name, step))

    def _lose_lists(self, fund: Fund, _: bool, __: Step) -> None:  # noqa: FBT001 - a step's value
        for path in (self.root / fund.id / "lists").iterdir():
            path.unlink()

    def _close(self, fund: Fund, month: str, step: Step) -> None:
        fund.close(month, actor=_actor(step))

    def _end_year(self, fund: Fund, year: int, _: Step) -> None:
        open_months = [m for m, _ in fund.books().months.rows() if m[:4] == str(year)]
        for month in sorted(open_months):
            if month[5:] != "12":
                fund.close(month, actor="S02")
        fund.close_year(year, actor="S02", maker="S03", reviewer="S01")

    def _force(self, fund: Fund, _: str, step: Step) -> None:
        self._put(fund, numbered(self._draft(fund, step), step["number"]), step)

    def _record(self, fund: Fund, kind: Kind, step: Step) -> None:
        at = self.clock().isoformat(timespec="seconds")
        actor = step.get("actor", "S02")
        force(self.root / fund.id, fund, at=at, kind=kind, body=dict(step["body"]), actor=actor)

    def _rebuild(self, fund: Fund, _: bool, __: Step) -> None:  # noqa: FBT001 - a step's value
        fund.rebuild()

    def _append(self, fund: Fund, name: str, step: Step) -> None:
        with (self.root / fund.id / name).open("a", encoding="utf-8") as file:
            file.write(step["text"])

    def _edit(self, fund: Fund, name: str, step: Step) -> None:
        path = self.root / fund.id / name
        before = path.read_text(encoding="utf-8")
        after = before.replace(step["from"], step["to"])
        assert after != before
        path.write_text(after, encoding="utf-8")

    def _recode(self, fund: Fund, name: str, step: Step) -> None:
        path = self.root / fund.id / name
        path.write_bytes(path.read_text(encoding="utf-8").encode(step["encoding"]))

    def _drop(self, fund: Fund, name: str, _: Step) -> None:
        fund.close_files()
        path = self.root / fund.id / name
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))

    def _wipe(self, fund: Fund, _: bool, __: Step) -> None:  # noqa: FBT001 - a step's value
        fund.close_files()
        shutil.rmtree(self.root / fund.id)
        del self.funds[fund.id]

    def _remove(self, fund: Fund, name: str, _: Step) -> None:
        (self.root / fund.id / name).unlink()

    def _rename(self, fund: Fund, name: str, step: Step) -> None:
        (self.root / fund.id / name).rename(self.root / fund.id / step["to"])

    def _chmod(self, fund: Fund, name: str, step: Step) -> None:
        (self.root / fund.id / name).chmod(int(step["mode"], 8))

    def _give_up(self, fund: Fund, reason: str, step: Step) -> None:
        fund.give_up(reason, actor=step.get("actor", "S01"))

    def _write(self, fund: Fund, name: str, step: Step) -> None:
        path = self.root / fund.id / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(step["text"], encoding="utf-8")

    def _seconds(self, _: Fund, seconds: float, __: Step) -> None:
        self.limits = replace(self.limits, seconds=seconds)


@contextmanager
def _past_the_gate(
    fund: Fund, changed: Callable[[Content], Content] = lambda content: content
) -> Iterator[None]:
    """Let a fund write what its gate refuses, and what it makes be changed before."""
    store = fund._store  # noqa: SLF001 - no way past the gate is public
    commit, gate = store.commit, store._gate  # noqa: SLF001 - as above

    def forged(plan: Plan, charter: Rules = no_rules) -> Receipt:
        return commit(replace(plan, make=lambda books: changed(plan.make(books))), charter)

    def open_gate(*_: object) -> tuple[Finding, ...]:
        return ()

    store._gate = Gate(open_gate, open_gate, open_gate)  # noqa: SLF001 - as above
    store.commit = forged  # type: ignore[method-assign]
    try:
        yield
    finally:
        store._gate = gate  # noqa: SLF001 - as above
        store.commit = commit  # type: ignore[method-assign]


def _entitlement(text: str) -> Entitlement:
    """Return what a text such as `1 100.00`, or with a month, entitles artificial person 1 to."""
    person, amount, *month = text.split()
    made = entitlement(person, parse_fen(amount))
    return made._replace(period=month[0]) if month else made


def _line(text: str) -> str:
    """Return the id of the line that pays a person such as `1`, or once more `1/1`."""
    person, _, number = text.partition("/")
    own = entitlement(person)
    root = line_id("dibao", own.unit, own.category, own.period, own.person)
    return f"{root}-{number}" if number else root


def _outcome(text: str) -> Outcome:
    """Return the outcome of a text such as `1 paid 2026-03-11 100.00`, or with a reason `MD07`."""
    person, said, day, amount, *reason = text.split()
    return Outcome(_line(person), said, day, parse_fen(amount), *reason)


def _prepared(step: Step) -> dict[str, Any]:
    """Return how a list is prepared: by whom, when, and on what."""
    given = {"actor": MAKER, "document": EVIDENCE, "on": date(2026, 3, 10)}
    return given | {name: step[name] for name in (*given, "reconfirmed") if name in step}


def _act(name: str, step: Step) -> BatchAct:
    """Return a step of a batch; what the story leaves out is sound."""
    given = act_values(name) | {"batch": "B2026-03-001", "on": date(2026, 3, 10)}
    given |= {key: step[key] for key in ("actor", "document", "batch", "on", "note") if key in step}
    outcomes = tuple(map(_outcome, step.get("outcomes", ())))
    if "receipt" in step:
        count, amount = step["receipt"].split()
        given["receipt"] = BankReceipt(int(count), parse_fen(amount))
    return BatchAct(step=name, outcomes=outcomes, **given)


def _figures(text: str) -> dict[tuple[str, str], int]:
    """Return what a text such as `CASC:Dibao 10.00`, a line each, gives the lines of a budget."""
    words = [line.split() for line in text.strip().splitlines()]
    return {line_of(line): parse_fen(amount) for line, amount in words}


def _staged(name: str, step: Step) -> StageAct:
    """Return a stage of a budget; what the story leaves out is sound."""
    approved = name == "approved"
    given: dict[str, Any] = {
        "year": 2026,
        "on": date(2026, 3, 2),
        "document_number": "例财〔2026〕1号",
        "actor": "S01" if approved else "S06",
    }
    if approved:
        given |= {"resolution": "例联〔2026〕1号", "maker": "S03", "reviewer": "S01"}
    given |= {
        key: _told(step[key])
        for key in step
        if key not in {"stage", "forge_stage", "lines", "posts"}
    }
    return StageAct(stage=name, lines=_figures(step["lines"]), **given)


def draft_of(step: Step, event: str) -> Draft:
    """Return the draft that a step describes; a field that it leaves out is a sound one."""
    fields = {
        key: _told(value)
        for key, value in step.items()
        if key not in {"voucher", "force", "fund", "on", "lines", "number", "at", "key"}
    }
    for key in ("documents", "links"):
        if key in fields:
            fields[key] = tuple(fields[key])
    return draft(lines_of(step["lines"]), step.get("on", date(2026, 3, 5)), event, **fields)


def lines_of(text: str) -> tuple[Posting, ...]:
    """Return the postings of lines such as `debit Assets:Cash 10.00`; below zero is red ink."""
    words = [line.split() for line in text.strip().splitlines()]
    return tuple(_SIDES[side](account, parse_fen(amount)) for side, account, amount in words)


def _told(value: object) -> Any:  # noqa: ANN401 - the value of a field of a draft
    """Fill in a number that looks personal, for none may stand in a file."""
    return value.format(phone="13" + "0" * 9) if isinstance(value, str) else value


def _assertion(step: Step) -> dict[str, Any]:
    amount_fen = parse_fen(step["amount"])
    body = {"account": step["assert"], "date": step["on"].isoformat(), "amount_fen": amount_fen}
    return {**body, "replaces": step["replaces"]} if "replaces" in step else body


def reconciliation_of(step: Step) -> ReconciliationBody:
    """Return the reconciliation that a step signs.

    `statement` is a letter, which repeated is a digest.  An item is such as
    `book-out 2026-03-30 12.00 2026-03-0002`, or for the bank `bank-in 2026-03-30 0.50 a:7`; refs
    that compete stand with `|` between.  A decision is such as `a:7 -`, of no payment.
    """
    return ReconciliationBody(
        account=step.get("account", BANK),
        date=step["sign"],
        amount_fen=parse_fen(step["amount"]),
        booked_fen=parse_fen(step["booked"]),
        statements=(step.get("statement", "a") * 64,),
        items=tuple(map(_item, step.get("items", ()))),
        after=step.get("after", 0),
        replaces=step.get("replaces", 0),
        decided=tuple(map(_decision, step.get("decided", ()))),
    )


def _decision(text: str) -> Decided:
    row, line = text.split()
    return Decided(row[0] * 64 + row[1:], "" if line == "-" else line)


def _item(text: str) -> OpenItem:
    kind, day, amount, refs = text.split()
    named = (ref if ref[1:2] != ":" else ref[0] * 64 + ref[1:] for ref in refs.split("|"))
    return OpenItem(kind, date.fromisoformat(day), parse_fen(amount), tuple(named))  # type: ignore[arg-type]


def _actor(step: Step) -> str:
    return str(step.get("actor", "S05" if {"assert", "sign"} & step.keys() else "S02"))


def read_case(path: Path) -> dict[str, Any]:
    """Return a case as its TOML file tells it."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def wrong(case: Mapping[str, Any]) -> tuple[list[Step], Step]:
    """Return the steps of a case up to the one that goes wrong, and that one."""
    steps: list[Step] = [*case.get("before", ()), *case["wrong"]]
    return steps[:-1], steps[-1]


def refusal(stage: Stage, step: Step) -> tuple[Finding, ...]:
    """Return what the gate says to a step; nothing when it lets it pass."""
    try:
        stage.do(step)
    except Refused as refused:
        return refused.findings
    return ()
