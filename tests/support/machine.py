"""The state machine: clerks at one fund, with a plain model beside it that must always agree."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from fundledger.errors import JournalBroken, KeyConflict, Refused
from fundledger.fund import SHANGHAI, Fund, Surroundings
from fundledger.ledger import drafts
from fundledger.ledger.books import Books
from fundledger.ledger.index import Index
from fundledger.ledger.store import Receipt
from fundledger.ledger.text import month_file
from fundledger.ledger.voucher import Draft, Posting, numbered
from support import clerks
from support.clerks import Call, Wish, call, drafted
from support.dying import FAILED, KILLED, REFUSED, DyingDisk, WatchedDisk, in_killed_child
from support.forcing import force
from support.model import BANK, OPENED, Model, kind_of, line_of
from support.offices import Clock, charter, draft, fund_at, numbered_keys

START = datetime(2025, 11, 18, 9, 30, tzinfo=SHANGHAI)
HEALING = frozenset({"FL601", "FL604", "FL608"})
# In memory where that is possible: it is the calls that are tried here, not how a disk keeps.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - each run its own
QUIET = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
TABLES = ("opened", "balances", "months", "places", "undone", "keys", "closed", "years", "assertions")

some = st.integers(1, 900_00)
size = st.one_of(some, some, st.sampled_from(("all", "over")))
ago = st.one_of(st.just(0), st.integers(0, 60))
number = st.integers(0, 10**6)
line = st.integers(0, 1)
money = st.builds(Wish, st.sampled_from(clerks.MONEY), line, size, ago)
budget = st.builds(Wish, st.sampled_from(clerks.BUDGET), line, size, ago)
spending = st.builds(Wish, st.sampled_from(clerks.SPENDING), line, size, ago)
wish = st.one_of(money, budget, spending)


class FundMachine(RuleBasedStateMachine):
    """One fund in a real folder, two open handles on it, and what must hold after every step."""

    @initialize(keeps=st.booleans(), given=st.integers(9_000_00, 90_000_00))
    def begin(self, keeps: bool, given: int) -> None:  # noqa: FBT001 - drawn by hypothesis
        self.home = Path(tempfile.mkdtemp(prefix="fund-machine-", dir=MEMORY))
        self.root = self.home / "dibao"
        self.clock = Clock(START)
        self.charter = charter(carry_over="keep" if keeps else "lapse")
        self.model = Model(keeps)
        self.keys: dict[str, tuple[Call, Receipt]] = {}
        self.heads = [""]
        self.count = 0
        self.unhealed = False
        self.checked = False
        self.hands = [self._opened(), self._opened()]
        mistaken = draft(drafts.allocation("District", given), self.today, maker="S77")
        _ = mistaken
        self.model.records = 1
        many = [
            drafted(Wish(event, which, times * given, 0), self.model, self.today)
            for event, times in (("allocation", 3), ("budget-adopt", 2), ("allot", 1))
            for which in ((0,) if event == "allocation" else (0, 1))
        ]
        self.do(call("record", many), *self._judged(many))

    def teardown(self) -> None:
        if hasattr(self, "hands"):
            for hand in self.hands:
                hand.close_files()
            shutil.rmtree(self.home)

    def _opened(self) -> Fund:
        return self._over(WatchedDisk(self.root))

    def _over(self, disk: WatchedDisk | DyingDisk) -> Fund:
        surroundings = Surroundings(self.clock, numbered_keys(), 5.0)
        index = self.root / ".state" / "index.sqlite"
        fund = Fund(disk, self.charter, surroundings, index_path=str(index))
        self.disk = disk if isinstance(disk, WatchedDisk) else self.disk
        return fund

    @property
    def today(self) -> date:
        return self.clock().date()

    @property
    def fund(self) -> Fund:
        return self.hands[0]

    # What every call must do, refused or not

    def _judged(self, many: list[Draft]) -> tuple[set[str], Model]:
        after = self.model.copy()
        return after.judge(many, self.today), after

    def do(self, what: Call, codes: set[str], after: Model, *, exact: bool = True) -> bool:
        """Make a call that must be refused with these codes, or lead to the state `after`."""
        self.count += 1
        key = f"key-{self.count}"
        before = self.files()
        self.checked = False
        try:
            receipt = what.on(self.fund, key)
        except Refused as refusal:
            found = {finding.code for finding in refusal.findings if finding.gates}
            assert codes, f"refused with {refusal}, and nothing is wrong"
            assert codes <= found, f"refused with {found}, not {codes}"
            assert found == codes or not exact, f"refused with {found}, not {codes}"
            self.expect_files(before)
            return False
        assert not codes, f"recorded in spite of {codes}"
        self.accept(what, key, receipt, after)
        return True

    def accept(self, what: Call, key: str, receipt: Receipt, after: Model) -> None:
        new = after.booked[len(self.model.booked) :]
        assert receipt.refs == tuple(booked.ref for booked in new)
        assert receipt.sequence == after.records
        assert receipt.key == key
        self.model = after
        self.keys[key] = (what, receipt)
        self.unhealed = False
        assert self.chain()[-1] == receipt.head
        unsynced = {name for hand in self.hands for name in hand_disk(hand).unsynced}
        assert not unsynced, f"acknowledged before {unsynced} were durable"
        self.compare_index()

    def refuse_untouched(self, mistaken: Draft) -> None:
        """A refusal on a fund without a journal must leave it without one."""
        assert self.fund.examine(mistaken)
        assert not [name for name in self.files() if name.startswith("journal/")]
        try:
            self.fund.record(mistaken)
        except Refused:
            assert not [name for name in self.files() if name.startswith("journal/")]
            return
        raise AssertionError("recorded by nobody on the staff")

    def files(self) -> dict[str, bytes]:
        if not self.root.is_dir():
            return {}
        return {
            name: path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not (name := str(path.relative_to(self.root))).startswith(".state")
        }

    def expect_files(self, before: dict[str, bytes]) -> None:
        """After a refusal the files are as they were; an earlier kill may have been mended."""
        after = self.files()
        if self.unhealed:
            before = {name: data for name, data in before.items() if name.startswith("journal/")}
            torn = {name: data for name, data in after.items() if name.startswith("journal/")}
            assert torn.keys() == before.keys()
            assert all(before[name].startswith(data) for name, data in torn.items())
            self.unhealed = False
        else:
            assert after == before, "a refusal changed the files"

    def chain(self) -> list[str]:
        """Return the digests of the journal, worked out anew from its bytes."""
        digest = hashlib.sha256(b"fundledger journal 1 dibao").hexdigest()
        digests = []
        for path in sorted((self.root / "journal").iterdir()):
            for text in path.read_bytes().splitlines(keepends=True):
                assert text.endswith(b"}\n")
                digest = hashlib.sha256(digest.encode() + text[86:-2]).hexdigest()
                assert text.startswith(b'{"sha256":"%b","record":{' % digest.encode())
                digests.append(digest)
        return digests

    def compare_index(self) -> None:
        """What the index holds is what the journal folds to, table by table."""
        folded = self.fund.books()
        index = Index(str(self.root / ".state" / "index.sqlite"), "dibao")
        try:
            stored = Books("dibao", index)
            assert index.load(stored)
            assert stored.head.digest == self.chain()[-1]
            for name in TABLES:
                mine = plain(getattr(stored, name).rows())
                assert mine == plain(getattr(folded, name).rows()), name
            for month, length in stored.book_bytes.rows():
                assert (self.root / month_file(month)).stat().st_size == length
            for day in {b.day for b in self.model.booked if BANK in dict(b.moves)}:
                assert stored.balance(BANK, day) == self.model.balance(BANK, day)
                assert stored.lowest(BANK, day)[0] == self.model.lowest(BANK, day)
        finally:
            index.close()

    @invariant()
    def agrees(self) -> None:
        """The books say what the model says, fen for fen, and the audit finds nothing."""
        if not hasattr(self, "hands") or self.checked:
            return
        books = self.fund.books()
        model = self.model
        balances = model.balances()
        assert {name: books.balance(name) for name in books.account_names()} == balances
        assert books.head.sequence == model.records
        assert books.head.closed_through == model.closed_through
        assert dict(books.months.rows()) == model.months()
        assert [v.ref for v in self.fund.vouchers()] == [booked.ref for booked in model.booked]
        identities(balances, model)
        audit = self.fund.check(self.today)
        assert audit.records == model.records
        assert audit.vouchers == len(model.booked)
        wrong = [f for f in audit.findings if f.gates or f.code.startswith("FL6")]
        if self.unhealed:
            wrong = [f for f in wrong if f.code not in HEALING and not f.subject.endswith(".new")]
        assert not wrong, wrong
        self.checked = True

    # What clerks do

    @rule(what=wish)
    def records(self, what: Wish) -> None:
        one = drafted(what, self.model, self.today)
        self.do(call("record", one), *self._judged([one]))

    @rule(
        event=st.sampled_from(("allot", "allot", "encumber", "expense", "release", "virement")),
        which=line,
        found=some,
    )
    def to_the_fen(self, event: str, which: int, found: int) -> None:
        """A fen more than there is must be refused, and all there is must not."""
        self.records(Wish("unknown-credit", 0, found, 0))
        self.records(Wish(event, which, "over", 0))
        self.records(Wish(event, which, "all", 0))

    @rule(what=st.one_of(spending, budget))
    def spends(self, what: Wish) -> None:
        self.records(what)

    @rule(what=st.lists(wish, min_size=2, max_size=4), least=st.booleans())
    def records_several(self, what: list[Wish], least: bool) -> None:  # noqa: FBT001 - drawn
        many: list[Draft] = []
        scratch = self.model.copy()
        for one in what:
            many.append(drafted(one, scratch if least else self.model, self.today))
            scratch.judge(many[-1:], self.today)
        self.do(call("record", many), *self._judged(many))

    @rule(first=number, fen=some, days=ago, before=st.booleans())
    def mistakes(self, first: int, fen: int, days: int, before: bool) -> None:  # noqa: FBT001
        """Several mistakes, one by one; some stand behind a sound voucher in one record."""
        day = self.today - timedelta(days=days)
        sound = drafted(Wish("donation", 0, fen, days), self.model, self.today)
        made = clerks.mistakes(day, fen, OPENED)
        for step in range(8):
            name = clerks.MISTAKES[(first + step) % len(clerks.MISTAKES)]
            code, wrong = made[name]
            many = [sound, wrong] if before else [wrong]
            seen = {finding.code for finding in self.fund.examine(many) if finding.gates}
            assert code in seen, f"{name} is examined without {code}"
            self.do(call("record", many), {code}, self.model, exact=False)
            if not step:
                self.force_in(wrong, code)

    @rule(pick=number, days=st.one_of(st.just(0), ago), twice=st.booleans())
    def reverses(self, pick: int, days: int, twice: bool) -> None:  # noqa: FBT001 - drawn
        ref = self.model.booked[pick % len(self.model.booked)].ref
        on = self.today - timedelta(days=days)
        if self.reverse(ref, on) and twice:
            self.reverse(ref, on)

    def reverse(self, ref: str, on: date) -> bool:
        judged = self._judged([self.red(ref, on)])
        what = call("reverse", ref, on=on, **clerks.HEAD)
        return self.do(what, *judged, exact="FL306" not in judged[0])

    def red(self, ref: str, on: date, off_fen: int = 0) -> Draft:
        """Return a red copy of a voucher, from the model's own memory of it."""
        known = self.model.voucher(ref)
        assert known is not None
        first = True
        lines = []
        for name, fen in known.moves:
            lines.append(Posting(name, -fen + (off_fen if fen > 0 else -off_fen), red=True))
            first = False
        assert not first
        return draft(tuple(lines), on, "reversal", reverses=ref)

    @rule(
        how=st.sampled_from(("a fen apart", "in its own record", "in blue", "red", "unreversed")),
        pick=number,
    )
    def mends_wrongly(self, how: str, pick: int) -> None:
        known = self.model.booked[pick % len(self.model.booked)]
        lines = drafts.donation(7_00)
        if how == "a fen apart":
            wrong = self.red(known.ref, self.today, off_fen=1)
            self.do(call("record", wrong), {"FL306"}, self.model, exact=False)
            self.force_in(wrong, "FL306")
            return
        if how == "in its own record":
            grant = draft(lines, self.today, "donation")
            ref = self.model.copy().post(self.today, "donation", ()).ref
            red = tuple(Posting(name, -fen, red=True) for name, fen, _ in lines)
            both = [grant, draft(red, self.today, "reversal", reverses=ref)]
            self.do(call("record", both), *self._judged(both), exact=False)
            return
        if how == "red":
            lines = tuple(Posting(name, -fen, red=True) for name, fen, _ in lines)
        elif how == "in blue":
            lines = prior_year(self.today.year, clerks.LINES[0], 7_00)
        wrong = draft(lines, self.today, "correction", corrects=known.ref)
        self.do(call("record", wrong), *self._judged([wrong]))

    @precondition(lambda self: any(b.event in REMADE for b in self.model.booked))
    @rule(pick=number, fen=some)
    def corrects(self, pick: int, fen: int) -> None:
        remade = [b for b in self.model.booked if b.event in REMADE]
        known = remade[pick % len(remade)]
        where = clerks.LINES[any("MajorIllness" in name for name, _ in known.moves)]
        lines = clerks.postings(known.event, known.day.year, where, fen)
        if known.day.year != self.today.year:
            lines = prior_year(self.today.year, where, fen)
        right = draft(lines, self.today, "correction", corrects=known.ref)
        many = [right]
        if known.day.year == self.today.year:
            many = [self.red(known.ref, self.today), right]
        judged = self._judged(many)
        self.do(call("correct", known.ref, right), *judged, exact="FL306" not in judged[0])

    # Periods

    @rule(
        back=st.sampled_from((0, 0, 0, -1, 1, 2)),
        actor=st.sampled_from(("S02", "S02", "S01", "S01", "S04")),
        off=st.booleans(),
    )
    def closes(self, back: int, actor: str, off: bool) -> None:  # noqa: FBT001 - drawn
        """Close a month, also one that is not next; with `off` its statement says otherwise."""
        following = min(self.model.open_months(), default=self.today.isoformat()[:7])
        month = month_before(self.today, back) if back else following
        day = date.fromisoformat(f"{month}-01")
        for off_fen in (1, 0) if off and OPENED <= day <= self.today else ():
            self.assert_balance(BANK, day, off_fen)
            if off_fen:
                self.close(month, "S02")
        self.close(month, actor)

    def close(self, month: str, actor: str) -> None:
        after = self.model.copy()
        codes = after.judge_close(month, self.today)
        codes |= {"FL323"} if actor == "S04" else set()
        self.do(call("close", month, actor=actor), codes, after)

    @rule(offset=st.integers(-1, 0), ready=st.booleans(), actor=st.sampled_from(("S01", "S01", "S03")))
    def ends_year(self, offset: int, ready: bool, actor: str) -> None:  # noqa: FBT001 - drawn
        year = self.today.year + offset
        if ready:
            year = self.model.booked[0].day.year if not self.model.ended else max(self.model.ended) + 1
            self.clock.now = max(self.clock.now, datetime(year + 1, 1, 6, 8, tzinfo=SHANGHAI))
            for month in self.model.open_months():
                if month[:4] == str(year) and month[5:] != "12":
                    self.close(month, "S02")
        after = self.model.copy()
        codes = after.judge_year_end(year, self.today)
        codes |= {"FL323"} if actor == "S03" else set()
        self.do(call("close_year", year, actor=actor, **clerks.HEAD), codes, after)

    @rule(days=st.integers(-1, 40), off=st.sampled_from((0, 0, 0, 1)), account=number)
    def asserts(self, days: int, off: int, account: int) -> None:
        names = [BANK, *sorted(self.model.balances()), "Assets:Nowhere"]
        name = names[account % len(names)] if account % 3 else BANK
        self.assert_balance(name, self.today - timedelta(days=days), off)

    def assert_balance(self, name: str, on: date, off_fen: int) -> None:
        fen = self.model.balance(name, on) + off_fen
        after = self.model.copy()
        after.assertions.append((name, on, fen))
        after.records += 1
        codes = {"FL322"} if on > self.today or on < OPENED or name == "Assets:Nowhere" else set()
        self.do(call("assert_balance", name, on, fen, actor="S05"), codes, after)

    @rule(days=st.one_of(st.just(-1), st.integers(1, 45)))
    def waits(self, days: int) -> None:
        """Time passes; now and then somebody sets the clock back a little."""
        if days > 0:
            self.clock.advance(days=days)
        else:
            last = datetime.fromisoformat(list(self.fund.records())[-1].at)
            self.clock.now = max(last, self.clock.now - timedelta(hours=3))

    # Keys

    @rule(pick=number, other=number)
    def repeats(self, pick: int, other: int) -> None:
        """The same under a key gives the first receipt again, another thing a conflict."""
        key, (what, receipt) = list(self.keys.items())[pick % len(self.keys)]
        before = self.files()
        again = what.on(self.fund, key)
        assert again.again
        assert (again.sequence, again.refs) == (receipt.sequence, receipt.refs)
        self.expect_files(before)
        before = self.files()
        calls = [made for made, _ in self.keys.values()]
        different = calls[other % len(calls)]
        if different == what:
            different = call("reverse", "2025-11-0001", on=OPENED, **clerks.HEAD)
        try:
            different.on(self.fund, key)
        except KeyConflict:
            self.expect_files(before)
            return
        raise AssertionError("two requests under one key")

    # Processes that come, go and are killed

    @rule(how=st.sampled_from(("the other", "anew", "without index")))
    def another_process(self, how: str) -> None:
        """Go on with the other open handle, or a new one, or one whose index is lost."""
        self.hands.reverse()
        if how == "anew":
            self.fund.close_files()
            self.hands[0] = self._opened()
        elif how == "without index":
            for hand in self.hands:
                hand.close_files()
            for path in (self.root / ".state").glob("index.sqlite*"):
                path.unlink()

    @rule(
        what=st.one_of(wish, st.just("reverse"), st.just("close"), st.just("assert")),
        deaths=st.lists(
            st.tuples(st.integers(1, 7), st.sampled_from(("before", "half", "half", "after"))),
            min_size=1,
            max_size=3,
        ),
        retry=st.booleans(),
    )
    def killed(self, what: Wish | str, deaths: list[tuple[int, str]], retry: bool) -> None:  # noqa: FBT001
        """The process dies in a call, perhaps again while it mends and retries."""
        self.count += 1
        key = f"key-{self.count}"
        made, codes, after = self.planned(what)
        was = self.model
        happened = acknowledged = False
        for at, when in deaths:
            for hand in self.hands:
                hand.close_files()
            victim = self._over(DyingDisk(self.root, at, when))
            ended = in_killed_child(lambda victim=victim: made.on(victim, key))
            assert ended in {0, KILLED, REFUSED}, FAILED
            assert (ended == REFUSED) <= bool(codes)
            assert (ended == 0) <= (not codes)
            self.hands = [self._opened(), self._opened()]
            self.unhealed = (self.unhealed or ended == KILLED) and ended not in {0, REFUSED}
            earlier, happened = happened, self.fund.books().head.sequence == after.records
            happened = happened and not codes
            acknowledged = acknowledged or ended == 0
            assert happened or not (earlier or acknowledged), "what was recorded is gone"
            self.model = after if happened else was
            self.checked = False
            self.agrees()
        self.checked = False
        if codes and retry:
            self.do(made, codes, after, exact=False)
        elif retry or happened:
            receipt = made.on(self.fund, key)
            assert receipt.again is happened
            self.model = was
            self.accept(made, key, receipt, after)

    def planned(self, what: Wish | str) -> tuple[Call, set[str], Model]:
        if what == "close":
            month = min(self.model.open_months(), default="2025-01")
            after = self.model.copy()
            return call("close", month, actor="S02"), after.judge_close(month, self.today), after
        if what == "assert":
            after = self.model.copy()
            fen = after.balance(BANK, self.today)
            after.assertions.append((BANK, self.today, fen))
            after.records += 1
            return call("assert_balance", BANK, self.today, fen, actor="S05"), set(), after
        if what == "reverse":
            ref = self.model.booked[-1].ref
            codes, after = self._judged([self.red(ref, self.today)])
            return call("reverse", ref, on=self.today, **clerks.HEAD), codes, after
        assert isinstance(what, Wish)
        one = drafted(what, self.model, self.today)
        return call("record", one), *self._judged([one])

    @rule(lost=wish, what=wish, still=st.booleans())
    def restores(self, lost: Wish, what: Wish, still: bool) -> None:  # noqa: FBT001 - drawn
        """A backup is put back under an index that knows more, which must notice."""
        if self.unhealed:
            return
        files, model, keys = self.files(), self.model.copy(), dict(self.keys)
        self.records(lost)
        if still:
            self.another_process("anew")
        for name in self.files().keys() - files.keys():
            (self.root / name).unlink()
        for name, data in files.items():
            (self.root / name).write_bytes(data)
        self.model, self.keys = model, keys
        self.records(what)

    # The law: what the gate refuses and somebody forces in, the audit reports

    def copied(self) -> tuple[Path, Fund]:
        there = self.home / "copy"
        shutil.rmtree(there, ignore_errors=True)
        shutil.copytree(self.root, there / "dibao", ignore=shutil.ignore_patterns(".state"))
        return there / "dibao", fund_at(there, clock=self.clock)

    def force_in(self, wrong: Draft, code: str, number: int = 1) -> None:
        root, fund = self.copied()
        month = wrong.date.isoformat()[:7]
        voucher = numbered(wrong, self.model.months().get(month, 0) + number)
        at = max(self.clock(), datetime.fromisoformat(list(self.fund.records())[-1].at))
        force(root, fund, [voucher], at=at.isoformat(timespec="seconds"))
        found = {finding.code for finding in fund.check(self.today).findings}
        fund.close_files()
        assert code in found, f"{code} was forced in, and the audit says {found}"

    @rule(
        how=st.sampled_from(("number", "journal", "book", "sealed again")),
        pick=number,
    )
    def forges(self, how: str, pick: int) -> None:
        if how == "number":
            sound = draft(drafts.donation(1_00), self.today, "donation")
            self.force_in(sound, "FL301", 2 + pick % 9)
            if self.model.months().get(self.today.isoformat()[:7]):
                self.force_in(sound, "FL302", 0)
        elif not self.unhealed:
            root, fund = self.copied()
            if how == "sealed again":
                self.seal_again(root, fund, pick)
                return
            names = [n for n in self.files() if n.startswith("journal/") is (how == "journal")]
            path = root / names[pick % len(names)]
            data = bytearray(path.read_bytes())
            data[pick % len(data)] ^= 1
            path.write_bytes(data)
            found = {finding.code for finding in fund.check(self.today).findings}
            expected = {"FL602", "FL604"} if how == "journal" else {"FL601"}
            assert found & expected, f"{path.name} was edited, and the audit says {found}"

    def seal_again(self, root: Path, fund: Fund, pick: int) -> None:
        """An edited line with a fitting digest of its own breaks the chain at the next line."""
        lines = [
            (path, text)
            for path in sorted((root / "journal").iterdir())
            for text in path.read_bytes().splitlines(keepends=True)
        ]
        if len(lines) < 3:  # noqa: PLR2004 - one with a line before and one after it
            return
        at = 1 + pick % (len(lines) - 2)
        path, text = lines[at]
        record = json.loads(text)["record"]
        record["key"] += "x"
        content = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
        digest = hashlib.sha256(self.chain()[at - 1].encode() + content).hexdigest().encode()
        sealed = b'{"sha256":"%b","record":%b}\n' % (digest, content)
        path.write_bytes(path.read_bytes().replace(text, sealed))
        try:
            fund.verify()
        except JournalBroken:
            return
        raise AssertionError("the chain holds although a line was edited")


REMADE = frozenset({"expense", "allocation", "donation"})


def plain(rows: Any) -> dict[str, Any]:  # noqa: ANN401 - rows of any table
    """Return rows as the JSON values that they are."""
    return {key: json.loads(json.dumps(value)) for key, value in rows if value}


def hand_disk(fund: Fund) -> WatchedDisk:
    """Return the disk under a handle."""
    disk = fund._disk  # noqa: SLF001 - the disk is what this test put there
    assert isinstance(disk, WatchedDisk)
    return disk


def month_before(day: date, months: int) -> str:
    """Return the month so many before a day's."""
    count = day.year * 12 + day.month - 1 - months
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def prior_year(year: int, where: tuple[str, str], fen: int) -> tuple[Posting, ...]:
    """Return what corrects an earlier year's expense that came back."""
    return (
        Posting(BANK, fen),
        Posting("Equity:PriorYearAdjustment", -fen),
        Posting(drafts.budget_account(year, "Available", where), fen),
        Posting(drafts.budget_account(year, "BroughtForward", where), -fen),
    )


def identities(balances: dict[str, int], model: Model) -> None:
    """What must hold between the accounts of a fund, whatever happened to it."""
    sums: dict[tuple[str, ...], int] = {}
    for name, fen in balances.items():
        kind = kind_of(name)
        key = line_of(name) if kind else ("CNY",)
        sums[key] = sums.get(key, 0) + fen
        if kind in {"Approved", "BroughtForward"}:
            assert fen <= 0, name
        elif kind:
            assert fen >= 0, name
    assert not any(sums.values()), sums
    for year in {booked.day.year for booked in model.booked}:
        spent = [b for b in model.booked if b.day.year == year and not b.closing]
        expended = sum(f for b in spent for n, f in b.moves if kind_of(n) == "Expended")
        direct = sum(f for b in spent for n, f in b.moves if n.startswith("Expenses:"))
        assert expended == direct
        kept = sum(
            fen
            for name, fen in balances.items()
            if kind_of(name) == "Expended" and line_of(name)[0] == str(year)
        )
        assert kept == direct

