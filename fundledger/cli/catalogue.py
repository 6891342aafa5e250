"""The commands by name, with the module that holds each and one line on what it does."""

from __future__ import annotations

from typing import NamedTuple

from fundledger.cli.language import Words


class Entry(NamedTuple):
    """One command: its name, its module in `commands`, what it does, and commands below it."""

    name: str
    module: str
    words: Words
    below: tuple[Entry, ...] = ()


BUDGET = (
    Entry("forms", "budget_forms", Words("写出部门申报表", "write the units' forms")),
    Entry("propose", "budget_propose", Words("编制预算建议", "propose a year's budget")),
    Entry("stage", "budget_stage", Words("登记预算阶段", "record a stage of a budget")),
    Entry("stages", "budget_stages", Words("查看预算各阶段", "show the stages of a budget")),
    Entry("provisional", "budget_provisional", Words("批复前安排指标", "give before approval")),
    Entry("verify", "budget_kept", Words("复核留存的预算建议", "verify a kept proposal")),
    Entry("diff", "budget_kept", Words("比较两份预算建议", "compare two kept proposals")),
    Entry("adopt", "budget_acts", Words("下达预算", "adopt a budget")),
    Entry("supplement", "budget_acts", Words("追加预算", "add to a budget")),
    Entry("reduce", "budget_acts", Words("追减预算", "take from a budget")),
    Entry("allot", "budget_acts", Words("分配指标", "allot money to lines")),
    Entry("encumber", "budget_acts", Words("占用指标", "set budget aside")),
    Entry("release", "budget_acts", Words("释放占用", "give back what was set aside")),
    Entry("virement", "budget_acts", Words("调剂指标", "move budget between two lines")),
    Entry("virements", "budget_virements", Words("列出预算调剂", "list what was moved")),
    Entry("status", "budget_status", Words("查看预算执行", "show how a budget is used")),
    Entry("outturn", "budget_outturn", Words("查看收支决算", "show what a year came to")),
    Entry("lots", "budget_lots", Words("查看结转结余", "show carry-over by the year it is of")),
)
BATCH = (
    Entry("check", "batch", Words("核对部门的发放清单", "look at a unit's payment list")),
    Entry("coverage", "batch", Words("核对应保名册有无遗漏", "tell who is on nobody's list")),
    Entry("prepare", "batch_lists", Words("编制批次", "prepare a batch from a list")),
    Entry("list", "batch_lists", Words("列出批次", "list the batches")),
    Entry("show", "batch_lists", Words("查看批次", "show how a batch stands")),
    Entry("timeliness", "batch_timely", Words("如期率和足额率", "what was paid on time, in full")),
    Entry("notice", "batch_notice", Words("公示名单", "write the public notice")),
    Entry("approve", "batch_steps", Words("批准", "approve it")),
    Entry("reject", "batch_steps", Words("退回或剔除", "reject it, or some of it")),
    Entry("withdraw", "batch_steps", Words("撤销", "withdraw it before it is sent")),
    Entry("export", "batch_bank", Words("生成送盘文件", "write the file for the bank")),
    Entry("accept", "batch_steps", Words("登记银行受理", "record that the bank took it in")),
    Entry("refuse", "batch_steps", Words("登记银行整批退回", "record that the bank refused it")),
    Entry("result", "batch_bank", Words("读入银行回盘", "read the bank's answer")),
    Entry("debit", "batch_steps", Words("登记扣款", "record the debit")),
    Entry("credit-back", "batch_steps", Words("登记失败款退回", "record what failed, given back")),
    Entry("return", "batch_steps", Words("登记退汇", "record payments that came back")),
    Entry("take-back", "batch_steps", Words("登记冲账", "record a debit taken back")),
    Entry("undo-debit", "batch_steps", Words("红冲错记的扣款", "undo a debit that never was")),
    Entry("undo-credit-back", "batch_steps", Words("红冲错记的失败款退回", "undo a credit-back")),
    Entry("undo-return", "batch_steps", Words("红冲错记的退汇、冲账", "undo a return")),
    Entry("reissue", "batch_reissue", Words("补发", "pay once more what came back")),
    Entry("cancel", "batch_steps", Words("取消", "cancel what came back")),
    Entry("unclaimed", "batch_steps", Words("列为无人领取", "hold it as unclaimed")),
    Entry("remit", "batch_steps", Words("无人领取款上缴", "surrender what is unclaimed")),
    Entry("claim-back", "batch_steps", Words("追回多付", "ask back what was overpaid")),
    Entry("recover", "batch_steps", Words("登记追回款", "record what was paid back")),
    Entry("write-off", "batch_steps", Words("核销", "write off what is lost")),
)
VAULT = (
    Entry("init", "vault", Words("新建保险库和密钥", "make the vault and its key")),
    Entry("rotate", "vault", Words("更换密钥", "take another key")),
    Entry("who", "vault", Words("按化名查人", "tell who a pseudonym is")),
    Entry("change", "vault_change", Words("更改姓名、账号、电话", "change name, account, phone")),
)
COMMANDS = (
    Entry("init", "init", Words("新建办公室", "make a new office")),
    Entry("status", "status", Words("查看各基金概况", "show how the funds stand")),
    Entry("record", "record", Words("记账", "record vouchers")),
    Entry("reverse", "mend", Words("红字冲销", "reverse a voucher in red ink")),
    Entry("correct", "mend", Words("更正凭证", "correct a voucher")),
    Entry("assert", "assertion", Words("登记对账单余额", "record a balance from a statement")),
    Entry("check", "check", Words("检查账簿", "check the books")),
    Entry("explain", "explain", Words("解释检查代码", "explain a code")),
    Entry("close", "close", Words("结账", "close a month or a year")),
    Entry("verify", "verify", Words("验证日记账链", "verify the chain of the journal")),
    Entry("staff", "staff", Words("岗位与职责", "the posts and their roles")),
    Entry("accounts", "accounts", Words("会计科目", "the accounts of a fund")),
    Entry("balance", "balance", Words("科目余额表", "account balances")),
    Entry("ledger", "ledger", Words("明细账", "the entries of one account")),
    Entry("journal", "journal", Words("序时账", "vouchers in order")),
    Entry("reconcile", "reconcile", Words("银行对账", "reconcile with a bank statement")),
    Entry("budget", "", Words("预算", "budgets"), BUDGET),
    Entry("batch", "", Words("发放批次", "batches of payments"), BATCH),
    Entry("vault", "", Words("人员保险库", "the vault of people"), VAULT),
)


def entry_of(path: str) -> Entry:
    """Return the entry of a command such as `record` or `budget adopt`."""
    entries: tuple[Entry, ...] = COMMANDS
    found = None
    for name in path.split(" "):
        found = next(entry for entry in entries if entry.name == name)
        entries = found.below
    if found is None:
        raise KeyError(path)
    return found
