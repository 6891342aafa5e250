"""Rules drawn for the two laws: changes that leave the past standing, and such as undo it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from fundledger.charter import FundCharter
from fundledger.ledger import drafts
from support.breakages import AMOUNTS_FEN, DAYS
from support.laws.acts import recording
from support.laws.kinds import Drawn, Said
from support.laws.world import TODAY, Act, World
from support.offices import DIBAO, charter_values, draft

FIRST, LAST, DAY = date(2025, 12, 20), date(2026, 6, 30), timedelta(days=1)
SINCE = date(2025, 1, 1)


def _sound(data: st.DataObject, world: World) -> Said:
    """Pay something, and change what no voucher rests on."""
    paid = data.draw(DAYS)
    one = draft(drafts.expense(2026, DIBAO, data.draw(AMOUNTS_FEN)), paid, "expense")
    world.must(recording([one]))
    after = st.dates(LAST, date(2030, 1, 1)).map(date.isoformat)
    later = st.dates(TODAY, date(2030, 1, 1)).map(date.isoformat)
    values = charter_values()
    fund = values["fund"]
    for place, field, days in data.draw(
        st.lists(
            st.sampled_from(
                (
                    (fund["purposes"][0], "until", after),
                    (fund["purposes"][1], "until", after),
                    (fund["sources"][1], "until", after),
                    (fund["sources"][0], "from", st.dates(SINCE, FIRST).map(date.isoformat)),
                    (fund, "opened", st.dates(SINCE, FIRST).map(date.isoformat)),
                    (fund, "closed", after),
                    (values["staff"][3]["roles"][0], "until", later),
                    (values["controls"], "stale_assertion_days", st.integers(1, 90)),
                    (values["controls"], "approval_threshold_fen", st.integers(1, 10**9)),
                )
            ),
            min_size=1,
            max_size=3,
        )
    ):
        place[field] = data.draw(days)
    return {"values": values, "paid": paid}


def _span(data: st.DataObject, first: date, last: date) -> str:
    return data.draw(st.dates(first, last)).isoformat()


def _undone_by(change: Any) -> Any:  # noqa: ANN401 - a breakage of the drawn values
    def broken(data: st.DataObject, _: World, said: Said) -> Said:
        values = charter_values()
        change(data, values, said["paid"])
        return {**said, "values": values}

    return broken


def _purpose_ends(data: st.DataObject, values: Said, paid: date) -> None:
    values["fund"]["purposes"][0]["until"] = _span(data, SINCE, paid - DAY)


def _purpose_begins(data: st.DataObject, values: Said, paid: date) -> None:
    values["fund"]["purposes"][0]["from"] = _span(data, paid + DAY, TODAY)


def _purpose_goes(_: st.DataObject, values: Said, __: date) -> None:
    del values["fund"]["purposes"][0]


def _source_ends(data: st.DataObject, values: Said, _: date) -> None:
    values["fund"]["sources"][0]["until"] = _span(data, SINCE, date(2026, 3, 1))


def _source_begins(data: st.DataObject, values: Said, _: date) -> None:
    values["fund"]["sources"][1]["from"] = _span(data, date(2026, 1, 16), TODAY)


def _fund_opens(data: st.DataObject, values: Said, _: date) -> None:
    values["fund"]["opened"] = _span(data, FIRST + DAY, TODAY)


def _fund_closes(data: st.DataObject, values: Said, _: date) -> None:
    values["fund"]["closed"] = _span(data, SINCE, date(2026, 3, 4))


def _role_ends(data: st.DataObject, values: Said, _: date) -> None:
    post = data.draw(st.sampled_from((1, 2)))
    values["staff"][post]["roles"][0]["until"] = _span(data, SINCE, TODAY - DAY)


def _post_goes(data: st.DataObject, values: Said, _: date) -> None:
    del values["staff"][data.draw(st.sampled_from((0, 1, 2)))]


def _account_changes(data: st.DataObject, values: Said, _: date) -> None:
    number = data.draw(st.integers(10**16, 10**17 - 1))
    values["fund"]["bank_account"]["number"] = f"31{number}"


def _regime_changes(data: st.DataObject, values: Said, _: date) -> None:
    values["fund"]["regime"] = data.draw(st.sampled_from(("union", "npo", "party-dues")))


def _adopting(world: World, said: Said) -> Act:
    """Let a donation of the last day on which there were vouchers bring the rules along."""
    world.rules = FundCharter.model_validate(said["values"])
    return recording([draft(drafts.donation(1), LAST, "donation", maker="S06")])


CHANGED = Drawn(
    "rules",
    _sound,
    tuple(
        ("FL041", _undone_by(change))
        for change in (
            _purpose_ends,
            _purpose_begins,
            _purpose_goes,
            _source_ends,
            _source_begins,
            _fund_opens,
            _fund_closes,
            _role_ends,
            _post_goes,
            _account_changes,
            _regime_changes,
        )
    ),
    _adopting,
)
