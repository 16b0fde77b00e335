"""The HTML edition: a small site of the lessons that needs no network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import html
from nbformat import v4

from notebooks.building.kit import read_lessons
from notebooks.building.pages import mend, write_pages
from notebooks.building.running import output_text
from tests.lessons.test_kit import CARD

if TYPE_CHECKING:
    from pathlib import Path

ELSEWHERE = re.compile(
    r"""src\s*=\s*["']?(?:https?:)?//|<link[^>]*href\s*=\s*["']?(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//""",
    re.IGNORECASE,
)
FIGURE = '<figure><img alt="Talks fall. Bars of talks. 2001: 3." src="data:image/png;base64,AAAA"></figure>'


def lesson(card: str = CARD) -> v4.NotebookNode:
    exercise = v4.new_markdown_cell("### Exercise 01-1 · easy: Count them", metadata={"tags": ["exercise"]})
    figure = v4.new_code_cell("draw()", outputs=[v4.new_output("display_data", data={"text/html": FIGURE})])
    return v4.new_notebook(cells=[v4.new_markdown_cell(card), figure, exercise])


def mended(body: str, names: set[str] | None = None) -> str:
    tree = html.fragment_fromstring(body, create_parent="div")
    mend(tree, names or set())
    return str(html.tostring(tree, encoding="unicode"))


@pytest.fixture
def site(tmp_path: Path) -> dict[str, html.HtmlElement]:
    lessons = {"01_load": lesson(), "02_next": lesson(CARD.replace("01 · Load", "02 · Law & order"))}
    write_pages(lessons, tmp_path, texts={"plans": "# Teaching plans"})
    return {path.stem: html.fromstring(path.read_text(encoding="utf-8")) for path in tmp_path.glob("*.html")}


def test_no_page_asks_for_anything_from_elsewhere(site: dict[str, html.HtmlElement]) -> None:
    pages = {name: str(html.tostring(page, encoding="unicode")) for name, page in site.items()}
    for name, notebook in read_lessons().items():
        cells = (cell.source if cell.cell_type == "markdown" else output_text(cell) for cell in notebook.cells)
        pages[name] = "\n".join(cells)
    for name, page in pages.items():
        assert not ELSEWHERE.search(page), name
        assert not re.search(r"!\[[^\]]*\]\(\w+:", page), name


def test_the_index_has_a_card_per_lesson_and_a_link_per_further_page(site: dict[str, html.HtmlElement]) -> None:
    first = site["index"].xpath("//ul[@class='cards']/li")[0]
    words = " ".join(first.text_content().split())
    assert "01 · Load What? 40 minutes Count them easy" in words
    assert "Talks fall" in words
    assert site["index"].xpath("//ul[@class='pages']//a/@href") == ["plans.html"]
    assert site["index"].xpath("//form[@role='search' and @hidden]"), "without a script no search is offered"


def test_every_page_leads_to_the_one_before_and_after(site: dict[str, html.HtmlElement]) -> None:
    steps = {name: [site[name].xpath(f"//a[@rel='{rel}']/@href") for rel in ("prev", "next")] for name in site}
    assert steps["01_load"] == [[], ["02_next.html"] * 2]
    assert steps["02_next"] == [["01_load.html"] * 2, ["plans.html"] * 2]
    assert steps["plans"] == [["02_next.html"] * 2, []]


def test_a_title_is_escaped_once(site: dict[str, html.HtmlElement]) -> None:
    assert site["02_next"].xpath("//title/text()") == ["02 · Law & order · Threat Talk"]
    assert site["index"].xpath("//h3/a/text()") == ["01 · Load", "02 · Law & order"]


def test_a_figure_says_in_words_what_it_shows() -> None:
    (caption,) = html.fromstring(mended(FIGURE)).xpath("//figcaption")
    assert caption.xpath(".//summary/text()") == ["In words: Talks fall"]
    assert caption.xpath(".//p/text()") == ["Bars of talks. 2001: 3."]


def test_a_table_can_be_read_by_ear_and_keyboard() -> None:
    page = mended(
        "<table border='1'><thead><tr><th></th><th>kind</th></tr></thead><tbody><tr><th>0</th><td>مکتب</td></tr></tbody></table>"
    )
    assert '<th scope="col">kind</th>' in page
    assert '<th scope="row">0</th>' in page
    assert '<td lang="fa" dir="auto">' in page
    assert '<div class="wide" role="group" aria-label="Table: kind" tabindex="0"><table>' in page
    assert "<th></th>" not in page


def test_a_card_has_no_empty_head() -> None:
    page = mended(
        "<table><thead><tr><th></th><th></th></tr></thead><tbody><tr><td>Minutes</td><td>30</td></tr></tbody></table>"
    )
    assert "thead" not in page
    assert '<th scope="row">Minutes</th>' in page


def test_links_stay_inside_the_edition() -> None:
    page = mended(
        '<p><a href="../01_load.ipynb#dates">1</a> <a href="solutions/09.ipynb">9</a> <a href="https://doi.org/1">doi</a></p>',
        {"01_load"},
    )
    assert page == '<div><p><a href="01_load.html#dates">1</a> 9 <a href="https://doi.org/1">doi</a></p></div>'
