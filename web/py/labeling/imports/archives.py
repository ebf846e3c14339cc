"""Zip archives, opened with suspicion: what is in them is listed, checked, and read one file at a time.

Source: the .ZIP file format (APPNOTE.TXT 6.3). Nothing is unpacked into a folder, so a path is only a name; those that
lead out of one are refused all the same, since somebody may unpack what is exported.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from labeling.problems import Problem, problem

MOST_ENTRIES = 50_000
MOST_FILE_BYTES = 250 * 1000 * 1000
"""One file, unpacked."""
MOST_UNPACKED_BYTES = 4 * 1000 * 1000 * 1000
MOST_RATIO = 200
"""Unpacked to packed size, of files above RATIO_FROM_BYTES: text packs to a twentieth, bombs to a thousandth."""
RATIO_FROM_BYTES = 1_000_000
MOST_DIRECTORY_BYTES = 32 << 20
MOST_NAME = 500
PIECE_BYTES = 1 << 18

_ARCHIVES = (".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar", ".zst")
_JUNK = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._|\.git/|\.ipynb_checkpoints/)")
_DRIVE = re.compile(r"[A-Za-z]:")
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"

_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises about bytes that are no archive, a method it does not know (NotImplementedError) or a password
(RuntimeError). Faults of a store are none of these: a job tries again after them."""


class Archive:
    """`paths`: the files that may be read, in the order of the archive. `refused`: the others, with their reasons."""

    def __init__(self, file: zipfile.ZipFile, name: str) -> None:
        self._zip = file
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self.refused: list[Problem] = []
        total = 0
        folded: set[str] = set()
        reach = 0
        infos = file.infolist()
        for info in sorted(infos, key=lambda one: one.header_offset):
            if info.header_offset < reach:
                self.refused.append(_problem(name, "archive-overlap", "Its files lie over each other.", "Zip it anew."))
                self._infos.clear()
                return
            reach = info.header_offset + 30 + info.compress_size
        for info in infos:
            path = _path(info)
            if path.endswith("/") or _JUNK.search(path):
                continue
            fault = _fault(info, path) or (_twice() if path.casefold() in folded else None)
            total += info.file_size
            if fault is None and total > MOST_UNPACKED_BYTES:
                fault = (
                    "archive-too-large",
                    f"Unpacked, the files up to here have more than {MOST_UNPACKED_BYTES // 10**9} GB.",
                )
            if fault is not None:
                shown = path[:120].encode("utf-8", "backslashreplace").decode()
                self.refused.append(problem(fault[0], fault[1], f"{name}, {shown}", _HINTS[fault[0]]))
                continue
            folded.add(path.casefold())
            self._infos[path] = info

    @property
    def paths(self) -> list[str]:
        return list(self._infos)

    def packed_size(self, path: str) -> int:
        return self._infos[path].compress_size

    def size(self, path: str) -> int:
        return self._infos[path].file_size

    def pieces(self, path: str, start: int = 0) -> Iterator[bytes]:
        """
        The file from a byte on; what stands before it is unpacked and passed over.

        Raises:
            Damaged: it is not what the archive says.
        """
        info = self._infos[path]
        read = 0
        try:
            with self._zip.open(info) as file:
                while piece := file.read(PIECE_BYTES):
                    read += len(piece)
                    if read > info.file_size:
                        raise Damaged(path)
                    if read > start:
                        yield piece[max(0, len(piece) - (read - start)) :]
        except _UNREADABLE:
            raise Damaged(path) from None
        if read != info.file_size:
            raise Damaged(path)


class Damaged(Exception):
    """A file cannot be read: `problem` says why; without one, it is of an archive and cannot be unpacked."""

    def __init__(self, path: str, told: Problem | None = None) -> None:
        super().__init__(path)
        unpacked = problem("archive-damaged", "It cannot be unpacked.", path[:200], "Zip the files anew.")
        self.problem = unpacked if told is None else told


def open_archive(file: IO[bytes], name: str) -> Archive | Problem:
    """
    Args:
        file: seekable, binary.
        name: the archive's, for the problems.
    """
    size = _directory_size(file)
    if size is None:
        return _problem(
            name, "archive-damaged", "This is no zip archive, or its end is missing.", "Zip the files anew."
        )
    if size > MOST_DIRECTORY_BYTES:
        return _too_many(name)
    try:
        opened = zipfile.ZipFile(file)
    except _UNREADABLE:
        return _problem(name, "archive-damaged", "The list of its files cannot be read.", "Zip the files anew.")
    if len(opened.infolist()) > MOST_ENTRIES:
        return _too_many(name)
    return Archive(opened, name)


def _too_many(name: str) -> Problem:
    message = f"It holds more than {MOST_ENTRIES:,} files."
    return _problem(name, "archive-too-many", message, "Split it into several archives.")


def _directory_size(file: IO[bytes]) -> int | None:
    """Bytes of the list of files, as the end of the archive says it: before anything of it is read."""
    end = file.seek(0, 2)
    start = max(0, end - 65_557)
    file.seek(start)
    tail = file.read(65_557)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        return None
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    before = start + at - 20 - 56  # where the record of large archives stands
    if before >= 0:
        file.seek(before)
        record = file.read(56)
        if record.startswith(_END_64):
            size = max(size if size != 0xFFFF_FFFF else 0, int.from_bytes(record[40:48], "little"))
    return size


def _path(info: zipfile.ZipInfo) -> str:
    """The name with slashes. Names without the flag for UTF-8 are UTF-8 in practice, else the old code page 437."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode()
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = info.filename
    name = name.replace("\\", "/")
    return name.removeprefix("./")


def _fault(info: zipfile.ZipInfo, path: str) -> tuple[str, str] | None:
    if not path or "\0" in info.orig_filename or path.startswith("/") or _DRIVE.match(path) or ".." in path.split("/"):
        return "archive-path", "Its path leads out of the archive."
    if len(path) > MOST_NAME or any(not letter.isprintable() for letter in path):
        return "archive-path", f"Its path has more than {MOST_NAME} characters, or some that cannot be shown."
    if info.flag_bits & 0x1:
        return "archive-locked", "It is encrypted."
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "archive-method", "It is packed with a method that is not read (only deflate is)."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "archive-link", "It is a link to another file."
    if PurePosixPath(path).suffix.lower() in _ARCHIVES:
        return "archive-nested", "It is an archive in an archive."
    if info.file_size > MOST_FILE_BYTES:
        return "archive-large-file", f"It has more than {MOST_FILE_BYTES // 10**6} MB."
    if info.file_size > RATIO_FROM_BYTES and info.file_size > MOST_RATIO * info.compress_size:
        return "archive-ratio", f"It would grow more than {MOST_RATIO} times: that is no data."
    return None


def _twice() -> tuple[str, str]:
    return "archive-twice", "Another file has its path."


_HINTS = {
    "archive-path": "Zip a folder, with the files inside it.",
    "archive-locked": "Zip it without a password.",
    "archive-method": "Zip it with the usual method (deflate).",
    "archive-link": "Put the file itself into the archive.",
    "archive-nested": "Unpack it and zip its files with the others, or import it by itself.",
    "archive-large-file": "Upload it by itself, or split it.",
    "archive-ratio": "Upload the file by itself.",
    "archive-twice": "Give every file a path of its own.",
    "archive-too-large": "Split the archive.",
}


def _problem(name: str, code: str, message: str, hint: str) -> Problem:
    return problem(code, message, name, hint)
