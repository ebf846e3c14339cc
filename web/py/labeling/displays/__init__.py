"""What the page gets to show for each type of object: one function per type, found by ``SHOW``.

Each takes the object's part of the plan and the value that the task's data has for it, and gives an ObjectDisplay:
data that can be drawn as it is, or the problem with it. None fetches anything: where the data is an address, the page
fetches it and, for formats that have to be understood, hands the text back (``display.fetched``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from labeling.displays import common, components, media, phrases, series, tables, texts
from labeling.displays.common import ObjectDisplay
from labeling.plan_index import ObjectPart

Show = Callable[[ObjectPart, object, Mapping[str, object]], ObjectDisplay]
Read = Callable[[ObjectPart, str], ObjectDisplay]

SHOW: Mapping[str, Show] = {
    "text": texts.show,
    "hypertext": texts.show,
    "image": media.image,
    "audio": media.address,
    "video": media.video,
    "pdf": media.address,
    "pointcloud": media.points,
    "timeseries": series.show,
    "paragraphs": phrases.paragraphs,
    "chat": phrases.chat,
    "table": tables.table,
    "list": tables.items,
    "component": components.show,
}
#: How the text behind an address becomes what can be drawn; other types draw the address itself.
READ: Mapping[str, Read] = {
    "timeseries": series.read,
    "paragraphs": phrases.read,
    "chat": phrases.read_chat,
    "table": tables.read,
    "list": tables.read_items,
}

__all__ = ["READ", "SHOW", "ObjectDisplay", "Read", "Show", "common"]
