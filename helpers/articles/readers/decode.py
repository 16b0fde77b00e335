"""Bytes to text: byte order marks, UTF-16 without one, UTF-8 with stray bytes, Windows-1252, and other code pages."""

import codecs
from contextlib import suppress

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Five bytes of Windows-1252 have no meaning; Python's own codec would refuse the whole text for one of them.
CP1252 = {byte: bytes([byte]).decode("cp1252", errors="replace") for byte in range(0x80, 0x100)}
_ESCAPED = {0xDC00 + byte: char for byte, char in CP1252.items()}
# What is declared as Latin-1 or ASCII is often Windows-1252, and the bytes tell.
_TOLD_BY_BYTES = ("utf", "iso-8859-1", "us-ascii", "latin", "windows-1252")
_LATIN_SHARE = 0.2  # more high bytes than this among the letters is no Western European text
_NUL_SHARE = 0.3


def decode(data: bytes, *, declared: str | None = None) -> tuple[str, str]:
    """Return the text and the name of the encoding it was read with; never fails.

    An encoding that a page or a mail declares for itself is taken where the bytes fit it.
    """
    sure = next((name for mark, name in MARKS if data.startswith(mark)), None) or _wide_encoding(data)
    if sure:
        return data.decode(sure, errors="replace"), sure
    if declared and not declared.lower().startswith(_TOLD_BY_BYTES):
        with suppress(LookupError, ValueError):
            return data.decode(declared), declared.lower()
    with suppress(UnicodeDecodeError):
        # A reader that looks at the head of a file may have cut a character in two: this decoder waits for its end.
        decoder = codecs.getincrementaldecoder("utf-8")()
        return decoder.decode(data) + decoder.getstate()[0].decode("latin-1").translate(CP1252), "utf-8"
    loose = data.decode("utf-8", errors="surrogateescape")
    stray = sum(0xDC80 <= ord(char) <= 0xDCFF for char in loose)  # noqa: PLR2004
    whole = sum(ord(char) >= 0x80 for char in loose) - stray  # noqa: PLR2004
    if whole >= stray:
        return loose.translate(_ESCAPED), "utf-8 with stray windows-1252 bytes"
    return _code_page(data)


def _wide_encoding(data: bytes) -> str | None:
    """Return the byte order of UTF-16 text that lacks its mark, or None."""
    head = data[: 4096 & ~1]
    if len(head) < 8:  # noqa: PLR2004
        return None
    half = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > _NUL_SHARE * half and even < 0.01 * half:
        return "utf-16-le"
    return "utf-16-be" if even > _NUL_SHARE * half and odd < 0.01 * half else None


def _code_page(data: bytes) -> tuple[str, str]:
    letters = sum(byte >= 0x80 or chr(byte).isalpha() for byte in data[:65536])  # noqa: PLR2004
    high = sum(byte >= 0x80 for byte in data[:65536])  # noqa: PLR2004
    if high > _LATIN_SHARE * letters:
        from charset_normalizer import from_bytes

        pages = ["cp1251", "koi8_r", "cp1256", "cp1253", "cp1255", "gb18030", "big5", "shift_jis", "euc_kr"]
        best = from_bytes(data[:65536], cp_isolation=pages, threshold=0.1).best()
        if best is not None:
            return data.decode(best.encoding, errors="replace"), best.encoding
    return data.decode("latin-1").translate(CP1252), "windows-1252"
