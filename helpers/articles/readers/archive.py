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
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, cast

from helpers.articles.readers.records import Reject, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEAD_BYTES = 65536
_SYSTEM_FILES, _SYSTEM_FOLDERS = {"thumbs.db", "desktop.ini"}, {"__MACOSX", ".git"}
_DOCUMENTS = {"[Content_Types].xml", "mimetype"}  # Word, Excel, OpenDocument and EPUB files are zips too
_DEPTH = 3  # archives in archives in archives
_TOTAL = 20  # an archive may unpack to this many times the limit of one file
_RATIO, _BEYOND = 300, 10_000_000  # text packs 3 to 10 times; what packs hundreds of times was made to fill a memory
_BROKEN = (OSError, EOFError, ValueError, RuntimeError, zlib.error, zipfile.BadZipFile, tarfile.TarError)
_PIECE = 1 << 20  # bytes unpacked at once


_Member = tuple[str, str | None, "Callable[[], bytes]"]  # a name, what keeps it from being read, how it is read


@dataclass
class _Budget:
    """How many bytes a file may still unpack to: in all, and beyond what text packs to."""

    left: int
    beyond: int = _BEYOND


@dataclass
class Blob:
    """One file, or one member of an archive, opened: its head has been read, the rest comes on request."""

    name: PurePosixPath
    path: str
    member: str | None
    stream: BinaryIO
    limit: int
    budget: _Budget = field(default_factory=lambda: _Budget(0))
    depth: int = 0
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
                raise UnreadableError(f"it has a line longer than {self.limit:,} bytes")
            yield rest
            rest = self.stream.readline(self.limit + 1)


def walk(root: Path, *, limit: int) -> Iterator[Blob | Reject]:
    """Open every file below a path, archives included, in the order of their names."""
    files = _files(root) if root.is_dir() else [(root, None)]
    for path, reason in files:
        name = _in_letters(path.relative_to(root).as_posix() if path != root else root.name)
        if reason is None:
            yield from _open(path, name, limit)
        else:
            yield Reject(reason, path=name)
    if not files:
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


def _open(path: Path, name: str, limit: int) -> Iterator[Blob | Reject]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            # Opening a pipe would wait for a writer that may never come.
            yield Reject("it is not a regular file", path=name)
            return
        with path.open("rb") as stream:
            budget = _Budget(_TOTAL * limit)
            yield from _branch(Blob(PurePosixPath(name), name, None, cast("BinaryIO", stream), limit, budget))
    except FileNotFoundError:
        link = path.is_symlink()
        gone = "it is a link to a file that does not exist" if link else "it vanished before it could be opened"
        yield Reject(gone, path=name)
    except OSError as error:
        yield Reject(f"it cannot be read: {error.strerror or error}", path=name)


def _branch(blob: Blob) -> Iterator[Blob | Reject]:
    """Yield a file, or what it holds where it is an archive."""
    rejected = partial(Reject, path=blob.path, member=blob.member)
    if _is_system_file(blob.name):
        yield rejected("it is a lock or settings file of a program, not an article")
        return
    empty = True
    try:
        members = _members_of(blob)
        if members is None:
            yield blob
            return
        if blob.depth >= _DEPTH:
            yield rejected(f"archives in archives are opened {_DEPTH} deep")
            return
        for name, reason, read in members:
            empty = False
            yield from _enter(blob, name, reason, read)
        if empty:
            yield rejected("the archive holds no file")
    except UnreadableError as error:
        yield rejected(str(error))
    except _BROKEN as error:
        yield rejected(f"the archive is broken or cut short: {error}")


def _is_system_file(name: PurePosixPath) -> bool:
    """Tell lock files, resource forks and folder settings from articles."""
    system = name.name.startswith((".", "~$")) or name.name.lower() in _SYSTEM_FILES
    return system or not _SYSTEM_FOLDERS.isdisjoint(name.parts)


def _enter(blob: Blob, inner: str, reason: str | None, read: Callable[[], bytes]) -> Iterator[Blob | Reject]:
    """Yield what a member of an archive holds; `reason` says what keeps it from being read."""
    clean = inner.replace("\\", "/")
    member = clean if blob.member is None else f"{blob.member}/{clean}"
    if clean.startswith("/") or ".." in PurePosixPath(clean).parts or ":" in clean[:2]:
        reason = "its name points outside the archive"
    data = b""
    try:
        data = read() if reason is None else b""
    except UnreadableError as error:
        reason = str(error)
    except _BROKEN as error:
        reason = f"it cannot be unpacked: {error}"
    if reason is None:
        stream = io.BytesIO(data)
        yield from _branch(Blob(blob.name / clean, blob.path, member, stream, blob.limit, blob.budget, blob.depth + 1))
    else:
        yield Reject(reason, path=blob.path, member=member)


def _members_of(blob: Blob) -> Iterator[_Member] | None:
    """Return the members of an archive, None for a file that is none."""
    if _is_tar(blob.head):
        blob.stream.seek(0)
        return _tar(_Metered(blob.stream, blob.budget, blob.stream.tell), blob.limit)
    if blob.head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        archive = zipfile.ZipFile(blob.stream)
        if _DOCUMENTS.isdisjoint(archive.namelist()):
            return _zip(archive, blob)
        blob.stream.seek(len(blob.head))
    return _packed(blob) if blob.head.startswith((b"\x1f\x8b", b"BZh")) else None


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _zip(archive: zipfile.ZipFile, blob: Blob) -> Iterator[_Member]:
    def unpack(info: zipfile.ZipInfo) -> bytes:
        with archive.open(info) as member:
            return _read(_Metered(cast("BinaryIO", member), blob.budget, lambda: info.compress_size), blob.limit)

    for info in archive.infolist():
        if not info.is_dir():
            locked = "it is encrypted: unpack it with its password first" if info.flag_bits & 1 else None
            yield info.filename, locked, partial(unpack, info)


def _packed(blob: Blob) -> Iterator[_Member]:
    """Open a gzip or bzip2 stream: a tar archive, or one packed file."""
    blob.stream.seek(0)
    gzipped = blob.head.startswith(b"\x1f\x8b")
    packed = cast("BinaryIO", gzip.GzipFile(fileobj=blob.stream) if gzipped else bz2.BZ2File(blob.stream))
    metered = _Metered(packed, blob.budget, blob.stream.tell)
    tarred = _is_tar(packed.read(512))
    packed.seek(0)
    if tarred:
        yield from _tar(metered, blob.limit)
    else:
        yield blob.name.stem or "file", None, partial(_read, metered, blob.limit)


def _tar(metered: _Metered, limit: int) -> Iterator[_Member]:
    stream = cast("BinaryIO", io.BufferedReader(metered, HEAD_BYTES))
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            reason = None if info.isfile() else "it is a link or a device, not a file"
            if info.size > limit:
                reason = f"it is larger than {limit:,} bytes; load_articles takes a larger limit_bytes"
            member = archive.extractfile(info) if reason is None else None
            if not info.isdir():
                yield info.name, reason, member.read if member else bytes
            archive.members.clear()  # type: ignore[attr-defined]  # or it would remember every member it has passed


def _read(stream: BinaryIO | _Metered, limit: int, data: bytes = b"") -> bytes:
    """Read a stream to its end, after what has been read of it; piece by piece, so that no memory is held ready."""
    pieces, size = [data], len(data)
    while size <= limit and (piece := stream.read(_PIECE)):
        pieces.append(piece)
        size += len(piece)
    if size > limit:
        raise UnreadableError(f"it is larger than {limit:,} bytes; load_articles takes a larger limit_bytes")
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
                raise UnreadableError("it unpacks to hundreds of times its size, as a zip bomb does")
        if self._budget.left < 0:
            raise UnreadableError("the archive unpacks to more than it may; load_articles takes a larger limit_bytes")
        buffer[: len(data)] = data
        return len(data)
