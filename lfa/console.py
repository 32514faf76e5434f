"""What every command shares: bad data end in a message and exit code 2; tidy rows as CSV, or in columns."""

import csv
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import click

from lfa.errors import DataError


def data_errors_exit_2(command: Callable[..., None]) -> Callable[..., None]:
    """Bad data and an output that takes nothing end in a message and exit code 2, never in a traceback.

    A reader that stops early (``| head``) is no failure.
    """

    @wraps(command)
    def wrapped(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
            sys.stdout.flush()
        except DataError as error:
            click.echo(str(error), err=True)
            sys.exit(2)
        except BrokenPipeError:
            # Python flushes once more at exit, into a pipe that nobody reads.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as error:
            click.echo(f"cannot write the result: {error.strerror}", err=True)
            sys.exit(2)

    return wrapped


def csv_text(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    """Rows as CSV with a heading."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Text in columns as wide as their widest entry."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines) + "\n"
