"""Whatever comes in is an article or a reject with a plain reason: no crash, no hang, no silent loss."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import json
import os
import pkgutil
import re
import socket
import sys
import tarfile
import zipfile
from re import _constants as constants
from re import _parser as parser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import helpers.articles
from helpers.articles.load import load_articles
from helpers.articles.readers import FAULT

SENTENCE = "The governor of Herat said on Tuesday that the bridge was safe again for every lorry. "


@pytest.fixture(autouse=True)
def _no_socket(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a reader reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def load_bytes(folder, data, name="file.txt", **options):
    """Load one file with this content."""
    path = folder / name
    path.write_bytes(data)
    return load_articles(path, **options)


def zipped(**members):
    """Pack members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        pytest.param("a.txt", b"", "the file is empty", id="empty"),
        pytest.param("a.txt", b" \r\n\t \n", "the file is blank", id="blank"),
        pytest.param("a.txt", "\ufeff".encode(), "the file is blank", id="byte order mark alone"),
        pytest.param("a.txt", "\u00a0\u200b\n".encode(), "no text once cleaned", id="invisible characters alone"),
        pytest.param("a.txt", bytes(range(256)) * 40, "binary", id="binary"),
        pytest.param("a.txt", b"\x00" * 5000, "blank", id="NUL alone"),
        pytest.param("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(50), "an image", id="image"),
        pytest.param(
            "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old or encrypted Office", id="old Word"
        ),
        pytest.param("a.docx", b"PK\x03\x04" + bytes(300), "broken or cut short", id="broken zip"),
        pytest.param(
            "a.docx", zipped(**{"[Content_Types].xml": "<x", "word/document.xml": "<"}), "broken", id="broken docx"
        ),
        pytest.param("a.zip", zipped(), "holds no file", id="empty zip"),
        pytest.param("a.odt", zipped(mimetype="application/vnd.oasis"), "save it as", id="OpenDocument"),
        pytest.param("a.pdf", b"%PDF-1.4\nnothing more", "PDF", id="broken PDF"),
        pytest.param("a.parquet", b"PAR1" + bytes(30) + b"PAR1", "broken", id="broken Parquet"),
        pytest.param("a.json", b'{"text": "half', "not JSON", id="broken JSON"),
        pytest.param("a.json", b"[]", "empty", id="empty JSON list"),
        pytest.param("a.json", b"[1, 2]", "not an object", id="JSON of numbers"),
        pytest.param("a.json", b"[" * 100_000, "not JSON", id="JSON nested too deep"),
        pytest.param("a.csv", b"text,title\n", "no rows", id="header alone"),
        pytest.param("a.csv", b"text,title\n,A title\n", "no text", id="row without text"),
        pytest.param(
            "a.html", b"<html><body><script>alert(1)</script></body></html>", "no article text", id="scripts alone"
        ),
        pytest.param("a.tgz", gzip.compress(b"") + b"junk", "", id="junk after gzip"),
        pytest.param("~$a.docx", b"lock", "lock or settings file", id="lock file"),
        pytest.param("Thumbs.db", b"x", "lock or settings file", id="folder settings"),
    ],
)
def test_reject_with_a_plain_reason(tmp_path, name, data, reason):
    articles, rejects, _ = load_bytes(tmp_path, data, name)
    assert len(articles) == 0
    assert len(rejects) >= 1
    assert reason in rejects.loc[0, "reason"]
    assert rejects.loc[0, "path"] == name


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"a b " * 500_000, id="words"),
        pytest.param(b"A" * 2_000_000, id="one word"),
        pytest.param(b" " * 1_999_999 + b"x", id="spaces"),
        pytest.param(b"By " * 600_000, id="by-lines"),
        pytest.param(b"<div " * 400_000, id="tags never closed"),
        pytest.param(b"<!--" * 500_000, id="comments never closed"),
        pytest.param(b'"' * 2_000_000, id="quotation marks"),
        pytest.param(b"[" * 2_000_000, id="brackets"),
        pytest.param(b"A: " * 600_000, id="labels"),
        pytest.param("â€".encode() * 300_000, id="wrong encoding"),
        pytest.param(b"x-\n" * 600_000, id="hyphens"),
        pytest.param(b"_" * 2_000_000, id="rules"),
        pytest.param(b"1 of 2 DOCUMENTS\n" * 20_000, id="markers without documents"),
        pytest.param(b"share | " * 250_000, id="share lines"),
        pytest.param(b"From: a\nTo: b\nSubject: c\nDate: d\n" + b" e\n" * 500_000, id="mail header"),
        pytest.param(b"text,title\n" + b'"' + b"a\n" * 500_000, id="quote never closed"),
        pytest.param(b"<!-- -->" * 200_000 + b"x", id="comments and nothing else"),
        pytest.param(
            b"<html><body><p " + b" ".join(b'a%d="b"' % n for n in range(160_000)) + b">Snow fell.", id="attributes"
        ),
    ],
)
def test_two_megabytes_of_one_thing_end(tmp_path, data):
    articles, rejects, _ = load_bytes(tmp_path, data)
    assert len(articles) + len(rejects) >= 1
    assert not rejects["reason"].str.contains(FAULT).any()


def compiled():
    """Yield each pattern that a module of the readers compiles, with its name."""
    for module in pkgutil.walk_packages(helpers.articles.__path__, "helpers.articles."):
        waiting = list(vars(importlib.import_module(module.name)).items())
        while waiting:
            name, value = waiting.pop()
            if isinstance(value, re.Pattern):
                yield pytest.param(value, id=f"{module.name.rpartition('.')[2]}.{name}")
            elif isinstance(value, list | tuple):
                waiting += [(f"{name}-{n}", one) for n, one in enumerate(value)]


def nested(tree, *, inside=False):
    """Yield the repetitions that lie in another one and may be given back, so that trials multiply."""
    for kind, value in tree:
        if kind in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
            many = value[1] >= 20
            if many and inside:
                yield value
            yield from nested(value[2], inside=inside or many)
        elif kind is constants.SUBPATTERN:
            yield from nested(value[3], inside=inside)
        elif kind is constants.BRANCH:
            for branch in value[1]:
                yield from nested(branch, inside=inside)
        elif kind in {constants.ATOMIC_GROUP, constants.POSSESSIVE_REPEAT}:
            yield from nested(value if kind is constants.ATOMIC_GROUP else value[2])


@pytest.mark.parametrize("pattern", list(compiled()))
def test_no_pattern_repeats_what_repeats(pattern):
    assert list(nested(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))) == []


def test_the_test_of_patterns_can_fail():
    assert list(nested(parser.parse("(?:a+b)*")))
    assert not list(nested(parser.parse("(?:a+b)*+(?>a+)*")))


def test_fault_in_a_reader_costs_its_file_only(tmp_path, monkeypatch):
    def fail(*_args, **_kwargs):
        raise KeyError("column")

    monkeypatch.setattr("helpers.articles.readers.read_page", fail)
    (tmp_path / "a.html").write_text(f"<html><body><p>{SENTENCE}</p></body></html>")
    (tmp_path / "b.txt").write_text(f"Bridge reopens\n\n{SENTENCE}")
    articles, rejects, _ = load_articles(tmp_path)
    assert articles["doc_id"].tolist() == ["b.txt"]
    assert rejects["reason"].tolist() == [f"{FAULT}: KeyError: 'column'"]


def test_nul_bytes_in_a_text_are_cut_and_told(tmp_path):
    text = ("Bridge reopens\n\n" + SENTENCE * 20).replace("bridge was", "bridge\x00 was", 1)
    articles, rejects, removed = load_bytes(tmp_path, text.encode())
    assert len(rejects) == 0
    assert "the bridge was safe" in articles.loc[0, "text"]
    assert removed["text"].tolist() == ["\x00"]


def test_file_above_the_limit_is_a_reject_that_says_what_to_do(tmp_path):
    path = tmp_path / "big.txt"
    with path.open("wb") as stream:
        stream.write(SENTENCE.encode() * 1000)
        stream.truncate(200_000_000)
    _, rejects, _ = load_articles(path, limit_bytes=1_000_000)
    assert "larger than 1,000,000 bytes" in rejects.loc[0, "reason"]
    assert "limit_bytes" in rejects.loc[0, "reason"]


def test_rows_above_the_limit_in_all_are_read_line_by_line(tmp_path):
    row = json.dumps({"text": SENTENCE * 10}).encode() + b"\n"
    articles, rejects, _ = load_bytes(tmp_path, row * 300, "rows.jsonl", limit_bytes=100_000)
    assert (len(articles), len(rejects)) == (300, 0)


def test_zip_bomb_is_a_reject(tmp_path):
    bomb = zipped(**{"a.txt": b"0" * 20_000_000, "b.txt": SENTENCE})
    articles, rejects, _ = load_bytes(tmp_path, bomb, "bomb.zip")
    assert articles["doc_id"].tolist() == ["bomb.zip/b.txt"]
    assert "zip bomb" in rejects.loc[0, "reason"]


def test_document_that_unpacks_beyond_the_limit_is_a_reject(tmp_path):
    document = zipped(**{"[Content_Types].xml": "<x/>", "word/document.xml": b"0" * 2_000_000})
    _, rejects, _ = load_bytes(tmp_path, document, "a.docx", limit_bytes=1_000_000)
    assert "larger than 1,000,000 bytes" in rejects.loc[0, "reason"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may open every folder")
def test_folder_that_cannot_be_opened_is_a_reject(tmp_path):
    (tmp_path / "good.txt").write_text("Bridge reopens\n\n" + SENTENCE)
    (tmp_path / "shut").mkdir(mode=0o000)
    articles, rejects, _ = load_articles(tmp_path)
    assert (articles["doc_id"].tolist(), rejects["path"].tolist()) == (["good.txt"], ["shut"])


@pytest.mark.parametrize("pack", ["zip", "tgz", "zip in zip", "gzip in zip"])
def test_many_small_bombs_are_one_bomb(tmp_path, pack):
    members = {f"{n:02d}.txt": b"0" * 9_900_000 for n in range(8)}
    if pack == "tgz":
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w:gz") as archive:
            for name, data in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        bomb = stream.getvalue()
    elif pack == "zip":
        bomb = zipped(**members)
    elif pack == "gzip in zip":
        bomb = zipped(**{f"{name}.gz": gzip.compress(data) for name, data in members.items()})
    else:
        bomb = zipped(**{f"{name}.zip": zipped(a=data) for name, data in members.items()})
    articles, rejects, _ = load_bytes(tmp_path, bomb, "bomb")
    assert articles["text"].str.len().sum() < 20_000_000
    assert rejects["reason"].str.contains("zip bomb").any()


def test_text_that_repeats_itself_is_no_bomb(tmp_path):
    packed = zipped(**{f"{n:02d}.txt": SENTENCE * 2000 for n in range(40)})
    assert len(load_bytes(tmp_path, packed, "a.zip").articles) == 40


def test_archive_that_lies_or_nests_stops_at_the_budget(tmp_path):
    inner = zipped(**{f"{n}.txt": SENTENCE * 9000 for n in range(40)})
    articles, rejects, _ = load_bytes(tmp_path, inner, "many.zip", limit_bytes=1_000_000)
    assert len(articles) + len(rejects) == 40
    assert len(rejects) > 0
    nested = zipped(**{"a.zip": zipped(**{"b.zip": zipped(**{"c.zip": zipped(**{"d.zip": zipped(x=SENTENCE)})})})})
    _, rejects, _ = load_bytes(tmp_path, nested, "deep.zip")
    assert "deep" in rejects.loc[0, "reason"]


def test_packed_bombs_stop_at_the_budget(tmp_path):
    zeros = bytes(30_000_000)
    for name, data in {"a.gz": gzip.compress(zeros), "a.bz2": bz2.compress(zeros)}.items():
        _, rejects, _ = load_bytes(tmp_path, data, name, limit_bytes=1_000_000)
        assert "larger" in rejects.loc[0, "reason"]
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name in ("a.txt", "b.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(zeros)
            archive.addfile(info, io.BytesIO(zeros))
    _, rejects, _ = load_bytes(tmp_path, stream.getvalue(), "a.tgz", limit_bytes=1_000_000)
    assert len(rejects) >= 1


def test_names_that_point_outside_are_rejects_and_nothing_is_written(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    before = sorted(tmp_path.rglob("*"))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in ("../up.txt", "/etc/root.txt", "C:/win.txt", "a\\..\\..\\b.txt", "good.txt"):
            archive.writestr(name, SENTENCE)
    articles, rejects, _ = load_bytes(folder, stream.getvalue(), "a.zip")
    assert articles["doc_id"].tolist() == ["a.zip/good.txt"]
    assert rejects["reason"].eq("its name points outside the archive").sum() == 4
    assert sorted(tmp_path.rglob("*")) == sorted([*before, folder / "a.zip"])


def test_encrypted_member_is_a_reject(tmp_path):
    data = bytearray(zipped(**{"a.txt": SENTENCE}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    _, rejects, _ = load_bytes(tmp_path, bytes(data), "a.zip")
    assert "encrypted" in rejects.loc[0, "reason"]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_member_that_is_broken_costs_itself_only(tmp_path, method):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("a.txt", os.urandom(500))
        archive.writestr("b.txt", SENTENCE)
    data = bytearray(stream.getvalue())
    data[60:300] = b"\xff" * 240
    articles, rejects, _ = load_bytes(tmp_path, bytes(data), "a.zip")
    assert articles["doc_id"].tolist() == ["a.zip/b.txt"]
    assert rejects["member"].tolist() == ["a.txt"]
    assert "broken" in rejects.loc[0, "reason"]


def test_sparse_member_is_a_reject(tmp_path):
    info = tarfile.TarInfo("a.txt")
    info.size = 512
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9000000000"}
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info, io.BytesIO(b"0\n".ljust(512, b"\0")))
    _, rejects, _ = load_bytes(tmp_path, stream.getvalue(), "a.tar")
    assert "sparse" in rejects.loc[0, "reason"]


def test_archive_cut_short_keeps_what_came_before(tmp_path):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for n in range(3):
            data = (SENTENCE * 3 + os.urandom(20_000).hex()).encode()
            info = tarfile.TarInfo(f"{n}.txt")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    articles, rejects, _ = load_bytes(tmp_path, stream.getvalue()[:45_000], "a.tgz")
    assert len(articles) >= 1
    assert "cut short" in rejects.iloc[-1]["reason"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_links_loops_and_pipes_are_rejects(tmp_path):
    (tmp_path / "good.txt").write_text("Bridge reopens\n\n" + SENTENCE)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    articles, rejects, _ = load_articles(tmp_path)
    assert articles["doc_id"].tolist() == ["good.txt"]
    assert rejects["path"].tolist() == ["gone.txt", "loop", "pipe.txt", "self.txt"]


class Failing(io.BytesIO):
    """A file on a device that fails."""

    def read(self, *_):
        raise OSError(5, "Input/output error")


def test_file_that_cannot_be_read_costs_itself_only(tmp_path, monkeypatch):
    from pathlib import Path

    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"Bridge reopens\n\n{SENTENCE}")
    opened = Path.open
    monkeypatch.setattr(Path, "open", lambda path, *a: Failing() if path.name == "b.txt" else opened(path, *a))
    articles, rejects, _ = load_articles(tmp_path)
    assert articles["doc_id"].tolist() == ["a.txt", "c.txt"]
    assert rejects[["path", "reason"]].to_numpy().tolist() == [["b.txt", "it cannot be read: Input/output error"]]


def test_file_that_vanishes_is_called_vanished(tmp_path, monkeypatch):
    from helpers.articles.readers import archive

    (tmp_path / "a.txt").write_text(SENTENCE)
    listed = [tmp_path / "a.txt", tmp_path / "b.txt"]
    monkeypatch.setattr(archive, "_files", lambda _: listed)
    articles, rejects, _ = load_articles(tmp_path)
    assert articles["doc_id"].tolist() == ["a.txt"]
    assert rejects["path"].tolist() == ["b.txt"]
    assert "vanished" in rejects.loc[0, "reason"]


@pytest.mark.parametrize(
    ("path", "error", "told"),
    [
        ("", ValueError, r"path is ''.*a file, a folder or an archive"),
        (None, ValueError, r"path is None"),
        (b"a.txt", ValueError, r"path is b'a.txt'"),
        ([None], ValueError, r"path is None"),
        ([], ValueError, "list of paths is empty"),
        ("x" * 5000, FileNotFoundError, r"nothing at 'x{200}'"),
        ("a\0b", FileNotFoundError, "nothing at"),
    ],
)
def test_what_is_no_path_is_refused_by_its_kind(path, error, told):
    with pytest.raises(error, match=told):
        load_articles(path)


@pytest.mark.parametrize("limit", [0, -1, 2.5, "5", None])
def test_limit_that_is_no_number_of_bytes_is_refused(tmp_path, limit):
    (tmp_path / "a.txt").write_text(SENTENCE)
    with pytest.raises(ValueError, match=r"limit_bytes is .*whole number"):
        load_articles(tmp_path, limit_bytes=limit)


def test_limit_beyond_any_memory_is_no_limit(tmp_path):
    for name, data in {"a.txt": SENTENCE.encode(), "b.zip": zipped(x=SENTENCE), "c.csv": b"id,text\n1,Snow.\n"}.items():
        (tmp_path / name).write_bytes(data)
    articles, rejects, _ = load_articles(tmp_path, limit_bytes=10**30)
    assert (len(articles), len(rejects)) == (3, 0)


def test_columns_as_text_say_what_is_expected(tmp_path):
    (tmp_path / "a.csv").write_text("id,story\n1,Snow.\n")
    with pytest.raises(ValueError, match=r"columns is 'text'.*'story'"):
        load_articles(tmp_path, columns="text")


HEAD = "From: a@b.example\nSubject: Bridge\nDate: Wed, 14 Mar 2012 09:30:00 +0430\nMIME-Version: 1.0\n"


def test_mail_of_a_thousand_parts_within_parts_is_a_reject_in_plain_words(tmp_path):
    parts = [f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(1000)]
    _, rejects, _ = load_bytes(tmp_path, (HEAD + "".join(parts) + f"\n{SENTENCE}").encode(), "a.eml")
    assert "parts within parts" in rejects.loc[0, "reason"]


@pytest.mark.parametrize("charset", ["undefined", "idna", "no-such", "hex"])
def test_mail_in_no_charset_is_read_by_its_bytes(tmp_path, charset):
    data = f"{HEAD}Content-Type: text/plain; charset={charset}\n\nThe governor\u2019s bridge is safe.\n"
    articles, rejects, _ = load_bytes(tmp_path, data.encode(), "a.eml")
    assert len(rejects) == 0
    assert articles.loc[0, "text"] == "Bridge\n\nThe governor\u2019s bridge is safe."


def test_empty_folder_says_so(tmp_path):
    assert load_articles(tmp_path).rejects["reason"].tolist() == ["the folder holds no file"]


def test_scripts_in_a_page_are_not_text(tmp_path):
    body = f"<script>steal('bridge')</script><article><p>{SENTENCE * 3}</p><p onclick='x()'>{SENTENCE}</p></article>"
    page = f"<html><body>{body}</body></html>"
    articles, _, _ = load_bytes(tmp_path, page.encode(), "a.html")
    assert "steal" not in articles.loc[0, "text"]
    assert "<" not in articles.loc[0, "text"]


@pytest.mark.parametrize("depth", [400, 20_000])
def test_page_nested_deep_is_read(tmp_path, depth):
    page = "<html><head><title>Bridge reopens</title></head><body>" + "<div>" * depth + f"<p>{SENTENCE * 4}</p>" * 5
    articles, rejects, _ = load_bytes(tmp_path, (page + "</div>" * depth).encode(), "a.html")
    assert len(rejects) == 0
    assert articles.loc[0, "text"].count("the bridge was safe again") == 20


def test_page_of_scripts_is_read_by_its_structure(tmp_path):
    script = "<script>" + 'İ = {"a": "<p>b</p>"};' * 2000 + "</script>"
    comment = "<div class='comments'><div class='comment'><p>I crossed it and nobody helped us.</p></div></div>"
    page = f"<html><body>{script}<h1>Bridge reopens</h1><p>{SENTENCE * 4}</p>{comment}{script}</body></html>"
    articles, _, removed = load_bytes(tmp_path, page.encode(), "a.html")
    assert articles["text"].tolist() == [f"Bridge reopens\n\n{(SENTENCE * 4).strip()}"]
    assert removed["text"].tolist() == ["I crossed it and nobody helped us."]


def test_text_and_names_that_no_file_can_hold_are_spelt_out(tmp_path):
    rows = '{"id": "\\ud800", "text": "The road \\udfff is open."}\n{"id": "2", "text": "Snow fell."}\n'
    articles, rejects, _ = load_bytes(tmp_path, rows.encode(), "rows.jsonl")
    assert articles["doc_id"].tolist() == ["\\ud800", "2"]
    assert articles.loc[0, "text"] == "The road \\udfff is open."
    assert len(rejects) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="this system has no file names in other encodings")
def test_file_name_in_an_old_encoding(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("Bridge reopens\n\n" + SENTENCE)
    assert load_articles(tmp_path).articles["doc_id"].tolist() == ["caf\\xe9.txt"]


def test_archive_of_empty_folders_says_so(tmp_path):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        info = tarfile.TarInfo("folder")
        info.type = tarfile.DIRTYPE
        archive.addfile(info)
    _, rejects, _ = load_bytes(tmp_path, stream.getvalue(), "a.tgz")
    assert rejects["reason"].tolist() == ["the archive holds no file"]


def test_columns_of_one_name_are_all_kept(tmp_path):
    articles, _, _ = load_bytes(tmp_path, b"id,text,note,note\n1,Snow fell.,a,b\n", "a.csv")
    assert articles.loc[0, ["text", "note", "note (2)"]].tolist() == ["Snow fell.", "a", "b"]


def test_quote_that_never_closes_loses_its_row_only(tmp_path):
    data = 'id,text\n1,"The road is open.\n2,The road is shut.\n3,The road is wet.\n'
    articles, rejects, _ = load_bytes(tmp_path, data.encode(), "a.csv")
    assert articles["doc_id"].tolist() == ["2", "3"]
    assert rejects["line"].tolist() == [2]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(
        st.binary(max_size=400), st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
    )
)
def test_any_bytes_are_an_article_or_a_reject(tmp_path, data):
    for name in ("a.txt", "a.csv", "a.html", "a.json"):
        articles, rejects, _ = load_bytes(tmp_path, data, name)
        assert len(articles) + len(rejects) >= 1
        assert not rejects["reason"].str.contains(FAULT).any()
        assert articles["doc_id"].is_unique
        assert articles["text"].str.strip().str.len().gt(0).all()
