"""`fundledger batch notice`: the public notice (公示) of batches, names masked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.cli.batches import by, found_batch, lines_of
from fundledger.cli.framework import argument, command, option
from fundledger.cli.kinds import DAY
from fundledger.cli.options import expect_days, formatted, fund
from fundledger.cli.vaults import expect_staff, key_file, opened

if TYPE_CHECKING:
    from datetime import date

    from fundledger.cli.session import Session
    from fundledger.ledger.batches.paylist import PaymentLine
    from fundledger.payment.notice import Notice

_LONGEST_PHONE = 40
_LONGEST_PURPOSE = 100


@command(
    "batch notice",
    zh="把已编制或已批准的批次写成公示表（.xlsx）：居委会、脱敏姓名、救助类别、期间、金额；没有证件号码、"
    "账号、电话和住址。rules/controls.toml 的 notice_in_sum 所列类别和未成年人只列人数和金额，"
    "不足 notice_least_people 人的不列。姓名取自保险库，查阅记入记录。",
    en="Writes the public notice of batches that are prepared or approved (.xlsx): committee, "
    "masked name, category, month and amount; no number, account, phone or address. The categories "
    "of notice_in_sum in rules/controls.toml and who is under age are given as numbers and sums "
    "alone, and not at all if they are fewer than notice_least_people. Names come from the vault; "
    "the read is in its log.",
    examples=(
        (
            "batch notice dibao B2026-03-001 --xlsx 公示.xlsx --from 2026-03-12 --to 2026-03-20 "
            "--phone 021-00000000 --by S03 --key-file ~/keys/gumei.key"
        ),
    ),
)
@fund
@argument("batches", nargs=-1, metavar="BATCH", zh="批次号，可写多个", en="ids of batches")
@option("--xlsx", metavar="FILE", needed=True, zh="写到该文件，已有的不覆盖", en="the new file")
@option(
    "--from",
    "first",
    type=DAY,
    metavar="YYYY-MM-DD",
    needed=True,
    zh="公示首日",
    en="the first day on the board",
)
@option(
    "--to",
    "last",
    type=DAY,
    metavar="YYYY-MM-DD",
    needed=True,
    zh="公示末日",
    en="the last day on the board",
)
@option(
    "--phone",
    metavar="TEXT",
    needed=True,
    zh="监督电话，印在公示上",
    en="whom to call, printed on it",
)
@by("编制人的岗位代码，也是查阅保险库的人", "who makes it and reads the vault, by staff code")
@key_file(needed=True)
@formatted
def notice(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    fund: str,
    batches: tuple[str, ...],
    xlsx: str,
    first: date,
    last: date,
    phone: str,
    actor: str,
    key_file: str,
) -> None:
    """Write the public notice of batches."""
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy
    from fundledger.cli.outputs import expect_new, write_new  # noqa: PLC0415 - heavy
    from fundledger.findings import Finding  # noqa: PLC0415 - heavy
    from fundledger.payment.notice import notice_of, working_days  # noqa: PLC0415 - heavy
    from fundledger.report.notice import Board, notice_workbook  # noqa: PLC0415 - heavy

    expect_staff(session, actor)
    if not phone.strip() or not phone.isprintable() or len(phone) > _LONGEST_PHONE:
        session.wrong_once("FL733", "--phone")
    session.refuse_wrong()
    expect_days(session, first, last)
    expect_new(Path(xlsx))
    charter = session.charter(fund)
    lines = _lines(session, fund, batches)
    purpose = f"{session.pick('编制公示', 'public notice')} {' '.join(lines)}"[:_LONGEST_PURPOSE]
    asked = {line.person for own in lines.values() for line in own}
    people = opened(session, key_file).read(asked, actor=actor, purpose=purpose)
    found = notice_of(charter, lines, people, first)
    controls = charter.controls
    office = session.office.charter.office.zh
    board = Board(office, charter.fund.zh, first, last, phone, controls.notice_least_people)
    write_new(Path(xlsx), notice_workbook(found, board))
    days, least = working_days(first, last), controls.publicity_days
    short = [Finding("FL719", xlsx, {"days": days, "least": least}, fund)] if days < least else []
    if not session.tells:
        doubts = [finding.as_json() for finding in short]
        session.put({"fund": fund, "batches": list(lines), **_counts(found), "findings": doubts})
        return
    session.lines(told(short, session, err=False))
    counts = _counts(found)
    session.say(
        f"已写出 {xlsx}：列名 {counts['named']} 笔，只列人数和金额的 {counts['in_sum']} 项，"
        f"其中人数过少不列的 {counts['suppressed']} 项。",
        f"Wrote {xlsx}: {counts['named']} named, {counts['in_sum']} in sum, of which "
        f"{counts['suppressed']} of too few people to be told.",
    )


def _lines(session: Session, fund: str, batches: tuple[str, ...]) -> dict[str, list[PaymentLine]]:
    """Return the lines of each batch that are to be published."""
    from fundledger.payment.notice import published  # noqa: PLC0415 - heavy

    books = session.books(fund)
    charter = session.charter(fund)
    found = {}
    for name in batches:
        batch = found_batch(session, books, name)
        found[name] = published(batch, lines_of(books, batch), charter)
    return found


def _counts(found: Notice) -> dict[str, Any]:
    suppressed = sum(one.people is None for one in found.in_sum)
    return {"named": len(found.named), "in_sum": len(found.in_sum), "suppressed": suppressed}
