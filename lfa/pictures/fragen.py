"""Questions put to „Selbst rechnen“: a scenario is its address, and what is computed is read from that address."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from html import escape
from math import isfinite
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pandas as pd

from lfa import calculator, scenario
from lfa.charts import PAYER, RECEIVER
from lfa.law.arrays_lists import Vector
from lfa.parameters import as_vectors
from lfa.pictures.parts import BLUE, Drawing, Step, cascade, stacked
from lfa.pictures.rekonstruktion import heat
from lfa.settlement import Array, settle
from lfa.states import CODES
from lfa.tables import Table, number
from lfa.versions import BEZ, UST, inputs_under, start

PAGE = "selbst_rechnen.html"

# --- A scenario and its address ---------------------------------------------------------------------------------------


class Scenario(NamedTuple):
    """What the address of „Selbst rechnen“ holds: law, base, line shown, and changes as the page writes them.

    A change is named ``BY.steuern`` (in Mio. € or Tsd. Einwohner, to be added) or ``r.ausgleichssatz`` (the value of a
    rule, mostly in per cent).
    """

    version: str
    changes: Mapping[str, float] = {}
    base: str = "2003"
    line: str = "ausgleich"


@cache
def page(worked_back: bool = False) -> dict[str, Any]:
    """The data of the page, as it reads them, on numpy arrays; years that are worked back on request."""
    data: dict[str, Any] = scenario.decoded(calculator.data(worked_back), np.array)
    return data


def version_of(asked: Scenario) -> dict[str, Any]:
    """The law of a scenario, as the page knows it; who asks for figures of 2003 reads no other year."""
    known: dict[str, Any] = page(asked.base not in (calculator.OFFICIAL, calculator.EQUAL))["fassungen"][asked.version]
    return known


def base_of(asked: Scenario) -> dict[str, Any]:
    """The figures of a scenario, as the page knows them."""
    known: dict[str, Any] = version_of(asked)["basen"][asked.base]
    return known


def address(asked: Scenario) -> str:
    """The address that opens the calculator at a scenario.

    Raises ValueError for what the page would leave out.
    """
    if problems := list(_problems(asked)):
        raise ValueError(f"the page does not know: {', '.join(problems)}")
    fields = [f"{code}.{field['key']}" for code in CODES for field in page()["felder"]]
    ordered = [key for key in fields if key in asked.changes] + [key for key in asked.changes if key.startswith("r.")]
    parts = {"gesetz": asked.version, "basis": asked.base, "zeile": asked.line}
    return f"{PAGE}#{urlencode(parts | {key: _plain(asked.changes[key]) for key in ordered})}"


def read(text: str) -> Scenario:
    """The scenario that an address names."""
    parts = dict(parse_qsl(text.partition("#")[2]))
    version, base, line = (parts.pop(key) for key in ("gesetz", "basis", "zeile"))
    return Scenario(version, {key: float(value) for key, value in parts.items()}, base, line)


def change(text: str) -> dict[str, Any]:
    """What the address changes, as ``scenario.settle`` takes it."""
    scales = {field["key"]: field["mal"] for field in page()["felder"]}
    laender: dict[str, dict[str, float]] = {}
    rules: dict[str, float] = {}
    for key, value in read(text).changes.items():
        place, name = key.split(".")
        if place == "r":
            rules[name] = value
        else:
            laender.setdefault(str(CODES.index(place)), {})[name] = value * scales[name]
    return {"land": laender, "regeln": rules}


def links(asked: Mapping[str, Scenario]) -> Table:
    """Links to the calculator as buttons, by their words."""
    targets = {words: address(one) for words, one in asked.items()}
    html = [f'<p class="lfa-weiter"><a href="{escape(to)}">{escape(words)}</a></p>' for words, to in targets.items()]
    return Table("\n".join(html), "\n".join(f"{words}: {to}" for words, to in targets.items()))


def _plain(value: float) -> str:
    return repr(int(value) if value == int(value) else float(value))


def _problems(asked: Scenario) -> Iterable[str]:
    if asked.version not in page()["fassungen"] or asked.base not in version_of(asked)["basen"]:
        yield f"{asked.version} {asked.base}"
        return
    version, base = version_of(asked), base_of(asked)
    if asked.line not in base["zeilen"]:
        yield asked.line
    scales = {field["key"]: field["mal"] for field in page()["felder"]}
    for key, value in asked.changes.items():
        place, _, name = key.partition(".")
        if place == "r":
            rule = version["regeln"].get(name, {}) if name not in base["ohneRegeln"] else {}
            allowed = value in (0, 1) if rule.get("schalter") else bool(rule) and rule["von"] <= value <= rule["bis"]
        else:
            known = place in CODES and name in scales
            allowed = known and base["bestand"][name][CODES.index(place)] + value * scales[name] >= 0
        if not (allowed and isfinite(value)):
            yield f"{key}={value}"


# --- What comes of it -------------------------------------------------------------------------------------------------


def before(asked: Scenario) -> dict[str, Any]:
    """Every line without the changes."""
    lines: dict[str, Any] = scenario.settle(version_of(asked), base_of(asked), {}, np.array)
    return lines


def after(asked: Scenario) -> dict[str, Any]:
    """Every line with what the address of the scenario changes."""
    wanted = change(address(asked))
    lines: dict[str, Any] = scenario.settle(version_of(asked), base_of(asked), wanted, np.array)
    return lines


def exactly(asked: Scenario) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every line before and after on fractions, by the same function; for the printed figures of 2003 only."""
    known, version = version_of(asked), calculator.IDS[asked.version]
    inputs, einwohner = start(settle(int(calculator.OFFICIAL)), exactly=True)
    base = base_of(asked) | {"eingaben": {**inputs_under(version.law, inputs, einwohner), "einwohner": einwohner}}
    law = known | {"parameter": as_vectors(version.parameters), "regeln": _fractions(known["regeln"])}
    changed = _fractions(change(address(asked)))
    one, other = (scenario.settle(law, base, given, _vector) for given in (dict[str, Any](), changed))
    return one, other


def _vector(values: list[Any]) -> Any:
    return Vector(_fractions(values))


def _fractions(value: Any) -> Any:
    match value:
        case dict():
            return {key: _fractions(part) for key, part in value.items()}
        case list():
            return [_fractions(part) for part in value]
        case float():
            return Fraction(repr(float(value)))
    return value


def effects(asked: Scenario) -> pd.DataFrame:
    """What changes for each Land, in euro: Umsatzsteuer, Ausgleich and, where the law is at hand, allgemeine BEZ."""
    one, other = before(asked), after(asked)
    law = version_of(asked)["modul"]
    columns = {"ust": UST[law], "ausgleich": "ausgleich", **({"bez": BEZ} if BEZ in one else {})}
    changed = {name: other[key] - one[key] for name, key in columns.items() if key in one}
    return pd.DataFrame(changed, index=pd.Index(CODES, name="land"))


def people(asked: Scenario) -> pd.Series:
    """Inhabitants of each Land before anything changes."""
    return pd.Series(base_of(asked)["bestand"]["einwohner"], index=pd.Index(CODES, name="land"))


def whose(asked: Scenario, land: str) -> pd.Series:
    """Who has in the end, in euro, what a Land receives more in taxes: the Land itself and the others, without BEZ."""
    received = effects(asked)[["ust", "ausgleich"]].sum(axis=1)
    received[land] += sum(change(address(asked))["land"][str(CODES.index(land))].values())
    return received


def alike(asked: Scenario) -> pd.DataFrame:
    """Groups of Länder to which a scenario does the same: what each has before and after, in euro per inhabitant.

    Only for a base on which the Länder differ by rules alone, and a law since 2005, which weighs by Land.
    """
    heads, weights = people(asked), version_of(asked)["parameter"]
    frame = pd.DataFrame(
        {
            "land": CODES,
            "laendersteuern": weights["einwohnerwertung_laendersteuern"],
            "gemeindesteuern": weights["einwohnerwertung_gemeindesteuern"],
            "vorher": before(asked)["ausgleich"] / heads.to_numpy(),
            "nachher": after(asked)["ausgleich"] / heads.to_numpy(),
        }
    ).round(2)
    keys = ["laendersteuern", "gemeindesteuern", "vorher", "nachher"]
    groups = frame.groupby(keys, sort=False)["land"].agg(list).reset_index(name="laender")
    return groups.sort_values("vorher", ascending=False, ignore_index=True)


def per_newcomer(asked: Scenario, land: str) -> pd.Series:
    """What each new inhabitant of a Land brings it, in euro, and what the other Länder and the Bund pay of that."""
    changed = effects(asked)
    new = change(address(asked))["land"][str(CODES.index(land))]["einwohner"]
    among_laender = changed[["ust", "ausgleich"]].sum(axis=1)
    parts = {**changed.loc[land].to_dict(), "laender": -among_laender.drop(land).sum()}
    if "bez" in changed:
        parts["bund"] = changed["bez"].sum()
        parts["bez_der_anderen"] = -changed["bez"].drop(land).sum()
    return pd.Series(parts) / new


def flows(asked: Scenario) -> tuple[float, float]:
    """What flows between the Länder by the Ausgleich, and what the Bund adds as allgemeine BEZ, in euro."""
    lines = after(asked)
    return float(np.maximum(lines["ausgleich"], 0).sum()), float(np.sum(lines[BEZ]))


def wealth(lines: Mapping[str, Any]) -> Array:
    """Finanzkraft, Ausgleich and allgemeine BEZ of each Land, in euro per inhabitant."""
    money = lines["finanzkraftmesszahl"] + lines["ausgleich"] + lines.get(BEZ, 0)
    return np.asarray(money / lines["einwohner"])


# --- Pictures ---------------------------------------------------------------------------------------------------------


def whose_heat(frame: pd.DataFrame) -> Drawing:
    """Who has a milliard in the end, in Mio. €: a row per Land, a column per law, the Land that received it on top."""
    first = frame.max(axis=1).idxmax()
    rest = frame.drop(index=first).sort_values(str(frame.columns[-1]), ascending=False)
    ordered = pd.concat([frame.loc[[first]], rest]) / 1e6
    reach = float(rest.abs().to_numpy().max()) / 1e6
    return heat(ordered, unit="Mio. €", middle=0, sign=True, reach=reach, over="Recht")


def gains(changed: pd.DataFrame, order: Sequence[str], names: Mapping[str, str]) -> Drawing:
    """What a change brings, in euro per inhabitant: stacked from the columns of ``names``, sums at the right."""
    frame = changed.loc[list(order), list(names)].rename(columns=dict(names))
    words = [number(value, sign=True) for value in frame.sum(axis=1)]
    return stacked(frame, (BLUE, RECEIVER)[: len(names)], unit="€ je Kopf", text=words, decimals=0)


def steps_of(parts: pd.Series) -> Drawing:
    """What a new inhabitant brings a Land, step by step, in euro."""
    labels = {"ust": ("Umsatzsteuer",), "ausgleich": ("Ausgleich",), "bez": ("Zuweisung", "des Bundes")}
    steps = [Step(label, float(parts[key])) for key, label in labels.items()]
    words = {"plus": ("bekommt mehr", RECEIVER), "minus": ("verliert", PAYER)}
    return cascade(steps, total="Zusammen", decimals=0, unit=("€", 1), **words)
