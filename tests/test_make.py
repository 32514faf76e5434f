"""Make's rules are the only cache: what would run again when a file changes. Needs the built book, changes nothing."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from lfa import bekanntmachung
from lfa.years import years

ROOT = Path(__file__).parents[1]
LISTS = ("motor", "jahre", "inhalt")
"""Targets that Make always looks at, and so takes for changed when it only says what it would do."""
ANNOUNCED = ("bekanntmachung", "gemeinde", "kreise")
TEMPLATES = {f"book/{name}.ipynb" for name in ("jahr", *ANNOUNCED)}
CHAPTERS = {f"book/{path.name}" for path in (ROOT / "book").glob("*.ipynb")} - TEMPLATES
BW_PAGES = {f"book/{name}.ipynb ({year})" for name in ANNOUNCED for year in bekanntmachung.years()}
YEAR_PAGES = {f"book/jahr.ipynb ({year})" for year in years()}
PAGES = YEAR_PAGES | BW_PAGES
ABOUT_ALL_YEARS = {
    f"book/{name}.ipynb"
    for name in (
        "jahre",
        "rekonstruktion",
        "gesetzesvergleich",
        "zeitleiste",
        "selbst_rechnen",
        "fragen",
        "drei_ausgleiche",
        "irrtuemer",
        "stunde_wer_zahlt",
        "blatt_wer_zahlt",
        "stunde_verhandlung",
        "blatt_verhandlung",
        "english",
    )
}
OVERVIEWS = {f"book/{name}.ipynb" for name in ("glossar", "grundgesetz", "geschichte", "unterricht")}
"""They read other chapters: which words they use, their titles or their exercises."""
ABOUT_BW = {
    f"book/{name}.ipynb"
    for name in (
        "bw_vergleich",
        "drei_ausgleiche",
        "selbst_rechnen_gemeinde",
        "irrtuemer",
        "unterricht",
        "stunde_gemeinde",
        "blatt_gemeinde",
        "english",
    )
}


def would_run(changed: str = "") -> set[str]:
    """The notebooks that would be executed if a file were new now."""
    old = [option for name in LISTS for option in ("-o", f"_build/{name}")]
    command = ["make", "-n", *old, *(["-W", changed] if changed else []), "pages", "html"]
    environment = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL")}
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r'echo "(book/[^":]+)', said))


def test_nothing_runs_again_when_nothing_changed() -> None:
    assert would_run() == set()


@pytest.mark.parametrize(
    "file", ["lfa/law/fag1993.py", "lfa/law/arrays.py", "lfa/settlement.py", "data/parameters/fag1993.yaml"]
)
def test_the_law_and_its_values_run_everything_again(file: str) -> None:
    assert would_run(file) == CHAPTERS | PAGES


def test_a_chapter_runs_alone() -> None:
    assert would_run("book/tarif.ipynb") == {"book/tarif.ipynb"} | OVERVIEWS


def test_the_template_runs_the_pages_of_all_years() -> None:
    assert would_run("book/jahr.ipynb") == YEAR_PAGES | OVERVIEWS
    assert would_run("book/kreise.ipynb") == {page for page in BW_PAGES if "kreise" in page} | OVERVIEWS


def test_a_year_runs_its_page_and_the_chapters_about_all_years() -> None:
    assert would_run("data/2015/ergebnisse.csv") == {"book/jahr.ipynb (2015)"} | ABOUT_ALL_YEARS


@pytest.mark.parametrize("file", ["data/bw/2013/bekanntmachung.txt", "data/bw/bekanntmachung.yaml"])
def test_an_announcement_runs_the_pages_of_baden_wuerttemberg(file: str) -> None:
    assert would_run(file) == BW_PAGES | ABOUT_BW


def test_the_year_of_the_walk_through_runs_all_chapters() -> None:
    assert would_run("data/2003/errata.csv") == {"book/jahr.ipynb (2003)"} | CHAPTERS
