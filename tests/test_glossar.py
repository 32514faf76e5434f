"""The glossary: complete, without dead links or unused words; and its links in the prose of the chapters."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from docutils import nodes
from docutils.nodes import make_id

from lfa import glossar
from lfa.errors import DataError
from lfa.glossar import BOOK, Entry, find, load

sys.path.insert(0, str(BOOK / "_ext"))
import lfa_glossar

ENTRIES = load()
SLUGS = {entry.slug for entry in ENTRIES}


def by_slug(slug: str) -> Entry:
    return next(entry for entry in ENTRIES if entry.slug == slug)


# --- The entries ------------------------------------------------------------------------------------------------------


def test_there_are_at_least_eighty_entries_each_under_its_own_name() -> None:
    assert len(ENTRIES) >= 80
    assert len(SLUGS) == len({entry.term for entry in ENTRIES}) == len(ENTRIES)


def test_entries_stand_in_the_order_of_the_alphabet() -> None:
    terms = [entry.term for entry in ENTRIES]
    assert terms.index("Ausgleichszuweisung") < terms.index("Bedarfsmesszahl") < terms.index("Zwischenabrechnung")
    assert terms.index("Fonds „Deutsche Einheit“") < terms.index("Förderabgabe") < terms.index("Garantien")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
def test_a_sentence_is_short_and_names_no_figure_of_the_law(entry: Entry) -> None:
    assert len(entry.sentence.split()) < 25
    assert entry.sentence.count(". ") == 0
    assert all(re.fullmatch(r"(19|20)\d\d", figure) for figure in re.findall(r"\d+", entry.sentence))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
def test_what_is_said_about_the_law_names_it_and_how_well_it_is_known(entry: Entry) -> None:
    cited = "§" in entry.law or "Art." in entry.law or "Abschnitt" in entry.law
    assert cited == bool(entry.evidence)
    if cited:
        assert re.search(r"FAG (1993|2001|2020|BW)|GG|LAG|MaßstG|Fondsgesetz", entry.law)
    # No wording of the FAG 1993 is at hand; V rests on a later law, or on what the ordinance of 2003 says about it.
    if entry.evidence == "V" and re.fullmatch(r"[^,;]*FAG 1993", entry.law):
        assert entry.slug in ("laenderbeitrag",)


def test_every_link_into_the_book_has_its_target() -> None:
    assert glossar.dead_links(ENTRIES) == []


def test_every_link_to_another_entry_has_its_target() -> None:
    assert {slug for entry in ENTRIES for slug in entry.see} <= SLUGS


def test_every_word_occurs_in_the_prose_of_a_chapter() -> None:
    assert glossar.unused(ENTRIES) == []


def test_dead_links_and_unused_words_are_found() -> None:
    invented = Entry("Silben", "silben", ("Silbenausgleich",), "", "", ("silben", "tarif#silben", "tarif#die-regel"))
    elsewhere = Entry("Tarif", "tarif", ("Tarif",), "", "", ("gemeinde/2023",), only=frozenset({"silben"}))
    assert glossar.dead_links([invented]) == ["silben: silben", "silben: tarif#silben"]
    assert glossar.unused([invented, elsewhere]) == ["silben", "tarif: silben"]


@pytest.mark.parametrize("chapter", glossar.chapters())
def test_anchors_are_those_of_docutils(chapter: str) -> None:
    labels = set(re.findall(r"^\(([\w-]+)\)=$", glossar.markdown(chapter), flags=re.M))
    for anchor, heading in glossar.headings(chapter).items():
        assert anchor in labels or "{" in heading or anchor == make_id(heading)


# --- Defects of the file ----------------------------------------------------------------------------------------------

GOOD = "\n".join(
    f"- {{term: Wort {n}, slug: w{n}, forms: [Form{n}], law: Kein Rechtsbegriff, sentence: Ein Satz., where: [tarif]}}"
    for n in range(80)
)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("slug: w7,", "slug: w6,", "the name twice"),
        ("term: Wort 7,", "term: Wort 6,", "the name twice"),
        ("forms: [Form7]", "forms: [Form6]", "one meaning in each chapter, not w7 as well"),
        ("where: [tarif]}\n- {term: Wort 8,", "where: [tarif], see: [w99]}\n- {term: Wort 8,", "another entry"),
        ("slug: w7,", "slug: W 7,", "hyphens"),
        ("law: Kein Rechtsbegriff, sentence: Ein Satz., where: [tarif]}\n- {term: Wort 8,",
         "law: das FAG, sentence: Ein Satz., where: [tarif]}\n- {term: Wort 8,", "a paragraph with its law"),
        ("sentence: Ein Satz.", f"sentence: Ein {'sehr ' * 24}langer Satz.", "at most 24"),
        ("- {term: Wort 7, slug: w7, forms: [Form7], law: Kein Rechtsbegriff, sentence: Ein Satz., where: [tarif]}\n",
         "", "a list of 79"),
    ],
)  # fmt: skip
def test_a_defect_of_the_file_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "glossar.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert len(load(path)) == 80
    load.cache_clear()
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as failure:
        load(path)
    assert told in str(failure.value)


def test_a_form_may_mean_two_things_in_different_chapters() -> None:
    assert [entry.slug for *_, entry in find("Der Zuschlag", "einwohner")] == ["zuschlag-grossstaedte"]
    assert [entry.slug for *_, entry in find("Der Zuschlag", "seit_2020")] == ["zuschlag"]
    assert [entry.slug for *_, entry in find("Der Zuschlag", "ein_neues_kapitel")] == ["zuschlag"]
    assert [entry.slug for *_, entry in find("Der Zuschlag", "umsatzsteuer")] == []
    assert [entry.slug for *_, entry in find("Der Grundbetrag", "gemeinde")] == ["grundbetrag-gemeinde"]
    assert [entry.slug for *_, entry in find("Grundbeträge", "gemeindesteuern")] == ["grundbetrag-realsteuern"]


# --- Finding words ----------------------------------------------------------------------------------------------------


def words(text: str, chapter: str = "tarif") -> list[str]:
    return [text[start:end] for start, end, _ in find(text, chapter)]


def test_only_whole_words_are_found() -> None:
    assert words("Tarifs, Tarifvertrag, Haustarif, Grundtarif-Zone, Tarif-Zone, Zonen.") == ["Tarifs", "Zonen"]


def test_the_longest_word_is_found() -> None:
    text = "Die allgemeinen BEZ, der Fonds „Deutsche Einheit“ und das FAG BW; auch das FAG."
    assert words(text) == ["allgemeinen BEZ", "Fonds „Deutsche Einheit“", "FAG BW", "FAG"]


def test_a_word_in_lower_case_may_begin_a_sentence_and_space_may_be_of_any_kind() -> None:
    assert words("Vorläufig ist FAG\u00a01993, bewiesen\nist nichts.") == ["Vorläufig", "FAG\u00a01993"]
    assert words("Allgemeine\nBEZ") == ["Allgemeine\nBEZ"]
    assert words("der tarif") == []


@pytest.mark.parametrize(
    ("page", "chapter"),
    [("tarif", "tarif"), ("jahre", "jahre"), ("jahre/2003", "jahr"), ("gemeinde/2023", "gemeinde")],
)
def test_pages_of_years_are_made_from_one_notebook(page: str, chapter: str) -> None:
    assert glossar.chapter_of(page) == chapter
    assert chapter in glossar.chapters()


# --- Links ------------------------------------------------------------------------------------------------------------


def paragraph(*parts: nodes.Node | str) -> nodes.paragraph:
    return nodes.paragraph("", "", *(nodes.Text(part) if isinstance(part, str) else part for part in parts))


def document(*parts: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title("", "Der Tarif und die Zone"), *parts)


def linked(tree: nodes.Node) -> list[str]:
    lfa_glossar.link_first_uses(tree, "tarif", "glossar.html")
    return [link.astext() for link in tree.findall(nodes.reference) if "lfa-begriff" in link["classes"]]


def test_the_first_use_is_linked_and_no_other() -> None:
    tree = document(paragraph("Der Tarif hat Zonen."), paragraph("Jede Zone des Tarifs zählt. Ein Fehlbetrag nicht."))
    before = tree.astext()
    assert linked(tree) == ["Tarif", "Zonen", "Fehlbetrag"]
    assert tree.astext() == before


def test_a_link_leads_to_the_entry_and_shows_its_sentence() -> None:
    tree = document(paragraph("Alle Hebesätze zählen."))
    assert linked(tree) == ["Hebesätze"]
    link = next(iter(tree.findall(nodes.reference)))
    assert link["refuri"] == "glossar.html#begriff-hebesatz"
    assert link["reftitle"] == "Hebesatz: " + by_slug("hebesatz").sentence


def test_a_word_in_bold_or_in_a_list_is_prose() -> None:
    item = nodes.bullet_list("", nodes.list_item("", paragraph("Ein Fehlbetrag")))
    assert linked(document(paragraph("Der ", nodes.strong("", "Tarif"), " gilt."), item)) == ["Tarif", "Fehlbetrag"]


@pytest.mark.parametrize(
    "other",
    [
        nodes.block_quote("", nodes.paragraph("", "Der Tarif")),
        nodes.literal_block("", "Der Tarif"),
        nodes.table("", nodes.paragraph("", "Der Tarif")),
        nodes.figure("", nodes.caption("", "Der Tarif")),
        nodes.container("", nodes.paragraph("", "Der Tarif"), classes=["cell_output"]),
        nodes.paragraph("", "", nodes.reference("", "Der Tarif", refuri="tarif.html")),
        nodes.paragraph("", "", nodes.literal("", "Der Tarif")),
        nodes.paragraph("", "", nodes.math("", "Tarif")),
        nodes.raw("", "<p>Der Tarif</p>", format="html"),
        nodes.section("", nodes.title("", "Der Tarif")),
    ],
    ids=lambda node: type(node).__name__,
)
def test_what_is_no_prose_is_left_alone(other: nodes.Element) -> None:
    before = str(other)
    tree = document(other.deepcopy(), paragraph("Erst dieser Tarif zählt."))
    assert linked(tree) == ["Tarif"]
    assert str(tree.children[1]) == before


def test_within_raw_markup_nothing_is_linked() -> None:
    def raw(text: str) -> nodes.raw:
        return nodes.raw("", text, format="html")

    tree = document(paragraph(raw('<a href="x.html">'), "Der Tarif", raw("</a>"), raw("<br>"), " und eine Zone"))
    assert linked(tree) == ["Zone"]
    badged = document(paragraph("So ", raw('<abbr title="bewiesen">N</abbr>'), " ist der Tarif"))
    assert linked(badged) == ["Tarif"]


def test_the_prose_that_is_searched_is_the_prose_that_is_linked(tmp_path: Path) -> None:
    text = (
        "# Der Tarif\n\nEin [Fehlbetrag](x.ipynb), `Zone`, **Über**schuss, {glue:text}`zahler`.\n\n> Der Hebesatz\n\n"
        "| Grenzsatz |\n|---|\n\n```\nRundung\n```\n\n```{admonition} Titel\n:class: note\nErst der Sockel.\n```\n"
        '<details class="x" lang="en"><p>Der Beitrag</p></details>\n\n$$\n\\text{Zuweisung}\n$$\n'
    )
    import nbformat

    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    nbformat.write(book, tmp_path / "probe.ipynb")
    assert words(glossar.prose("probe", tmp_path)) == ["Sockel"]
    assert glossar.headings("probe", tmp_path) == {"der-tarif": "Der Tarif"}


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_has_an_anchor_for_every_entry_and_letter() -> None:
    html = glossar.page().html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {f"begriff-{slug}" for slug in SLUGS} <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    assert html.count("<dl>") == html.count('<h3 id="buchstabe-')


def test_the_page_gives_each_entry_its_paragraph_sentence_and_links() -> None:
    html = glossar.page().html
    entry = html[html.index('id="begriff-rangfolge"') :].partition("</div>")[0]
    assert "§\u00a010 Abs.\u00a05 FAG\u00a01993" in entry
    assert by_slug("rangfolge").sentence in entry
    assert 'href="garantien.html#die-rangfolge-abs-5"' in entry
    assert 'href="#begriff-garantien"' in entry
    assert "Eine Gemeinde rechnet: 2023, „Was eine Gemeinde braucht“" in html


def test_grants_of_the_federation_are_not_those_among_the_laender() -> None:
    assert [entry.slug for *_, entry in find("die Zuweisungen des Bundes", "jahre")] == ["bez"]
    assert [entry.slug for *_, entry in find("die Zuweisungen", "jahre")] == ["ausgleichszuweisung"]
