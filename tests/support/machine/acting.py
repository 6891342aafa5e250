"""What clerks do at a fund: record, mistake themselves, reverse, correct, assert, close, wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from fundledger.ledger import drafts
from fundledger.ledger.surroundings import SHANGHAI
from fundledger.ledger.voucher import Draft, Posting
from support.machine import clerks
from support.machine.clerks import Wish, call, drafted
from support.machine.model import BANK, OPENED, month_end
from support.machine.signing import SigningFund, number
from support.offices import draft

some = st.integers(1, 900_00)
size = st.one_of(some, some, st.sampled_from(("all", "over")))
ago = st.one_of(st.just(0), st.integers(0, 60))
line = st.integers(0, 1)
money = st.builds(Wish, st.sampled_from(clerks.MONEY), line, size, ago)
budget = st.builds(Wish, st.sampled_from(clerks.BUDGET), line, size, ago)
spending = st.builds(Wish, st.sampled_from(clerks.SPENDING), line, size, ago)
wish = st.one_of(money, budget, spending)
REMADE = frozenset({"expense", "allocation", "donation"})
MISTAKES_IN_A_ROW = 8
MENDED_WRONGLY = ("a fen apart", "in its own record", "in blue", "red", "unreversed")
EDGES = ("allot", "allot", "encumber", "expense", "release", "virement", "returned")


class StaffedFund(SigningFund):
    """A fund at which clerks are at work, some of them careless."""

    @rule(what=wish)
    def records(self, what: Wish) -> None:
        one = drafted(what, self.model, self.today)
        self.do(call("record", one), *self.judged([one]))

    @rule(event=st.sampled_from(EDGES), which=line, found=some)
    def to_the_fen(self, event: str, which: int, found: int) -> None:
        """A fen more than there is must be refused, and all there is must not."""
        self.records(Wish("unknown-credit", 0, found, 0))
        self.records(Wish(event, which, "over", 0))
        self.records(Wish(event, which, "all", 0))

    @rule(what=st.one_of(spending, budget))
    def spends(self, what: Wish) -> None:
        self.records(what)

    @rule(what=st.lists(wish, min_size=2, max_size=4), knowing=st.booleans())
    def records_several(self, *, what: list[Wish], knowing: bool) -> None:
        many: list[Draft] = []
        scratch = self.model.copy()
        for one in what:
            many.append(drafted(one, scratch if knowing else self.model, self.today))
            scratch.judge(many[-1:], self.today)
        self.do(call("record", many), *self.judged(many))

    @rule(first=number, fen=some, days=ago, before=st.booleans())
    def mistakes(self, *, first: int, fen: int, days: int, before: bool) -> None:
        """Several mistakes, one by one; some stand behind a sound voucher in one record."""
        day = self.today - timedelta(days=days)
        sound = drafted(Wish("donation", 0, fen, days), self.model, self.today)
        made = clerks.mistakes(day, fen, OPENED)
        for step in range(MISTAKES_IN_A_ROW):
            name = clerks.MISTAKES[(first + step) % len(clerks.MISTAKES)]
            code, wrong = made[name]
            many = [sound, wrong] if before else [wrong]
            seen = {finding.code for finding in self.fund.examine(many) if finding.gates}
            assert code in seen, f"{name} is examined without {code}"
            self.do(call("record", many), {code}, self.model, exact=False)
            if not step:
                self.force_in(wrong, code)

    @rule(pick=number, days=st.one_of(st.just(0), ago), twice=st.booleans())
    def reverses(self, *, pick: int, days: int, twice: bool) -> None:
        ref = self.model.booked[pick % len(self.model.booked)].ref
        on = self.today - timedelta(days=days)
        if self.reverse(ref, on) and twice:
            self.reverse(ref, on)

    def reverse(self, ref: str, on: date) -> bool:
        judged = self.judged([self.red(ref, on)])
        what = call("reverse", ref, on=on, **clerks.HEAD)
        return self.do(what, *judged, exact="FL306" not in judged[0])

    def red(self, ref: str, on: date, off_fen: int = 0) -> Draft:
        """Return a red copy of a voucher, from the model's own memory of it."""
        known = self.model.voucher(ref)
        assert known is not None
        lines = tuple(
            Posting(name, -fen + (off_fen if fen > 0 else -off_fen), red=True)
            for name, fen in known.moves
        )
        return draft(lines, on, "reversal", reverses=ref)

    @rule(
        how=st.sampled_from(MENDED_WRONGLY),
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
            red = tuple(Posting(line.account, -line.signed_fen, red=True) for line in lines)
            both = [grant, draft(red, self.today, "reversal", reverses=ref)]
            self.do(call("record", both), *self.judged(both), exact=False)
            return
        if how == "red":
            lines = tuple(Posting(line.account, -line.signed_fen, red=True) for line in lines)
        elif how == "in blue":
            lines = prior_year(self.today.year, clerks.LINES[0], 7_00)
        wrong = draft(lines, self.today, "correction", corrects=known.ref)
        self.do(call("record", wrong), *self.judged([wrong]))

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
        judged = self.judged(many)
        self.do(call("correct", known.ref, right), *judged, exact="FL306" not in judged[0])

    @rule(
        back=st.sampled_from((0, 0, 0, -1, 1, 2)),
        actor=st.sampled_from(("S02", "S02", "S01", "S01", "S04")),
        off=st.booleans(),
        stated=st.booleans(),
    )
    def closes(self, *, back: int, actor: str, off: bool, stated: bool) -> None:
        """Close a month, also one that is not next; with `off` its statement says otherwise.

        `stated` says first what the bank held, without which some offices close no month.
        """
        following = min(self.model.open_months(), default=self.today.isoformat()[:7])
        month = month_before(self.today, back) if back else following
        day = date.fromisoformat(f"{month}-01")
        if stated and day >= OPENED:
            self.states_the_bank(month)
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

    @rule(offset=st.integers(-1, 0), actor=st.sampled_from(("S01", "S03")))
    def ends_a_year(self, offset: int, actor: str) -> None:
        """End this year or the last, whether or not it is ready for that."""
        after = self.model.copy()
        year = self.today.year + offset
        codes = after.judge_year_end(year, self.today)
        codes |= {"FL323"} if actor == "S03" else set()
        self.do(call("close_year", year, actor=actor, **clerks.HEAD), codes, after)

    @rule(fen=some)
    def ends_the_year(self, fen: int) -> None:
        """End the first year that is still open, with all that must come before."""
        self.records(Wish("encumber", 0, fen, 0))
        year = max(self.model.ended, default=OPENED.year - 1) + 1
        self.clock.now = max(self.clock.now, datetime(year + 1, 1, 6, 8, tzinfo=SHANGHAI))
        for account, day in list(self.model.assertions):
            if self.model.off(account, day):
                self.assert_balance(account, day, 0)
        while wrong := [one for one in self.model.signed if self.model.unsigned_fen(one)]:
            self.signs_anew(wrong[0].body.date)
        for month in self.model.open_months():
            self.states_the_bank(month)
            if month < f"{year}-12":
                self.close(month, "S02")
        self.ends_a_year(year - self.today.year, "S01")

    def states_the_bank(self, month: str) -> None:
        """Assert what the bank held at a month's end, where no month closes without."""
        last = month_end(month)
        if self.model.unasserted(month) and last <= self.today:
            self.assert_balance(BANK, last, 0)

    @rule(fen=some)
    def posts_oneself(self, fen: int) -> None:
        """Who makes a voucher posts it, which some offices forbid."""
        grant = drafted(Wish("donation", 0, fen, 0), self.model, self.today)
        one = replace(grant, maker="S08", poster="S08")
        codes, after = self.judged([one])
        if self.model.strict:
            self.do(call("record", one), {"FL331", *codes}, self.model)
            self.force_in(one, "FL331")
        else:
            self.do(call("record", one), codes, after)

    @rule(digits=st.integers(0, 10**9 - 1))
    def keyed_by_person(self, digits: int) -> None:
        """A person's number is no key: it would stand in the journal for good."""
        grant = drafted(Wish("donation", 0, 1_00, 0), self.model, self.today)
        codes, _ = self.judged([grant])
        key = f"13{digits:09d}"
        self.do(call("record", grant), {"FL339", *codes}, self.model, key=key)

    def errs_in_every_way(self) -> None:
        """Break each rule once that can be broken at once, so that no example goes without."""
        for first in range(0, len(clerks.MISTAKES), MISTAKES_IN_A_ROW):
            self.mistakes(first=first, fen=1_00, days=0, before=False)
        for how in MENDED_WRONGLY:
            self.mends_wrongly(how, 0)
        self.asserts_nothing()
        self.signs_wrongly(0)
        self.posts_oneself(1_00)
        self.keyed_by_person(0)
        ahead = drafts.encumbrance(self.today.year + 1, clerks.LINES[0], 1_00)
        unplanned = draft(ahead, self.today, "encumber")
        self.do(call("record", unplanned), *self.judged([unplanned]))
        self.closes(back=3, actor="S02", off=False, stated=True)
        self.records(Wish("donation", 0, 1_00, 90))
        self.closes(back=0, actor="S04", off=True, stated=False)
        self.ends_a_year(0, "S03")
        self.reverses(pick=len(self.model.booked) - 1, days=0, twice=True)

    @rule(days=st.one_of(st.just(-1), st.integers(1, 45)))
    def waits(self, days: int) -> None:
        """Time passes; now and then somebody sets the clock back a little."""
        if days > 0:
            self.clock.advance(days=days)
        else:
            last = datetime.fromisoformat(list(self.fund.records())[-1].at)
            self.clock.now = max(last, self.clock.now - timedelta(hours=3))


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
