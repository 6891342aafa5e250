"""`fundledger batch reissue`: what failed or came back is prepared to be paid once more."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fundledger.cli.batches import batch_id, by, day, digest_of, found_batch, lines_of, prepared_by
from fundledger.cli.framework import command, option
from fundledger.cli.options import acting, fund
from fundledger.cli.vaults import expect_staff, key_file, opened

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.fund import Fund
    from fundledger.ledger.plan import Receipt


@command(
    "batch reissue",
    zh="为失败（款已退回）、退汇、冲账的各笔编制补发批次，付到保险库中现在的账号；账号未变的，须经本人"
    "确认并写 --confirmed。之后照常批准、送银行。",
    en="Prepares a batch that pays once more what failed (and was given back), came back or was "
    "taken back, to the accounts that the vault has now; where that is the same one the payee has "
    "confirmed it (--confirmed). It is approved and sent like any other.",
    examples=(
        (
            "batch reissue dibao B2026-03-001 --line L-YB3BLAJ3S7KY --document 退汇回单.pdf "
            "--date 2026-03-20 --by S03 --key-file ~/keys/gumei.key"
        ),
    ),
)
@fund
@batch_id
@option(
    "--line",
    "lines",
    multiple=True,
    needed=True,
    metavar="L-…",
    zh="发放行号，可写多个",
    en="a line of the batch, several times",
)
@option("--confirmed", is_flag=True, zh="账号经本人确认", en="the payees confirmed the accounts")
@option(
    "--document",
    metavar="FILE",
    needed=True,
    zh="依据文件（银行回单、对账单等）；其 sha256 记入日记账",
    en="what it rests on, such as a statement; its sha256 goes into the journal",
)
@day("编制日期", "the day on which it is prepared")
@by("编制人的岗位代码，也是查阅保险库的人", "who prepares it and reads the vault, by staff code")
@key_file(needed=True)
@acting
def reissue(session: Session, **given: Any) -> None:  # noqa: ANN401 - the values of options
    """Prepare a batch that pays lines once more."""
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.errors import FundledgerError  # noqa: PLC0415 - heavy
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy

    expect_staff(session, given["actor"])
    document = digest_of(session, given["document"])
    books = session.books(given["fund"])
    batch = found_batch(session, books, given["batch"])
    known = {line.line: line for line in lines_of(books, batch)}
    for line in given["lines"]:
        if line not in known:
            session.wrong_once("FL794", line[:20], {"batch": batch.id})
    session.refuse_wrong()
    purpose = session.pick("编制补发批次", "reissue prepared")
    vault = opened(session, given["key_file"])
    made = vault.pseudonyms()
    people = vault.read(
        {known[line].person for line in given["lines"]},
        actor=given["actor"],
        purpose=f"{purpose} {batch.id}",
    )
    accounts = {}
    for line in given["lines"]:
        person = people.get(known[line].person)
        if person is not None and person.accounts:
            accounts[line] = made.account(person.accounts[-1].number)
        else:
            details = {"batch": batch.id, "person": known[line].person}
            session.wrong_once("FL790", line, details)
    session.refuse_wrong()

    more: dict[str, Any] = {"batch": batch.id, "lines": list(accounts), "reissue": "-"}

    def prepare(on: Fund, key: str) -> Receipt:
        receipt = on.prepare_reissue(
            accounts,
            on=given["day"],
            actor=given["actor"],
            document=document,
            reconfirmed=given["confirmed"],
            key=key,
        )
        with suppress(FundledgerError):  # it may be recorded already; its name is not worth failing
            more["reissue"] = prepared_by(session.books(given["fund"]), receipt, given["day"])
        return receipt

    def name() -> None:
        fen = display_fen(sum(known[line].amount_fen for line in accounts))
        session.say(
            f"补发批次 {more['reissue']}：批次 {batch.id} 的 {len(accounts)} 笔共 {fen} 元再付"
            f"一次（{'、'.join(accounts)}），待审批。",
            f"Batch {more['reissue']} pays {len(accounts)} payments of {batch.id} once more, "
            f"{fen} in all ({', '.join(accounts)}); it is to be approved.",
        )

    carry_out(
        session,
        given["fund"],
        prepare,
        key=given["key"],
        dry_run=given["dry_run"],
        yes=given["yes"],
        more=more,
        first=lambda: name() if session.tells else None,
        question=("编制这个补发批次？", "Prepare this reissue?"),
    )
