"""Tables: CSV and its kin, JSON, JSON lines and Parquet, one row per article."""

import csv
import io
import itertools
import json
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from helpers.articles.readers.archive import Blob
from helpers.articles.readers.clean import Cut, paragraphs_of
from helpers.articles.readers.dates import order_of, parse_date
from helpers.articles.readers.decode import decode
from helpers.articles.readers.labels import WORDS
from helpers.articles.readers.records import Record, Reject, UnreadableError, make_record, number_repeated, reading

NAMES = WORDS["tables"]  # the most telling first; compared in lower case without separators
_OURS = frozenset({*NAMES, "date_precision", "date_text", "body_start", "path", "format", "encoding"})
_DELIMITERS = ",;\t|"
_SAMPLE = 1000  # rows looked at to learn whether days or months come first
Row = tuple[int, dict[str, Any]]


def match_columns(names: Iterable[str], columns: Mapping[str, str] | None) -> dict[str, str]:
    """Map our column names to those of a table: the researcher's choice first, then the usual names."""
    given = list(names)
    plain = {"".join(filter(str.isalnum, name.lower())): name for name in reversed(given)}
    chosen = {ours: plain[name] for ours, names in NAMES.items() for name in reversed(names) if name in plain}
    return chosen | {ours: name for ours, name in (columns or {}).items() if name in given}


def delimiter_of(head: str, columns: Mapping[str, str] | None) -> str | None:
    """Return the delimiter of a table with a header line that names a text or a title, or None."""
    line = head.lstrip("\ufeff\n\r ")[:4000].replace("\r", "\n").split("\n", 1)[0]
    for delimiter in sorted(_DELIMITERS, key=line.count, reverse=True):
        names = next(csv.reader([line], delimiter=delimiter), [])
        if len(names) > 1 and {"text", "title"} & match_columns(names, columns).keys():
            return delimiter
    return None


def read_csv(blob: Blob, *, delimiter: str, columns: Mapping[str, str] | None) -> Iterator[Record | Reject]:
    """Read delimited text, row by row; a ragged row is a reject with the number of its line."""
    rows = _csv_rows(_lines(blob), delimiter, blob.limit)
    yield from _read_rows(rows, form="TSV" if delimiter == "\t" else "CSV", columns=columns)


def read_json_lines(blob: Blob, *, columns: Mapping[str, str] | None) -> Iterator[Record | Reject]:
    """Read one JSON object a line; a broken line is a reject with its number."""
    rows = (_read_object(line, number) for number, line in enumerate(_lines(blob), 1) if line.strip())
    yield from _read_rows(rows, form="JSON lines", columns=columns)


def read_json(text: str, *, columns: Mapping[str, str] | None) -> Iterator[Record | Reject]:
    """Read a JSON document: a list of objects, one object, or an object that holds one list of them."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"it is not JSON: {str(error)[:120]}") from error
    if isinstance(found, dict) and "text" not in match_columns(found, columns):
        lists = [value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        if len(lists) == 1:
            found = lists[0]
        elif found and all(isinstance(value, dict) for value in found.values()):
            found = [{"doc_id": key} | value for key, value in found.items()]
    items = found if isinstance(found, list) else [found]
    rows = (_object(item, number) for number, item in enumerate(items, 1))
    yield from _read_rows(rows, form="JSON", columns=columns)


def read_parquet(blob: Blob, *, columns: Mapping[str, str] | None) -> Iterator[Record | Reject]:
    """Read a Parquet table."""
    return _read_rows(enumerate(_parquet_rows(blob), 1), form="Parquet", columns=columns)


def _parquet_rows(blob: Blob) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    with reading("the Parquet file"):
        table = pq.ParquetFile(io.BytesIO(blob.read()))
        names = _distinct(table.schema_arrow.names)
        for batch in table.iter_batches(batch_size=_SAMPLE):
            for row in zip(*map(_values, batch.columns), strict=True):
                yield dict(zip(names, row, strict=True))


def _values(column: Any) -> list[Any]:  # noqa: ANN401  (pyarrow has no types)
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):  # a date after the year 9999, as some programs mark "never"
        return list(column.cast("string").to_pylist())


def read_sheet(rows: list[list[Any]], *, columns: Mapping[str, str] | None) -> Iterator[Record | Reject]:
    """Read the rows of an Excel sheet, the header first."""
    names = _distinct([str(cell) if cell is not None else f"column {n}" for n, cell in enumerate(rows[0], 1)])
    filled = [(n, row) for n, row in enumerate(rows[1:], 2) if any(cell is not None for cell in row)]
    found: Iterator[Row] = ((n, dict(zip(names, row, strict=False))) for n, row in filled)
    yield from _read_rows(found, form="Excel", columns=columns)


def _distinct(names: list[str]) -> list[str]:
    """Return column names of which no two are the same: rows keyed by name would lose all but one of them."""
    given: Counter[str] = Counter()
    return [number_repeated(name, given) for name in names]


def _lines(blob: Blob) -> Iterator[str]:
    """Return the lines of a file; only the wide encodings have to be read in one piece."""
    encoding = blob.encoding = decode(blob.head)[1]
    wide = encoding.startswith(("utf-16", "utf-32"))
    # Only among UTF-8 and Windows-1252 can a line be told on its own; a foreign code page holds for the whole file.
    own = encoding.startswith(("utf", "windows"))
    pieces = [blob.read()] if wide else blob.lines()
    texts = (decode(piece)[0] if own else piece.decode(encoding, errors="replace") for piece in pieces)
    parted = (io.StringIO(text, newline=None) if wide or "\r" in text else (text,) for text in texts)
    return itertools.chain.from_iterable(parted)


def _csv_rows(lines: Iterator[str], delimiter: str, limit: int) -> Iterator[Row | Reject]:
    """Read rows; a quotation mark that never closes costs the row it stands in, not the rows behind it."""
    number = 1
    header: list[str] = []
    taken: list[str] = []  # the lines of a row, of which `number` is the first
    ahead: deque[str] = deque()  # lines that were taken for a row which did not close

    def take() -> Iterator[str]:
        while line := ahead.popleft() if ahead else next(lines, ""):
            taken.append(line)
            yield line

    while True:
        # The module's limit of 131,072 characters a field is shorter than a long article; it is global, so put it back.
        before = csv.field_size_limit(limit)
        try:
            row = next(csv.reader(take(), delimiter=delimiter, strict=True), None)
        except csv.Error:
            row = [] if len(taken) > 1 else taken[0].rstrip("\r\n").split(delimiter)
            if not row:
                yield Reject("a quotation mark opens in this line and does not close as one should", line=number)
            ahead.extendleft(reversed(taken[1:]))
            del taken[1:]
        finally:
            csv.field_size_limit(before)
        if row is None:
            return
        if row and header:
            yield _fit(row, header, number)
        header = header or _distinct(row)
        number += len(taken)
        taken.clear()


def _fit(row: list[str], header: list[str], number: int) -> Row | Reject:
    while len(row) > len(header) and not row[-1]:
        row.pop()
    if len(row) == len(header):
        return number, dict(zip(header, row, strict=True))
    return Reject(f"the row has {len(row)} fields, the header {len(header)}", line=number)


def is_json_lines(head: str) -> bool:
    """Tell whether one of the first lines is a JSON object and another line follows."""
    lines = [line for line in head.split("\n", 6) if line.strip()]
    return len(lines) > 1 and any(isinstance(_read_object(line, 0), tuple) for line in lines[:5])


def _read_object(line: str, number: int) -> Row | Reject:
    try:
        return _object(json.loads(line), number)
    except (ValueError, RecursionError) as error:
        return Reject(f"the line is not JSON: {str(error)[:120]}", line=number)


def _object(found: Any, number: int) -> Row | Reject:  # noqa: ANN401  (JSON holds anything)
    if isinstance(found, dict):
        return number, found
    return Reject("the JSON value is not an object with named fields", line=number)


def _read_rows(
    rows: Iterator[Row | Reject], *, form: str, columns: Mapping[str, str] | None
) -> Iterator[Record | Reject]:
    """Turn rows into records; with no column of text, each row is a reject that lists the columns there are."""
    sample = list(itertools.islice(rows, _SAMPLE))
    if not sample:
        yield Reject("the table is empty: it has no rows")
    dicts = [row[1] for row in sample if not isinstance(row, Reject)]
    names = list(dict.fromkeys(name for row in dicts for name in row))
    ours = match_columns(names, columns)
    dates = [str(row.get(ours["date"]) or "") for row in dicts] if "date" in ours else []
    day_first = order_of(dates)
    listed = ", ".join(repr(name) for name in names[:30]) or "none"
    for found in itertools.chain(sample, rows):
        if isinstance(found, Reject):
            yield found
            continue
        number, row = found
        cuts: list[Cut] = []
        fields = _fields(row, ours)
        body = paragraphs_of(fields.pop("text", None) or "", cuts)
        fields["when"] = parse_date(fields.get("date") or "", day_first=day_first)
        if body:
            yield make_record(body, fields, cuts, form=form)
        elif "text" in ours:
            yield Reject("the row has no text", line=number)
        else:
            reason = f"no column holds text; the columns are {listed}: name one with columns={{'text': ...}}"
            yield Reject(reason, line=number)


def _fields(row: dict[str, Any], ours: dict[str, str]) -> dict[str, Any]:
    taken = set(ours.values())
    fields = {f"{name}_in_file" if name in _OURS else name: _extra(row[name]) for name in row if name not in taken}
    return fields | {name: _cell(row.get(theirs)) for name, theirs in ours.items()}


def _cell(value: Any) -> str | None:  # noqa: ANN401  (a cell holds whatever its table holds)
    """Return a cell as text; lists of authors and the like are joined. `NA` and `None` written as words stay words."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(_cell, value))) or None
    missing = value is None or value != value  # noqa: PLR0124  (not a number is not equal to itself)
    return None if missing else str(_extra(value)).strip() or None


def _extra(value: Any) -> Any:  # noqa: ANN401
    """Return a value that a table can hold: bytes as the text that they spell, or else as hexadecimal digits."""
    if isinstance(value, bytes):
        text = decode(value)[0]
        return value.hex() if "\x00" in text else text
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else value
