"""How large pictures are by their own files: for exports of pictures on which nobody has marked anything."""

from __future__ import annotations

import io
import struct

import imagesize

from chalicelib import sources
from chalicelib.media import DATA_PREFIX, is_of_project, object_key
from chalicelib.problems import Refusal
from chalicelib.storage.ports import StorageError
from chalicelib.world import World

FIRST_BYTES = 1 << 16
"""Nearly every file says its size in these."""
MOST_BYTES = 1 << 20
"""Cameras write a preview before the size."""


class PictureSizes:
    """
    Looks into uploads and into files of the project's sources; other addresses are not asked for, as everywhere.

    `looked`: how many files were opened. Each takes one read of the store, so a job counts them.
    """

    def __init__(self, world: World, project_id: int) -> None:
        self.looked = 0
        self._world = world
        self._project = project_id

    def __call__(self, address: str) -> tuple[int, int] | None:
        """Width and height in pixels as browsers show it, turned as its EXIF says; None where the file tells none."""
        try:
            if address.startswith(DATA_PREFIX):
                key = object_key(address)
                chunks = self._world.objects.stream(key, FIRST_BYTES) if is_of_project(key, self._project) else None
            else:
                chunks = sources.stream(self._world, self._project, address, FIRST_BYTES)
            if chunks is None:
                return None
            self.looked += 1
            head = b""
            for chunk in chunks:
                head += chunk
                if (size := size_in(head)) or len(head) >= MOST_BYTES:
                    return size
        except (StorageError, Refusal, ValueError):
            pass  # a file that is not there any more has no size; that the export says
        return None


def size_in(head: bytes) -> tuple[int, int] | None:
    """Width and height by the first bytes of a file."""
    try:
        width, height = imagesize.get(io.BytesIO(head))
    except (ValueError, IndexError, OverflowError, struct.error):
        return None
    return (int(width), int(height)) if width > 0 and height > 0 else None
