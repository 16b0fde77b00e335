"""Corpora of real texts, fetched from their repositories: the only module that reaches the network.

Sizes and checksums stand in ``corpora.toml`` where the file never changes; of a dataset in Dataverse they come from the
repository's own record, read at the time of the download.
"""

from __future__ import annotations

import io
import json
import os
import re
import time
import tomllib
import warnings
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pandas as pd
from tqdm import tqdm

if TYPE_CHECKING:
    from requests import Response

VARIABLE = "THREAT_TALK_DATA"
_LARGEST_RECORD = 10_000_000  # bytes
_CHUNK = 1 << 16
_SILENCE = 30  # seconds without a byte
_SLOWEST = 20_000  # bytes per second; a download that is slower over its whole time is broken off


_Corpus = dict[str, Any]  # an entry of corpora.toml, with its name
_CORPORA: dict[str, _Corpus] = {
    name: {"name": name} | entry
    for name, entry in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")).items()
}


def list_corpora() -> pd.DataFrame:
    """List the corpora that can be fetched.

    Returns
    -------
    DataFrame
        One row per corpus: ``name`` (for :func:`fetch_corpus`), ``title`` str; ``bytes`` Int64, the size of the
        archive, rounded where new versions differ; ``licence``, ``citation``, ``address`` (DOI or web page) str.

    Examples
    --------
    >>> list_corpora()[["name", "licence"]].values.tolist()
    [['un_general_debate', 'CC0 1.0'], ['state_of_the_union', 'public domain'], ['wikinews', 'CC BY 2.5']]
    """
    columns = ["name", "title", "bytes", "licence", "citation", "address"]
    return pd.DataFrame(list(_CORPORA.values()), columns=columns).astype({"bytes": "Int64"})


def find_corpus(name: str, *, folder: str | Path | None = None) -> Path | None:
    """Find the local archive of a corpus, without touching the network.

    Parameters
    ----------
    name : str
        As :func:`list_corpora` gives it.
    folder : path, optional
        The archive, or a folder that holds it, itself or in a subfolder with the name of the corpus. The folder that
        the environment variable ``THREAT_TALK_DATA`` names is looked into next, and, where no `folder` is given, the
        user's cache, where :func:`fetch_corpus` saves.

    Returns
    -------
    Path or None
        The archive, for :func:`helpers.articles.load.load_articles`, or None.

    Raises
    ------
    ValueError
        If there is no corpus of that name, or a folder holds several archives of it.
    FileNotFoundError
        If `folder` names an archive, or ``THREAT_TALK_DATA`` a folder, that is not there.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "state_union.zip").write_bytes(b"")
    ...     find_corpus("state_of_the_union", folder=folder).name
    'state_union.zip'
    """
    if name not in _CORPORA:
        raise ValueError(f"there is no corpus {name!r}: allowed are {list(_CORPORA)}")
    places = [] if folder is None else [Path(folder).expanduser()]
    if variable := os.environ.get(VARIABLE):
        places.append(Path(variable).expanduser())
        if not places[-1].is_dir():
            raise FileNotFoundError(f"{VARIABLE} is {variable!r}, which is not a folder: correct it or unset it")
    places += [_cache()] if folder is None else []
    return next((found for place in places if (found := _archive_in(place, _CORPORA[name]))), None)


def fetch_corpus(name: str, *, folder: str | Path | None = None, progress: bool = True) -> Path:
    """Return the local archive of a corpus; where there is none, download and check it.

    A download that broke off is continued by the next call. An archive gets its name after its checksum was found
    to be that of the repository's record, so that half an archive is never read as a whole one. No more bytes are
    read than the record declares, nothing is fetched without encryption where a redirect asks for that, and a
    download that is slower than 20,000 bytes per second ends.

    Parameters
    ----------
    name, folder
        As in :func:`find_corpus`; `folder` is also where the download is saved.
    progress : bool
        Show a progress bar on standard error.

    Returns
    -------
    Path
        The archive, for :func:`helpers.articles.load.load_articles`.

    Raises
    ------
    ValueError, FileNotFoundError
        As in :func:`find_corpus`; ValueError also if the checksum is wrong.
    ConnectionError
        If there is no network, or the repository breaks off or refuses: some ask who downloads (a guestbook), which
        a person has to answer. The message says how to download by hand.
    OSError
        If the archive cannot be written, as when the disk is full.

    References
    ----------
    Dataverse, *Native API* (a version of a dataset) and *Data Access API* (file access).

    Examples
    --------
    >>> fetch_corpus("un_general_debate")  # doctest: +SKIP
    """
    if found := find_corpus(name, folder=folder):
        return found
    saved = _cache() if folder is None else Path(folder).expanduser()
    return _fetch(_CORPORA[name], saved, server=_CORPORA[name]["server"], progress=progress)


def _cache() -> Path:
    with warnings.catch_warnings():  # in a notebook without widgets, a part of pooch complains of its own progress bar
        warnings.simplefilter("ignore")
        import pooch

    return Path(pooch.os_cache("threat-talk"))


def _archive_in(place: Path, corpus: _Corpus) -> Path | None:
    if not place.is_dir():
        if not place.exists() and re.fullmatch(corpus["pattern"], place.name):
            raise FileNotFoundError(f"nothing at {str(place)!r}: give an archive that exists, or a folder")
        return place if place.exists() else None
    files = [path for folder in (place, place / corpus["name"]) for path in folder.glob("*")]
    found = sorted(path for path in files if re.fullmatch(corpus["pattern"], path.name))
    if len(found) > 1:
        raise ValueError(f"{str(place)!r} holds {[path.name for path in found]}: give one of them as folder")
    return found[0] if found else None


def _fetch(corpus: _Corpus, folder: Path, *, server: str, progress: bool) -> Path:
    """Download from a server, which tests play themselves; say in sentences what went wrong and what to do."""
    from requests import RequestException
    from urllib3.exceptions import HTTPError

    try:
        return _download(corpus, folder, server=server, progress=progress)
    except (RequestException, HTTPError, ConnectionError) as error:
        lost = f"no network, or the connection broke off ({type(error).__name__})"
        raise ConnectionError(
            f"{corpus['name']} was not fetched: {error if type(error) is ConnectionError else lost}. "
            f"What has arrived is kept, and continued when you start again. {_by_hand(corpus, folder)}"
        ) from error
    except OSError as error:
        reason = f"cannot write to {str(folder)!r}, {error.strerror or error}"
        raise OSError(f"{corpus['name']} was not fetched: {reason}. Make room, or give another folder.") from error


def _download(corpus: _Corpus, folder: Path, *, server: str, progress: bool) -> Path:
    """Begin or continue a download, and name it as the archive where its checksum is right; otherwise delete it."""
    import pooch

    folder.mkdir(parents=True, exist_ok=True)
    stored = corpus if "path" in corpus else _dataverse(corpus, server)
    url, size, (algorithm, checksum) = f"{server}/{stored['path']}", stored["bytes"], stored["checksum"].split(":")
    part = folder / f"{stored['archive']}.part"
    # A part that was no beginning of this file spoils its checksum: once more, from nothing.
    for _ in range(2 if part.exists() else 1):
        with part.open("ab") as stream:
            if stream.tell() < size:
                _get(url, stream, most=size, progress=progress)
            if stream.tell() < size:
                raise ConnectionError(f"the connection broke off after {stream.tell():,} of {size:,} bytes")
        if pooch.file_hash(str(part), alg=algorithm) == checksum:
            return part.replace(folder / stored["archive"])
        part.unlink()
    raise ValueError(
        f"{stored['archive']} came from {url} without the {algorithm} checksum {checksum} of the repository's record, "
        f"and was deleted. Try again. {_by_hand(corpus, folder)}"
    )


def _get(url: str, stream: IO[bytes], *, most: int, progress: bool = False) -> None:
    """Append what a server sends until `stream` holds `most` bytes; a stream that holds some is continued."""
    import requests

    here, start = stream.tell(), time.monotonic()
    # Ranges and checksums are of bytes as stored, not as packed for the way.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={here}-"} if here else {})
    answer = requests.get(url, stream=True, timeout=_SILENCE, headers=headers, hooks={"response": _check_redirect})
    bar = tqdm(total=most, initial=here, unit="B", unit_scale=True, disable=not progress)
    with answer, bar:
        if not answer.ok:
            raise ConnectionError(f"{urlsplit(url).hostname} answers {answer.status_code}")
        # What has arrived, however little: a full chunk of a server that trickles could take days.
        while stream.tell() < most and (piece := answer.raw.read1(min(_CHUNK, most - stream.tell()))):
            stream.write(piece)
            bar.update(len(piece))
            if (seconds := time.monotonic() - start) > _SILENCE + most / _SLOWEST:
                raise ConnectionError(f"only {stream.tell() - here:,} bytes came in {seconds:.0f} seconds")


def _check_redirect(answer: Response, **_: Any) -> None:  # noqa: ANN401 - what requests hands to a hook
    then = urljoin(answer.url, answer.headers.get("location", ""))
    if answer.is_redirect and answer.url.startswith("https:") and not then.startswith("https:"):
        raise ConnectionError(f"{urlsplit(answer.url).hostname} points to {then!r}, which is not https")


def _dataverse(corpus: _Corpus, server: str) -> _Corpus:
    """Read the record of a version of a dataset; pooch's own reader knows only the latest version."""
    dataset = f"versions/{corpus['version']}?persistentId=doi:{corpus['address'].removeprefix('https://doi.org/')}"
    _get(f"{server}/api/datasets/:persistentId/{dataset}", record := io.BytesIO(), most=_LARGEST_RECORD)
    try:
        files = [entry["dataFile"] for entry in json.loads(record.getvalue())["data"]["files"]]
        (file,) = [file for file in files if re.fullmatch(corpus["pattern"], file["filename"])]
        checksum = f"{file['checksum']['type'].replace('-', '')}:{file['checksum']['value']}".lower()
        # No format=original: that is for tables, which Dataverse converts, while an archive is stored as it came.
        path, size = f"api/access/datafile/{file['id']}", int(file["filesize"])
        return {"archive": file["filename"], "path": path, "bytes": size, "checksum": checksum}
    except (LookupError, AttributeError, TypeError, ValueError) as error:
        reason = "what answered was no record that names the archive (a log-in page of the network?)"
        raise ConnectionError(reason) from error


def _by_hand(corpus: _Corpus, folder: Path) -> str:
    return (
        f"By hand: open {corpus['page']}, download {corpus['archive']} and save it in {str(folder)!r}, "
        f"or set {VARIABLE} to the folder that holds it."
    )
