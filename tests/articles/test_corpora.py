"""Corpora come whole or not at all: a server on this machine plays the repositories, never the live ones."""

from __future__ import annotations

import hashlib
import io
import json
import re
import socket
import tarfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd
import pooch
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.articles import corpora
from helpers.articles.corpora import VARIABLE, fetch_corpus, find_corpus, list_corpora
from helpers.articles.load import load_articles

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEECH = b"Mr. President, the valley above Herat has seen enough of war. My delegation asks for patience.\n"
NAMES = {
    "un_general_debate": "UNGDC_1946-2024.tar.gz",
    "state_of_the_union": "state_union.zip",
    "wikinews": "saliency-dataset.json",
}
STATE = "/nltk/nltk_data/gh-pages/packages/corpora/state_union.zip"
SEL = "/dexter/dexter-datasets/8a933bfce43ba0238d3b9e2ca065d41c22205cf5/entity-saliency/saliency-dataset.json"

CHUNK = 1 << 16  # what is written at once; less than that may be lost when the line goes dead
LARGE = hashlib.shake_256(b"noise").digest(4 * CHUNK + 999)


def archive() -> bytes:
    """Pack one invented speech as the published archive packs its speeches."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for noise in range(20):  # something that does not pack well, so that there are bytes to lose
            info = tarfile.TarInfo(f"TXT/Session 73 - 2018/XY{chr(65 + noise)}_73_2018.txt")
            text = SPEECH + hashlib.sha256(bytes([noise])).hexdigest().encode()
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
    return packed.getvalue()


@dataclass
class Repository:
    """A server that plays Dataverse and GitHub, and the faults it is told to play."""

    body: bytes = field(default_factory=archive)
    drop: dict[str, int] = field(default_factory=dict)  # "record" or "file": bytes sent before the line goes dead
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)  # instead of what was asked for
    record: dict[str, object] = field(default_factory=dict)  # what the record says in spite of the truth
    redirect: bool = False
    ranges: bool = True
    lengths: bool = True
    pause: float = 0
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    packings: set[str | None] = field(default_factory=set)  # the Accept-Encoding of every request
    server: str = ""

    def dataverse(self) -> bytes:
        checksum = {"type": "MD5", "value": hashlib.md5(self.body, usedforsecurity=False).hexdigest()}
        file = {"id": 42, "filename": NAMES["un_general_debate"], "filesize": len(self.body), "checksum": checksum}
        other = file | {"id": 41, "filename": "Raw_PDFs_1946-1969.tgz"}
        files = [{"label": one["filename"], "dataFile": one} for one in (other, file | self.record)]
        return json.dumps({"status": "OK", "data": {"versionNumber": 13, "files": files}}).encode()

    def pieces(self, body: bytes) -> Iterator[bytes]:
        """Give the body at once, or a byte at a time with a pause after each."""
        if not self.pause:
            yield body
            return
        for place in range(len(body)):
            yield body[place : place + 1]
            time.sleep(self.pause)

    def files_asked(self) -> list[str | None]:
        """Give the Range of every request for the file itself."""
        return [wanted for kind, wanted in self.asked if kind == "file"]


class Handler(BaseHTTPRequestHandler):
    repository: Repository

    def do_GET(self) -> None:
        here = self.repository
        query = "/api/datasets/:persistentId/versions/13.0?persistentId=doi:10.7910/DVN/0TJX8Y"
        if self.path == query:
            self.send("record", here.dataverse())
        elif self.path == "/api/access/datafile/42" and here.redirect:
            self.send_response(303)  # as Dataverse points to the storage of its files
            self.send_header("Location", f"{here.server}/storage/18f?signature=a%2Fb")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path.startswith(("/api/access/datafile/42", "/storage/", STATE, SEL)):
            self.send("file", here.body)
        else:
            self.send_error(404)

    def send(self, kind: str, body: bytes) -> None:
        here, wanted = self.repository, self.headers["Range"]
        here.asked.append((kind, wanted))
        here.packings.add(self.headers["Accept-Encoding"])
        status, body = here.answers.get(kind, (200, body))
        if wanted and here.ranges and status == 200:
            status, body = 206, body[int(wanted.removeprefix("bytes=").removesuffix("-")) :]
        self.send_response(status)
        if here.lengths:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # who asked has left
            for piece in here.pieces(body[: here.drop.get(kind, len(body))]):
                self.wfile.write(piece)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def repository() -> Iterator[Repository]:
    with playing(Repository()) as one:
        yield one


class playing:  # noqa: N801
    """Run the repository in a thread."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    def __enter__(self) -> Repository:
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"repository": self.repository}))
        self.repository.server = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        return self.repository

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide this machine's own archives and proxies."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(corpora, "_cache", lambda: tmp_path / "cache")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def recorded(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Let the records that stand in corpora.toml describe what the server has, as that of Dataverse does."""
    if "repository" not in request.fixturenames:
        return
    body = request.getfixturevalue("repository").body
    described = {"bytes": len(body), "checksum": f"sha256:{hashlib.sha256(body).hexdigest()}"}
    known = {name: entry | described if "path" in entry else entry for name, entry in corpora._CORPORA.items()}
    monkeypatch.setattr(corpora, "_CORPORA", known)


def fetch(repository: Repository, folder: Path, name: str = "un_general_debate", *, progress: bool = False) -> Path:
    return corpora._fetch(corpora._CORPORA[name], folder, server=repository.server, progress=progress)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# What is there


def test_corpora_are_listed_with_what_a_researcher_has_to_cite() -> None:
    table = list_corpora()
    assert table.columns.tolist() == ["name", "title", "bytes", "licence", "citation", "address"]
    assert table["name"].tolist() == list(NAMES)
    assert table["bytes"].dtype == pd.Int64Dtype()
    assert table.notna().all(axis=None)
    assert table["address"].tolist()[0] == "https://doi.org/10.7910/DVN/0TJX8Y"


@pytest.mark.parametrize("verb", [find_corpus, fetch_corpus])
def test_an_unknown_name_is_told_with_the_allowed_ones(verb) -> None:
    with pytest.raises(ValueError, match=r"'un_debate'.*un_general_debate.*state_of_the_union"):
        verb("un_debate")


# Local copies, without a network


@pytest.mark.parametrize("file", ["UNGDC_1946-2024.tar.gz", "UNGDC_1996-2024.tgz", "UNGDC_1946-2025.tar.gz"])
def test_a_folder_that_holds_an_archive_of_any_version_is_enough(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_bytes(b"")
    assert find_corpus("un_general_debate", folder=tmp_path) == tmp_path / file
    assert find_corpus("state_of_the_union", folder=tmp_path) is None


def test_a_local_archive_may_have_any_name_when_its_path_is_given(tmp_path: Path) -> None:
    (tmp_path / "speeches.tgz").write_bytes(b"")
    assert fetch_corpus("un_general_debate", folder=tmp_path / "speeches.tgz") == tmp_path / "speeches.tgz"


def test_the_folder_named_by_the_variable_wins_over_network_and_cache(tmp_path: Path, monkeypatch) -> None:
    for folder in ("cache", "mine"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "UNGDC_1996-2024.tgz").write_bytes(b"")
    assert fetch_corpus("un_general_debate") == tmp_path / "cache" / "UNGDC_1996-2024.tgz"
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine"))
    assert fetch_corpus("un_general_debate") == tmp_path / "mine" / "UNGDC_1996-2024.tgz"
    assert fetch_corpus("un_general_debate", folder=tmp_path / "new") == tmp_path / "mine" / "UNGDC_1996-2024.tgz"
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_given_wins_over_the_variable(tmp_path: Path, monkeypatch) -> None:
    for folder in ("given", "mine"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "state_union.zip").write_bytes(b"")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine"))
    assert find_corpus("state_of_the_union", folder=tmp_path / "given") == tmp_path / "given" / "state_union.zip"


def test_nothing_local_is_none(tmp_path: Path) -> None:
    assert find_corpus("un_general_debate") is None
    assert find_corpus("un_general_debate", folder=tmp_path / "not yet") is None


def test_a_folder_that_is_given_replaces_the_cache(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "state_union.zip").write_bytes(b"")
    assert find_corpus("state_of_the_union") == tmp_path / "cache" / "state_union.zip"
    assert find_corpus("state_of_the_union", folder=tmp_path / "given") is None


@pytest.mark.parametrize("file", ["UNGDC_1946-2024.tar.gz.part", "UNGDC_1946-2024.tar.gz.0f3a", "Raw_PDFs_1946.tgz"])
def test_half_a_download_and_other_files_are_no_archive(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_bytes(b"half")
    assert find_corpus("un_general_debate", folder=tmp_path) is None


def test_an_archive_that_is_not_there_is_told_and_no_folder_made_of_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"UNGDC_1996-2024\.tgz"):
        fetch_corpus("un_general_debate", folder=tmp_path / "UNGDC_1996-2024.tgz")
    assert names(tmp_path) == []


def test_a_variable_that_names_no_folder_is_told(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "gone"))
    with pytest.raises(FileNotFoundError, match=rf"{VARIABLE} is '.*gone', which is not a folder"):
        find_corpus("un_general_debate")


def test_two_archives_in_a_folder_are_not_chosen_between(tmp_path: Path) -> None:
    for file in ("UNGDC_1946-2024.tar.gz", "UNGDC_1946-2025.tar.gz"):
        (tmp_path / file).write_bytes(b"")
    with pytest.raises(ValueError, match=r"UNGDC_1946-2024\.tar\.gz.*UNGDC_1946-2025\.tar\.gz"):
        find_corpus("un_general_debate", folder=tmp_path)


def test_the_real_archive_is_found(shared: Path, monkeypatch) -> None:
    monkeypatch.setenv(VARIABLE, str(shared / "data"))
    found = find_corpus("un_general_debate")
    assert found is not None
    assert found.parent == shared / "data"


def test_an_archive_may_lie_in_a_folder_with_the_name_of_its_corpus(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "wikinews").mkdir()
    (tmp_path / "wikinews" / "saliency-dataset.json").write_bytes(b"")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert find_corpus("wikinews") == tmp_path / "wikinews" / "saliency-dataset.json"
    assert find_corpus("state_of_the_union") is None


# Downloads that go well


@pytest.mark.parametrize("name", NAMES)
def test_what_is_fetched_is_what_the_repository_holds_and_nothing_else_is_left(repository, tmp_path, name) -> None:
    path = fetch(repository, tmp_path / "new" / "folder", name)
    assert path == tmp_path / "new" / "folder" / NAMES[name]
    assert path.read_bytes() == repository.body
    assert names(path.parent) == [path.name]
    assert find_corpus(name, folder=path.parent) == path


def test_a_fetched_archive_is_read_as_it_is(repository, tmp_path) -> None:
    articles, rejects, _ = load_articles(fetch(repository, tmp_path))
    assert len(articles) == 20
    assert rejects.empty
    assert articles["text"].str.startswith(SPEECH.decode()[:40]).all()


def test_half_an_archive_that_was_saved_by_hand_is_not_read_as_a_whole_one(tmp_path) -> None:
    whole, path = archive(), tmp_path / "UNGDC_1946-2024.tar.gz"
    for cut_off_by_hand in [*range(0, len(whole), 50), *range(len(whole) - 12, len(whole))]:
        path.write_bytes(whole[:cut_off_by_hand])
        assert len(load_articles(path).rejects) > 0, cut_off_by_hand


def test_bytes_are_asked_for_as_they_are_stored(repository, tmp_path) -> None:
    fetch(repository, tmp_path)
    assert repository.packings == {"identity"}


def test_redirects_to_the_storage_are_followed_and_keep_the_range(repository, tmp_path) -> None:
    repository.redirect = True
    (tmp_path / "UNGDC_1946-2024.tar.gz.part").write_bytes(repository.body[:100])
    assert fetch(repository, tmp_path).read_bytes() == repository.body
    assert repository.files_asked() == ["bytes=100-"]


@pytest.mark.parametrize(("kind", "algorithm"), [("SHA-1", "sha1"), ("SHA-256", "sha256"), ("SHA-512", "sha512")])
def test_the_record_may_name_another_kind_of_checksum(repository, tmp_path, kind, algorithm) -> None:
    right = hashlib.new(algorithm, repository.body).hexdigest().upper()
    repository.record = {"checksum": {"type": kind, "value": right}}
    assert fetch(repository, tmp_path).read_bytes() == repository.body
    repository.record = {"checksum": {"type": kind, "value": "0" * len(right)}}
    with pytest.raises(ValueError, match=algorithm):
        fetch(repository, tmp_path)


@pytest.mark.parametrize("progress", [True, False])
def test_a_progress_bar_is_shown_only_when_wanted(repository, tmp_path, capsys, progress) -> None:
    fetch(repository, tmp_path, progress=progress)
    out, err = capsys.readouterr()
    assert out == ""
    assert ("100%" in err) == progress


@pytest.mark.parametrize("name", ["state_of_the_union", "wikinews"])
def test_a_file_that_never_changes_has_its_size_and_checksum(name) -> None:
    corpus = corpora._CORPORA[name]
    algorithm, checksum = corpus["checksum"].split(":")
    assert corpus["path"].endswith(corpus["archive"])
    assert len(checksum) == hashlib.new(algorithm, usedforsecurity=False).digest_size * 2
    assert corpus["bytes"] % 1000 != 0


# Downloads that do not end by themselves


def test_no_more_is_read_than_the_record_declares(repository, tmp_path) -> None:
    whole, repository.body = LARGE, LARGE[:CHUNK]
    repository.answers = {"file": (200, whole)}
    assert fetch(repository, tmp_path).read_bytes() == whole[:CHUNK]
    repository.answers = {"file": (200, b"?" + whole)}
    with pytest.raises(ValueError, match="checksum"):
        fetch(repository, tmp_path / "other")


def test_a_record_without_end_is_no_record(repository, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(corpora, "_LARGEST_RECORD", 1000)
    repository.answers = {"record": (200, b'{"data": "' + b"a" * 1_000_000)}
    with pytest.raises(ConnectionError, match="no record that names the archive"):
        fetch(repository, tmp_path)


def test_a_server_that_trickles_is_left_and_what_has_arrived_is_kept(repository, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(corpora, "_SILENCE", 0.3)
    monkeypatch.setattr(corpora, "_SLOWEST", 1e9)
    repository.pause = 0.01
    with pytest.raises(ConnectionError, match=r"only \d+ bytes came in \d+ seconds\. What has arrived is kept"):
        fetch(repository, tmp_path, "wikinews")
    got = (tmp_path / "saliency-dataset.json.part").read_bytes()
    assert 0 < len(got) < len(repository.body)
    repository.pause = 0
    assert fetch(repository, tmp_path, "wikinews").read_bytes() == repository.body
    assert repository.files_asked() == [None, f"bytes={len(got)}-"]


@pytest.mark.parametrize("target", ["http://elsewhere.invalid/file", "//elsewhere.invalid/file", "ftp://a.invalid/f"])
def test_a_redirect_away_from_https_is_not_followed(monkeypatch, target) -> None:
    asked = []

    def answer(_: object, request: requests.PreparedRequest, **__: object) -> requests.Response:
        asked.append(request.url)
        response = requests.Response()
        response.url, response.request, response.raw = request.url, request, io.BytesIO()
        response.status_code = 302 if len(asked) == 1 else 404
        response.headers["location"] = target
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", answer)
    with pytest.raises(OSError) as caught:  # noqa: PT011 - refused here, or answered with 404 where it may be followed
        corpora._get("https://repository.invalid/file", io.BytesIO(), most=9)
    if target.startswith("//"):
        assert asked[1:] == ["https://elsewhere.invalid/file"]
    else:
        assert f"points to {target!r}, which is not https" in str(caught.value)
        assert len(asked) == 1


# Downloads that break off


@settings(max_examples=60, deadline=None)
@given(data=st.data(), lengths=st.booleans(), ranges=st.booleans())
def test_wherever_the_line_goes_dead_nothing_is_left_that_could_be_read_as_whole(data, lengths, ranges) -> None:
    whole = Repository(body=LARGE, lengths=lengths, ranges=ranges)
    size = len(whole.body)
    edges = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, size - 1]
    cut = data.draw(st.one_of(st.sampled_from(edges), st.integers(0, size - 1)))
    with TemporaryDirectory() as name, playing(whole) as repository:
        folder = Path(name)
        repository.drop = {"file": cut}
        with pytest.raises(ConnectionError, match="un_general_debate was not fetched"):
            fetch(repository, folder)
        assert find_corpus("un_general_debate", folder=folder) is None
        assert names(folder) == ["UNGDC_1946-2024.tar.gz.part"]
        got = (folder / "UNGDC_1946-2024.tar.gz.part").read_bytes()
        assert repository.body.startswith(got)
        assert cut - CHUNK < len(got) <= cut
        repository.drop, repository.asked = {}, []
        assert fetch(repository, folder).read_bytes() == repository.body
        assert repository.files_asked()[0] == (f"bytes={len(got)}-" if got else None)
        assert names(folder) == ["UNGDC_1946-2024.tar.gz"]


def test_what_has_arrived_is_not_asked_for_again(repository, tmp_path) -> None:
    repository.body, repository.drop = LARGE, {"file": CHUNK}
    for _ in range(2):
        with pytest.raises(ConnectionError, match="What has arrived is kept"):
            fetch(repository, tmp_path)
    repository.drop = {}
    fetch(repository, tmp_path)
    assert repository.files_asked() == [None, f"bytes={CHUNK}-", f"bytes={2 * CHUNK}-"]


def test_a_complete_part_is_checked_without_asking_again(repository, tmp_path) -> None:
    (tmp_path / "UNGDC_1946-2024.tar.gz.part").write_bytes(repository.body)
    assert fetch(repository, tmp_path).read_bytes() == repository.body
    assert repository.files_asked() == []


@pytest.mark.parametrize("old", [b"another version", b"x" * 100_000], ids=["shorter", "longer"])
def test_a_part_of_something_else_is_thrown_away_and_the_download_begun_anew(repository, tmp_path, old) -> None:
    (tmp_path / "UNGDC_1946-2024.tar.gz.part").write_bytes(old)
    assert fetch(repository, tmp_path).read_bytes() == repository.body
    assert repository.files_asked()[-1] is None
    assert names(tmp_path) == ["UNGDC_1946-2024.tar.gz"]


@pytest.mark.parametrize("cut", [0, 1, 200])
@pytest.mark.parametrize("lengths", [True, False])
def test_a_record_that_breaks_off_is_no_record(repository, tmp_path, cut, lengths) -> None:
    repository.drop, repository.lengths = {"record": cut}, lengths
    with pytest.raises(ConnectionError, match="un_general_debate was not fetched"):
        fetch(repository, tmp_path)
    assert names(tmp_path) == []


def test_an_interrupt_leaves_only_a_part(repository, tmp_path, monkeypatch) -> None:
    def interrupted(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pooch, "file_hash", interrupted)
        with pytest.raises(KeyboardInterrupt):
            fetch(repository, tmp_path)
    assert names(tmp_path) == ["UNGDC_1946-2024.tar.gz.part"]
    assert fetch(repository, tmp_path).read_bytes() == repository.body


# Downloads that go wrong


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_checksum_is_told_with_the_file_and_nothing_is_kept(repository, tmp_path, name) -> None:
    algorithm = "md5" if name == "un_general_debate" else "sha256"
    right = hashlib.new(algorithm, repository.body, usedforsecurity=False).hexdigest()
    repository.answers = {"file": (200, repository.body[:-1] + b"?")}
    with pytest.raises(
        ValueError,
        match=rf"{re.escape(NAMES[name])} came from http.* {algorithm} checksum {right} .*By hand: open https",
    ):
        fetch(repository, tmp_path, name)
    assert names(tmp_path) == []
    assert repository.files_asked() == [None]
    repository.answers = {}
    assert fetch(repository, tmp_path, name).read_bytes() == repository.body


def test_an_archive_that_is_there_is_not_touched_by_a_download_that_fails(repository, tmp_path) -> None:
    (tmp_path / "UNGDC_1946-2024.tar.gz").write_bytes(b"mine")
    repository.answers = {"file": (200, b"?" * len(repository.body))}
    with pytest.raises(ValueError, match="checksum"):
        fetch(repository, tmp_path)
    assert (tmp_path / "UNGDC_1946-2024.tar.gz").read_bytes() == b"mine"


@pytest.mark.parametrize("kind", ["record", "file"])
@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_a_refusal_is_told_with_its_status_and_what_to_do(repository, tmp_path, kind, status) -> None:
    repository.answers = {kind: (status, b"<html>sorry</html>")}
    with pytest.raises(ConnectionError) as caught:
        fetch(repository, tmp_path)
    assert (
        f"127.0.0.1 answers {status}. What has arrived is kept, and continued when you start again. By hand: open https://dataverse.harvard.edu/dataset.xhtml"
        in str(caught.value)
    )
    assert f"save it in {str(tmp_path)!r}" in str(caught.value)
    assert find_corpus("un_general_debate", folder=tmp_path) is None


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>Log in to the campus network</html>", b"[]", b"null", b'{"data": {"files": []}}', b'{"data": 1}'],
)
def test_a_log_in_page_in_place_of_the_record_is_told(repository, tmp_path, answer) -> None:
    repository.answers = {"record": (200, answer)}
    with pytest.raises(ConnectionError, match=r"no record that names the archive .*log-in page"):
        fetch(repository, tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize("file", ["../UNGDC_1946-2024.tar.gz", "UNGDC_1946-2024.tar.gz/../x", "README.txt"])
def test_a_record_without_an_archive_of_the_corpus_writes_nothing(repository, tmp_path, file) -> None:
    repository.record = {"filename": file}
    with pytest.raises(ConnectionError, match="record"):
        fetch(repository, tmp_path / "in")
    assert names(tmp_path) == ["in"]
    assert names(tmp_path / "in") == []


def test_no_network_is_told_with_the_way_by_hand(tmp_path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, but not listening
        gone = Repository(server=f"http://127.0.0.1:{nobody.getsockname()[1]}")
        with pytest.raises(ConnectionError, match=rf"no network.*By hand: open https.*{VARIABLE}"):
            fetch(gone, tmp_path)
    assert names(tmp_path) == []


def test_a_host_without_an_address_is_no_network(tmp_path, monkeypatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(ConnectionError, match="no network"):
        fetch(Repository(server="http://repository.invalid"), tmp_path)


def test_a_disk_that_fills_up_leaves_only_a_part(repository, tmp_path) -> None:
    resource = pytest.importorskip("resource", reason="limits of a process are POSIX")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    repository.body = bytes(range(256)) * 4096
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, limits[1]))
    try:
        with pytest.raises(OSError, match=rf"cannot write to {str(tmp_path)!r}, File too large.*Make room") as caught:
            fetch(repository, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not isinstance(caught.value, ConnectionError)
    assert names(tmp_path) == ["UNGDC_1946-2024.tar.gz.part"]
    assert fetch(repository, tmp_path).read_bytes() == repository.body


def test_a_folder_that_is_a_file_is_told(repository, tmp_path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(OSError, match=r"cannot write to '.*taken'"):
        fetch(repository, tmp_path / "taken")


def test_a_fault_in_our_own_code_is_not_told_as_a_fault_of_the_network(repository, tmp_path, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> bool:
        raise KeyError("ours")

    monkeypatch.setattr(corpora, "_download", broken)
    with pytest.raises(KeyError, match="ours"):
        fetch(repository, tmp_path)


# Wikinews as it is read

ARTICLE = {
    "docId": 1,
    "title": "Wells reopen",
    "wikiTitle": "Wells_reopen",
    "wikinewsId": 77,
    "document": [
        {"name": "headline", "value": "Wells reopen"},
        {"name": "dateline", "value": "March 5, 2011"},
        {
            "name": "body_par_000",
            "value": "] The engineer &mdash; of ''Herat Lantern'' fame &mdash; said the wells were safe.",
        },
        {"name": "body_par_001", "value": "Pumps  follow.]]"},
        {"name": "body_par_002"},
    ],
}


def test_wikinews_articles_are_read_with_date_and_address_and_what_is_cut_is_kept(tmp_path: Path) -> None:
    undated = ARTICLE | {
        "wikinewsId": 78,
        "document": [{"name": "headline", "value": "Later"}, *ARTICLE["document"][2:]],
    }
    lines = [json.dumps(ARTICLE), json.dumps(undated), '{"wikinewsId": 79}', '{"docId": 3,']
    (tmp_path / "saliency-dataset.json").write_text("\n".join(lines), encoding="utf-8")
    articles, rejects, removed = load_articles(tmp_path / "saliency-dataset.json")
    first = articles.iloc[0]
    assert first["doc_id"] == "wikinews-77"
    assert first[["source", "title", "url"]].tolist() == [
        "Wikinews",
        "Wells reopen",
        "https://en.wikinews.org/wiki/Wells_reopen",
    ]
    assert str(first["date"].date()) == "2011-03-05"
    assert first["text"] == (
        "Wells reopen\n\nThe engineer — of Herat Lantern fame — said the wells were safe.\n\nPumps follow."
    )
    assert first["text"][first["body_start"] :].startswith("The engineer")
    assert articles["date"].isna().tolist() == [False, True]
    assert rejects["line"].tolist() == [3, 4]
    assert removed.query("doc_id == 'wikinews-77'")["text"].tolist() == ["] '' ''", "]]"]


def test_the_real_wikinews_articles_are_read(shared: Path) -> None:
    articles, rejects, _ = load_articles(shared / "data" / "wikinews" / "saliency-dataset.json")
    assert rejects.empty
    assert articles["doc_id"].is_unique
    assert articles["date"].dt.year.dropna().between(2004, 2014).all()
    assert articles["date"].isna().sum() == 1
    assert (articles["body_start"] < articles["text"].str.len()).all()
