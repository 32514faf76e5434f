"""The lessons: a plan whose minutes add up, three variants, and a sheet; and what their figures rest on."""

import re

import numpy as np
import pytest

from lfa.glossar import chapters, markdown
from lfa.pictures import fragen
from lfa.pictures import unterricht as lessons
from lfa.states import CODES

PLANS = [name for name in chapters() if name.startswith("stunde_")]


def test_there_are_four() -> None:
    assert len(PLANS) == 4
    assert {name.replace("stunde_", "blatt_") for name in PLANS} == {n for n in chapters() if n.startswith("blatt_")}


@pytest.mark.parametrize("plan", PLANS)
def test_the_minutes_of_a_plan_add_up(plan: str) -> None:
    text = markdown(plan)
    duration = re.search(r"\*\*Dauer:\*\* (\d+) Minuten\.", text)
    assert duration and 45 <= int(duration[1]) <= 90
    course = text.partition("## Ablauf\n")[2].partition("\n## ")[0]
    steps = re.findall(r"^(\d)\. \*\*.+?\*\* \((\d+) Minuten\)", course, re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(1, len(steps) + 1))
    assert sum(int(minutes) for _, minutes in steps) == int(duration[1])
    assert "*Erwartet:*" in course


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_has_aim_answers_variants_and_a_sheet(plan: str) -> None:
    text = markdown(plan)
    sections = re.findall(r"^##+ (.+)$", text, re.MULTILINE)
    wanted = ["Ablauf", "Was zu erwarten ist", "Varianten", "Schule", "Hochschule", "Fortbildung in der Verwaltung"]
    assert [name for name in sections if name in [*wanted, "Prüfung"]] == [*wanted, "Prüfung"]
    assert "**Ziel:**" in text and "**Vorwissen:**" in text and "**Material:**" in text
    assert f"({plan.replace('stunde_', 'blatt_')}.ipynb)" in text
    assert f"({plan}.ipynb)" in markdown("unterricht")


@pytest.mark.parametrize("plan", PLANS)
def test_a_sheet_leaves_room_to_write(plan: str) -> None:
    text = markdown(plan.replace("stunde_", "blatt_"))
    assert '<p class="lfa-blatt">' in text and ("lfa-linien" in text or "lfa-luecke" in text)
    assert "assert" not in text and "Lösung" not in text


def test_a_step_of_a_lever_is_what_the_calculator_shows() -> None:
    cards = lessons.cards()
    assert list(cards["vorher"]) == sorted(cards["vorher"], reverse=True)
    more = lessons.proposal(satz=lessons.today("satz") + lessons.STEP)
    assert fragen.read(fragen.address(more)) == more
    # Ten points more close ten points more of each gap; the Bund then fills its part of what is left.
    lines = fragen.before(more)
    distance = (lines["ausgleichsmesszahl"] - lines["finanzkraftmesszahl"]) * lessons.STEP / 100
    moved = fragen.effects(more)["ausgleich"].to_numpy()
    assert np.allclose(moved, distance, atol=1.0)
    assert np.allclose(cards.loc[list(CODES), "satz"], fragen.effects(more).sum(axis=1) / fragen.people(more))


def test_nothing_changes_without_a_proposal() -> None:
    assert lessons.vote(lessons.proposal()) == lessons.Vote((), (), 0.0, 0.0)
    assert not lessons.vote(lessons.proposal()).carried


@pytest.mark.parametrize("values", [{"satz": 73}, {"satz": 40, "bund": 100}, {"gewicht": 100}])
def test_among_the_laender_nothing_is_gained(values: dict[str, float]) -> None:
    asked = lessons.proposal(**values)
    assert abs(fragen.effects(asked)["ausgleich"].sum()) < 1
    found = lessons.vote(asked)
    assert set(found.gaining).isdisjoint(found.losing)
    gained = (lessons.gains(asked) * fragen.people(asked)).sum()
    assert gained == pytest.approx(found.bund, abs=1)


def test_what_is_published_is_what_the_law_gives() -> None:
    found = lessons.published()
    assert abs(found["euro"].sum()) <= lessons.ROUNDED
    assert np.allclose(found["kopf"], lessons.cards()["heute"].reindex(found.index), atol=0.01)
