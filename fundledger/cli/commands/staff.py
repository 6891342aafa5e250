"""`fundledger staff`: the posts of the office, what each may do, and since when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fundledger.cli.framework import command
from fundledger.cli.options import as_of, formatted

if TYPE_CHECKING:
    from fundledger.cli.session import Session


@command(
    "staff",
    zh="--maker、--reviewer、--by 等处填写的岗位代码；每个岗位列出当日担任的各项职责及起止日期。",
    en="The staff codes that --maker, --reviewer, --by and the like take; each post with the roles "
    "that it has on the day, and their dates.",
    examples=("staff", "staff --as-of 2026-03-05 --format json"),
)
@as_of
@formatted
def staff(session: Session, as_of: date | None) -> None:
    """List the posts."""
    from fundledger.cli.naming import ROLES  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    day = as_of or session.today
    posts = [
        (post, [held for held in post.roles if held.holds(day)])
        for post in session.office.charter.staff
    ]
    if not session.tells:
        found = [
            {
                "code": post.code,
                "title_zh": post.title_zh,
                "title_en": post.title_en,
                "roles": [
                    {
                        "role": held.role,
                        "from": held.from_date.isoformat(),
                        "until": held.until.isoformat() if held.until else None,
                    }
                    for held in roles
                ],
            }
            for post, roles in posts
        ]
        session.put({"as_of": day.isoformat(), "staff": found})
        return
    session.say(f"岗位　{day} 当日", f"Posts on {day}")
    columns = (
        Column(session.pick("代码", "code")),
        Column(session.pick("岗位", "post"), wraps=True),
        Column(session.pick("职责", "role")),
        Column(session.pick("起", "from")),
        Column(session.pick("止", "until")),
    )
    rows = [
        (
            "" if number else post.code,
            "" if number else session.pick(post.title_zh, post.title_en),
            session.pick(*ROLES[held.role]) if held else "-",
            held.from_date.isoformat() if held else "-",
            held.until.isoformat() if held and held.until else "-",
        )
        for post, roles in posts
        for number, held in enumerate(roles or [None])
    ]
    session.table(columns, rows)
