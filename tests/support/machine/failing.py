"""What may happen to a fund besides: retries, other processes, kills, old backups, forgers."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from fundledger.errors import JournalBroken, KeyConflict
from fundledger.fund import Fund
from fundledger.ledger import drafts
from support.machine import clerks
from support.machine.acting import EDGES, StaffedFund, wish
from support.machine.clerks import Call, Wish, call, drafted
from support.machine.dying import DEATHS, KILLED, DyingDisk, in_killed_child
from support.machine.model import BANK, OPENED, Model
from support.machine.signing import number
from support.offices import draft

REPEATABLE = settings(
    max_examples=12,
    stateful_step_count=30,
    derandomize=True,
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


class FundMachine(StaffedFund):
    """A fund at which everything happens that may happen."""

    @initialize(
        keeps=st.booleans(),
        strict=st.booleans(),
        given=st.integers(9_000_00, 90_000_00),
        event=st.sampled_from(EDGES),
        death=st.one_of(st.just(DEATHS.index((2, "half"))), number),
    )
    def begin(self, *, keeps: bool, strict: bool, given: int, event: str, death: int) -> None:
        """Every fund begins with kills, one of them short of the books, and with every mistake.

        It uses up something, and looks whether its keys, its files and its backups are watched.
        """
        self.start(keeps=keeps, strict=strict, given=given)
        self.killed(what="assert", first=death, times=1, retry=False)
        gift = Wish("donation", 0, 1_00, 0)
        self.killed(what=gift, first=DEATHS.index((4, "before")), times=1, retry=True)
        self.to_the_fen(event, 0, 1_00)
        self.errs_in_every_way()
        self.repeats(0, 1)
        self.forges(0)
        self.restores(lost=gift, what=gift, still=False, back=True)

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
        conflict = False
        try:
            different.on(self.fund, key)
        except KeyConflict:
            conflict = True
        assert conflict, "two requests under one key"
        self.expect_files(before)

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
        what=st.one_of(wish, st.sampled_from(("reverse", "close", "end year", "assert", "sign"))),
        first=number,
        times=st.integers(1, 3),
        retry=st.booleans(),
    )
    def killed(self, *, what: Wish | str, first: int, times: int, retry: bool) -> None:
        """The process dies in a call, perhaps again while it mends and retries."""
        self.count += 1
        key = f"key-{self.count}"
        made, codes, after = self.planned(what)
        if codes:
            made, codes, after = self.planned(Wish("donation", 0, 1_00, 0))
        assert not codes
        was = self.model
        happened = acknowledged = False
        for time in range(times):
            for hand in self.hands:
                hand.close_files()
            at, when = DEATHS[(first + 5 * time) % len(DEATHS)]
            victim = self._over(DyingDisk(self.root, at, when))
            ended = in_killed_child(partial(made.on, victim, key))
            assert ended in {0, KILLED}
            self.hands = [self._opened(), self._opened()]
            self.unhealed = ended == KILLED
            acknowledged = acknowledged or ended == 0
            earlier, happened = happened, self.fund.books().head.sequence == after.records
            assert happened or not (earlier or acknowledged), "what was recorded is gone"
            self.model = after if happened else was
            self.checked = False
            self.agrees()
        self.checked = False
        if retry or happened:
            receipt = made.on(self.fund, key)
            assert receipt.again is happened
            self.model = was
            self.accept(made, key, receipt, after)

    def planned(self, what: Wish | str) -> tuple[Call, set[str], Model]:
        """Return a call, the codes that must refuse it, and the state that it leads to."""
        after = self.model.copy()
        if what == "close":
            month = min(self.model.open_months(), default="2025-01")
            return call("close", month, actor="S02"), after.judge_close(month, self.today), after
        if what == "end year":
            year = max(self.model.ended, default=2024) + 1
            codes = after.judge_year_end(year, self.today)
            return call("close_year", year, actor="S02", **clerks.HEAD), codes, after
        if what in {"sign", "assert"}:
            return self.stated_today(signing=what == "sign")
        if what == "reverse":
            ref = self.model.booked[-1].ref
            codes = after.judge([self.red(ref, self.today)], self.today)
            return call("reverse", ref, on=self.today, **clerks.HEAD), codes, after
        assert isinstance(what, Wish)
        one = drafted(what, self.model, self.today)
        return call("record", one), after.judge([one], self.today), after

    def stated_today(self, *, signing: bool) -> tuple[Call, set[str], Model]:
        """Return what a statement of today makes: a day is signed for or asserted, never both."""
        asserted = (BANK, self.today) in self.model.assertions
        if not asserted and (signing or self.model.signature(self.today)):
            return self.signature(self.reconciliation(self.today, "bank-in"))
        after = self.model.copy()
        fen = after.balance(BANK, self.today)
        replaces = after.say(BANK, self.today, fen)
        said = call("assert_balance", BANK, self.today, fen, actor="S05", replaces=replaces)
        return said, set(), after

    @rule(lost=wish, what=wish, still=st.booleans(), back=st.booleans())
    def restores(self, *, lost: Wish, what: Wish, still: bool, back: bool) -> None:
        """A backup is put back under a note that knows more, which must stop all recording."""
        if self.unhealed:
            return
        files, model, keys = self.files(), self.model.copy(), dict(self.keys)
        self.records(lost)
        newer = self.files(), self.model, self.keys
        if still:
            self.another_process("anew")
        self.put(files)
        self.checked = False
        if self.model.records > model.records:
            self.stopped(what)
            if back:
                self.put(newer[0])
            else:
                self.model, self.keys = model, keys
                after = model.copy()
                after.records += 1
                after.losses += 1
                self.do(call("give_up", "备份", actor="S01"), set(), after)
        else:
            self.model, self.keys = model, keys
        self.records(what)

    def put(self, files: dict[str, bytes]) -> None:
        for name in self.files().keys() - files.keys():
            (self.root / name).unlink()
        for name, data in files.items():
            (self.root / name).write_bytes(data)

    def stopped(self, what: Wish) -> None:
        """Nothing is recorded, nor changed, and every look tells why."""
        before = self.files()
        codes: tuple[str, ...] = ()
        try:
            self.fund.record(drafted(what, self.model, self.today), key="stopped")
        except JournalBroken as error:
            codes = error.codes
        assert codes == ("FL616",), f"{codes}, though records are missing"
        assert self.files() == before, "a journal that lacks records was changed"
        assert "FL616" in {finding.code for finding in self.fund.verify().findings}
        assert "FL616" in {finding.code for finding in self.fund.check(self.today).findings}

    @rule(pick=number)
    def forges(self, pick: int) -> None:
        """Whoever edits a file, or gives a voucher another number, is found out."""
        sound = draft(drafts.donation(1_00), self.today, "donation")
        self.force_in(sound, "FL301", 2 + pick % 9)
        if self.model.months().get(self.today.isoformat()[:7]):
            self.force_in(sound, "FL302", 0)
        if self.unhealed:
            return
        for journal, expected in ((True, {"FL602", "FL604"}), (False, {"FL601"})):
            root, fund = self.copied()
            files = self.files().items()
            names = [
                name for name, held in files if held and name.startswith("journal/") is journal
            ]
            path = root / names[pick % len(names)]
            data = bytearray(path.read_bytes())
            data[pick % len(data)] ^= 1
            path.write_bytes(data)
            found = {finding.code for finding in fund.check(self.today).findings}
            assert found & expected, f"{path.name} was edited, and the audit says {found}"
        root, fund = self.copied()
        self.seal_again(root, fund, pick)

    def seal_again(self, root: Path, fund: Fund, pick: int) -> None:
        """An edited line with a fitting digest of its own breaks the chain at the next line."""
        lines = [
            (path, text)
            for path in sorted((root / "journal").iterdir())
            for text in path.read_bytes().splitlines(keepends=True)
        ]
        if len(lines) < 3:
            return
        at = 1 + pick % (len(lines) - 2)
        path, text = lines[at]
        record = json.loads(text)["record"]
        record["key"] += "x"
        content = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
        digest = hashlib.sha256(self.chain()[at - 1].encode() + content).hexdigest().encode()
        sealed = b'{"sha256":"%b","record":%b}\n' % (digest, content)
        path.write_bytes(path.read_bytes().replace(text, sealed))
        broken = False
        try:
            fund.verify()
        except JournalBroken:
            broken = True
        assert broken, "the chain holds although a line was edited"
