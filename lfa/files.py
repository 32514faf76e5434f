"""Reading data files: text, YAML and CSV, validated by JSON schemas in ``data/schemas``; every defect told at once."""

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from lfa.errors import DataError, Problem

DATA = Path(__file__).parents[1] / "data"
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
"""Characters that nobody sees: controls but for tab and line feed, other line ends, marks of order and joining."""

Trail = Sequence[str | int]
"""The keys and indices that lead to a value of a file."""


def shown(path: Path) -> str:
    """The path as a message names it: from the data folder on where the file lies there."""
    return f"data/{path.relative_to(DATA).as_posix()}" if path.is_relative_to(DATA) else str(path)


def read_text(path: Path, spreadsheet: bool = False) -> str:
    """A text file in UTF-8 without byte order mark; lines end in LF or CRLF, and CRLF becomes LF.

    Anything else is a DataError: no file, another encoding, nothing but white space, invisible characters (among them
    a carriage return that ends no line). What a spreadsheet saved may begin with a byte order mark.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError([Problem(shown(path), found="no such file", expected="a text file")]) from None
    except OSError as error:
        found = "a directory" if os.path.isdir(path) else str(error.strerror)
        raise DataError([Problem(shown(path), found=found, expected="a text file")]) from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:4].count(0) == 2:
        raise DataError([Problem(shown(path), "1", found="text in UTF-16", expected="text in UTF-8")])
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        row = str(data.count(b"\n", 0, error.start) + 1)
        byte = data[error.start : error.start + 1]
        found = f"the byte 0x{byte.hex()}, in Latin-1 {byte.decode('latin-1')!r}"
        raise DataError([Problem(shown(path), row, found=found, expected="text in UTF-8")]) from None
    text = text.removeprefix("\ufeff") if spreadsheet else text
    if text.startswith("\ufeff"):
        raise DataError([Problem(shown(path), "1", found="a byte order mark", expected="text in UTF-8 without one")])
    if not text.strip():
        raise DataError([Problem(shown(path), found="an empty file", expected="data")])
    if problems := [
        Problem(shown(path), str(row), found=f"the invisible character U+{ord(match[0]):04X}", expected="text")
        for row, line in enumerate(text.split("\n"), 1)
        if (match := INVISIBLE.search(line))
    ]:
        raise DataError(problems)
    return text


@cache
def _schema(name: str) -> Any:
    return json.loads((DATA / "schemas" / f"{name}.json").read_text(encoding="utf-8"))


# --- What a schema finds, in words ------------------------------------------------------------------------------------


def _problems(path: Path, content: Any, schema: str, row: Callable[[Trail], str]) -> list[Problem]:
    """What the schema finds, in the order of the rows of the file."""
    validator = jsonschema.Draft202012Validator(_schema(schema), format_checker=jsonschema.FormatChecker())
    problems = []
    for error in validator.iter_errors(content):
        place = list(error.absolute_path)
        entry = content[place[0]] if isinstance(content, list) and place else content
        for key, found, expected in _defects(error):
            trail = [*place, key] if key else place
            quantity = " ".join(filter(None, (_name(entry), ".".join(part for part in trail if isinstance(part, str)))))
            land = str(entry.get("land", "")) if isinstance(entry, dict) and trail[-1:] != ["land"] else ""
            problems.append(Problem(shown(path), row(trail), land, quantity, found, expected))
    return sorted(dict.fromkeys(problems), key=lambda problem: int(problem.row or 0))


def _name(entry: Any) -> str:
    """What an entry of a list is about: its name, its key, or the cell of a source."""
    if not isinstance(entry, dict):
        return ""
    name = entry.get("name") or entry.get("key") or entry.get("id")
    return str(name) if name else f"{entry['table']} {entry['line']}" if {"table", "line"} <= set(entry) else ""


def _defects(error: jsonschema.ValidationError) -> Iterator[tuple[str, str, str]]:
    """Key (if it is about one that the place of the error does not name), found, expected."""
    value, rule = error.instance, error.validator_value
    match error.validator:
        case "required":
            for key in rule:
                if key not in value:
                    yield key, "nothing", f"the key {key}"
        case "additionalProperties":
            known = error.schema["properties"]
            for key in value:
                if key not in known:
                    yield str(key), "an unknown key", _one_of(known)
        case "uniqueItems":
            for item in value:
                if value.count(item) > 1:
                    yield "", f"{_words(item)} twice", "every entry once"
        case _:
            yield "", _words(value), _expected(error)


def _expected(error: jsonschema.ValidationError) -> str:
    rule = error.validator_value
    match error.validator:
        case "enum":
            return _one_of(rule)
        case "minLength":
            return f"a text of at least {rule} characters"
        case "minItems" | "minProperties":
            return "at least one entry"
        case "format":
            return f"a {rule} such as 2003-12-31"
    types = {"string": "a text", "array": "a list", "object": "keys with values", "integer": "a whole number"}
    plain = types.get(rule, rule) if error.validator == "type" else f"{error.validator} {rule}"
    return str(error.schema.get("description", plain))


def _one_of(values: Any) -> str:
    return ("one of " if len(values) > 1 else "") + " ".join(str(value) for value in values)


def _words(value: Any) -> str:
    """A value as the file would write it, on one line."""
    match value:
        case None | "":
            return "nothing"
        case bool():
            return f"the truth value {str(value).lower()}"
        case list():
            return f"a list of {len(value)}"
        case dict():
            return "keys with values"
    return repr(value)[:80]


# --- YAML -------------------------------------------------------------------------------------------------------------


def load_yaml(path: Path, schema: str) -> Any:
    """A YAML file that satisfies its schema. Dates are kept as text, so that JSON schemas can describe the keys."""
    root, content = _load(path)
    if problems := _problems(path, content, schema, lambda trail: _row(root, trail)):
        raise DataError(problems)
    return content


def check_once(path: Path, entries: Sequence[dict[str, Any]], key: str) -> None:
    """Every entry of a list in a YAML file under its own name. Raises DataError for names given twice."""
    names = [entry[key] for entry in entries]
    if twice := [(index, name) for index, name in enumerate(names) if name in names[:index]]:
        root = _load(path)[0]
        raise DataError(
            Problem(shown(path), _row(root, (index, key)), "", name, "the name twice", f"every {key} once")
            for index, name in twice
        )


def yaml_row(path: Path, *trail: str | int) -> str:
    """The row of a value in a YAML file, for messages about it."""
    return _row(_load(path)[0], trail)


def _load(path: Path) -> tuple[yaml.Node | None, Any]:
    """The file as YAML nodes, which know their rows, and as Python objects."""
    loader = _TextDates(read_text(path))
    try:
        root = loader.get_single_node()
        return root, loader.construct_document(root) if root else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = str(mark.line + 1) if mark else ""
        found = str(getattr(error, "problem", "") or getattr(error, "reason", "") or "no YAML")
    except RecursionError:
        row, found = "", "lists within lists without end"
    except (ValueError, LookupError, AttributeError) as error:
        # PyYAML checks the form of a number or a tagged value only in part, and lets Python's own errors through.
        row, found = "", str(error)
    finally:
        loader.dispose()
    raise DataError([Problem(shown(path), row, found=" ".join(found.split()), expected="valid YAML")])


class _TextDates(yaml.SafeLoader):
    """Safe YAML without aliases, in which a date stays a text, and every key is a text and given once."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, f"the alias *{event.anchor}", event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: list[Any] = []
        for key, _ in node.value:
            problem = (
                f"the key {key.value!r} twice"
                if key.value in seen
                else f"the key {key.value!r}, which is no text without quotes"
                if key.tag != "tag:yaml.org,2002:str"
                else ""
            )
            if problem:
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.append(key.value)
        return super().construct_mapping(node, deep)


_TextDates.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _row(node: Any, trail: Trail) -> str:
    """The row where the value stands, or else the entry that lacks it."""
    row = ""
    for part in trail:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            row = str(node.start_mark.line + 1)
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == part:
                    row, node = str(key.start_mark.line + 1), value
                    break
            else:
                break
    return row


# --- CSV --------------------------------------------------------------------------------------------------------------


GERMAN = re.compile(r"-?(\d{1,3}(\.\d{3})+(,\d+)?|\d+,\d+)")
"""A number with a decimal comma, or points between thousands."""


def load_csv(path: Path, schema: str, spreadsheet: bool = False) -> list[dict[str, str]]:
    """Rows of a CSV file with the columns of its schema, in that order; every row satisfies the schema.

    A field never holds a line break, so that a record is a row of the file. What a German ``spreadsheet`` saves is
    taken as it is meant: semicolons between fields, and then decimal commas, and rows without any content at the end.
    """
    columns = list(_schema(schema)["items"]["properties"])
    rows, problems = _csv_rows(path, spreadsheet)
    problems = problems or _heading_problems(path, rows[0], columns)
    if problems:
        raise DataError(problems)
    problems = [
        Problem(shown(path), str(number), found=_fields(len(row)), expected=f"{_fields(len(columns))} between commas")
        for number, row in enumerate(rows[1:], 2)
        if len(row) != len(columns)
    ]
    records = [dict(zip(columns, row, strict=False)) for row in rows[1:]]
    problems = problems or _problems(path, records, schema, lambda trail: str(2 + int(trail[0])) if trail else "")
    if problems:
        raise DataError(problems)
    return records


def read_table(path: Path) -> list[list[str]]:
    """Heading and rows of a CSV file as a spreadsheet saves it, whose columns the reader checks."""
    rows, problems = _csv_rows(path, True)
    if problems:
        raise DataError(problems)
    return [[field.strip() for field in row] for row in rows]


def _csv_rows(path: Path, spreadsheet: bool) -> tuple[list[list[str]], list[Problem]]:
    """Every record of the file, and what keeps a record from being one row."""
    text = read_text(path, spreadsheet)
    german = spreadsheet and ";" in text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=";" if german else ",")
    rows: list[list[str]] = []
    try:
        for row in reader:
            if reader.line_num > len(rows) + 1:
                break
            rows.append(row)
        else:
            while spreadsheet and len(rows) > 1 and not any(rows[-1]):
                rows.pop()
            return [[_plain(field) for field in row] for row in rows] if german else rows, []
        found = "a field with a line break, or a quotation mark that nothing closes"
    except csv.Error as error:
        found = "a quotation mark that nothing closes" if reader.line_num > len(rows) + 1 else str(error)
    return rows, [Problem(shown(path), str(len(rows) + 1), found=found, expected="a record of CSV on one line")]


def _plain(field: str) -> str:
    return field.replace(".", "").replace(",", ".") if GERMAN.fullmatch(field) else field


def _heading_problems(path: Path, heading: list[str], columns: list[str]) -> list[Problem]:
    """Columns missing or unknown; where there is neither or nothing else, the heading as a whole."""
    missing = [column for column in columns if column not in heading]
    problems = [Problem(shown(path), "1", "", column, "no such column", ",".join(columns)) for column in missing]
    problems += [
        Problem(shown(path), "1", "", column, "an unknown column", ",".join(columns))
        for column in heading
        if column not in columns
    ]
    if heading == columns or (problems and len(missing) < len(columns)):
        return problems
    found = ",".join(heading) or "an empty line"
    return [Problem(shown(path), "1", quantity="heading", found=found, expected=",".join(columns))]


def _fields(number: int) -> str:
    return f"{number} field" if number == 1 else f"{number} fields" if number else "an empty line"
