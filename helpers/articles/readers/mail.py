"""Saved mail: news alerts, pages that a browser saved as mail (MHTML), and mailboxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from helpers.articles.readers.clean import Cut
from helpers.articles.readers.dates import parse_date
from helpers.articles.readers.decode import decode
from helpers.articles.readers.html import is_html
from helpers.articles.readers.pasted import read_pasted
from helpers.articles.readers.records import Record, Reject, UnreadableError, reading
from helpers.articles.readers.web import read_page

if TYPE_CHECKING:
    from email.message import EmailMessage, MIMEPart

_OPENS = re.compile(r"From |[A-Za-z][A-Za-z0-9-]{1,40}:")
_FIELDS = re.compile(r"(?m)^(from|subject|date|message-id|received|mime-version):")
_FEWEST_FIELDS = 3
_NEXT = re.compile(rb"(?:(?<=\n\n)|(?<=\r\n\r\n))(?=From [^\n]{1,300}\n[A-Za-z-]{1,40}:)")  # mail of a mailbox


def read_mail(data: bytes) -> Iterator[Record | Reject]:
    """Read a saved mail, a page saved as one (MHTML), or a mailbox (mbox)."""
    for piece in _NEXT.split(data) if data.startswith(b"From ") else [data]:
        try:
            yield from _read_one(piece)
        except UnreadableError as error:
            deep = "the mail has parts within parts, more than can be opened: save its text as a file of its own"
            yield Reject(deep if isinstance(error.__cause__, RecursionError) else str(error))


def is_mail(head: str) -> bool:
    """Tell whether a text opens with the header of a mail."""
    start = head.lstrip("\ufeff").replace("\r\n", "\n").partition("\n\n")[0]
    return bool(_OPENS.match(start)) and len(set(_FIELDS.findall(start.lower()))) >= _FEWEST_FIELDS


def _read_one(data: bytes) -> Iterator[Record | Reject]:
    """Read one mail; what is attached has to be saved as files of its own."""
    from email import message_from_bytes, policy

    with reading("the mail"):
        message: EmailMessage = message_from_bytes(data, policy=policy.default)
        part = message.get_body(preferencelist=("html", "plain"))
        content = _decoded(part) if part is not None else ""
        # So browsers fill the sender of a page; its pictures and styles are no attachments.
        page = "Saved by " in str(message.get("from") or "")
        attached = [] if page else [one.get_filename() or "without a name" for one in message.iter_attachments()]
        above = Cut("metadata", decode(re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0])[0])
        header = {name: str(message.get(name) or "") for name in ("subject", "from", "date")}
    if part is not None and part.get_content_subtype() == "html" and is_html(content):
        found = read_page(content)
    else:
        found = read_pasted(content)
    if isinstance(found, Reject):
        yield Reject("the mail holds no text")
    else:
        # The header of a page tells when it was saved, not when the article was published.
        yield replace(found if page else _addressed(found, header), cuts=(*found.cuts, above))
    for name in attached:
        yield Reject(f"the attachment {name!r} is not read: save it as a file of its own")


def _decoded(part: MIMEPart) -> str:
    raw = part.get_payload(decode=True)
    return decode(raw, declared=part.get_content_charset())[0] if isinstance(raw, bytes) else ""


def _addressed(record: Record, header: dict[str, str]) -> Record:
    subject = " ".join(header["subject"].split()) or record.title
    title = record.title if record.title and record.title != subject else None
    return replace(
        record,
        format="mail",
        title=subject,
        subtitles=((title,) if title else ()) + record.subtitles,
        source=record.source or header["from"] or None,
        when=parse_date(header["date"]) or record.when,
        extras={**record.extras, "date_text": header["date"]},
    )
