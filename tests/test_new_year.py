"""Does what the chapter „Ein neues Jahr“ says, with invented figures, in a copy of the built book."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
import synthetic

from lfa.results import preferred
from lfa.states import CODES, INSGESAMT
from lfa.years import load

ROOT = Path(__file__).parents[1]
YEAR = 2025


def commands() -> list[str]:
    """The commands of the chapter, in its order."""
    chapter = nbformat.read(ROOT / "book/neues_jahr.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    text = "\n".join(cell.source for cell in chapter.cells if cell.cell_type == "markdown")
    return re.findall(r"```sh\n(.*?)\n```", text, re.DOTALL)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The checkout with what is built of it, dates kept, so that only what a new year changes is built again.

    All tests share it, in their order: the second needs what the first has built.
    """
    folder = tmp_path_factory.mktemp("neues_jahr") / "buch"
    ignored = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", ".hypothesis")
    shutil.copytree(ROOT, folder, ignore=ignored, symlinks=True)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    yield folder
    shutil.rmtree(folder)


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    environment.pop("MAKEFLAGS", None)
    return subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def fill_in(path: Path, law: str) -> None:
    """The invented year, with the inhabitants of the year before, so that nothing is implausible."""
    inputs = synthetic.inputs(law)
    before = load(int(path.parent.name) - 1)
    people = {land: int(result.value) for land, result in preferred(before.results)["einwohner"].items()}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        key, land = row["quantity"], row["land"]
        if key in ("festgestellte_einwohner", "einwohner_vorjahr"):
            row["value"] = str(people[land])
        else:
            values = inputs[key].ravel()
            row["value"] = f"{values[0 if land == INSGESAMT else CODES.index(land)]:.2f}"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_the_chapter_leads_from_an_empty_folder_to_the_page(copy: Path) -> None:
    new_year, check, make, compute = commands()
    inputs = copy / "data" / str(YEAR) / "eingaben.csv"

    assert run(copy, new_year).returncode == 0 and inputs.exists()
    empty = run(copy, check)
    assert empty.returncode == 2 and empty.stderr.count("no value for 16 Länder") == 17
    fill_in(inputs, "fag2020")
    full = run(copy, check)
    assert (full.returncode, full.stderr) == (0, ""), full.stdout

    built = run(copy, make)
    assert built.returncode == 0, built.stdout + built.stderr
    page = (copy / f"_build/html/jahre/{YEAR}.html").read_text(encoding="utf-8")
    assert f"Ausgleichsjahr {YEAR}" in page
    assert f"jahre/{YEAR}.html" in (copy / "_build/html/jahre.html").read_text(encoding="utf-8")
    again = set(re.findall(r"^book/\S+(?: \(\d+\))?", built.stdout, re.MULTILINE))
    assert f"book/jahr.ipynb ({YEAR})" in again and "book/jahre.ipynb" in again
    assert not {"book/tarif.ipynb", "book/index.ipynb", "book/jahr.ipynb (2015)"} & again, "only what changed"

    rows = list(csv.DictReader(run(copy, compute).stdout.splitlines()))
    balance = [float(row["value"]) for row in rows if row["quantity"] == "ausgleich" and row["land"] != INSGESAMT]
    assert len(balance) == 16 and abs(sum(balance)) < 0.1 and max(balance) > 1e8


def test_a_year_that_fails_does_not_stop_the_others(copy: Path) -> None:
    inputs = copy / "data" / str(YEAR) / "eingaben.csv"
    lines = inputs.read_text(encoding="utf-8").splitlines(keepends=True)
    inputs.write_text("".join(line for line in lines if not line.startswith("landessteuern,BY")), encoding="utf-8")

    built = run(copy, "make book")
    assert built.returncode != 0
    assert f"Ohne Seite, Gründe oben: {YEAR}" in built.stderr
    assert "landessteuern" in built.stderr and "Traceback" not in built.stderr
    assert not (copy / f"_build/html/jahre/{YEAR}.html").exists()
    assert (copy / f"_build/html/jahre/{YEAR - 1}.html").exists()
    assert f"jahre/{YEAR}.html" not in (copy / "_build/html/jahre.html").read_text(encoding="utf-8")


def test_a_year_of_the_law_before_has_a_page_from_inputs_to_final_amounts(copy: Path) -> None:
    # Without its published results, which invented figures could only contradict.
    (copy / "data/2019/ergebnisse.csv").unlink()
    assert run(copy, ".venv/bin/python -m lfa new-year 2019").returncode == 0
    fill_in(copy / "data/2019/eingaben.csv", "fag2005")
    checked = run(copy, ".venv/bin/python -m lfa check 2019")
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout

    target = copy / "_build/2019.ipynb"
    made = run(copy, f".venv/bin/python -m lfa.book execute book/jahr.ipynb --jahr 2019 --output {target}")
    assert made.returncode == 0, made.stderr
    text = target.read_text(encoding="utf-8")
    assert "ollständig nachgerechnet" in text and "Von den Ausgangszahlen zum Ergebnis 2019" in text
