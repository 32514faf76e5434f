"""The list of differences is frozen: a new one fails, and an explained one cannot silently vanish."""

import csv
import io

from lfa.evidence import data_dictionary, differences, law_source
from lfa.files import DATA, read_text
from lfa.law import fag1993
from lfa.lines import registry

FROZEN = DATA / "2003/abweichungen.csv"


def test_the_frozen_list_is_the_engine_s(settlement):
    frozen = list(csv.DictReader(io.StringIO(read_text(FROZEN))))
    assert frozen == differences(settlement).to_dict(orient="records"), (
        "write it anew: python tests/test_abweichungen.py"
    )


def test_differences_are_small_and_explained(settlement):
    found = differences(settlement)
    assert set(found.cause) == {"Rundung der gedruckten Ausgangszahlen", "offener Befund"}
    assert len(found) < 400


def test_every_rule_of_the_law_is_shown():
    shown = law_source("fag1993")
    names = [text.splitlines()[0] for _, _, text in shown]
    for _, rules in fag1993.STAGES:
        for rule in rules:
            assert any(line.startswith(f"def {rule.__name__}(") for line in names), rule.__name__
    assert shown[0][0] == "§ 1 Abs. 1"


def test_the_data_dictionary_is_the_registry():
    assert list(data_dictionary("fag1993").key) == list(registry("fag1993"))


if __name__ == "__main__":
    import lfa

    FROZEN.write_text(differences(lfa.settle(2003)).to_csv(index=False, lineterminator="\n"), encoding="utf-8")
