"""Names of files in an export, made of addresses of data. Safe to unpack on every system."""

from __future__ import annotations

import re
from urllib.parse import unquote

_UPLOADED = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-")
_UNSAFE = re.compile(r"[^\w.()+=@,-]+")
_MOST_BYTES = 180
"""In UTF-8: systems take 255 for a name, and a task's id and what tells pages and labels apart stand beside it."""
_ASKED = re.compile(r"[?&](?:d|file|filename|key|name|path|src)=([^&#]+\.\w{1,5})(?=[&#]|$)")
"""A file that an address names behind its path, as Label Studio's local files: `/data/local-files/?d=set/a.jpg`."""
_EXTENSIONS = {"jpeg": "jpg", "svg+xml": "svg", "mpeg": "mp3", "x-wav": "wav", "quicktime": "mov"}


def base(address: object, kind: str) -> str:
    """The last part of a path or an address, without what an upload has put before it; *kind* where there is none."""
    text = address if isinstance(address, str) else ""
    if text.startswith("data:"):
        media = text[5:60].partition(",")[0].partition(";")[0].partition("/")[2]
        return f"{kind}.{_EXTENSIONS.get(media, safe(media) or 'bin')}"
    path = text.partition("#")[0].partition("?")[0].replace("\\", "/")
    asked = _ASKED.search(text)
    if asked and "." not in path.rpartition("/")[2]:
        path = unquote(asked[1])
    return safe(_UPLOADED.sub("", unquote(path.rpartition("/")[2]))) or kind


def safe(text: str) -> str:
    """Without separators, blanks and control characters; letters of every script stay."""
    name = _UNSAFE.sub("_", text).strip("._") if text else ""
    if len(name.encode()) > _MOST_BYTES:
        stem, dot, ending = name.rpartition(".")
        is_ending = bool(dot) and len(ending) < 10
        tail = f".{ending}" if is_ending else ""
        kept = (stem if is_ending else name).encode()[: _MOST_BYTES - len(tail.encode())]
        name = kept.decode("utf-8", "ignore") + tail
    return name


def stem(name: str) -> str:
    """Without its ending: what the files that belong to it are called."""
    return name.rpartition(".")[0] or name
