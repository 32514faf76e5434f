"""German number format, and HTML tables that fit the book: escaped, accessible, in light and dark."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from numbers import Rational
from typing import Any, NamedTuple

import pandas as pd

MINUS = "\u2212"
CORRECTED = "berichtigt"
EVIDENCE = {
    "V": "im amtlichen Wortlaut belegt",
    "N": "rechnerisch bewiesen",
    "R": "rekonstruiert: passt zu den Zahlen, ist aber nicht die einzig mögliche Auslegung",
}
NUMBERED = r"§|\b(?:Abs\.|Art\.|Nr\.|Satz|Sp\.|Zeilen?|Anlage|FAG|Aufgabe|Frage|Stunde|Schritt)"
"""What a number follows on the same line."""
UNITS = r"(?:Tsd|Mio|Mrd)\. |v\.H\.|€|%|(?:Cent|Prozent|Punkte?|Minuten)\b"
"""What follows a number on the same line."""


class Html(str):
    """Text that is already HTML and is not escaped again."""

    def __html__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Table:
    """What a notebook cell shows: HTML in the book, aligned plain text everywhere else."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def unbroken(text: str) -> str:
    """The text with what belongs together on one line: § 10, Abs. 4, Zeile 60, FAG 1993, 121 Tsd. €, 37 Cent."""
    text = re.sub(rf"({NUMBERED}) (?=\d)", "\\1\u00a0", text)
    return re.sub(rf"(?<=\d) (?={UNITS})|(?<=(?:Tsd|Mio|Mrd)\.) (?=€|DM)", "\u00a0", text)


def is_missing(value: Any) -> bool:
    """Tell None, NaN and pandas' NA from values; a list or a fraction is none of them."""
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def is_number(value: Any) -> bool:
    """Tell what ``number`` can print; True and "12" are not meant as numbers."""
    if isinstance(value, (bool, str)):
        return False
    return isinstance(value, Rational) or hasattr(value, "__float__")


def number(value: Any, decimals: int = 0, sign: bool = False) -> str:
    """German text of a number: thousands points, decimal comma, true minus, a half rounds away from zero.

    A float counts as the decimal it is written as (0.285 is 0,285 and rounds to 0,29), so that no reader is
    surprised by its binary neighbour; whole numbers and fractions are exact at any size.
    """
    if is_missing(value):
        return ""
    exact = Fraction(value) if isinstance(value, Rational) else _written(value)
    scaled = int(abs(exact) * 10**decimals + Fraction(1, 2))
    whole, rest = divmod(scaled, 10**decimals)
    text = f"{whole:,}".replace(",", ".") + (f",{rest:0{decimals}d}" if decimals else "")
    prefix = "" if scaled == 0 else MINUS if exact < 0 else "+" if sign else ""
    return prefix + text


def _written(value: Any) -> Fraction:
    # str() of a Decimal and repr() of a float both give the shortest decimal that means this very value.
    return Fraction(str(value)) if not isinstance(value, float) else Fraction(repr(float(value)))


def badge(evidence: str) -> Html:
    """Mark the evidence behind a rule, [V], [N] or [R], with its meaning for those who hover or listen."""
    meaning = EVIDENCE[evidence]
    return Html(f'<abbr class="lfa-badge lfa-badge-{evidence.lower()}" title="{escape(meaning)}">{evidence}</abbr>')


class _Column(NamedTuple):
    name: str
    heading: str
    unit: str
    decimals: int
    numeric: bool
    sign: bool

    def text(self, value: Any) -> str:
        if self.numeric:
            return number(value, self.decimals, self.sign)
        return "" if is_missing(value) else value if isinstance(value, str) else str(value)


def table(
    frame: pd.DataFrame,
    *,
    caption: str,
    columns: Mapping[str, str] | Collection[str] | None = None,
    decimals: int | Mapping[str, int] = 0,
    units: str | Mapping[str, str] = "",
    note: str = "",
    marks: Mapping[tuple[str, str], str] | Collection[tuple[str, str]] = (),
    row_header: str | None = None,
    total: str = "Insgesamt",
    sign: Collection[str] = (),
    cells: Mapping[tuple[str, str], str] | None = None,
) -> Table:
    """Lay out ``frame`` as a German table.

    ``columns`` picks and orders columns and may rename them (column → heading). ``row_header`` names the column
    that heads each row; without it a meaningful index is used, else the first column. ``marks`` are the corrected
    cells as (row heading, column), or a mapping from these to the page that proves the correction. ``units`` is
    one unit for all numbers or one per column. The row headed ``total`` is set apart. ``cells`` names figures by
    (row heading, column) as ``lfa.zahlen`` knows them; the page tells what they are.
    """
    header, frame = _with_row_header(frame, row_header, columns)
    renamed = columns if isinstance(columns, Mapping) else {}
    chosen = [name for name in (frame.columns if columns is None else columns) if name != header]
    numeric = {name for name in chosen if all(is_missing(v) or is_number(v) for v in frame[name])}
    layout = [
        _Column(
            name,
            str(renamed.get(name, name)),
            (units if name in numeric else "") if isinstance(units, str) else units.get(name, ""),
            decimals if isinstance(decimals, int) else decimals.get(name, 0),
            name in numeric,
            name in sign,
        )
        for name in chosen
    ]
    rows = [
        (str(key), [column.text(frame[column.name].iloc[i]) for column in layout])
        for i, key in enumerate(frame[header])
    ]
    proofs = dict(marks) if isinstance(marks, Mapping) else dict.fromkeys(marks, "")
    if unknown := set(proofs) - {(row, column.name) for row, _ in rows for column in layout}:
        raise KeyError(f"no such cell to mark: {sorted(unknown)}")
    corner = str(renamed.get(header, header))
    return Table(
        _html(caption, corner, layout, rows, proofs, total, note, cells or {}),
        _text(caption, corner, layout, rows, proofs, note),
    )


def _with_row_header(
    frame: pd.DataFrame, row_header: str | None, columns: Collection[str] | None
) -> tuple[str, pd.DataFrame]:
    if row_header is not None:
        return row_header, frame
    if not isinstance(frame.index, pd.RangeIndex):
        name = str(frame.index.name or "")
        return name, frame.rename_axis(name).reset_index()
    return str(next(iter(columns)) if columns else frame.columns[0]), frame


def _html(
    caption: str,
    corner: str,
    layout: list[_Column],
    rows: list[tuple[str, list[str]]],
    proofs: Mapping[tuple[str, str], str],
    total: str,
    note: str,
    cells: Mapping[tuple[str, str], str],
) -> str:
    def heading(text: str, unit: str, numeric: bool) -> str:
        below = f' <span class="lfa-einheit">{escape(unit)}</span>' if unit else ""
        return f'<th scope="col" class="{_kind(numeric)}">{escape(unbroken(text))}{below}</th>'

    def cell(row: str, column: _Column, text: str) -> str:
        inner = text if isinstance(text, Html) else escape(unbroken(text))
        name = cells.get((row, column.name)) if text else None
        known = f' data-zahl="{escape(name)}"' if name else ""
        if (row, column.name) not in proofs:
            return f'<td class="{_kind(column.numeric)}"{known}>{inner}</td>'
        inner += f'<span class="lfa-unsichtbar"> ({CORRECTED})</span>'
        if proof := proofs[row, column.name]:
            inner = f'<a href="{escape(proof)}">{inner}</a>'
        return f'<td class="{_kind(column.numeric)} lfa-berichtigt" title="{CORRECTED}"{known}>{inner}</td>'

    head = heading(corner, "", False) + "".join(heading(c.heading, c.unit, c.numeric) for c in layout)
    body = "\n".join(
        f'<tr{" class=lfa-summe" * (row == total)}><th scope="row">{escape(row)}</th>'
        + "".join(cell(row, column, text) for column, text in zip(layout, texts, strict=True))
        + "</tr>"
        for row, texts in rows
    )
    return (
        # The visible title stands outside, so that it does not scroll away with a wide table.
        f'<p class="lfa-tabellentitel" aria-hidden="true">{escape(unbroken(caption))}</p>\n'
        f'<div class="lfa-table" tabindex="0" role="region" aria-label="{escape(caption)}">\n'
        f'<table>\n<caption class="lfa-unsichtbar">{escape(caption)}</caption>\n<thead>\n<tr>{head}</tr>\n</thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>\n</div>"
        + (f'\n<p class="lfa-anmerkung">{escape(unbroken(note))}</p>' if note else "")
    )


def _kind(numeric: bool) -> str:
    return "lfa-zahl" if numeric else "lfa-text"


def _text(
    caption: str,
    corner: str,
    layout: list[_Column],
    rows: list[tuple[str, list[str]]],
    proofs: Collection[tuple[str, str]],
    note: str,
) -> str:
    def cell(row: str, column: _Column, text: str) -> str:
        bare = re.sub("<[^>]*>", "", text) if isinstance(text, Html) else text
        return bare + "*" * ((row, column.name) in proofs)

    head = [corner] + [f"{c.heading} ({c.unit})" if c.unit else c.heading for c in layout]
    grid = [head] + [[row, *(cell(row, c, t) for c, t in zip(layout, texts, strict=True))] for row, texts in rows]
    to_right = [False] + [column.numeric for column in layout]
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    lines = [
        "  ".join(t.rjust(w) if right else t.ljust(w) for t, w, right in zip(line, widths, to_right, strict=True))
        for line in grid
    ]
    legend = [f"* {CORRECTED}"] if proofs else []
    return "\n".join(line.rstrip() for line in [caption, *lines, *legend, *([note] if note else [])])


def code_listing(entries: Sequence[tuple[str, str]]) -> Table:
    """Programme text under its headings, each folded open; scrolls inside itself on a narrow page."""
    html = "".join(
        f'<details class="lfa-klappe" open><summary>{escape(unbroken(heading))}</summary>'
        f'<div class="highlight" tabindex="0" role="region" aria-label="{escape(heading)}">'
        f"<pre>{escape(text)}</pre></div></details>"
        for heading, text in entries
    )
    return Table(html, "\n".join(heading for heading, _ in entries))
