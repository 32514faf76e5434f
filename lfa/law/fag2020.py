"""Finanzausgleichsgesetz in the version since 1 January 2020, Ausgleichsjahre from 2020 on.

Each function is one rule of the statute, in the order of its paragraphs; ``STAGES`` names the order of computation. It
takes the lines known so far (euro, inhabitants) and the parameters of the day, and returns the lines it adds; every
array has the 16 Länder on its last axis. Keys are those of ``data/lines/fag2020.yaml``; keys that begin with
``lesart_`` are 1 where the wording leaves a choice and the adopted reading matters. Evidence of each rule: V verbatim,
R reconstructed. Source: the text of 30 July 2026 and the states before it.

No Land pays another any more: Zuschläge and Abschläge shift the Umsatzsteuer of the Länder.
"""

from .arrays import exceeds, maximum, minimum, quotient, share, total, where

# §§ 6, 7 Abs. 3 and 9 read word for word as in the FAG 2001.
from .fag2005 import ausgleichsmesszahl, einwohnerwertung, finanzkraftmesszahl, kuerzung
from .stages import apply


def vertikale_verteilung(lines, parameters):
    """§ 1 FAG 2020: Anteile of Bund, Ländern und Gemeinden in the Umsatzsteuer, changed by fixed amounts. [V]"""
    umsatzsteuer = lines["umsatzsteuer_insgesamt"]
    laender = (
        parameters["umsatzsteuer_laender"] * umsatzsteuer
        + parameters["umsatzsteuer_laender_betrag"]
        - parameters["umsatzsteuer_hochwasser"]
        + parameters["umsatzsteuer_kinderbetreuung"]
        + parameters["umsatzsteuer_aufholen_nach_corona"]
    )
    gemeinden = parameters["umsatzsteuer_gemeinden"] * umsatzsteuer + parameters["umsatzsteuer_gemeinden_betrag"]
    return {
        "umsatzsteuer_gemeinden": gemeinden,
        "umsatzsteuer_bund": umsatzsteuer - laender - gemeinden,
        "umsatzsteuer_laenderanteil": laender,
    }


def umsatzsteuerverteilung(lines, parameters):
    """§ 2 FAG 2020: the Länderanteil by inhabitants, before Zuschläge and Abschläge. [V]"""
    return {"umsatzsteuer_nach_einwohnern": lines["umsatzsteuer_laenderanteil"] * share(lines["einwohner"])}


def finanzkraftausgleich(lines, parameters):
    """§ 4 FAG 2020: the Umsatzsteuer of each Land with its Zuschlag or Abschlag. [V]

    What an Abschlag exceeds the Land's part by inhabitants, the Land has to raise itself (§ 10 Abs. 2 Satz 4).
    """
    vorher = lines["umsatzsteuer_nach_einwohnern"]
    verrechnet = minimum(lines["abschlag"], vorher)
    return {
        "aufzubringen": lines["abschlag"] - verrechnet,
        "umsatzsteueranteil": vorher + lines["zuschlag"] - verrechnet,
        "ausgleich": lines["zuschlag"] - lines["abschlag"],
        "finanzkraft_nach_ausgleich": lines["finanzkraftmesszahl"] + lines["zuschlag"] - lines["abschlag"],
    }


def steuereinnahmen(lines, parameters):
    """§ 7 Abs. 1 Satz 1 bis 4 FAG 2020: receipts without Umsatzsteuer, the Grunderwerbsteuer by its tax bases. [V]"""
    grunderwerbsteuer = total(lines["grunderwerbsteuer"]) * share(lines["grunderwerbsteuer_bemessungsgrundlage"])
    return {
        "steuerkraftzahl_grunderwerbsteuer": grunderwerbsteuer,
        "steuereinnahmen": lines["einkommensteuer_koerperschaftsteuer"]
        + lines["gewerbesteuerumlage_laender"]
        + lines["landessteuern"]
        + lines["kraftfahrzeugsteuer_kompensation"]
        + grunderwerbsteuer,
    }


def laendersteuern(lines, parameters):
    """§ 7 Abs. 1 und 2 FAG 2020: receipts with Umsatzsteuer by inhabitants and a third of the Förderabgabe. [V]

    The Kürzung of Abs. 3 is taken off.
    """
    foerderabgabe = parameters["foerderabgabe_anrechnung"] * lines["foerderabgabe"]
    return {
        "angerechnete_foerderabgabe": foerderabgabe,
        "laendersteuern": lines["steuereinnahmen"]
        + lines["umsatzsteuer_nach_einwohnern"]
        + foerderabgabe
        - lines["kuerzung"],
    }


def gemeindesteuern(lines, parameters):
    """§ 8 FAG 2020: taxes of the Gemeinden, each counted by 75 per cent. [V; mix of bases in 2028 and 2029: R]

    Of the Realsteuern the national receipts count, spread over the Länder: the Gewerbesteuer by Grundbeträge; the
    Grundsteuern by Grundbeträge (from 2025 to 2027 those of 2024), then step by step by Grundsteuermessbeträge.
    """
    neu = parameters["grundsteuer_messbetraege_anteil"]
    basis_a = (1 - neu) * lines["grundsteuer_a_grundbetraege"] + neu * lines["grundsteuer_a_messbetraege"]
    basis_b = (1 - neu) * lines["grundsteuer_b_grundbetraege"] + neu * lines["grundsteuer_b_messbetraege"]
    grundsteuer_a = lines["aufkommen_grundsteuer_a"] * share(basis_a)
    grundsteuer_b = lines["aufkommen_grundsteuer_b"] * share(basis_b)
    gewerbesteuer = lines["aufkommen_gewerbesteuer"] * share(lines["gewerbesteuer_grundbetraege"])
    ungekuerzt = (
        lines["gemeindeanteil_einkommensteuer"]
        + lines["gemeindeanteil_umsatzsteuer"]
        + grundsteuer_a
        + grundsteuer_b
        + gewerbesteuer
        - lines["geleistete_gewerbesteuerumlage"]
    )
    gemischt = neu * (1 - neu) + 0 * ungekuerzt
    return {
        "steuerkraftzahl_grundsteuer_a": grundsteuer_a,
        "steuerkraftzahl_grundsteuer_b": grundsteuer_b,
        "steuerkraftzahl_gewerbesteuer": gewerbesteuer,
        "gemeindesteuern_ungekuerzt": ungekuerzt,
        "gemeindesteuern": parameters["gemeindesteuern_anrechnung"] * ungekuerzt,
        "lesart_grundsteuer_gemischte_betraege": where(gemischt > 0, 1, 0),
    }


def zuschlaege_und_abschlaege(lines, parameters):
    """§ 10 FAG 2020: 63 per cent of the shortfall or surplus; from 2026 to 2029 both a little less. [V]

    The special rule takes 400 million euro from the Zuschläge, in proportion to the shortfalls at 147/148 of the
    Ausgleichsmesszahl (k), and as much from the Abschläge (p). Where the shortfalls or surpluses are too small for
    that, both are cut by what there is [R].
    """
    satz, betrag = parameters["ausgleichssatz"], parameters["sonderregel_betrag"]
    fehlbetrag = maximum(-lines["ueberschuss"], 0)
    ueberschuss = maximum(lines["ueberschuss"], 0)
    grenze = parameters["sonderregel_grenze"] * lines["ausgleichsmesszahl"]
    unter_grenze = maximum(grenze - lines["finanzkraftmesszahl"], 0)
    moeglich = minimum(satz * total(unter_grenze), satz * total(ueberschuss))
    gekuerzt = minimum(moeglich, betrag)
    k = quotient(gekuerzt, total(unter_grenze))
    p = quotient(gekuerzt, total(ueberschuss))
    return {
        "fehlbetrag_an_sonderregel_grenze": unter_grenze,
        "prozentsatz_k": 100 * k,
        "prozentsatz_p": 100 * p,
        "zuschlag": satz * (fehlbetrag - unter_grenze) + (satz - k) * unter_grenze,
        "abschlag": (satz - p) * ueberschuss,
        "lesart_sonderregel_gekuerzt": where(0 * fehlbetrag + gekuerzt < betrag, 1, 0),
    }


def bundesergaenzungszuweisungen(lines, parameters):
    """§ 11 FAG 2020: allgemeine BEZ (Abs. 2), Sonderbedarfe (Abs. 3 bis 4a), Steuerkraft (Abs. 5), Forschung (6). [V]

    From 2026 to 2029 the Bund replaces by the percentage z what the Zuschläge lose by k. Whether averages weigh the
    Länder by inhabitants is a reading, and a parameter [R].
    """
    einwohner, messzahl = lines["einwohner"], lines["ausgleichsmesszahl"]
    kraft = lines["finanzkraftmesszahl"] + lines["zuschlag"]
    fehlbetrag = maximum(parameters["bez_auffuellung"] * messzahl - kraft, 0)
    schwach = fehlbetrag > 0
    k = lines["prozentsatz_k"] / 100
    z = quotient(parameters["bez_z_zaehler"] * k, parameters["bez_z_nenner"] + k)
    allgemeine = (parameters["bez_anteil"] + z) * fehlbetrag
    politische = parameters["politische_fuehrung"] + 0 * kraft
    immer = 1 - parameters["politische_fuehrung_nur_leistungsschwach"]
    politische = where(schwach, politische, immer * politische)
    arbeitslosigkeit = parameters["arbeitslosigkeit"] + 0 * kraft
    kassenkredite = parameters["liquiditaetskredite"] + 0 * kraft

    steuerkraft = quotient(lines["gemeindesteuern_ungekuerzt"], einwohner)
    gewogen = parameters["gemeindesteuerkraft_durchschnitt_gewogen"]
    luecken = [
        _luecke(steuerkraft, einwohner, parameters["gemeindesteuerkraft_auffuellung"], reading)
        for reading in (gewogen, 1 - gewogen)
    ]
    gemeindesteuerkraft, anders = [
        parameters["gemeindesteuerkraft_anteil"] * where(schwach, luecke, 0) for luecke in luecken
    ]

    zufluss = lines["forschungsnettozufluss"]
    gewogen = parameters["forschung_durchschnitt_gewogen"]
    luecken = [
        _luecke(zufluss, einwohner, parameters["forschung_auffuellung"], reading) for reading in (gewogen, 1 - gewogen)
    ]
    forschung, forschung_anders = [parameters["forschung_anteil"] * where(schwach, luecke, 0) for luecke in luecken]
    return {
        "fehlbetrag_bez": fehlbetrag,
        "prozentsatz_z": 100 * z,
        "allgemeine_bez": allgemeine,
        "sonderbedarfs_bez_arbeitslosigkeit": arbeitslosigkeit,
        "sonderbedarfs_bez_politische_fuehrung": politische,
        "sonderbedarfs_bez_liquiditaetskredite": kassenkredite,
        "bez_gemeindesteuerkraft": gemeindesteuerkraft,
        "bez_forschungsfoerderung": forschung,
        "bez": allgemeine + arbeitslosigkeit + politische + kassenkredite + gemeindesteuerkraft + forschung,
        "lesart_durchschnitt_der_gemeinden": _verschieden(gemeindesteuerkraft, anders),
        "lesart_durchschnitt_der_forschung": _verschieden(forschung, forschung_anders),
    }


def _luecke(je_einwohner, einwohner, auffuellung, gewogen):
    """What each Land lacks to a part of the average: per inhabitant of all, or the plain average of the Länder."""
    aller = quotient(total(je_einwohner * einwohner), total(einwohner))
    der_laender = quotient(total(je_einwohner), total(0 * einwohner + 1))
    durchschnitt = gewogen * aller + (1 - gewogen) * der_laender
    return maximum(auffuellung * durchschnitt - je_einwohner, 0) * einwohner


def _verschieden(a, b):
    """1 where two readings lead to different amounts."""
    return where(exceeds(a, b), 1, where(exceeds(b, a), 1, 0))


def einwohnerzahl(lines, parameters):
    """§ 12a FAG 2020: 2022 and 2023 a part of the difference that the Zensus 2022 made; else as established. [V]"""
    unterschied = lines["zensus_unterschied"]
    return {"einwohner": lines["festgestellte_einwohner"] + parameters["zensus_anteil"] * unterschied}


STAGES = (
    ("einwohner", (einwohnerzahl, einwohnerwertung)),
    ("vertikal", (vertikale_verteilung,)),
    ("umsatzsteuer", (umsatzsteuerverteilung,)),
    ("laendersteuern", (steuereinnahmen, kuerzung, laendersteuern)),
    ("gemeindesteuern", (gemeindesteuern,)),
    ("finanzkraft", (finanzkraftmesszahl,)),
    ("ausgleichsmesszahl", (ausgleichsmesszahl,)),
    ("tarif", (zuschlaege_und_abschlaege, finanzkraftausgleich)),
    ("bez", (bundesergaenzungszuweisungen,)),
)


def settle(inputs, parameters, stages=None):
    """FAG 2020: the inputs and every line of the stages asked for (all by default), by key."""
    return apply(STAGES, inputs, parameters, stages)
