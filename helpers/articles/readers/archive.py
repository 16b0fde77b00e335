"""Files, folders and archives opened one by one, within limits; nothing is unpacked to disk."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import stat
import tarfile
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from helpers.articles.readers.records import Reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEAD_BYTES = 65536
_SYSTEM_FILES = {"thumbs.db", "desktop.ini"}
_DOCUMENTS = ("[Content_Types].xml", "mimetype")  # Word, Excel, OpenDocument and EPUB files are zips too
_DEPTH = 3  # archives in archives in archives
_TOTAL = 20  # an archive may unpack to this many times the limit of one file
_RATIO, _BEYOND = 300, 10_000_000  # text packs 3 to 10 times; what packs hundreds of times was made to fill a memory
_BROKEN = (OSError, EOFError, ValueError, RuntimeError, zlib.error, zipfile.BadZipFile, tarfile.TarError)
_TAR_MARK = slice(257, 262)
_PIECE = 1 << 20  # bytes unpacked at once


class TooLargeError(Exception):
    """A file, a member or a line holds more bytes than the limit."""


@dataclass
class Blob:
    """One file, or one member of an archive, opened: its head has been read, the rest comes on request."""

    name: PurePosixPath
    path: str
    member: str | None
    stream: BinaryIO
    limit: int
    head: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Read the head."""
        self.head = self.stream.read(HEAD_BYTES)

    def read_first_line(self) -> bytes:
        """Return the head, and where the first line is longer that line and some of the next."""
        if b"\n" not in self.head:
            self.head += self.stream.readline(self.limit) + self.stream.read(HEAD_BYTES)
        return self.head

    def read(self) -> bytes:
        """Return all bytes."""
        return _read(self.stream, self.limit, self.head)

    def lines(self) -> Iterator[bytes]:
        """Yield lines with their ends; only the longest of them has to stay below the limit."""
        parts = self.head.split(b"\n")
        for line in parts[:-1]:
            yield line + b"\n"
        rest = parts[-1] + self.stream.readline(self.limit + 1)
        while rest:
            if len(rest) > self.limit:
                raise TooLargeError(f"it has a line longer than {self.limit:,} bytes")
            yield rest
            rest = self.stream.readline(self.limit + 1)


@dataclass
class _Budget:
    """How many bytes a file may still unpack to: in all, and beyond what text packs to."""

    left: int
    beyond: int = _BEYOND


class _Place(NamedTuple):
    """Where in the tree of folders and archives we stand, and how much may still be unpacked."""

    name: PurePosixPath
    path: str
    member: str | None
    limit: int
    budget: _Budget
    depth: int = 0


def walk(root: Path, *, limit: int) -> Iterator[Blob | Reject]:
    """Open every file below a path, archives included, in the order of their names."""
    if not root.is_dir():
        name = _in_letters(root.name)
        yield from _open(root, _Place(PurePosixPath(name), name, None, limit, _Budget(_TOTAL * limit)))
        return
    empty = True
    for path, reason in _files(root):
        empty = False
        name = _in_letters(path.relative_to(root).as_posix())
        if reason is None:
            yield from _open(path, _Place(PurePosixPath(name), name, None, limit, _Budget(_TOTAL * limit)))
        else:
            yield Reject(reason, path=name)
    if empty:
        yield Reject("the folder holds no file", path=_in_letters(root.name))


def _in_letters(name: str) -> str:
    """Return a name that can be written down: in a plain locale, or wrongly encoded, Python keeps its bytes apart."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _files(folder: Path) -> list[tuple[Path, str | None]]:
    """List each file with None, and what else stands in the folder with the reason to leave it, sorted by path."""
    found: list[tuple[Path, str | None]] = []
    errors: list[OSError] = []
    for base, folders, files in os.walk(folder, onerror=errors.append):
        here = Path(base)
        links = [here / name for name in folders if (here / name).is_symlink()]
        found += [(link, "it is a link to a folder; links to folders are not followed") for link in links]
        found += [(here / name, None) for name in files]
    found += [(Path(str(error.filename)), f"the folder cannot be opened: {error.strerror}") for error in errors]
    return sorted(found, key=lambda one: one[0].as_posix())


def _open(path: Path, place: _Place) -> Iterator[Blob | Reject]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            # Opening a pipe would wait for a writer that may never come.
            yield Reject("it is not a regular file", path=place.path)
            return
        with path.open("rb") as stream:
            yield from _branch(cast("BinaryIO", stream), place)
    except FileNotFoundError:
        link = path.is_symlink()
        gone = "it is a link to a file that does not exist" if link else "it vanished before it could be opened"
        yield Reject(gone, path=place.path)
    except OSError as error:
        yield Reject(f"it cannot be read: {error.strerror or error}", path=place.path)


def _branch(stream: BinaryIO, place: _Place) -> Iterator[Blob | Reject]:
    """Yield what a stream holds: itself, or the members of the archive that it is."""
    if _is_system_file(place.name):
        yield Reject("it is a lock or settings file of a program, not an article", path=place.path, member=place.member)
        return
    start = stream.read(512)
    stream.seek(0)
    opener = (
        _zip
        if start.startswith((b"PK\x03\x04", b"PK\x05\x06"))
        else _packed
        if start[:2] == b"\x1f\x8b" or start[:3] == b"BZh"
        else None
    )
    if start[_TAR_MARK] == b"ustar":
        opener = _tar
    if opener is None:
        yield Blob(place.name, place.path, place.member, stream, place.limit)
    elif place.depth >= _DEPTH:
        yield Reject(f"archives in archives are opened {_DEPTH} deep", path=place.path, member=place.member)
    else:
        empty = True
        try:
            for found in opener(stream, place):
                empty = False
                yield found
            if empty:
                yield Reject("the archive holds no file", path=place.path, member=place.member)
        except TooLargeError as error:
            yield Reject(str(error), path=place.path, member=place.member)
        except _BROKEN as error:
            yield Reject(f"the archive is broken or cut short: {error}", path=place.path, member=place.member)


def _is_system_file(name: PurePosixPath) -> bool:
    """Tell lock files, resource forks and folder settings from articles."""
    return (
        name.name.startswith((".", "~$", "._"))
        or name.name.lower() in _SYSTEM_FILES
        or "__MACOSX" in name.parts
        or ".git" in name.parts
    )


def _member(place: _Place, inner: str) -> tuple[_Place, str | None]:
    """Step into a member, and say what is wrong with its name."""
    clean = inner.replace("\\", "/")
    below = place._replace(
        name=place.name / clean,
        member=clean if place.member is None else f"{place.member}/{clean}",
        depth=place.depth + 1,
    )
    if clean.startswith("/") or ".." in PurePosixPath(clean).parts or ":" in clean[:2]:
        return below, "its name points outside the archive"
    return below, None


def _zip(stream: BinaryIO, place: _Place) -> Iterator[Blob | Reject]:
    with zipfile.ZipFile(stream) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if any(info.filename in _DOCUMENTS for info in infos):
            stream.seek(0)
            yield Blob(place.name, place.path, place.member, stream, place.limit)
            return
        for info in infos:
            yield from _zip_member(archive, info, place)


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: _Place) -> Iterator[Blob | Reject]:
    below, reason = _member(place, info.filename)
    if info.flag_bits & 1:
        reason = "it is encrypted: unpack it with its password first"
    data = b""
    if reason is None:
        try:
            with archive.open(info) as member:
                metered = _Metered(cast("BinaryIO", member), place.budget, lambda: info.compress_size)
                data = _read(metered, place.limit)
        except TooLargeError as error:
            reason = str(error)
        except _BROKEN as error:
            reason = f"it cannot be unpacked: {error}"
    if reason is None:
        yield from _branch(io.BytesIO(data), below)
    else:
        yield Reject(reason, path=below.path, member=below.member)


def _packed(stream: BinaryIO, place: _Place) -> Iterator[Blob | Reject]:
    """Open a gzip or bzip2 stream: a tar archive, or one packed file."""
    packed = gzip.GzipFile(fileobj=stream) if stream.read(1) == b"\x1f" else bz2.BZ2File(stream)
    stream.seek(0)
    with packed:
        start = packed.read(512)
        packed.seek(0)
        metered = _Metered(cast("BinaryIO", packed), place.budget, stream.tell)
        if start[_TAR_MARK] == b"ustar":
            yield from _members(metered, place)
            return
        inner = place.name.name.rsplit(".", 1)[0] or "file"
        below, _ = _member(place, inner)
        yield from _branch(io.BytesIO(_read(metered, place.limit)), below)


def _tar(stream: BinaryIO, place: _Place) -> Iterator[Blob | Reject]:
    yield from _members(_Metered(stream, place.budget, stream.tell), place)


def _members(metered: _Metered, place: _Place) -> Iterator[Blob | Reject]:
    stream = cast("BinaryIO", io.BufferedReader(metered, HEAD_BYTES))
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            below, reason = _member(place, info.name)
            if info.isdir():
                continue
            if not info.isfile():
                reason = "it is a link or a device, not a file"
            elif info.size > place.limit:
                reason = f"it is larger than {place.limit:,} bytes; load_articles takes a larger limit_bytes"
            member = archive.extractfile(info) if reason is None else None
            if member is None:
                yield Reject(reason or "it cannot be unpacked", path=below.path, member=below.member)
            else:
                yield from _branch(io.BytesIO(member.read()), below)
            archive.members.clear()  # type: ignore[attr-defined]  # or it would remember every member it has passed


def _read(stream: BinaryIO | _Metered, limit: int, data: bytes = b"") -> bytes:
    """Read a stream to its end, after what has been read of it; piece by piece, so that no memory is held ready."""
    pieces, size = [data], len(data)
    while size <= limit and (piece := stream.read(_PIECE)):
        pieces.append(piece)
        size += len(piece)
    if size > limit:
        raise TooLargeError(f"it is larger than {limit:,} bytes; load_articles takes a larger limit_bytes")
    return b"".join(pieces)


class _Metered(io.RawIOBase):
    """A stream that stops when the budget is spent; `packed` says how many packed bytes it has come from."""

    def __init__(self, stream: BinaryIO, budget: _Budget, packed: Callable[[], int]) -> None:
        self._stream, self._budget, self._packed, self._given = stream, budget, packed, 0

    def readable(self) -> bool:
        """Say that this stream can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read into the buffer, and charge the budget."""
        data = self._stream.read(min(len(buffer), _PIECE))
        self._given += len(data)
        self._budget.left -= len(data)
        if self._given > _RATIO * max(self._packed(), 1):
            self._budget.beyond -= len(data)
            if self._budget.beyond < 0:
                raise TooLargeError("it unpacks to hundreds of times its size, as a zip bomb does")
        if self._budget.left < 0:
            raise TooLargeError("the archive unpacks to more than it may; load_articles takes a larger limit_bytes")
        buffer[: len(data)] = data
        return len(data)
