"""`fundledger batch approve …`: one step of a batch a command; the voucher is shown before."""

from __future__ import annotations

from fundledger.cli.stepping import step_command

_SIGNED = "--maker S03 --reviewer S01"


def _example(step: str, more: str = "", who: str = "S08") -> tuple[str, ...]:
    words = f"batch {step} dibao B2026-03-001 {more} --date 2026-03-12 --by {who} {_SIGNED}"
    return (" ".join(words.split()),)


_LINE = "--line L-YB3BLAJ3S7KY"
_STATEMENT = "--document 对账单.xlsx"


approve = step_command(
    "approve",
    "批准批次：列支出、占用指标。先列出与上期相比的变动（新增、减少、金额、账号）。"
    "编制人不能批准自己的批次。",
    "Approves a batch: it becomes an expense and sets budget aside. What changed since the period "
    "before is shown first: who is new or gone, amounts, accounts. Nobody approves their own.",
    _example("approve", "--approval 例审〔2026〕3号"),
)
reject = step_command(
    "reject",
    "退回未批准的批次，或用 --line 剔除其中几笔。",
    "Rejects a batch that is not approved yet, or with --line some of it.",
    _example("reject", _LINE),
    lines=True,
)
withdraw = step_command(
    "withdraw",
    "撤销已批准、尚未送银行的批次，或用 --line 撤销其中几笔；支出和指标退回。",
    "Withdraws a batch that was approved and not sent, or with --line some of it; expense and "
    "budget come back.",
    _example("withdraw", _LINE),
    lines=True,
)
accept = step_command(
    "accept",
    "登记银行已受理送盘文件；回单写明笔数、金额的，一并登记并与送盘文件核对。",
    "Records that the bank took the file in; count and sum that its receipt states are held "
    "against what was sent.",
    _example("accept", "--document 受理回单.pdf --count 2 --sum 1600.00", "S06"),
    grounds=True,
)
refuse = step_command(
    "refuse",
    "登记银行整批退回送盘文件：一笔未付，可以重新送。",
    "Records that the bank refused the file as a whole: nothing was paid, it may be sent again.",
    _example("refuse", "--document 退回通知.pdf", "S06"),
    grounds=True,
)
debit = step_command(
    "debit",
    "登记专户扣款：不写 --line 的，整批应付各笔一并扣款（失败的除外，须写明）。",
    "Records that the bank debited the account: for every line that may be paid if none is named; "
    "a failed one must be named.",
    _example("debit", f"{_STATEMENT} --cashier S06", "S03"),
    lines=True,
    grounds=True,
)
credit_back = step_command(
    "credit-back",
    "登记银行把失败的款项退回专户。",
    "Records that the bank gave back what it had taken for payments that failed.",
    _example("credit-back", f"{_STATEMENT} --cashier S06", "S03"),
    lines=True,
    grounds=True,
)
give_back = step_command(
    "return",
    "登记退汇：已付的款项退回专户，可以补发（batch reissue）、取消或列为无人领取。",
    "Records payments that came back: to be reissued, cancelled or held as unclaimed.",
    _example("return", f"{_LINE} {_STATEMENT} --cashier S06", "S03"),
    lines=True,
    grounds=True,
)
take_back = step_command(
    "take-back",
    "登记冲账：银行撤回扣款。",
    "Records that the bank took a debit back.",
    _example("take-back", f"{_LINE} {_STATEMENT} --cashier S06", "S03"),
    lines=True,
    grounds=True,
)
undo_debit = step_command(
    "undo-debit",
    "红冲错记的扣款：账上登记了、银行没有扣的，用 --line 写明各笔；同一年的用红字，"
    "摘要注明原登记日期。银行扣了又撤回的是冲账（batch take-back）。",
    "Takes back a debit that was booked and that the bank never made, for the lines named: in red "
    "ink within its year. What the bank took and took back is `batch take-back`.",
    _example("undo-debit", f"{_LINE} {_STATEMENT} --cashier S06", "S03"),
    lines=True,
    grounds=True,
)
undo_credit_back = step_command(
    "undo-credit-back",
    "红冲错记的失败款退回：账上登记了退回、银行没有退的。",
    "Takes back a credit-back that was booked and that the bank never made.",
    _example("undo-credit-back", f"{_LINE} {_STATEMENT} --cashier S06", "S03"),
    lines=True,
    grounds=True,
)
undo_return = step_command(
    "undo-return",
    "红冲错记的退汇或冲账：该笔仍为已付。已经补发、取消或列为无人领取的，不能再红冲。",
    "Takes back a return (or a debit taken back) that was booked and that never came: the line is "
    "paid again as before. Not once it is reissued, cancelled or unclaimed.",
    _example("undo-return", f"{_LINE} {_STATEMENT} --cashier S06", "S03"),
    lines=True,
    grounds=True,
)
cancel = step_command(
    "cancel",
    "取消失败或退回的各笔：不再发放，支出和指标退回；--reason 写明原因代码。",
    "Cancels lines that failed or came back, for a reason: they are not paid any more, expense and "
    "budget come back.",
    _example("cancel", f"{_LINE} --reason MD07"),
    lines=True,
)
unclaimed = step_command(
    "unclaimed",
    "把失败或退回的各笔列为无人领取；--reason 写明原因代码。",
    "Holds lines that failed or came back as unclaimed, for a reason.",
    _example("unclaimed", f"{_LINE} --reason UNRC"),
    lines=True,
)
remit = step_command(
    "remit",
    "把无人领取的款项上缴财政。",
    "Surrenders unclaimed money to the treasury.",
    _example("remit", f"{_LINE} --approval 例财〔2027〕2号 --cashier S06"),
    lines=True,
)
claim_back = step_command(
    "claim-back",
    "多付的向收款人追回：列应收追回款。",
    "Asks back what was paid too much.",
    _example("claim-back", f"{_LINE} --amount 30.00 --approval 例审〔2026〕9号"),
    lines=True,
)
recover = step_command(
    "recover",
    "登记追回款到账。",
    "Records that something asked back was paid.",
    _example("recover", f"{_LINE} --amount 30.00 {_STATEMENT} --cashier S06", "S03"),
    lines=True,
    grounds=True,
)
write_off = step_command(
    "write-off",
    "追不回的，经批准核销。",
    "Writes off what cannot be had back.",
    _example("write-off", f"{_LINE} --approval 例财〔2027〕3号"),
    lines=True,
)
