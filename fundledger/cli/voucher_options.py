"""The options by which a clerk says what happened, for `record` and `correct` alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from fundledger.cli.framework import option
from fundledger.cli.kinds import AMOUNT, SHARE

if TYPE_CHECKING:
    from fundledger.cli.drafting import Papers
    from fundledger.cli.session import Session
    from fundledger.ledger.voucher import Draft

_Function = TypeVar("_Function", bound=Callable[..., Any])

EVENTS_ZH = """业务与所需内容：
  allocation 拨款到账：--amount --source
  donation 捐赠收入、interest 利息收入、surrender 上缴财政：--amount
  bank-fee 银行手续费、unknown-credit 不明来款、unknown-debit 不明扣款：--amount
  expense 直接支付：--amount --line
  advance 应急预付：--amount --line --approval（先付后补手续）；
  advance-settle 应急预付核销（补齐手续）、advance-return 应急预付退回（未用的交回）：\
--amount --line，再加 --paid-by 预付凭证号
  donor-refund 捐赠款退回：--amount --approval，再加 --paid-by 捐赠凭证号；指标已分配的写 --line
  transfer 基金内划转：--amount --from 科目 --to 科目
  interfund 基金间往来：--amount，--due-from 基金（对方欠我）或 --due-to 基金（我欠对方），\
再加 --line（所涉支出：双方各写自己基金的行，付款的写已付支出的那一行），\
对方欠我时再加 --paid-by 付款凭证号；结清加 --settle（付出时仍写 --line）；\
除收到归还外都写 --approval
  opening 期初建账：--amount（专户余额，转入累计盈余），或 --debit、--credit
  预算业务用 fundledger budget 的各命令：adopt 下达（凭证上的业务代码是 budget-adopt）、
  provisional 批复前安排、supplement 追加、reduce 追减（reduction）、allot 分配、
  encumber 占用、release 释放、virement 调剂；
  年末结转用 fundledger close --year-end；冲销、更正用 reverse、correct
逐张记账都须写 --date、--narration、--maker、--reviewer；岗位代码（如 S03）见 fundledger staff。
任何业务都可改用 --debit 科目=金额 与 --credit 科目=金额 逐行写明分录。
科目写编码、中文名、英文名或全名，例如 1002 或 专户存款；fundledger accounts 基金 列出全部科目。"""
EVENTS_EN = """Events and what each needs:
  allocation: --amount --source
  donation, interest, surrender: --amount
  bank-fee, unknown-credit, unknown-debit: --amount
  expense: --amount --line
  advance (aid paid in an emergency, papers to come): --amount --line --approval
  advance-settle (its papers came), advance-return (what was not used comes back): --amount --line \
and --paid-by, the voucher that paid the advance
  donor-refund: --amount --approval and --paid-by, the voucher of the donation; \
--line where it was allotted
  transfer: --amount --from ACCOUNT --to ACCOUNT
  interfund: --amount, --due-from FUND (it owes us) or --due-to FUND (we owe it), \
and --line (the expense: each fund writes a line of its own, the payer the one it paid on), \
and --paid-by VOUCHER where it owes us; \
--settle when the money moves (with --line if it is paid); --approval unless we are paid back
  opening: --amount (of the dedicated account, into what is carried forward), or --debit, --credit
  what moves a budget: the commands of `fundledger budget`, which vouchers call by the same names,
  but `adopt` budget-adopt and `reduce` reduction; a year's end: `close --year-end`;
  what is mended: `reverse`, `correct`
Each takes --date, --narration, --maker and --reviewer besides; `fundledger staff` lists the codes.
Any event may be written line by line with --debit ACCOUNT=AMOUNT and --credit ACCOUNT=AMOUNT.
An ACCOUNT is its code, Chinese or English name, or full name, such as 1002 or 专户存款; \
`fundledger accounts FUND` lists them."""


def happening(function: _Function) -> _Function:
    """Add the options that say what happened."""
    for decorate in reversed(
        (
            option(
                "--amount",
                "amount_fen",
                type=AMOUNT,
                metavar="YUAN",
                zh="金额（元），例如 120000.00",
                en="the amount in yuan, such as 120000.00",
            ),
            option(
                "--source",
                metavar="SOURCE",
                zh="拨款来源，例如 District 或 区级财政",
                en="where an allocation comes from, such as District",
            ),
            option(
                "--line",
                metavar="UNIT:CATEGORY",
                zh="部门:类别，两边都可写代码或名称，例如 CASC:Dibao；"
                "本基金只有一个同名类别时可只写类别名称",
                en="unit and category, each by code or name, such as CASC:Dibao; or the category's "
                "name alone if the fund has only one of it",
            ),
            option(
                "--from",
                "giver",
                metavar="ACCOUNT|FILE",
                zh="划转时为转出科目；不写业务时为凭证表文件（.xlsx、.csv），一行一张，"
                "只放新的行，整份一次记账",
                en="of a transfer, the account that gives; without an event, a table of vouchers "
                "(.xlsx, .csv), one a row, new ones only, recorded all or none",
            ),
            option(
                "--to",
                "taker",
                metavar="ACCOUNT",
                zh="划转时的转入科目",
                en="of a transfer, the account that takes",
            ),
            option(
                "--due-from",
                metavar="FUND",
                zh="往来：对方基金欠本基金",
                en="the other fund owes this one",
            ),
            option(
                "--due-to",
                metavar="FUND",
                zh="往来：本基金欠对方基金",
                en="this fund owes the other",
            ),
            option("--settle", is_flag=True, zh="往来：款项已收付，结清", en="the due was paid"),
            option(
                "--debit",
                "debits",
                type=SHARE,
                multiple=True,
                metavar="ACCOUNT=YUAN",
                zh="借方分录；负数为红字",
                en="a debit line; negative for red ink",
            ),
            option(
                "--credit",
                "credits_",
                type=SHARE,
                multiple=True,
                metavar="ACCOUNT=YUAN",
                zh="贷方分录；负数为红字",
                en="a credit line; negative for red ink",
            ),
        )
    ):
        function = decorate(function)
    return function


def drafted(session: Session, fund_id: str, slug: str, given: dict[str, Any]) -> Draft:
    """Return the draft of an event from the options of `happening` and `papers`.

    Raises:
        Misuse: everything that is missing, too much or not allowed.

    """
    from fundledger.cli import drafting  # noqa: PLC0415 - heavy
    from fundledger.errors import InputInvalid  # noqa: PLC0415 - heavy

    said = drafting.Said(
        **{name: given[name] for name in drafting.OPTIONS},
        paid_by=given.get("paid_by"),
        debits=given["debits"],
        credits=given["credits_"],
    )
    papers = papers_of(session, given)
    day = papers.day if papers else date(2000, 1, 1)
    try:
        charter = session.charter(fund_id)
        postings = drafting.said_postings(
            slug, said, charter, day, lambda name: drafting.OPTIONS.get(name, name)
        )
    except InputInvalid as error:
        session.wrong(error.findings)
        postings = ()
    session.wrong(drafting.undecided(slug, given["approval"], "--approval"))
    paid_by = given.get("paid_by")
    session.wrong(drafting.not_claimed(slug, paid_by, said, "--paid-by"))
    session.refuse_wrong()
    assert papers is not None  # noqa: S101 - else refused above
    return drafting.draft_of(slug, papers, postings, paid_by)


def papers_of(session: Session, given: dict[str, Any], narration: str = "") -> Papers | None:
    """Return what the options of `papers` say; what is missing is noted in the session."""
    from fundledger.cli.drafting import Papers, document_digest  # noqa: PLC0415 - heavy
    from fundledger.errors import InputInvalid  # noqa: PLC0415 - heavy

    needed = {"day": "--date", "narration": "--narration"}
    needed |= {"maker": "--maker", "reviewer": "--reviewer"}
    given = {**given, "narration": given["narration"] or narration}
    missing = [shown for name, shown in needed.items() if not given[name]]
    for shown in missing:
        session.lacks(shown)
    digests = []
    for document in given["documents"]:
        try:
            digests.append(document_digest(document))
        except InputInvalid as error:
            session.wrong(error.findings)
    if missing:
        return None
    return Papers(
        day=given["day"],
        narration=given["narration"],
        maker=given["maker"],
        reviewer=given["reviewer"],
        poster=given["poster"],
        cashier=given["cashier"],
        approval=given["approval"],
        attachments=given["attachments"],
        documents=tuple(digests),
    )
