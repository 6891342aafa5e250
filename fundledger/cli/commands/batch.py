"""`fundledger batch …`: payments to people, from the lists that units hand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fundledger.cli.batches import read_list, unit_list
from fundledger.cli.framework import command, option
from fundledger.cli.options import formatted, fund
from fundledger.cli.vaults import expect_staff, key_file, opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fundledger.cli.session import Session
    from fundledger.findings import Finding
    from fundledger.ledger.books import Books
    from fundledger.payment import UnitList
    from fundledger.payment.unitlist import Entry, Paid
    from fundledger.people.vault import Vault


@command(
    "batch check",
    zh="核对部门交来的发放清单（.xlsx、.xls、.csv）：证件号码、账号、金额、类别、月份逐行检查，"
    "重复的人、合计与明细不符一并指出。只看不存，结果中没有姓名和号码。\n"
    "写明 --key-file 和 --by 的，再与保险库核对：新增的人、变动的账号、姓名对不上的号码，以及录错"
    "的号码可能是哪个同名的人，以及同一类别同一月份已在别的批次的各行；查到的人记入查阅记录。",
    en="Looks at a payment list that a unit hands in (.xlsx, .xls, .csv): numbers, accounts, "
    "amounts, categories and months row by row, people who stand twice, a total that the rows do "
    "not give. Nothing is kept, and nobody is named.\n"
    "With --key-file and --by it is also held against the vault: who is new, whose account "
    "changed, whose name is another, which person of that name a wrong number may be meant for, "
    "and against the batches: who is paid already for the category and month. Whoever is "
    "found is in the log of reads.",
    examples=(
        "batch check dibao 发放清单.xlsx --unit CASC",
        "batch check dibao 发放清单.xlsx --unit CASC --category Dibao --period 2026-11",
        "batch check dibao 发放清单.xlsx --unit CASC --key-file ~/keys/gumei.key --by S03",
    ),
)
@fund
@unit_list
@key_file(needed=False)
@option(
    "--by",
    "actor",
    metavar="STAFF",
    zh="查阅保险库的岗位代码，与 --key-file 同写",
    en="who reads the vault, by staff code; with --key-file",
)
@formatted
def check(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    fund: str,
    file: str,
    unit: str,
    category: str,
    period: str,
    key_file: str | None,
    actor: str | None,
) -> None:
    """Look at a unit's payment list."""
    from fundledger.payment import roster_of  # noqa: PLC0415 - heavy

    session.charter(fund)
    slug = unit_named(session, unit)
    roster = paid = None
    if actor is not None:
        expect_staff(session, actor)
        if key_file is None:
            session.lacks("--key-file")
    elif key_file is not None and _typed("key_file"):
        session.lacks("--by")
    session.refuse_wrong()
    if actor is not None and key_file is not None:
        purpose = session.pick("核对发放清单", "payment list looked at")
        vault = opened(session, key_file)
        roster = roster_of(vault, actor=actor, purpose=f"{purpose} {fund} {slug}")
        paid = _paid_in(session.books(fund), vault)
    found = read_list(
        session, fund, file, slug, category=category, period=period, roster=roster, paid=paid
    )
    if session.tells:
        tell_list(session, found)
    else:
        session.put(_plain(fund, found))


@command(
    "batch coverage",
    zh="核对应保名册有无遗漏：名册（格式与发放清单相同）上的人，该类别、该月份没有任何批次发放的，逐行列出。"
    "只看不存，结果中没有姓名和号码；按密钥换成的化名核对，不查阅保险库里的人。",
    en="Holds a register of the entitled, in the form of a payment list, against the batches: who "
    "is on no list of the category and month is told by the row. Nothing is kept, nobody is named, "
    "and nobody is read in the vault: only its key is used.",
    examples=("batch coverage dibao 在册名单.xlsx --unit CASC --key-file ~/keys/gumei.key",),
)
@fund
@unit_list
@key_file(needed=True)
@formatted
def coverage(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    fund: str,
    file: str,
    unit: str,
    category: str,
    period: str,
    key_file: str,
) -> None:
    """Hold a register of the entitled against the batches."""
    from fundledger.cli.changed import lists_of  # noqa: PLC0415 - heavy
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy
    from fundledger.payment.listed import left_out  # noqa: PLC0415 - heavy

    session.charter(fund)
    slug = unit_named(session, unit)
    session.refuse_wrong()
    made = opened(session, key_file).pseudonyms()
    books = session.books(fund)
    found = read_list(session, fund, file, slug, category=category, period=period, roster=None)
    with lists_of(books):
        lacking = left_out(found.file, found.entries, made, books)
    count = len(found.entries)
    covered = count - len(lacking)
    if not session.tells:
        plain = {"fund": fund, "unit": slug, "file": found.file, "sha256": found.sha256}
        told_plainly = [one.as_json() for one in lacking]
        session.put({**plain, "count": count, "covered": covered, "findings": told_plainly})
        return
    session.lines(told(lacking, session, err=False))
    session.say(
        f"名册 {found.file} 共 {count} 人次，有批次发放的 {covered}，遗漏 {len(lacking)}。",
        f"{found.file}: {count} entitled, {covered} on a list, {len(lacking)} left out.",
    )


def _paid_in(books: Books, vault: Vault) -> Paid:
    """Return what tells the rows of a list whose people are paid by a batch already."""
    from fundledger.cli.changed import lists_of  # noqa: PLC0415 - heavy
    from fundledger.payment.listed import paid_already  # noqa: PLC0415 - heavy

    made = vault.pseudonyms()

    def paid(file: str, entries: Sequence[Entry]) -> Iterable[Finding]:
        with lists_of(books):
            return paid_already(file, entries, made, books)

    return paid


def _typed(name: str) -> bool:
    """Whether an option stands on the command line, and not in the environment alone."""
    import click  # noqa: PLC0415 - as the program does

    source = click.get_current_context().get_parameter_source(name)
    return source is click.core.ParameterSource.COMMANDLINE


def unit_named(session: Session, text: str) -> str:
    """Return the slug of a unit, by slug or name."""
    units = session.office.charter.units
    for unit in units:
        if text in {unit.slug, unit.zh, unit.en}:
            return str(unit.slug)
    allowed = ", ".join(f"{unit.slug} ({unit.zh})" for unit in units)
    session.wrong_once("FL923", "--unit", {"text": text[:40], "allowed": allowed})
    return ""


def _totals(found: UnitList) -> list[dict[str, Any]]:
    """Return count and sum by category and month."""
    totals: dict[tuple[str, str], list[int]] = {}
    for entry in found.entries:
        total = totals.setdefault((entry.category, entry.period), [0, 0])
        total[0] += 1
        total[1] += entry.amount_fen
    return [
        {"category": category, "period": period, "count": count, "amount_fen": fen}
        for (category, period), (count, fen) in sorted(totals.items())
    ]


def _plain(fund: str, found: UnitList) -> dict[str, Any]:
    return {
        "fund": fund,
        "unit": found.unit,
        "file": found.file,
        "sha256": found.sha256,
        "count": len(found.entries),
        "amount_fen": found.amount_fen,
        "totals": _totals(found),
        "aside": list(found.aside),
        "findings": [finding.as_json() for finding in found.findings],
    }


def tell_list(session: Session, found: UnitList) -> None:
    """Show a list that holds: what is doubtful about it, and its sums."""
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    session.lines(told(found.findings, session, err=False))
    columns = (
        Column(session.pick("类别", "category")),
        Column(session.pick("所属月份", "month")),
        Column(session.pick("人次", "payments"), right=True),
        Column(session.pick("金额", "amount"), right=True),
    )
    rows = [
        (item["category"], item["period"], str(item["count"]), display_fen(item["amount_fen"]))
        for item in _totals(found)
    ]
    count, fen = len(found.entries), display_fen(found.amount_fen)
    session.table(columns, rows, (session.pick("合计", "total"), "", str(count), fen))
    if found.aside:
        names = ", ".join(found.aside)
        session.say(f"没有读取的列：{names}。", f"Columns that were left aside: {names}.")
    session.say(
        f"清单 {found.file} 无误，可以报送；共 {count} 人次，{fen} 元。",
        f"{found.file} holds: {count} payments, {fen} yuan.",
    )
