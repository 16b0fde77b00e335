"""Executed lessons as pages for a browser, without a network, for eyes, ears, keyboard and printer."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lxml.html import HtmlElement  # type: ignore[import-untyped,unused-ignore]
    from nbformat import NotebookNode

ARABIC = re.compile(r"[\u0600-\u06ff]")


def write_pages(notebooks: Mapping[str, NotebookNode], folder: Path, *, texts: Mapping[str, str] | None = None) -> Path:
    """Write executed notebooks as pages that need no network, and an index of them.

    Parameters
    ----------
    notebooks : mapping of str to NotebookNode
        Executed notebooks by name, in reading order.
    folder : Path
        Where the pages go; made where it is missing.
    texts : mapping of str to str, optional
        Further pages in Markdown by name, such as the teacher's kit.

    Returns
    -------
    Path
        The index, ``folder/index.html``.

    Examples
    --------
    >>> write_pages({"00_start_here": notebook}, Path("build"))  # doctest: +SKIP
    """
    from nbconvert import HTMLExporter
    from nbconvert.filters import markdown2html

    folder.mkdir(parents=True, exist_ok=True)
    exporter = HTMLExporter(template_name="basic", exclude_anchor_links=True)
    bodies = {name: exporter.from_notebook_node(notebook)[0] for name, notebook in notebooks.items()}
    sources = {name: "\n".join(cell.source for cell in notebook.cells) for name, notebook in notebooks.items()}
    for name, text in (texts or {}).items():
        bodies[name], sources[name] = markdown2html(text), text
    titles = {name: next(iter(re.findall(r"^# (.+)$", text, re.MULTILINE)), name) for name, text in sources.items()}
    for name, body in bodies.items():
        page = PAGE.format(title=escape(titles[name]), style=STYLE, nav=BACK, body=mend(body, set(bodies)))
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    entries = {name: f'<li><a href="{escape(name)}.html">{escape(title)}</a></li>' for name, title in titles.items()}
    body = f"<h1>Threat Talk</h1>\n<p>{INTRODUCTION}</p>\n<h2>Lessons</h2>\n<ul>{joined(entries, notebooks)}</ul>"
    if texts:
        body += f"\n<h2>For teachers and students</h2>\n<ul>{joined(entries, texts)}</ul>"
    index = folder / "index.html"
    index.write_text(PAGE.format(title="Threat Talk", style=STYLE, nav="", body=body), encoding="utf-8")
    return index


def joined(entries: Mapping[str, str], names: Mapping[str, object]) -> str:
    """Join the entries of an index that belong to `names`."""
    return "".join(entries[name] for name in names)


def mend(body: str, pages: set[str]) -> str:
    """Make the body of a page readable by ear and keyboard, and keep its links inside the edition.

    Header cells get a scope and the table a name, wide tables can be scrolled by keyboard, cells in Arabic script
    are marked as such, and links to other lessons lead to their pages; a link to a file that is no page becomes text.

    Parameters
    ----------
    body : str
        HTML of nbconvert.
    pages : set of str
        Names of the pages there are.

    Returns
    -------
    str

    Examples
    --------
    >>> mend('<p>See <a href="../data/x.csv">x</a>.</p>', set())
    '<div><p>See x.</p></div>'
    """
    from lxml import html  # type: ignore[import-untyped,unused-ignore]

    tree = html.fragment_fromstring(body, create_parent="div")
    for style in tree.xpath(".//style"):
        style.drop_tree()
    for mark in tree.xpath('.//a[@class="anchor-link"]'):
        mark.drop_tree()
    for link in tree.xpath(".//a[@href]"):
        target, hash_, place = link.get("href").rpartition("/")[2].partition("#")
        name, _, ending = target.partition(".")
        if name in pages and ending in ("ipynb", "md"):
            link.set("href", f"{name}.html{hash_}{place}")
        elif not link.get("href").startswith(("#", "http://", "https://", "mailto:")):
            link.drop_tag()
    for table in tree.xpath(".//table"):
        mend_table(table)
    return str(html.tostring(tree, encoding="unicode"))


def mend_table(table: HtmlElement) -> None:
    """Give a table scopes and a name, drop an empty head, and let it be scrolled by keyboard."""
    from lxml import html  # type: ignore[import-untyped,unused-ignore]

    table.attrib.pop("border", None)
    heads = table.xpath("./thead//th")
    if heads and not any(head.text_content().strip() for head in heads):
        for head in table.xpath("./thead"):
            head.drop_tree()
        for cell in table.xpath("./tbody/tr/td[1]"):
            cell.tag = "th"
    for cell in table.xpath("./thead//th"):
        if cell.text_content().strip():
            cell.set("scope", "col")
        else:
            cell.tag = "td"
    for cell in table.xpath("./tbody//th"):
        cell.set("scope", "row")
    for cell in table.xpath(".//td"):
        if ARABIC.search(cell.text_content()):
            cell.set("lang", "fa")
            cell.set("dir", "auto")
    names = [cell.text_content().strip() for cell in table.xpath("./thead//th")]
    words = "Table: " + ", ".join(dict.fromkeys(names)) if names else "Table"
    frame = html.Element("div", {"class": "wide", "role": "group", "aria-label": words, "tabindex": "0"})
    tail, table.tail = table.tail, None
    table.addprevious(frame)
    frame.append(table)
    frame.tail = tail


INTRODUCTION = (
    "Who said what, about which topics, taking which stance toward whom, and framing whom as a threat: "
    "lessons on news articles and speeches about Afghanistan and terrorism, run on this machine just now."
)
BACK = '<nav aria-label="Lessons"><a href="index.html">All lessons</a></nav>'
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}</style></head>
<body><a class="skip" href="#content">Skip to the content</a>
<header>{nav}</header>
<main id="content" tabindex="-1">
{body}
</main></body></html>
"""
# Colours of code by hand: the ready-made styles fall below a contrast of 4.5 to 1 on a grey ground.
STYLE = """
body { font: 1.05rem/1.55 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 0 }
main, header { max-width: 56rem; margin: 0 auto; padding: .5rem 1.5rem }
.skip { position: absolute; left: -99rem } .skip:focus { left: 1rem; top: .5rem; background: #fff; padding: .4rem }
:focus-visible { outline: 3px solid #0b4f9e; outline-offset: 2px } main:focus { outline: none }
pre, code { font: .92rem/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
.highlight { background: #f6f6f4; border-left: 3px solid #767676; padding: .2rem .8rem }
.highlight .k, .highlight .kn, .highlight .ow, .highlight .kc { color: #00448f; font-weight: 600 }
.highlight .s1, .highlight .s2, .highlight .sa, .highlight .sd, .highlight .si, .highlight .se { color: #7a3e00 }
.highlight .c1 { color: #4d5a4d; font-style: italic } .highlight .mi, .highlight .mf { color: #6b2c91 }
.jp-OutputPrompt, .jp-InputPrompt, .prompt { display: none }
.wide { overflow-x: auto; margin: .6rem 0 }
table { border-collapse: collapse; font-size: .92rem }
th, td { padding: .25rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid #ddd }
img { max-width: 100%; height: auto } figure { margin: 1rem 0 } a { color: #0b4f9e }
summary { cursor: pointer; font-weight: 600 } details { margin: .4rem 0 }
blockquote { border-left: 3px solid #0b4f9e; margin-left: 0; padding-left: 1rem }
@media print {
  header, .skip { display: none } main { max-width: none; padding: 0 } a { color: inherit; text-decoration: none }
  .wide { overflow: visible } table { font-size: .75rem } figure, tr, pre { break-inside: avoid }
  h2, h3 { break-after: avoid }
}
"""
