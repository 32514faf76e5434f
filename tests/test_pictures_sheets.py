"""Tables of the source show what is printed, corrected; figures are found and counter-checks can fail."""

from fractions import Fraction

from drawn import check_drawn, year_2003

from lfa.pictures import sheets


def test_the_table_is_that_of_the_anlage() -> None:
    shown = sheets.anlage(year_2003(), ["ueberschuss", "fehlbetrag_bis_92"], caption="Probe").text.splitlines()
    heading = "Land 64 Überschuss oder Fehlbetrag (−) (Tsd. €) 66 Fehlbetrag bis 92 v.H. (Tsd. €)"
    assert " ".join(shown[1].split()) == heading
    assert shown[2].split() == ["Nordrhein-Westfalen", "345.876"]  # as printed; no shortfall: blank
    assert shown[4].split() == ["Baden-Württemberg", "3.163.200*"]
    assert shown[18].split()[0] == "Insgesamt"
    few = sheets.anlage(year_2003(), {"ausgleich": "am Ende"}, ["HB"], caption="Probe").text.splitlines()
    assert [line.split() for line in few[1:]] == [["Land", "126", "am", "Ende", "(Tsd.", "€)"], ["Bremen", "346.221"]]


def test_other_values_miss_the_print() -> None:
    assert sheets.missed(year_2003(), sheets.zeilen(78, 126)) == 0
    assert sheets.missed(year_2003(), sheets.zeilen(78, 126), garantie_zahler_ausgleich=Fraction(26, 100)) > 0


def test_every_figure_is_counted() -> None:
    figures = sheets.figures(year_2003(), sheets.zeilen(64, 77))
    assert set(figures["zeile"]) == set(range(64, 78))
    assert sheets.counted(figures, caption="Probe").text.splitlines()[-1].split() == ["Insgesamt", str(len(figures))]


def test_a_sheet_marks_every_corrected_cell_with_its_proof() -> None:
    text = sheets.anlage(year_2003(), {"einwohner_bis_5": "bis 5.000"}, name="einwohner", caption="Probe").html
    corrected = [
        erratum
        for erratum in year_2003().year.errata
        if erratum.cell[:2] == ("einwohner", "einwohner_bis_5") and erratum.corrected is not None
    ]
    assert corrected and text.count("lfa-berichtigt") == len(corrected)
    assert all(f"quelle.html#e-{erratum.group}" in text for erratum in corrected)


def test_a_line_that_the_table_does_not_print_stands_without_a_zeile() -> None:
    lines = {"steuereinnahmen": "eigene", "laendersteuern": "Steuern"}
    shown = sheets.anlage(year_2003(), lines, caption="Probe").text.splitlines()
    assert " ".join(shown[1].split()) == "Land eigene (Tsd. €) 41 Steuern (Tsd. €)"


def test_every_figure_of_anlage_3_is_found() -> None:
    places = {"anlage3": sheets.WHOLE}
    assert len(sheets.figures(year_2003(), places)) == sheets.printed_cells(year_2003(), places)


def test_corrected_cells_are_drawn_by_kind_with_their_number() -> None:
    year = year_2003().year
    counts = sheets.slips(year)
    assert counts.to_numpy().sum() == len(year.errata)
    assert list(counts.sum(axis=1)) == sorted(counts.sum(axis=1), reverse=True)
    check_drawn(lambda: sheets.slip_bars(year))
