"""Reading data files: text, YAML and CSV, validated by JSON schemas in ``data/schemas``; every defect told at once."""

import csv
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from lfa.errors import DataError, Problem

DATA = Path(__file__).parents[1] / "data"


def shown(path: Path) -> str:
    """The path as a message names it: from the data folder on where the file lies there."""
    return f"data/{path.relative_to(DATA).as_posix()}" if path.is_relative_to(DATA) else str(path)


def read_text(path: Path) -> str:
    """A text file in UTF-8 without byte order mark; anything else is a DataError."""
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise DataError([Problem(shown(path), found="no such file", expected="the file")]) from None
    except UnicodeDecodeError as error:
        found = f"byte {error.object[error.start]:#04x} at offset {error.start}"
        raise DataError([Problem(shown(path), found=found, expected="text in UTF-8")]) from None
    if text.startswith("\ufeff"):
        raise DataError([Problem(shown(path), row="1", found="a byte order mark", expected="UTF-8 without one")])
    if not text.strip():
        raise DataError([Problem(shown(path), found="an empty file", expected="data")])
    return text


@cache
def _schema(name: str) -> Any:
    return json.loads((DATA / "schemas" / f"{name}.json").read_text(encoding="utf-8"))


def _problems(path: Path, content: Any, schema: str, first_row: int | None = None) -> list[Problem]:
    """What the schema finds: in tables (``first_row`` given) with the row in the file, else with the path in the tree."""
    validator = jsonschema.Draft202012Validator(_schema(schema), format_checker=jsonschema.FormatChecker())
    problems = []
    for error in sorted(validator.iter_errors(content), key=lambda error: [str(part) for part in error.absolute_path]):
        place = list(error.absolute_path)
        row = "" if first_row is None or not place else str(first_row + int(place.pop(0)))
        entry = content[error.absolute_path[0]] if isinstance(content, list) and error.absolute_path else content
        land = str(entry.get("land", "")) if isinstance(entry, dict) else ""
        name = str(entry.get("name") or entry.get("key") or "") if isinstance(entry, dict) and not row else ""
        quantity = " ".join(part for part in (name, ".".join(str(part) for part in place)) if part)
        problems.append(Problem(shown(path), row, land, quantity, repr(error.instance)[:80], _expected(error)))
    return problems


def _expected(error: jsonschema.ValidationError) -> str:
    match error.validator:
        case "enum":
            return "one of " + " ".join(str(value) for value in error.validator_value)
        case "pattern" | "type" | "minimum" | "maximum" | "const":
            return str(error.schema.get("description") or f"{error.validator} {error.validator_value}")
        case _:
            return str(error.message).removeprefix(repr(error.instance)).strip()[:200]


def load_yaml(path: Path, schema: str) -> Any:
    """A YAML file that satisfies its schema. Dates are kept as text, so that JSON schemas can describe the keys."""
    try:
        content = yaml.load(read_text(path), Loader=_TextDates)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = str(mark.line + 1) if mark else ""
        found = str(getattr(error, "problem", "")) or "no YAML"
        raise DataError([Problem(shown(path), row, found=found, expected="YAML")]) from None
    if problems := _problems(path, content, schema):
        raise DataError(problems)
    return content


class _TextDates(yaml.SafeLoader):
    """Safe YAML in which a date stays the text it is written as, and a key given twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} twice", node.start_mark)
        return super().construct_mapping(node, deep)


_TextDates.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_csv(path: Path, schema: str) -> list[dict[str, str]]:
    """Rows of a CSV file with the columns of its schema, in that order; every row satisfies the schema."""
    columns = list(_schema(schema)["items"]["properties"])
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise DataError(
            [Problem(shown(path), str(reader.line_num), found=str(error), expected="CSV with commas")]
        ) from None
    if rows[0] != columns:
        raise DataError(
            [Problem(shown(path), "1", quantity="heading", found=",".join(rows[0]), expected=",".join(columns))]
        )
    problems = [
        Problem(shown(path), str(number), found=f"{len(row)} fields", expected=f"{len(columns)} fields")
        for number, row in enumerate(rows[1:], 2)
        if len(row) != len(columns)
    ]
    records = [dict(zip(columns, row, strict=False)) for row in rows[1:]]
    problems = problems or _problems(path, records, schema, first_row=2)
    if problems:
        raise DataError(problems)
    return records
