"""Files that came together (an archive, several uploads): what each is, and which belongs to which.

Annotation files and lists of tasks come first, each with the pictures that it names; media that none of them names are
tasks of their own and come last. Names in annotation files are looked up where datasets keep them: as they are written,
beside the file, and by the name alone if only one file has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Literal

from labeling.imports import pictures, yolo
from labeling.imports.archives import Damaged
from labeling.imports.decode import decode
from labeling.imports.options import Beside, is_address
from labeling.imports.rows import table_rows
from labeling.imports.targets import Size
from labeling.problems import Problem, problem

MEDIA_SUFFIXES = frozenset({
    "jpg", "jpeg", "png", "gif", "webp", "bmp", "avif", "tif", "tiff", "dcm", "wav", "mp3", "m4a", "ogg", "oga", "opus",
    "flac", "mp4", "webm", "mov", "pdf",
})  # fmt: skip
DATA_SUFFIXES = frozenset({
    "json", "jsonl", "ndjson", "csv", "tsv", "txt", "parquet", "xml", "conll", "conll03", "iob", "iob2", "bio", "bioes",
})  # fmt: skip
MOST_LABEL_BYTES = 8 << 20
MOST_LIST_BYTES = 32 << 20
PICTURES = "images.csv"

_NOTES = re.compile(
    r"(^|/)((readme|licen[cs]e|changelog)[^/]*\.txt|(notes|report)\.json|ImageSets/.*\.txt)$", re.IGNORECASE
)
_UNSAFE = re.compile(r"[^\w.-]+")

Pieces = Callable[[str, int], Iterator[bytes]]
"""A file, by its path, from a byte on."""


@dataclass(frozen=True)
class Part:
    """
    kind: file (rows, or one annotation file), yolo (an image with its labels), media, refused.
    path: of the file; labels: the path of a YOLO image's labels, names: their classes; address: of an image that is
    only listed, whose path is that of its labels.
    """

    kind: Literal["file", "yolo", "media", "refused"]
    path: str
    labels: str = ""
    names: tuple[str, ...] = ()
    problem: Problem | None = None
    address: str = ""


@dataclass
class Bundle:
    """
    Args:
        paths: in order.
        address: of a file of media, as a task names it.
        embed: takes a file that the table of the first path holds, with its name; gives its address. None: no place.
    """

    paths: Sequence[str]
    pieces: Pieces
    address: Callable[[str], str]
    embed: Callable[[str, str, bytes], str] | None = None
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._all = set(self.paths)
        self._lists: set[str] = set()
        self._media = [path for path in self.paths if suffix_of(path) in MEDIA_SUFFIXES]
        self._by_name: dict[str, list[str]] = {}
        for path in self._media:
            self._by_name.setdefault(plain(path), []).append(path)
        self._listed = self._pictures()
        self._by_address = {self.address(path): path for path in self._media}
        self.parts: list[Part] = list(self._parts())

    def whole(self, path: str, most: int) -> bytes:
        """The file, up to *most* bytes and a piece more; as far as it can be unpacked."""
        data = bytearray()
        with suppress(Damaged):
            for piece in self.pieces(path, 0):
                data += piece
                if len(data) > most:
                    break
        return bytes(data)

    def head(self, path: str, size: int) -> bytes:
        return self.whole(path, size - 1)[:size]

    def path_at(self, address: str) -> str | None:
        """The file of media behind an address that a task of this bundle has."""
        return self._by_address.get(address)

    def size_of(self, path: str) -> Size | None:
        return pictures.size(self.head(path, pictures.HEAD_BYTES))

    def find(self, name: str, beside: str) -> str | None:
        """The file of media that the file *beside* calls *name*."""
        wanted = name.replace("\\", "/").removeprefix("./")
        folder = beside.rpartition("/")[0]
        for path in (f"{folder}/{wanted}" if folder else wanted, wanted, _inside(folder, wanted)):
            if path in self._all and suffix_of(path) in MEDIA_SUFFIXES:
                return path
        found = self._by_name.get(plain(wanted), ())
        ends = [path for path in found if path.endswith(f"/{wanted}")] if len(found) > 1 else found
        return ends[0] if len(ends) == 1 else None

    def listed(self, name: str) -> str | None:
        """The address of an image that is not here but in images.csv, as exports write it."""
        return self._listed.get(plain(name)) if name else None

    def beside(self, path: str) -> Beside:
        return _Neighbours(self, path)

    def files_of(self, task: Mapping[str, Any]) -> list[str]:
        """The files of media here that a task shows; they are used from now on."""
        found = [path for value in task["data"].values() for path in self._files(value)]
        self.used.update(found)
        return found

    def _files(self, value: Any) -> Iterator[str]:
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and (path := self._by_address.get(item)) is not None:
                yield path

    # -- what is what

    def _parts(self) -> Iterator[Part]:
        names = self._names()
        labels, stray = self._labels(names) if names else ({}, set())
        taken = {*names, *labels.values(), *self._lists}
        listed = {_stem(name): address for name, address in self._listed.items()}
        rows: list[Part] = []
        known: list[Part] = []
        for path in self.paths:
            suffix = suffix_of(path)
            if path in taken or suffix in MEDIA_SUFFIXES:
                continue
            if path in stray and (address := listed.get(_stem(plain(path)))):
                known.append(Part("yolo", path, path, names[_nearest(path, names)], address=address))
            elif path in stray:
                message = "These are labels of an image that is not here."
                rows.append(_refused(path, "no-image-file", message, "Put the image into the archive too."))
            elif suffix not in DATA_SUFFIXES:
                rows.append(_refused(path, "not-importable", "It is of a kind that is not read.", _KINDS_HINT))
            elif (len(self.paths) > 1 and _NOTES.search(path)) or (labels and suffix == "txt"):
                message = "It is taken for a note about the other files."
                rows.append(_refused(path, "left-out", message, "Import it by itself if it holds tasks."))
            else:
                rows.append(Part("file", path))
        if not names and (lost := self._unnamed()):
            message = f"{len(lost):,} files are labels of YOLO, whose classes have no names here."
            hint = "Add classes.txt (a name on each line) or data.yaml (with names)."
            yield _refused(lost[0], "no-class-names", message, hint)
            rows = [part for part in rows if part.path not in set(lost)]
        yield from [*rows, *known]
        for path in self._media:
            if path in labels:
                yield Part("yolo", path, labels[path], names[_nearest(path, names)])
        for path in self._media:
            if path not in labels:
                yield Part("media", path)

    def _pictures(self) -> dict[str, str]:
        """Addresses by the plain names of files, from every images.csv with the columns `file` and `address`."""
        found: dict[str, str] = {}
        for path in self.paths:
            if path.rpartition("/")[2].lower() != PICTURES or not self.head(path, 5).startswith(b"file,"):
                continue
            text = decode(path, self.whole(path, MOST_LIST_BYTES))
            for row in table_rows(text, "csv", ("file", "address")) if isinstance(text, str) else ():
                if isinstance(row, tuple) and row[1].get("file") and is_address(row[1].get("address", "")):
                    found.setdefault(plain(row[1]["file"]), row[1]["address"])
            self._lists.add(path)
        return found

    def _names(self) -> dict[str, tuple[str, ...]]:
        """Files with names of YOLO's classes, by path; data.yaml says more than classes.txt beside it."""
        found: dict[str, tuple[str, ...]] = {}
        for path in self.paths:
            name = path.rpartition("/")[2].lower()
            if name not in yolo.NAME_FILES and name not in yolo.YAML_FILES:
                continue
            text = decode(path, self.whole(path, MOST_LABEL_BYTES))
            if isinstance(text, str):
                listed = yolo.names_of_lines(text) if name in yolo.NAME_FILES else yolo.names_of_yaml(text)
                if listed:
                    found[path] = tuple(listed)
        return found

    def _labels(self, names: Mapping[str, object]) -> tuple[dict[str, str], set[str]]:
        """By image its file of labels; and files of labels without an image."""
        images = {_stem(path): path for path in reversed(self._media)}
        found: dict[str, str] = {}
        stray: set[str] = set()
        for path in self.paths:
            if suffix_of(path) != "txt" or path in names:
                continue
            stem = _stem(path)
            image = images.get(_swapped(stem)) or images.get(stem)
            if image is not None:
                found[image] = path
            elif "labels" in path.split("/")[:-1]:
                stray.add(path)
        return found, stray

    def _unnamed(self) -> list[str]:
        stems = {_stem(path) for path in self._media}
        lost = []
        for path in self.paths:
            if suffix_of(path) == "txt" and (_stem(path) in stems or _swapped(_stem(path)) in stems):
                text = decode(path, self.head(path, 4096))
                if isinstance(text, str) and (not text.strip() or yolo.is_labels(text.rpartition("\n")[0] or text)):
                    lost.append(path)
        return lost


class _Neighbours(Beside):
    def __init__(self, bundle: Bundle, path: str) -> None:
        self._bundle, self._path = bundle, path
        self.puts = bundle.embed is not None

    def put(self, name: str, data: bytes) -> str | None:
        return self._bundle.embed(self._path, name, data) if self._bundle.embed is not None else None

    def address(self, name: str) -> str | None:
        if not name or is_address(name):
            return None
        found = self._bundle.find(name, self._path)
        return self._bundle.listed(name) if found is None else self._bundle.address(found)

    def size(self, name: str) -> Size | None:
        found = self._bundle.find(name, self._path)
        return None if found is None else self._bundle.size_of(found)


_KINDS_HINT = "Read are JSON, JSONL, CSV, TSV, TXT, Parquet, XML (Pascal VOC), CoNLL, and images, sound, video and PDF."


def suffix_of(path: str) -> str:
    return PurePosixPath(path).suffix[1:].lower()


def plain(path: str) -> str:
    """A file's name as it is compared: without folders, and with what an upload makes of its letters."""
    name = path.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return _UNSAFE.sub("_", stem).strip("._")[:80].casefold() + dot + suffix.lower() if dot else name.casefold()


def _refused(path: str, code: str, message: str, hint: str) -> Part:
    return Part("refused", path, problem=problem(code, message, path, hint))


def _stem(path: str) -> str:
    return path[: len(path) - len(PurePosixPath(path).suffix)]


def _swapped(stem: str) -> str:
    """Where the image of a file of labels lies: the last folder `labels` is `images`."""
    parts = stem.split("/")
    for place in range(len(parts) - 2, -1, -1):
        if parts[place] == "labels":
            return "/".join([*parts[:place], "images", *parts[place + 1 :]])
    return ""


def _inside(folder: str, name: str) -> str:
    """Pascal VOC keeps the images of Annotations in JPEGImages."""
    head, _, last = folder.rpartition("/")
    if last.lower() != "annotations":
        return ""
    return f"{head}/JPEGImages/{name}" if head else f"JPEGImages/{name}"


def _nearest(path: str, names: Mapping[str, object]) -> str:
    """The file of names that shares most folders with an image; a data.yaml before others."""

    def shared(other: str) -> tuple[int, bool]:
        count = 0
        for a, b in zip(path.split("/")[:-1], other.split("/")[:-1], strict=False):
            if a != b:
                break
            count += 1
        return count, not other.endswith(".txt")

    return max(names, key=shared)
