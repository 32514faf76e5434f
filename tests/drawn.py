"""What the tests of pictures share: the settled year, and that a chart can be drawn and comes out the same."""

from collections.abc import Callable
from functools import cache
from typing import Any

import lfa
from lfa import charts
from lfa.settlement import Settlement


@cache
def year_2003() -> Settlement:
    return lfa.settle(2003)


def check_drawn(draw: Callable[[], Any]) -> None:
    charts.enable()
    first, second = (charts.render(draw().to_dict())["text/html"] for _ in range(2))
    assert first == second
    drawing = first.split("<script")[0]
    assert "NaN" not in drawing and "undefined" not in drawing
    assert "<path" in drawing or "<rect" in drawing or "<line" in drawing
