"""The lock holds what the project asks for, every file of it with a hash."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
LOCKED = dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", LOCK, re.MULTILINE))


def test_every_direct_dependency_is_locked_at_its_version():
    group = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]["book"]
    assert len(group) > 30
    for entry in group:
        name, _, version = entry.partition("==")
        assert LOCKED.get(name.lower().replace("_", "-")) == version, entry


def test_every_direct_dependency_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = re.findall(r'^    "[^"]+==[^"]+",(.*)$', text, re.MULTILINE)
    assert len(lines) > 30 and all(re.search(r"#\s+\S.{4,}", line) for line in lines)


def test_every_file_has_a_hash():
    packages = re.split(r"^(?=[a-z0-9._-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(packages) == len(re.findall(r"^[a-z0-9._-]+==", LOCK, re.MULTILINE)) > 100
    assert all("--hash=sha256:" in package for package in packages)


def test_no_registry_is_named():
    assert "://" not in LOCK and "--index" not in LOCK and "--find-links" not in LOCK
