"""What an import is asked for besides its file, and what stands beside the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from labeling.imports.targets import Role, Size
from labeling.problems import Problem

Json = dict[str, Any]
Duplicates = Literal["skip", "update", "add"]
Found = tuple[str, Json | None, list[Problem]]
"""A place in the file, the task there (None: it is refused), and what of it is refused."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|data:|/data/|/api/")


@dataclass(frozen=True)
class Options:
    """
    role: what the regions of annotation formats become (`as` in requests).
    mapping: columns or members of rows, by the field that each becomes (`{"column": "field"}`).
    image_root: what stands before the names of images that are not in the import, e.g. "https://host/photos/".
    """

    role: Role = "annotations"
    mapping: Mapping[str, str] = field(default_factory=dict)
    image_root: str = ""


class Beside:
    """The files that came together with an annotation file: none, unless a subclass knows some."""

    def address(self, name: str) -> str | None:  # noqa: ARG002
        """Where the page finds the file that an annotation file calls *name*; None: it is not here."""
        return None

    puts = False
    """Whether `put` has a place for files."""

    def put(self, name: str, data: bytes) -> str | None:  # noqa: ARG002
        """Where the page will find a file that a table holds in itself; None: nowhere."""
        return None

    def size(self, name: str) -> Size | None:  # noqa: ARG002
        """Width and height of an image in pixels, from its head."""
        return None


def address_of(name: str, beside: Beside, options: Options) -> str | None:
    """The address of the image *name*: in the import, an address by itself, or behind the root that was given."""
    found = beside.address(name)
    if found is not None:
        return found
    if is_address(name):
        return name
    if options.image_root and name:
        return f"{options.image_root.rstrip('/')}/{name.lstrip('/')}"
    return None


def is_address(text: str) -> bool:
    """Whether a text says by itself where a file is: with a scheme, or a path of the server."""
    return _ADDRESS.match(text) is not None
