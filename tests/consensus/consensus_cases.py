"""A plan with every kind of control, and results for it: by hand and drawn by Hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

TEXT = "Ada Lovelace met Charles Babbage in London 😀, and wrote the first program."


def control(name: str, tag: str, to: str, **more: Any) -> Json:
    kind = tag.lower()
    base = {"name": name, "tag": tag, "type": kind, "to": [to], "required": False, "per_region": False}
    return {**base, "per_item": False, "display_mode": "tag", **more}


def options(*names: str) -> list[Json]:
    return [{"value": name, "stored": name, "text": {"text": name}, "color": "#000000"} for name in names]


def plan(*controls: Json, tree: Json | None = None) -> Json:
    leaves = [{"node": "control", "key": f"n{i}", "name": c["name"]} for i, c in enumerate(controls, 1)]
    return {
        "plan": 1,
        "config_sha256": "0" * 64,
        "requires": [],
        "fields": [
            {"name": "image", "types": ["string"], "used_by": ["img"]},
            {"name": "text", "types": ["string"], "used_by": ["t"]},
        ],
        "tree": tree or {"node": "view", "key": "n0", "display": "block", "style": {}, "children": leaves},
        "objects": [
            {"name": "img", "type": "image", "value": {"path": ["image"], "source": "image"}},
            {"name": "t", "type": "text", "value": {"path": ["text"], "source": "text"}, "value_type": "text"},
        ],
        "controls": list(controls),
        "hotkeys": [],
        "sample": {"data": DATA},
    }


DATA = {"image": "https://example.org/1.jpg", "text": TEXT}
BOX = control("box", "RectangleLabels", "img", options=options("Car", "Person"), choice="single")
NER = control("ner", "Labels", "t", options=options("PER", "LOC", "ORG"), choice="multiple")
MOOD = control("mood", "Choices", "t", options=options("Good", "Bad", "Mixed"), choice="single")
TOPICS = control("topics", "Choices", "t", options=options("A", "B", "C", "D"), choice="multiple")
STARS = control("stars", "Rating", "t", max_rating=5)
NOTE = control("note", "TextArea", "t")
QUALITY = control("quality", "Choices", "img", options=options("Sharp", "Blurred"), choice="single", per_region=True)
REMARK = control("remark", "TextArea", "t", per_region=True)
PLAN = plan(BOX, NER, MOOD, TOPICS, STARS, NOTE, QUALITY, REMARK)


def annotation(identity: int, *result: Json, **more: Any) -> Json:
    return {"id": identity, "version": 1, "completed_by": identity, "result": list(result), **more}


def box(identity: str, label: str, x: float, y: float, width: float, height: float, rotation: float = 0) -> Json:
    value = {"x": x, "y": y, "width": width, "height": height, "rotation": rotation, "rectanglelabels": [label]}
    return {"id": identity, "from_name": "box", "to_name": "img", "type": "rectanglelabels", "value": value, **PICTURE}


PICTURE = {"original_width": 1200, "original_height": 800, "image_rotation": 0, "origin": "manual"}


def span(identity: str, start: int, end: int, *labels: str) -> Json:
    value = {"start": start, "end": end, "text": TEXT[start:end], "labels": list(labels)}
    return {"id": identity, "from_name": "ner", "to_name": "t", "type": "labels", "value": value, "origin": "manual"}


def answer(name: str, kind: str, value: Any, identity: str | None = None, to: str = "t", **more: Any) -> Json:
    key = {"choices": "choices", "rating": "rating", "textarea": "text"}[kind]
    identity = identity or f"id-{name}"
    return {"id": identity, "from_name": name, "to_name": to, "type": kind, "value": {**more, key: value}}


def mood(*choices: str) -> Json:
    return answer("mood", "choices", list(choices))


def topics(*choices: str) -> Json:
    return answer("topics", "choices", list(choices))


def stars(rating: int) -> Json:
    return answer("stars", "rating", rating)


def note(*texts: str) -> Json:
    return answer("note", "textarea", list(texts))


# Drawn results

_percent = st.one_of(st.integers(0, 80), st.floats(0, 80, allow_nan=False).map(lambda value: round(value, 3)))
_size = st.one_of(st.integers(1, 20), st.floats(0.5, 20, allow_nan=False).map(lambda value: round(value, 3)))
_turn = st.one_of(st.just(0), st.integers(0, 359), st.sampled_from([90, 180, 270, 12.5]))
_texts = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12), min_size=1, max_size=3)


@st.composite
def results(draw: st.DrawFn) -> list[Json]:
    """A valid result list of one person: few places, so that several people often mark the same thing."""
    made: list[Json] = []
    for number in range(draw(st.integers(0, 4))):
        x, y, width, height = draw(_percent), draw(_percent), draw(_size), draw(_size)
        if draw(st.booleans()):
            x, y, width, height = draw(st.sampled_from([(10, 10, 20, 20), (12, 10, 20, 20), (50, 50, 10, 10)]))
        region = box(f"b{number}", draw(st.sampled_from(["Car", "Person"])), x, y, width, height, draw(_turn))
        made.append(region)
        if draw(st.booleans()):
            shape = {key: value for key, value in region["value"].items() if key != "rectanglelabels"}
            picked = draw(st.sampled_from(["Sharp", "Blurred"]))
            made.append({**answer("quality", "choices", [picked], f"b{number}", "img", **shape), **PICTURE})
    for number in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(TEXT) - 2))
        end = draw(st.integers(start + 1, min(len(TEXT), start + 12)))
        labels = draw(st.lists(st.sampled_from(["PER", "LOC", "ORG"]), min_size=1, max_size=2, unique=True))
        made.append(span(f"s{number}", start, end, *labels))
        if draw(st.booleans()):
            place = {"start": start, "end": end}
            made.append(answer("remark", "textarea", draw(_texts), f"s{number}", "t", **place))
    if draw(st.booleans()):
        made.append(mood(draw(st.sampled_from(["Good", "Bad", "Mixed"]))))
    if draw(st.booleans()):
        made.append(topics(*draw(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=4, unique=True))))
    if draw(st.booleans()):
        made.append(stars(draw(st.integers(1, 5))))
    if draw(st.booleans()):
        made.append(note(*draw(_texts)))
    return draw(st.permutations(made)) if draw(st.booleans()) else made
