"""``data/datapackage.json``: what lies in ``data/``, for programs that read Data Packages (datapackage.org, version 2).

``python -m lfa.datapackage`` writes the file again after a change in ``data/``; a test tells when that is due.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from lfa import koerperschaften
from lfa.console import data_errors_exit_2
from lfa.errors import DataError, Problem
from lfa.files import DATA, read_table, shown
from lfa.results import sources

NAME = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
OURS = "CC BY 4.0"
"""What this project wrote itself: registries, errata, parameters, descriptions."""

LICENCES: Mapping[str, Mapping[str, str]] = {
    OURS: {
        "name": "CC-BY-4.0",
        "title": "Creative Commons Namensnennung 4.0 International",
        "path": "https://creativecommons.org/licenses/by/4.0/",
    },
    "Amtliches Werk (§ 5 UrhG)": {
        "name": "other-pd",
        "title": "Amtliches Werk (§ 5 UrhG)",
        "path": "https://www.gesetze-im-internet.de/urhg/__5.html",
    },
    "gemeinfrei": {
        "name": "other-pd",
        "title": "Gemeinfrei",
        "path": "https://www.naturalearthdata.com/about/terms-of-use/",
    },
    "Tatsachen sind frei; die Datei selbst liegt nicht bei": {"name": "other-pd", "title": "Tatsachen sind frei"},
}
"""Each licence of ``sources.yaml`` in the words of the standard."""

FORMATS = {
    "csv": "text/csv",
    "json": "application/json",
    "txt": "text/plain",
    "yaml": "application/yaml",
}


class Kind(NamedTuple):
    """What the files of one kind are; ``{}`` stands for the first group of the path."""

    path: str
    title: str
    description: str
    schema: str = ""
    """The JSON schema whose rows a CSV file has."""


KINDS = (
    Kind(
        r"(\d{4})/ergebnisse\.csv",
        "Veröffentlichte Ergebnisse {}",
        "Was über das Ausgleichsjahr veröffentlicht ist, eine Zeile je Größe, Land und Quelle.",
        "ergebnisse",
    ),
    Kind(
        r"(\d{4})/eingaben\.csv",
        "Eingaben {}",
        "Wovon das Gesetz im Ausgleichsjahr ausgeht, eine Zeile je Größe und Land; ein leerer Wert fehlt noch.",
        "eingaben",
    ),
    Kind(
        r"(\d{4})/errata\.csv",
        "Bewiesene Berichtigungen {}",
        "Stellen der Quelle, die falsch gelesen oder gedruckt sind, mit der berichtigten Zahl und dem Beweis.",
        "errata",
    ),
    Kind(
        r"(\d{4})/open\.csv",
        "Offene Befunde {}",
        "Stellen der Quelle, an denen sich nicht beweisen lässt, welche Zahl stimmt.",
        "open",
    ),
    Kind(
        r"(\d{4})/abweichungen\.csv",
        "Abweichungen {}",
        "Wo die Rechnung vom amtlichen Druck abweicht, um wie viele Einheiten der letzten Stelle, und warum.",
        "abweichungen",
    ),
    Kind(r"(\d{4})/jahr\.yaml", "Ausgleichsjahr {}", "Recht, Stand und Umfang der Daten des Jahres."),
    Kind(r"(\d{4})/verordnung\.txt", "Zweite Verordnung {}", "Wortlaut und Anlagen, wie sie vorliegen."),
    Kind(r"bw/(\d{4})/bekanntmachung\.txt", "Bekanntmachung Baden-Württemberg {}", "Wortlaut, wie er vorliegt."),
    Kind(
        r"bw/(\d{4})/errata\.csv",
        "Berichtigungen zur Bekanntmachung {}",
        "Stellen der Bekanntmachung, die falsch gelesen sind, mit dem berichtigten Wortlaut und dem Beweis.",
        "bw_errata",
    ),
    Kind(
        r"bw/(\d{4})/muster\.csv",
        "Erfundene Körperschaften {}",
        "Gemeinden und Kreise zum Vorrechnen; die Zahlen sind erfunden oder gerundet. Zeilen mit # erläutern.",
        "koerperschaften",
    ),
    Kind(
        r"bw/schuelerbefoerderung\.csv",
        "Anteile an der Schülerbeförderung",
        "Anteile der Stadt- und Landkreise an der Pauschale nach § 18 FAG Baden-Württemberg.",
        "bw_schuelerbefoerderung",
    ),
    Kind(r"bw/bekanntmachung\.yaml", "Zahlen der Bekanntmachungen", "Wo in einer Bekanntmachung welche Zahl steht."),
    Kind(r"gesetze\.yaml", "Gesetze", "Welches Gesetz für welches Ausgleichsjahr gilt."),
    Kind(r"geschichte\.yaml", "Geschichte", "Was sich seit 1949 am Recht änderte, jede Angabe mit Fundstelle."),
    Kind(r"glossar\.yaml", "Glossar", "Begriffe des Finanzausgleichs, in einfachen Worten erklärt."),
    Kind(r"sources\.yaml", "Quellen", "Jede Quelle mit Titel, Herausgeber, Datum, Fundort und Lizenz."),
    Kind(r"laender\.topo\.json", "Grenzen der Länder", "Die 16 Länder als TopoJSON, vereinfacht."),
    Kind(r"lines/(\w+)\.yaml", "Zeilen: {}", "Jede Zeile der Rechnung: Name, Paragraf, Formel, Einheit, Beleg."),
    Kind(r"parameters/(\w+)\.yaml", "Gesetzliche Werte: {}", "Sätze und Beträge des Gesetzes, nach Geltungsbeginn."),
    Kind(r"readings/(\w+)\.yaml", "Auslegungen: {}", "Was rekonstruiert ist und anders gelesen werden könnte."),
    Kind(r"recht/([\w-]+)\.yaml", "Wortlaut: {}", "Auszüge aus dem Gesetz."),
    Kind(r"schemas/(\w+)\.json", "Schema: {}", "JSON-Schema, dem die Dateien dieser Art genügen."),
)

COLUMNS = {
    "anteil_prozent": "Anteil in Prozent",
    "cause": "Ursache der Abweichung",
    "computed": "gerechnete Zahl, in der Einheit des Drucks",
    "corrected": "berichtigte Angabe; leer: gehört nicht hierher",
    "finding": "der Befund in Worten",
    "group": "Nummer der Berichtigung; was verrutscht ist, hat mehrere Zeilen unter einer Nummer",
    "identity": "Gleichung, die verletzt ist",
    "kind": "Art der Angabe oder der Berichtigung",
    "kreis": "Stadt- oder Landkreis",
    "label": "Bedeutung der Größe",
    "land": "Land, abgekürzt; INSGESAMT für die Summe",
    "line": "Zeile der Quelle: ihre gedruckte Nummer oder ein Kurzname",
    "paragraph": "Paragraf",
    "printed": "Angabe, wie sie in der Quelle steht; leer: fehlt dort",
    "proof": "Gleichungen oder Vergleiche, die die Berichtigung beweisen",
    "published": "wo die Zahl veröffentlicht ist",
    "quantity": "Größe, ein Name aus data/lines",
    "source": "Quelle, eine Kennung aus sources.yaml",
    "status": "endgueltig, vorlaeufig oder gemischt",
    "table": "Tabelle oder Abschnitt der Quelle",
    "unit": "Einheit der Zahl",
    "units": "Abweichung in Einheiten der letzten gedruckten Stelle",
    "value": "die Zahl, mit Dezimalpunkt",
}
"""The columns of every CSV file but those with a row per body, whose columns are quantities of the registry."""

DIFFERENCES = {"table": {}, "line": {}, "land": {}, "printed": {"type": "number"}, "computed": {"type": "number"}}
WITHOUT_JSON_SCHEMA: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "abweichungen": {**DIFFERENCES, "units": {"type": "integer"}, "cause": {}},
}
"""Columns of files that only a test reads."""


def package(folder: Path = DATA) -> dict[str, Any]:
    """Describe every file of the folder. Raises DataError for a file of no known kind."""
    paths = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    paths = [path for path in paths if path != NAME and not any(part.startswith(".") for part in path.split("/"))]
    if unknown := [path for path in paths if not _kinds(path)]:
        expected = "a kind of file that lfa/datapackage.py describes"
        raise DataError(Problem(shown(folder / path), found="an unknown file", expected=expected) for path in unknown)
    return {
        "$schema": PROFILE,
        "name": "laenderfinanzausgleich",
        "title": "Länderfinanzausgleich: Daten",
        "description": "Quellen, Ergebnisse, gesetzliche Werte und Register, aus denen das Buch rechnet.",
        "version": version("lfa"),
        "licenses": [LICENCES[OURS]],
        "contributors": [{"title": "The contributors of the Länderfinanzausgleich book", "roles": ["creator"]}],
        "keywords": ["Länderfinanzausgleich", "Finanzausgleich", "öffentliche Finanzen", "fiscal equalisation"],
        "resources": [_resource(folder, path) for path in paths],
    }


def _kinds(path: str) -> list[tuple[Kind, re.Match[str]]]:
    return [(kind, match) for kind in KINDS if (match := re.fullmatch(kind.path, path))]


def _resource(folder: Path, path: str) -> dict[str, Any]:
    kind, match = _kinds(path)[0]
    form = path.rpartition(".")[2]
    from_sources = [entry for entry in sources().values() if path in entry["files"]]
    licences = dict.fromkeys(entry["licence"] for entry in from_sources) or {OURS: None}
    result: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9]+", "-", path.lower()),
        "path": path,
        "title": kind.title.format(*match.groups()),
        "description": kind.description,
        "format": "topojson" if path.endswith(".topo.json") else form,
        "mediatype": FORMATS[form],
        "encoding": "utf-8",
        "licenses": [LICENCES[licence] for licence in licences],
    }
    if from_sources:
        result["sources"] = [_source(entry) for entry in from_sources]
    if form == "csv":
        result["type"] = "table"
        result["$schema"] = "https://datapackage.org/profiles/2.0/dataresource.json"
        if kind.schema == "koerperschaften":
            result["dialect"] = {"commentChar": "#"}
            fields: Iterable[dict[str, Any]] = map(_quantity, read_table(folder / path)[0])
        else:
            fields = (_field(name, rules) for name, rules in _rules(kind.schema).items())
        result["schema"] = {"fields": list(fields)}
    return result


def _source(entry: Mapping[str, Any]) -> dict[str, str]:
    where = entry.get("where", "")
    known = {
        "title": f"{entry['title']} ({entry['publisher']}, {entry['date']})",
        ("path" if re.fullmatch(r"https?://\S+", where) else "where"): where,
        "note": entry.get("note", ""),
    }
    return {key: text for key, text in known.items() if text}


def _rules(schema: str) -> Mapping[str, Mapping[str, Any]]:
    """The columns of a CSV file by name, each with what its JSON schema asks for."""
    if schema in WITHOUT_JSON_SCHEMA:
        return WITHOUT_JSON_SCHEMA[schema]
    content = json.loads((DATA / "schemas" / f"{schema}.json").read_text(encoding="utf-8"))
    columns: dict[str, Mapping[str, Any]] = content["items"]["properties"]
    return columns


def _field(name: str, rules: Mapping[str, Any]) -> dict[str, Any]:
    pattern = rules.get("pattern")
    kind = rules.get("type", "string")
    if pattern and not re.search(pattern, "a"):
        # As JSON schema knows it, every field is text. A figure as printed, 1.500.000, stays that.
        if re.search(pattern, "1.500") and not re.search(pattern, "1.500.000"):
            kind = "number"
        elif re.search(pattern, "15") and re.search(pattern, "1500") and not re.search(pattern, "1.500.000"):
            kind = "integer"
    empty = "enum" not in rules and not rules.get("minLength") and (pattern is None or bool(re.search(pattern, "")))
    constraints = {
        **({} if empty else {"required": True}),
        **({"enum": rules["enum"]} if "enum" in rules else {}),
        **({"pattern": pattern} if pattern and kind == "string" else {}),
        **({"minLength": rules["minLength"]} if "minLength" in rules else {}),
    }
    field = {"name": name, "type": kind, "description": COLUMNS[name]}
    return field | ({"constraints": constraints} if constraints else {})


def _quantity(key: str) -> dict[str, Any]:
    if key == koerperschaften.NAME:
        return {
            "name": key,
            "type": "string",
            "description": "Name der Körperschaft",
            "constraints": {"required": True},
        }
    if key == koerperschaften.KIND:
        kinds = " ".join(koerperschaften.KINDS)
        return {"name": key, "type": "string", "description": f"Art, mit Leerzeichen verbunden: {kinds}"}
    quantity = koerperschaften.registry()[key]
    return {"name": key, "type": "number", "title": quantity.label, "description": f"{quantity.label}, {quantity.unit}"}


def text(content: Mapping[str, Any]) -> str:
    """The package as the file has it."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


@data_errors_exit_2
def main() -> None:
    """Write ``data/datapackage.json`` where it would change."""
    new = text(package())
    path = DATA / NAME
    if not path.exists() or path.read_text(encoding="utf-8") != new:
        path.write_text(new, encoding="utf-8")
        print(shown(path), file=sys.stderr)


if __name__ == "__main__":
    main()
