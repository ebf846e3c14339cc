"""What is labeled in the page and API benchmarks: three kinds of project, the same on every side."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageOps

from labelkite import locations

PHOTO_SIZE = (1200, 800)
PATCH = 160
"""Edge of the square in the middle of each photo whose colour says which photo it is."""

_STORY = (
    "Ana Ruiz came to Lisbon in the spring of 1931 and took a room above the harbour. Every morning she walked to the "
    "market with Mr. Keller, who sold lamps, and every evening she wrote to her sister in Porto about the ships that "
    "had come in. In October the letters stopped. Mr. Keller waited for a week, then took the train to Porto himself. "
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of project. `label` is the text of the label or choice that is pressed for each task."""

    name: str
    config: str
    label: str


IMAGE = Kind(
    "image",
    '<View><RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Person"/><Label value="Sign"/>'
    '</RectangleLabels><Image name="img" value="$image"/></View>',
    "Person",
)
TEXT = Kind(
    "text",
    '<View><Labels name="ner" toName="t"><Label value="Person"/><Label value="Place"/><Label value="Time"/></Labels>'
    '<Text name="t" value="$text"/></View>',
    "Person",
)
CHOICES = Kind(
    "choices",
    '<View><Text name="t" value="$text"/><Choices name="mood" toName="t" choice="single"><Choice value="Good"/>'
    '<Choice value="Neutral"/><Choice value="Bad"/></Choices></View>',
    "Neutral",
)
KINDS = (IMAGE, TEXT, CHOICES)


def texts(count: int, sentences: int = 4) -> list[dict[str, str]]:
    """Data of text tasks. Each begins with `Item` and its number, which is how the page benchmark tells them apart."""
    return [{"text": f"Item {i:05d}. {_STORY * sentences}"} for i in range(count)]


def photos(count: int) -> Iterator[tuple[str, bytes]]:
    """File names and JPEGs (1200 x 800): the demo's photos with a square of a colour of their own in the middle."""
    folder = locations.demo_photos()
    sources = [ImageOps.fit(Image.open(path).convert("RGB"), PHOTO_SIZE) for path in sorted(Path(folder).glob("*.jpg"))]
    (width, height), half = PHOTO_SIZE, PATCH // 2
    box = (width // 2 - half, height // 2 - half, width // 2 + half, height // 2 + half)
    for i, source in zip(range(count), itertools.cycle(sources)):
        photo = source.copy()
        ImageDraw.Draw(photo).rectangle(box, fill=(20 + i % 6 * 42, 20 + i // 6 % 6 * 42, 20 + i // 36 * 42))
        file = io.BytesIO()
        photo.save(file, "JPEG", quality=85)
        yield f"photo-{i:03d}.jpg", file.getvalue()


def text_result(text: str) -> list[dict[str, Any]]:
    """A stored annotation of a TEXT task, as both sides take it: three spans, offsets in code points."""
    spans = ((12, 20, "Person"), (29, 35, "Place"), (53, 57, "Time"))
    return [
        {
            "id": f"span{i}",
            "from_name": "ner",
            "to_name": "t",
            "type": "labels",
            "value": {"start": start, "end": end, "text": text[start:end], "labels": [label]},
        }
        for i, (start, end, label) in enumerate(spans)
    ]
