"""Every chapter begins with a summary in English."""

import json
import re
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[1] / "book"
SUMMARY = re.compile(
    r'<details class="lfa-klappe" lang="en"><summary>In English</summary>\n<p>(.*)</p>\n</details>', re.DOTALL
)


@pytest.mark.parametrize("path", sorted(BOOK.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_summary_in_english_stands_at_the_head(path: Path) -> None:
    if path.stem == "english":
        return
    prose = [
        "".join(c["source"])
        for c in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if c["cell_type"] == "markdown"
    ]
    assert prose[0].startswith("# ")
    found = SUMMARY.fullmatch(prose[1])
    assert found, "the second piece of prose is the folded summary"
    # A blank line would end the block and leave the fold open.
    assert "\n\n" not in prose[1]
    assert 80 <= len(re.sub("<[^>]*>", "", found[1]).split()) <= 150
