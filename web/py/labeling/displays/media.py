"""Objects that are files: images, sounds, videos, documents, point clouds. Addresses all; points may come inline."""

from __future__ import annotations

from collections.abc import Mapping

from labeling import reading, values
from labeling.displays import common
from labeling.displays.common import ObjectDisplay
from labeling.plan_index import ObjectPart

_NOUNS = {
    "image": "an image",
    "audio": "a sound file",
    "video": "a video",
    "pdf": "a PDF",
    "pointcloud": "a point cloud",
}
#: Frames per second of a video whose config and data do not say.
FRAME_RATE = 24


def image(part: ObjectPart, value: object, data: Mapping[str, object]) -> ObjectDisplay:
    """One address, or with ``pages`` the addresses of all pages; a list without ``pages`` shows its first."""
    if part.raw.get("pages") is not True:
        return address(part, (value[0] if value else None) if isinstance(value, list) else value, data)
    rows = common.parsed(value)
    if isinstance(rows, str) and rows.strip():
        rows = [rows]
    if not isinstance(rows, list) or not rows:
        hint = "the field must be a list of the addresses of the pages"
        return common.wrong(part, value if value != [] else None, "a list of addresses", hint)
    urls: list[str] = []
    for place, url in enumerate(rows, 1):
        if not isinstance(url, str) or not url.strip():
            hint = "each item of the list must be the address of an image"
            return common.fault(part, "wrong-type", f"page {place} holds {common.named(url)}, not an address", hint)
        if common.is_script(url):
            hint = "use an https: or data: address"
            return common.fault(part, "unsafe-address", f"the address of page {place} is a script", hint)
        urls.append(url)
    return {"urls": urls}


def address(part: ObjectPart, value: object, _: Mapping[str, object]) -> ObjectDisplay:
    if not isinstance(value, str) or not value.strip():
        hint = f"the field must be the address of {_NOUNS.get(part.type, 'a file')}"
        return common.wrong(part, value, "an address", hint)
    return common.address(part, value)


def video(part: ObjectPart, value: object, data: Mapping[str, object]) -> ObjectDisplay:
    """``frame_rate``: frames per second, of the config or the data; below 1: seconds per frame (reference, 11.5)."""
    shown = address(part, value, data)
    if "problem" in shown:
        return shown
    given = part.raw.get("frame_rate")
    if isinstance(given, Mapping):
        found = values.resolve(given, data)
        if found.missing:
            hint = f"add the field {found.missing[0]!r} to the task's data"
            return common.fault(part, "no-field", f"the task has no field {found.missing[0]!r}, its frame rate", hint)
        given = found.value
    rate = FRAME_RATE if given is None else common.number(given)
    if rate is None or not 0 < rate <= 1e6:
        hint = "give frames per second, for example 25"
        return common.fault(part, "wrong-type", f"its frame rate is {given!r:.40}, not a number over 0", hint)
    return {**shown, "frame_rate": rate if rate >= 1 else round(1 / rate, 6)}


def points(part: ObjectPart, value: object, data: Mapping[str, object]) -> ObjectDisplay:
    """An address, or a list of rows ``[x, y, z, …]`` in metres."""
    rows = common.parsed(value)
    if not isinstance(rows, list):
        return address(part, value, data)
    made: list[list[float]] = []
    for place, row in enumerate(rows, 1):
        numbers = [reading.number(entry) for entry in row] if isinstance(row, list) else []
        kept = [entry for entry in numbers if entry is not None]
        if len(kept) < 3 or len(kept) != len(numbers):
            hint = "write each point as [x, y, z], in metres"
            return common.fault(part, "wrong-type", f"point {place} is not a list of at least three numbers", hint)
        made.append(kept)
    return {"points": made}
