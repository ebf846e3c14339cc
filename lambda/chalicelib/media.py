"""Uploaded files: where they lie, how a task names them, and the presigned URLs that a browser gets for them."""

from __future__ import annotations

import re
import uuid
from typing import Any

from chalicelib.problems import Problem, problem
from chalicelib.world import World

DATA_PREFIX = "/data/upload/"
IMAGE_BYTES = 100 * 1000 * 1000
FILE_BYTES = 250 * 1000 * 1000
UPLOAD_URL_S = 3600
READ_URL_S = 6 * 3600
"""Always the same term: then the store gives the same address for a while, and a file fetched ahead is found again."""
IMAGE_SUFFIXES = frozenset({"jpg", "jpeg", "png", "gif", "webp", "bmp", "avif"})
SCAN_SUFFIXES = frozenset({"tif", "tiff", "dcm"})
"""Pictures that the page decodes by itself; a pyramid of one may be as big as a video."""
MEDIA_SUFFIXES = SCAN_SUFFIXES | {"wav", "mp3", "m4a", "ogg", "oga", "opus", "flac", "mp4", "webm", "mov", "pdf"}
TABLE_SUFFIXES = frozenset({"json", "jsonl", "ndjson", "csv", "tsv", "txt", "parquet"})
ANNOTATION_SUFFIXES = frozenset({"xml", "conll", "conll03", "iob", "iob2", "bio", "bioes"})
"""Formats of annotations in one file; COCO's is JSON."""
BESIDE_SUFFIXES = frozenset({"yaml", "yml", "names"})
"""Files that say something about others: the names of YOLO's classes."""
ARCHIVE_SUFFIXES = frozenset({"zip"})
DATA_SUFFIXES = TABLE_SUFFIXES | ANNOTATION_SUFFIXES


def suffix_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


_RUN = re.compile(r"(?i)html|xml|svg|script|xsl")


def new_key(project_id: int, name: str) -> str:
    """A key that nobody can guess or hit twice, with as much of the name as is safe in a path."""
    stem, dot, suffix = name.replace("\\", "/").rpartition("/")[2].rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    plain = re.sub(r"\.{2,}", ".", re.sub(r"[^\w.-]+", "_", stem)).strip("._")[:80].rstrip("._") or "file"
    return f"uploads/{project_id}/{uuid.uuid4()}-{plain}" + (f".{suffix.lower()}" if suffix.isalnum() else "")


def harmless_type(given: str) -> str:
    """The type that a browser says a file has; one that a browser would run becomes one that it only saves.

    In the bucket nothing else stands between such a file and whoever opens its address.
    """
    return given if given and not _RUN.search(given) else "application/octet-stream"


def data_url(key: str) -> str:
    """What task.data holds: Label Studio's form."""
    return "/data/upload/" + key.removeprefix("uploads/")


def object_key(url: str) -> str:
    return "uploads/" + url.removeprefix(DATA_PREFIX)


def is_of_project(key: str, project_id: int) -> bool:
    return key.startswith(f"uploads/{project_id}/") and "/" not in key.split("/", 2)[2] and ".." not in key


def image_type(head: bytes) -> str:
    """The MIME type that the first bytes of a file prove, empty when it is no image that every browser shows."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[:2] == b"BM" and len(head) > 26:
        return "image/bmp"
    if head[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    return ""


def scan_type(head: bytes) -> str:
    """The MIME type of a TIFF (also BigTIFF) or DICOM file, which the page decodes by itself; empty for others."""
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "image/tiff"
    return "application/dicom" if head[128:132] == b"DICM" else ""


def kind_of(head: bytes) -> str:
    """image, audio, video or pdf, as the first bytes of a file prove it; empty when it is none that the page shows."""
    if image_type(head) or scan_type(head):
        return "image"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith((b"ID3", b"fLaC", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")):
        return "audio"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio"
    if head.startswith(b"OggS"):
        return "video" if b"theora" in head[:64] else "audio"
    if head[4:8] == b"ftyp":
        return "audio" if head[8:11] == b"M4A" else "video"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video"
    return ""


def sign_display(world: World, project_id: int, display: dict[str, Any]) -> list[str]:
    """Put presigned URLs in place of uploads in a Display's objects; gives the URLs of all media, in document order."""
    media: list[str] = []
    for name, shown in display["objects"].items():
        try:
            for member in ("url", "audio"):
                if isinstance(url := shown.get(member), str) and url:
                    shown[member] = _signed(world, project_id, url)
                    media.append(shown[member])
            if isinstance(pages := shown.get("urls"), list):
                shown["urls"] = [_signed(world, project_id, url) for url in pages]
                media += shown["urls"]
        except _Foreign as foreign:
            display["objects"][name] = {"problem": {**foreign.problem, "object": name}}
    return media


class _Foreign(Exception):
    def __init__(self, told: Problem) -> None:
        self.problem = told


def _signed(world: World, project_id: int, url: str) -> str:
    signed = sign(world, project_id, url)
    if not isinstance(signed, str):
        raise _Foreign(signed)
    return signed


def sign(world: World, project_id: int, url: str) -> str | Problem:
    """Addresses as given; uploads and files of sources of this project as presigned URLs; others' as a problem."""
    from chalicelib import sources

    if sources.is_ours(url):
        return sources.sign(world, project_id, url)
    if not url.startswith(DATA_PREFIX):
        return url
    key = object_key(url)
    if not is_of_project(key, project_id):
        return problem(
            "foreign-upload",
            "This file was uploaded to another project.",
            where=url[:120],
            hint="Upload it to this project, or use its address on the web.",
        )
    return world.objects.presign_get(key, expires_s=READ_URL_S)
