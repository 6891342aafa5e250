"""How the table of vouchers is filled in: each column in a sentence, and what each event needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fundledger.cli.drafting import DECISIONS
from fundledger.cli.happenings import FORMS
from fundledger.ledger.events import RESTING

WAYS: Mapping[str, str] = {
    "date": "业务发生日，如 2026-03-05；不填时刻。",
    "narration": "一句话写明业务；不写姓名、身份证号、卡号、电话。",
    "event": "从列表中选。",
    "amount_fen": "以元为单位的数字，大于零，至多两位小数；不用公式。",
    "line": "支出与指标业务填写；从列表中选，或写 部门:类别，如 CASC:Dibao。往来也写本基金的。",
    "source": "拨款到账填写；从列表中选。",
    "giver": "基金内划转写转出科目，从列表中选；预算调剂写调出的 部门:类别。",
    "taker": "基金内划转写转入科目，从列表中选；预算调剂写调入的 部门:类别。",
    "due_from": "基金间往来：对方基金欠本基金时，写对方基金代码。",
    "due_to": "基金间往来：本基金欠对方基金时，写对方基金代码。",
    "settle": "基金间往来：款项已收付、结清时写“是”，否则留空或写“否”。",
    "paid_by": "所依据的凭证号，如 2026-03-0007：往来写垫付的付款凭证，应急预付核销、退回"
    "写预付凭证，捐赠款退回写捐赠凭证。",
    "attachments": "所附单据张数，整数；不填时按“单据”计一张。",
    "document": "原始凭证的文件名，与本表放在同一目录；其摘要值记入凭证。",
    "maker": "制单人的岗位代码，如 S03；也可在记账时用 --maker 统一指定。",
    "reviewer": "审核人的岗位代码，不得与制单人相同；也可用 --reviewer 统一指定。",
    "poster": "记账人的岗位代码，可不填。",
    "cashier": "出纳的岗位代码；收付款业务填写。",
    "approval": "批准文号或审批单号；预算下达、追加、追减、调剂，应急预付、捐赠款退回，"
    "基金间往来（收到归还除外）必填。",
    "key": "一般不填；填写则整份表填同一个值，同一值只记一次。",
    "remark": "不入账，供自己备查。",
}
EXAMPLE: Mapping[str, str] = {
    "event": "拨款到账",
    "amount_fen": "120000.00",
    "attachments": "2",
}
_INTERFUND = "应收、应付基金二选一；部门类别或结清，付出时都写；收到归还外写批准；应收写付款凭证"


def needs_of(slug: str, word: Callable[[str], str]) -> str:
    """Return the columns that an event needs beside those that every row has.

    `word` returns the heading of a field.
    """
    if slug == "interfund":
        return _INTERFUND
    fields = [field for field in FORMS[slug].needs if field != "amount_fen"]
    if slug in DECISIONS:
        fields.append("approval")
    if slug in RESTING:
        fields.append("paid_by")
    return "、".join(word(field) for field in fields)
