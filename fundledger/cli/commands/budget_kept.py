"""`fundledger budget verify` and `budget diff`: proposals that were kept as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.cli.framework import argument, command, option
from fundledger.cli.options import formatted

if TYPE_CHECKING:
    from fundledger.cli.session import Session


@command(
    "budget verify",
    zh="按文件所记的账簿记录、申报表和规则重新测算，内容须与文件相同；其后新增的记录不计。只读。\n"
    "资料已改或结果不同时退出码为 1。",
    en="Derives it again from the records of the journals that it names, the needs and the rules, "
    "and must get the same; records that came later do not count. Reads only.\n"
    "Exit code 1 where what it rests on is not as it was, or other figures come out.",
    examples=("budget verify out/2027年度预算建议.json",),
)
@argument("file", zh="budget propose 写出的 .json", en="the .json that budget propose wrote")
@option(
    "--needs",
    metavar="DIR",
    zh="申报表所在目录；默认 rules/needs/年度",
    en="where the declared needs lie; rules/needs/YEAR if not said",
)
@formatted
def verify(session: Session, file: str, needs: str | None) -> None:
    """Verify a kept proposal."""
    from fundledger.budget import read_kept, verified  # noqa: PLC0415 - heavy
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy
    from fundledger.cli.progress import progress  # noqa: PLC0415 - heavy

    kept = read_kept(Path(file))
    with progress() as bar:
        found = verified(
            session.office, kept, needs_dir=Path(needs) if needs else None, progress=bar
        )
    session.exit_code = 0 if found.holds else 1
    if not session.tells:
        session.put(
            {
                "file": kept.file,
                "year": kept.proposal.year,
                "as_of": kept.proposal.as_of.isoformat(),
                "version": kept.version,
                "sha256": kept.sha256,
                "holds": found.holds,
                "grown": dict(found.grown),
                "findings": [finding.as_json() for finding in found.findings],
            }
        )
        return
    year, day, digest = kept.proposal.year, kept.proposal.as_of, kept.sha256[:12]
    if found.holds:
        session.say(
            f"{kept.file}：{year}年度预算建议（截至 {day}，摘要 {digest}）重算相符。",
            f"{kept.file}: the proposal for {year} (as of {day}, {digest}) comes out the same.",
        )
    for fund, more in found.grown.items():
        if more:
            session.say(
                f"　{fund} 其后新增 {more} 条记录，不计入。",
                f"  {fund} has {more} records since, which do not count.",
            )
    session.lines(told(found.findings, session, err=False))


@command(
    "budget diff",
    zh="逐项列出前后两份预算建议的数、变动的步骤和原因（规则、数据、申报、账簿）、结转安排，以及各资金合计。只读。",
    en="Tells for each line that differs both figures, the steps that changed and why (rule, "
    "inputs, need, books), the carry-over, and the sums of the funds. Reads only.",
    examples=("budget diff out/一稿.json out/二稿.json",),
)
@argument("was", metavar="OLD", zh="先前的 .json", en="the earlier .json")
@argument("now", metavar="NEW", zh="后来的 .json", en="the later .json")
@formatted
def diff(session: Session, was: str, now: str) -> None:
    """Compare two kept proposals."""
    from fundledger.budget import difference, read_kept  # noqa: PLC0415 - heavy
    from fundledger.report.proposal_changes import difference_told  # noqa: PLC0415 - heavy

    old, new = read_kept(Path(was)), read_kept(Path(now))
    found = difference(old.proposal, new.proposal)
    if not session.tells:
        session.put({"was": old.sha256, "now": new.sha256, **found.as_json()})
        return
    for label, kept in (
        (session.pick("先前", "Earlier"), old),
        (session.pick("后来", "Later"), new),
    ):
        colon = session.pick("：", ": ")
        day, digest = kept.proposal.as_of, kept.sha256[:12]
        session.lines([f"{label}{colon}{kept.file}  {kept.proposal.year}  {day}  {digest}"])
    session.lines(difference_told(found, session.language))
