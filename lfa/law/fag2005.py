"""Finanzausgleichsgesetz vom 20. Dezember 2001 (BGBl. I S. 3955, 3956), Ausgleichsjahre 2005 bis 2019.

Each function is one rule of the statute, in the order of its paragraphs; ``STAGES`` names the order of computation. It
takes the lines known so far (euro, inhabitants) and the parameters of the day, and returns the lines it adds; every
array has the 16 Länder on its last axis. Keys are those of ``data/lines/fag2005.yaml``; keys that begin with
``lesart_`` are 1 where the wording leaves a choice and the adopted reading matters. Evidence of each rule: V verbatim,
N numerically proven, R reconstructed. Source: the texts of mid 2012 and of 2019; the formulas are images in the print.
"""

from .arrays import maximum, minimum, quotient, rounded_half_up, share, total, where
from .stages import apply


def vertikale_verteilung(lines, parameters):
    """§ 1 FAG 2001: Anteile of Bund, Gemeinden and Länder in the Umsatzsteuer. [V, N for 2010 to 2019]

    The amounts of Satz 5 and of later Sätze shift between Bund and Länder; a positive one goes to the Bund. That the
    fixed amount of the Gemeinden (Satz 3, since 2015) is added to their 2,2 v.H. is a reading [R].
    """
    umsatzsteuer = lines["umsatzsteuer_insgesamt"]
    nach_satz_1 = umsatzsteuer - parameters["umsatzsteuer_vorab_bund"] * umsatzsteuer
    nach_satz_2 = nach_satz_1 - parameters["umsatzsteuer_vorab_rentenversicherung"] * nach_satz_1
    festbetrag = parameters["umsatzsteuer_gemeinden_betrag"]
    gemeinden = parameters["umsatzsteuer_gemeinden"] * nach_satz_2 + festbetrag
    betrag = (
        parameters["umsatzsteuer_betrag_satz_5"]
        + parameters["umsatzsteuer_betrag_kindergeld_2009"]
        + parameters["umsatzsteuer_betrag_konsolidierungshilfen"]
        + parameters["umsatzsteuer_betrag_kindergeld_2010"]
        + parameters["umsatzsteuer_betrag_kinderbetreuung"]
    )
    laender = parameters["umsatzsteuer_laender"] * (nach_satz_2 - gemeinden) - betrag
    return {
        "umsatzsteuer_gemeinden": gemeinden,
        "umsatzsteuer_bund": umsatzsteuer - gemeinden - laender,
        "umsatzsteuer_laenderanteil": laender,
        "lesart_festbetrag_der_gemeinden": where(festbetrag + 0 * lines["einwohner"] > 0, 1, 0),
    }


def umsatzsteuerverteilung(lines, parameters):
    """§ 2 FAG 2001: Ergänzungsanteile for Länder below average receipts, the rest by inhabitants. [V]

    The Ergänzungsanteile are at most a quarter of the Länderanteil and are cut in proportion beyond it.
    """
    einwohner = lines["einwohner"]
    laenderanteil = lines["umsatzsteuer_laenderanteil"]
    durchschnitt = quotient(total(lines["steuereinnahmen"]), total(einwohner))
    in_vh = 100 * quotient(quotient(lines["steuereinnahmen"], einwohner), durchschnitt)
    x = maximum(1 - in_vh / 100, 0)
    nr_1 = parameters["ergaenzungsanteil_nr_1_linear"] * x - parameters["ergaenzungsanteil_nr_1_abzug"]
    nr_2 = x * (parameters["ergaenzungsanteil_nr_2_quadratisch"] * x + parameters["ergaenzungsanteil_nr_2_linear"])
    faktor = where(x > 1 - parameters["ergaenzungsanteil_grenze"], nr_1, nr_2)
    ungekuerzt = durchschnitt * einwohner * faktor
    hoechstens = parameters["ergaenzungsanteile_hoechstens"] * laenderanteil
    ergaenzungsanteil = minimum(quotient(hoechstens, total(ungekuerzt)), 1) * ungekuerzt
    return {
        "steuereinnahmen_in_vh": in_vh,
        "ergaenzungsanteil_faktor": faktor,
        "ergaenzungsanteil": ergaenzungsanteil,
        "umsatzsteueranteil": ergaenzungsanteil + (laenderanteil - total(ergaenzungsanteil)) * share(einwohner),
    }


def finanzkraftmesszahl(lines, parameters):
    """§ 6 Abs. 1 FAG 2001: Finanzkraftmesszahl, receipts of the Land (§ 7) and of its Gemeinden (§ 8). [V]"""
    return {"finanzkraftmesszahl": lines["laendersteuern"] + lines["gemeindesteuern"]}


def ausgleichsmesszahl(lines, parameters):
    """§ 6 Abs. 2 FAG 2001: Ausgleichsmesszahl, what the Land would have at the average per weighted inhabitant. [V]"""
    laender = total(lines["laendersteuern"]) * share(lines["gewertete_einwohner_laendersteuern"])
    gemeinden = total(lines["gemeindesteuern"]) * share(lines["gewertete_einwohner_gemeindesteuern"])
    return {
        "ausgleichsmesszahl_laendersteuern": laender,
        "ausgleichsmesszahl_gemeindesteuern": gemeinden,
        "ausgleichsmesszahl": laender + gemeinden,
        "ueberschuss": lines["finanzkraftmesszahl"] - laender - gemeinden,
        "finanzkraft_in_vh": 100 * quotient(lines["finanzkraftmesszahl"], laender + gemeinden),
    }


def steuereinnahmen(lines, parameters):
    """§ 7 Abs. 1 Satz 1 bis 4 FAG 2001: receipts of the Land without Umsatzsteuer. [V; Grunderwerbsteuer to 2006: R]

    The Grunderwerbsteuer counts as Steuerkraftzahl, the national receipts spread by the tax bases; before the Länder
    set its rate themselves, as received.
    """
    normiert = parameters["grunderwerbsteuer_steuerkraftzahl"]
    aufkommen = lines["grunderwerbsteuer"]
    steuerkraftzahl = total(aufkommen) * share(lines["grunderwerbsteuer_bemessungsgrundlage"])
    grunderwerbsteuer = normiert * steuerkraftzahl + (1 - normiert) * aufkommen
    kompensation = lines["kraftfahrzeugsteuer_kompensation"]
    return {
        "steuerkraftzahl_grunderwerbsteuer": grunderwerbsteuer,
        "steuereinnahmen": lines["einkommensteuer_koerperschaftsteuer"]
        + lines["gewerbesteuerumlage_laender"]
        + lines["landessteuern"]
        + kompensation
        + grunderwerbsteuer,
        "lesart_kompensation_zaehlt_bei_paragraf_2": where(kompensation > 0, 1, 0),
    }


def laendersteuern(lines, parameters):
    """§ 7 Abs. 1 und 2 FAG 2001: receipts with Umsatzsteuer and Förderabgabe, less the Kürzung of Abs. 3. [V]"""
    return {
        "laendersteuern": lines["steuereinnahmen"]
        + lines["umsatzsteueranteil"]
        + lines["foerderabgabe"]
        - lines["kuerzung"]
    }


def kuerzung(lines, parameters):
    """§ 7 Abs. 3 FAG 2001: 12 v.H. of what receipts per inhabitant grew faster than those of all Länder. [V]"""
    steuern, vorjahr = lines["steuereinnahmen"], lines["steuereinnahmen_vorjahr"]
    einwohner, einwohner_vorjahr = lines["einwohner"], lines["einwohner_vorjahr"]
    je_einwohner, je_einwohner_vorjahr = quotient(steuern, einwohner), quotient(vorjahr, einwohner_vorjahr)
    aller = quotient(total(steuern), total(einwohner))
    aller_vorjahr = quotient(total(vorjahr), total(einwohner_vorjahr))
    rate = quotient(je_einwohner - je_einwohner_vorjahr, je_einwohner_vorjahr)
    rate_aller = quotient(aller - aller_vorjahr, aller_vorjahr)
    zuwachs = maximum(rate - rate_aller, 0) * je_einwohner_vorjahr * einwohner
    return {
        "veraenderungsrate": 100 * rate,
        "veraenderungsrate_laendergesamtheit": 100 * rate_aller,
        "kuerzung": parameters["kuerzung_ueberdurchschnittlicher_zuwachs"] * zuwachs,
    }


def gemeindesteuern(lines, parameters):
    """§ 8 FAG 2001: taxes of the Gemeinden, each counted by 64 v.H. [V]

    Of the Realsteuern the national receipts count, spread over the Länder by the Grundbeträge of the year before.
    """
    grundsteuer_a = lines["aufkommen_grundsteuer_a"] * share(lines["grundsteuer_a_grundbetraege"])
    grundsteuer_b = lines["aufkommen_grundsteuer_b"] * share(lines["grundsteuer_b_grundbetraege"])
    gewerbesteuer = lines["aufkommen_gewerbesteuer"] * share(lines["gewerbesteuer_grundbetraege"])
    ungekuerzt = (
        lines["gemeindeanteil_einkommensteuer"]
        + lines["gemeindeanteil_umsatzsteuer"]
        + grundsteuer_a
        + grundsteuer_b
        + gewerbesteuer
        - lines["geleistete_gewerbesteuerumlage"]
    )
    return {
        "steuerkraftzahl_grundsteuer_a": grundsteuer_a,
        "steuerkraftzahl_grundsteuer_b": grundsteuer_b,
        "steuerkraftzahl_gewerbesteuer": gewerbesteuer,
        "gemeindesteuern_ungekuerzt": ungekuerzt,
        "gemeindesteuern": parameters["gemeindesteuern_anrechnung"] * ungekuerzt,
    }


def einwohnerwertung(lines, parameters):
    """§ 9 FAG 2001: gewertete Einwohner for the taxes of the Länder (Abs. 2) and of the Gemeinden (Abs. 3). [V]"""
    einwohner = lines["einwohner"]
    return {
        "gewertete_einwohner_laendersteuern": einwohner * parameters["einwohnerwertung_laendersteuern"] / 100,
        "gewertete_einwohner_gemeindesteuern": einwohner * parameters["einwohnerwertung_gemeindesteuern"] / 100,
    }


def tariffaktor(x, parameters):
    """§ 10 Abs. 1 und 2 FAG 2001: the factor F of a shortfall or surplus of ``x`` times the Ausgleichsmesszahl. [V]"""
    nr_1 = parameters["tarif_nr_1_linear"] * x - parameters["tarif_nr_1_abzug"]
    nr_2 = x * (parameters["tarif_nr_2_quadratisch"] * x + parameters["tarif_nr_2_linear"])
    nr_3 = x * (parameters["tarif_nr_3_quadratisch"] * x + parameters["tarif_nr_3_linear"])
    hoch = where(x > parameters["tarif_grenze_nr_1"], nr_1, nr_2 - parameters["tarif_nr_2_abzug"])
    return where(x > parameters["tarif_grenze_nr_2"], hoch, nr_3)


def ausgleichszuweisungen(lines, parameters):
    """§ 10 Abs. 1 FAG 2001: the Ausgleichsmesszahl times F for the shortfall. [V]"""
    messzahl = lines["ausgleichsmesszahl"]
    x = quotient(maximum(-lines["ueberschuss"], 0), messzahl)
    return {"ausgleichszuweisung_abs_1": messzahl * tariffaktor(x, parameters)}


def ausgleichsbeitraege(lines, parameters):
    """§ 10 Abs. 2 FAG 2001: the Ausgleichsmesszahl times F for the surplus, scaled to the Zuweisungen. [V]"""
    messzahl = lines["ausgleichsmesszahl"]
    x = quotient(maximum(lines["ueberschuss"], 0), messzahl)
    vorlaeufig = messzahl * tariffaktor(x, parameters)
    aufbringung = quotient(total(lines["ausgleichszuweisung_abs_1"]), total(vorlaeufig))
    return {
        "ausgleichsbeitrag_vor_aufbringung": vorlaeufig,
        "aufbringung_in_vh": 100 * aufbringung,
        "ausgleichsbeitrag_abs_2": aufbringung * vorlaeufig,
    }


def obergrenze(lines, parameters):
    """§ 10 Abs. 3 FAG 2001: what exceeds 72,5 v.H. of the surplus, half all payers bear and half all recipients. [V]

    All payers: the Land above the limit bears its part, too, and so stays above it; nothing is repeated [R].
    """
    beitrag, zuweisung = lines["ausgleichsbeitrag_abs_2"], lines["ausgleichszuweisung_abs_1"]
    grenze = parameters["beitrag_hoechstens"] * maximum(lines["ueberschuss"], 0)
    uebersteigend = maximum(beitrag - grenze, 0)
    haelfte = total(uebersteigend) / 2
    beitrag = beitrag - uebersteigend + haelfte * share(beitrag)
    zuweisung = zuweisung - haelfte * share(zuweisung)
    return {
        "uebersteigender_betrag": uebersteigend,
        "ausgleichsbeitrag": beitrag,
        "ausgleichszuweisung": zuweisung,
        "ausgleich": zuweisung - beitrag,
        "finanzkraft_nach_ausgleich": lines["finanzkraftmesszahl"] + zuweisung - beitrag,
        "lesart_auch_das_begrenzte_land_traegt": where(uebersteigend > 0, 1, 0),
    }


def bundesergaenzungszuweisungen(lines, parameters):
    """§ 11 FAG 2001: allgemeine BEZ (Abs. 2) and Sonderbedarfs-BEZ (Abs. 3, 3a und 4). [V]

    The gap counts after § 10 Abs. 3 [R]. Each Land's part of Abs. 3 is rounded to 1000 euro; no rule closes the sum.
    """
    kraft = lines["finanzkraftmesszahl"] + lines["ausgleichszuweisung"]
    fehlbetrag = maximum(parameters["bez_auffuellung"] * lines["ausgleichsmesszahl"] - kraft, 0)
    einheit = parameters["teilungslasten_rundung"]
    anteile = parameters["teilungslasten"] * parameters["teilungslasten_vomhundertsatz"] / 100 + 0 * kraft
    teilungslasten = einheit * rounded_half_up(anteile / einheit)
    arbeitslosigkeit = parameters["arbeitslosigkeit"] - parameters["arbeitslosigkeit_minderung"] + 0 * kraft
    politische_fuehrung = parameters["politische_fuehrung"] + 0 * kraft
    allgemeine = parameters["bez_anteil"] * fehlbetrag
    return {
        "fehlbetrag_bez": fehlbetrag,
        "allgemeine_bez": allgemeine,
        "sonderbedarfs_bez_teilungslasten": teilungslasten,
        "sonderbedarfs_bez_arbeitslosigkeit": arbeitslosigkeit,
        "sonderbedarfs_bez_politische_fuehrung": politische_fuehrung,
        "bez": allgemeine + teilungslasten + arbeitslosigkeit + politische_fuehrung,
        "lesart_teilungslasten_ohne_restausgleich": where(
            (teilungslasten > 0) & (abs(total(teilungslasten) - parameters["teilungslasten"]) > einheit / 2), 1, 0
        ),
    }


def einwohnerzahl(lines, parameters):
    """§ 12a FAG 2001: 2011 and 2012 a part of the difference that the Zensus 2011 made; else as established. [V]"""
    unterschied = lines["zensus_unterschied"]
    return {"einwohner": lines["festgestellte_einwohner"] + parameters["zensus_anteil"] * unterschied}


STAGES = (
    ("einwohner", (einwohnerzahl, einwohnerwertung)),
    ("vertikal", (vertikale_verteilung,)),
    ("umsatzsteuer", (steuereinnahmen, umsatzsteuerverteilung)),
    ("laendersteuern", (kuerzung, laendersteuern)),
    ("gemeindesteuern", (gemeindesteuern,)),
    ("finanzkraft", (finanzkraftmesszahl,)),
    ("ausgleichsmesszahl", (ausgleichsmesszahl,)),
    ("tarif", (ausgleichszuweisungen, ausgleichsbeitraege)),
    ("belastungsobergrenze", (obergrenze,)),
    ("bez", (bundesergaenzungszuweisungen,)),
)


def settle(inputs, parameters, stages=None):
    """FAG 2001: the inputs and every line of the stages asked for (all by default), by key."""
    return apply(STAGES, inputs, parameters, stages)
