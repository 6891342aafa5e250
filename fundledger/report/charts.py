"""Bar charts as SVG that stands in a page: from nought, in plain colours, and read without them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

_LABEL, _PLOT, _FIGURE, _ROW = 250, 560, 170, 26
_HIGH = 16
_WIDTH = _LABEL + _PLOT + _FIGURE


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `start` to `end`, of one `kind`, which the style sheet colours; `shown` beside it.

    `mark` is a value at which a stroke stands across it, if any; `link` what its label leads to.
    """

    label: str
    start: Fraction
    end: Fraction
    shown: str
    kind: str = "total"
    mark: Fraction | None = None
    link: str = ""


def bar_chart(title: str, bars: Sequence[Bar], *, least: Fraction = Fraction(0)) -> str:
    """Return bars one below the other on one scale, which begins at nought or below it.

    The scale reaches to `least` at the least.
    """
    ends = [value for bar in bars for value in (bar.start, bar.end, bar.mark or Fraction(0))]
    low, high = min([Fraction(0), *ends]), max([least, *ends])
    span = high - low or Fraction(1)

    def at(value: Fraction) -> str:
        return _number(_LABEL + _PLOT * (value - low) / span)

    height = _ROW * len(bars) + 8
    named = escape(title, quote=True)
    size = f"0 0 {_WIDTH} {height}"
    parts = [
        f'<svg class="chart" viewBox="{size}" role="img" aria-label="{named}">',
        f"<title>{named}</title>",
    ]
    nought = at(Fraction(0))
    parts.append(f'<line class="axis" x1="{nought}" y1="0" x2="{nought}" y2="{height}"/>')
    for place, bar in enumerate(bars):
        parts += _drawn(bar, 4 + place * _ROW, at)
    return "\n".join([*parts, "</svg>"])


def _drawn(bar: Bar, top: int, at: Callable[[Fraction], str]) -> Iterator[str]:
    middle = top + _HIGH // 2 + 5
    label = f'<text x="{_LABEL - 8}" y="{middle}" text-anchor="end">{escape(bar.label)}</text>'
    yield f'<a href="#{escape(bar.link, quote=True)}">{label}</a>' if bar.link else label
    low, high = sorted((bar.start, bar.end))
    width = _number(Fraction(at(high)) - Fraction(at(low)))
    yield (
        f'<rect class="{bar.kind}" x="{at(low)}" y="{top}" width="{width}" height="{_HIGH}">'
        f"<title>{escape(f'{bar.label} {bar.shown}')}</title></rect>"
    )
    if bar.mark is not None:
        x = at(bar.mark)
        yield f'<line class="mark" x1="{x}" y1="{top - 3}" x2="{x}" y2="{top + _HIGH + 3}"/>'
    yield f'<text x="{_WIDTH}" y="{middle}" text-anchor="end">{escape(bar.shown)}</text>'


def _number(value: Fraction) -> str:
    """Return a length with two decimals, of which the last noughts are left out."""
    hundredths = round(value * 100)
    whole, rest = divmod(abs(hundredths), 100)
    text = f"{'-' if hundredths < 0 else ''}{whole}"
    return f"{text}.{rest:02d}".rstrip("0") if rest else text
