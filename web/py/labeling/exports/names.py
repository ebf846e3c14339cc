"""Names of files in an export, made of addresses of data. Safe to unpack on every system."""

from __future__ import annotations

import re
from urllib.parse import unquote

_UPLOADED = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-")
_UNSAFE = re.compile(r"[^\w.()+=@,-]+")
_MOST = 120
_EXTENSIONS = {"jpeg": "jpg", "svg+xml": "svg", "mpeg": "mp3", "x-wav": "wav", "quicktime": "mov"}


def base(address: object, kind: str) -> str:
    """The last part of a path or an address, without what an upload has put before it; *kind* where there is none."""
    text = address if isinstance(address, str) else ""
    if text.startswith("data:"):
        media = text[5:60].partition(",")[0].partition(";")[0].partition("/")[2]
        return f"{kind}.{_EXTENSIONS.get(media, safe(media) or 'bin')}"
    path = text.partition("#")[0].partition("?")[0].replace("\\", "/")
    return safe(_UPLOADED.sub("", unquote(path.rpartition("/")[2]))) or kind


def safe(text: str) -> str:
    """Without separators, blanks and control characters; letters of every script stay."""
    name = _UNSAFE.sub("_", text).strip("._") if text else ""
    if len(name) > _MOST:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: _MOST - len(ending) - 1]}{dot}{ending}" if dot and len(ending) < 10 else name[:_MOST]
    return name


def stem(name: str) -> str:
    """Without its ending: what the files that belong to it are called."""
    return name.rpartition(".")[0] or name
