"""What the page of one year shows, whatever is known of it: every function gives a picture, a table, or one sentence.

A function whose data are missing returns None, and the sentence beside it says which inputs are missing and where
they are published. All links lead up one level, for the pages stand in ``jahre/``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from html import escape
from math import ceil, floor
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from lfa import charts
from lfa.charts import ACCENT, PAYER, RECEIVER, data_of, land_axis, zero_line
from lfa.checks import DEPTHS, FIXED_BEZ, checks, depth, implied_umsatzsteuer, statutory_bez
from lfa.evidence import seal as proof_seal
from lfa.gesetze import gesetz
from lfa.inputs import needed
from lfa.lines import Line, registry
from lfa.pictures.jahre import (
    CHAPTERS,
    CHECKS,
    PROVISIONAL,
    contradiction_rows,
    firm_fill,
    firm_legend,
    firmness,
    folded,
    source_name,
)
from lfa.pictures.parts import BLUE, MILLION, Drawing, Step, cascade, dumbbell, stacked
from lfa.pictures.words import mio, mrd, names
from lfa.reconstruction import Reconstruction, reconstruct
from lfa.results import Result, by_land, contradictions, preferred, sources
from lfa.settlement import Figure, Settlement, counted, reproduced, settle_year
from lfa.states import CODES, NAMES
from lfa.tables import Table, number, table
from lfa.years import Year
from lfa.zahlen import KIND, STATUS, cell

MEANING = {
    "inputs": "Die Ausgangszahlen liegen vor. Wir rechnen das Gesetz Schritt für Schritt nach.",
    "rekonstruktion": "Veröffentlicht sind Ergebnisse, nicht die Ausgangszahlen. "
    "Wir rechnen vom Ergebnis zurück zur Finanzkraft.",
    "results": "Veröffentlicht ist nur ein Teil der Ergebnisse. Wir prüfen, ob sie zueinander passen.",
    "balance": "Bekannt ist nur, was jedes Land gab oder bekam. Prüfen lässt sich allein, ob die Summe aufgeht.",
}
"""What each depth means for a reader."""
SIDES = {"fag2020": ("gibt ab (Abschlag)", "bekommt (Zuschlag)")}
TRANSFERS = {"fag2020": "Abschläge und Zuschläge"}
CHAIN = {
    law: (
        "steuereinnahmen",
        umsatzsteuer,
        "gemeindesteuern",
        "finanzkraftmesszahl",
        "ausgleichsmesszahl",
        "finanzkraft_in_vh",
        "ausgleich",
        "bez",
    )
    for law, umsatzsteuer in (("fag2005", "umsatzsteueranteil"), ("fag2020", "umsatzsteuer_nach_einwohnern"))
}
"""The main lines from inputs to final amounts."""
SHORT = {
    "steuereinnahmen": "Steuern ohne Umsatzsteuer",
    "umsatzsteueranteil": "Umsatzsteuer",
    "umsatzsteuer_nach_einwohnern": "Umsatzsteuer nach Einwohnern",
    "gemeindesteuern": "Steuern der Gemeinden",
    "finanzkraftmesszahl": "Finanzkraft-messzahl",
    "ausgleichsmesszahl": "Ausgleichs-messzahl",
    "finanzkraft_in_vh": "Finanzkraft",
    "ausgleich": "Ausgleich",
    "bez": "BEZ",
}
BEZ = {"allgemeine_bez": "allgemeine BEZ", **FIXED_BEZ}
"""The grants of the Federation, with short names."""
COUNTS = {2: "zwei", 3: "drei"}
EXAMPLE = "SN"
CHAPTERS_2003 = (
    ("einwohner", "Einwohner"),
    ("umsatzsteuer", "Umsatzsteuer"),
    ("laendersteuern", "Ländersteuern"),
    ("gemeindesteuern", "Gemeindesteuern"),
    ("finanzkraft", "Finanzkraft und Bedarf"),
    ("tarif", "Tarif"),
    ("garantien", "Garantien"),
    ("fonds", "Fonds „Deutsche Einheit“"),
    ("abschluss", "Abschlusszahlungen"),
    ("wirkung", "Wirkung"),
    ("abweichungen", "Abweichungen"),
)
"""The chapters in which a year with its source document is worked out."""


class Outcome(NamedTuple):
    """A year and everything the page derives from it; what the data do not allow is None."""

    year: Year
    results: Mapping[str, Mapping[str, Result]]
    settlement: Settlement | None
    reconstruction: Reconstruction | None


def outcome(year: Year) -> Outcome:
    """Compute forwards where there are inputs, backwards where results suffice."""
    settled = settle_year(year) if depth(year) == "inputs" else None
    backwards = reconstruct(year) if settled is None and "rekonstruktion" in year.stages else None
    return Outcome(year, preferred(year.results), settled, backwards)


# --- The top ----------------------------------------------------------------------------------------------------------


def badge(year: Year) -> Table:
    """How deep the year can be checked, its status and kind, and the chapter on its law."""
    found = checks(year)
    holding = sum(check.kind == "holds" for check in found)
    law = gesetz(year.law)
    links = ", ".join(f'<a href="../{page}.html">{escape(title)}</a>' for page, title in CHAPTERS[year.law])
    head = DEPTHS[depth(year)]
    lines = [
        f"<strong>{escape(head[0].upper() + head[1:])}</strong> {escape(MEANING[depth(year)])}",
        f"Stand der Zahlen: <b>{STATUS[year.status]}</b> · Herkunft: <b>{KIND[year.kind]}</b>"
        + (f" · {holding} von {len(found)} Prüfungen stimmen" if found else ""),
        f"Gesetz: {escape(law.short)} (erklärt im Kapitel {links})",
    ]
    html = '<div class="lfa-siegel">' + "".join(f"<p>{line}</p>" for line in lines) + "</div>"
    text = f"{head}; {STATUS[year.status]}, {KIND[year.kind]}; {law.short}"
    return Table(html, text)


def notes(year: Year) -> Table | None:
    """What the data say about themselves, as a list."""
    if not year.notes:
        return None
    items = "".join(f"<li>{escape(note)}</li>" for note in year.notes)
    return Table(f'<ul class="lfa-klappe">{items}</ul>', "\n".join(year.notes))


def summary(made: Outcome) -> str:
    """Who gave and who received, in two sentences; a third where the amounts may still change."""
    frame = balance(made)
    if frame is None:
        return "Was die Länder zahlten und bekamen, liegt uns nicht vor."
    gave, got = frame[frame["mio"] < 0], frame[frame["mio"] > 0]
    what = "gaben" if made.year.law == "fag2020" else "zahlten"
    text = (
        f"Für das Ausgleichsjahr {made.year.year} {what} {len(gave)} Länder zusammen "
        f"{mrd(-gave['value'].sum(), 2)}. {len(got)} Länder bekamen das Geld."
    )
    return text + " Die Zahlen sind vorläufig." * bool((frame["festigkeit"] == PROVISIONAL).any())


# --- Who paid, who received -------------------------------------------------------------------------------------------


def balance(made: Outcome) -> pd.DataFrame | None:
    """Euro and Mio. € of every Land, per head where known, how firm, whence; the largest receipt first."""
    published = made.results.get("ausgleich", {})
    people = made.results.get("einwohner", {})
    year = made.year
    rows: list[dict[str, Any]] = []
    for place, land in enumerate(CODES):
        if made.settlement is not None and not year.results:
            value = float(made.settlement.lines["ausgleich"][place])
            heads: float | None = float(made.settlement.lines["einwohner"][place])
            firm, source = firmness(year.status, "derived"), "gerechnet"
        elif land in published:
            result = published[land]
            value = float(result.value)
            heads = float(people[land].value) if land in people else None
            firm, source = firmness(result.status, result.kind), source_name(result.source)
        else:
            return None
        rows.append(
            {
                "land": land,
                "name": NAMES[land],
                "value": value,
                "mio": value / MILLION,
                "je_kopf": value / heads if heads else None,
                "festigkeit": firm,
                "quelle": source,
            }
        )
    return pd.DataFrame(rows).sort_values("mio", ascending=False, kind="stable").reset_index(drop=True)


def balance_bars(frame: pd.DataFrame, law: str) -> Drawing:
    """A bar per Land, the largest receipt first; full, pale or hollow as the value is firm."""
    sides = SIDES.get(law, ("zahlt", "bekommt"))
    rows = [
        {
            "land": row.land,
            "name": row.name_,
            "wert": round(row.mio, 3),
            "text": number(row.mio),
            "seite": sides[0] if row.mio < 0 else sides[1],
            "stand": row.festigkeit,
        }
        for row in frame.rename(columns={"name": "name_"}).itertuples()
    ]
    room = 10 + 7.2 * max(len(row["text"]) for row in rows)
    scale = alt.Scale(domain=list(sides), range=[PAYER, RECEIVER])
    base = alt.Chart().encode(
        alt.Y("land:N", sort=list(frame["land"]), axis=land_axis()),
        alt.X("wert:Q", axis=None, scale=alt.Scale(padding=room, nice=False, zero=True)),
        tooltip=[
            alt.Tooltip("name:N", title="Land"),
            alt.Tooltip("text:N", title="Mio. €"),
            alt.Tooltip("stand:N", title="Stand"),
        ],
    )
    chart: Drawing = alt.layer(
        base.mark_bar(height={"band": 0.72}, strokeWidth=1.3).encode(
            fill=alt.Fill("seite:N", scale=scale, legend=None),
            stroke=alt.Stroke("seite:N", scale=scale, legend=None),
            fillOpacity=firm_fill(frame),
        ),
        zero_line(),
        *charts.bar_ends(base),
        firm_legend(frame, narrow=1),
        data=data_of(rows),
        width="container",
        height=alt.Step(24),
    ).resolve_scale(fill="independent")
    return chart


def balance_picture(made: Outcome) -> Any:
    """Who paid and who received, as bars."""
    frame = balance(made)
    if frame is None:
        return None
    most, least = frame.iloc[0], frame.iloc[-1]
    verbs = ("gibt am meisten ab", "bekommt") if made.year.law == "fag2020" else ("zahlt am meisten", "bekommt")
    return _published(
        balance_bars(frame, made.year.law),
        title=f"{least['name']} {verbs[0]}: {number(-least['mio'])} Mio. €; "
        f"{most['name']} bekommt am meisten: {number(most['mio'])} Mio. €",
        subtitle=f"{TRANSFERS.get(made.year.law, 'Beiträge und Zuweisungen')} {made.year.year}, Mio. €; "
        "links von der Null gibt ein Land, rechts bekommt es",
        description="Mio. €: " + ", ".join(f"{row['name']} {number(row['mio'])}" for _, row in frame.iterrows()),
        source="; ".join(dict.fromkeys(frame["quelle"])),
    )


def balance_table(made: Outcome) -> Table | None:
    """Amounts to three decimals, per head where known, and what other sources say instead."""
    frame = balance(made)
    if frame is None:
        return None
    headings = {"name": "Land", "mio": "Betrag", "je_kopf": "je Einwohner"}
    if frame["quelle"].nunique() > 1:
        headings["quelle"] = "Quelle"
    differing = [entry for entry in contradictions(made.year.results) if entry.quantity == "ausgleich"]
    for entry in differing:
        source = entry.other.source
        headings[source] = f"anders: {source_name(source)}"
        frame.loc[frame["land"] == entry.land, source] = float(entry.other.value) / MILLION
    others = [key for key in headings if key in sources()]
    shown = [key for key in headings if frame[key].notna().any()]
    exact = all(result.half < 1000 for result in made.results.get("ausgleich", {}).values())
    below = ["„Anders“: Diese Quelle nennt einen anderen Betrag, und Rundung erklärt es nicht."] * bool(others)
    if "quelle" not in headings:
        below.insert(0, f"Quelle der Beträge: {frame['quelle'].iloc[0]}.")
    return table(
        frame.astype(dict.fromkeys(others, "Float64")),
        caption=f"{TRANSFERS.get(made.year.law, 'Beiträge (−) und Zuweisungen')} {made.year.year}",
        columns={key: headings[key] for key in shown},
        units=dict.fromkeys(["mio", *others], "Mio. €") | {"je_kopf": "€"},
        decimals={"mio": 3 if exact else 0}
        | {key: decimals_of(entry.other for entry in differing if entry.other.source == key) for key in others},
        row_header="name",
        note=" ".join(below),
        cells=_cells(made, {"mio": "ausgleich"}),
    )


def _cells(made: Outcome, columns: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """The names of published figures in a table with a row per Land; columns with the quantity they show."""
    return {
        (NAMES[land], column): cell(made.year.year, key, land)
        for column, key in columns.items()
        for land in made.results.get(key, {})
        if land in NAMES
    }


def decimals_of(results: Iterable[Result]) -> int:
    """Decimals of Mio. € that the sources of all these amounts print: none for whole millions, else three at most."""
    coarsest = max((result.half for result in results), default=Fraction(0))
    return 0 if coarsest >= MILLION / 2 else 1 if coarsest >= MILLION / 20 else 3


def per_head_text(made: Outcome) -> str:
    """Whether amounts per head are known, or what they lack."""
    frame = balance(made)
    if frame is None:
        return ""
    if frame["je_kopf"].notna().all():
        top, low = frame.loc[frame["je_kopf"].idxmax()], frame.loc[frame["je_kopf"].idxmin()]
        provisional = any(result.status != "endgueltig" for result in made.results.get("einwohner", {}).values())
        return (
            f"Je Einwohner bekommt {top['name']} am meisten, nämlich {number(top['je_kopf'])} €. "
            f"Am meisten gibt {low['name']}: {number(-low['je_kopf'])} €."
            + (" Die Einwohnerzahlen sind dabei vorläufig." if provisional else "")
        )
    return f"Beträge je Einwohner fehlen: Die Einwohnerzahlen liegen uns nicht vor. {_published_people()}"


def _published_people() -> str:
    return f"Einwohnerzahlen stehen hier: {registry('fag2005')['festgestellte_einwohner'].published}."


# --- Umsatzsteuer -----------------------------------------------------------------------------------------------------


def _shares_key(year: Year) -> str:
    return "umsatzsteuer_nach_einwohnern" if year.law == "fag2020" else "umsatzsteueranteil"


def umsatzsteuer(made: Outcome) -> pd.DataFrame | None:
    """The published (else computed) share of every Land in Mio. €, per head, and above or below its part by heads."""
    key = _shares_key(made.year)
    shares: Mapping[str, Any] | None = by_land(made.results.get(key, {}))
    people: Mapping[str, Any] | None = by_land(made.results.get("einwohner", {}))
    if shares is None and made.settlement is not None:
        shares, people = (
            dict(zip(CODES, map(float, made.settlement.lines[name]), strict=True)) for name in (key, "einwohner")
        )
    if shares is None:
        return None
    frame = pd.DataFrame({"land": CODES, "name": [NAMES[code] for code in CODES]})
    frame["mio"] = [float(shares[code]) / MILLION for code in CODES]
    if people is not None:
        per_head = sum(shares.values()) / sum(people.values())
        frame["je_kopf"] = [float(shares[code] / people[code]) for code in CODES]
        frame["mehr"] = [float(shares[code] - per_head * people[code]) / MILLION for code in CODES]
    return frame


def umsatzsteuer_text(made: Outcome) -> str:
    """What is known of the Umsatzsteuer, and the national amount that follows from it."""
    year, frame = made.year, umsatzsteuer(made)
    if frame is None:
        return f"Die Anteile der einzelnen Länder liegen uns für {year.year} nicht vor. " + _ordinance(
            year, "§ 1", _shares_key(year)
        )
    text = f"Zusammen bekamen die Länder {mrd(frame['mio'].sum() * MILLION, 2)} aus der Umsatzsteuer."
    if (implied := implied_umsatzsteuer(year)) is not None:
        text += (
            f" Nach § 1 gehört dazu eine Umsatzsteuer im ganzen Bundesgebiet von {mrd(implied[0], 3)}. "
            "Diese Zahl ist abgeleitet: Sie folgt aus den Anteilen, gedruckt ist sie in unseren Quellen nicht."
        )
    if "mehr" not in frame:
        return (
            text
            + f" Wie viel das je Einwohner ist, bleibt offen, denn die Einwohnerzahlen fehlen. {_published_people()}"
        )
    if year.law == "fag2020":
        return text + " Seit 2020 wird sie zuerst nach Einwohnern verteilt. Zuschläge und Abschläge kommen danach."
    return text + (
        " Nach Einwohnern allein wäre sie anders verteilt: "
        f"{mrd(frame['mehr'].clip(lower=0).sum() * MILLION, 2)} flossen schon hier zu Ländern mit schwachen Steuern."
    )


def umsatzsteuer_table(made: Outcome) -> Table | None:
    """The share of every Land."""
    frame = umsatzsteuer(made)
    if frame is None:
        return None
    headings = {"name": "Land", "mio": "Anteil", "je_kopf": "je Einwohner", "mehr": "mehr als nach Einwohnern"}
    shown = [key for key in headings if key in frame and not (key == "mehr" and made.year.law == "fag2020")]
    inner = table(
        frame,
        caption=f"Anteile der Länder an der Umsatzsteuer {made.year.year}",
        columns={key: headings[key] for key in shown},
        units={"mio": "Mio. €", "je_kopf": "€", "mehr": "Mio. €"},
        decimals={"mio": 1, "je_kopf": 2, "mehr": 1},
        row_header="name",
        cells=_cells(made, {"mio": _shares_key(made.year)}),
    )
    return folded(inner, "Die Anteile aller Länder")


# --- Bundesergänzungszuweisungen --------------------------------------------------------------------------------------


def bez(made: Outcome) -> pd.DataFrame | None:
    """What each Land received by kind of grant, in Mio. €: published, else computed, else as the statute fixes it.

    Länder without any are left out.
    """
    columns = {}
    statute = {} if made.year.law == "fag1993" else statutory_bez(made.year)
    for key, name in BEZ.items():
        published = by_land(made.results.get(key, {}))
        if published is not None:
            columns[name] = [float(published[code]) / MILLION for code in CODES]
        elif made.settlement is not None and key in made.settlement.lines:
            columns[name] = [float(value) / MILLION for value in made.settlement.lines[key]]
        elif made.reconstruction is not None and key == "allgemeine_bez":
            columns[f"{name} (zurückgerechnet)"] = [
                float(value) / MILLION for value in made.reconstruction.lines["allgemeine_bez"]
            ]
        elif key in statute:
            columns[name] = [float(value) / MILLION for value in statute[key]]
    if not columns:
        return None
    frame = pd.DataFrame(columns, index=pd.Index(CODES, name="land"))
    return frame[(frame != 0).any(axis=1)].loc[lambda part: part.sum(axis=1).sort_values(ascending=False).index]


def bez_text(made: Outcome) -> str:
    """What is known of the grants, or what they lack."""
    year = made.year
    if year.law == "fag1993":
        reason = year.missing.get("bez", "Für dieses Jahr ist keine amtliche Quelle zur Hand.")
        return f"{reason} Auch der Wortlaut des Gesetzes von 1993 liegt uns nicht vor. Die Beträge fehlen deshalb hier."
    published = [key for key in BEZ if by_land(made.results.get(key, {})) is not None]
    if made.settlement is not None:
        return "Die allgemeinen BEZ sind gerechnet. Die Sonderbedarfs-BEZ stehen im Gesetz."
    fixed = [key for key in published if key in FIXED_BEZ]
    text = (
        "Die Sonderbedarfs-BEZ stehen mit festen Beträgen im Gesetz. Die Tabelle stellt daneben, was gezahlt wurde."
        if fixed
        else "Was gezahlt wurde, liegt uns nicht vor. Die Tabelle zeigt deshalb nur, was das Gesetz festlegt."
    )
    if "allgemeine_bez" in published:
        return text + " Die allgemeinen BEZ hängen von der Finanzkraft ab."
    if made.reconstruction is not None:
        return text + " Die allgemeinen BEZ sind nur für ein Land veröffentlicht; die anderen rechnen wir zurück."
    return (
        text + f" Die allgemeinen BEZ fehlen ganz. Zum Nachrechnen bräuchte es {len(missing_lines(year))} Reihen von "
        "Ausgangszahlen; welche und wo sie stehen, sagt der Abschnitt „Von den Ausgangszahlen zum Ergebnis“."
    )


def steps(made: Outcome) -> pd.DataFrame | None:
    """What each step moves to or from each Land in Mio. €; None where fewer than two steps are known."""
    shares, balances, grants = umsatzsteuer(made), balance(made), bez(made)
    columns = {}
    if shares is not None and "mehr" in shares and made.year.law != "fag2020":
        columns["Umsatzsteuer"] = shares.set_index("land")["mehr"]
    if balances is not None:
        columns["Ausgleich der Länder"] = balances.set_index("land")["mio"]
    # Without the allgemeine BEZ the grants would look smaller than they are.
    if made.settlement is not None and "bez" in made.settlement.lines and not made.year.results:
        columns["Bund (BEZ)"] = pd.Series(made.settlement.lines["bez"] / MILLION, index=CODES)
    elif grants is not None and grants.columns[0].startswith(BEZ["allgemeine_bez"]):
        columns["Bund (BEZ)"] = grants.sum(axis=1).reindex(CODES, fill_value=0.0)
    if len(columns) < 2:
        return None
    frame = pd.DataFrame(columns, index=pd.Index(CODES, name="land"))
    return frame.loc[frame.sum(axis=1).sort_values(ascending=False).index]


def steps_text(made: Outcome) -> str:
    """What the picture of all steps holds, or why there is none."""
    frame = steps(made)
    if frame is None:
        return "Für dieses Jahr ist nur ein Schritt bekannt. Ein Bild aller Schritte lässt sich nicht zeichnen."
    words = {
        "Umsatzsteuer": "die Umsatzsteuer (verglichen mit einer Verteilung nach Einwohnern)",
        "Ausgleich der Länder": "der Ausgleich unter den Ländern",
        "Bund (BEZ)": "das Geld vom Bund",
    }
    listed = [words[str(name)] for name in frame.columns]
    text = f"Das Bild legt {COUNTS[len(listed)]} Schritte aneinander: {', '.join(listed[:-1])} und {listed[-1]}."
    if made.year.law == "fag2020" and made.settlement is None:
        text += " Von den BEZ zählen hier nur die allgemeinen und die, die das Gesetz in Euro festlegt." * (
            "Bund (BEZ)" in frame
        )
    return text


def _general_bez_worked_back(made: Outcome) -> bool:
    """Whether the allgemeine BEZ of a picture are not published but worked back."""
    return made.reconstruction is not None and by_land(made.results.get("allgemeine_bez", {})) is None


def steps_picture(made: Outcome) -> Any:
    """All known steps of the equalisation as one bar per Land."""
    frame = steps(made)
    if frame is None:
        return None
    colours = {"Umsatzsteuer": BLUE, "Ausgleich der Länder": RECEIVER, "Bund (BEZ)": ACCENT}
    totals = frame.sum(axis=1)
    return _published(
        stacked(
            frame,
            [colours[str(name)] for name in frame.columns],
            unit="Mio. €",
            text=[number(value, sign=True) for value in totals],
        ),
        title=f"In {COUNTS[len(frame.columns)]} Schritten: "
        f"{NAMES[str(totals.idxmax())]} {number(totals.max(), sign=True)}, "
        f"{NAMES[str(totals.idxmin())]} {number(totals.min(), sign=True)} Mio. €",
        subtitle=f"Was jeder Schritt {made.year.year} bringt (rechts) oder nimmt (links), Mio. €; rechts die Summe"
        + _caveat(made, _shares_key(made.year), "einwohner", "ausgleich", *BEZ)
        + "; allgemeine BEZ zurückgerechnet" * _general_bez_worked_back(made),
        description="Summe in Mio. €: "
        + ", ".join(f"{NAMES[str(land)]} {number(value)}" for land, value in totals.items()),
        source=_sources_of(made, _shares_key(made.year), "ausgleich", *BEZ),
    )


def bez_table(made: Outcome) -> Table | None:
    """What the statute fixes beside what was paid, for every Land with such an amount."""
    if made.year.law == "fag1993":
        return None
    statute = {key: [float(value) / MILLION for value in values] for key, values in statutory_bez(made.year).items()}
    frame = pd.DataFrame({"land": CODES, "name": [NAMES[code] for code in CODES]})
    headings = {"name": "Land"}
    for key, values in statute.items():
        frame[f"{key}_gesetz"] = values
        headings[f"{key}_gesetz"] = f"{FIXED_BEZ[key]}: Gesetz"
        paid = by_land(made.results.get(key, {}))
        if paid is not None:
            frame[key] = [float(paid[code]) / MILLION for code in CODES]
            headings[key] = "gezahlt"
    general = by_land(made.results.get("allgemeine_bez", {}))
    if general is not None:
        frame["allgemeine_bez"] = [float(general[code]) / MILLION for code in CODES]
        headings["allgemeine_bez"] = "allgemeine BEZ gezahlt"
    amounts = [key for key in headings if key != "name"]
    frame = frame[(frame[amounts] != 0).any(axis=1)].reset_index(drop=True)
    frame[amounts] = frame[amounts].where(frame[amounts] != 0)
    inner = table(
        frame.astype({key: "Float64" for key in amounts}),
        caption=f"Bundesergänzungszuweisungen {made.year.year}",
        columns=headings,
        units=dict.fromkeys(amounts, "Mio. €"),
        decimals=1,
        row_header="name",
        note="Leer heißt: kein Betrag.",
        cells=_cells(made, {key: key for key in (*BEZ, "allgemeine_bez")}),
    )
    paid_too = any(key in BEZ for key in amounts)
    return folded(inner, "BEZ aller Länder: was das Gesetz festlegt" + ", und was gezahlt wurde" * paid_too)


# --- Worked back ------------------------------------------------------------------------------------------------------


def relations(made: Outcome) -> pd.DataFrame | None:
    """Finanzkraft before and after the equalisation in v.H. of the Ausgleichsmesszahl; the strongest first."""
    known = made.reconstruction or made.settlement
    if known is None or made.year.figures:
        return None
    lines = known.lines
    frame = pd.DataFrame({"land": CODES, "vorher": lines["finanzkraft_in_vh"]})
    frame["nachher"] = 100 * lines["finanzkraft_nach_ausgleich"] / lines["ausgleichsmesszahl"]
    return frame.sort_values("vorher", ascending=False, kind="stable").reset_index(drop=True)


def relations_text(made: Outcome) -> str:
    """How the year was worked back, or why not."""
    year = made.year
    if made.settlement is not None:
        return "Zurückrechnen ist nicht nötig: Die Ausgangszahlen liegen vor." + (
            " Die Finanzkraft zeigen die Kapitel." if year.figures else ""
        )
    found = made.reconstruction
    if found is not None:
        basis = names(found.published) if len(found.published) <= 3 else f"{len(found.published)} Ländern"
        return (
            "Wer weiß, was ein Land zahlte oder bekam, kann den Tarif rückwärts rechnen. So folgt die Finanzkraft. "
            f"Wie hoch der Durchschnitt liegt, verraten die veröffentlichten allgemeinen BEZ von {basis}: "
            f"rund {number(found.level[1])} € je gewertetem Einwohner, mit einer Spanne von "
            f"{number(floor(found.level[0]))} bis {number(ceil(found.level[2]))} €."
        )
    missing = [
        word
        for key, word in (("einwohner", "die Einwohnerzahlen"), ("allgemeine_bez", "die allgemeinen BEZ"))
        if not made.results.get(key)
    ]
    if not missing:
        return (
            "Zurückrechnen lässt sich dieses Jahr nicht. "
            "Ein Teil der Beträge ist nur in vollen Millionen bekannt; das ist dafür zu grob."
        )
    places = _published_people() if "einwohner" not in made.results else ""
    return f"Zurückrechnen lässt sich dieses Jahr nicht. Es fehlen {' und '.join(missing)}. {places}".strip()


def relations_picture(made: Outcome) -> Any:
    """The Finanzkraft before and after, as two points per Land."""
    frame = relations(made)
    if frame is None:
        return None
    ends = [
        number(value, 1) for column in ("vorher", "nachher") for value in (frame[column].min(), frame[column].max())
    ]
    return _published(
        dumbbell(
            frame,
            {"vorher": "vor dem Ausgleich", "nachher": "nach dem Ausgleich"},
            unit="v.H. des Durchschnitts",
            decimals=1,
            mark=100,
        ),
        title=f"Aus {ends[0]} bis {ends[1]} v.H. werden {ends[2]} bis {ends[3]} v.H.",
        subtitle=f"Finanzkraft {made.year.year} in v.H. der Ausgleichsmesszahl, ohne BEZ"
        + ("; zurückgerechnet" if made.reconstruction else "")
        + _caveat(made, "ausgleich", "einwohner", "allgemeine_bez"),
        description="v.H. vorher und nachher: "
        + ", ".join(f"{NAMES[r.land]} {number(r.vorher, 1)} und {number(r.nachher, 1)}" for r in frame.itertuples()),
        source="eigene Berechnung aus: " + _sources_of(made, "ausgleich", "einwohner", "allgemeine_bez")
        if made.reconstruction
        else "eigene Berechnung",
    )


def predictions(made: Outcome) -> Table | None:
    """The allgemeine BEZ worked back with their interval, beside the published ones."""
    found = made.reconstruction
    if found is None:
        return None
    low, middle, high = (
        dict(zip(CODES, found.lines[f"allgemeine_bez{end}"] / MILLION, strict=True))
        for end in ("_mindestens", "", "_hoechstens")
    )
    residuals = found.residuals()
    paid = {land: float(result.value) / MILLION for land, result in found.published.items()}
    rows = [
        {
            "name": NAMES[land],
            "gezahlt": paid.get(land),
            "gerechnet": middle[land],
            "spanne": f"{number(low[land], 1)}–{number(high[land], 1)}",
            "rest": residuals[land] / MILLION if land in residuals else None,
        }
        for land in CODES
        if high[land] or paid.get(land)
    ]
    return table(
        pd.DataFrame(rows).astype({"gezahlt": "Float64", "gerechnet": "Float64", "rest": "Float64"}),
        caption=f"Allgemeine BEZ {made.year.year}: veröffentlicht und zurückgerechnet",
        columns={
            "name": "Land",
            "gezahlt": "veröffentlicht",
            "gerechnet": "zurückgerechnet",
            "spanne": "Spanne",
            "rest": "Abstand",
        },
        units={"gezahlt": "Mio. €", "gerechnet": "Mio. €", "spanne": "Mio. €", "rest": "Mio. €"},
        decimals={"gezahlt": decimals_of(found.published.values()), "gerechnet": 1, "rest": 2},
        row_header="name",
        sign=("rest",),
        note=_fit(found),
    )


def _fit(found: Reconstruction) -> str:
    """How well one level of the average explains the published grants."""
    if len(found.published) == 1:
        return "Der eine veröffentlichte Betrag legt den Durchschnitt fest. Die anderen sind Vorhersagen."
    off = f"{number(found.misfit / MILLION, 1 if found.misfit >= MILLION else 3)} Mio. €"
    if found.misfit <= found.allowed:
        return f"Ein einziger Durchschnitt passt zu allen Werten im Rahmen ihrer Rundung; Abstand höchstens {off}."
    return (
        f"Kein Durchschnitt passt zu allen Werten zugleich; im besten Fall fehlen bis zu {off}. "
        "Die Spanne ist entsprechend weit."
    )


# --- Abschlusszahlungen -----------------------------------------------------------------------------------------------


def settled_text(made: Outcome) -> str:
    """What the final payments are, or where they would stand."""
    payments = by_land(made.results.get("abschlusszahlung", {}))
    if payments is None:
        return f"Sie liegen uns für {made.year.year} nicht vor. " + _ordinance(
            made.year, "§ 4" if made.year.law == "fag1993" else "§ 3"
        )
    moved = sum(float(value) for value in payments.values() if value > 0)
    first, last = (end(payments, key=lambda land: payments[land]) for end in (min, max))
    return (
        f"Im laufenden Jahr wird vorläufig gezahlt. Am Ende zeigt sich, wer zu viel oder zu wenig hatte. "
        f"Für {made.year.year} wechselten so noch {mio(moved)} den Besitzer. "
        f"Am meisten zahlte {NAMES[first]} nach: {mio(payments[first])}. "
        f"Am meisten bekam {NAMES[last]}: {mio(payments[last])}."
    )


def settled_table(made: Outcome) -> Table | None:
    """The final payments."""
    payments = by_land(made.results.get("abschlusszahlung", {}))
    if payments is None:
        return None
    frame = pd.DataFrame(
        {"name": [NAMES[code] for code in CODES], "mio": [float(payments[code]) / MILLION for code in CODES]}
    )
    return folded(
        table(
            frame.sort_values("mio", kind="stable"),
            caption=f"Abschlusszahlungen für {made.year.year}: minus zahlt nach, plus bekommt noch",
            columns={"name": "Land", "mio": "Betrag"},
            units={"mio": "Mio. €"},
            decimals=3,
            sign=("mio",),
            row_header="name",
            cells=_cells(made, {"mio": "abschlusszahlung"}),
        ),
        "Die Abschlusszahlungen aller Länder",
    )


# --- From inputs to final amounts -------------------------------------------------------------------------------------


def inputs_text(made: Outcome) -> str:
    """Whether the law was computed from its inputs, or what that would need."""
    year = made.year
    if year.figures:
        return (
            f"Das Jahr {year.year} ist in diesem Buch Schritt für Schritt nachgerechnet. "
            "Wir wiederholen das hier nicht, sondern verweisen auf die Kapitel."
        )
    if made.settlement is not None:
        return "Aus den Ausgangszahlen folgt alles Weitere. Die Tabelle zeigt die wichtigsten Zwischenschritte."
    if year.law == "fag1993":
        return (
            f"Um {year.year} ganz nachzurechnen, fehlen die Steuern der Länder und Gemeinden und die Einwohner. "
            "Für 2003 stehen sie in den Anlagen der Zweiten Verordnung. Die Anlagen dieses Jahres liegen uns nicht vor."
        )
    lines = missing_lines(year)
    return (
        f"Um {year.year} ganz nachzurechnen, fehlen {len(lines)} Reihen von Ausgangszahlen. "
        f"Sie stehen hier: {'; '.join(dict.fromkeys(line.published for line in lines))}. "
        f"Wer sie hat, legt mit „python -m lfa new-year {year.year}“ eine Datei zum Ausfüllen an."
    )


def missing_lines(year: Year, keys: Collection[str] | None = None) -> list[Line]:
    """The inputs of a law that a year lacks, all or those that some lines start from."""
    wanted = needed(year.law, year.parameters)
    if keys is not None:
        roots = _roots(registry(year.law), keys)
        wanted = tuple(line for line in wanted if line.key in roots)
    return [line for line in wanted if line.key not in year.inputs]


def _roots(lines: Mapping[str, Line], keys: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key in lines and key not in found:
            found.add(key)
            waiting += lines[key].inputs
    return {key for key in found if lines[key].stage == "quelle"}


def inputs_outcome(made: Outcome) -> Table | None:
    """The chain of the main lines; for a year with its document the seal and the chapters; else what is missing."""
    year = made.year
    if year.figures and made.settlement is not None:
        seal = proof_seal(made.settlement)
        links = " · ".join(f'<a href="../{page}.html">{escape(title)}</a>' for page, title in CHAPTERS_2003)
        return Table(f'{seal.html}<p class="lfa-klappe">{links}</p>', seal.text)
    if made.settlement is not None:
        return chain_table(made.settlement)
    if year.law == "fag1993":
        return None
    frame = pd.DataFrame(
        [(line.label, line.paragraph, line.published) for line in missing_lines(year)],
        columns=["was", "paragraf", "wo"],
    )
    inner = table(
        frame,
        caption=f"Ausgangszahlen, die für {year.year} fehlen",
        columns={"was": "Zahl", "paragraf": "Paragraf", "wo": "veröffentlicht in"},
        row_header="was",
    )
    return folded(inner, f"Die {len(frame)} fehlenden Reihen")


def chain_table(settlement: Settlement) -> Table:
    """The main lines from inputs to final amounts, a row per Land."""
    year = settlement.year
    units = {key: registry(year.law)[key].unit for key in CHAIN[year.law]}
    frame = pd.DataFrame({"name": [NAMES[code] for code in CODES]})
    for key, unit in units.items():
        frame[key] = settlement.lines[key] / (MILLION if unit == "EUR" else 1)
    return table(
        frame,
        caption=f"Von den Ausgangszahlen zum Ergebnis {year.year}",
        columns={"name": "Land"} | {key: SHORT[key].replace("-", "\u00ad") for key in units},
        units={key: "Mio. €" if unit == "EUR" else unit for key, unit in units.items()},
        decimals=1,
        row_header="name",
        cells={(NAMES[code], key): cell(year.year, key, code) for code in CODES for key in units},
    )


def waterfall(made: Outcome, land: str = EXAMPLE) -> Any:
    """What one Land has from its taxes to its last grant, step by step; only where inputs are in a file."""
    settlement = made.settlement
    if settlement is None or made.year.figures:
        return None
    lines, place = settlement.lines, CODES.index(land)
    words = {
        "steuereinnahmen": ("Steuern ohne", "Umsatzsteuer"),
        _shares_key(made.year): ("Umsatzsteuer", "nach Einwohnern" if made.year.law == "fag2020" else "(§ 2)"),
        "ausgleich": ("Ausgleich", "(§ 10)"),
        "bez": ("BEZ", "des Bundes"),
    }
    steps = [Step(label, float(lines[key][place])) for key, label in words.items()]
    whole = sum(step.amount for step in steps)
    more = whole / steps[0].amount
    return _published(
        cascade(steps, total="zusammen\n", plus=("kommt dazu", RECEIVER), minus=("geht ab", PAYER)),
        title=f"{NAMES[land]}: {number(more, 1)}-mal so viel wie die eigenen Steuern",
        subtitle=f"Was dem Land {made.year.year} bleibt, ohne Gemeinden, Mio. €",
        description="Mio. €: "
        + ", ".join(f"{' '.join(step.label)} {number(step.amount / MILLION, 1)}" for step in steps),
        source="eigene Berechnung aus den Ausgangszahlen",
    )


def readings(made: Outcome) -> Table | None:
    """Which reconstructed readings of the law made a difference, and for whom."""
    settlement = made.settlement
    if settlement is None or not settlement.readings:
        return None
    lines = registry(made.year.law)
    frame = pd.DataFrame(
        [
            (lines[key].paragraph, lines[key].label, names(laender) if len(laender) < 16 else "alle Länder")
            for key, laender in settlement.readings.items()
        ],
        columns=["paragraf", "lesart", "laender"],
    )
    return folded(
        table(
            frame,
            caption="Auslegungen, die in diesem Jahr etwas ausmachen",
            columns={"paragraf": "Paragraf", "lesart": "Lesart", "laender": "für"},
            row_header="paragraf",
        ),
        f"{len(frame)} Auslegungen des Gesetzes machen in diesem Jahr etwas aus",
    )


# --- Check and sources ------------------------------------------------------------------------------------------------


def check_table(made: Outcome) -> Table | None:
    """Every check of the published results: what, from how many figures, how far off, and whether it holds."""
    found = checks(made.year)
    if not found:
        return None
    frame = pd.DataFrame(
        [
            (
                check.statement,
                check.paragraph,
                check.figures,
                _small(check.off),
                _small(check.tolerance),
                CHECKS[check.kind],
            )
            for check in found
        ],
        columns=["aussage", "paragraf", "zahlen", "abstand", "erlaubt", "ergebnis"],
    )
    return table(
        frame,
        caption=f"Was sich an den veröffentlichten Zahlen für {made.year.year} prüfen lässt",
        columns={
            "aussage": "Aussage",
            "ergebnis": "Ergebnis",
            "abstand": "Abstand höchstens",
            "erlaubt": "durch Rundung erlaubt",
            "paragraf": "Paragraf",
            "zahlen": "Zahlen",
        },
        units={"abstand": "€", "erlaubt": "€"},
        row_header="aussage",
        note="○ heißt: Die Aussage stimmt nicht, beruht aber auf vorläufigen Zahlen."
        if any(check.kind == "provisional" for check in found)
        else "",
    )


def _small(euro: float) -> str:
    return number(euro, 0 if euro >= 1000 else 2)


def proven(made: Outcome, figures: Sequence[Figure]) -> str:
    """What the checks of the page prove, in one or two sentences."""
    found = checks(made.year)
    results = counted(figures)
    parts = []
    if found:
        holding = sum(check.kind == "holds" for check in found)
        what = f"{holding} von {len(found)} Aussagen" if len(found) > 1 else "Die eine Aussage, die sich prüfen lässt,"
        verb = "stimmen" if len(found) > 1 else "stimmt"
        parts.append(f"{what} über die veröffentlichten Zahlen {verb} im Rahmen der Rundung.")
    if results:
        parts.append(
            f"{number(len(reproduced(results)))} von {number(len(results))} amtlichen Zahlen kommen beim Nachrechnen "
            "heraus, keine weicht ab."
        )
    elif made.settlement is not None:
        parts.append("Das Gesetz ist nach der Regel angewandt, und die Beträge heben sich auf.")
    return " ".join(parts).replace("lässt, über die veröffentlichten Zahlen", "lässt,")


def contradiction_table(made: Outcome) -> Table | None:
    """Every contradiction between the sources of the year."""
    rows = contradiction_rows(made.year.year, contradictions(made.year.results), made.year.law)
    if not rows:
        return None
    inner = table(
        pd.DataFrame(rows),
        caption="Wo die Quellen einander widersprechen, Mio. €",
        columns={"land": "Land", "gilt": "gilt", "quelle": "Quelle", "anders": "anders", "andere": "in"},
        row_header="land",
    )
    return folded(inner, f"{len(rows)} Widersprüche zwischen Quellen")


def sources_table(made: Outcome) -> Table:
    """The sources of the page with publisher, where, and licence."""
    used = dict.fromkeys([made.year.source] * bool(made.year.source) + [result.source for result in made.year.results])
    frame = pd.DataFrame(
        [
            (
                sources()[key]["title"],
                sources()[key]["publisher"],
                sources()[key].get("where", "–"),
                sources()[key]["licence"],
            )
            for key in used
        ],
        columns=["titel", "wer", "wo", "lizenz"],
    )
    return folded(
        table(
            frame,
            caption=f"Quellen dieser Seite: {len(frame)}",
            columns={"titel": "Titel", "wer": "Herausgeber", "wo": "Fundstelle", "lizenz": "Lizenz"},
            row_header="titel",
        ),
        "Quellen dieser Seite" if len(frame) else "Quellen: nur die Ausgangszahlen in eingaben.csv",
    )


def limits(made: Outcome) -> str:
    """What the page cannot show, in one or two sentences."""
    year = made.year
    parts = []
    if made.settlement is None:
        parts.append("ob das Gesetz auf die Ausgangszahlen richtig angewandt wurde")
    if made.reconstruction is not None:
        parts.append("wie sich der Durchschnitt auf Länder und Gemeinden aufteilt")
    if year.status != "endgueltig":
        parts.append(
            "wie die endgültigen Beträge lauten"
            if year.status == "vorlaeufig"
            else "welche vorläufigen Zahlen sich noch geändert haben"
        )
    if year.kind != "official":
        parts.append("ob die Abschriften aus zweiter Hand fehlerfrei sind")
    if year.figures:
        parts += ["welche Steuern die Länder im Einzelnen einnahmen", "was die Bundesergänzungszuweisungen ausmachten"]
    if not parts:
        return "Auf dieser Seite fehlt nichts Wesentliches."
    *first, last = parts
    return f"Diese Seite zeigt nicht, {', '.join(first)}{' und auch nicht, ' * bool(first)}{last}."


# --- Where it would be published --------------------------------------------------------------------------------------


def _ordinance(year: Year, paragraph: str, key: str = "") -> str:
    if year.law == "fag2020":
        tail = _needs(year, [key]) if key else "Für die Jahre seit 2020 kennen wir noch keine."
        return f"Endgültig stellt sie erst eine Zweite Verordnung fest. {tail}"
    return f"Sie stehen in {paragraph} der Zweiten Verordnung für {year.year}, veröffentlicht im Bundesgesetzblatt."


def _needs(year: Year, keys: Sequence[str]) -> str:
    """Which inputs some lines start from, and where those are published."""
    places: dict[str, list[str]] = {}
    for line in missing_lines(year, keys):
        places.setdefault(line.published, []).append(line.label)
    words = [
        f"{', '.join(labels)} ({place})" if len(labels) < 3 else f"{len(labels)} Reihen ({place})"
        for place, labels in places.items()
    ]
    return f"Zum Nachrechnen fehlen: {'; '.join(words)}." if words else ""


def _published(chart: Drawing, **words: str) -> Any:
    """A chart with its words. Its description tells all values, so the marks need no labels of their own."""
    return charts.publish(chart.configure_mark(aria=False), **words)


def _caveat(made: Outcome, *keys: str) -> str:
    """A reservation for a subtitle where values of a picture are not final."""
    stands = {result.status for key in keys for result in made.results.get(key, {}).values()}
    if stands <= {"endgueltig"}:
        return ""
    return "; vorläufig" if stands == {"vorlaeufig"} else "; zum Teil vorläufig"


def _sources_of(made: Outcome, *keys: str) -> str:
    used = [result.source for key in keys for result in made.results.get(key, {}).values()]
    return "; ".join(dict.fromkeys(map(source_name, used))) or "eigene Berechnung"
