"""
The gallery: configs to start from, each with a sample task that really displays.

A group is a folder with ``group.json`` (``title``, ``about``, ``templates``: rows of ``id, title, purpose, terms``).
A row has ``<id>.xml`` with its sample task in the first comment, and ``<id>.webp``, a picture made from it by
``python -m scripts.gallery_pictures``. Reading happens on demand: importing this package loads nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: Folders in the order of the gallery.
GROUPS = (
    "images",
    "text",
    "documents",
    "conversation",
    "audio",
    "video",
    "time-series",
    "space",
    "tables",
    "ranking",
    "generative",
    "medical",
    "quality",
)
FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Template:
    """
    ``purpose`` is one line that says what a person does with it, ``terms`` what the field calls such work (a search
    finds it by them); ``id`` is unique in the gallery.
    """

    id: str
    title: str
    purpose: str
    terms: str
    config: str
    picture: Path


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    title: str
    about: str
    templates: tuple[Template, ...]


@cache
def groups() -> tuple[Group, ...]:
    """
    The whole gallery.

    Raises:
        OSError: a file that a ``group.json`` names is not there.
    """
    return tuple(_group(name) for name in GROUPS)


def find(name: str) -> Template | None:
    """The template with the id *name*."""
    return next((template for group in groups() for template in group.templates if template.id == name), None)


def _group(name: str) -> Group:
    folder = FOLDER / name
    about = json.loads((folder / "group.json").read_text(encoding="utf-8"))
    templates = tuple(
        Template(
            row["id"],
            row["title"],
            row["purpose"],
            row["terms"],
            (folder / f"{row['id']}.xml").read_text(encoding="utf-8"),
            folder / f"{row['id']}.webp",
        )
        for row in about["templates"]
    )
    return Group(name, about["title"], about["about"], templates)
