"""What a reader changes, settled again by the same law: inputs of a Land and rules of a statute.

Runs under MicroPython in the reader's browser, on Vectors of floats, and in CPython on numpy arrays as well.
``lfa.calculator`` writes the data: for each version of a law its parameters, its bases, what may be changed.
"""

import json

from .law import fag1993, fag2005, fag2020, fag_bw
from .law.arrays import where
from .law.arrays_lists import Vector

LAWS = {"fag1993": fag1993, "fag2005": fag2005, "fag2020": fag2020}


def decoded(value, vector=Vector):
    """Data as JSON holds them, in which ``{"v": […]}`` is a value for each Land."""
    if isinstance(value, dict):
        if list(value) == ["v"]:
            return vector(value["v"])
        return {key: decoded(part, vector) for key, part in value.items()}
    if isinstance(value, list):
        return [decoded(part, vector) for part in value]
    return value


def settle(version, base, change, vector=Vector):
    """Every line of a version of a law on a base, with what is changed.

    ``change`` holds under ``land`` by place of the Land and name of the field the amounts to add, under ``regeln`` by
    name of the rule its value.
    """
    inputs, parameters = dict(base["eingaben"]), dict(version["parameter"])
    for field, targets in base["felder"].items():
        amounts = [0.0] * len(parameters["laender"])
        for place, fields in change.get("land", {}).items():
            amounts[int(place)] = fields.get(field, 0.0)
        if any(amounts):
            for key, factor in targets:
                inputs[key] = _changed(inputs[key], vector(amounts), factor, inputs)
    for name, value in change.get("regeln", {}).items():
        for target in version["regeln"][name]["ziele"]:
            parameters[target["parameter"]] = _ruled(parameters[target["parameter"]], target, value, vector)
    return LAWS[version["modul"]].settle(inputs, parameters, base["stufen"])


def _changed(values, amounts, factor, inputs):
    """An input with amounts added, or, where the factor names another input, grown in the proportion that one grows."""
    if isinstance(factor, str):
        return values + values * amounts / where(inputs[factor] > 0, inputs[factor], 1)
    return values + factor * amounts


def _ruled(values, target, value, vector):
    """A parameter with the value of a rule: for all, for some Länder, or the other end of a switch."""
    if "aus" in target:
        return values if value else target["aus"]
    if "laender" in target:
        chosen = vector([1.0 if place in target["laender"] else 0.0 for place in range(16)])
        return where(chosen > 0, value * target["mal"], values)
    return value * target["mal"]


def kept(version, base, change, lines, place, vector=Vector):
    """What one more euro of tax leaves a Land after Umsatzsteuer, Ausgleich and allgemeine BEZ, in euro.

    ``lines`` are those without the euro. The euro comes every year, so that § 7 Abs. 3 since 2005 cuts nothing.
    """
    land = {key: dict(fields) for key, fields in change.get("land", {}).items()}
    fields = land.setdefault(str(place), {})
    fields["steuern"] = fields.get("steuern", 0.0) + 1.0
    after = settle(version, base, {"land": land, "regeln": change.get("regeln", {})}, vector)
    return 1.0 + sum([_values(after[key])[place] - _values(lines[key])[place] for key in base["bleibt"]])


def _values(line):
    return line.values if isinstance(line, Vector) else line


def summary(lines):
    """Finanzkraft in v.H. of the Ausgleichsmesszahl before and after the Ausgleich."""
    messzahl = lines["ausgleichsmesszahl"]
    before = 100 + 100 * lines["ueberschuss"] / messzahl
    return {"vorher": before, "nachher": before + 100 * lines["ausgleich"] / messzahl}


_last = {}
"""The lines of the last question, by what it changed: the next one mostly asks more about the same."""


def answer(data, question):
    """JSON in, JSON out, for the page: lines asked for and the summary, or what one more euro leaves some Länder."""
    asked = json.loads(question)
    version = data["fassungen"][asked["fassung"]]
    base = version["basen"][asked["basis"]]
    change = asked.get("aenderung", {})
    about = json.dumps([asked["fassung"], asked["basis"], change])
    if about not in _last:
        _last.clear()
        _last[about] = settle(version, base, change)
    lines = _last[about]
    if "bleibt" in asked:
        return json.dumps([kept(version, base, change, lines, place) for place in asked["bleibt"]])
    shown = {key: list(lines[key]) for key in asked["zeilen"]}
    shown.update({key: list(values) for key, values in summary(lines).items()})
    readings = {key: [place for place, on in enumerate(lines[key]) if on] for key in base["lesarten"] if key in lines}
    return json.dumps({"zeilen": shown, "lesarten": {key: places for key, places in readings.items() if places}})


def gemeinde(data, question):
    """JSON in, JSON out, for a Gemeinde of Baden-Württemberg: every line, and what one more euro leaves it."""
    asked = json.loads(question)
    year = data["jahre"][asked["jahr"]]
    parameters = dict(year["parameter"])
    parameters.update(asked["lesarten"])
    inputs = {key: value if key in year["land"] else Vector([value]) for key, value in asked["eingaben"].items()}
    lines = fag_bw.settle(inputs, parameters, "gemeinde")
    result = {key: value if isinstance(value, (int, float)) else value.values[0] for key, value in lines.items()}
    result["bleibt"] = kept_by_gemeinde(inputs, parameters).values[0]
    return json.dumps(result)


def kept_by_gemeinde(inputs, parameters):
    """§§ 1a and 5 FAG BW: what a Gemeinde keeps of one more euro of Steuerkraft that comes every year, in euro.

    The euro changes the Schlüsselzuweisung of every year, that of the Vorvorjahr in the Steuerkraftsumme included. The
    Umlage rises pro rata, which is the average over its steps of whole per cent.
    """
    parameters = dict(parameters)
    parameters["umlage_ganze_prozent"] = 0
    lines = fag_bw.settle(inputs, parameters, "gemeinde")
    more = dict(inputs)
    more["steuerkraftmesszahl"] = lines["steuerkraftmesszahl"] + 1
    less = fag_bw.settle(more, parameters, "gemeinde", ("bedarfsmesszahl", "schluesselzahl", "schluesselzuweisung"))
    change = less["schluesselzuweisung"] - lines["schluesselzuweisung"]
    more["schluesselzuweisung_vorvorjahr"] = inputs["schluesselzuweisung_vorvorjahr"] + change
    after = fag_bw.settle(more, parameters, "gemeinde")
    return 1 + change - (after["finanzausgleichsumlage"] - lines["finanzausgleichsumlage"])
