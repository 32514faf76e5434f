"""What the page „Selbst rechnen“ needs: bases, parameters, fields and rules for ``lfa.scenario``, as JSON.

``bundle`` is one classic script with the files of the law as they are in the package, so that the page works from a
folder without any server.
"""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from lfa import bekanntmachung, koerperschaften
from lfa.law import fag_bw
from lfa.law.arrays_lists import Vector
from lfa.lines import registry
from lfa.parameters import as_floats, as_vectors
from lfa.reconstruction import reconstruct
from lfa.results import preferred
from lfa.settlement import LAWS, settle
from lfa.states import CODES, LAENDER
from lfa.versions import BEZ, LAW_STAGES, OWN, UST, VERSIONS, Version, inputs_under, start
from lfa.years import readable

PACKAGE = Path(__file__).parent
RECHNER = PACKAGE.parent / "book" / "_ext" / "rechner"
MICROPYTHON = RECHNER / "micropython"
PYTHON = ("scenario.py", *(f"law/{name}.py" for name in ("arrays", "arrays_lists", "stages", *LAWS, "fag_bw")))
"""The files that run in the browser, as they are."""
OFFICIAL, EQUAL = "2003", "gleich"
IDS = dict(zip(("1993", "2005", "2020", "2026"), VERSIONS, strict=True))
"""How the address of the page names the versions."""
STADTSTAATEN = [place for place, land in enumerate(LAENDER) if land.stadtstaat]
NO_LIMIT = 1e9
FROM_FINANZKRAFT = ("einwohner", "finanzkraft", "ausgleichsmesszahl", "tarif", "belastungsobergrenze", "bez")
"""Stages that a year which is worked back allows."""

# --- What may be changed ----------------------------------------------------------------------------------------------


class Field(NamedTuple):
    """What may be changed for a Land: its name, unit, and how many of the law's units one of it is."""

    key: str
    label: str
    unit: str
    scale: float


FIELDS = (
    Field("steuern", "Steuern des Landes", "Mio. €", 1e6),
    Field("gemeinden", "Steuern der Gemeinden", "Mio. €", 1e6),
    Field("einwohner", "Einwohner", "Tsd.", 1e3),
    Field("foerderabgabe", "Förderabgabe", "Mio. €", 1e6),
)


class Rule(NamedTuple):
    """What may be changed in a law: parameters with the part of the value they take, or a switch with its other end."""

    key: str
    label: str
    unit: str
    targets: Mapping[str, float]
    lowest: float = 0
    highest: float = 100
    stadtstaaten: bool = False
    switch: bool = False


def _percent(key: str, label: str, highest: float = 100) -> Rule:
    return Rule(key, label, "%", {key: 0.01}, highest=highest)


WEIGHT = "Gewicht der Menschen in Stadtstaaten"
COUNTED = "Steuern der Gemeinden zählen mit"
SINCE_2005 = (
    _percent("gemeindesteuern_anrechnung", COUNTED),
    Rule(
        "stadtstaaten",
        WEIGHT,
        "%",
        {"einwohnerwertung_laendersteuern": 1, "einwohnerwertung_gemeindesteuern": 1},
        lowest=50,
        highest=300,
        stadtstaaten=True,
    ),
)
BEZ_RULES = (
    _percent("bez_auffuellung", "Allgemeine BEZ füllen auf bis"),
    _percent("bez_anteil", "Teil der Lücke, den der Bund füllt"),
)
RULES: Mapping[str, Sequence[Rule]] = {
    "fag1993": (
        _percent("gemeindesteuern_anrechnung", COUNTED),
        Rule(
            "stadtstaaten",
            WEIGHT + " (Ländersteuern)",
            "%",
            {"einwohnerwertung_laendersteuern": 1},
            lowest=50,
            highest=300,
            stadtstaaten=True,
        ),
        _percent("zuweisung_auffuellung_ab", "Volle Auffüllung bis"),
        _percent("zuweisung_oben", "Auffüllung darüber"),
        _percent("beitrag_zone_1", "Gewicht des Überschusses bis 101 %"),
        _percent("beitrag_zone_2", "Gewicht des Überschusses bis 110 %"),
        _percent("beitrag_zone_3", "Gewicht des Überschusses darüber"),
        Rule(
            "garantien",
            "Garantien und Belastungsobergrenze (§ 10 Abs. 3 und 4)",
            "",
            {
                "garantie_empfaenger_ausgleich": 0,
                "garantie_zahler_ausgleich": 0,
                "obergrenze_zone_1": NO_LIMIT,
                "obergrenze_darueber": NO_LIMIT,
            },
            switch=True,
        ),
    ),
    "fag2005": (
        *SINCE_2005,
        Rule("tarif_grenze_nr_2", "Mittlere Zone des Tarifs ab einer Abweichung von", "%", {"tarif_grenze_nr_2": 0.01}),
        Rule("tarif_grenze_nr_1", "Oberste Zone des Tarifs ab einer Abweichung von", "%", {"tarif_grenze_nr_1": 0.01}),
        *BEZ_RULES,
        Rule("garantien", "Grenze für Beiträge (§ 10 Abs. 3)", "", {"beitrag_hoechstens": NO_LIMIT}, switch=True),
    ),
    "fag2020": (
        _percent("ausgleichssatz", "Teil des Fehlbetrags oder Überschusses, der ausgeglichen wird"),
        *SINCE_2005,
        _percent("foerderabgabe_anrechnung", "Förderabgabe zählt mit"),
        *BEZ_RULES,
    ),
}
SPECIAL = Rule(
    "sonderregel_betrag", "Betrag der Sonderregel (§ 10)", "Mio. €", {"sonderregel_betrag": 1e6}, highest=5000
)
"""Only of the years 2026 to 2029."""


def rules_of(version: Version) -> Sequence[Rule]:
    """What may be changed in a version of a law."""
    rules = RULES[version.law]
    return (*rules, SPECIAL) if version.parameters.get("sonderregel_betrag") else rules


class Preset(NamedTuple):
    """A scenario that teaches something, as the address of the page holds it."""

    label: str
    versions: Sequence[str]
    """Ids of the versions it is about; all if none is named."""
    changes: Mapping[str, str]


PRESETS = (
    Preset("Bayern nimmt eine Milliarde mehr ein", [], {"BY.steuern": "1000"}),
    Preset("Stadtstaaten zählen wie alle anderen", [], {"r.stadtstaaten": "100"}),
    Preset("Steuern der Gemeinden zählen ganz", [], {"r.gemeindesteuern_anrechnung": "100"}),
    Preset("Ohne Garantien und Grenzen", ["1993"], {"r.garantien": "0"}),
    Preset("Bremen verdoppelt seine Einwohner", [], {"HB.einwohner": "+100%"}),
)

# --- Bases ------------------------------------------------------------------------------------------------------------


def _known() -> tuple[dict[str, Any], Any]:
    return start(settle(int(OFFICIAL)), exactly=False)


def _classes(known: Mapping[str, Any]) -> list[str]:
    """Inputs of the FAG 1993 that count people or Gemeinden by size; they grow with the inhabitants."""
    return [key for key in known if key.startswith(("gemeinden_", "einwohner_", "dichte_")) and np.size(known[key]) > 1]


def _fields(law: str, known: Mapping[str, Any]) -> dict[str, list[tuple[str, Any]]]:
    """Which inputs each field changes, and by how much of the amount or in proportion to which other input."""
    if law == "fag1993":
        people: list[tuple[str, Any]] = [(key, "einwohner") for key in _classes(known)]
    else:
        people = [("festgestellte_einwohner", 1), ("einwohner_vorjahr", 1)]
    own = [(OWN[law], 1), *([] if law == "fag1993" else [("steuereinnahmen_vorjahr", 1)])]
    return {
        "steuern": own,
        "gemeinden": [("gemeindeanteil_einkommensteuer", 1)],
        "einwohner": people,
        "foerderabgabe": [("foerderabgabe", 1)],
    }


def _from_2003(version: Version, equal: bool) -> dict[str, Any]:
    """The inputs of 2003 as the version asks for them; or the same total, the same for each of 16 Länder."""
    known, einwohner = _known()
    if equal:
        known = {key: np.full(16, value.mean()) if np.size(value) > 1 else value for key, value in known.items()}
        einwohner = np.full(16, einwohner.mean())
    inputs = inputs_under(version.law, known, einwohner)
    wanted = _asked(version, {**inputs, "einwohner": einwohner})
    bez = () if version.law == "fag1993" else (BEZ,)
    taxes = inputs["gemeindeanteil_einkommensteuer"]
    return {
        "name": "16 gleiche Länder" if equal else f"{OFFICIAL}, amtliche Zahlen",
        "art": "erfunden" if equal else "amtlich",
        "eingaben": wanted,
        "stufen": LAW_STAGES[version.law],
        "felder": _fields(version.law, known),
        "bleibt": [UST[version.law], "ausgleich", *bez],
        "ohneRegeln": [],
        "bestand": {
            "steuern": inputs[OWN[version.law]],
            "gemeinden": taxes,
            "einwohner": einwohner,
            "foerderabgabe": inputs["foerderabgabe"],
        },
    }


def _asked(version: Version, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that the stages read, and the inhabitants."""
    wanted = {key: value for key, value in inputs.items() if key != "einwohner"}
    for key in sorted(wanted):
        left = {other: value for other, value in wanted.items() if other != key}
        try:
            LAWS[version.law].settle(left, as_floats(version.parameters), LAW_STAGES[version.law])
        except KeyError:
            continue
        wanted = left
    return {**wanted, "einwohner": inputs["einwohner"]}


@cache
def _worked_back() -> dict[int, dict[str, Any]]:
    """By year the Finanzkraft that follows from published results, split as the average is assumed to be."""
    result = {}
    for year in readable()[0]:
        if "rekonstruktion" not in year.stages:
            continue
        found = reconstruct(year).lines
        values = as_floats(year.parameters)
        people = np.array([float(preferred(year.results)["einwohner"][code].value) for code in CODES])
        weighted = np.stack(
            [people * values[f"einwohnerwertung_{kind}"] / 100 for kind in ("laendersteuern", "gemeindesteuern")]
        )
        averages = np.linalg.lstsq(weighted.T, found["ausgleichsmesszahl"], rcond=None)[0]
        part = averages[0] * weighted[0].sum() / found["finanzkraftmesszahl"].sum()
        result[year.year] = {
            "einwohner": people,
            "laendersteuern": part * found["finanzkraftmesszahl"],
            "gemeindesteuern": (1 - part) * found["finanzkraftmesszahl"],
            "anrechnung": values["gemeindesteuern_anrechnung"],
            "foerderabgabe": values.get("foerderabgabe_anrechnung", 1.0),
        }
    return result


def _from_results(version: Version, jahr: int) -> dict[str, Any]:
    """A base from the Finanzkraft of a year that is worked back: the law from the Ausgleichsmesszahl on."""
    known = _worked_back()[jahr]
    nothing = np.zeros(16)
    inputs = {
        "festgestellte_einwohner": known["einwohner"],
        "zensus_unterschied": nothing,
        "laendersteuern": known["laendersteuern"],
        "gemeindesteuern": known["gemeindesteuern"],
    }
    if version.law == "fag2020":
        # Neither is known, and neither moves the Ausgleich or the allgemeine BEZ.
        kraft = known["laendersteuern"] + known["gemeindesteuern"]
        inputs |= {
            "umsatzsteuer_nach_einwohnern": kraft,
            "gemeindesteuern_ungekuerzt": nothing,
            "forschungsnettozufluss": nothing,
        }
    return {
        "name": f"{jahr}, zurückgerechnet",
        "art": "zurückgerechnet",
        "eingaben": inputs,
        "stufen": [stage for stage, _ in LAWS[version.law].STAGES if stage in FROM_FINANZKRAFT],
        "felder": {
            "steuern": [("laendersteuern", 1)],
            "gemeinden": [("gemeindesteuern", known["anrechnung"])],
            "einwohner": [("festgestellte_einwohner", 1)],
            "foerderabgabe": [("laendersteuern", known["foerderabgabe"])],
        },
        "bleibt": ["ausgleich", BEZ],
        "ohneRegeln": ["gemeindesteuern_anrechnung", "foerderabgabe_anrechnung"],
        "bestand": {
            "steuern": known["laendersteuern"],
            "gemeinden": known["gemeindesteuern"] / known["anrechnung"],
            "einwohner": known["einwohner"],
            "foerderabgabe": nothing,
        },
    }


UNKNOWN_THERE = (
    "umsatzsteueranteil",
    "aufzubringen",
    "sonderbedarfs_bez_teilungslasten",
    "bez_gemeindesteuerkraft",
    "bez_forschungsfoerderung",
    "bez",
)
"""Lines that a year which is worked back cannot tell."""


def bases(version: Version, worked_back: bool = True) -> dict[str, dict[str, Any]]:
    """Every base of a version by its name in the address; without years worked back, no year but 2003 is read."""
    result = {OFFICIAL: _from_2003(version, equal=False), EQUAL: _from_2003(version, equal=True)}
    if worked_back and version.law != "fag1993":
        result |= {str(jahr): _from_results(version, jahr) for jahr in _worked_back()}
    values = as_floats(version.parameters)
    for base in result.values():
        lines = LAWS[version.law].settle(base["eingaben"], values, base["stufen"])
        estimated = base["art"] == "zurückgerechnet"
        base["lesarten"] = [
            key for key, line in registry(version.law).items() if line.unit == "Lesart" and key in lines
        ]
        base["zeilen"] = [
            key
            for key, line in registry(version.law).items()
            if key in lines and np.shape(lines[key]) == (16,) and line.unit != "Lesart" and line.stage != "quelle"
            if not (estimated and (key in UNKNOWN_THERE or key in base["eingaben"]))
        ]
    return result


# --- Everything as JSON -----------------------------------------------------------------------------------------------


def _rule(rule: Rule, values: Mapping[str, Any]) -> dict[str, Any]:
    if rule.switch:
        targets = [{"parameter": name, "aus": other} for name, other in rule.targets.items()]
        return {"name": rule.label, "schalter": True, "wert": 1, "ziele": targets}
    chosen = {"laender": STADTSTAATEN} if rule.stadtstaaten else {}
    targets = [{"parameter": name, "mal": part, **chosen} for name, part in rule.targets.items()]
    name, part = next(iter(rule.targets.items()))
    value = values[name]
    value = list(value)[STADTSTAATEN[0]] if rule.stadtstaaten else value
    return {
        "name": rule.label,
        "einheit": rule.unit,
        "von": rule.lowest,
        "bis": rule.highest,
        "wert": round(value / part, 6),
        "ziele": targets,
    }


def version_data(version: Version, worked_back: bool = True) -> dict[str, Any]:
    """One version of a law: module, parameters, bases, rules, and what its lines are."""
    values = as_vectors(version.parameters, float)
    found = bases(version, worked_back)
    shown = dict.fromkeys(key for base in found.values() for key in (*base["zeilen"], *base["lesarten"]))
    lines = registry(version.law)
    return {
        "name": version.name,
        "modul": version.law,
        "parameter": values,
        "basen": found,
        "regeln": {rule.key: _rule(rule, values) for rule in rules_of(version)},
        "zeilen": {
            key: {
                "name": lines[key].label,
                "stufe": lines[key].stage,
                "paragraf": lines[key].paragraph,
                "einheit": lines[key].unit,
                "beleg": lines[key].evidence,
            }
            for key in shown
        },
    }


def data(worked_back: bool = True) -> dict[str, Any]:
    """All that the page knows, ready for JSON; on request without the years that are worked back."""
    result: dict[str, Any] = encoded(
        {
            "laender": [
                {"kuerzel": land.code, "name": land.name, "ort": land.tile, "stadtstaat": land.stadtstaat}
                for land in LAENDER
            ],
            "felder": [
                {"key": field.key, "name": field.label, "einheit": field.unit, "mal": field.scale} for field in FIELDS
            ],
            "fassungen": {name: version_data(version, worked_back) for name, version in IDS.items()},
            "vorgaben": [
                {"name": preset.label, "fassungen": preset.versions, "aenderungen": preset.changes}
                for preset in PRESETS
            ],
        }
    )
    return result


# --- A Gemeinde of Baden-Württemberg ----------------------------------------------------------------------------------

STEPS = (
    *("steuerkraftmesszahl", "kopfbetrag", "bedarfsmesszahl_a", "bedarfsmesszahl_b", "bedarfsmesszahl"),
    *("steuerkraft_in_vh", "schluesselzahl", "luecke_zum_sockel", "schluesselzuweisung", "steuerkraftsumme"),
    *("steuerkraftsumme_in_vh", "umlagesatz"),
)
"""The lines between what a Gemeinde gives and what it gets, in the order of the computation."""
GEMEINDE = ("gemeinde",)


def gemeinde_data() -> dict[str, Any]:
    """All that the page of a Gemeinde knows, ready for JSON: by year its fields, parameters, items and open points."""
    result: dict[str, Any] = encoded({"jahre": {str(year): _gemeinde(year) for year in bekanntmachung.years()}})
    return result


def _gemeinde(year: int) -> dict[str, Any]:
    body = next(body for body in koerperschaften.invented(year).values() if GEMEINDE[0] in body.kinds)
    fields = [field for field in koerperschaften.needed(year, GEMEINDE) if field.key not in fag_bw.TEILZAHLUNGEN]
    (settled,) = koerperschaften.settle(year, [body._replace(kinds=GEMEINDE)])
    return {
        "muster": body.name,
        "parameter": as_vectors(koerperschaften.exact_values(year), float),
        "land": [field.key for field in fields if field.land],
        "felder": [{**_line(field), **_limits(field), "wert": body.inputs[field.key]} for field in fields],
        "schritte": [_line(koerperschaften.registry()[key]) for key in STEPS if key in settled.lines],
        "posten": [
            {**_line(quantity), **_product(year, quantity), "zahlt": quantity.paid_by_the_body}
            for quantity in koerperschaften.registry().values()
            if quantity.key in settled.lines and quantity.product(GEMEINDE)
        ],
        "lesarten": [
            {"key": point.name, "frage": point.description, "wert": point.taken}
            for point in koerperschaften.open_points(year)
            if _matters(year, point)
        ],
    }


def _line(quantity: koerperschaften.Quantity) -> dict[str, Any]:
    return {
        "key": quantity.key,
        "name": quantity.label,
        "paragraf": quantity.paragraph,
        "einheit": quantity.unit,
        "beleg": quantity.evidence,
    }


def _limits(field: koerperschaften.Quantity) -> dict[str, Any]:
    highest = field.maximum or koerperschaften.LARGEST
    return {"ganz": field.whole, "von": field.minimum, "bis": highest}


def _product(year: int, quantity: koerperschaften.Quantity) -> dict[str, str]:
    basis, rate = quantity.product(GEMEINDE)
    return {
        "basis": basis,
        "basiseinheit": koerperschaften.registry()[basis].unit,
        "satz": rate,
        "satzeinheit": koerperschaften.rate_units(year)[rate],
    }


def _matters(year: int, point: koerperschaften.Reading) -> bool:
    """Whether the rules of a Gemeinde ask this question, and the other answer asks for nothing the page lacks."""
    asked = set()

    class Noted(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            asked.add(key)
            return super().__getitem__(key)

    fields = koerperschaften.needed(year, GEMEINDE)
    inputs = {field.key: np.ones(1) for field in fields}
    fag_bw.settle(inputs, Noted(koerperschaften.values(year)), GEMEINDE[0])
    other = koerperschaften.needed(year, GEMEINDE, readings=frozenset([(point.name, 1 - point.taken)]))
    return point.name in asked and set(other) <= set(fields)


# --- JSON and scripts -------------------------------------------------------------------------------------------------


def encoded(value: Any) -> Any:
    """Values for each Land as ``{"v": […]}``, as ``scenario.decoded`` reads them; numpy and tuples as plain JSON."""
    match value:
        case Vector():
            return {"v": list(value)}
        case np.ndarray() if value.size > 1:
            return {"v": [round(number, 2) for number in value.tolist()]}
        case np.ndarray():
            return round(float(value.ravel()[0]), 2)
        case dict():
            return {key: encoded(part) for key, part in value.items()}
        case list() | tuple():
            return [encoded(part) for part in value]
        case np.floating():
            return float(value)
    return value


def micropython() -> str:
    """MicroPython for WebAssembly as texts that need no server: the script of ``loadMicroPython``, and its bytes.

    The module as published, without what only a module or Node can do. Raises ValueError if it is not as expected.
    """
    script = (MICROPYTHON / "micropython.mjs").read_text(encoding="utf-8")
    for pattern, instead, times in (
        (r'await import\("\w+"\)', "({})", 4),
        (r"import\.meta\.url", '"file:///micropython"', 4),
        (r"export default \w+;?", "", 1),
        (r"export (?=async function loadMicroPython)", "", 1),
    ):
        script, found = re.subn(pattern, instead, script)
        if found != times:
            raise ValueError(f"micropython.mjs: {found} times {pattern!r}, expected {times}")
    wasm = base64.b64encode((MICROPYTHON / "micropython.wasm").read_bytes()).decode("ascii")
    licence = (MICROPYTHON / "LICENSE").read_text(encoding="utf-8")
    script = f"(function(){{{script}\nglobalThis.loadMicroPython=loadMicroPython;}})();"
    head = f"/*! MicroPython for WebAssembly\n\n{licence}*/\n"
    return head + _assigned("LFA_LAUFZEIT", script) + _assigned("LFA_WASM", wasm)


def python_files() -> dict[str, str]:
    """The files that run in the browser, by their path in the package, word for word."""
    return {name: (PACKAGE / name).read_text(encoding="utf-8") for name in PYTHON}


def scripts() -> dict[str, str]:
    """Every script of the two pages by its name."""
    return {
        "laufzeit.js": micropython() + _assigned("LFA_DATEIEN", python_files()),
        "laender-daten.js": _assigned("LFA_DATEN", data()),
        "gemeinde-daten.js": _assigned("LFA_DATEN", gemeinde_data()),
        **{path.name: path.read_text(encoding="utf-8") for path in sorted(RECHNER.glob("*.[cj]s*"))},
    }


def write(folder: Path) -> None:
    """Lay the calculators into a folder of the site. Raises ValueError if the law there is not that of the package."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in scripts().items():
        (folder / name).write_text(text, encoding="utf-8")
    if wrong := [name for name, text in delivered(folder).items() if text != python_files().get(name)]:
        raise ValueError(f"the law of the page differs from the package: {' '.join(wrong)}")


def delivered(folder: Path) -> dict[str, str]:
    """The Python files as the page of a built site holds them."""
    text = (folder / "laufzeit.js").read_text(encoding="utf-8")
    result: dict[str, str] = json.loads(text.partition("globalThis.LFA_DATEIEN=")[2].rstrip().removesuffix(";"))
    return result


def _assigned(name: str, value: Any) -> str:
    return f"globalThis.{name}={json.dumps(value, ensure_ascii=False, separators=(',', ':'), allow_nan=False)};\n"
