"""Exports of news databases: as many articles and rejects as documents, with title, source, date and by-line.

All documents are invented; their form is that of real exports.
"""

from __future__ import annotations

import io
import re

import pandas as pd
import pytest

from helpers.articles.load import load_articles

BODY = [
    "The governor of Herat said on Tuesday that the bridge was safe again for every lorry that wants to cross it.",
    "“We lost half a season,” said Parwana Gul, who sells dried apricots on the other bank of the river.",
]
TITLES = ["Bridge reopens after spring floods", "Traders welcome the news; “Half a season lost”", "Bridge: a timeline"]


def load(folder, name, data):
    """Load one file."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return load_articles(path)


def nexis_lines(title, *, date="March 14, 2012 Wednesday", label="Length", body=BODY):
    """Lay out a document as Nexis Uni does."""
    return [
        "", "", title, "The Herat Lantern", date, "",
        "\nCopyright 2012 The Herat Lantern All Rights Reserved", "\n",
        "Section:\xa0NEWS; Pg. 3", f"{label}:\xa0240 words",
        "Byline:\xa0Nadia Sharif", "Dateline:\xa0HERAT, Afghanistan", "Highlight:\xa0Engineers say the piers held",
        "Body", "", *body,
        "Graphic", "\nPhoto: the bridge", "Classification", "", "Language:\xa0ENGLISH",
        "\nPublication-Type:\xa0Newspaper",
        "\nSubject:\xa0BRIDGES (93%)", "\nLoad-Date:\xa0March 15, 2012", "", "\nEnd of Document", "",
    ]  # fmt: skip


def docx_of(lines):
    """Make a Word document of paragraphs."""
    import docx

    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_nexis_word_documents(tmp_path):
    cover = ["User Name: A READER", "Job Number: 1", "Documents (3)", "1. Bridge reopens", "Search Terms: bridge", ""]
    lines = [*cover, *(line for title in TITLES for line in nexis_lines(title))]
    articles, rejects, removed = load(tmp_path, "nexis.docx", docx_of(lines))
    assert articles["title"].tolist() == TITLES
    assert articles["source"].unique().tolist() == ["The Herat Lantern"]
    assert articles["date"].unique().tolist() == [pd.Timestamp("2012-03-14")]
    assert articles["byline"].unique().tolist() == ["Nadia Sharif"]
    assert articles["place"].unique().tolist() == ["Herat, Afghanistan"]
    assert articles["section"].unique().tolist() == ["NEWS; Pg. 3"]
    assert articles["language"].unique().tolist() == ["en"]
    assert articles.loc[0, "text"] == "\n\n".join([TITLES[0], "Engineers say the piers held", *BODY])
    assert len(rejects) == 0
    assert removed.loc[removed["reason"].eq("cover page"), "doc_id"].tolist() == ["nexis.docx#1"]


def test_nexis_documents_without_blank_lines_keep_the_cover_out_of_the_title(tmp_path):
    cover = [
        "User Name: A READER",
        "Documents (3)",
        "1. Bridge reopens",
        "Search Type: Natural Language",
        "Narrowed by:",
    ]
    lines = [line.strip() for title in TITLES for line in nexis_lines(title) if line.strip()]
    articles, _, removed = load(tmp_path, "nexis.txt", "\n".join([*cover, *lines]))
    assert articles["title"].tolist() == TITLES
    assert removed.loc[removed["reason"].eq("cover page"), "text"].tolist() == ["\n".join(cover)]


def test_nexis_document_without_text_is_a_reject_with_its_number(tmp_path):
    lines = [*nexis_lines(TITLES[0]), *nexis_lines(TITLES[1], body=[""])]
    articles, rejects, _ = load(tmp_path, "nexis.docx", docx_of(lines))
    assert articles["title"].tolist() == TITLES[:1]
    assert rejects["line"].tolist() == [2]
    assert "has no text" in rejects.loc[0, "reason"]


def test_nexis_documents_as_plain_text(tmp_path):
    lines = "\n".join(line for title in TITLES for line in nexis_lines(title))
    articles, _, _ = load(tmp_path, "nexis.txt", lines)
    assert articles["title"].tolist() == TITLES
    assert articles["date"].notna().all()


@pytest.mark.parametrize(
    "language",
    [
        ("{} of 3 DOCUMENTS", "March 14, 2012 Wednesday", ("BYLINE", "SECTION", "LENGTH"), "240 words"),
        ("{} von 3 DOKUMENTEN", "14. März 2012 Mittwoch", ("AUTOR", "RUBRIK", "LÄNGE"), "240 Wörter"),
        ("{} de 3 DOCUMENTS", "14 mars 2012 mercredi", ("AUTEUR", "RUBRIQUE", "LONGUEUR"), "240 mots"),
    ],
    ids=["English", "German", "French"],
)
@pytest.mark.parametrize("form", ["html", "text"])
def test_older_nexis_in_several_languages(tmp_path, language, form):
    marker, date, labels, length = language
    documents = []
    for number, title in enumerate(TITLES, 1):
        fields = [f"{label}: {value}" for label, value in zip(labels, ("Nadia Sharif", "NEWS", length), strict=True)]
        documents += [
            marker.format(number),
            "The Herat Lantern",
            date,
            title,
            *fields,
            *BODY,
            "LOAD-DATE: March 15, 2012",
            "Copyright 2012 X",
        ]
    if form == "html":
        blocks = "".join(
            f'<BR><DIV CLASS="c4"><P CLASS="c5"><SPAN CLASS="c2">{block}</SPAN></P></DIV>' for block in documents
        )
        data = f"<HTML><HEAD><!-- LXNComment 1 --></HEAD><BODY>{blocks}</BODY></HTML>"
    else:
        data = "\n\n\n".join(re.sub(r"(.{60,78}) ", r"\1\n", block) for block in documents).replace("\n", "\r\n")
    articles, rejects, _ = load(tmp_path, "export", data)
    assert len(rejects) == 0
    assert articles["title"].tolist() == TITLES
    assert articles["source"].unique().tolist() == ["The Herat Lantern"]
    assert articles["date"].unique().tolist() == [pd.Timestamp("2012-03-14")]
    assert articles["byline"].unique().tolist() == ["Nadia Sharif"]
    assert articles["length"].unique().tolist() == [length]
    assert articles.loc[0, "text"] == "\n\n".join([TITLES[0], *BODY])


def test_edition_below_the_date_is_not_the_title(tmp_path):
    data = (
        "  1 of 1 DOCUMENTS\n\n   The Herat Lantern\n\n   March 14, 2012 Wednesday\n   Late Edition\n\n"
        f"Bridge reopens\n\nLENGTH: 24 words\n\n{BODY[0]}\n\nLOAD-DATE: March 14, 2012\n"
    )
    articles, _, _ = load(tmp_path, "export.txt", data)
    assert articles.loc[0, ["title", "source"]].tolist() == ["Bridge reopens", "The Herat Lantern"]


@pytest.mark.parametrize("labels", ["LENGTH: 24 words\n\n", ""])
@pytest.mark.parametrize("note", ["Correction Appended", "CORRECTIONS APPENDED"])
def test_note_of_a_correction_is_not_the_title(tmp_path, labels, note):
    older = (
        f"  1 of 1 DOCUMENTS\n\nThe Herat Lantern\n\nMarch 14, 2012 Wednesday\n\n{note}\n\nBridge reopens\n\n{labels}"
        f"{BODY[0]}\n\n{BODY[1]}\n\nLOAD-DATE: March 14, 2012\n"
    )
    newer = "\n".join([note, *(line for line in nexis_lines("Bridge reopens") if line.strip())])
    for name, data in {"older.txt": older, "newer.txt": newer}.items():
        articles, _, removed = load(tmp_path, name, data)
        assert articles.loc[0, ["title", "source"]].tolist() == ["Bridge reopens", "The Herat Lantern"]
        assert articles.loc[0, "text"].endswith("\n\n".join(BODY))
        assert ("metadata", note) in set(zip(removed["reason"], removed["text"], strict=True))


@pytest.mark.parametrize(
    ("length", "date", "language", "number"),
    [
        pytest.param("240 words", "14 March 2012", "English", "Document", id="English"),
        pytest.param("240 Wörter", "14 März 2012", "Englisch", "Dokument", id="German"),
        pytest.param("240 mots", "14 mars 2012", "Anglais", "Document", id="French"),
        pytest.param("240 palabras", "14 marzo 2012", "Inglés", "Documento", id="Spanish"),
        pytest.param("240 字", "2012 年 3 月 14 日", "英文", "文档", id="Chinese"),
        pytest.param("240 字", "2012年3月14日", "英文", "文件", id="traditional Chinese"),
    ],
)
def test_factiva_blocks_in_several_languages(tmp_path, length, date, language, number):
    def document(index, title):
        lines = [length, date, "09:30", "The Herat Lantern", "HERLAN", "3", language, "(c) 2012 The Herat Lantern"]
        head = f'<div>News Desk</div><div id="hd"><span class="enHeadline">{title}</span></div>'
        head += '<div class="author">By Nadia Sharif</div>'
        blocks = "".join(f"<div>{line}</div>" for line in lines)
        paragraphs = "".join(f'<p class="articleParagraph enarticleParagraph">{paragraph}</p>' for paragraph in BODY)
        last = f"<p>{number} HERLAN0020120314e83e0000{index}</p>"
        return (
            f'<div class="article"><div class="article enArticle"><p>{head}{blocks}{paragraphs}{last}</p></div></div>'
        )

    page = "".join(document(index, title) for index, title in enumerate(TITLES))
    data = (
        f"<html><head><title>Factiva</title></head><body><h1>Factiva</h1>{page}<span>© Dow Jones</span></body></html>"
    )
    articles, rejects, removed = load(tmp_path, "factiva.html", data.encode("utf-8" if "字" in length else "cp1252"))
    assert len(rejects) == 0
    assert articles["title"].tolist() == TITLES
    assert articles["source"].unique().tolist() == ["The Herat Lantern"]
    assert articles["date"].unique().tolist() == [pd.Timestamp("2012-03-14 09:30")]
    assert articles["date_precision"].unique().tolist() == ["minute"]
    assert articles["byline"].unique().tolist() == ["Nadia Sharif"]
    assert articles["language"].unique().tolist() == ["en"]
    assert articles["section"].unique().tolist() == ["News Desk"]
    assert articles.loc[0, "text"] == "\n\n".join([TITLES[0], *BODY])
    assert "© Dow Jones" in removed.loc[removed["reason"].eq("cover page"), "text"].tolist()


@pytest.mark.parametrize("kind", ["enArticle", "zhtwArticle", "zhcnArticle"])
def test_factiva_articles_are_told_in_every_language(tmp_path, kind):
    documents = "".join(
        f'<div class="article {one}"><div id="hd"><span class="{one[:-7]}Headline">{title}</span></div><div>240 words</div>'
        f'<div>14 March 2012</div><div>The Herat Lantern</div><p class="articleParagraph">{BODY[0]}</p></div>'
        for one, title in zip(["enArticle", kind, "enArticle"], TITLES, strict=True)
    )
    articles, rejects, _ = load(tmp_path, "factiva.html", f"<html><body><h1>Factiva</h1>{documents}</body></html>")
    assert articles["title"].tolist() == TITLES
    assert len(rejects) == 0


@pytest.mark.parametrize(
    ("english", "chinese", "italian", "number"),
    [
        pytest.param("英文", "中文－简体", "意大利文", "文件", id="simplified"),
        pytest.param("英文", "中文－繁體", "義大利文", "文件", id="traditional"),
    ],
)
def test_factiva_in_a_chinese_interface(tmp_path, english, chinese, italian, number):
    def article(place, kind, title, language, paragraphs, *, author=""):
        head = f"<div>World</div><div id=\"hd\"><span class='{kind}Headline'>{title}</span></div>{author}"
        lines = [
            "1,240 字",
            "2018 年 9 月 18 日",
            "The Herat Lantern",
            "HERLAN",
            language,
            "(c) 2018 The Herat Lantern",
        ]
        blocks = "".join(f"<div>{line} </div>" for line in lines)
        text = "".join(f'<p class="articleParagraph {kind}articleParagraph">{one}</p>' for one in paragraphs)
        last = f"<p>3089611</p><p>Lantern House</p><p>{number} HERLAN0020180918ee9i0000{len(title)}</p>"
        return f'<div class="{place}"><div class="article {kind}Article"><p>{head}{blocks}</p>{text}{last}</div></div>'

    only_head = (
        '<div id="carryOver"><table><tr class="headline"><td><b class="printheadline enHeadline">Snow on the pass</b>'
        '<div class="leadFields"><a>The Herat Lantern</a>, 2018 年 9 月 18 日, 239 字, (英文)</div>'
        f'<div class="snippet ensnippet">{BODY[0]}...</div></td></tr></table></div>'
    )
    page = "".join(
        [
            article("article", "en", "Bridge <b>reopens</b>", english, BODY),
            article("article", "zhcn", "桥重新开放", chinese, ["赫拉特省省长星期二说,大桥对每一辆卡车都是安全的。"]),
            only_head,
            article("lastarticle", "it", "Il ponte", italian, BODY, author='<div class="author">Nadia Sharif </div>'),
        ]
    )
    articles, rejects, removed = load(
        tmp_path, "factiva.html", f"<html><head><title>Factiva</title></head>{page}</html>"
    )
    assert len(rejects) == 0
    assert articles["title"].tolist() == ["Bridge reopens", "桥重新开放", "Il ponte"]
    assert articles["date"].tolist() == [pd.Timestamp("2018-09-18")] * 3
    assert articles["language"].tolist() == ["en", "zh", "it"]
    assert articles["length"].unique().tolist() == ["1,240 字"]
    assert articles["source"].unique().tolist() == ["The Herat Lantern"]
    assert articles["accession_number"].str.startswith("HERLAN0020180918").all()
    assert "Snow on the pass" in removed.loc[removed["reason"].eq("cover page"), "text"].tolist()


def test_factiva_table_of_codes(tmp_path):
    rows = {
        "HD": TITLES[0],
        "BY": "Nadia Sharif",
        "WC": "240 mots",
        "PD": "14 mars 2012",
        "SN": "The Herat Lantern",
        "LA": "Français",
    }
    rows |= {"LP": f"<p class='articleParagraph'>{BODY[0]}</p>", "TD": f"<p class='articleParagraph'>{BODY[1]}</p>"}
    cells = "".join(f"<tr><td><b>{code}</b></td><td>{value}</td></tr>" for code, value in rows.items())
    data = f"<html><body><div class='article frArticle'><table>{cells}</table></div></body></html>"
    articles, _, _ = load(tmp_path, "factiva.html", data)
    assert articles.loc[0, ["title", "source", "byline", "language"]].tolist() == [
        TITLES[0],
        "The Herat Lantern",
        "Nadia Sharif",
        "fr",
    ]
    assert articles.loc[0, "date"] == pd.Timestamp("2012-03-14")
    assert articles.loc[0, "text"] == "\n\n".join([TITLES[0], *BODY])


def test_proquest_text(tmp_path):
    rule = "_" * 60
    documents = [
        f"Document {number} of 3\n\n{title}\n\nAuthor: Sharif, Nadia\n\nPublication info: The Herat Lantern; Herat.\n\n"
        f"Full text: {BODY[0]}\n\n{BODY[1]}\n\nSubject: Bridges\n\nTitle: {title}\n\n"
        "Publication title: The Herat Lantern\n\nPublication date: Mar 14, 2012\n\n"
        "Language of publication: English\n\nDatabase: A news database\n"
        for number, title in enumerate(TITLES, 1)
    ]
    articles, rejects, _ = load(
        tmp_path, "proquest.txt", f"\n{rule}\n".join(["Report from a database", *documents, "Bibliography"])
    )
    assert len(rejects) == 0
    assert articles["title"].tolist() == TITLES
    assert articles["source"].unique().tolist() == ["The Herat Lantern"]
    assert articles["date"].unique().tolist() == [pd.Timestamp("2012-03-14")]
    assert articles.loc[0, "text"] == "\n\n".join([TITLES[0], *BODY])


def test_proquest_label_knows_the_title_better_than_the_line_above_the_labels(tmp_path):
    rule = "_" * 60
    documents = [
        f"Document {number} of 2\n\nLink to the document\n\nAuthor: Sharif, Nadia\n\nhttps://lantern.example/{number}\n\n"
        f"Full text: {BODY[0]}\n\n{BODY[1]}\n\nSubject: Bridges\n\nTitle: {title}\n\nPublication date: Mar 14, 2012\n"
        for number, title in enumerate(TITLES[:2], 1)
    ]
    articles, rejects, removed = load(tmp_path, "proquest.txt", f"\n{rule}\n".join(["Report", *documents, ""]))
    assert len(rejects) == 0
    assert articles["title"].tolist() == TITLES[:2]
    assert articles["byline"].tolist() == ["Sharif, Nadia"] * 2
    assert articles.loc[1, "text"] == "\n\n".join([TITLES[1], *BODY])
    assert removed["text"].str.contains("Link to the document").sum() == 2
    assert removed["text"].str.contains("lantern.example").sum() == 2


@pytest.mark.parametrize(
    ("name", "documents"),
    [
        ("factiva/factiva_test.html", 2),
        ("factiva/nyt_1_1993-01-03.html", 27),
        ("lexis_txt/sample.DOCX", 10),
        ("lexis_txt/sample.TXT", 10),
        ("nexis/afp_2013-03-12_0501.html", 74),
        ("nexis/guardian1.docx", 2),
        ("nexis/guardian2.docx", 1),
        ("nexis/usa-today.docx", 7),
    ],
)
def test_real_exports(shared, name, documents):
    path = shared / "benchmarks" / "exports" / name
    if not path.exists():
        pytest.skip("no such export among the real material")
    articles, rejects, _ = load_articles(path)
    assert len(articles) + len(rejects) == documents
    assert articles[["title", "source", "date"]].notna().mean().ge(0.95).all()
