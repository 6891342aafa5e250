"""What differs between two charters of one fund, in words that a clerk reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from fundledger.charter.duties import Controls
from fundledger.charter.kinds import Dated, Value
from fundledger.charter.models import FundCharter
from fundledger.findings import yuan

_FUND = {
    "zh": ("基金名称", "the fund's Chinese name"),
    "en": ("基金英文名称", "the fund's English name"),
    "component": ("基金的科目组成名", "the fund's account component"),
    "opened": ("基金设立日", "the day on which the fund opens"),
    "closed": ("基金终止日", "the day on which the fund closes"),
    "regime": ("会计制度", "the accounting regime"),
    "channel": ("条块归属", "the channel"),
    "interest": ("利息归属", "where interest goes"),
    "carry_over": ("结转办法", "what becomes of carry-over"),
    "functional_code": ("功能科目", "the functional code"),
    "track_code": ("资金标识", "the tracking code"),
    "authority": ("资金文号", "the document number of the money"),
    "donations": ("可否接受捐赠", "whether the fund takes donations"),
}
_BANK = {
    "number": ("专户账号", "the number of the bank account"),
    "bank": ("开户银行", "the bank"),
    "holder": ("账户户名", "the holder of the bank account"),
    "approval": ("开户批准文号", "the approval of the bank account"),
    "opened": ("专户开户日", "the day on which the bank account opens"),
    "closed": ("专户销户日", "the day on which the bank account closes"),
    "replaces": ("被替换的专户账号", "the bank account that is replaced"),
    "clearing": ("银行代发过渡户", "the bank's own accounts for batches"),
}
_CONTROLS = {
    "maker_may_post": ("制单可否兼记账", "whether makers may post"),
    "approval_threshold_fen": ("审批限额", "the approval threshold"),
    "split_share_basis_points": ("拆分支付的起看比例", "the share from which splits are looked at"),
    "split_window_days": ("拆分支付的天数", "the days within which splits are looked at"),
    "allowed_cash": ("可否付现", "whether cash is allowed"),
    "stale_assertion_days": ("余额核对间隔天数", "the days between balance assertions"),
    "close_needs_assertion": ("结账须否有对账单余额", "whether a close needs a balance"),
    "cashier_signs": ("收付款凭证须出纳签章", "whether the cashier signs what moves money"),
    "idle_money_days": ("资金闲置天数", "the days after which money is idle"),
    "interest_gap_days": ("结息间隔天数", "the days between interest"),
    "aged_item_days": ("挂账天数", "the days for which items stay open"),
    "reissue_days": ("退汇补发天数", "the days to reissue a returned payment"),
    "emergency_papers_days": ("应急补手续天数", "the days for papers of an emergency"),
    "interfund_open_days": ("基金间往来天数", "the days for which dues between funds stay open"),
    "publicity_days": ("公示天数", "the days of publicity"),
    "notice_least_people": ("公示汇总最少人数", "the least people of a sum in a notice"),
    "carry_over_years": ("结转年限", "the years of carry-over"),
    "festival_window": ("节日帮困发放期", "the festival round"),
    "office_hours": ("记账时间", "the hours in which vouchers are recorded"),
}
_OTHER = {
    "zh": ("名称", "the Chinese name"),
    "en": ("英文名称", "the English name"),
    "kind": ("性质", "the kind"),
    "clause": ("职责条款", "the clause"),
    "title_zh": ("名称", "the Chinese title"),
    "title_en": ("英文名称", "the English title"),
    "grounds": ("依据", "the source"),
}
_LISTS = {
    "incompatible": ("不相容岗位 ", "the pair of roles apart "),
    "office_cost_words": ("工作经费词 ", "the word of office cost "),
    "notice_in_sum": ("公示只列汇总的类别 ", "the line that notices give in sum "),
    "festival_lines": ("节日帮困类别 ", "the line of the festival round "),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a charter says otherwise than the one before: its key, and the words for it.

    `key` is the place in the fund's charter, such as `purposes CASC:Dibao`.
    """

    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class _Fact:
    """One thing that a charter says: its name, and a plain value or the times for which it holds.

    A value `of` another fact is not told where that one came or went as a whole.
    """

    zh: str
    en: str
    value: str = ""
    times: tuple[Dated, ...] = ()
    of: str = ""


def changes(before: FundCharter, after: FundCharter) -> Iterator[Change]:
    """Yield what `after` says otherwise than `before`, in the order of the charter."""
    old, new = _facts(before), _facts(after)
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        fact = now or was
        if fact is None or (fact.of and (fact.of not in old or fact.of not in new)):
            continue
        if told := _told(was, now):
            yield Change(key, *told)


def _told(was: _Fact | None, now: _Fact | None) -> tuple[str, str] | None:
    """Return in both languages how a fact came, went or changed; None if it did not."""
    if was is None and now is not None:
        zh, en = _said(now)
        return f"新增{now.zh}{zh and f'：{zh}'}", f"{now.en} is new{en and f': {en}'}"
    if now is None and was is not None:
        zh, en = _said(was)
        return f"删去{was.zh}{zh and f'（原为 {zh}）'}", f"{was.en} is gone{en and f' (was {en})'}"
    if was is None or now is None or _said(was) == _said(now):
        return None
    (old_zh, old_en), (zh, en) = _said(was), _said(now)
    ended = now.times and now.times[-1].until
    if ended and _begun(was) == _begun(now) and was.times[-1].until is None:
        name = _spaced(now.zh)
        return f"{name}止于 {ended}（原为 {old_zh}）", f"{now.en} ends on {ended} (was {old_en})"
    return (
        f"{_spaced(now.zh)}由 {old_zh or '（无）'} 改为 {zh or '（无）'}",
        f"{now.en}: was {old_en or '(none)'}, is now {en or '(none)'}",
    )


def _spaced(zh: str) -> str:
    """Return words that Chinese ones follow, with a space after a Latin letter or digit."""
    return f"{zh} " if zh[-1].isascii() else zh


def _begun(fact: _Fact) -> list[object]:
    """Return when a fact begins to hold, and all its ends but the last."""
    return [(t.from_date, t.until) for t in fact.times[:-1]] + [fact.times[-1].from_date]


def _said(fact: _Fact) -> tuple[str, str]:
    if not fact.times:
        return fact.value, fact.value
    zh = [f"{t.from_date} 至 {t.until}" if t.until else f"{t.from_date} 起" for t in fact.times]
    en = [f"{t.from_date} to {t.until}" if t.until else f"from {t.from_date}" for t in fact.times]
    return "、".join(zh), " and ".join(en)


def _facts(charter: FundCharter) -> dict[str, _Fact]:
    """Return everything that a fund's charter says, by its key."""
    fund = charter.fund
    return {
        **_values("fund", fund, _FUND),
        **_values("bank_account", fund.bank_account, _BANK),
        **_times("purposes", ("用途 ", "the purpose "), fund.purposes, "line"),
        **_times("sources", ("资金来源 ", "the source "), fund.sources, "slug", ("zh", "en")),
        **_things("units", ("单位 ", "the unit "), charter.units, "slug", ("zh", "en", "clause")),
        **_times(
            "categories",
            ("救助类别 ", "the category "),
            charter.categories,
            "line",
            ("zh", "en", "kind"),
        ),
        **_mapping("funds", ("其他基金 ", "the other fund "), charter.funds),
        **_staff(charter),
        **_controls(charter.controls),
        **_mapping("account_codes", ("科目编码 ", "the code of "), charter.account_codes),
        **_mapping("code_titles", ("科目名称 ", "the title of "), charter.code_titles),
    }


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " – ".join(map(str, value))
    return str(value)


def _values(key: str, holder: Value, names: Mapping[str, tuple[str, str]]) -> dict[str, _Fact]:
    return {
        f"{key} {name}": _Fact(zh, en, _plain(getattr(holder, name)))
        for name, (zh, en) in names.items()
    }


def _times(
    key: str,
    word: tuple[str, str],
    entries: Iterable[Dated],
    name: str,
    also: tuple[str, ...] = (),
) -> dict[str, _Fact]:
    """Return the dated facts of a list, all entries of one name as one, and other values of it."""
    named = attrgetter(name)
    facts = {}
    for which, group in groupby(sorted(entries, key=lambda e: (named(e), e.from_date)), key=named):
        times = tuple(group)
        place = f"{key} {which}"
        facts[place] = _Fact(f"{word[0]}{which}", f"{word[1]}{which}", times=times)
        facts |= _other(place, facts[place], times[-1], also)
    return facts


def _things(
    key: str, word: tuple[str, str], entries: Iterable[Value], name: str, also: tuple[str, ...]
) -> dict[str, _Fact]:
    """Return the facts of a list of things without dates, and the other values of each."""
    facts = {}
    for entry in entries:
        which = getattr(entry, name)
        place = f"{key} {which}"
        facts[place] = _Fact(f"{word[0]}{which}", f"{word[1]}{which}")
        facts |= _other(place, facts[place], entry, also)
    return facts


def _other(place: str, fact: _Fact, holder: Value, names: Iterable[str]) -> dict[str, _Fact]:
    return {
        f"{place} {name}": _Fact(
            f"{fact.zh} 的{_OTHER[name][0]}",
            f"{_OTHER[name][1]} of {fact.en}",
            _plain(getattr(holder, name)),
            of=place,
        )
        for name in names
    }


def _mapping(key: str, word: tuple[str, str], values: Mapping[str, str]) -> dict[str, _Fact]:
    return {
        f"{key} {name}": _Fact(f"{word[0]}{name}", f"{word[1]}{name}", value)
        for name, value in values.items()
    }


def _staff(charter: FundCharter) -> dict[str, _Fact]:
    facts = _things(
        "staff", ("岗位 ", "the post "), charter.staff, "code", ("title_zh", "title_en")
    )
    for post in charter.staff:
        word = (f"岗位 {post.code} 的职责 ", f"{post.code}'s role ")
        facts |= _times(f"staff {post.code}", word, post.roles, "role")
    return facts


def _controls(controls: Controls) -> dict[str, _Fact]:
    facts = _values("controls", controls, _CONTROLS)
    threshold = facts["controls approval_threshold_fen"]
    facts["controls approval_threshold_fen"] = _Fact(
        threshold.zh, threshold.en, yuan(controls.approval_threshold_fen)
    )
    for key, (zh, en) in _LISTS.items():
        for entry in getattr(controls, key) or ():
            which = _plain(entry)
            facts[f"controls {key} {which}"] = _Fact(f"{zh}{which}", f"{en}{which}")
    for key, word, days in (
        ("due_day", ("应付日 ", "the due day of "), controls.due_days),
        ("list_day", ("报送日 ", "the list day of "), controls.list_days),
    ):
        facts |= _times(f"controls {key}", word, days, "said", ("grounds",))
    facts["controls"] = _Fact("内控规定", "the controls", times=(controls,))
    for note in controls.sources:
        said = note.source if note.verified else f"{note.source} (?)"
        what = (f"{note.name} 的依据", f"the source of {note.name}")
        facts[f"controls {note.name} source"] = _Fact(*what, said)
    return facts
