"""Names as they are compared: the same person's name is written in many ways."""

from __future__ import annotations

import unicodedata

_DOT = "\u00b7"
_DOTS = (
    "\u2022\u2027\u2219\u22c5\u30fb\uff65\u2e31\u0387\u16eb\u2024\u25cf\u25e6\uff0e."
    "\ua78f\u2e33\u318d\u2218\u3002"
)
_SURNAMES = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政"
    "濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空令狐呼延轩辕"
)
_UNSEEN = frozenset({"Cc", "Cf"})
_VARIANTS = frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
SURNAMES_OF_TWO = frozenset(_SURNAMES[place : place + 2] for place in range(0, len(_SURNAMES), 2))


def _rare() -> dict[int, str]:
    """Return the signs that GBK kept in Unicode's private area, by their code there.

    GB 18030-2022 gives each its own code; older exports still hold the private one, and the name
    shows as a box or does not compare.
    """
    second = [*range(0x50, 0x7F), *range(0x80, 0xA1)]
    signs = {}
    for place, low in enumerate(second):
        sign = bytes((0xFE, low)).decode("gb18030")
        private = 0xE815 + place
        if ord(sign) != private:
            signs[private] = sign
    later = {
        0xE816: "\U00020087", 0xE817: "\U00020089", 0xE818: "\U000200cc", 0xE81E: "\u9fb4",
        0xE826: "\u9fb5", 0xE82B: "\u9fb6", 0xE82C: "\u9fb7", 0xE831: "\U000215d7",
        0xE832: "\u9fb8", 0xE83B: "\U0002298f", 0xE843: "\u9fb9", 0xE854: "\u9fba",
        0xE855: "\U000241fe", 0xE864: "\u9fbb",
    }  # fmt: skip
    return {**signs, **later}


_ALIKE = {**_rare(), **dict.fromkeys(map(ord, _DOTS), _DOT)}
_HAN = (range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x40000))
_ANY_NUMBER = 3
_BETWEEN = str.maketrans("", "", "·-'’")
_LONGEST_NAME = 64


def plain_name(name: str) -> str:
    """Return a name as it is compared: NFKC, one middle dot, no blanks, rare signs by their code.

    Blanks between letters of other scripts are gone too, and capitals made small: banks write
    `AIBIBULA MAIMAITI` in any way.
    """
    plain = unicodedata.normalize("NFKC", name.translate(_ALIKE))
    seen = (c for c in plain if unicodedata.category(c) not in _UNSEEN and c not in _VARIANTS)
    return "".join("".join(seen).split()).strip(_DOT).casefold()


def same_name(one: str, other: str) -> bool:
    """Whether two texts write the same name."""
    return bool(plain_name(one)) and plain_name(one) == plain_name(other)


def fits_masked(name: str, masked: str) -> bool:
    """Whether a name may be the one that a bank masks, such as `张*三` or `**三`.

    Stars stand for one sign each, or for any number where there are three or more in a row.
    """
    plain, pattern = plain_name(name), plain_name(masked)
    if "*" not in pattern or not pattern.strip("*"):
        return False
    head, _, rest = pattern.partition("*")
    tail = rest.lstrip("*")
    stars = len(pattern) - len(head) - len(tail)
    if "*" in tail or not plain.startswith(head) or not plain.endswith(tail):
        return False
    hidden = len(plain) - len(head) - len(tail)
    return hidden == stars or (stars >= _ANY_NUMBER and hidden >= 1)


def is_han(text: str) -> bool:
    """Whether a text is of Chinese characters alone, by Unicode's blocks and not by its tables.

    Those grow with each Python; a name must not be one in some and none in others.
    """
    return all(sign == "〇" or any(ord(sign) in block for block in _HAN) for sign in text)


def is_name(text: str) -> bool:
    """Whether a text can be somebody's name: characters, or letters with what parts them."""
    plain = plain_name(text) if len(text.splitlines()) == 1 else ""
    letters = plain.translate(_BETWEEN)
    return 0 < len(plain) <= _LONGEST_NAME and (is_han(letters) or letters.isalpha())
