"""
JSON Schema of the results that a config makes: check a model's output before it is imported.

Draft 2020-12. Shapes, members and units are those of Label Studio's result JSON (docs/results.md). The schema is about
form: ranges, known labels, required members. What needs the task (offsets inside its text) only
``labeling.results.validate`` can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]
Plan = Mapping[str, Any]

_NUMBER: Schema = {"type": "number"}
_PERCENT: Schema = {"type": "number", "description": "percent of the image's width or height"}
_LENGTH: Schema = {"type": "number", "minimum": 0}
_POINT: Schema = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
_INDEX: Schema = {"type": "integer", "minimum": 0}
_STRINGS: Schema = {"type": "array", "items": {"type": "string"}}
_OFFSETS = _INDEX | {"description": "code points from 0"}


def _object(required: str, /, **members: Schema) -> Schema:
    return {"type": "object", "properties": members, "required": required.split()}


_BOX = {"x": _PERCENT, "y": _PERCENT, "width": _LENGTH, "height": _LENGTH, "rotation": _NUMBER}
_VERTEX = _object(
    "id x y",
    id={"type": "string"},
    x=_NUMBER,
    y=_NUMBER,
    prevPointId={"type": ["string", "null"]},
    isBezier={"type": "boolean"},
    controlPoint1=_object("x y", x=_NUMBER, y=_NUMBER),
    controlPoint2=_object("x y", x=_NUMBER, y=_NUMBER),
)
_FRAME = {"frame": {"type": "integer", "minimum": 1}, "time": _LENGTH, "enabled": {"type": "boolean"}}

#: Members of ``value`` by kind of region.
SHAPES: Mapping[str, Schema] = {
    "rectangle": _object("x y width height", **_BOX),
    "ellipse": _object(
        "x y radiusX radiusY", x=_PERCENT, y=_PERCENT, radiusX=_LENGTH, radiusY=_LENGTH, rotation=_NUMBER
    ),
    "polygon": _object("points", points={"type": "array", "items": _POINT, "minItems": 1}, closed={"type": "boolean"}),
    "keypoint": _object("x y", x=_PERCENT, y=_PERCENT, width=_LENGTH),
    "vector": _object(
        "vertices", vertices={"type": "array", "items": _VERTEX, "minItems": 1}, closed={"type": "boolean"}
    ),
    "brush": _object(
        "format rle",
        format={"const": "rle"},
        rle={"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 255}},
    ),
    "bitmask": _object("imageDataURL", imageDataURL={"type": "string", "pattern": "^data:image/png;base64,"}),
    "span": _object("start end", start=_OFFSETS, end=_OFFSETS, text={"type": "string"}),
    "hyperspan": _object(
        "start end",
        start={"type": "string", "description": "XPath of a text node"},
        end={"type": "string"},
        startOffset=_INDEX,
        endOffset=_INDEX,
        globalOffsets=_object("start end", start=_OFFSETS, end=_OFFSETS),
        text={"type": "string"},
    ),
    "phrase": _object(
        "start end",
        start={"type": "string", "pattern": "^[0-9]+$", "description": "number of the paragraph from 0, as text"},
        end={"type": "string", "pattern": "^[0-9]+$"},
        startOffset=_INDEX,
        endOffset=_INDEX,
        text={"type": "string"},
    ),
    "segment": _object("start end", start=_NUMBER | {"description": "seconds"}, end=_NUMBER, channel=_INDEX),
    "series": _object(
        "start end",
        start={"type": ["number", "string"], "description": "as the time column has it"},
        end={"type": ["number", "string"]},
        instant={"type": "boolean"},
    ),
    "timeline": _object(
        "ranges",
        ranges={
            "type": "array",
            "minItems": 1,
            "items": _object(
                "start end", start={"type": "integer", "minimum": 1}, end={"type": "integer", "minimum": 1}
            ),
        },
    ),
    "track": _object(
        "sequence",
        framesCount=_INDEX,
        duration=_LENGTH,
        sequence={"type": "array", "minItems": 1, "items": _object("frame x y width height", **_BOX, **_FRAME)},
    ),
    "vectortrack": _object(
        "sequence",
        framesCount=_INDEX,
        duration=_LENGTH,
        sequence={
            "type": "array",
            "minItems": 1,
            "items": _object(
                "frame vertices", **_FRAME, closed={"type": "boolean"}, vertices={"type": "array", "items": _VERTEX}
            ),
        },
    ),
    "ocrbox": _object(
        "x y width height", **_BOX, pageIndex={"type": "integer", "minimum": 1}, ocrtext={"type": "string"}
    ),
    "cuboid": _object(
        "x y z length width height yaw",
        **dict.fromkeys(("x", "y", "z", "yaw", "pitch", "roll"), _NUMBER),
        **dict.fromkeys(("length", "width", "height"), _LENGTH),
    ),
    "points": _object("indexes", indexes={"type": "array", "items": _INDEX}),
    "message": _object(
        "role content", role={"type": "string"}, content={"type": "string"}, createdAt={"type": "number"}
    ),
}
#: The kinds of region that plain Labels make or label, by type of object.
_LABELLED: Mapping[str, tuple[str, ...]] = {
    "text": ("span",),
    "hypertext": ("hyperspan",),
    "audio": ("segment",),
    "paragraphs": ("phrase",),
    "image": ("rectangle", "ellipse", "polygon", "keypoint", "vector", "brush", "bitmask"),
    "video": ("segment", "track", "vectortrack"),
    "pointcloud": ("cuboid", "points"),
}


def result_schema(plan: Plan) -> Schema:
    """
    Args:
        plan: the plan as JSON data.

    Returns:
        Schema of the list of results of one annotation or prediction.
    """
    kinds = {part["name"]: part["type"] for part in plan["objects"]}
    rows = [_row(control, kinds) for control in plan["controls"]]
    if any(len(shapes_of(control, kinds)) for control in plan["controls"]):
        rows.append(_relation(plan.get("relations")))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Results of one annotation or prediction",
        "type": "array",
        "items": {"anyOf": rows},
    }


def shapes_of(control: Plan, kinds: Mapping[str, str]) -> tuple[str, ...]:
    """Kinds of region whose geometry results of *control* have; messages of a chat have none."""
    if control["type"] == "chatmessage":
        return ()
    if control.get("shape"):
        return (control["shape"],)
    if control["type"] == "labels":
        return tuple(dict.fromkeys(k for name in control["to"] for k in _LABELLED.get(kinds.get(name, ""), ())))
    return ()


def _row(control: Plan, kinds: Mapping[str, str]) -> Schema:
    own = control["name"]
    targets = (
        [*control["to"], own]
        if control["type"] in ("pairwise", "chatmessage", "reactcode", "component")
        else control["to"]
    )
    shapes = shapes_of(control, kinds)
    if shapes:
        given = _labels(control)
        choices = [_joined(SHAPES[shape], given) for shape in shapes]
        value = choices[0] if len(choices) == 1 else {"anyOf": choices}
    else:
        value = _joined({"type": "object", "properties": {}, "required": []}, _answer(control))
    return {
        "title": f"{control['tag']} {own}",
        "type": "object",
        "properties": {
            "id": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,100}$"},
            "from_name": {"const": own} if "repeat" not in control else {"type": "string"},
            "to_name": {"enum": list(dict.fromkeys(targets))} if "repeat" not in control else {"type": "string"},
            "type": {"const": control["type"]},
            "value": value,
            "score": _NUMBER,
            "origin": {"enum": ["manual", "prediction", "prediction-changed"]},
            "meta": {"type": "object"},
            "item_index": _INDEX,
            "original_width": {"type": "number", "exclusiveMinimum": 0},
            "original_height": {"type": "number", "exclusiveMinimum": 0},
        },
        "required": ["from_name", "to_name", "type", "value"],
    }


def _relation(relations: Plan | None) -> Schema:
    names = [option["stored"] for option in relations["options"]] if relations else []
    labels = {"type": "array", "items": {"enum": names}} if names else _STRINGS
    return {
        "title": "Relation",
        "type": "object",
        "properties": {
            "type": {"const": "relation"},
            "from_id": {"type": "string"},
            "to_id": {"type": "string"},
            "direction": {"enum": ["left", "right", "bi"]},
            "labels": labels,
        },
        "required": ["type", "from_id", "to_id"],
    }


def _joined(shape: Schema, more: Mapping[str, tuple[Schema, bool]]) -> Schema:
    """*shape* with further members: each a schema, and whether it must be there."""
    return {
        **shape,
        "properties": {**shape["properties"], **{name: schema for name, (schema, _) in more.items()}},
        "required": [*shape["required"], *(name for name, (_, needed) in more.items() if needed)],
    }


def _labels(control: Plan) -> dict[str, tuple[Schema, bool]]:
    if "options" not in control:
        return {"labels": (_STRINGS, False)}
    names = _stored(control)
    if control["type"] == "videovectorlabels":  # both keys are written: by editors, by the SDK
        either: Schema = {"type": "array", "items": names}
        return {"videovectorlabels": (either, False), "labels": (either, False)}
    fewest = 0 if control.get("allow_empty") else 1
    listed: Schema = {"type": "array", "items": names, "minItems": fewest}
    if control.get("choice") == "single":
        listed["maxItems"] = 1
    return {control["type"]: (listed, True)}


def _stored(control: Plan) -> Schema:
    if control.get("dynamic") is not None:  # the task brings more
        return {"type": "string"}
    return {"enum": [option["stored"] for option in control["options"]]}


def _answer(control: Plan) -> dict[str, tuple[Schema, bool]]:
    match control["type"]:
        case "choices":
            nested = control.get("allow_nested") is True
            item: Schema = {"anyOf": [{"type": "string"}, _STRINGS]} if nested else _stored(control)
            listed: Schema = {"type": "array", "items": item, "minItems": 1}
            if control["choice"] != "multiple":
                listed["maxItems"] = 1
            return {"choices": (listed, True)}
        case "taxonomy":
            paths: Schema = {"type": "array", "items": _STRINGS | {"minItems": 1}, "minItems": 1}
            if control.get("max_usages"):
                paths["maxItems"] = control["max_usages"]
            return {"taxonomy": (paths, True)}
        case "textarea":
            texts = _STRINGS | {"minItems": 1}
            if control.get("max_submissions"):
                texts["maxItems"] = control["max_submissions"]
            return {"text": (texts, True)}
        case "rating":
            return {"rating": ({"type": "integer", "minimum": 1, "maximum": control["max_rating"]}, True)}
        case "number":
            bounds = {"minimum": control.get("min"), "maximum": control.get("max")}
            return {"number": (_NUMBER | {name: at for name, at in bounds.items() if at is not None}, True)}
        case "datetime":
            return {"datetime": ({"type": "string", "description": f"strftime {control.get('format', '')}"}, True)}
        case "pairwise":
            return {"selected": ({"enum": ["left", "right"]}, True)}
        case "ranker":
            lists: Schema = {"type": "object", "additionalProperties": _STRINGS}
            return {"ranker": (lists, True)}
        case "chatmessage":
            return {"chatmessage": (SHAPES["message"], True)}
        case kind:  # component, reactcode: the config says what their value is
            return {kind: (control.get("result") or {}, True)}
