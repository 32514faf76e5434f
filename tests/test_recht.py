"""The statutes' words: well-formed excerpts, and every quotation of the book at hand verbatim."""

import json
import re
from pathlib import Path

import pytest

from lfa.files import DATA, load_yaml, read_text
from lfa.parameters import DM_PER_EURO, entries

BOOK = Path(__file__).parents[1] / "book"
STATUTES = sorted((DATA / "recht").glob("*.yaml"))


def plain(text):
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize("path", STATUTES, ids=lambda path: path.stem)
def test_excerpts_are_well_formed_and_their_file_has_a_source(path):
    content = load_yaml(path, "recht")
    places = [excerpt["stelle"] for excerpt in content["auszuege"]]
    assert len(places) == len(set(places))
    sources = load_yaml(DATA / "sources.yaml", "sources")
    assert any(f"recht/{path.name}" in source["files"] for source in sources)


def quotations():
    """Block quotations in the prose of the book; those that a cell fills in are checked there."""
    for path in sorted(BOOK.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                for block in re.findall(r"(?:^> .*\n?)+", "".join(cell["source"]), re.MULTILINE):
                    text = plain(re.sub(r"^> ?", "", block, flags=re.MULTILINE))
                    if "{glue" not in text:
                        yield pytest.param(text, id=f"{path.stem}: {text[:40]}")


@pytest.mark.parametrize("text", list(quotations()))
def test_quotations_stand_verbatim_in_a_source(text):
    sources = [plain(excerpt["text"]) for path in STATUTES for excerpt in load_yaml(path, "recht")["auszuege"]]
    sources.append(plain(read_text(DATA / "2003/verordnung.txt")))
    assert any(text.strip("„“") in source for source in sources)


def test_the_minderung_is_that_of_the_fonds_law():
    excerpts = {
        excerpt["stelle"]: excerpt["text"] for excerpt in load_yaml(DATA / "recht/defg.yaml", "recht")["auszuege"]
    }
    printed = dict(re.findall(r"(\d{4}) um ([\d.,]+\d) Euro", plain(excerpts["§ 6 Abs. 6"])))
    entry = next(entry for entry in entries("fag1993") if entry["name"] == "fonds_minderung")
    values = {day[:4]: version["value"] for day, version in entry["values"].items() if version["value"]}
    euro = {year: f"{float(value / DM_PER_EURO):,.2f}" for year, value in values.items()}
    assert {year: text.translate(str.maketrans(",.", ".,")) for year, text in euro.items()} == printed
