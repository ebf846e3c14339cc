"""The built site as objects of the site bucket: types, cache headers, stored compressed forms, and in which order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labelkite.server.site import component_parts, entries

PACKED = (
    "js",
    "mjs",
    "css",
    "html",
    "json",
    "svg",
    "wasm",
    "bin",
    "txt",
    "xml",
    "csv",
    "map",
    "webmanifest",
    "py",
    "md",
)
"""Suffixes of files that are asked for as `.br` or `.gz`, if the browser takes that (infra/viewer-request.js)."""
LAST = "index.html"


@dataclass(frozen=True, slots=True)
class SiteObject:
    """One object of the bucket; `encoding` is "" where it is stored as it is."""

    key: str
    place: Path
    content_type: str
    cache_control: str
    encoding: str
    sha256: str

    @property
    def is_hashed(self) -> bool:
        """Named by its content: never changes, needs no invalidation, may be there before anybody asks for it."""
        return self.key.startswith("assets/")

    @property
    def mark(self) -> str:
        """Differs when anything about the object does."""
        told = f"{self.sha256} {self.content_type} {self.cache_control} {self.encoding}"
        return hashlib.sha256(told.encode()).hexdigest()[:24]


def objects(folder: Path) -> tuple[SiteObject, ...]:
    """
    Everything of the built site, what is named by its content first and the page itself last: whoever loads the page
    at any moment finds all that it names.

    A file with a suffix of PACKED is there three times, so that the edge need not know which forms exist: where there
    is no br form, `.br` holds gzip or the file as it is. What is stored as gzip only is so under its plain name too.
    """
    found = sorted(_objects(folder), key=lambda one: (not one.is_hashed, one.key.startswith(LAST), one.key))
    if not any(one.key == LAST for one in found):
        raise FileNotFoundError(f"{folder} holds no {LAST}")
    return tuple(found)


def _objects(folder: Path) -> Iterator[SiteObject]:
    for name, entry in entries(folder):
        wanted: dict[str, tuple[str, ...]] = {"": ("",)}
        if name.rpartition(".")[2] in PACKED:
            wanted = {"": ("", "gzip"), ".gz": ("gzip", ""), ".br": ("br", "gzip", "")}
        elif set(entry.variants) != {""}:
            raise ValueError(f"{name} is stored compressed, but its suffix is not in PACKED")
        for suffix, forms in wanted.items():
            encoding = next(form for form in forms if form in entry.variants)
            place = entry.variants[encoding].place
            digest = hashlib.sha256(place.read_bytes()).hexdigest()
            yield SiteObject(
                name[1:] + suffix, place, entry.content_type.decode(), entry.cache_control.decode(), encoding, digest
            )


def components(folder: Path) -> tuple[str, ...]:
    """What the page inside a component's frame may load."""
    return tuple(component_parts([name for name, _ in entries(folder)]))


def changed(wanted: Sequence[SiteObject], there: Mapping[str, str]) -> tuple[SiteObject, ...]:
    """What has to be sent, in order. `there`: key to mark of what the last deployment sent."""
    return tuple(one for one in wanted if there.get(one.key) != one.mark)


def invalid(sent: Sequence[SiteObject]) -> tuple[str, ...]:
    """Addresses whose answers CloudFront must forget: as people ask for them, and with what the edge adds to them."""
    names = {one.key.removesuffix(".br").removesuffix(".gz") for one in sent if not one.is_hashed}
    return tuple(sorted({f"/{name}*" for name in names} | ({"/"} if LAST in names else set())))
