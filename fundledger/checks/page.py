"""docs/checks.md and docs/postings.md, from the code: `python -m fundledger.checks.page`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from fundledger.checks.catalogue import Check, Gates
from fundledger.checks.listed import EVERY_CHECK
from fundledger.ledger.chart import ROLE_NAMES
from fundledger.ledger.events import EVENTS, OF_AN_EARLIER_YEAR
from fundledger.ledger.forms import Form, Tie
from fundledger.texts import Text, codes, text

CASES = Path("tests/checks/cases")
PAGE = Path("docs/checks.md")
POSTINGS = Path("docs/postings.md")

_OPENING = """\
# Checks

Everything that fundledger finds wrong has a code, and each code stands here once: what it means,
what to do, where the rule comes from, and for the checks on books the smallest case that breaks
it. `fundledger explain FL203` prints the same, with words for the places in braces. Written by
`make docs` from `fundledger/texts` and `tests/checks/cases`, not by hand.

- **refuses**: the act is not recorded. The same function audits the journal, so what was forced
  in is found.
- **refuses acts**: what the bank or life did is recorded all the same, with the finding; what we
  decide is refused. Red ink cures the finding: once the voucher is reversed, the audit tells it no
  more (冲销后不再提示). What was refused and forced in stays found for good.
- **reports**: recorded, and to be cured or explained.
"""
_POSTINGS = """\
# Postings

What each event may debit and credit, and no more: a voucher of one event fits one line of its
table as a whole (FL314), and sums that belong together are equal to the fen (FL504). Accounts of
the budget, from `Approved` to `Lapsed`, are in the memo commodity CNYB. Written by `make docs`
from `fundledger/ledger/events.py`, not by hand.

- a **fact** happened, whatever we decide: it is recorded though a check for acts finds something
- an **act** is ours to refuse
- a **decision** is one that the voucher names by its document's number, whatever the amount (FL337)
- **red ink** stands only in reversals (红字冲销), which mirror one voucher of the year, once, and
  where a table says so (红字): a donation of this year that goes back to its donor
- a **year end** carries what the books and the fund's rules come to, and nothing else (FL338)
"""
_CORRECTIONS = """
## correction 更正凭证 · correcting voucher

Of a voucher of this year: the right voucher, with the postings of any event above but those of
batches and `donor-refund`, after the red copy, once. Of an earlier year's, in blue, through the
prior-year adjustment, on budget lines of the original and in all no more than it (FL313):

"""
_HUNDREDS = {
    "0": "Rules of the office (rules/)",
    "1": "Segregation 专户存储、单独建账",
    "2": "Earmark 专款专用",
    "3": "Vouchers and periods 会计基础工作规范",
    "4": "Balances 账实核对",
    "5": "Budget 预算",
    "6": "Journal and books 日记账与账簿",
    "7": "Payments 发放",
    "8": "Statements and reconciliation 银行对账",
    "9": "Input and use 录入与使用",
}
_GATES = {
    Gates.ALWAYS: "refuses",
    Gates.ACTS: "refuses acts",
    Gates.NEVER: "reports",
}


def page(cases: Path) -> str:
    """Return the page on every code; `cases` is the folder with a folder for each code."""
    checks = {check.code: check for check in EVERY_CHECK}
    parts = [_OPENING]
    for digit, group in groupby(codes(), key=lambda code: code[2]):
        parts.append(f"\n## FL{digit}xx {_HUNDREDS[digit]}\n")
        for code in group:
            case = cases / code / "case.toml"
            example = case.read_text(encoding="utf-8") if case.is_file() else ""
            parts += _entry(text(code), checks.get(code), example)
    return "".join(parts)


def _entry(words: Text, check: Check | None, example: str) -> Iterator[str]:
    gates = _GATES[check.gates] if check else _GATES[Gates.ALWAYS if words.gates else Gates.NEVER]
    yield f"\n### {words.code} {words.title('zh')} · {words.title('en')}\n\n"
    yield f"{words.severity}, {gates}. Source: {words.source}.\n"
    if check is not None and check.function.__doc__:
        yield f"{check.function.__doc__.splitlines()[0]}\n"
    yield "\n"
    for language in ("zh", "en"):
        yield f"- {words.sentence(language)}<br>{words.remedy(language)}\n"
    for place, values in words.said.items():
        said = "; ".join(f"{zh} · {en.strip()}" for zh, en in values.values() if zh)
        yield f"- `{{{place}}}`: {said}\n"
    if example:
        yield f"\n{_told(example)}"


def _told(example: str) -> str:
    """Return the remark of a case, and the steps that go wrong."""
    remark = example.partition("\n")[0].removeprefix("# ")
    wrong = example[example.index("[[wrong]]") :].partition("\n[[right]]")[0].rstrip()
    return f"{remark}\n\n```toml\n{wrong}\n```\n"


def postings() -> str:
    """Return the page on every event: what it may debit and credit, and what must be equal."""
    parts = [_POSTINGS]
    for event in EVENTS.values():
        if event.forms:
            kind = "a fact" if event.fact else "an act"
            parts.append(f"\n## {event.slug} {event.zh} · {event.en}\n\nIt is {kind}.\n\n")
            parts += _table(event.forms)
    parts.append(_CORRECTIONS)
    parts += _table(OF_AN_EARLIER_YEAR)
    return "".join(parts)


def _table(forms: Iterable[Form]) -> Iterator[str]:
    yield "| debit 借 | credit 贷 | equal 相等 | decision 批准文号 |\n|---|---|---|---|\n"
    for form in forms:
        ties = "<br>".join(_tied(tie) for tie in form.ties)
        debits = "<br>".join([*_in_red(form.red_debits), *_each(form.debits)])
        credits_ = "<br>".join([*_in_red(form.reds), *_each(form.credits)])
        cells = (debits or "–", credits_, ties or "–", "–✓"[form.decided])
        yield f"| {' | '.join(cells)} |\n"


def _in_red(roles: Iterable[str]) -> list[str]:
    return [f"{said} 红字 in red" for said in _each(roles)]


def _each(roles: Iterable[str]) -> list[str]:
    known = [role for role in ROLE_NAMES if role in set(roles)]
    return [f"{ROLE_NAMES[role][0]} `{role}`" for role in known]


def _tied(tie: Tie) -> str:
    left, right = ROLE_NAMES[tie.left][0], ROLE_NAMES[tie.right][0] if tie.right else "0"
    return f"{left} = {right}{', line by line 按部门类别' if tie.by_line else ''}"


def main() -> None:
    """Write the pages of the checkout that is the current directory."""
    PAGE.write_text(page(CASES), encoding="utf-8")
    POSTINGS.write_text(postings(), encoding="utf-8")


if __name__ == "__main__":
    main()
