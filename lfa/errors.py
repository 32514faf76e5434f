"""The one kind of error a user can cause: data that cannot be used, told completely and at once."""

from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """One defect of a data file; parts that do not apply stay empty."""

    file: str
    row: str = ""
    land: str = ""
    quantity: str = ""
    found: str = ""
    expected: str = ""

    def __str__(self) -> str:
        parts = zip(("row", "Land", "quantity", "found", "expected"), self[1:], strict=True)
        return ", ".join([self.file, *(f"{name}: {value}" for name, value in parts if value)])


class DataError(Exception):
    """Raised with every problem of the files that were read, so that none has to be hunted one by one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
