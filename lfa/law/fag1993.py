"""Finanzausgleichsgesetz vom 23. Juni 1993 (BGBl. I S. 944, 977), Ausgleichsjahre 1995 bis 2004.

Each function is one rule of the statute, in the order of its paragraphs; ``STAGES`` names the order of computation. It
takes the lines known so far (euro, inhabitants) and the parameters of the day, and returns the lines it adds; every
array has the 16 Länder on its last axis. Keys are those of ``data/lines/fag1993.yaml``; keys that begin with
``lesart_`` are 1 where a reading binds that the case of 2003 does not prove. Evidence of each rule: V verbatim, N
numerically proven by the print of 2003, R reconstructed. Source: ``data/lines/fag1993.yaml`` names it for each line.
"""

from .arrays import (
    anywhere,
    count_above,
    exceeds,
    maximum,
    minimum,
    quotient,
    rounded_half_up,
    share,
    smallest_above,
    total,
    where,
)
from .stages import apply


def vertikale_verteilung(lines, parameters):
    """§ 1 Abs. 1 FAG 1993: Anteile of Bund, Gemeinden and Länder in the Umsatzsteuer. [V, N]

    The whole of the tax is inferred from what the municipalities received of it, so the result checks § 1 but feeds
    nothing: § 2 starts from the sum of the Länderanteile that the ordinance fixes.
    """
    nach_vorab = quotient(total(lines["gemeindeanteil_umsatzsteuer"]), parameters["umsatzsteuer_gemeinden"])
    umsatzsteuer = quotient(nach_vorab, 1 - parameters["umsatzsteuer_vorab_bund"])
    nach_gemeinden = nach_vorab * (1 - parameters["umsatzsteuer_gemeinden"])
    laender = parameters["umsatzsteuer_laender"] * nach_gemeinden
    return {
        "umsatzsteuer_insgesamt": umsatzsteuer,
        "umsatzsteuer_bund": umsatzsteuer - nach_vorab + nach_gemeinden - laender,
        "umsatzsteuer_laender": laender,
    }


def fonds(lines, parameters):
    """§ 1 Abs. 2, 2a und 3 FAG 1993: Länderbeitrag zum Fonds „Deutsche Einheit“. [amounts V, distribution N]

    Berlin (West) pays by inhabitants; of the rest the other old Länder bear half by inhabitants and half by their
    Finanzkraft after the Länderfinanzausgleich, then the Umschichtung shifts fixed amounts among them.
    """
    zuzueglich, minderung = parameters["fonds_zuzueglich"], parameters["fonds_minderung"]
    beitrag = parameters["fonds_schuldendienst"] / 2 + zuzueglich - minderung
    berlin_west = parameters["fonds_nur_nach_einwohnern"] * lines["einwohner_berlin_west"]
    uebrige = parameters["fonds_laender"] * lines["einwohner"]
    nach_einwohnern = beitrag * share(berlin_west + uebrige) * parameters["fonds_nur_nach_einwohnern"]
    haelfte = (beitrag - total(nach_einwohnern)) / 2
    annuitaeten = nach_einwohnern + haelfte * share(uebrige)
    finanzkraft = haelfte * share(parameters["fonds_laender"] * lines["finanzkraft_nach_ausgleich"])
    umschichtung = parameters["umschichtung_anteil"] * parameters["umschichtung"] + 0 * uebrige
    return {
        "fonds_zuzueglich": zuzueglich,
        "fonds_minderung": minderung,
        "fonds_laenderbeitrag": beitrag,
        "fonds_nach_einwohnern": annuitaeten,
        "fonds_nach_finanzkraft": finanzkraft,
        "fonds_umschichtung": umschichtung,
        "fondsanteil": annuitaeten + finanzkraft + umschichtung,
    }


def umsatzsteuerverteilung(lines, parameters):
    """§ 2 FAG 1993: Ergänzungsanteile up to 92 v.H. of average tax receipts, the rest by inhabitants. [N]

    The receipts are those of the Land without Umsatzsteuer, Förderabgabe and Hafenlasten. The Ergänzungsanteile are
    at most a quarter of the Länderanteil and are cut in proportion beyond it (75 v.H. by inhabitants: V; cut: R).
    """
    einwohner = lines["einwohner"]
    steuern = lines["steuereinnahmen"]
    laenderanteil = lines["umsatzsteuer_laenderanteil"]
    durchschnitt = quotient(total(steuern), total(einwohner))
    luecke = maximum(parameters["ergaenzungsanteile_auffuellung"] * durchschnitt * einwohner - steuern, 0)
    kuerzung = minimum(quotient(parameters["ergaenzungsanteile_grenze"] * laenderanteil, total(luecke)), 1)
    ergaenzungsanteil = kuerzung * luecke
    return {
        "steuereinnahmen_in_vh": 100 * quotient(quotient(steuern, einwohner), durchschnitt),
        "ergaenzungsanteil": ergaenzungsanteil,
        "umsatzsteueranteil": ergaenzungsanteil + (laenderanteil - total(ergaenzungsanteil)) * share(einwohner),
        "lesart_ergaenzungsanteile_gekuerzt": where((luecke > 0) & (kuerzung < 1), 1, 0),
    }


def finanzkraftmesszahl(lines, parameters):
    """§ 6 Abs. 1 FAG 1993: Finanzkraftmesszahl, taxes of the Land and its municipalities. [N]"""
    return {"finanzkraftmesszahl": lines["laendersteuern"] + lines["gemeindesteuern"]}


def ausgleichsmesszahl(lines, parameters):
    """§ 6 Abs. 2 FAG 1993: Ausgleichsmesszahl, what the Land would have at the average per weighted inhabitant. [N]"""
    laender = total(lines["laendersteuern"]) * share(lines["gewertete_einwohner_laendersteuern"])
    gemeinden = total(lines["gemeindesteuern"]) * share(lines["gewertete_einwohner_gemeindesteuern"])
    return {
        "ausgleichsmesszahl_laendersteuern": laender,
        "ausgleichsmesszahl_gemeindesteuern": gemeinden,
        "ausgleichsmesszahl": laender + gemeinden,
        "ueberschuss": lines["finanzkraftmesszahl"] - laender - gemeinden,
    }


def laendersteuern(lines, parameters):
    """§ 7 FAG 1993: taxes of the Länder with Förderabgabe (Abs. 2, paragraph R), less Hafenlasten (Abs. 3). [N]"""
    hafenlasten = -parameters["hafenlasten"] + 0 * lines["foerderabgabe"]
    return {
        "abzug_hafenlasten": hafenlasten,
        "laendersteuern": lines["steuereinnahmen"] + lines["umsatzsteueranteil"] + lines["foerderabgabe"] + hafenlasten,
    }


def gemeindesteuern(lines, parameters):
    """§ 8 FAG 1993: taxes of the municipalities, counted by half. [N]

    Of the Realsteuern the national receipts count, spread over the Länder by their standardised Steuerkraftzahlen.
    """
    stufen = parameters["grundsteuer_b_vomhundertsaetze"]
    kraft_a = lines["grundsteuer_a_grundbetraege"] * parameters["grundsteuer_a_vomhundertsatz"] / 100
    kraft_b = betraege_b = 0
    result = {}
    for number in range(len(stufen)):
        stufe = str(number + 1)
        betraege = lines["grundsteuer_b_grundbetraege_" + stufe]
        result["grundsteuer_b_steuerkraft_" + stufe] = betraege * stufen[number] / 100
        betraege_b = betraege_b + betraege
        kraft_b = kraft_b + result["grundsteuer_b_steuerkraft_" + stufe]
    kraft_gewerbe = lines["gewerbesteuer_grundbetraege"] * parameters["gewerbesteuer_vomhundertsatz"] / 100
    anrechnung = parameters["gemeindesteuern_anrechnung"]
    einkommensteuer = anrechnung * lines["gemeindeanteil_einkommensteuer"]
    umsatzsteuer = anrechnung * lines["gemeindeanteil_umsatzsteuer"]
    sonstige = anrechnung * lines["sonstige_gemeindesteuern"]
    grundsteuer_a = anrechnung * lines["aufkommen_grundsteuer_a"] * share(kraft_a)
    grundsteuer_b = anrechnung * lines["aufkommen_grundsteuer_b"] * share(kraft_b)
    gewerbesteuer = anrechnung * lines["aufkommen_gewerbesteuer"] * share(kraft_gewerbe)
    umlage = anrechnung * lines["abzug_gewerbesteuerumlage"]
    result["grundsteuer_b_grundbetraege"] = betraege_b
    result["steuerkraft_grundsteuer_a"] = kraft_a
    result["steuerkraft_grundsteuer_b"] = kraft_b
    result["steuerkraft_gewerbesteuer"] = kraft_gewerbe
    result["realsteuerkraft"] = kraft_a + kraft_b + kraft_gewerbe
    result["angerechnete_einkommensteuer"] = einkommensteuer
    result["angerechnete_umsatzsteuer"] = umsatzsteuer
    result["angerechnete_sonstige_gemeindesteuern"] = sonstige
    result["angerechnete_grundsteuer_a"] = grundsteuer_a
    result["angerechnete_grundsteuer_b"] = grundsteuer_b
    result["angerechnete_gewerbesteuer"] = gewerbesteuer
    result["angerechnete_gewerbesteuerumlage"] = umlage
    result["gemeindesteuern"] = (
        einkommensteuer + umsatzsteuer + sonstige + grundsteuer_a + grundsteuer_b + gewerbesteuer + umlage
    )
    return result


def einwohnerwertung(lines, parameters):
    """§ 9 FAG 1993: gewertete Einwohner for Ländersteuern (Abs. 2) and for Gemeindesteuern (Abs. 3). [N]

    Abs. 3 weighs the inhabitants of each municipality by slices and adds a supplement for dense cities above 500 000
    inhabitants. Each weighted slice and each supplement is a whole number, a half rounded upwards [R]: so computed, all
    16 results of 2003 are exact. Abs. 2 is not rounded.
    """
    result = {}
    sizes = parameters["einwohner_klassen"]
    einwohner = einwohner_schichten = gewertet = gemeinden = ungerundet = 0
    for size in range(len(sizes)):
        name = sizes[size]["klasse"]
        einwohner = einwohner + lines["einwohner_" + name]
        gemeinden = gemeinden + lines["gemeinden_" + name]
        # Municipalities of this class have what exceeds the bound in this slice, those of larger classes fill it.
        schicht = lines["einwohner_" + name] - sizes[size]["ueber"] * lines["gemeinden_" + name]
        for larger in sizes[size + 1 :]:
            schicht = schicht + sizes[size]["breite"] * lines["gemeinden_" + larger["klasse"]]
        result["schicht_" + name] = schicht
        genau = sizes[size]["vomhundertsatz"] * schicht / 100
        result["wertung_" + name] = rounded_half_up(genau)
        ungerundet = ungerundet + abs(result["wertung_" + name] - genau)
        einwohner_schichten = einwohner_schichten + schicht
        gewertet = gewertet + result["wertung_" + name]
    dichte_gemeinden = dichte_einwohner = zuschlag = 0
    for density in parameters["dichte_klassen"]:
        name = density["klasse"]
        dichte_gemeinden = dichte_gemeinden + lines["dichte_gemeinden_" + name]
        dichte_einwohner = dichte_einwohner + lines["dichte_einwohner_" + name]
        genau = density["vomhundertsatz"] * lines["dichte_einwohner_" + name] / 100
        result["zuschlag_" + name] = rounded_half_up(genau)
        ungerundet = ungerundet + abs(result["zuschlag_" + name] - genau)
        zuschlag = zuschlag + result["zuschlag_" + name]
    result["gemeinden"] = gemeinden
    result["einwohner"] = einwohner
    result["schicht"] = einwohner_schichten
    result["wertung"] = gewertet
    result["dichte_gemeinden"] = dichte_gemeinden
    result["dichte_einwohner"] = dichte_einwohner
    result["zuschlag"] = zuschlag
    result["lesart_wertung_gerundet"] = where(ungerundet > 0, 1, 0)
    result["gewertete_einwohner_laendersteuern"] = einwohner * parameters["einwohnerwertung_laendersteuern"] / 100
    result["gewertete_einwohner_gemeindesteuern"] = gewertet + zuschlag
    result["gewertete_einwohner_in_vh"] = 100 * quotient(gewertet + zuschlag, einwohner)
    return result


def ausgleichszuweisungen(lines, parameters):
    """§ 10 Abs. 1 FAG 1993: 37,5 v.H. of the shortfall from 92 to 100 v.H., 100 v.H. of the shortfall below. [N]"""
    fehlbetrag = maximum(-lines["ueberschuss"], 0)
    zone = (1 - parameters["zuweisung_auffuellung_ab"]) * lines["ausgleichsmesszahl"]
    oben = minimum(fehlbetrag, zone)
    unten = fehlbetrag - oben
    zuweisung_oben = parameters["zuweisung_oben"] * oben
    zuweisung_unten = parameters["zuweisung_unten"] * unten
    return {
        "fehlbetrag_92_bis_100": oben,
        "fehlbetrag_bis_92": unten,
        "zuweisung_92_bis_100": zuweisung_oben,
        "zuweisung_bis_92": zuweisung_unten,
        "ausgleichszuweisung": zuweisung_oben + zuweisung_unten,
    }


def ausgleichsbeitraege(lines, parameters):
    """§ 10 Abs. 2 FAG 1993: 15, 66 and 80 v.H. of the surplus by zones, scaled to the sum of the Zuweisungen. [N]"""
    messzahl = lines["ausgleichsmesszahl"]
    ueberschuss = maximum(lines["ueberschuss"], 0)
    erste = (parameters["beitrag_zone_1_bis"] - 1) * messzahl
    zweite = (parameters["beitrag_zone_2_bis"] - 1) * messzahl
    bis_101 = minimum(ueberschuss, erste)
    bis_110 = minimum(ueberschuss, zweite) - bis_101
    ueber_110 = ueberschuss - bis_101 - bis_110
    gewichtet_101 = parameters["beitrag_zone_1"] * bis_101
    gewichtet_110 = parameters["beitrag_zone_2"] * bis_110
    gewichtet_ueber = parameters["beitrag_zone_3"] * ueber_110
    gewichtet = gewichtet_101 + gewichtet_110 + gewichtet_ueber
    faktor = quotient(total(lines["ausgleichszuweisung"]), total(gewichtet))
    return {
        "ueberschuss_100_bis_101": bis_101,
        "ueberschuss_101_bis_110": bis_110,
        "ueberschuss_ueber_110": ueber_110,
        "gewichteter_ueberschuss_100_bis_101": gewichtet_101,
        "gewichteter_ueberschuss_101_bis_110": gewichtet_110,
        "gewichteter_ueberschuss_ueber_110": gewichtet_ueber,
        "gewichteter_ueberschuss": gewichtet,
        "beitragsfaktor": faktor,
        "ausgleich_abs_2": lines["ausgleichszuweisung"] - faktor * gewichtet,
    }


def _restueberschuss(lines, ausgleich):
    """What a paying Land has left above its Ausgleichsmesszahl after paying; never negative. [R]"""
    return where(lines["ueberschuss"] > 0, maximum(lines["ueberschuss"] + ausgleich, 0), 0)


def _garantierte_laendersteuern(lines, ausgleich):
    """Average Ländersteuern per weighted inhabitant, times the weighted inhabitants; and what the Land has."""
    gewertet = lines["gewertete_einwohner_laendersteuern"]
    durchschnitt = quotient(total(lines["laendersteuern"]), total(gewertet))
    nach_ausgleich = lines["laendersteuern"] + ausgleich
    je_einwohner = quotient(nach_ausgleich, gewertet)
    return durchschnitt * gewertet, nach_ausgleich, je_einwohner, 100 * quotient(je_einwohner, durchschnitt)


def laendersteuergarantie_empfaenger(lines, parameters):
    """§ 10 Abs. 3 Satz 1 FAG 1993: half the gap of an entitled Land to 95 v.H. of average Ländersteuern. [N, half: R]

    All paying Länder bear it in proportion to their remaining surpluses. Where none has any, nothing is granted [R].
    """
    vorher = lines["ausgleich_abs_2"]
    soll, nach_ausgleich, je_einwohner, in_vh = _garantierte_laendersteuern(lines, vorher)
    fehlbetrag = where(
        lines["ueberschuss"] < 0, maximum(parameters["garantie_empfaenger"] * soll - nach_ausgleich, 0), 0
    )
    rest = _restueberschuss(lines, vorher)
    anteil = share(rest)
    erhoehung = parameters["garantie_empfaenger_ausgleich"] * fehlbetrag * total(anteil)
    uebernahme = total(erhoehung) * anteil
    return {
        "laendersteuern_nach_abs_2": nach_ausgleich,
        "laendersteuern_je_einwohner_nach_abs_2": je_einwohner,
        "laendersteuern_in_vh_nach_abs_2": in_vh,
        "fehlbetrag_an_95": fehlbetrag,
        "erhoehung_der_zuweisung": erhoehung,
        "restueberschuss_abs_2": rest,
        "anteil_abs_3_satz_1": anteil,
        "uebernahme_abs_3_satz_1": uebernahme,
        "korrektur_abs_3_satz_1": erhoehung - uebernahme,
        "ausgleich_abs_3_satz_1": vorher + erhoehung - uebernahme,
        "lesart_erhoehung_zur_haelfte": where(erhoehung > 0, 1, 0),
    }


def laendersteuergarantie_zahler(lines, parameters):
    """§ 10 Abs. 3 Satz 2 und 3 FAG 1993: a quarter of a payer's gap to average Ländersteuern. [N, quarter: R]

    The Hebung is at most the Beitrag [R]. All payers, the lifted one too, bear it by their remaining surpluses.
    """
    vorher = lines["ausgleich_abs_3_satz_1"]
    beitrag = where(lines["ueberschuss"] > 0, maximum(-vorher, 0), 0)
    soll, nach_ausgleich, je_einwohner, in_vh = _garantierte_laendersteuern(lines, vorher)
    fehlbetrag = where(lines["ueberschuss"] > 0, maximum(parameters["garantie_zahler"] * soll - nach_ausgleich, 0), 0)
    ungekappt = parameters["garantie_zahler_ausgleich"] * fehlbetrag
    hebung = minimum(ungekappt, beitrag)
    rest = _restueberschuss(lines, vorher + hebung)
    anteil = share(rest)
    hebung = hebung * total(anteil)
    finanzierung = total(hebung) * anteil
    return {
        "laendersteuern_nach_abs_3_satz_1": nach_ausgleich,
        "laendersteuern_je_einwohner_nach_abs_3_satz_1": je_einwohner,
        "laendersteuern_in_vh_nach_abs_3_satz_1": in_vh,
        "fehlbetrag_an_100": fehlbetrag,
        "hebung_abs_3": hebung,
        "restueberschuss_abs_3": rest,
        "anteil_abs_3_satz_3": anteil,
        "finanzierung_abs_3": finanzierung,
        "korrektur_abs_3_satz_3": hebung - finanzierung,
        "ausgleich_abs_3": vorher + hebung - finanzierung,
        "lesart_hebung_zu_einem_viertel": where(hebung > 0, 1, 0),
        "lesart_hebung_hoechstens_beitrag": where(ungekappt > beitrag, 1, 0),
    }


def belastungsobergrenze(lines, parameters):
    """§ 10 Abs. 4 FAG 1993: no Beitrag above 15 v.H. of the surplus to 101 v.H. and 80 v.H. of the surplus beyond. [N]

    Half of what exceeds the limit is borne by payers below it, each up to its own limit; the other half by all payers.
    What the caps leave uncovered all Länder bear by their Finanzkraft (Satz 3) [R].
    """
    vorher = lines["ausgleich_abs_3"]
    ueberschuss = maximum(lines["ueberschuss"], 0)
    erste = minimum(ueberschuss, (parameters["beitrag_zone_1_bis"] - 1) * lines["ausgleichsmesszahl"])
    grenze_unten = parameters["obergrenze_zone_1"] * erste
    grenze_oben = parameters["obergrenze_darueber"] * (ueberschuss - erste)
    grenze = grenze_unten + grenze_oben
    beitrag = where(lines["ueberschuss"] > 0, maximum(-vorher, 0), 0)
    ueberabschoepfung = maximum(beitrag - grenze, 0)
    spielraum = where(lines["ueberschuss"] > 0, maximum(grenze - beitrag, 0), 0)
    rest = _restueberschuss(lines, vorher)
    haelfte = total(ueberabschoepfung) / 2
    rest_2a = where(spielraum > 0, rest, 0)
    wunsch_2a = haelfte * share(rest_2a)
    finanzierung_2a = minimum(wunsch_2a, spielraum)
    rest_2b = _restueberschuss(lines, vorher + ueberabschoepfung)
    finanzierung_2b = haelfte * share(rest_2b)
    korrektur = ueberabschoepfung - finanzierung_2a - finanzierung_2b
    finanzkraft = lines["finanzkraftmesszahl"] + vorher + korrektur
    gedeckt = total(finanzierung_2a + finanzierung_2b)
    ungedeckt = where(exceeds(0 * rest + total(ueberabschoepfung), gedeckt), total(ueberabschoepfung) - gedeckt, 0)
    finanzierung_3 = ungedeckt * share(finanzkraft)
    ausgleich = vorher + korrektur - finanzierung_3
    relation = 100 * quotient(lines["finanzkraftmesszahl"] + ausgleich, lines["ausgleichsmesszahl"])
    return {
        "beitrag_nach_abs_3": -beitrag,
        "obergrenze_bis_101": grenze_unten,
        "obergrenze_ueber_101": grenze_oben,
        "belastungsobergrenze": grenze,
        "ueberabschoepfung": ueberabschoepfung,
        "noch_abschoepfbar": spielraum,
        "restueberschuss_abs_4_satz_2a": rest_2a,
        "finanzierung_abs_4_satz_2a": -finanzierung_2a,
        "restueberschuss_abs_4_satz_2b": rest_2b,
        "finanzierung_abs_4_satz_2b": -finanzierung_2b,
        "korrektur_abs_4_satz_2": korrektur,
        "finanzkraft_nach_abs_4_satz_2": finanzkraft,
        "finanzierung_abs_4_satz_3": -finanzierung_3,
        "ausgleich_abs_4": ausgleich,
        "finanzkraftrelation_nach_abs_4": relation,
        "lesart_spielraum_ausgeschoepft": where(wunsch_2a > spielraum, 1, 0),
        "lesart_alle_laender_tragen_mit": where(ungedeckt > 0, 1, 0),
    }


def rangfolge(lines, parameters):
    """§ 10 Abs. 5 FAG 1993: the paying Länder keep the order of their Finanzkraft. [N; for several Länder: R]

    Each payer is cut to the smallest relation of the payers that stood above it before § 10 Abs. 2; the uncut ones get
    the sum back by their remaining surpluses, and so on until no inversion is left.
    """
    messzahl = lines["ausgleichsmesszahl"]
    zahler = lines["ueberschuss"] > 0
    relation_vorher = 100 * quotient(lines["finanzkraftmesszahl"], messzahl)
    ausgleich = lines["ausgleich_abs_4"]
    relation_abs_4 = lines["finanzkraftrelation_nach_abs_4"]
    relation = relation_abs_4
    gesunken = gestiegen = mehrfach = 0 * ausgleich
    rest_abs_4 = _restueberschuss(lines, ausgleich)
    for durchgang in range(len(parameters["laender"])):
        grenze = smallest_above(relation_vorher, zahler, relation)
        verletzt = zahler & exceeds(relation, grenze)
        if not anywhere(verletzt):
            break
        rest = where(verletzt, 0, _restueberschuss(lines, ausgleich))
        anteil = share(rest)
        erhoehung = where(verletzt, (relation - grenze) * messzahl / 100, 0) * total(anteil)
        rueckgabe = total(erhoehung) * anteil
        ausgleich = ausgleich - erhoehung + rueckgabe
        gesunken = gesunken - erhoehung
        gestiegen = gestiegen + rueckgabe
        mehrfach = where(verletzt, mehrfach + total(where(verletzt, 1, 0)) + (durchgang > 0), mehrfach)
        relation = 100 * quotient(lines["finanzkraftmesszahl"] + ausgleich, messzahl)
    return {
        "finanzkraftrelation_vor_abs_2": relation_vorher,
        "reihenfolge_vor_abs_2": where(zahler, 1 + count_above(relation_vorher, zahler), 0),
        "reihenfolge_nach_abs_4": where(zahler, 1 + count_above(relation_abs_4, zahler), 0),
        "erhoehung_beitrag": gesunken,
        "restueberschuss_abs_4": rest_abs_4,
        "senkung_beitrag": gestiegen,
        "finanzkraftrelation_nach_abs_5": relation,
        "reihenfolge_nach_abs_5": where(zahler, 1 + count_above(relation, zahler), 0),
        "ausgleich": ausgleich,
        "finanzkraft_nach_ausgleich": lines["finanzkraftmesszahl"] + ausgleich,
        "lesart_rangfolge_mehrerer": where(mehrfach > 1, 1, 0),
    }


def abschlusszahlungen(lines, parameters):
    """§ 15 FAG 1993: what is still to be paid once the amounts are fixed; minus means the Land pays. [N]

    Starts from the fixed amounts, rounded as the ordinance fixes them, not from the unrounded computation.
    """
    fest = lines["festgestellter_umsatzsteueranteil"] + lines["festgestellter_ausgleich"]
    fonds_gezahlt = lines["fonds_einbehalt"] + lines["fonds_zwischenabrechnung"]
    fonds_auszugleichen = fonds_gezahlt - lines["festgestellter_fondsanteil"]
    return {
        "fonds_gezahlt": fonds_gezahlt,
        "fonds_auszugleichen": fonds_auszugleichen,
        "abschlusszahlung": fest - lines["bisher_umsatzsteuer_und_ausgleich"] + fonds_auszugleichen,
    }


STAGES = (
    ("einwohner", (einwohnerwertung,)),
    ("vertikal", (vertikale_verteilung,)),
    ("umsatzsteuer", (umsatzsteuerverteilung,)),
    ("laendersteuern", (laendersteuern,)),
    ("gemeindesteuern", (gemeindesteuern,)),
    ("finanzkraft", (finanzkraftmesszahl,)),
    ("ausgleichsmesszahl", (ausgleichsmesszahl,)),
    ("tarif", (ausgleichszuweisungen, ausgleichsbeitraege)),
    ("laendersteuergarantie", (laendersteuergarantie_empfaenger, laendersteuergarantie_zahler)),
    ("belastungsobergrenze", (belastungsobergrenze,)),
    ("rangfolge", (rangfolge,)),
    ("fonds", (fonds,)),
    ("abschluss", (abschlusszahlungen,)),
)


def settle(inputs, parameters, stages=None):
    """FAG 1993: the inputs and every line of the stages asked for (all by default), by key."""
    return apply(STAGES, inputs, parameters, stages)
