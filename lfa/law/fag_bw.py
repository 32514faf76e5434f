"""Gesetz über den kommunalen Finanzausgleich of Baden-Württemberg (FAG BW) of 2013 and of 2023, for single bodies.

Each function is one rule, in the order of the statute; ``BODIES`` names, for each kind of body, its rules in the order
of computation. A rule takes the lines known so far and the parameters of the year - those of the statute and those the
Finanzministerium announces - and returns the lines it adds. Every array has the bodies on its last axis; what is one
number for the whole Land is a number. Money in euro, areas in hectare, roads in kilometres, rates and shares in v.H.;
``vorjahr`` is the year before the Ausgleichsjahr, ``vorvorjahr`` the one before that.

Evidence of each rule: V verbatim, R reconstructed, uncertain or known from the announcements alone. Where the wording
leaves a choice, a parameter takes it, and a key that begins with ``lesart_`` is 1 where the choice matters. What could
not be read at all is an input: the shares of § 11 Abs. 4 and 5, the weights of § 29c, the Grundbetrag of § 7, the
Kopfbetrag of § 10. The inhabitants are those of § 30, of 30 June of the Vorjahr.
"""

from .arrays import exceeds, maximum, minimum, quotient, rounded_half_up, total, where

SCHULARTEN = (
    "hauptschule",
    "realschule",
    "gymnasium",
    "progymnasium",
    "schule_besonderer_art",
    "berufsschule_teilzeit",
    "berufsschule_vollzeit",
    "grundschulfoerderklasse",
    "lernen",
    "geistige_entwicklung",
    "sehen",
    "hoeren",
    "sprache",
    "koerperliche_entwicklung",
    "soziale_entwicklung",
    "krankenhaus",
)
KINDER = (
    "kinder_bis_29_stunden",
    "kinder_bis_34_stunden",
    "kinder_bis_39_stunden",
    "kinder_bis_44_stunden",
    "kinder_ueber_44_stunden",
)
ERSTATTUNGEN = (
    "mittlerer_dienst",
    "mittlerer_dienst_ruhestand",
    "mittlerer_dienst_hinterbliebene",
    "gehobener_dienst",
    "gehobener_dienst_ruhestand",
    "gehobener_dienst_hinterbliebene",
    "hoeherer_dienst",
)
TEILZAHLUNGEN = ("teilzahlung_q1", "teilzahlung_q2", "teilzahlung_q3", "teilzahlung_q4")


def umlagesatz(lines, parameters):
    """§ 1a Abs. 2 FAG BW: rate of the Finanzausgleichsumlage of a Gemeinde, higher from 60 v.H. of its needs. [V]

    „Für jeweils 1 Prozent“ is read as whole per cent; pro rata is a parameter [R].
    """
    in_vh = 100 * quotient(lines["steuerkraftmesszahl"], lines["bedarfsmesszahl"])
    mehr = maximum(in_vh - parameters["umlage_schwelle"], 0 * in_vh)
    in_stufen, stufenlos = [
        minimum(parameters["umlage"] + parameters["umlage_steigerung"] * x, parameters["umlage_hoechstens"])
        for x in (_abgerundet(mehr, 1), mehr)
    ]
    return {
        "steuerkraft_in_vh": in_vh,
        "umlagesatz": in_stufen if parameters["umlage_ganze_prozent"] else stufenlos,
        "lesart_umlage_ganze_prozent": _verschieden(in_stufen, stufenlos),
    }


def umlage_gemeinde(lines, parameters):
    """§ 1a Abs. 2 FAG BW: Finanzausgleichsumlage of a Gemeinde, on its Steuerkraftsumme. [V]"""
    return {"finanzausgleichsumlage": lines["umlagesatz"] / 100 * lines["steuerkraftsumme"]}


def umlage_stadtkreis(lines, parameters):
    """§ 1a Abs. 2 FAG BW: Finanzausgleichsumlage of a Stadtkreis; its higher rate falls on the part as Gemeinde. [V]"""
    als_gemeinde = lines["steuerkraftmesszahl"] + lines["schluesselzuweisung_vorvorjahr"]
    hoeher = lines["umlagesatz"] - parameters["umlage"]
    grundsatz, mehr = parameters["umlage"] / 100 * lines["steuerkraftsumme"], hoeher / 100 * als_gemeinde
    return {
        "steuerkraftsumme_als_gemeinde": als_gemeinde,
        "umlagesatz_mehr": hoeher,
        "umlage_grundsatz": grundsatz,
        "umlage_mehr": mehr,
        "finanzausgleichsumlage": grundsatz + mehr,
    }


def umlage_landkreis(lines, parameters):
    """§ 1a Abs. 2 FAG BW: Finanzausgleichsumlage of a Landkreis, without the Steuerkraftsummen of its Gemeinden. [V]"""
    grundlage = lines["schluesselzuweisung_landkreis_vorvorjahr"] + lines["grunderwerbsteuer_vorvorjahr"]
    return {"umlagegrundlage": grundlage, "finanzausgleichsumlage": parameters["umlage"] / 100 * grundlage}


def investitionspauschale(lines, parameters):
    """§ 4 FAG BW: Kommunale Investitionspauschale, inhabitants weighted by seven classes of Steuerkraft. [R]

    Read word for word, but in an undated text; for 2023 only probable. Which Steuerkraftsumme counts for a Stadtkreis
    was not read: that of § 38 Abs. 3.
    """
    je_einwohner = quotient(lines["steuerkraftsumme"], lines["einwohner"])
    in_vh = 100 * quotient(je_einwohner, lines["steuerkraftsumme_je_einwohner_land"])
    gewichte = parameters["investitionspauschale_gewichte"]
    gewicht = gewichte[0] + 0 * in_vh
    for grenze, ab_grenze in zip(parameters["investitionspauschale_grenzen"], gewichte[1:]):
        gewicht = where(exceeds(grenze, in_vh), gewicht, ab_grenze)
    gewichtete = gewicht / 100 * lines["einwohner"]
    return {
        "steuerkraftsumme_in_vh": in_vh,
        "gewichtete_einwohner": gewichtete,
        "investitionspauschale": parameters["investitionspauschale"] * gewichtete,
    }


def schluesselzahl(lines, parameters):
    """§ 5 Abs. 2 und 3 FAG BW: Schlüsselzahl, by which the Bedarfsmesszahl exceeds the Steuerkraftmesszahl. [V]

    The gap to the Sockel counts only where the taxes were levied at the rates of § 6 Abs. 1 at least in the Vorjahr.
    """
    messzahl, kraft = lines["bedarfsmesszahl"], lines["steuerkraftmesszahl"]
    erhoben = (
        (lines["hebesatz_grundsteuer_a_vorjahr"] >= parameters["anrechnung_grundsteuer_a"])
        & (lines["hebesatz_grundsteuer_b_vorjahr"] >= parameters["anrechnung_grundsteuer_b"])
        & (lines["hebesatz_gewerbesteuer_vorjahr"] >= parameters["anrechnung_gewerbesteuer"])
    )
    return {
        "schluesselzahl": maximum(messzahl - kraft, 0),
        "luecke_zum_sockel": where(
            erhoben, maximum(parameters["mehrzuweisung_sockel"] / 100 * messzahl - kraft, 0), 0 * kraft
        ),
    }


def ausschuettungsquote(lines, parameters):
    """§ 5 Abs. 2 FAG BW: what is left of the Schlüsselmasse by the sum of the Schlüsselzahlen, of all Gemeinden. [V]

    The Mehrzuweisungen take 100 v.H. less the quota of every gap, and so depend on it: solved for the quota.
    """
    luecken = total(lines["luecke_zum_sockel"])
    ueber_sockel = total(lines["schluesselzahl"]) - luecken
    return {"ausschuettungsquote": 100 * quotient(lines["schluesselmasse"] - luecken, ueber_sockel)}


def schluesselzuweisung(lines, parameters):
    """§ 5 FAG BW: Schlüsselzuweisung, a quota of the Schlüsselzahl, and the Mehrzuweisung up to the Sockel. [V]

    The announcement of 2013 prints „Schlüsselzahlen 2012“. The statute knows those of the year alone, which count;
    those of the Vorjahr are a parameter [R].
    """
    zahl = lines["schluesselzahl"]
    if parameters["schluesselzahl_des_vorjahres"]:
        zahl = lines["schluesselzahl_vorjahr"]
    nach_schluesselzahl = parameters["schluesselzahlen_gemeinden"] / 100 * zahl
    mehrzuweisung = parameters["mehrzuweisung"] / 100 * lines["luecke_zum_sockel"]
    return {
        "zuweisung_nach_schluesselzahl": nach_schluesselzahl,
        "mehrzuweisung": mehrzuweisung,
        "schluesselzuweisung": nach_schluesselzahl + mehrzuweisung,
    }


def steuerkraftmesszahl(lines, parameters):
    """§ 6 FAG BW: Steuerkraftmesszahl of a Gemeinde, from its taxes of the Vorvorjahr at uniform rates. [V; 2013: R]

    What counts instead of a tax that is not levied (Abs. 4) was not read in full: here nothing does.
    """
    grundsteuer_a, grundsteuer_b, gewerbesteuer = [
        parameters["anrechnung_" + steuer] * quotient(lines[steuer], lines["hebesatz_" + steuer])
        for steuer in ("grundsteuer_a", "grundsteuer_b", "gewerbesteuer")
    ]
    nach_schluessel = lines["einkommensteuer_land"] + lines["familienleistungsausgleich_land_vorvorjahr"]
    anteile = lines["einkommensteuer_schluesselzahl"] * nach_schluessel
    umsatzsteuer = parameters["anrechnung_umsatzsteuer"] / 100 * lines["umsatzsteueranteil"]
    realsteuern = grundsteuer_a + grundsteuer_b + gewerbesteuer - lines["gewerbesteuerumlage"]
    return {
        "steuerkraft_realsteuern": realsteuern,
        "steuerkraft_einkommensteuer": anteile,
        "steuerkraft_umsatzsteuer": umsatzsteuer,
        "steuerkraftmesszahl": realsteuern + anteile + umsatzsteuer,
    }


def bedarfsmesszahl(lines, parameters):
    """§ 7 FAG BW: Bedarfsmesszahl of a Gemeinde, by its size and from 2021 by its area per inhabitant (B). [V]

    Readings: the supplement for students, soldiers and police since 2021; the last step of the area [R].
    """
    einwohner, grundbetrag = lines["einwohner"], lines["grundbetrag"]
    schritt = parameters["kopfbetrag_aufrundung"]
    kopfbetrag = _kopfbetrag(
        einwohner, parameters["kopfbetrag_einwohner"], parameters["kopfbetrag_saetze"], grundbetrag, schritt
    )
    personen = lines["zuschlag_personen"] if parameters["bedarf_zuschlag_gilt"] else 0
    zuschlag = parameters["bedarf_zuschlag"] / 100 * kopfbetrag * personen
    result = {"kopfbetrag": kopfbetrag, "bedarf_zuschlag": zuschlag}
    result["bedarfsmesszahl_a"] = einwohner * kopfbetrag + zuschlag
    result["bedarfsmesszahl_b"] = 0 * einwohner
    if parameters["kopfbetrag_flaeche_anteil"]:
        # A hectare is a square of 100 metres.
        je_einwohner = quotient(100 * 100 * lines["flaeche"], einwohner)
        betrag = parameters["kopfbetrag_flaeche_anteil"] / 100 * grundbetrag
        stellen, saetze = parameters["kopfbetrag_flaeche"], parameters["kopfbetrag_flaeche_saetze"]
        steigend = _kopfbetrag(je_einwohner, stellen, saetze, betrag, schritt)
        bis_zur_stufe = _kopfbetrag(je_einwohner, stellen[:-1], saetze[:-1], betrag, schritt)
        springend = where(exceeds(je_einwohner, stellen[-1]), saetze[-1] / 100 * betrag, bis_zur_stufe)
        je_kopf = steigend if parameters["kopfbetrag_flaeche_letzte_stufe_steigt"] else springend
        result["flaeche_je_einwohner"] = je_einwohner
        result["kopfbetrag_flaeche"] = je_kopf
        result["bedarfsmesszahl_b"] = einwohner * je_kopf
        result["lesart_letzte_stufe_der_flaeche"] = _verschieden(steigend, springend)
    result["bedarfsmesszahl"] = result["bedarfsmesszahl_a"] + result["bedarfsmesszahl_b"]
    return result


def schluesselzuweisung_stadtkreis(lines, parameters):
    """§ 7a FAG BW: Schlüsselzuweisung to a Stadtkreis by inhabitants. [V]"""
    return {"schluesselzuweisung_stadtkreis": parameters["schluesselzuweisung_stadtkreise"] * lines["einwohner"]}


def schluesselzuweisung_landkreis(lines, parameters):
    """§ 8 FAG BW: Schlüsselzuweisung to a Landkreis, a quota of its Schlüsselzahl; there is no Sockel. [V]"""
    zahl = maximum(lines["bedarfsmesszahl_landkreis"] - lines["steuerkraftmesszahl_landkreis"], 0)
    return {
        "schluesselzahl_landkreis": zahl,
        "schluesselzuweisung_landkreis": parameters["schluesselzahlen_landkreise"] / 100 * zahl,
    }


def steuerkraftmesszahl_landkreis(lines, parameters):
    """§ 9 FAG BW: Steuerkraftmesszahl of a Landkreis, its Gemeinden at the average Kreisumlage, Grunderwerbsteuer. [V]

    An ordinance of each year names the average rate of the Kreisumlage (Teilbetrag).
    """
    teilbetrag = lines["kreisumlage_landesdurchschnitt"] / 100 * lines["steuerkraftsummen_der_gemeinden"]
    return {"steuerkraftmesszahl_landkreis": teilbetrag + lines["grunderwerbsteuer_vorvorjahr"]}


def bedarfsmesszahl_landkreis(lines, parameters):
    """§ 10 FAG BW: Bedarfsmesszahl of a Landkreis, inhabitants times the Kopfbetrag of each year's ordinance. [V]"""
    return {"bedarfsmesszahl_landkreis": lines["kopfbetrag_landkreise"] * lines["einwohner"]}


def verwaltungsbehoerde_stadtkreis(lines, parameters):
    """§ 11 Abs. 1 Nr. 1 FAG BW: a Stadtkreis as untere Verwaltungsbehörde. [V]"""
    return {"verwaltungsbehoerde": parameters["verwaltungsbehoerde_stadtkreis"] * lines["einwohner"]}


def verwaltungsbehoerde_landkreis(lines, parameters):
    """§ 11 Abs. 1 Nr. 2 FAG BW: a Landkreis; less where a Große Kreisstadt or Verwaltungsgemeinschaft does it. [V]"""
    andere = lines["einwohner_grosse_kreisstaedte_und_vg"]
    fuer_andere = parameters["verwaltungsbehoerde_landkreis_grosse_kreisstaedte"] * andere
    fuer_uebrige = parameters["verwaltungsbehoerde_landkreis_uebrige"] * (lines["einwohner"] - andere)
    return {
        "einwohner_uebrige": lines["einwohner"] - andere,
        "verwaltungsbehoerde_grosse_kreisstaedte": fuer_andere,
        "verwaltungsbehoerde_uebrige": fuer_uebrige,
        "verwaltungsbehoerde": fuer_andere + fuer_uebrige,
    }


def verwaltungsbehoerde_grosse_kreisstadt(lines, parameters):
    """§ 11 Abs. 1 Nr. 3 FAG BW: a Große Kreisstadt; less in a Verwaltungsgemeinschaft after § 17 LVG. [V]"""
    je_einwohner = where(
        lines["in_verwaltungsgemeinschaft"] > 0,
        parameters["verwaltungsbehoerde_grosse_kreisstadt_mit_vg"],
        parameters["verwaltungsbehoerde_grosse_kreisstadt_ohne_vg"],
    )
    return {
        "verwaltungsbehoerde_je_einwohner": je_einwohner,
        "verwaltungsbehoerde": je_einwohner * lines["einwohner"],
    }


def verwaltungsbehoerde_verwaltungsgemeinschaft(lines, parameters):
    """§ 11 Abs. 1 Nr. 4 FAG BW: a Verwaltungsgemeinschaft after § 17 LVG. [V]"""
    return {"verwaltungsbehoerde": parameters["verwaltungsbehoerde_verwaltungsgemeinschaft"] * lines["einwohner"]}


def grunderwerbsteuer(lines, parameters):
    """§ 11 Abs. 2 FAG BW: a part of the Grunderwerbsteuer raised in the territory of a Stadt- or Landkreis. [V]"""
    anteil = parameters["grunderwerbsteuer_anteil"] / 100
    return {"grunderwerbsteuer": anteil * lines["grunderwerbsteuer_aufkommen"]}


def verwaltungsreform_absatz_4(lines, parameters):
    """§ 11 Abs. 4 FAG BW: a fixed share of the amount for Aufgaben taken over. [V; the shares were not read]"""
    anteil = lines["verwaltungsreform_absatz_4_anteil"] / 100
    return {"verwaltungsreform_absatz_4": anteil * parameters["verwaltungsreform_absatz_4"]}


def verwaltungsreform_absatz_5(lines, parameters):
    """§ 11 Abs. 5 FAG BW: in 2013, a fixed share of a second amount, later part of Abs. 4. [V; shares not read]"""
    if "verwaltungsreform_absatz_5" not in parameters:
        return {}
    anteil = lines["verwaltungsreform_absatz_5_anteil"] / 100
    return {"verwaltungsreform_absatz_5": anteil * parameters["verwaltungsreform_absatz_5"]}


def sachkostenbeitrag(lines, parameters):
    """§ 17 und § 18a Abs. 2 FAG BW: Sachkostenbeitrag for each pupil or child of the Vorjahr by kind of school. [V]

    Pupils of Grundschulen and Fachschulen do not count. What counts for schools with courses (Abs. 4) was not read.
    """
    betraege = [
        ("sachkostenbeitrag_" + art, parameters["sachkosten_" + art] * lines["schueler_" + art]) for art in SCHULARTEN
    ]
    return _mit_summe("sachkostenbeitrag", betraege)


def schuelerbefoerderung(lines, parameters):
    """§ 18 Abs. 3 FAG BW: Schülerbeförderung, a share of Anlage 1. [V; the shares of 2013 and 2023 are not proven]"""
    anteil = lines["schuelerbefoerderung_anteil"] / 100
    return {"schuelerbefoerderung": anteil * parameters["schuelerbefoerderung"]}


def fremdenverkehr(lines, parameters):
    """§ 20 FAG BW: Fremdenverkehrsgemeinden above a number of nights; those in Heilbädern and Kurorten weigh more. [V]

    That the amount announced is one for each weighted night is a reading, and a parameter [R].
    """
    heilbad, kurort = lines["uebernachtungen_heilbad"], lines["uebernachtungen_kurort"]
    gezaehlt = heilbad + kurort + lines["uebernachtungen_uebrige"]
    gewichtet = (
        parameters["fremdenverkehr_gewicht_heilbad"] * heilbad
        + parameters["fremdenverkehr_gewicht_kurort"] * kurort
        + lines["uebernachtungen_uebrige"]
    )
    berechtigt = gezaehlt > parameters["fremdenverkehr_uebernachtungen"]
    massgebend = where(berechtigt, gewichtet if parameters["fremdenverkehr_gewichtet"] else gezaehlt, 0 * gezaehlt)
    return {
        "gewichtete_uebernachtungen": gewichtet,
        "massgebende_uebernachtungen": massgebend,
        "fremdenverkehr": parameters["fremdenverkehr"] * massgebend,
        "lesart_gewichtete_uebernachtungen": where(berechtigt, _verschieden(gewichtet, gezaehlt), 0 * gezaehlt),
    }


def kreisstrassenbetraege(lines, parameters):
    """§ 25 Abs. 1 FAG BW: amounts for a kilometre in the ratio of their weights, rounded down to full 100 euro. [V]"""
    return _kilometerbetraege("kreisstrassen", ("stufe_1", "stufe_2", "stufe_3", "abgestuft"), lines, parameters)


def kreisstrassen(lines, parameters):
    """§ 25 FAG BW: Kreisstraßen of a Landkreis, more for each kilometre the more there are for its inhabitants. [V]

    Abgestufte Landesstraßen count apart. Readings: Ortsdurchfahrten take no room in the second band; inhabitants by
    thousand are not rounded. Both are parameters [R].
    """
    genau = lines["einwohner"] / parameters["kreisstrassen_teiler"]
    gerundet = rounded_half_up(genau)
    runden, innerhalb = (
        parameters["kreisstrassen_einwohner_gerundet"],
        parameters["kreisstrassen_ortsdurchfahrten_in_stufe_2"],
    )
    grenze, andere_grenze = (gerundet, genau) if runden else (genau, gerundet)
    kilometer = _kreisstrassen(grenze, innerhalb, lines)
    result = {"kreisstrassen_kilometer_" + stufe: lang for stufe, lang in kilometer.items()}
    result.update(_je_art("kreisstrassen", kilometer, parameters))
    betrag, anders_gerundet, anders_gezaehlt = [
        _je_art("kreisstrassen", lang, parameters)["kreisstrassen"]
        for lang in (
            kilometer,
            _kreisstrassen(andere_grenze, innerhalb, lines),
            _kreisstrassen(grenze, 1 - innerhalb, lines),
        )
    ]
    result["lesart_einwohner_gerundet"] = _verschieden(betrag, anders_gerundet)
    result["lesart_ortsdurchfahrten_in_stufe_2"] = _verschieden(betrag, anders_gezaehlt)
    return result


def _kreisstrassen(grenze, ortsdurchfahrten_innerhalb, lines):
    """Kilometres of each kind; each of the first two bands holds as many as ``grenze``."""
    kilometer, ortsdurchfahrten = lines["kreisstrassen_kilometer"], lines["kreisstrassen_ortsdurchfahrten"]
    platz = maximum(grenze - ortsdurchfahrten_innerhalb * ortsdurchfahrten, 0)
    stufe_1 = minimum(kilometer, grenze)
    weitere = minimum(kilometer - stufe_1, platz)
    return {
        "stufe_1": stufe_1,
        "stufe_2": weitere + ortsdurchfahrten,
        "stufe_3": kilometer - stufe_1 - weitere,
        "abgestuft": lines["kreisstrassen_abgestufte"],
    }


def gemeindestrassenbetraege(lines, parameters):
    """§ 26 FAG BW: amounts for a kilometre in the ratio of their weights, rounded down to full 100 euro. [V]"""
    arten = ("verbindung", "ortsdurchfahrt", "kreisstrasse", "abgestuft")
    return _kilometerbetraege("gemeindestrassen", arten, lines, parameters)


def gemeindestrassen(lines, parameters):
    """§ 26 FAG BW: roads that a Gemeinde, or a Zweckverband, has to keep up. [V]"""
    kilometer = {
        "verbindung": lines["gemeindeverbindungsstrassen"],
        "ortsdurchfahrt": lines["ortsdurchfahrten"],
        "kreisstrasse": lines["kreisstrassen_der_gemeinde"],
        "abgestuft": lines["abgestufte_kreisstrassen_der_gemeinde"],
    }
    return _je_art("gemeindestrassen", kilometer, parameters)


def investitionen_nach_flaeche(lines, parameters):
    """§ 27 Abs. 1 FAG BW: pauschale Investitionszuweisung by area. [V]"""
    return {"investitionen_nach_flaeche": parameters["investitionen_je_hektar"] * lines["flaeche"]}


def nahverkehr(lines, parameters):
    """§ 28 FAG BW: Personennahverkehr, to Stadt- and Landkreise by inhabitants and by area. [V]"""
    nach_einwohnern = parameters["nahverkehr_anteil_einwohner"] * quotient(lines["einwohner"], lines["einwohner_land"])
    nach_flaeche = parameters["nahverkehr_anteil_flaeche"] * quotient(lines["flaeche"], lines["flaeche_land"])
    anteil = nach_einwohnern + nach_flaeche
    return {"nahverkehr_anteil": 100 * anteil, "nahverkehr": parameters["nahverkehr"] * anteil}


def ausbildung(lines, parameters):
    """§ 29 Abs. 1 FAG BW: once for each Auszubildende or Dienstanfänger in the Einführungspraktikum. [V]"""
    return {"ausbildung": parameters["ausbildung"] * lines["auszubildende"]}


def familienleistungsausgleich(lines, parameters):
    """§ 29a FAG BW: Familienleistungsausgleich, by the Schlüsselzahlen of the Einkommensteuer. [V]"""
    schluessel = lines["einkommensteuer_schluesselzahl"]
    return {"familienleistungsausgleich": parameters["familienleistungsausgleich"] * schluessel}


def umgerechnete_kinder(lines, parameters):
    """§ 29b FAG BW: children in Tageseinrichtungen, weighted by their hours a week. [V; weights of 2013 not read]

    Where the weights are not known, the weighted children are an input. A number that the statistics suppress counts
    as two children and is to be entered so.
    """
    if "kindergarten_gewichte" not in parameters:
        return {}
    kinder = 0
    for gruppe, gewicht in zip(KINDER, parameters["kindergarten_gewichte"]):
        kinder = gewicht * lines[gruppe] + kinder
    return {"umgerechnete_kinder": kinder}


def kindergarten(lines, parameters):
    """§ 29b FAG BW: Kindergartenlastenausgleich, an amount for each weighted child. [V]"""
    return {"kindergarten": parameters["kindergarten_je_kind"] * lines["umgerechnete_kinder"]}


def kleinkinder(lines, parameters):
    """§ 29c FAG BW: Kleinkindbetreuung, an amount for each weighted child. [R; weights and rule of 2013 not read]"""
    return {"kleinkinder": parameters["kleinkinder_je_kind"] * lines["umgerechnete_kleinkinder"]}


def minderjaehrige_auslaender(lines, parameters):
    """§ 29d FAG BW: unbegleitete minderjährige Ausländer, to Stadt- and Landkreise by inhabitants; from 2017. [V]"""
    if "minderjaehrige_auslaender" not in parameters:
        return {}
    anteil = quotient(lines["einwohner"], lines["einwohner_land"])
    return {
        "anteil_an_den_einwohnern": 100 * anteil,
        "minderjaehrige_auslaender": parameters["minderjaehrige_auslaender"] * anteil,
    }


def leitungszeit(lines, parameters):
    """§ 29e FAG BW: pädagogische Leitungszeit, by converted Tageseinrichtungen and Gruppen; not in 2013. [R]

    Known from the announcement alone.
    """
    if "leitungszeit" not in parameters:
        return {}
    je_gruppe = parameters["leitungszeit"] / parameters["leitungszeit_gruppen"]
    return {"leitungszeit_je_gruppe": je_gruppe, "leitungszeit": je_gruppe * lines["umgerechnete_gruppen"]}


def steuerkraftsumme_gemeinde(lines, parameters):
    """§ 38 Abs. 1 FAG BW: Steuerkraftsumme of a Gemeinde. [V]"""
    return {"steuerkraftsumme": lines["steuerkraftmesszahl"] + lines["schluesselzuweisung_vorvorjahr"]}


def steuerkraftsumme_landkreis(lines, parameters):
    """§ 38 Abs. 2 FAG BW: Steuerkraftsumme of a Landkreis. [V]"""
    return {
        "steuerkraftsumme": lines["steuerkraftsummen_der_gemeinden"]
        + lines["schluesselzuweisung_landkreis_vorvorjahr"]
        + lines["grunderwerbsteuer_vorvorjahr"]
    }


def steuerkraftsumme_stadtkreis(lines, parameters):
    """§ 38 Abs. 3 FAG BW: Steuerkraftsumme of a Stadtkreis, which is Gemeinde and Kreis in one. [V]"""
    return {
        "steuerkraftsumme": lines["steuerkraftmesszahl"]
        + lines["schluesselzuweisung_vorvorjahr"]
        + lines["schluesselzuweisung_stadtkreis_vorvorjahr"]
        + lines["grunderwerbsteuer_vorvorjahr"]
    }


def erstattung(lines, parameters):
    """§ 39 Abs. 18 FAG BW: what a Landkreis pays the Land for Beamte and their Hinterbliebene. [R]

    Known from the announcements alone.
    """
    betraege = [
        ("erstattung_fuer_" + gruppe, parameters["erstattung_" + gruppe] * lines["personen_" + gruppe])
        for gruppe in ERSTATTUNGEN
    ]
    return _mit_summe("erstattung", betraege)


def abrechnung(lines, parameters):
    """Abschnitt III of the announcement, FAG BW: the Leistungen less the four Teilzahlungen of the year. [V]"""
    rest = lines["leistungen"]
    for teilzahlung in TEILZAHLUNGEN:
        rest = rest - lines[teilzahlung]
    return {"abrechnung": rest, "nachzahlung": maximum(rest, 0), "rueckforderung": maximum(-rest, 0)}


def zahlung_im_folgejahr(lines, parameters):
    """Abschnitt III of the announcement, FAG BW: the rest, paid with the Teilzahlung of the next second quarter. [V]"""
    return {"zahlung_q2_folgejahr": lines["teilzahlung_q2_folgejahr"] + lines["abrechnung"]}


# --- Steps of several rules -------------------------------------------------------------------------------------------


def _abgerundet(x, schritt):
    """Down to a multiple of the step; what falls short of one by the noise of floating point alone has reached it."""
    ganze = rounded_half_up(x / schritt)
    return where(exceeds(ganze, x / schritt), ganze - 1, ganze) * schritt


def _aufgerundet(x, schritt):
    """Up to a multiple of the step; what exceeds one by the noise of floating point alone stays."""
    # Times 10 and by 10, where floats are exact, not by and times 0,1, where they are not.
    je_eins = 1 / schritt
    ganze = rounded_half_up(x * je_eins)
    return where(exceeds(x * je_eins, ganze), ganze + 1, ganze) / je_eins


def _kopfbetrag(x, stellen, saetze, grundbetrag, schritt):
    """The Grundbetrag at the rate of the table (§ 7 Abs. 2), in between in proportion and rounded up to the step."""
    betrag = saetze[0] / 100 * grundbetrag + 0 * x
    for unten, oben, satz_unten, satz_oben in zip(stellen, stellen[1:], saetze, saetze[1:]):
        weg = minimum(maximum(x, unten), oben) - unten
        satz = satz_unten + weg * (satz_oben - satz_unten) / (oben - unten)
        betrag = where(exceeds(x, unten), _aufgerundet(satz * grundbetrag / 100, schritt), betrag)
        betrag = where(exceeds(oben, x), betrag, satz_oben * grundbetrag / 100)
    return betrag


def _kilometerbetraege(strassen, arten, lines, parameters):
    """The amount of each kind of road: a Grundbetrag times its weight, rounded down."""
    result = {}
    for art, gewicht in zip(arten, parameters[strassen + "_gewichte"]):
        betrag = gewicht * lines[strassen + "_grundbetrag"]
        result[strassen + "_betrag_" + art] = _abgerundet(betrag, parameters["kilometerbetrag_abrundung"])
    return result


def _je_art(strassen, kilometer, parameters):
    """The amount for the kilometres of each kind of road, and their sum."""
    betraege = [
        (strassen + "_zuweisung_" + art, parameters[strassen + "_" + art] * lang) for art, lang in kilometer.items()
    ]
    return _mit_summe(strassen, betraege)


def _mit_summe(name, betraege):
    """Amounts by key, and their sum under the name."""
    result = dict(betraege)
    summe = 0
    for _, betrag in betraege:
        summe = betrag + summe
    result[name] = summe
    return result


def _verschieden(a, b):
    """1 where two readings lead to different amounts."""
    return where(exceeds(a, b) | exceeds(b, a), 1, 0)


_STEUERKRAFT = (
    ("steuerkraftmesszahl", steuerkraftmesszahl),
    ("bedarfsmesszahl", bedarfsmesszahl),
    ("schluesselzahl", schluesselzahl),
    ("schluesselzuweisung", schluesselzuweisung),
    ("umlagesatz", umlagesatz),
)
_ALS_GEMEINDE = (
    ("investitionspauschale", investitionspauschale),
    ("fremdenverkehr", fremdenverkehr),
    ("gemeindestrassen", gemeindestrassen),
    ("investitionen_nach_flaeche", investitionen_nach_flaeche),
    ("ausbildung", ausbildung),
    ("familienleistungsausgleich", familienleistungsausgleich),
    ("umgerechnete_kinder", umgerechnete_kinder),
    ("kindergarten", kindergarten),
    ("kleinkinder", kleinkinder),
    ("leitungszeit", leitungszeit),
)
_ALS_KREIS = (
    ("grunderwerbsteuer", grunderwerbsteuer),
    ("verwaltungsreform_absatz_4", verwaltungsreform_absatz_4),
    ("verwaltungsreform_absatz_5", verwaltungsreform_absatz_5),
    ("schuelerbefoerderung", schuelerbefoerderung),
    ("nahverkehr", nahverkehr),
    ("minderjaehrige_auslaender", minderjaehrige_auslaender),
)
_GEMEINDE = (("steuerkraftsumme", steuerkraftsumme_gemeinde), ("finanzausgleichsumlage", umlage_gemeinde))
_STADTKREIS = (
    ("schluesselzuweisung_stadtkreis", schluesselzuweisung_stadtkreis),
    ("steuerkraftsumme", steuerkraftsumme_stadtkreis),
    ("finanzausgleichsumlage", umlage_stadtkreis),
    ("verwaltungsbehoerde", verwaltungsbehoerde_stadtkreis),
)
_LANDKREIS = (
    ("steuerkraftmesszahl_landkreis", steuerkraftmesszahl_landkreis),
    ("bedarfsmesszahl_landkreis", bedarfsmesszahl_landkreis),
    ("schluesselzuweisung_landkreis", schluesselzuweisung_landkreis),
    ("steuerkraftsumme", steuerkraftsumme_landkreis),
    ("finanzausgleichsumlage", umlage_landkreis),
    ("verwaltungsbehoerde", verwaltungsbehoerde_landkreis),
    ("kreisstrassen", kreisstrassen),
    ("ausbildung", ausbildung),
    ("erstattung", erstattung),
)
BODIES = {
    "gemeinde": _STEUERKRAFT + _GEMEINDE + _ALS_GEMEINDE,
    "stadtkreis": _STEUERKRAFT + _STADTKREIS + _ALS_GEMEINDE + _ALS_KREIS,
    "landkreis": _LANDKREIS + _ALS_KREIS,
    "grosse_kreisstadt": (("verwaltungsbehoerde", verwaltungsbehoerde_grosse_kreisstadt),),
    "verwaltungsgemeinschaft": (
        ("verwaltungsbehoerde", verwaltungsbehoerde_verwaltungsgemeinschaft),
        ("ausbildung", ausbildung),
    ),
    "schultraeger": (("sachkostenbeitrag", sachkostenbeitrag),),
    "alle_gemeinden": (("schluesselzahl", schluesselzahl), ("ausschuettungsquote", ausschuettungsquote)),
    "strassen": (
        ("kreisstrassenbetraege", kreisstrassenbetraege),
        ("gemeindestrassenbetraege", gemeindestrassenbetraege),
    ),
    "abrechnung": (("abrechnung", abrechnung), ("zahlung_q2_folgejahr", zahlung_im_folgejahr)),
}
"""For each kind of body the key of each result and its rule. A Große Kreisstadt is a Gemeinde as well."""


def settle(inputs, parameters, body, keys=None):
    """FAG BW: the inputs and every line of a body, or the results asked for, by key; what the inputs hold stands."""
    lines = dict(inputs)
    for key, rule in BODIES[body]:
        if key not in inputs and (keys is None or key in keys):
            lines.update(rule(lines, parameters))
    return lines
