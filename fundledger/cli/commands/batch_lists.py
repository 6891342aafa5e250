"""`fundledger batch prepare`, `list`, `show`: from a unit's list to a batch, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fundledger.cli.batches import (
    batch_id,
    by,
    day,
    found_batch,
    lines_of,
    read_list,
    told_reason,
    told_state,
    unit_list,
)
from fundledger.cli.framework import command, option
from fundledger.cli.options import acting, formatted, fund
from fundledger.cli.vaults import expect_staff, key_file, opened

if TYPE_CHECKING:
    from datetime import date

    from fundledger.cli.session import Session
    from fundledger.fund import Fund
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.plan import Receipt
    from fundledger.payment import UnitList


@command(
    "batch prepare",
    zh="按部门交来的发放清单编制批次：姓名、号码、账号存入保险库，账里只有化名；清单有一行不对，"
    "整份退回，什么都不存。同一人同一类别同一月份已在另一批次的，不能再编。",
    en="Prepares a batch from a unit's list: names, numbers and accounts go into the vault, the "
    "books hold pseudonyms. With one wrong row the list is refused and nothing is kept; nobody is "
    "listed who is paid for the same in another batch.",
    examples=(
        (
            "batch prepare dibao 发放清单.xlsx --unit CASC --date 2026-03-10 --by S03 "
            "--key-file ~/keys/gumei.key"
        ),
        (
            "batch prepare dibao 发放清单.xlsx --unit CASC --category Dibao --period 2026-03 "
            "--date 2026-03-10 --by S03 --key-file ~/keys/gumei.key --dry-run"
        ),
    ),
)
@fund
@unit_list
@day("编制日期", "the day on which it is prepared")
@by("编制人的岗位代码，也是查阅保险库的人", "who prepares it and reads the vault, by staff code")
@key_file(needed=True)
@acting
def prepare(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    fund: str,
    file: str,
    unit: str,
    category: str,
    period: str,
    day: date,
    actor: str,
    key_file: str,
    key: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Prepare a batch from a unit's payment list."""
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.cli.commands.batch import unit_named  # noqa: PLC0415 - heavy
    from fundledger.payment import roster_of  # noqa: PLC0415 - heavy
    from fundledger.payment.intake import entitlements_of, people_of  # noqa: PLC0415 - heavy
    from fundledger.payment.listed import by_rows  # noqa: PLC0415 - heavy

    session.charter(fund)
    slug = unit_named(session, unit)
    expect_staff(session, actor)
    session.refuse_wrong()
    purpose = f"{session.pick('编制批次', 'batch prepared')} {fund} {slug}"
    vault = opened(session, key_file)
    roster = roster_of(vault, actor=actor, purpose=purpose)
    found = read_list(
        session, fund, file, slug, category=category, period=period, roster=roster, on=day
    )
    made = vault.pseudonyms()
    wanted = entitlements_of(found.entries, made)

    def listed(on: Fund, key: str) -> Receipt:
        with by_rows(found, made, fund):
            return on.prepare_batch(wanted, on=day, actor=actor, document=found.sha256, key=key)

    def keep_people() -> None:
        """Keep the people of the list once it is sure that it will not be refused."""
        listed(session.fund(fund).rehearsal(), session.key)
        known = vault.read({one.person for one in wanted}, actor=actor, purpose=purpose)
        at = session.surroundings.now().isoformat(timespec="seconds")
        vault.put(people_of(found.entries, known, made, at=at, by=actor))

    receipt = carry_out(
        session,
        fund,
        listed,
        key=key,
        dry_run=dry_run,
        yes=yes,
        more={"file": found.file, "count": len(found.entries), "amount_fen": found.amount_fen},
        first=lambda: _first(session, found),
        before=keep_people,
        question=("编制这个批次？", "Prepare this batch?"),
    )
    if receipt is not None and session.tells:
        prepared = session.books(fund).batches()
        name = next((one.id for one in prepared if one.sequence == receipt.sequence), "")
        session.say(f"批次 {name} 待审批。", f"Batch {name} is to be approved.")


def _first(session: Session, found: UnitList) -> None:
    from fundledger.cli.commands.batch import tell_list  # noqa: PLC0415 - heavy

    if session.tells:
        tell_list(session, found)


@command(
    "batch list",
    zh="列出基金的全部批次：状态、笔数、金额、未办结的笔数。",
    en="Lists a fund's batches: how each stands, payments, amount, and lines still open.",
    examples=("batch list dibao",),
)
@fund
@formatted
def list_batches(session: Session, *, fund: str) -> None:
    """List the batches of a fund."""
    batches = session.books(fund).batches()
    if not session.tells:
        session.put({"fund": fund, "batches": [_plain(batch) for batch in batches]})
        return
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    columns = (
        Column(session.pick("批次", "batch")),
        Column(session.pick("编制日", "prepared"), spare=2),
        Column(session.pick("部门:类别", "unit:category"), spare=1),
        Column(session.pick("状态", "state")),
        Column(session.pick("笔数", "payments"), right=True),
        Column(session.pick("金额", "amount"), right=True),
        Column(session.pick("未办结", "open"), right=True),
    )
    rows = [
        (
            batch.id,
            batch.prepared_on,
            " ".join(sorted(batch.totals)),
            told_state(session, batch.state),
            str(batch.total.payments),
            display_fen(batch.total.amount_fen),
            str(batch.open.payments),
        )
        for batch in batches
    ]
    session.table(columns, rows)


@command(
    "batch show",
    zh="查看一个批次：各状态的笔数和金额、与上期相比的变动、高于救助标准的各笔、上月在册而"
    "本月无故不在册的人；--lines 列出各笔（化名）。",
    en="Shows a batch: payments and amounts by state, what changed since the period before, "
    "what is above the standards, and who is not listed any more without a reason; with --lines "
    "each line, by pseudonym.",
    examples=("batch show dibao B2026-03-001 --lines",),
)
@fund
@batch_id
@option("--lines", "each", is_flag=True, zh="列出各笔", en="list every line")
@formatted
def show(session: Session, *, fund: str, batch: str, each: bool) -> None:
    """Show how a batch stands."""
    from fundledger.cli import changed  # noqa: PLC0415 - heavy
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    books = session.books(fund)
    found = found_batch(session, books, batch)
    lines = lines_of(books, found) if each else []
    if not session.tells:
        changes = [changed.plain_changes(one) for one in changed.changes_in(books, found)]
        each_line = [_plain_line(found, line) for line in lines]
        doubtful = [finding.as_json() for finding in changed.doubtful_in(session, books, found)]
        again = [one._asdict() for one in changed.reissues_in(books, found)]
        plain = {**_plain(found), "changes": changes, "lines": each_line, "findings": doubtful}
        session.put({"fund": fund, **plain, "reissues": again})
        return
    session.say(
        f"批次 {found.id}　{told_state(session, found.state)}　编制 {found.prepared_on}"
        f"（{found.maker}）"
        + (f"　批准 {found.approved_on}（{found.approver}）" if found.approved_on else ""),
        f"Batch {found.id}, {told_state(session, found.state)}; prepared {found.prepared_on} "
        f"by {found.maker}"
        + (f", approved {found.approved_on} by {found.approver}" if found.approved_on else ""),
    )
    columns = (
        Column(session.pick("状态", "state")),
        Column(session.pick("笔数", "payments"), right=True),
        Column(session.pick("金额", "amount"), right=True),
    )
    rows = [
        (told_state(session, state), str(total.payments), display_fen(total.amount_fen))
        for state, total in found.by_state().items()
    ]
    whole = found.total
    session.table(
        columns,
        rows,
        (session.pick("合计", "total"), str(whole.payments), display_fen(whole.amount_fen)),
    )
    session.lines([""])
    changed.tell_changes(session, fund, found.id)
    if each:
        _tell_lines(session, found, lines)


def _tell_lines(session: Session, batch: Batch, lines: list[Any]) -> None:
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    columns = (
        Column(session.pick("行号", "line")),
        Column(session.pick("化名", "person")),
        Column(session.pick("类别", "category"), spare=2),
        Column(session.pick("所属月份", "month"), spare=1),
        Column(session.pick("金额", "amount"), right=True),
        Column(session.pick("状态", "state")),
        Column(session.pick("扣款", "debited"), spare=3),
        Column(session.pick("退回", "credited"), spare=3),
        Column(session.pick("原因", "reason"), spare=3),
    )
    cells = []
    for line in lines:
        own = batch.standing(line.line)
        cells.append(
            (
                line.line,
                line.person,
                line.category,
                line.period,
                display_fen(line.amount_fen),
                told_state(session, own.state),
                own.debited_on,
                own.credited_on,
                told_reason(session, own.reason),
            )
        )
    session.table(columns, cells)


def _plain(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch.id,
        "kind": batch.kind,
        "state": batch.state.value,
        "prepared_on": batch.prepared_on,
        "maker": batch.maker,
        "approved_on": batch.approved_on,
        "approver": batch.approver,
        "exported_on": batch.exported_on,
        "list": batch.list,
        "document": batch.document,
        "payments": batch.total.payments,
        "amount_fen": batch.total.amount_fen,
        "open": batch.open.payments,
        "states": {
            state.value: {"payments": total.payments, "amount_fen": total.amount_fen}
            for state, total in batch.by_state().items()
        },
    }


def _plain_line(batch: Batch, line: Any) -> dict[str, Any]:  # noqa: ANN401 - a line of its list
    own = batch.standing(line.line)
    return {
        **line._asdict(),
        "state": own.state.value,
        "debited_on": own.debited_on,
        "credited_on": own.credited_on,
        "reason": own.reason,
    }
