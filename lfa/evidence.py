"""What the pages on source and proof show: the seal, every erratum with its proof, how well each rule is proven."""

from collections.abc import Iterable
from html import escape

import pandas as pd

from lfa.identities import breaches, column_name, row_name, zweite_verordnung
from lfa.lines import registry
from lfa.parameters import entries
from lfa.settlement import Figure, Settlement, comparison
from lfa.sources import UNNAMED, Erratum
from lfa.states import CODES, INSGESAMT, NAMES
from lfa.tables import Table, badge, number, table
from lfa.years import Year

KINDS = {
    "digit": "falsche Ziffer",
    "sign": "Vorzeichen",
    "dropped": "ausgefallen",
    "spurious": "überzählig",
    "shifted": "verrutscht",
    "label": "Beschriftung",
}
"""What happened to a figure on its way into the source, in words."""
TABLES = {
    "anlage1": "Anlage 1: Finanzausgleich unter den Ländern",
    "einwohner": "Anlage zu § 9: Einwohner und ihre Wertung",
    "realsteuerkraft": "Anlage zu § 8: Realsteuerkraft",
    "anlage3": "Anlage 3: Fonds „Deutsche Einheit“",
}
"""The tables of the source that carry errata, with the names readers know them by."""
SHOWN_PROOFS = 2
UNFOLDED = 30
"""Tables with fewer errata are shown unfolded."""


def counted(figures: Iterable[Figure]) -> list[Figure]:
    """The official figures that are results: neither inputs nor reprints."""
    return [figure for figure in figures if figure.kind not in ("input", "reprint")]


def reproduced(figures: Iterable[Figure]) -> list[Figure]:
    """The results that the computation reproduces within the rounding of the print."""
    return [figure for figure in figures if figure.kind.startswith("reproduced")]


def seal(settlement: Settlement) -> Table:
    """How many official figures of the year are reproduced, computed here and now."""
    results = counted(comparison(settlement))
    found = reproduced(results)
    exact = sum(figure.exact for figure in found)
    deviating = sum(figure.kind == "deviating" for figure in results)
    head = f"{number(len(found))} von {number(len(results))}"
    text = "amtlichen Zahlen nachgerechnet"
    rest = (
        f"davon {number(exact)} bis auf die letzte gedruckte Stelle, die übrigen innerhalb der Rundung; "
        f"{number(len(results) - len(found) - deviating)} offen, {number(deviating)} abweichend"
    )
    html = f'<div class="lfa-siegel"><p><strong>{escape(head)}</strong> {escape(text)}</p><p>{escape(rest)}</p></div>'
    return Table(html, f"{head} {text} ({rest})")


def place_name(name: str, line: str) -> str:
    """Where a figure stands, in words."""
    if name == "anlage1":
        return f"Zeile {line}" if line.isdigit() else "Überschrift „Korrektur § 10 IV 2 a“"
    if name == "anlage3":
        column = line.removeprefix("spalte_").removesuffix("_minus")
        return f"Sp. {column}" + (", zweite Summe" if line.endswith("_minus") else "")
    if name == "realsteuerkraft":
        return column_name(line)
    if line == "gewertete_einwohner_vh":
        return "gewertete Einwohnerzahl in v.H."
    return row_name(line.removesuffix(UNNAMED)) + (" (Spalte ohne Kopf)" if line.endswith(UNNAMED) else "")


def errata_table(year: Year, name: str) -> Table:
    """Every erratum of one table of the source: where, printed, correct, what happened, which identities prove it.

    Each group has an anchor (``e-001``) to which corrected cells elsewhere lead.
    """
    texts = {rule.name: rule.text for rule in zweite_verordnung(year.parameters)}
    errata = [erratum for erratum in year.errata if erratum.cell.table == name]
    groups: dict[str, list[Erratum]] = {}
    for erratum in errata:
        groups.setdefault(erratum.group, []).append(erratum)
    rows = "".join(_group_rows(group, members, texts) for group, members in groups.items())
    caption = f"{TABLES[name]}: {number(len(errata))} berichtigte Stellen"
    heads = ("Stelle", "Land", "gedruckt", "richtig", "was geschah")
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    html = (
        f'<details class="lfa-klappe"{" open" if len(errata) < UNFOLDED else ""}><summary>{escape(caption)}</summary>'
        f'<div class="lfa-table" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f'<caption class="lfa-unsichtbar">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )
    return Table(html, caption)


def _group_rows(group: str, members: list[Erratum], texts: dict[str, str]) -> str:
    rows: list[str] = []
    for erratum in members:
        land = erratum.cell.land
        cells = (
            f'<th scope="row">{escape(place_name(erratum.cell.table, erratum.cell.line))}</th>'
            f"<td>{escape('Insgesamt' if land == INSGESAMT else NAMES[land])}</td>"
            f'<td class="lfa-zahl">{escape(erratum.printed.replace("-", "−")) or "–"}</td>'
            f'<td class="lfa-zahl">{escape(corrected_text(erratum)) or "–"}</td>'
            f"<td>{escape(KINDS[erratum.kind])}</td>"
        )
        anchor = "" if rows else f' id="e-{group}"'
        rows.append(f"<tr{anchor}>{cells}</tr>")
    proofs = [texts[name] for name in members[0].proof]
    more = len(proofs) - SHOWN_PROOFS
    shown = " · ".join(proofs[:SHOWN_PROOFS]) + (f" · und {more} weitere" if more > 0 else "")
    rows.append(f'<tr class="lfa-beweis"><td colspan="5">Sonst verletzt: {escape(shown)}</td></tr>')
    return "".join(rows)


def corrected_text(erratum: Erratum) -> str:
    """The corrected figure in German print, empty for a figure that should not be there."""
    if erratum.corrected is None:
        return ""
    return number(erratum.corrected, max(0, -int(erratum.corrected.as_tuple().exponent)))


def identity_counts(year: Year) -> pd.DataFrame:
    """How many identities and single statements fail in the source as printed, and after the errata."""
    rules = zweite_verordnung(year.parameters)
    before, after = breaches(year.printed, rules), breaches(year.figures, rules)
    return pd.DataFrame(
        {
            "stand": ["wie gedruckt", "nach den Berichtigungen"],
            "regeln": [len(rules)] * 2,
            "verletzt": [len({breach.identity for breach in found}) for found in (before, after)],
            "stellen": [len(found) for found in (before, after)],
        }
    )


def rules_by_evidence(law: str, evidence: str) -> pd.DataFrame:
    """Lines and parameters of a law that carry one kind of evidence: paragraph, what, rule or note; readings apart."""
    lines = [
        (line.paragraph, line.label, line.formula)
        for line in registry(law).values()
        if line.evidence == evidence and line.unit != "Lesart"
    ]
    values = [
        (
            entry["description"].rsplit("(", 1)[1].removesuffix(")"),
            entry["description"].rsplit(" (", 1)[0],
            " ".join(version["note"] for version in entry["values"].values() if "note" in version)
            or "gesetzlicher Wert",
        )
        for entry in entries(law)
        if entry["evidence"] == evidence
    ]
    return pd.DataFrame([*lines, *values], columns=["paragraph", "was", "regel"])


def readings(settlement: Settlement) -> pd.DataFrame:
    """The reconstructed readings of the law, and for which Länder they bind in this year."""
    lines = (line for line in registry(settlement.year.law).values() if line.unit == "Lesart")
    return pd.DataFrame(
        [
            (
                line.paragraph,
                line.label,
                ", ".join(NAMES[code] for code in settlement.readings.get(line.key, ())) or "nein",
            )
            for line in lines
        ],
        columns=["paragraph", "lesart", "greift"],
    )


def evidence_counts(law: str) -> pd.DataFrame:
    """How many lines and parameters of a law are verbatim, proven or reconstructed."""
    return pd.DataFrame(
        {
            "beleg": [badge(evidence) for evidence in "VNR"],
            "zeilen": [
                sum(line.evidence == evidence and line.unit != "Lesart" for line in registry(law).values())
                for evidence in "VNR"
            ],
            "werte": [sum(entry["evidence"] == evidence for entry in entries(law)) for evidence in "VNR"],
        },
        index=list("VNR"),
    )


def open_findings(year: Year) -> Table:
    """What cannot be proven either way and stays as printed."""
    frame = pd.DataFrame(
        [
            (
                _open_place(finding.cell.table, finding.cell.line),
                NAMES.get(finding.cell.land, "Insgesamt"),
                finding.finding,
            )
            for finding in year.open
        ],
        columns=["stelle", "land", "befund"],
    )
    columns = {"stelle": "Stelle", "land": "Land", "befund": "Befund"}
    return table(frame, caption=f"Offene Befunde {year.year}", columns=columns, row_header="stelle")


def _open_place(name: str, line: str) -> str:
    return f"§ {name.removeprefix('paragraf_')}" if name.startswith("paragraf") else place_name(name, line)


def results_frame(settlement: Settlement) -> pd.DataFrame:
    """What each Land pays (minus) or receives as the ordinance fixes it, in total and per head, and as computed."""
    amounts, einwohner = settlement.lines["festgestellter_ausgleich"], settlement.lines["einwohner"]
    return pd.DataFrame(
        {
            "land": CODES,
            "name": [NAMES[code] for code in CODES],
            "betrag": amounts,
            "tausend": amounts / 1e3,
            "nachgerechnet": settlement.lines["ausgleich"] / 1e3,
            "mio": amounts / 1e6,
            "einwohner": einwohner,
            "je_kopf": amounts / einwohner,
        }
    )
