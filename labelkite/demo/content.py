"""What the demo shows: two projects, and what two people said of their first tasks.

Photos come with scikit-image's test data (public domain or CC0); the stories open novels in the public domain.
Boxes are (label, x, y, width, height) in percent of the photo, as Label Studio stores them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

PHOTOS_CONFIG = """\
<View>
  <Header value="What is in the photo?"/>
  <RectangleLabels name="box" toName="photo">
    <Label value="Person"/>
    <Label value="Face"/>
    <Label value="Animal"/>
    <Label value="Rocket"/>
    <Label value="Thing"/>
  </RectangleLabels>
  <Image name="photo" value="$image"/>
  <Choices name="place" toName="photo" choice="single" layout="inline" required="true">
    <Header value="Where was it taken?"/>
    <Choice value="Indoors"/>
    <Choice value="Outdoors"/>
    <Choice value="In space"/>
  </Choices>
  <View>
    <Header value="How sharp is it?" size="5"/>
    <Rating name="sharpness" toName="photo" maxRating="5"/>
  </View>
  <TextArea name="remark" toName="photo" placeholder="Anything else to say?" maxSubmissions="1" rows="1"/>
</View>
"""

STORIES_CONFIG = """\
<View>
  <Labels name="who" toName="text">
    <Label value="Person"/>
    <Label value="Place"/>
    <Label value="Time"/>
  </Labels>
  <Text name="text" value="$text"/>
  <Choices name="tone" toName="text" choice="single" layout="inline">
    <Header value="How does it sound?"/>
    <Choice value="Calm"/>
    <Choice value="Tense"/>
    <Choice value="Cheerful"/>
  </Choices>
</View>
"""

PHOTO_ORDER = ("astronaut", "camera", "coffee", "rocket", "chelsea", "hubble_deep_field")

Box = tuple[str, float, float, float, float]


@dataclass(frozen=True, slots=True)
class PhotoAnswer:
    boxes: tuple[Box, ...]
    place: str
    sharpness: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class StoryAnswer:
    spans: tuple[tuple[str, str], ...]
    """(quoted text, label); each quote is marked where it first stands in the text."""
    tone: str


ANA_PHOTOS: dict[str, PhotoAnswer] = {
    "astronaut": PhotoAnswer(
        (
            ("Person", 4, 2, 67, 98),
            ("Face", 35, 12, 18, 25),
            ("Rocket", 69, 0, 20.5, 57),
            ("Thing", 54, 67, 43, 33),
        ),
        "Indoors",
        5,
        "The rocket is a model or a backdrop.",
    ),
    "camera": PhotoAnswer(
        (("Person", 0, 12, 65, 88), ("Face", 33, 21, 18, 19), ("Thing", 45.5, 36, 34, 64)), "Outdoors", 4
    ),
    "coffee": PhotoAnswer((("Thing", 29, 4, 39, 55), ("Thing", 54, 57, 14, 25)), "Indoors", 5),
    "rocket": PhotoAnswer((("Rocket", 48, 30, 5, 66),), "Outdoors", 4),
}

LI_PHOTOS: dict[str, PhotoAnswer] = {
    "astronaut": PhotoAnswer(
        (("Person", 3.5, 1.5, 68, 98.5), ("Face", 36, 13, 17, 23), ("Rocket", 69.5, 0, 19.5, 55)), "Indoors", 4
    ),
    "camera": PhotoAnswer(
        (("Person", 0.5, 12.5, 64, 87), ("Thing", 50, 27, 15, 10), ("Thing", 44, 41, 36, 59)),
        "Outdoors",
        2,
        "Is the tripod part of the camera?",
    ),
    "coffee": PhotoAnswer((("Thing", 28.5, 4, 40, 54), ("Thing", 53.5, 56, 15, 26)), "Indoors", 5),
    "rocket": PhotoAnswer((("Rocket", 47.5, 29.5, 6, 67),), "In space", 3),
}

ANA_STORIES: dict[str, StoryAnswer] = {
    "A Study in Scarlet": StoryAnswer(
        (("the year 1878", "Time"), ("University of London", "Place"), ("Netley", "Place"), ("India", "Place")), "Calm"
    ),
    "Dracula": StoryAnswer(
        (
            ("3 May", "Time"),
            ("Bistritz", "Place"),
            ("Munich", "Place"),
            ("8:35 P.M.", "Time"),
            ("Vienna", "Place"),
            ("Buda-Pesth", "Place"),
        ),
        "Tense",
    ),
    "Pride and Prejudice": StoryAnswer(
        (("Mr. Bennet", "Person"), ("Netherfield Park", "Place"), ("Mrs. Long", "Person")), "Cheerful"
    ),
}

LI_STORIES: dict[str, StoryAnswer] = {
    "A Study in Scarlet": StoryAnswer(
        (("1878", "Time"), ("London", "Place"), ("Netley", "Place"), ("India", "Place")), "Calm"
    ),
    "Dracula": StoryAnswer(
        (
            ("3 May", "Time"),
            ("Bistritz", "Place"),
            ("Munich", "Place"),
            ("8:35 P.M.", "Time"),
            ("1st May", "Time"),
            ("Vienna", "Place"),
            ("Buda-Pesth", "Place"),
        ),
        "Calm",
    ),
    "Pride and Prejudice": StoryAnswer(
        (("Mr. Bennet", "Person"), ("Netherfield Park", "Place"), ("Mrs. Long", "Person")), "Cheerful"
    ),
}


def stories() -> list[dict[str, str]]:
    """Tasks of the stories project: {title, author, text}."""
    rows: list[dict[str, str]] = json.loads(files(__package__).joinpath("stories.json").read_text(encoding="utf-8"))
    return rows


def photo_result(answer: PhotoAnswer, size: tuple[int, int]) -> list[dict[str, object]]:
    """The answer as Label Studio's result JSON; `size` is the photo's width and height in pixels."""
    width, height = size
    natural = {"original_width": width, "original_height": height, "image_rotation": 0}
    result: list[dict[str, object]] = [
        {
            "id": f"demo_box_{n}",
            "from_name": "box",
            "to_name": "photo",
            "type": "rectanglelabels",
            "origin": "manual",
            **natural,
            "value": {"x": x, "y": y, "width": w, "height": h, "rotation": 0, "rectanglelabels": [label]},
        }
        for n, (label, x, y, w, h) in enumerate(answer.boxes)
    ]
    result.append(_whole("place", "photo", "choices", {"choices": [answer.place]}))
    result.append(_whole("sharpness", "photo", "rating", {"rating": answer.sharpness}))
    if answer.remark:
        result.append(_whole("remark", "photo", "textarea", {"text": [answer.remark]}))
    return result


def story_result(answer: StoryAnswer, text: str) -> list[dict[str, object]]:
    """The answer as Label Studio's result JSON, offsets in code points of `text`."""
    result: list[dict[str, object]] = []
    for n, (quote, label) in enumerate(answer.spans):
        start = text.index(quote)
        value = {"start": start, "end": start + len(quote), "text": quote, "labels": [label]}
        result.append(
            {
                "id": f"demo_span_{n}",
                "from_name": "who",
                "to_name": "text",
                "type": "labels",
                "origin": "manual",
                "value": value,
            }
        )
    result.append(_whole("tone", "text", "choices", {"choices": [answer.tone]}))
    return result


def _whole(control: str, name: str, kind: str, value: dict[str, object]) -> dict[str, object]:
    return {
        "id": f"demo_{control}",
        "from_name": control,
        "to_name": name,
        "type": kind,
        "origin": "manual",
        "value": value,
    }
