"""Files, folders and archives opened one by one, within limits; nothing is unpacked to disk."""

import bz2
import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from helpers.articles.readers.decode import decode
from helpers.articles.readers.records import UnreadableError, reading

HEAD_BYTES = 65536
_SYSTEM_FILES, _SYSTEM_FOLDERS = {"thumbs.db", "desktop.ini"}, {"__MACOSX", ".git"}
_DOCUMENTS = {"[Content_Types].xml", "mimetype"}  # Word, Excel, OpenDocument and EPUB files are zips too
_DEPTH = 3  # archives in archives in archives
_TOTAL = 20  # an archive may unpack to this many times the limit of one file
# Text packs 3 to 10 times; what unpacks to more than this, and to many times its size, was made to fill a memory.
_ALWAYS, _RATIO = 10_000_000, 100

_Stream = IO[bytes] | io.BufferedIOBase
_PACKINGS: dict[bytes, Callable[[Any], _Stream]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open}
_Member = tuple[str, "Callable[[], _Stream]"]  # its name, and how it is opened


@dataclass
class _Budget:
    """How many bytes the archives of one file may still unpack to."""

    left: int


class _Unpacked(io.BufferedIOBase):
    """What is unpacked, as it is read: all of it is charged, what is passed over too."""

    def __init__(self, packed: _Stream, budget: _Budget) -> None:
        """Read what a stream unpacks to."""
        self.packed, self.budget = packed, budget

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes, unless they are more than may be."""
        data = self.packed.read(-1 if size is None else size)
        if len(data) > self.budget.left:
            raise UnreadableError("the archive unpacks to many times its size, as a zip bomb does; unpack it yourself")
        self.budget.left -= len(data)
        return data


@dataclass
class Blob:
    """One file, or one member of an archive, opened: its head has been read, the rest comes on request.

    Where it cannot be opened, `problem` says why. Where it is text, whoever decodes it notes the `encoding`.
    """

    name: PurePosixPath
    path: str
    member: str | None = None
    stream: _Stream = field(default_factory=io.BytesIO)
    limit: int = 0
    budget: _Budget = field(default_factory=lambda: _Budget(0))
    depth: int = 0
    problem: str | None = None
    encoding: str | None = None
    head: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Read the head."""
        self.head = self.stream.read(HEAD_BYTES)

    def opened(self) -> _Stream:
        """Return the stream at its start."""
        self.stream.seek(0)
        return self.stream

    def read_first_line(self) -> bytes:
        """Return the first line, however long, and some of the next."""
        return self.opened().readline(self.limit) + self.stream.read(HEAD_BYTES)

    def read(self) -> bytes:
        """Return all bytes."""
        return _read(self.opened(), self.limit)

    def read_text(self) -> str:
        """Return all bytes as text, and note their encoding."""
        text, self.encoding = decode(self.read())
        return text

    def lines(self) -> Iterator[bytes]:
        """Yield lines with their ends; only the longest of them has to stay below the limit."""
        stream = self.opened()
        while line := stream.readline(self.limit + 1):
            if len(line) > self.limit:
                raise UnreadableError(f"it has a line longer than {self.limit:,} bytes")
            yield line


def walk(root: Path, *, limit: int) -> Iterator[Blob]:
    """Open every file below a path, archives included, in the order of their names."""
    paths = _files(root) if root.is_dir() else [root]
    for path in paths:
        yield from _open(path, _in_letters(path.relative_to(root).as_posix() if path != root else root.name), limit)
    if not paths:
        name = _in_letters(root.name)
        yield Blob(PurePosixPath(name), name, problem="the folder holds no file")


def _in_letters(name: str) -> str:
    """Return a name that can be written down: in a plain locale, or wrongly encoded, Python keeps its bytes apart."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _files(folder: Path) -> list[Path]:
    """List what stands in a folder, by name: files, links to folders, and folders that cannot be opened."""
    found: list[str] = []
    for base, folders, files in os.walk(folder, onerror=lambda error: found.append(error.filename)):
        links = [name for name in folders if Path(base, name).is_symlink()]
        found.extend(f"{base}/{name}" for name in (*files, *links))
    return sorted(map(Path, found), key=Path.as_posix)


def _open(path: Path, name: str, limit: int) -> Iterator[Blob]:
    try:
        if path.is_file():  # opening a pipe would wait for a writer that may never come
            with path.open("rb") as stream:
                budget = _Budget(min(_TOTAL * limit, _ALWAYS + _RATIO * path.stat().st_size))
                yield from _branch(Blob(PurePosixPath(name), name, None, stream, limit, budget))
            return
        problem = "it is no file, or a folder that cannot be opened"
        if path.is_symlink():
            problem = "it is a link that leads to no file; links to folders are not followed"
        elif not path.exists():
            problem = "it vanished before it could be opened"
    except OSError as error:
        problem = f"it cannot be read: {error.strerror or error}"
    yield Blob(PurePosixPath(name), name, problem=problem)


def _branch(blob: Blob) -> Iterator[Blob]:
    """Yield a file, or what it holds where it is an archive."""
    name = None
    try:
        with reading("the archive"):
            members = _members_of(blob)
            for name, opened in members or ():
                yield from _branch(_enter(blob, name, opened))
        if members is None:
            yield blob
        elif name is None:
            raise UnreadableError("the archive holds no file")
    except UnreadableError as error:
        blob.problem = str(error)
        yield blob


def _enter(blob: Blob, name: str, opened: Callable[[], _Stream]) -> Blob:
    """Read a member of an archive."""
    name = name.replace("\\", "/")
    data, problem = b"", None
    try:
        if name.startswith("/") or ".." in name.split("/") or ":" in name[:2]:
            raise UnreadableError("its name points outside the archive")
        with reading("the member"):
            data = _read(opened(), blob.limit)
    except UnreadableError as error:
        problem = str(error)
    member = name if blob.member is None else f"{blob.member}/{name}"
    stream, depth = io.BytesIO(data), blob.depth + 1
    return Blob(blob.name / name.lstrip("/"), blob.path, member, stream, blob.limit, blob.budget, depth, problem)


def _members_of(blob: Blob) -> Iterator[_Member] | None:
    """Return the members of an archive, None for a file that is none."""
    if blob.problem:
        raise UnreadableError(blob.problem)
    file, system = blob.name.name, not _SYSTEM_FOLDERS.isdisjoint(blob.name.parts)
    if system or file.startswith((".", "~$")) or file.lower() in _SYSTEM_FILES:
        raise UnreadableError("it is a lock or settings file of a program, not an article")
    found = None
    packing = next((packing for magic, packing in _PACKINGS.items() if blob.head.startswith(magic)), None)
    if blob.head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        archive = zipfile.ZipFile(blob.stream)
        if _DOCUMENTS.isdisjoint(archive.namelist()):
            found = _zip(archive, blob)
        else:
            _check_size(sum(info.file_size for info in archive.infolist()), blob.limit)
    elif packing:
        found = _packed(packing, blob)
    elif _is_tar(blob.head):
        found = _tar(blob.opened(), blob)
    if found and blob.depth >= _DEPTH:
        raise UnreadableError(f"archives in archives are opened {_DEPTH} deep")
    return found


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _zip(archive: zipfile.ZipFile, blob: Blob) -> Iterator[_Member]:
    def opened(info: zipfile.ZipInfo) -> _Stream:
        if info.flag_bits & 1:
            raise UnreadableError("it is encrypted: unpack it with its password first")
        return _Unpacked(archive.open(info), blob.budget)

    return ((info.filename, partial(opened, info)) for info in archive.infolist() if not info.is_dir())


def _packed(packing: Callable[[Any], _Stream], blob: Blob) -> Iterator[_Member]:
    """Open what a stream packs: a tar archive, or one file."""
    tarred = _is_tar(packing(blob.opened()).read(512))
    stream = _Unpacked(packing(blob.opened()), blob.budget)
    if tarred:
        yield from _tar(stream, blob)
    else:
        yield blob.name.stem or "file", lambda: stream


def _tar(stream: _Stream, blob: Blob) -> Iterator[_Member]:
    def opened(info: tarfile.TarInfo) -> _Stream:
        # A sparse file is written shorter than it is read.
        member = archive.extractfile(info) if info.isfile() and not info.issparse() else None
        if member is None:
            raise UnreadableError("it is a link, a device or a sparse file, not a plain file")
        return member

    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            if not info.isdir():
                yield info.name, partial(opened, info)
            archive.members.clear()  # type: ignore[attr-defined]  # or it would remember every member it has passed
    _read(stream, blob.limit)  # the checksum comes last


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise UnreadableError(f"it is larger than {limit:,} bytes; load_articles takes a larger limit_bytes")


def _read(stream: _Stream, limit: int) -> bytes:
    """Read a stream to its end, piece by piece, so that no memory is held ready."""
    data = bytearray()
    while len(data) <= limit and (piece := stream.read(1 << 20)):
        data += piece
    _check_size(len(data), limit)
    return bytes(data)
