"""data/datapackage.json names every file, says the truth about every table, and is not stale."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package, Resource

from lfa import datapackage
from lfa.errors import DataError
from lfa.files import DATA

DESCRIPTOR = DATA / datapackage.NAME


@pytest.fixture(scope="module")
def stored() -> dict[str, Any]:
    return json.loads(DESCRIPTOR.read_text(encoding="utf-8"))


def test_the_file_is_what_the_data_say_now() -> None:
    assert DESCRIPTOR.read_text(encoding="utf-8") == datapackage.text(datapackage.package()), (
        "data/ has changed: run python -m lfa.datapackage"
    )


def test_every_file_is_named_once(stored: dict[str, Any]) -> None:
    files = {f.relative_to(DATA).as_posix() for f in DATA.rglob("*") if f.is_file() and not f.name.startswith(".")}
    named = [resource["path"] for resource in stored["resources"]]
    assert sorted(named) == sorted(files - {datapackage.NAME})
    names = [resource["name"] for resource in stored["resources"]]
    assert len(set(names)) == len(names)


def test_every_table_is_as_described(stored: dict[str, Any]) -> None:
    report = Package(str(DESCRIPTOR)).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])[:10]
    tables = [task for task in report.tasks if task.type == "table"]
    assert len(tables) == len(list(DATA.rglob("*.csv")))
    assert all(task.stats["rows"] for task in tables if not task.place.endswith("errata.csv"))


def test_every_table_has_typed_and_described_fields(stored: dict[str, Any]) -> None:
    for resource in stored["resources"]:
        if resource["format"] == "csv":
            assert all(field["description"] and field["type"] for field in resource["schema"]["fields"]), resource
    types = {
        (resource["path"], field["name"]): field["type"]
        for resource in stored["resources"]
        for field in resource.get("schema", {}).get("fields", [])
    }
    assert types["2003/ergebnisse.csv", "value"] == "number"
    assert types["2003/errata.csv", "corrected"] == "number"
    # As printed, 1.275.946, and with leading zeros: not numbers.
    assert types["2003/errata.csv", "printed"] == types["2003/errata.csv", "group"] == "string"
    assert types["bw/2013/errata.csv", "line"] == "integer"
    assert types["bw/2023/muster.csv", "einwohner"] == "number"


def test_sources_and_licences_come_from_the_list_of_sources(stored: dict[str, Any]) -> None:
    by_path = {resource["path"]: resource for resource in stored["resources"]}
    ordinance = by_path["2003/verordnung.txt"]
    assert "Zweite Verordnung" in ordinance["sources"][0]["title"]
    assert ordinance["licenses"][0]["title"] == "Amtliches Werk (§ 5 UrhG)"
    assert by_path["laender.topo.json"]["licenses"][0]["title"] == "Gemeinfrei"
    assert by_path["2003/errata.csv"]["licenses"][0]["name"] == "CC-BY-4.0"


@pytest.mark.parametrize(
    ("found", "wrong"),
    [("2023/ergebnisse.csv", ("NW", "XX")), ("bw/schuelerbefoerderung.csv", ("3.737", "viel"))],
)
def test_the_library_finds_what_is_wrong(tmp_path: Path, found: str, wrong: tuple[str, str]) -> None:
    """The schemas can fail: a Land that does not exist, a word for a number."""
    resource = next(r for r in datapackage.package()["resources"] if r["path"] == found)
    text = (DATA / found).read_text(encoding="utf-8")
    (tmp_path / "table.csv").write_text(text.replace(*wrong, 1), encoding="utf-8")
    descriptor = {key: value for key, value in resource.items() if key != "$schema"} | {"path": "table.csv"}
    assert wrong[0] in text
    assert not Resource(descriptor, basepath=str(tmp_path)).validate().valid


def test_a_file_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    shutil.copytree(DATA / "2003", tmp_path / "2003")
    (tmp_path / "2003" / "notizen.doc").write_bytes(b"x")
    with pytest.raises(DataError, match=r"notizen\.doc"):
        datapackage.package(tmp_path)
