"""What a file is, by its first bytes, its name and its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from labeling.imports.conll import is_conll

TEXT_KINDS = frozenset({"json", "jsonl", "csv", "tsv", "txt"})
ANNOTATION_KINDS = frozenset({"coco", "voc", "conll"})
"""Annotation formats in one file; they are read as a whole."""
PARQUET = "parquet"
"""A table in bytes, which is read from its end."""


@dataclass(frozen=True)
class Binary:
    """A kind of file that holds no tasks as text: what people call it and what to do instead."""

    title: str
    way_out: str


_UPLOAD = "Upload it as a data file, then import a list that names it."
_UNPACK = "Unpack it and import the files inside."
_SAVE_CSV = "Save it as CSV (UTF-8) and import that file."

BINARIES: dict[str, Binary] = {
    "xlsx": Binary("an Excel workbook", _SAVE_CSV),
    "xls": Binary("an old Office file such as an Excel workbook", _SAVE_CSV),
    "ods": Binary("a spreadsheet", _SAVE_CSV),
    "docx": Binary("a Word document", "Save it as plain text and import that file."),
    "pptx": Binary("a presentation", "Export its pages as pictures and upload those."),
    "zip": Binary("a zip archive", _UNPACK),
    "gzip": Binary("a gzip archive", _UNPACK),
    "bzip2": Binary("a bzip2 archive", _UNPACK),
    "xz": Binary("an xz archive", _UNPACK),
    "zstd": Binary("a zstd archive", _UNPACK),
    "7z": Binary("a 7-Zip archive", _UNPACK),
    "rar": Binary("a RAR archive", _UNPACK),
    "pdf": Binary("a PDF document", "Export its pages as pictures or its text, and import those."),
    "png": Binary("a PNG picture", _UPLOAD),
    "jpeg": Binary("a JPEG picture", _UPLOAD),
    "gif": Binary("a GIF picture", _UPLOAD),
    "webp": Binary("a WebP picture", _UPLOAD),
    "tiff": Binary("a TIFF picture", "Browsers do not show TIFF: convert it to PNG, then upload it as a data file."),
    "bmp": Binary("a BMP picture", _UPLOAD),
    "wav": Binary("a WAV sound file", _UPLOAD),
    "mp3": Binary("an MP3 sound file", _UPLOAD),
    "flac": Binary("a FLAC sound file", _UPLOAD),
    "ogg": Binary("an Ogg sound file", _UPLOAD),
    "mp4": Binary("an MP4 video", _UPLOAD),
    "sqlite": Binary("an SQLite database", "Export its table as CSV and import that file."),
}

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"ID3", "mp3"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"PAR1", PARQUET),
    (b"PARE", PARQUET),
)
_AFTER_RIFF = {b"WEBP": "webp", b"WAVE": "wav"}
# Parts of a zip that tell office files from other archives; names stand uncompressed in the archive.
_IN_ZIP = (
    (b"xl/workbook.xml", "xlsx"),
    (b"word/document.xml", "docx"),
    (b"ppt/presentation.xml", "pptx"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
)
_EXTENSIONS = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": PARQUET,
    ".txt": "txt",
    ".xml": "voc",
    ".conll": "conll",
    ".conll03": "conll",
    ".iob": "conll",
    ".iob2": "conll",
    ".bio": "conll",
    ".bioes": "conll",
}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_OPENING = re.compile(r"\s*([\[{])")
_LOOK = 4096
_LOOK_COCO = 64 << 10
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:]')
_COCO_KEYS = frozenset({"images", "annotations", "categories"})


def sniff(name: str, data: bytes) -> str:
    """
    The kind of *data*: json, jsonl, csv, tsv, txt, parquet, one of ANNOTATION_KINDS, or a key of BINARIES.

    First bytes decide before the name does, and the extension of *name* before the text does. Without a known extension
    text that opens like JSON is json (or jsonl if its first line is complete), text whose first two lines have the same
    number of separators is csv or tsv, all else is txt. JSON whose object has images, annotations or categories is
    coco; text whose lines end in tags is conll.
    """
    binary = kind_of_bytes(data)
    if binary:
        return binary
    by_name = _EXTENSIONS.get(PurePath(name).suffix.lower()) if "\0" not in name else None
    head = _head(data)
    if by_name == "json":
        return "coco" if is_coco_head(data) else "json"
    if by_name == "txt":
        return "conll" if is_conll(head) else "txt"
    if by_name:
        return by_name
    if head.lstrip().startswith(("<?xml", "<annotation>")):
        return "voc"
    opening = _OPENING.match(head)
    if opening:
        first = head[opening.start(1) :].split("\n", 1)
        several = len(first) == 2 and first[1].lstrip().startswith(opening[1])
        if opening[1] == "{" and several and first[0].rstrip().endswith("}"):
            return "jsonl"
        return "coco" if is_coco_head(data) else "json"
    lines = [line for line in head.splitlines() if line.strip()][:2]
    if len(lines) == 2:
        if lines[0].count("\t") == lines[1].count("\t") > 0:
            return "tsv"
        if any(lines[0].count(mark) == lines[1].count(mark) > 0 for mark in ",;"):
            return "csv"
    return "conll" if is_conll(head) else "txt"


def is_coco_head(data: bytes) -> bool:
    """Whether the start of a JSON text is an object with members as a COCO file has, and none as a task has."""
    keys: set[str] = set()
    depth, last = 0, ""
    for found in _TOKEN.finditer(_head(data, _LOOK_COCO)):
        token = found[0]
        if not depth and token != "{":
            return False
        if token in "[{":
            depth += 1
        elif token in "]}":
            depth -= 1
        elif token == ":" and depth == 1:
            keys.add(last[1:-1])
        last = token
    return bool(keys & _COCO_KEYS) and not keys & {"data", "result", "predictions", "drafts"}


def kind_of_bytes(data: bytes) -> str | None:
    """parquet or a key of BINARIES, as the first bytes prove it; None for text and what is not known."""
    for magic, kind in _MAGIC:
        # Short marks are also the start of words; text goes on with text.
        if data.startswith(magic) and (len(magic) > 3 or not _is_text(data)):
            return kind
    if data.startswith(b"RIFF"):
        return _AFTER_RIFF.get(data[8:12])
    if data[4:8] == b"ftyp" and not _is_text(data):
        return "mp4"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return next((kind for part, kind in _IN_ZIP if part in data), "zip")
    if data.startswith(b"BM") and not _is_text(data):
        return "bmp"
    return None


def _is_text(data: bytes) -> bool:
    try:
        head = data[:_LOOK].decode()
    except UnicodeDecodeError as fault:
        return fault.start > len(data[:_LOOK]) - 4 > 0  # only a letter cut in half at the end
    return "\0" not in head


def _head(data: bytes, size: int = _LOOK) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) : len(bom) + size].decode(encoding, "replace")
    return data[:size].decode("utf-8", "replace")
