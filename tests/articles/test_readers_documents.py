"""Pages, mail, PDF, Word, Excel and Parquet; dates, encodings, datelines, mastheads and languages."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from helpers.articles.load import load_articles
from helpers.articles.readers.dates import order_of, parse_date
from helpers.articles.readers.decode import decode
from helpers.articles.readers.language import detect_language
from helpers.articles.readers.pasted import read_pasted
from helpers.articles.readers.records import dateline

SENTENCE = "The governor of Herat said on Tuesday that the bridge was safe again for every lorry. "
PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Bridge reopens | The Herat Lantern</title>
<meta property="og:site_name" content="The Herat Lantern">
<meta property="article:published_time" content="2012-03-14T09:30:00+04:30">
<meta name="author" content="By Nadia Sharif"><link rel="canonical" href="https://lantern.example/bridge">
<meta name="notice" content="Constructed for teaching: people and events are invented."></head>
<body><nav><a>Home</a> <a>Weather</a></nav><h1>Bridge reopens</h1><article><p>{SENTENCE * 2}</p><p>{SENTENCE * 3}</p>
<h2>A LONG SPRING</h2><p>{SENTENCE}</p></article>
<footer><p>© 2012 The Herat Lantern. All rights reserved.</p></footer></body></html>"""


def load(folder, name, data):
    """Load one file."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return load_articles(path)


def test_saved_page_gives_article_metadata_and_the_rest_as_removed(tmp_path):
    articles, rejects, removed = load(tmp_path, "page.txt", PAGE)
    article = articles.loc[0]
    assert len(rejects) == 0
    assert article["title"] == "Bridge reopens"
    assert article["source"] == "The Herat Lantern"
    assert article["byline"] == "Nadia Sharif"
    assert article["date"] == pd.Timestamp("2012-03-14 09:30")
    assert article["language"] == "en"
    assert article["url"] == "https://lantern.example/bridge"
    assert article["constructed"]
    assert article["text"].count("bridge was safe") == 6
    assert "Weather" not in article["text"]
    assert any("Weather" in text for text in removed.loc[removed["reason"].eq("navigation"), "text"])


def test_date_in_a_sentence_of_a_page_is_not_its_date(tmp_path):
    page = f"<html><body><article><p>On January 20, 2018 a bridge fell. {SENTENCE * 3}</p></article></body></html>"
    assert pd.isna(load(tmp_path, "page.html", page).articles.loc[0, "date"])


@pytest.mark.parametrize(
    ("head", "body", "date"),
    [
        ('<meta name="article_date_original" content="Wednesday, March 14, 2012, 9:30 AM">', "", "2012-03-14 09:30"),
        ('<meta name="site:recs:publishtime" content="2012-03-14T09:30:00Z">', "", "2012-03-14 09:30"),
        ("", '<time datetime="miércoles, 14 marzo 2012 09:30">hoy</time>', "2012-03-14 09:30"),
        ("", "<time datetime='2012-03-14'>1</time><time datetime='2012-03-15'>2</time>", None),
        ('<meta name="article_date_updated" content="2012-03-14">', "", None),
        ('<meta name="article:expiration_time" content="2012-03-14">', "", None),
    ],
)
def test_pages_name_their_date_in_many_ways(tmp_path, head, body, date):
    page = f"<html><head>{head}</head><body><h1>Bridge</h1>{body}<p>{SENTENCE * 3}</p></body></html>"
    found = load(tmp_path, "page.html", page).articles.loc[0, "date"]
    assert (str(found)[:16] if date else found is pd.NaT) == (date or True)


def test_page_without_meta_elements_is_known_by_its_linked_data_and_its_address(tmp_path):
    linked = (
        '{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Bridge reopens", '
        '"datePublished": "2012-03-14T09:30:00+04:30"}'
    )
    head = f'<link rel="canonical" href="https://lantern.example/bridge"><script type="application/ld+json">{linked}</script>'
    page = f"<html><head>{head}</head><body><article><p>{SENTENCE * 3}</p></article></body></html>"
    article = load(tmp_path, "page.html", page).articles.loc[0]
    assert article[["title", "source", "url"]].tolist() == [
        "Bridge reopens",
        "lantern.example",
        "https://lantern.example/bridge",
    ]
    assert article["date"] == pd.Timestamp("2012-03-14 09:30")
    assert article["date_text"] == "2012-03-14T09:30:00+04:30"


def test_mail_gives_subject_sender_date_and_names_its_attachments(tmp_path):
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["To"] = "The Herat Lantern <news@lantern.example>", "reader@lantern.example"
    message["Subject"], message["Date"] = "Bridge reopens – “at last”", "Wed, 14 Mar 2012 09:30:00 +0430"
    message.set_content(SENTENCE + "\n\n" + SENTENCE)
    message.add_attachment(b"PK", maintype="application", subtype="zip", filename="more.zip")
    articles, rejects, _ = load(tmp_path, "alert.eml", message.as_bytes())
    assert articles.loc[0, "title"] == "Bridge reopens – “at last”"
    assert articles.loc[0, "source"] == "The Herat Lantern <news@lantern.example>"
    assert articles.loc[0, "date"] == pd.Timestamp("2012-03-14 09:30")
    assert articles.loc[0, "text"].count("bridge was safe") == 2
    assert "more.zip" in rejects.loc[0, "reason"]


def test_page_saved_as_mail_is_a_page_without_the_date_of_its_saving(tmp_path):
    data = (
        "From: <Saved by A Browser>\nSubject: Bridge\nDate: Wed, 14 Mar 2018 09:30:00 -0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\n\n--b\nContent-Type: text/html\n\n'
        f"{PAGE}\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n"
    )
    articles, rejects, _ = load(tmp_path, "page.mhtml", data)
    assert len(rejects) == 0
    assert articles.loc[0, ["doc_id", "title", "source"]].tolist() == [
        "page.mhtml",
        "Bridge reopens",
        "The Herat Lantern",
    ]
    assert articles.loc[0, "date"] == pd.Timestamp("2012-03-14 09:30")


def test_mailbox_gives_a_record_for_each_mail(tmp_path):
    mails = [
        f"From a@b.example Wed Mar 14 09:30:00 2012\nFrom: a@b.example\nSubject: {title}\n"
        f"Date: Wed, 14 Mar 2012 09:30:00 +0430\n\n{SENTENCE}\nFrom here the road is open.\n\n"
        for title in ("Bridge", "Road", "Snow")
    ]
    articles, rejects, removed = load(tmp_path, "all.mbox", "".join(mails))
    assert articles["doc_id"].tolist() == ["all.mbox#1", "all.mbox#2", "all.mbox#3"]
    assert articles["title"].tolist() == ["Bridge", "Road", "Snow"]
    assert articles["text"].str.contains("From here the road").all()
    assert removed["text"].tolist() == [mail.partition("\n\n")[0] for mail in mails]
    assert len(rejects) == 0


def test_mail_that_declares_the_wrong_encoding_keeps_its_apostrophes(tmp_path):
    head = b"From: a@b.example\nSubject: Bridge\nDate: Wed, 14 Mar 2012 09:30:00 +0430\nMIME-Version: 1.0\n"
    body = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nThe governor\x92s bridge is safe.\n"
    assert load(tmp_path, "a.eml", head + body).articles.loc[0, "text"] == "Bridge\n\nThe governor’s bridge is safe."


def pdf_of(pages):
    """Write a small PDF by hand: one list of lines a page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = b" ".join(
            b"(%s) Tj T*" % line.encode("latin-1").replace(b"(", b"\\(").replace(b")", b"\\)") for line in lines
        )
        stream = b"BT /F1 11 Tf 14 TL 72 720 Td " + shown + b" ET"
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream))
        content = len(objects)
        resources = b"/Resources << /Font << /F1 3 0 R >> >>"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s /Contents %d 0 R >>" % (resources, content)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out, offsets = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, io.SEEK_END)
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


def test_pdf_lines_are_joined_words_mended_and_page_lines_cut(tmp_path):
    pytest.importorskip("pypdf")
    pages = [
        [
            "The Herat Lantern 2012",
            f"{word} traders had waited for nine weeks until the gover-",
            "nor said that the bridge was safe again for every",
            "lorry, and the engi-",
            "neers agreed with him on the day of the open-",
            f"ing. {word} carts were counted by the guards.",
            f"Page {number}",
        ]
        for number, word in enumerate(("Forty", "Fifty", "Sixty"), 1)
    ]
    articles, _, removed = load(tmp_path, "a.pdf", pdf_of(pages))
    text = articles.loc[0, "text"]
    assert text.count("until the governor said that the bridge was safe again for every lorry, and the engineers") == 3
    assert "Page" not in text
    assert "The Herat Lantern 2012" not in text
    assert removed["reason"].value_counts().to_dict() == {"hyphen at line end": 9, "page header": 6}


def test_pdf_without_text_layer_says_so(tmp_path):
    pytest.importorskip("pypdf")
    _, rejects, _ = load(tmp_path, "a.pdf", pdf_of([[]]))
    assert "no text layer" in rejects.loc[0, "reason"]


def test_encrypted_pdf_says_so(tmp_path):
    pypdf = pytest.importorskip("pypdf")
    writer, stream = pypdf.PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(pdf_of([[SENTENCE]])))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(stream)
    _, rejects, _ = load(tmp_path, "a.pdf", stream.getvalue())
    assert "encrypted" in rejects.loc[0, "reason"]


def test_word_document_that_is_no_export_is_one_article(tmp_path):
    import docx

    document, stream = docx.Document(), io.BytesIO()
    for line in ("The Herat Lantern", "Bridge over the Hari reopens after spring floods", SENTENCE, SENTENCE):
        document.add_paragraph(line)
    document.save(stream)
    articles, _, _ = load(tmp_path, "a.docx", stream.getvalue())
    assert articles.loc[0, ["source", "title"]].tolist() == [
        "The Herat Lantern",
        "Bridge over the Hari reopens after spring floods",
    ]


def test_heads_and_feet_of_a_word_document_are_told_as_removed(tmp_path):
    import docx

    document, stream = docx.Document(), io.BytesIO()
    document.add_paragraph(SENTENCE)
    document.sections[0].header.paragraphs[0].text = "The Herat Lantern, daily"
    document.sections[0].footer.paragraphs[0].text = "Page 3"
    document.save(stream)
    _, _, removed = load(tmp_path, "a.docx", stream.getvalue())
    assert removed[["reason", "text"]].to_numpy().tolist() == [
        ["page header", "The Herat Lantern, daily"],
        ["page header", "Page 3"],
    ]


SPACES = " ".join(
    f'xmlns:{name}="http://schemas.{rest}"'
    for name, rest in {
        "w": "openxmlformats.org/wordprocessingml/2006/main",
        "mc": "openxmlformats.org/markup-compatibility/2006",
        "wps": "microsoft.com/office/word/2010/wordprocessingShape",
    }.items()
)


def word(*bodies, parts=()):
    """Make a Word document of pieces of its own markup; parts are kinds of relation with their markup."""
    import docx
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    document, stream = docx.Document(), io.BytesIO()
    for body in bodies:
        document.element.body.insert(-1, parse_xml(body.replace(">", f" {SPACES}>", 1)))
    for kind, body in parts:
        form = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
        blob = f"<w:{kind} {SPACES}>{body}</w:{kind}>".encode()
        part = Part(PackURI(f"/word/{kind}.xml"), form, blob, document.part.package)
        document.part.relate_to(part, f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}")
    document.save(stream)
    return stream.getvalue()


def run(text):
    """Write a run of Word."""
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs):
    """Write a paragraph of Word."""
    return f"<w:p>{''.join(runs)}</w:p>"


def rows(*lines):
    """Write a table of Word; a cell is text, or markup."""
    cells = ["".join(f"<w:tc>{c if '<' in c else paragraph(run(c))}</w:tc>" for c in line) for line in lines]
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in cells)}</w:tbl>"


@pytest.mark.parametrize(
    ("body", "text", "removed"),
    [
        pytest.param(
            rows(["Noor", "Yes", "No", "Yes"], ["Khan", "", "No", "No"]),
            ["Noor | Yes | No | Yes", "Khan | No | No"],
            [],
            id="cells that repeat",
        ),
        pytest.param(
            rows([paragraph(run("Votes")) + rows(["Noor", "12"]) + "<w:p/>", "Total 12"]),
            ["Votes", "Noor | 12 | Total 12"],
            [],
            id="table in a table",
        ),
        pytest.param(
            f"<w:sdt><w:sdtContent>{paragraph(run(SENTENCE))}</w:sdtContent></w:sdt>", [SENTENCE], [], id="control"
        ),
        pytest.param(
            paragraph(run("The bridge is "), f"<w:ins>{run('not ')}</w:ins>", run("safe at all.")),
            ["The bridge is not safe at all."],
            [],
            id="insertion",
        ),
        pytest.param(
            paragraph(run("The bridge is "), "<w:del><w:r><w:delText>not </w:delText></w:r></w:del>", run("safe.")),
            ["The bridge is safe."],
            [("deleted in the document", "not ")],
            id="deletion",
        ),
        pytest.param(
            paragraph(f"<w:moveFrom>{run('Moved.')}</w:moveFrom>", run(SENTENCE)),
            [SENTENCE],
            [("deleted in the document", "Moved.")],
            id="moved away",
        ),
        pytest.param(
            paragraph(
                run(SENTENCE),
                "<w:r><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent>"
                + paragraph(run("Half a season was lost, traders say."))
                + "</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback>"
                + paragraph(run("Half a season was lost, traders say."))
                + "</mc:Fallback></mc:AlternateContent></w:r>",
            ),
            ["Half a season was lost, traders say.", SENTENCE],
            [],
            id="box",
        ),
        pytest.param(
            paragraph("<w:r><w:t>He paid</w:t><w:tab/><w:t>12</w:t><w:br/><w:t>afghanis a day.</w:t></w:r>"),
            ["He paid 12", "afghanis a day."],
            [],
            id="tab and line break",
        ),
    ],
)
def test_all_that_a_word_document_shows_is_text_and_the_rest_is_removed(tmp_path, body, text, removed):
    articles, rejects, cut = load(tmp_path, "a.docx", word(paragraph(run(SENTENCE)), body, paragraph(run(SENTENCE))))
    assert len(rejects) == 0
    lines = [line for line in articles.loc[0, "text"].split("\n") if line]
    assert lines == [SENTENCE.strip(), *(line.strip() for line in text), SENTENCE.strip()]
    assert list(zip(cut["reason"], cut["text"], strict=True)) == removed


def test_notes_and_comments_of_a_word_document_are_removed(tmp_path):
    note = f'<w:footnote w:id="1">{paragraph(run("Noor spoke in Dari."))}</w:footnote>'
    comment = f'<w:comment w:id="1">{paragraph(run("Check this."))}</w:comment>'
    data = word(paragraph(run(SENTENCE)), parts=[("footnotes", note), ("comments", comment)])
    articles, _, removed = load(tmp_path, "a.docx", data)
    assert articles["text"].tolist() == [SENTENCE.strip()]
    told = set(zip(removed["reason"], removed["text"], strict=True))
    assert told == {("footnote", "Noor spoke in Dari."), ("comment", "Check this.")}


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ([SENTENCE.encode()], SENTENCE.strip()),
        (["caf\u00e9 was shut.".encode("cp1252")], "caf\u00e9 was shut."),
    ],
)
def test_bytes_in_parquet_are_text(tmp_path, column, text):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": column, "key": [b"\x00\x01"], "note": [b"a"]}), tmp_path / "a.parquet")
    articles = load_articles(tmp_path / "a.parquet").articles
    assert articles.loc[0, ["text", "key", "note"]].tolist() == [text, "0001", "a"]


def test_date_after_the_year_9999_costs_no_row(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    ends = pa.array([253402300800000, 0, None], pa.timestamp("ms"))
    table = pa.table({"text": [SENTENCE] * 3, "date": ends, "ends": ends})
    pq.write_table(table, tmp_path / "a.parquet")
    articles, rejects, _ = load_articles(tmp_path / "a.parquet")
    assert len(rejects) == 0
    assert articles["date"].tolist() == [pd.NaT, pd.Timestamp("1970-01-01"), pd.NaT]
    assert articles["date_text"].fillna("").str[:11].tolist() == ["10000-01-01", "1970-01-01 ", ""]
    assert articles["ends"].fillna("").str[:5].tolist() == ["10000", "1970-", ""]


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.txt"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_json_lines_with_a_long_first_record(tmp_path, name, end):
    import json

    row = json.dumps({"id": "a", "text": SENTENCE * 2000})
    articles, rejects, _ = load(tmp_path, name, row + end + json.dumps({"id": "b", "text": SENTENCE}))
    assert len(rejects) == 0
    assert articles["doc_id"].tolist() == ["a", "b"]
    assert articles.loc[0, "text"].count("the bridge was safe") == 2000
    whole = load(tmp_path, f"one_{name}", row).articles
    assert whole["doc_id"].tolist() == ["a"]


def test_sheets_beyond_the_first_are_rejects(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in (["id", "text"], ["7", "Snow fell."]):
        book.active.append(row)
    book.create_sheet("2013").append(["id", "text"])
    book.create_sheet("empty")
    book.save(stream)
    articles, rejects, _ = load(tmp_path, "a.xlsx", stream.getvalue())
    assert articles["doc_id"].tolist() == ["7"]
    assert rejects["reason"].str.contains("the sheet '2013' is not read").tolist() == [True]


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "tsv", "json"])
def test_tables_of_every_kind_give_the_same_rows(tmp_path, kind):
    table = pd.DataFrame(
        {"id": ["007", "008"], "headline": ["NA", "None"], "date": ["2012-03-14", ""], "text": [SENTENCE, "Short."]}
    )
    path = tmp_path / "table.data"
    if kind == "xlsx":
        pytest.importorskip("openpyxl")
        table.to_excel(path, index=False, engine="openpyxl")
    elif kind == "parquet":
        table.to_parquet(path)
    elif kind == "tsv":
        table.to_csv(path, sep="\t", index=False)
    else:
        table.to_json(path, orient="records")
    articles, rejects, _ = load_articles(path)
    assert len(rejects) == 0
    assert articles["doc_id"].tolist() == ["007", "008"]
    assert articles["title"].tolist() == ["NA", "None"]
    assert articles["date"].tolist() == [pd.Timestamp("2012-03-14"), pd.NaT]
    assert articles["text"].tolist() == [f"NA\n\n{SENTENCE.strip()}", "None\n\nShort."]


@pytest.mark.parametrize(
    ("field", "date", "precision"),
    [
        ("2012-03-14", "2012-03-14", "day"),
        ("2012-03-14T09:30:05Z", "2012-03-14 09:30:05", "second"),
        ("20120314", "2012-03-14", "day"),
        ("14/Mar/2012", "2012-03-14", "day"),
        ("2012年3月14日", "2012-03-14", "day"),
        ("March 14, 2012 Wednesday 9:30 PM GMT", "2012-03-14 21:30", "minute"),
        ("Wed, 14 Mar 2012 09:30:00 +0430", "2012-03-14 09:30:00", "second"),
        ("14th March 2012", "2012-03-14", "day"),
        ("14. März 2012", "2012-03-14", "day"),
        ("14 août 2012", "2012-08-14", "day"),
        ("14 de marzo de 2012", "2012-03-14", "day"),
        ("14.03.2012", "2012-03-14", "day"),
        ("31/12/2012", "2012-12-31", "day"),
        ("12/31/2012", "2012-12-31", "day"),
        ("03/04/2012", "2012-01-01", "year"),
        ("04/04/2012", "2012-04-04", "day"),
        ("March 2012", "2012-03-01", "month"),
        ("2012", "2012-01-01", "year"),
    ],
)
def test_date_fields(field, date, precision):
    when = parse_date(field)
    assert when is not None
    assert (pd.Timestamp(when.date), when.precision) == (pd.Timestamp(date), precision)


@pytest.mark.parametrize(
    "field", ["January 20", "on Tuesday", "31 February 2012", "", "2012-13-40", "page 2012 of 9", "14 Bridge 2012"]
)
def test_fields_without_a_date(field):
    assert parse_date(field) is None


@pytest.mark.parametrize(
    ("line", "byline", "date", "precision"),
    [
        ("Published on Wednesday, 14 March 2012 at 9:30 PM", None, "2012-03-14 21:30", "minute"),
        ("Updated March 14, 2012 9:30 a.m. ET", None, "2012-03-14 09:30", "minute"),
        ("11/12/2012", None, "2012-01-01", "year"),
        ("By Nadia Sharif", "Nadia Sharif", None, None),
        ("BY OUR STAFF REPORTER", "OUR STAFF REPORTER", None, None),
        ("By Nadia Sharif | March 14, 2012", "Nadia Sharif", "2012-03-14", "day"),
        ("Nadia Sharif Published March 14, 2012 Updated March 15, 2012 07:07am", "Nadia Sharif", "2012-03-14", "day"),
    ],
)
def test_lines_that_hold_author_or_date_leave_the_text(line, byline, date, precision):
    record = read_pasted("\n\n".join(["Pamir Today", "Bridge over the Hari reopens", line, SENTENCE, SENTENCE]))
    assert (record.byline, record.when and record.when.precision) == (byline, precision)
    assert (record.when and record.when.date) == (pd.Timestamp(date).to_pydatetime() if date else None)
    assert record.subtitles == ()
    assert line in {cut.text for cut in record.cuts}


@pytest.mark.parametrize(
    "line",
    [
        "Attack of 11 September 2001 remembered in Herat",
        "Bonn Accord of 5 December 2001 Remembered",
        "By dawn the waters had gone down",
    ],
)
def test_subtitles_stay(line):
    record = read_pasted("\n\n".join(["Pamir Today", "Bridge over the Hari reopens", line, SENTENCE, SENTENCE]))
    assert record.subtitles == (line,)
    assert (record.byline, record.when) == (None, None)


@pytest.mark.parametrize(
    ("last", "source", "date"),
    [
        ("Published in Pamir Today, January 20th, 2018", "Pamir Today", "2018-01-20"),
        ("First published in The Herat Lantern, 20 January 2018.", "The Herat Lantern", "2018-01-20"),
        ("Published in Herat, his memoir of 2018 sold well.", None, None),
    ],
)
def test_line_below_the_text_may_name_source_and_date(last, source, date):
    record = read_pasted("\n\n".join(["Bridge over the Hari reopens today", SENTENCE, SENTENCE, last]))
    assert record.source == source
    assert (record.when and record.when.date) == (pd.Timestamp(date).to_pydatetime() if date else None)
    assert (last in record.body) == (source is None)


@pytest.mark.parametrize(
    ("byline", "place"),
    [
        ("By Nadia Sharif in Pul-i-Khumri", "Pul-i-Khumri"),
        ("By Nadia Sharif", None),
        ("By Nadia Sharif in Kabul and Ali Gul in London", None),
    ],
)
def test_by_line_may_name_the_place(byline, place):
    assert read_pasted("\n\n".join(["Bridge over the Hari reopens", byline, SENTENCE, SENTENCE])).place == place


def test_order_of_days_and_months_is_learnt_or_left_open():
    assert order_of(["03/04/2012", "25/04/2012"]) is True
    assert order_of(["03/04/2012", "04/25/2012"]) is False
    assert order_of(["03/04/2012"]) is None
    assert order_of(["25/04/2012", "04/25/2012"]) is None


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("“Safe…”".encode(), "“Safe…”", "utf-8"),
        ("“Safe…”".encode("utf-8-sig"), "“Safe…”", "utf-8-sig"),
        ("“Safe…”".encode("utf-16"), "“Safe…”", "utf-16"),
        ("The bridge was “safe”".encode("utf-16-le"), "The bridge was “safe”", "utf-16-le"),
        ("the governor’s bridge".encode("cp1252"), "the governor’s bridge", "windows-1252"),
        (b"caf\xe9", "café", "utf-8"),
        ("été “sûr”".encode() + b" \x92s", "été “sûr” ’s", "utf-8 with stray windows-1252 bytes"),
        (
            ("Губернатор сказал, что мост снова безопасен. " * 9).encode("cp1251"),
            "Губернатор сказал, что мост снова безопасен. " * 9,
            "cp1251",
        ),
    ],
)
def test_encodings(data, text, encoding):
    assert decode(data) == (text, encoding)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("The governorâ€™s â€œbridgeâ€\x9d", "The governor’s “bridge”"),
        ("caf\u0065\u0301", "café"),
        ("a\u00a0b\u2009c\u200bd", "a b cd"),
        ("ﬁnal oﬀer", "final offer"),
        ("می\u200cخواهد", "می\u200cخواهد"),
        ("“A”… [it] – ‘b’ — 5'", "“A”… [it] – ‘b’ — 5'"),
    ],
)
def test_repairs_leave_quotation_marks_alone(raw, clean):
    assert read_pasted(f"{raw} was said.").body == (f"{clean} was said.",)


@pytest.mark.parametrize(
    ("paragraph", "place"),
    [
        ("HERAT: The governor said", "Herat"),
        ("HERAT, March 3 (Lantern) – The governor said", "Herat"),
        ("KABUL, Afghanistan (LNT) — The envoy said", "Kabul, Afghanistan"),
        ("UNITED NATIONS, Sept. 12 -- The envoy", "United Nations"),
        ("Kabul (Lantern) - The envoy said", "Kabul"),
        ("WATCH: The governor opens the bridge", None),
        ("He said: the bridge is safe", None),
        ("Herat is a city - and an old one", None),
        ("NATO said the bridge was safe", None),
    ],
)
def test_datelines(paragraph, place):
    assert dateline(paragraph) == place


@pytest.mark.parametrize(
    ("lines", "source", "title"),
    [
        (["Pamir Today", "Bridge over the Hari reopens"], "Pamir Today", "Bridge over the Hari reopens"),
        (["Bridge reopens after floods", "Engineers say the piers held all along"], None, "Bridge reopens after floods"),
        (["Floods Close 3 Bridges", "Engineers say the piers held all the time"], None, "Floods Close 3 Bridges"),
        (["Upper Hari and Pamir Gazette", "Bridge over the Hari reopens in spring"],
         "Upper Hari and Pamir Gazette", "Bridge over the Hari reopens in spring"),
        (["Bridge reopens"], None, "Bridge reopens"),
    ],
)  # fmt: skip
def test_masthead_and_headline_are_told_apart(lines, source, title):
    record = read_pasted("\n\n".join([*lines, SENTENCE, SENTENCE]))
    assert (record.source, record.title) == (source, title)
    assert record.body == (SENTENCE.strip(), SENTENCE.strip())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (SENTENCE, "en"),
        ("Der Gouverneur sagte, dass die Brücke nach den Fluten wieder für alle Wagen offen ist und nicht mehr.", "de"),
        ("Le gouverneur a dit que le pont est de nouveau ouvert pour tous les camions de la ville.", "fr"),
        ("والي گفت که پل دوباره برای همه لاری‌ها باز است و مردم می‌توانند از آن بگذرند", "fa"),
        ("Губернатор сказал, что мост снова открыт", "ru"),
        ("Bridge Herat 2012", None),
    ],
)
def test_languages(text, language):
    assert detect_language(text) == language
