"""What the README shows and claims is what the engine computes."""

import json
import re
from pathlib import Path

from lfa import charts
from lfa.evidence import counted, reproduced, results_frame
from lfa.settlement import comparison
from lfa.years import readable

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURE = ROOT / "book/_static/ergebnis-2003.svg"


def picture(settlement):
    """The tile map of the README, in colours for a white page."""
    charts.enable()
    chart = charts.tile_map(results_frame(settlement), "mio", label="Mio. €")
    spec = json.dumps({**chart.to_dict(), "background": "white"}, sort_keys=True)
    svg = charts.static_svg(spec, "ergebnis-2003", "Beitrag oder Zuweisung der Länder 2003 in Mio. €")
    return svg.replace("currentColor", "#222")


def test_the_picture_is_current(settlement):
    assert PICTURE.read_text(encoding="utf-8") == picture(settlement) + "\n", (
        "write it anew: python tests/test_readme.py"
    )


def test_its_figures_are_computed(year, settlement):
    results = counted(comparison(settlement))
    assert f"**{len(reproduced(results))} of {len(results)} official figures reproduced**" in README
    assert f"{len(year.errata)} corrections" in README


def test_the_years_are_those_with_data():
    good, bad = readable()
    assert not bad
    assert f"The years {good[0].year} to {good[-1].year}:" in README
    backwards = sum("rekonstruktion" in year.stages for year in good)
    assert re.search(rf"For\s+{backwards} years the tariff is run backwards", README)


def test_the_commands_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make ([a-z-]+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


if __name__ == "__main__":
    import lfa

    PICTURE.write_text(picture(lfa.settle(2003)) + "\n", encoding="utf-8")
