"""Every reader accounts for what comes in: each letter is in an article or among what was removed, each row somewhere."""

from __future__ import annotations

import io
import json
import unicodedata
from collections import Counter
from pathlib import PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.articles.load import load_articles
from helpers.articles.readers import exports, factiva, html, mail, office, published, table, web
from helpers.articles.readers.archive import Blob
from helpers.articles.readers.pasted import read_pasted
from helpers.articles.readers.records import Record, Reject

SENTENCE = "The governor of Herat said on Tuesday that the bridge was safe again for every lorry."
# Lines that readers give a meaning to; each may come anywhere, any number of times, in every format.
MEANT = [
    SENTENCE, f"HERAT: {SENTENCE}", "", "The Herat Lantern", "Bridge reopens after spring floods", "By Nadia Sharif",
    "14 March 2012", "March 14, 2012 Wednesday", "Source: The Lantern", "Date: 3/4/2012", "Share this article",
    "–Traders welcome the news", "A LONG SPRING:", "Constructed for teaching: invented.", "he said the gover-",
    "nor of the whole province had waited for nine weeks and more", "7", "â€™s \u200b\u00a0 ﬁ", "Exit mobile version",
    "Published in The Herat Lantern, January 20th, 2018", "Nadia Sharif | 14 March 2012", "Body", "Text", "Abstract",
    "LENGTH: 240 words", "Section: NEWS; Pg. 3", "Byline: Nadia Sharif", "Dateline: HERAT, Afghanistan", "Graphic",
    "Highlight: Engineers say", "Classification", "Language: ENGLISH", "Load-Date: March 15, 2012", "End of Document",
    "Copyright 2012 The Herat Lantern All Rights Reserved", "1 of 3 DOCUMENTS", "Document 1 of 3", "_" * 60,
    "Title: Bridge", "Author: Sharif, Nadia", f"Full text: {SENTENCE}", "Full text:", "Abstract: short", "Links: x",
    "Publication date: Mar 14, 2012", "(spoke in Dari)", "12-34567 1/7", "**", "240 words", "09:30",
]  # fmt: skip
LINES = st.lists(st.one_of(st.sampled_from(MEANT), st.sampled_from(MEANT), st.text(max_size=30)), max_size=20)
TAGS = ("div", "p", "span", 'b class="enHeadline"', 'p class="articleParagraph"', 'div class="author"', "li", "td")
lean = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def letters(text: str) -> Counter[str]:
    """Count everything but white space; one form for composed letters and ligatures."""
    return Counter("".join(unicodedata.normalize("NFKC", text).split()))


def missing(raw: str, found: list[Record | Reject]) -> Counter[str]:
    """Count the letters that are neither in a text nor removed; what is rejected is told as a whole."""
    records = [one for one in found if isinstance(one, Record)]
    if not found or len(records) < len(found):
        assert found
        return Counter()
    kept = [
        part
        for one in records
        for part in (one.title or "", *one.subtitles, *one.body, *(cut.text for cut in one.cuts))
    ]
    return letters(raw) - letters(" ".join(kept))


def marked_up(lines: list[str], tags: list[str]) -> str:
    """Write lines as elements."""
    return "".join(
        f"<{tag}>{line.replace('&', '&amp;').replace('<', '&lt;')}</{tag.split()[0]}>"
        for line, tag in zip(lines, tags, strict=False)
    )


def visible(page: str) -> str:
    """Return what a page shows."""
    return " ".join(html.blocks(html.parse(page)))


@lean
@given(LINES, st.sampled_from(["\n", "\n\n", "\r\n", "\n   "]))
def test_pasted_text(lines, end):
    raw = end.join(lines)
    assert not missing(raw, [read_pasted(raw)])


@lean
@given(LINES, st.sampled_from(["\n", "\n\n", "\r\n"]))
def test_speeches(lines, end):
    raw = end.join(lines).encode("utf-8", "replace")
    assert not missing(raw.decode(), [published.read_speech(raw.decode(), PurePosixPath("AFG_58_2003.txt"))])


@lean
@given(LINES, st.sampled_from(["\n", "\n\n", "\r\n"]))
def test_older_nexis_and_proquest_text(lines, end):
    raw = end.join(["1 of 9 DOCUMENTS", "", *lines])
    assert not missing(raw, list(exports.read_older(raw)))
    raw = end.join(["_" * 60, "Title: X", f"Full text: {SENTENCE}", "_" * 60, *lines])
    assert not missing(raw, list(exports.read_proquest(raw)))


@lean
@given(LINES)
def test_nexis_lines(lines):
    lines = [*lines, "End of Document"]
    assert not missing("\n".join(lines), list(exports.read_newer("\n".join(lines))))


@lean
@given(LINES, st.lists(st.sampled_from(TAGS), min_size=20, max_size=20))
def test_nexis_and_factiva_pages(lines, tags):
    blocks = marked_up(lines, tags)
    page = f"<html><body><div>1 of 2 DOCUMENTS</div>{blocks}</body></html>"
    assert not missing(visible(page), list(exports.read_older_page(page)))
    page = f'<html><body><h1>Factiva</h1><div class="article enArticle">{blocks}</div><p>© Dow</p></body></html>'
    assert not missing(visible(page), list(factiva.read_export(page)))


@lean
@given(
    st.lists(st.tuples(st.sampled_from(["HD", "BY", "WC", "PD", "ET", "SN", "LP", "TD", "XX"]), st.sampled_from(MEANT)))
)
def test_factiva_table(rows):
    cells = "".join(f"<tr><td><b>{code}</b></td><td>{value}</td></tr>" for code, value in rows)
    page = f'<html><body><div class="article frArticle"><table>{cells}</table></div></body></html>'
    assert not missing(visible(page), list(factiva.read_export(page)))


@settings(lean, max_examples=15)
@given(LINES, st.lists(st.sampled_from(TAGS), min_size=20, max_size=20), st.sampled_from(["<article>", "<td>", ""]))
def test_web_pages(lines, tags, outer):
    page = f"<html><head><title>Bridge</title></head><body>{outer}{marked_up(lines, tags)}</body></html>"
    assert not missing(visible(page), [web.read_page(page)])


@settings(lean, max_examples=10)
@given(LINES)
def test_word_documents(lines):
    import docx

    document, stream = docx.Document(), io.BytesIO()
    shown = ["".join(filter(str.isprintable, line)) for line in lines]
    for line in shown:
        document.add_paragraph(line)
    document.save(stream)
    assert not missing("\n".join(shown), list(office.read_docx(stream.getvalue())))


@lean
@given(LINES, st.integers(0, 2))
def test_mail(lines, attached):
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = "a@b.example", "Bridge", "Wed, 14 Mar 2012 09:30:00 +0430"
    text = "\n".join(lines).encode("utf-8", "replace").decode()
    message.set_content(text)
    for number in range(attached):
        message.add_attachment(b"x", maintype="a", subtype="b", filename=f"{number}")
    found = list(mail.read_mail(message.as_bytes()))
    assert len(found) == 1 + attached
    assert not missing(text, found[:1])


CELLS = st.one_of(st.sampled_from(MEANT), st.none(), st.text(max_size=20), st.floats(), st.lists(st.text(max_size=5)))
ROWS = st.lists(st.dictionaries(st.sampled_from(["text", "title", "id", "date", "author", "x"]), CELLS), min_size=1)


@lean
@given(ROWS, st.booleans())
def test_rows_of_json(rows, by_line):
    data = "\n".join(map(json.dumps, rows)) if by_line else json.dumps(rows)
    blob = Blob(PurePosixPath("a"), "a", None, io.BytesIO(data.encode()), 10**6)
    found = list(table.read_json_lines(blob, columns=None) if by_line else table.read_json(data, columns=None))
    assert len(found) == len(rows)
    for row, one in zip(rows, found, strict=True):
        text = row.get("text")
        assert not missing(text if isinstance(text, str) else "", [one])


@settings(lean, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.just("{broken"), st.just("[1]"), st.just(""), st.just('{"text": "Snow."}')), max_size=12))
def test_lines_in_are_articles_and_rejects(tmp_path, lines):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "The road is open."}\n{"text": "It is."}\n' + "\n".join(lines))
    articles, rejects, _ = load_articles(path)
    assert len(articles) + len(rejects) == 2 + sum(map(bool, lines))


@pytest.mark.parametrize("title", ["NA", "None", "007"])
def test_rows_keep_words_that_look_like_nothing(tmp_path, title):
    (tmp_path / "rows.csv").write_text(f"id,title,text\n007,{title},The road is open.\n")
    articles = load_articles(tmp_path).articles
    assert articles.loc[0, ["doc_id", "title"]].tolist() == ["007", title]
