"""What the Grundgesetz and the Maßstäbegesetz demand, checked on figures; and how the law came about since 1949."""

import datetime
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lfa.charts import ACCENT, NEUTRAL, PAYER, RECEIVER, data_of
from lfa.geschichte import OFFICIAL, Ereignis, Fundstelle, history
from lfa.glossar import markdown, title
from lfa.parameters import parameters
from lfa.pictures import fragen, gesetzesvergleich, irrtuemer
from lfa.pictures.fragen import Scenario
from lfa.pictures.parts import BLUE, Drawing, Rows, top_legend
from lfa.pictures.verfahren import MONTHS, statute
from lfa.settlement import Settlement
from lfa.tables import Html, Table, number, unbroken

BUND, LAENDER, GEMEINDEN = "Bund", "Länder", "Gemeinden"
OWNERS = {BUND: BLUE, LAENDER: RECEIVER, GEMEINDEN: ACCENT}
"""Who gets a tax, with the colour."""
KINDS = {"Grundgesetz": BLUE, "Gesetz": RECEIVER, "Urteil": PAYER, "Vereinbarung": ACCENT, "Antrag": NEUTRAL}
"""The kinds of changes, with their colours."""
EVIDENCE = {True: "amtlich", False: "aus zweiter Hand"}
ROW = 24
"""Height of a row of the line of time, in pixels."""
WAY = (
    ("Art. 104a", "Wer welche Aufgabe bezahlt", "–", "wer_rechnet"),
    ("Art. 105", "Wer Steuergesetze macht", "Steuergesetze", "laendersteuern"),
    ("Art. 106", "Welche Ebene welche Steuer bekommt", "FAG § 1", "umsatzsteuer"),
    ("Art. 107 Abs. 1", "Welches Land wie viel davon bekommt", "FAG § 2", "umsatzsteuer"),
    ("Art. 107 Abs. 2", "Wie zwischen den Ländern ausgeglichen wird", "MaßstG, FAG §§ 4 bis 10", "seit_2020"),
    ("Art. 107 Abs. 2", "Was der Bund dazugibt", "MaßstG, FAG § 11", "seit_2020"),
    ("Art. 143d", "Hilfen für einzelne Länder", "eigene Gesetze", "geschichte"),
    ("Art. 143f", "Wann die Gesetze dazu enden können", "–", "zeitleiste"),
)
"""From an article to what it rules, the statute that works it out, and the chapter that explains it."""
STEPS = (
    ("1", "Der Teil der Länder bleibt, wo das Finanzamt steht.", "Abs. 1 Satz 1", "laendersteuern"),
    ("2", "Die Umsatzsteuer der Länder wird nach Köpfen verteilt.", "Abs. 1 Satz 4", "umsatzsteuer"),
    ("3", "Zuschläge und Abschläge gleichen die Finanzkraft an.", "Abs. 2 Satz 1 und 2", "seit_2020"),
    ("4", "Der Bund gibt schwachen Ländern etwas dazu.", "Abs. 2 Satz 5", "seit_2020"),
)
"""Art. 107 step by step: number, what happens, where it stands, the chapter."""


def chapter_link(chapter: str) -> Html:
    """The title of a chapter, as a link to it."""
    return Html(f'<a href="{escape(chapter)}.html">{escape(unbroken(title(chapter)))}</a>')


# --- Who gets which tax -----------------------------------------------------------------------------------------------


def taxes() -> pd.DataFrame:
    """Every tax that Art. 106 gives to one level alone, read from its words: tax, to whom, where it stands."""
    rows = []
    for place, owner in (("Art. 106 Abs. 1", BUND), ("Art. 106 Abs. 2", LAENDER)):
        for item, text in re.findall(r"(\d)\. (.*?)[,.](?= \d\. |$)", statute("gg")[place]):
            plain = (
                re.sub(r"^die |, soweit sie nicht .*", "", text)
                .replace("einmaligen", "einmalige")
                .replace("erhobenen", "erhobene")
            )
            rows.append((plain.replace(", die ", ", ").replace("und die ", "und "), owner, f"{place} Nr. {item}"))
    words = statute("gg")["Art. 106 Abs. 6 Satz 1"]
    for tax in ("Grundsteuer", "Gewerbesteuer", "örtlichen Verbrauch- und Aufwandsteuern"):
        assert tax in words
        rows.append((tax.replace("örtlichen", "örtliche"), GEMEINDEN, "Art. 106 Abs. 6 Satz 1"))
    return pd.DataFrame(rows, columns=["steuer", "wem", "stelle"])


def taxes_by_owner() -> Table:
    """The same as a list: each level and its taxes."""
    found = taxes()
    html, text = "", []
    for owner in OWNERS:
        own = found[found["wem"] == owner]
        names, places = "; ".join(own["steuer"]), ", ".join(dict.fromkeys(own["stelle"].str.partition(" Nr.")[0]))
        html += (
            f'\n<div class="lfa-glossar-eintrag"><dt>{owner}</dt>\n<dd>{escape(names)}</dd>'
            f'\n<dd class="lfa-glossar-naeher">{escape(unbroken(places))}</dd></div>'
        )
        text.append(f"{owner} ({places}): {names}")
    return Table(f'<div class="lfa-glossar"><dl>{html}\n</dl></div>', "\n".join(text))


def shares(year: int) -> pd.DataFrame:
    """What each level gets of a tax, in v.H.; of the Umsatzsteuer by § 1 Abs. 1 FAG, without the fixed amounts."""
    values = parameters("fag2020", datetime.date(year, 12, 31))
    laender, gemeinden = 100 * values["umsatzsteuer_laender"], 100 * values["umsatzsteuer_gemeinden"]
    half = 50 if "je zur Hälfte" in statute("gg")["Art. 106 Abs. 3 Satz 1 und 2"] else None
    rows = {
        "Steuern des Bundes": (100, 0, 0),
        "Umsatzsteuer": (100 - laender - gemeinden, laender, gemeinden),
        "Körperschaftsteuer": (half, half, 0),
        "Steuern der Länder": (0, 100, 0),
        "Grundsteuer und Gewerbesteuer": (0, 0, 100),
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(OWNERS)).rename_axis("steuer")


def shares_picture(frame: pd.DataFrame) -> Drawing:
    """A bar per tax, stacked from what each level gets; its name and the figures above the bar."""
    rows: Rows = []
    heads: Rows = []
    for place, (tax, values) in enumerate(frame.iterrows()):
        start = 0.0
        parts = [(name, float(value)) for name, value in values.items() if value]
        heads.append({"zeile": place, "name": tax, "text": " · ".join(_vh(value) for _, value in parts)})
        for name, value in parts:
            rows.append(
                {"zeile": place + 0.36, "von": start, "bis": start + value, "wem": name, "steuer": tax}
                | {"text": f"{_vh(value)} v.H."}
            )
            start += value
    names = list(OWNERS)
    x = alt.X("von:Q", axis=None, scale=alt.Scale(domain=[0, 100], nice=False))
    y = alt.Y("zeile:Q", axis=None, scale=alt.Scale(domain=[-0.25, len(frame) - 0.25], reverse=True, nice=False))
    head = alt.Chart(data_of(heads))
    return alt.layer(
        alt.Chart(data_of(rows))
        .mark_bar(size=20, cornerRadius=2)
        .encode(
            x,
            alt.X2("bis:Q"),
            y,
            color=alt.Color(
                "wem:N", scale=alt.Scale(domain=names, range=list(OWNERS.values())), legend=top_legend(names)
            ),
            tooltip=[
                alt.Tooltip("steuer:N", title="Steuer"),
                alt.Tooltip("wem:N", title="an"),
                alt.Tooltip("text:N", title="Anteil"),
            ],
        ),
        head.mark_text(align="left", aria=False).encode(y, x=alt.value(0), text="name:N"),
        head.mark_text(align="right", aria=False).encode(y, x=alt.value("width"), text="text:N"),
        width="container",
        height=52 * len(frame),
    )


def _vh(value: float) -> str:
    return number(value, 0 if value == round(value) else 1)


# --- The standards, checked on figures --------------------------------------------------------------------------------


def after_bez(lines: Mapping[str, Any]) -> list[float]:
    """Finanzkraft in v.H. of the Ausgleichsmesszahl after the Ausgleich and the allgemeine BEZ."""
    money = np.asarray(lines["finanzkraftmesszahl"]) + lines["ausgleich"] + lines["allgemeine_bez"]
    return [float(value) for value in 100 * money / lines["ausgleichsmesszahl"]]


def smallest_gap(values: Sequence[float]) -> float:
    """How far the two Länder that are closest to each other lie apart."""
    return float(np.diff(np.sort(np.asarray(values, dtype=float))).min())


def standards(settlement: Settlement, versions: Mapping[str, str]) -> pd.DataFrame:
    """What can be computed of the Maßstäbegesetz, on the figures of a year, for each law by its name.

    Pairs that change places by the Ausgleich and by the allgemeine BEZ, the smallest gap after both, in v.H., what the
    Land that keeps least keeps of one more euro, in cents, and the allgemeine BEZ in v.H. of the Ausgleich.
    """
    kept = gesetzesvergleich.kept_under_all(settlement)
    rows = {}
    for name, version in versions.items():
        lines = fragen.before(Scenario(version))
        before, after = irrtuemer.relations(lines)
        known = "allgemeine_bez" in lines
        last = after_bez(lines) if known else after
        of_law = kept[kept["version"] == name]
        flows = fragen.flows(Scenario(version)) if known else (1.0, float("nan"))
        rows[name] = {
            "paare": len(irrtuemer.overtaken(before, after)),
            "paare_bez": len(irrtuemer.overtaken(before, last)) if known else None,
            "abstand": smallest_gap(after),
            "abstand_bez": smallest_gap(last) if known else None,
            "bleibt": float(of_law["ohne"].min()),
            "bleibt_bez": float(of_law["mit"].min()),
            "bei": str(of_law.loc[of_law["ohne"].idxmin(), "land"]),
            "bez": 100 * flows[1] / flows[0],
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("gesetz")


def overtakers(version: str) -> list[str]:
    """The Länder that pass others by the Ausgleich under a law."""
    return sorted({low for low, _ in irrtuemer.overtaken(*irrtuemer.relations(fragen.before(Scenario(version))))})


def quotations(chapter: str) -> list[str]:
    """The block quotations in the prose of a chapter, each on one line."""
    blocks = re.findall(r"(?:^> .*\n?)+", markdown(chapter), re.MULTILINE)
    return [" ".join(re.sub(r"^> ?", "", block, flags=re.MULTILINE).split()) for block in blocks]


def words_of(*statutes: str) -> str:
    """All excerpts of statutes, each on a line."""
    return "\n".join(" ".join(text.split()) for name in statutes for text in statute(name).values())


# --- Since 1949 -------------------------------------------------------------------------------------------------------


def day_in_words(date: str) -> str:
    """A date, month or year as German prose writes it."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])}. {month} {year}" if len(rest) == 2 else f"{month} {year}"


def timeline(entries: Sequence[Ereignis] | None = None) -> Drawing:
    """A line of years with a dot for every entry, and its title beside it in a row of its own."""
    entries = history() if entries is None else entries
    first, last = entries[0].when, entries[-1].when
    rows: Rows = [
        {
            "zeile": place,
            "lage": (entry.when - first) / (last - first) * (len(entries) - 1),
            "jahr": str(entry.year),
            "text": entry.title,
            "art": entry.kind,
            "tag": day_in_words(entry.date),
            "was": entry.what,
        }
        for place, entry in enumerate(entries)
    ]
    names = [kind for kind in KINDS if any(row["art"] == kind for row in rows)]
    scale = alt.Scale(domain=[-0.6, len(rows) - 0.4], reverse=True, nice=False)
    colour = alt.Color(
        "art:N",
        scale=alt.Scale(domain=names, range=[KINDS[name] for name in names]),
        legend=top_legend(names, symbolType="circle"),
    )
    y, there = alt.Y("zeile:Q", axis=None, scale=scale), alt.Y("lage:Q", axis=None, scale=scale)
    tooltip = [
        alt.Tooltip("tag:N", title="wann"),
        alt.Tooltip("text:N", title="was"),
        alt.Tooltip("was:N", title="Inhalt"),
    ]
    base = alt.Chart(data_of(rows))
    size = alt.ExprRef(expr="width < 400 ? 11 : 12.5")
    whole: Rows = [{"von": 0, "bis": len(rows) - 1}]
    return alt.layer(
        alt.Chart(data_of(whole))
        .mark_rule(strokeWidth=2, opacity=0.5)
        .encode(alt.Y("von:Q", axis=None, scale=scale), alt.Y2("bis:Q"), x=alt.value(6)),
        base.mark_rule(opacity=0.35).encode(there, alt.Y2("zeile:Q"), x=alt.value(6), x2=alt.value(32)),
        base.mark_point(filled=True, size=70, opacity=1).encode(there, colour, x=alt.value(6), tooltip=tooltip),
        # Again at its row: on the line of years some dots hide others.
        base.mark_point(filled=True, size=45, opacity=1).encode(y, colour, x=alt.value(32), tooltip=tooltip),
        base.mark_text(align="left", fontWeight="bold", fontSize=size, aria=False).encode(
            y, x=alt.value(41), text="jahr:N"
        ),
        base.mark_text(align="left", fontSize=size, aria=False).encode(
            y, x=alt.value(82), text="text:N", tooltip=tooltip
        ),
        width="container",
        height=ROW * len(rows),
    )


def listed(entries: Sequence[Ereignis]) -> Table:
    """The entries one below the other: day, kind and title, what and why, from when on it holds, and its sources."""
    html = "".join(_html(entry) for entry in entries)
    text = "\n".join(f"{day_in_words(entry.date)}, {entry.kind}: {entry.title}. {entry.what}" for entry in entries)
    return Table(f'<div class="lfa-glossar"><dl>{html}\n</dl></div>', text)


def _html(entry: Ereignis) -> str:
    day = unbroken(day_in_words(entry.date)).replace(" ", "\u00a0")
    head = f'<time datetime="{entry.date}">{day}</time>, {entry.kind}: {escape(entry.title)}'
    further = [f"Gilt ab {entry.applies_from}"] if entry.applies_from and entry.applies_from > entry.year else []
    further.append(f"Beleg: {EVIDENCE[entry.evidence == OFFICIAL]}")
    if entry.chapter:
        further.append(f"Mehr: {chapter_link(entry.chapter)}")
    sources = "; ".join(_link(source) for source in entry.sources)
    why = f"\n<dd><em>Warum?</em> {escape(unbroken(entry.why))}</dd>" if entry.why else ""
    return (
        f'\n<div class="lfa-glossar-eintrag"><dt id="ereignis-{entry.id}">{head}</dt>'
        f"\n<dd>{escape(unbroken(entry.what))}</dd>{why}"
        f'\n<dd class="lfa-glossar-naeher">{" · ".join(further)}</dd>'
        f'\n<dd class="lfa-glossar-naeher">Quellen: {sources}</dd></div>'
    )


def _link(source: Fundstelle) -> str:
    # After the address may follow where in it to look.
    address, _, further = source.where.partition(", ")
    words = escape(unbroken(source.title))
    place = f' title="{escape(further)}"' if further else ""
    return f'<a href="{escape(address or "daten.html")}"{place}>{words}</a>'


def counts(entries: Sequence[Ereignis]) -> pd.DataFrame:
    """How many entries of each kind there are, and how many of them rest on official texts."""
    rows = [
        (kind, len(found), sum(entry.evidence == OFFICIAL for entry in found))
        for kind in KINDS
        if (found := [entry for entry in entries if entry.kind == kind])
    ]
    return pd.DataFrame(rows, columns=["art", "zahl", "amtlich"])
