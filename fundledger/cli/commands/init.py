"""`fundledger init`: a new office from the template rules."""

from __future__ import annotations

import re
import shutil
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.cli.framework import argument, command, option

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.findings import Finding

_CLEARING = re.compile(r"^clearing = .*\n", re.MULTILINE)
_OWN = re.compile(r'^(number|holder|bank|approval|authority) = ".*"$', re.MULTILINE)
_IGNORED = "/out/\n/private/\n/ledgers/*/.state/\n"
_ATTRIBUTES = "ledgers/** -text\nrules/needs/**/*.xlsx binary\n"


@command(
    "init",
    zh="复制一套规则到 DIR/rules，并建立 ledgers。各基金的专户开户行、户名、账号、批准文号留空，"
    "填好之前不能记账。--example-rules 则照搬示例办公室的全部规则，供试用。",
    en="Copies a set of rules to DIR/rules and makes ledgers. Bank, holder, number and approval of "
    "each dedicated account are left empty, and nothing is recorded before they are filled in. "
    "With --example-rules the example office's rules are copied as they are, to try things out.",
    examples=("init 办公室", "init /tmp/try --example-rules"),
)
@argument("directory", metavar="DIR", zh="新办公室的目录", en="the new office's directory")
@option(
    "--example-rules",
    is_flag=True,
    zh="照搬示例办公室的规则",
    en="copy the example office's rules as they are",
)
def init(
    session: Session,
    *,
    directory: str,
    example_rules: bool,
) -> None:
    """Make a new office."""
    from fundledger.errors import InputInvalid  # noqa: PLC0415 - heavy
    from fundledger.findings import Finding  # noqa: PLC0415 - heavy

    root = Path(directory)
    for name in ("rules", "ledgers"):
        if (root / name).exists() or (root / name).is_symlink():
            raise InputInvalid(Finding("FL941", str(root / name)))
    root.mkdir(parents=True, exist_ok=True)
    source = template_rules()
    if example_rules:
        shutil.copytree(source, root / "rules")
    else:
        (root / "rules").mkdir()
        for path in sorted(source.glob("*.toml")):
            text = path.read_text(encoding="utf-8")
            if path.name == "funds.toml":
                text = _CLEARING.sub("", _OWN.sub(r'\1 = ""', text))
            (root / "rules" / path.name).write_text(text, encoding="utf-8")
    (root / "ledgers").mkdir()
    for name, text in ((".gitignore", _IGNORED), (".gitattributes", _ATTRIBUTES)):
        if not (root / name).exists():
            (root / name).write_text(text, encoding="utf-8")
    _tell(session, root, example=example_rules)


def template_rules() -> Path:
    """Return the rules that a new office starts from: the installed ones, or the checkout's."""
    package = Path(str(resources.files("fundledger")))
    installed = package / "template" / "rules"
    return installed if installed.is_dir() else package.parent / "rules"


def _tell(session: Session, root: Path, *, example: bool) -> None:
    session.say(f"已新建办公室 {root}。", f"Made a new office in {root}.")
    if example:
        session.say(
            f"这是示例规则，账号均为示例；试用：fundledger -C {root} status",
            f"These are example rules with example accounts; try: fundledger -C {root} status",
        )
        return
    edits = (
        (
            "rules/units.toml",
            "办公室名称、成员单位与救助类别",
            "the office, its units and categories",
        ),
        (
            "rules/funds.toml",
            "基金、专户、来源与用途",
            "funds, their accounts, sources and purposes",
        ),
        ("rules/staff.toml", "岗位与职责", "posts and their roles"),
        ("rules/controls.toml", "审批限额等内部控制", "limits of internal control"),
        ("rules/rates.toml", "补助标准", "rates of aid"),
        ("rules/regimes.toml", "各基金会计制度的科目编码", "account codes by accounting regime"),
        ("rules/budget.toml", "预算编制办法", "how the budget is derived"),
        ("rules/banks.toml", "各银行代发文件、回盘与对账单的格式", "how each bank's files look"),
    )
    session.say("请逐一核对并修改：", "Go through these and edit them:")
    for name, zh, en in edits:
        session.lines([f"  {root / name}  {session.pick(zh, en)}"])
    missing = _missing(root)
    if missing:
        session.say(
            f"其中 {len(missing)} 处留空待填，例如：",
            f"{len(missing)} places are left empty for you, such as:",
        )
        session.lines(f"  {finding.sentence(session.language)}" for finding in missing[:3])
    session.say(
        f"填好后运行 fundledger -C {root} status，直到不再报错。",
        f"Then run fundledger -C {root} status until it finds nothing wrong.",
    )


def _missing(root: Path) -> tuple[Finding, ...]:
    from fundledger.charter import load_charter  # noqa: PLC0415 - heavy
    from fundledger.errors import CharterInvalid  # noqa: PLC0415 - heavy

    try:
        load_charter(root / "rules")
    except CharterInvalid as error:
        return error.findings
    return ()
