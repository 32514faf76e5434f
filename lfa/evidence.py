"""What the pages on source and proof show: the seal, every erratum with its proof, how well each rule is proven."""

import inspect
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Any

import pandas as pd

from lfa.files import DATA, load_yaml
from lfa.identities import breaches, column_name, row_name, zweite_verordnung
from lfa.lines import Line, registry
from lfa.parameters import entries
from lfa.settlement import LAWS, Settlement, comparison, counted, reproduced, rounded, to_the_last_digit
from lfa.sources import UNNAMED, Cell, Erratum
from lfa.states import CODES, INSGESAMT, NAMES
from lfa.tables import EVIDENCE, Table, number, table
from lfa.years import FIXED, FIXED_TABLES, Year, half_unit, scale

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
PLACES = {
    "anlage1": "",
    "einwohner": "Anlage zu § 9: ",
    "realsteuerkraft": "Anlage zu § 8: ",
    "anlage3": "Anlage 3, ",
}
"""What stands before a place where the table is not clear from the page; a Zeile is always one of Anlage 1."""
FIXED_BY_ORDINANCE = {key: FIXED_TABLES[fixed] for key, fixed in FIXED.items()} | {
    "umsatzsteuer_laenderanteil": FIXED_TABLES["umsatzsteueranteil"]
}
"""Inputs that the ordinance fixes in §§ 1 to 3; the registry names the lines that they repeat as printed there."""
SECOND_TOTAL = "Summe der Minusbeträge"
SHOWN_PROOFS = 2
HELPER = "Hilfsfunktion"
UNFOLDED = 30
"""Tables with fewer errata are shown unfolded."""


def seal(settlement: Settlement) -> Table:
    """How many official figures of the year are reproduced, computed here and now."""
    figures = comparison(settlement)
    results, found, exact = counted(figures), reproduced(figures), len(to_the_last_digit(figures))
    deviating = sum(figure.kind == "deviating" for figure in results)
    head = f"{number(len(found))} von {number(len(results))}"
    text = f"amtlichen Zahlen des Jahres {settlement.year.year} nachgerechnet"
    rest = (
        f"davon {number(exact)} in jeder gedruckten Stelle gleich, "
        "die übrigen im Rahmen der Rundung oder nach Berichtigung; "
        f"{number(len(results) - len(found) - deviating)} offen, {number(deviating)} abweichend"
    )
    html = f'<div class="lfa-siegel"><p><strong>{escape(head)}</strong> {escape(text)}</p><p>{escape(rest)}</p></div>'
    return Table(html, f"{head} {text} ({rest})")


def proof_links(year: Year) -> dict[Cell, str]:
    """Where the page on the source proves a corrected figure, by cell."""
    return {erratum.cell: f"quelle.html#e-{erratum.group}" for erratum in year.errata if erratum.corrected is not None}


def place_name(name: str, line: str) -> str:
    """Where a figure stands, in words."""
    if name == "anlage1":
        return f"Zeile {line}" if line.isdigit() else "Überschrift „Korrektur § 10 IV 2 a“"
    if line == "einwohner_berlin_west":
        return "Einwohner von Berlin (West)"
    if name == "anlage3":
        column = line.removeprefix("spalte_").removesuffix("_minus").replace("_wiederholt", " (wiederholt)")
        return f"Sp. {column}" + (f", {SECOND_TOTAL}" if line.endswith("_minus") else "")
    if name == "realsteuerkraft":
        return column_name(line)
    if line == "gewertete_einwohner_vh":
        return "gewertete Einwohnerzahl in v.H."
    return row_name(line.removesuffix(UNNAMED)) + (" (Spalte ohne Kopf)" if line.endswith(UNNAMED) else "")


def open_last_digits(year: Year) -> dict[Cell, list[Decimal]]:
    """Corrected figures whose last digit rounding leaves open, with the neighbours that satisfy all identities, too.

    Only figures of which the source shows nothing: where it shows one, what was read decides between neighbours.
    """
    rules = zweite_verordnung(year.parameters)
    before = breaches(year.figures, rules)
    read: dict[str, set[Decimal | None]] = {}
    for erratum in year.errata:
        read.setdefault(erratum.group, set()).add(year.printed.get(erratum.cell))
    found = {}
    for erratum in year.errata:
        if erratum.corrected is None or erratum.kind not in ("dropped", "shifted"):
            continue
        if erratum.corrected in read[erratum.group]:
            continue
        unit = Decimal(1).scaleb(int(erratum.corrected.as_tuple().exponent))
        neighbours = (erratum.corrected - unit, erratum.corrected + unit)
        found[erratum.cell] = [
            value for value in neighbours if breaches({**year.figures, erratum.cell: value}, rules) == before
        ]
    return {cell: neighbours for cell, neighbours in found.items() if neighbours}


def errata_table(year: Year, name: str) -> Table:
    """Every erratum of one table of the source: where, printed, correct, what happened, which identities prove it.

    Each group has an anchor (``e-001``) to which corrected cells elsewhere lead.
    """
    texts = {rule.name: rule.text for rule in zweite_verordnung(year.parameters)}
    errata = [erratum for erratum in year.errata if erratum.cell.table == name]
    groups: dict[str, list[Erratum]] = {}
    for erratum in errata:
        groups.setdefault(erratum.group, []).append(erratum)
    loose = open_last_digits(year)
    rows = "".join(_group_rows(group, members, texts, loose) for group, members in groups.items())
    caption = f"{TABLES[name]}: {number(len(errata))} berichtigte Stellen"
    heads = ("Stelle", "Land", "gelesen", "berichtigt", "was geschah")
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    html = (
        f'<details class="lfa-klappe"{" open" if len(errata) < UNFOLDED else ""}><summary>{escape(caption)}</summary>'
        f'<div class="lfa-table" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f'<caption class="lfa-unsichtbar">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )
    return Table(html, caption)


def _group_rows(
    group: str, members: list[Erratum], texts: Mapping[str, str], loose: Mapping[Cell, Sequence[Decimal]]
) -> str:
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
    also = [german(value) for erratum in members for value in loose.get(erratum.cell, ())]
    if also:
        shown += f". Die letzte Stelle lässt die Rundung offen: Auch {' und '.join(also)} erfüllt alle Regeln"
    rows.append(f'<tr class="lfa-beweis"><td colspan="5">Sonst verletzt: {escape(shown)}</td></tr>')
    return "".join(rows)


def corrected_text(erratum: Erratum) -> str:
    """The corrected figure in German print, empty for a figure that should not be there."""
    return "" if erratum.corrected is None else german(erratum.corrected)


def german(value: Decimal) -> str:
    """A figure in German print, with the decimals it has."""
    return number(value, max(0, -int(value.as_tuple().exponent)))


def identity_counts(year: Year) -> pd.DataFrame:
    """How many identities and single statements fail in the source as printed, and after the errata."""
    rules = zweite_verordnung(year.parameters)
    before, after = breaches(year.printed, rules), breaches(year.figures, rules)
    return pd.DataFrame(
        {
            "stand": ["wie gelesen", "nach den Berichtigungen"],
            "regeln": [len(rules)] * 2,
            "verletzt": [len({breach.identity for breach in found}) for found in (before, after)],
            "stellen": [len(found) for found in (before, after)],
        }
    )


def rules_by_evidence(year: Year, evidence: str) -> pd.DataFrame:
    """Rules and values of the year's law that carry one kind of evidence: paragraph, what, and the rule or value.

    Figures that are only read from the source, and readings for other cases, are told apart.
    """
    rules = [
        (line.paragraph, line.label, line.formula)
        for line in registry(year.law).values()
        if line.evidence == evidence and line.stage != "quelle" and line.unit != "Lesart"
    ]
    values = []
    for entry in entries(year.law):
        if entry["evidence"] == evidence and entry["name"] in year.parameters:
            what, paragraph = entry["description"].removesuffix(")").rsplit(" (", 1)
            version = max((day, version) for day, version in entry["values"].items() if day <= f"{year.year}-12-31")[1]
            values.append((paragraph, what, _noted(_value(year, entry), version.get("note", ""))))
    statements = load_yaml(DATA / "readings" / f"{year.law}.yaml", "readings") if evidence == "R" else []
    rows = [*rules, *values, *((entry["paragraph"], entry["text"], "") for entry in statements)]
    return pd.DataFrame(rows, columns=["paragraph", "was", "regel"])


def _noted(value: str, note: str) -> str:
    """A value and the sentence that explains it."""
    return f"{value.removesuffix('.')}. {note}" if value and note else value or note


def _value(year: Year, entry: dict[str, Any]) -> str:
    """A statutory value in German; nothing for lists and values by Land, which tables of their own show."""
    value = year.parameters[entry["name"]]
    if not isinstance(value, Fraction):
        return ""
    if entry["unit"] == "ja/nein":
        return "ja" if value else "nein"
    if entry["unit"] in ("DM", "EUR"):
        return f"{number(value, 2)} €"
    percent = 100 * value if entry["unit"] == "Anteil" else value
    text = number(percent, 4)
    return f"{text.rstrip('0').rstrip(',')} v.H."


def readings(settlement: Settlement) -> pd.DataFrame:
    """The reconstructed readings of the law, and for which Länder they bind in this year."""
    lines = (line for line in registry(settlement.year.law).values() if line.unit == "Lesart")
    return pd.DataFrame(
        [
            (
                line.paragraph,
                line.label,
                _bound(settlement.readings.get(line.key, ())),
            )
            for line in lines
        ],
        columns=["paragraph", "auslegung", "greift"],
    )


def reconstructed(year: Year) -> pd.DataFrame:
    """All that is reconstructed about the year's law, readings for other cases included: paragraph, was, regel."""
    known = rules_by_evidence(year, "R")
    lines = (line for line in registry(year.law).values() if line.unit == "Lesart")
    # A reading that a parameter can switch stands there already, with its value.
    more = [(line.paragraph, line.label, "") for line in lines if line.label.removesuffix(".") not in set(known["was"])]
    both = pd.concat([known, pd.DataFrame(more, columns=list(known))], ignore_index=True)
    return both.sort_values("paragraph", key=lambda column: column.map(_paragraph))


def evidence_counts(year: Year) -> pd.DataFrame:
    """How many rules and statutory values of the year's law are verbatim, proven or reconstructed."""
    rows = [
        (
            EVIDENCE[evidence],
            sum(
                line.evidence == evidence and line.stage != "quelle" and line.unit != "Lesart"
                for line in registry(year.law).values()
            ),
            sum(entry["evidence"] == evidence and entry["name"] in year.parameters for entry in entries(year.law)),
        )
        for evidence in "VNR"
    ]
    return pd.DataFrame(rows, columns=["beleg", "regeln", "werte"], index=list("VNR"))


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
    if name in ("vorblatt", "begruendung"):
        return {"vorblatt": "Vorblatt", "begruendung": "Begründung"}[name]
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


def _bound(laender: tuple[str, ...]) -> str:
    if len(laender) == len(CODES):
        return "alle Länder"
    return ", ".join(NAMES[code] for code in laender) or "nein"


def differences(settlement: Settlement) -> pd.DataFrame:
    """Every official figure that the computation does not meet to the last printed digit, with the cause.

    Amounts in the unit of the print (``scale`` of the table): printed, and computed after rounding; the difference in
    units of the last printed digit. Inputs and reprints do not count.
    """
    year = settlement.year
    lines = registry(year.law)
    rows = []
    for figure in counted(comparison(settlement)):
        if figure.exact and figure.kind != "open":
            continue
        line = lines[figure.quantity]
        place = next(
            place
            for place in line.printed
            if (place.table, place.line) == (figure.table, figure.line.removesuffix("_minus"))
        )
        factor = abs(scale(line, place))
        half = half_unit(line, place, year.figures, figure.land)
        computed, printed = rounded(figure.computed, half), rounded(figure.official, half)
        units = Fraction(computed - printed) / (2 * half)
        cause = "offener Befund" if figure.kind == "open" else "Rundung der gedruckten Ausgangszahlen"
        rows.append((*figure[:3], f"{printed / factor:f}", f"{computed / factor:f}", str(units), cause))
    return pd.DataFrame(rows, columns=["table", "line", "land", "printed", "computed", "units", "cause"])


def differences_table(settlement: Settlement, rows: pd.DataFrame, caption: str, unit: str, **options: Any) -> Table:
    """Rows of ``differences`` with their place in words (``stelle``) and difference (``einheiten``), as printed."""
    places = {Cell(row.table, row.line, row.land): row.stelle for row in rows.itertuples()}
    links = proof_links(settlement.year).items()
    proofs = {(places[cell], "printed"): page for cell, page in links if cell in places}
    by_line = rows.sort_values("line", key=lambda lines: lines.str.zfill(9), kind="stable")
    return table(
        by_line.astype({"printed": float, "computed": float}),
        caption=f"{caption}, {settlement.year.year}",
        columns={"stelle": "Stelle", "einheiten": "Unterschied", "printed": "gedruckt", "computed": "gerechnet"},
        units={"printed": unit, "computed": unit},
        sign=["einheiten"],
        marks=proofs,
        row_header="stelle",
        **options,
    )


def sources() -> pd.DataFrame:
    """Every source of the data, with its date, publisher and files in a reader's words."""
    frame = pd.DataFrame(load_yaml(DATA / "sources.yaml", "sources"))
    names = [", ".join(file.rpartition("/")[2].partition(".")[0] for file in files) for files in frame.files]
    return frame.assign(
        stand=[".".join(part.lstrip("0") for part in reversed(date.split("-"))) for date in frame.date],
        herausgeber=frame.publisher.str.partition(";")[0],
        dateien=names,
    )


def law_source(law: str) -> list[tuple[str, str, str]]:
    """Each rule of a law in the order of its paragraphs: paragraph, what it is, and the source text of its function.

    Rules that it takes from another law stand at the place of their paragraph.
    """
    module = LAWS[law]
    used = {rule for _, rules in module.STAGES for rule in rules}
    functions = [function for name, function in vars(module).items() if inspect.isfunction(function)]
    rules = [
        _rule(function)
        for function in functions
        if function.__module__ == module.__name__ and function.__name__ != "settle"
    ]
    for function in functions:
        if function in used and function.__module__ != module.__name__:
            taken = _rule(function)
            later = (place for place, rule in enumerate(rules) if _paragraph(rule[0]) > _paragraph(taken[0]))
            rules.insert(next(later, len(rules)), taken)
    return rules


def _rule(function: Any) -> tuple[str, str, str]:
    first = (inspect.getdoc(function) or function.__name__).splitlines()[0]
    paragraph, *what = re.split(r" FAG \d{4}: ", first, maxsplit=1)
    return (paragraph, what[0], inspect.getsource(function)) if what else (HELPER, first, inspect.getsource(function))


def _paragraph(text: str) -> tuple[int, str, int]:
    """The place of a paragraph in the statute; a helper function has none and stands where its module has it."""
    match = re.match(r"§ (\d+)([a-z]?)(?: Abs\. (\d+))?", text)
    return (int(match[1]), match[2], int(match[3] or 0)) if match else (0, "", 0)


def data_dictionary(law: str) -> pd.DataFrame:
    """Every line of the registry: key, where printed or published, paragraph, label, formula, unit, evidence, kind."""
    return pd.DataFrame(
        [
            (
                line.key,
                _printed_at(line) or line.published,
                line.paragraph,
                line.label,
                line.formula,
                line.unit,
                line.evidence,
                _origin(line),
            )
            for line in registry(law).values()
        ],
        columns=["key", "zeile", "paragraf", "was", "formel", "einheit", "beleg", "art"],
    )


def dictionary_table(law: str, name: str, unfolded: bool) -> Table:
    """The data dictionary of a law, folded open or closed."""
    frame = data_dictionary(law)
    printed = any(line.printed for line in registry(law).values())
    columns = {
        "was": "Was",
        "zeile": "gedruckt in" if printed else "veröffentlicht in",
        "paragraf": "Paragraf",
        "formel": "Rechnung",
        "einheit": "Einheit",
        "beleg": "Beleg",
        "art": "Art",
        "key": "Name im Programm",
    }
    caption = f"{name}: {number(len(frame))} Zeilen"
    inner = table(frame, caption=caption, columns=columns, row_header="was")
    html = (
        f'<details class="lfa-klappe"{" open" if unfolded else ""}><summary>{escape(caption)}</summary>'
        + inner.html.partition("</p>\n")[2]
        + "</details>"
    )
    return Table(html, inner.text)


def _origin(line: Line) -> str:
    """Where the figures of a line come from, in a word."""
    if line.kind == "derived":
        return "abgeleitet"
    return "amtlich" if _printed_at(line) else "Eingabe" if line.published else "gerechnet"


def _printed_at(line: Line) -> str:
    """Where the ordinance prints a line, each place once."""
    places = [(place.table, place.line) for place in line.printed]
    if line.key in FIXED_BY_ORDINANCE:
        places.append((FIXED_BY_ORDINANCE[line.key], ""))
    return "; ".join(dict.fromkeys(PLACES.get(name, "") + _open_place(name, line) for name, line in places))
