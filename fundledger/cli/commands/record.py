"""`fundledger record`: one voucher by options, or many from a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import argument, command, option
from fundledger.cli.options import acting, fund, papers
from fundledger.cli.voucher_options import EVENTS_EN, EVENTS_ZH, drafted, happening

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.cli.tabled import Tabled
    from fundledger.fund import Fund
    from fundledger.ledger.plan import Receipt


@command(
    "record",
    zh=EVENTS_ZH,
    en=EVENTS_EN,
    examples=(
        (
            "record dibao allocation --amount 120000.00 --source District --date 2026-03-05 "
            "--narration 3月拨款到账 --maker S03 --reviewer S01 --cashier S06 --attachments 2"
        ),
        (
            "record dibao expense --amount 98000.00 --line CASC:Dibao --date 2026-03-10 "
            "--narration 3月低保金 --maker S03 --reviewer S01 --cashier S06 --approval 例批2026-3 "
            "--document 清单.pdf --dry-run"
        ),
        "record dibao --template 凭证表.xlsx",
        "record dibao --from 凭证表.xlsx --dry-run",
    ),
    reads_with="--template",
)
@fund
@argument(
    "event",
    needed=False,
    zh="业务，例如 allocation 或 拨款到账；用 --from 文件 时不写",
    en="what happened, such as allocation; left out with --from FILE",
)
@happening
@option(
    "--paid-by",
    metavar="VOUCHER",
    zh="往来：对方欠本基金时，写本基金垫付的那张付款凭证，例如 2026-03-0007",
    en="where the other fund owes this one, the voucher by which this one paid, "
    "such as 2026-03-0007",
)
@papers(needed=False)
@option(
    "--template",
    metavar="FILE",
    zh="写出一份空白凭证表（.xlsx），附填写说明、示例与可选值，不记账",
    en="write an empty table of vouchers (.xlsx) with a guide and lists; records nothing",
)
@option(
    "--same-again",
    is_flag=True,
    zh="表中与已记凭证相同的行确为另一笔相同业务，照记；与 --from 文件 同用",
    en="rows of the table that say what a recorded voucher says are another one like it; "
    "goes with --from FILE",
)
@acting
def record(  # noqa: PLR0913 - as many as the command has options of its own
    session: Session,
    *,
    fund: str,
    event: str | None,
    template: str | None,
    same_again: bool,
    key: str | None,
    dry_run: bool,
    yes: bool,
    **given: Any,  # noqa: ANN401 - the options of `happening` and `papers`
) -> None:
    """Record one voucher, or the table that `--from` names."""
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.cli.happenings import slug_of  # noqa: PLC0415 - heavy

    if template is not None:
        _write_template(session, fund, Path(template))
        return
    table = None
    if event is None and given["giver"] is not None:
        table = _table(session, fund, given, same_again=same_again)
        act = table.record
        key = table.sheet.key if key is None else key
    else:
        if same_again:
            texts = {
                "text_zh": "--same-again 只与 --from 文件 同用。",
                "text_en": "--same-again goes with --from FILE only.",
            }
            session.wrong_once("FL924", "--same-again", {**texts, "command": "fundledger record"})
        draft = drafted(session, fund, slug_of(session, event), given)

        def act(fund: Fund, key: str) -> Receipt:
            return fund.record(draft, key=key)

    carry_out(session, fund, act, key=key, dry_run=dry_run, yes=yes, table=table)


def _table(session: Session, fund: str, given: dict[str, Any], *, same_again: bool) -> Tabled:
    from fundledger.cli.sheet import Defaults, read_sheet  # noqa: PLC0415 - heavy
    from fundledger.cli.tabled import Tabled  # noqa: PLC0415 - heavy

    signers = ("maker", "reviewer", "poster", "cashier", "approval")
    others = [name for name, value in given.items() if value and name not in {*signers, "giver"}]
    for name in others:
        shown = {"day": "--date", "amount_fen": "--amount"}.get(name, f"--{name.rstrip('s_')}")
        session.wrong_once("FL947", shown, {"other": "--from FILE"})
    session.refuse_wrong()
    defaults = Defaults(**{name: given[name] for name in signers})
    sheet = read_sheet(Path(given["giver"]), session.charter(fund), defaults)
    return Tabled(sheet, same_again)


def _write_template(session: Session, fund: str, path: Path) -> None:
    from fundledger.cli.template import write_template  # noqa: PLC0415 - heavy

    write_template(path, session.charter(fund), session.surroundings.clock())
    session.say(f"已写出空白凭证表 {path}。", f"Wrote an empty table of vouchers to {path}.")
