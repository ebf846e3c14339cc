"""COCO object detection and keypoints: boxes, polygons, run-length masks and key points of listed images.

Source: the COCO data format, cocodataset.org/#format-data. Boxes are [x, y, width, height] in pixels from the upper
left corner, polygons flat lists of x and y in pixels (several: the parts of one object), masks as in coco_rle, key
points [x, y, v] with v 0: not labeled, 1: labeled and not visible, 2: visible, in the order of the category's
`keypoints`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import fsum
from typing import Any

from labeling import masks, reading
from labeling.imports import coco_rle
from labeling.imports.options import Beside, Found, Json, Options, address_of
from labeling.imports.targets import Box, Dot, Form, Notes, Painted, Polygon, Region, Size, Targets, boxed
from labeling.masks.mask import MaskError
from labeling.problems import Problem, problem

MOST_SIDE = 65_535
_KNOWN = frozenset({
    "id", "image_id", "category_id", "segmentation", "bbox", "area", "iscrowd", "keypoints", "num_keypoints", "score",
    "ignore",
})  # fmt: skip


def is_coco(value: object) -> bool:
    """Whether a JSON value is a COCO file: an object with a list of images, and no task's data."""
    if not isinstance(value, dict) or "data" in value or not isinstance(value.get("images"), list):
        return False
    return isinstance(value.get("annotations"), list) or isinstance(value.get("categories"), list)


def tasks(value: Mapping[str, Any], targets: Targets, options: Options, beside: Beside) -> Iterator[Found]:
    """A task for each image, in the order of `images`; what belongs to none is refused at the end."""
    if not targets.object:
        hint = 'Add an object, e.g. <Image name="image" value="$image"/>, then import again.'
        yield "images", None, [problem("no-image-object", "The config shows no image.", "images", hint)]
        return
    reader = _Coco(value, targets, options, beside)
    yield from reader.tasks()


class _Coco:
    def __init__(self, value: Mapping[str, Any], targets: Targets, options: Options, beside: Beside) -> None:
        self._value, self._targets, self._options, self._beside = value, targets, options, beside
        self._notes: Notes = targets.notes
        self._categories: dict[object, Mapping[str, Any]] = {}
        for category in _listed(value.get("categories")):
            if isinstance(category, dict) and _key(category.get("id")) is not None:
                self._categories.setdefault(category["id"], category)

    def tasks(self) -> Iterator[Found]:
        images = _listed(self._value.get("images"))
        of_image: dict[object, list[tuple[str, Any]]] = {}
        stray: list[tuple[str, Any]] = []
        for number, given in enumerate(_listed(self._value.get("annotations")), 1):
            where = _named("annotation", given, number)
            key = _key(given.get("image_id")) if isinstance(given, dict) else None
            (stray if key is None else of_image.setdefault(key, [])).append((where, given))
        seen: set[object] = set()
        for number, image in enumerate(images, 1):
            where = _named("image", image, number)
            id_ = _key(image.get("id")) if isinstance(image, dict) else None
            if id_ is None or id_ in seen:
                message = "It has no id." if id_ is None else "Another image has its id."
                yield where, None, [problem("bad-image", message, where, "Give every image an id of its own.")]
                continue
            seen.add(id_)
            yield self._task(image, where, of_image.pop(id_, []))
        for missing, left in of_image.items():
            message = f"There is no image {missing!r} for it."
            for where, _ in left:
                yield where, None, [problem("no-image", message, where, "Add the image to `images`.")]
        for where, _ in stray:
            message = "It does not say its image."
            yield where, None, [problem("no-image", message, where, "Give it an `image_id`.")]

    def _task(self, image: Mapping[str, Any], where: str, given: list[tuple[str, Any]]) -> Found:
        name = next((image[key] for key in ("file_name", "coco_url", "flickr_url") if _text(image.get(key))), "")
        if name:
            where = f"{where} ({name[:120]})"
        address = address_of(name, self._beside, self._options)
        if address is None and _text(image.get("coco_url")):
            address = image["coco_url"]
        if address is None:
            return where, None, [no_file(name, where)]
        size = _size(image)
        if size is None:
            size = self._beside.size(name)
        if size is None:
            message = "The image has no size (width and height, whole pixels)."
            hint = f"Both must be 1 to {MOST_SIDE}; regions in pixels need them."
            return where, None, [problem("bad-size", message, f"{where}", hint)]
        results: list[Json] = []
        problems: list[Problem] = []
        scores: list[float] = []
        for number, (place, entry) in enumerate(given, 1):
            made = self._entry(entry, number, size, f"{where}, {place}")
            results += made[0]
            problems += made[1]
            scores += made[2]
        task: Json = {"data": {self._targets.field: address}}
        return where, with_results(task, results, self._options, bool(given), scores, "COCO"), problems

    def _entry(self, given: Any, number: int, size: Size, where: str) -> tuple[list[Json], list[Problem], list[float]]:
        if not isinstance(given, dict):
            return [], [problem("bad-annotation", "An annotation must be an object.", where, "Mend the file.")], []
        category = self._categories.get(_key(given.get("category_id")))
        label = category.get("name") if category is not None else None
        if category is None or not _text(label):
            message = f"There is no category {given.get('category_id')!r} with a name."
            return [], [problem("no-category", message[:200], where, "Add it to `categories`.")], []
        assert isinstance(label, str)
        for key in sorted(given.keys() - _KNOWN):
            message = f"{key!r} of annotations is not read: results have no place for it."
            self._notes.add("member-left-out", message[:200], where, "Put what is needed into the label.", key=key)
        score = reading.number(given.get("score"))
        problems: list[Problem] = []
        results: list[Json] = []
        try:
            forms = list(self._forms(given, size))
        except (MaskError, _Bad) as bad:
            return [], [problem("bad-region", f"This cannot be drawn: {bad}.", where, "Mend the annotation.")], []
        id_ = f"coco{number}"
        points = self._points(given, category)
        if forms and (not points or any(self._targets.takes(form.kind) for form in forms)):
            text = ("crowd",) if given.get("iscrowd") == 1 else ()
            region = Region(label, forms, size, score, text)
            made = self._targets.results(region, id_, self._options.role, where)
            if isinstance(made, list):
                results += made
            else:
                problems.append(made)
        parent = id_ if results else ""
        if points and not self._targets.takes("point") and results:
            message = "Key points are left out: the config has no control for them."
            self._notes.add("keypoints-left-out", message, where, "Add <KeyPointLabels> to keep them.")
            points = []
        for place, (name, x, y, visible) in enumerate(points, 1):
            text = () if visible else ("not visible",)
            dot = Dot(100 * x / size[0], 100 * y / size[1])
            region = Region(name, (dot,), size, None, text, parent)
            found = self._targets.results(region, f"{id_}-{place}", self._options.role, f"{where}, key point {name}")
            if isinstance(found, list):
                results += found
            else:
                problems.append(found)
        if not forms and not points:
            message = "It has no box, no outline and no key point that is labeled."
            problems.append(problem("bad-region", message, where, "Give it a `bbox` or a `segmentation`."))
        return results, problems, [score] if score is not None and results else []

    def _forms(self, given: Mapping[str, Any], size: Size) -> Iterator[Form]:
        """Outline or mask first, then the box, which is around them where it is not given."""
        width, height = size
        outline = given.get("segmentation")
        around: Box | None = None
        if isinstance(outline, dict):
            mask = _mask(outline, size)
            if mask.is_empty:
                raise _Bad("its mask is empty")
            yield Painted(mask)
            left, top, right, bottom = mask.bounds or (0, 0, 0, 0)
            around = Box(
                100 * left / width, 100 * top / height, 100 * (right - left) / width, 100 * (bottom - top) / height
            )
            rings = masks.rings(mask) if self._targets.takes("polygon") else []
            if len(rings) == 1:
                yield Polygon([(100 * x / width, 100 * y / height) for x, y in rings[0]])
        elif outline:
            rings_of = [_ring(part) for part in outline] if isinstance(outline, list) else []
            if not rings_of or any(ring is None for ring in rings_of):
                raise _Bad("its segmentation is no list of polygons with 3 points or more, and no mask")
            polygons = [ring for ring in rings_of if ring is not None]
            percent = [[(100 * x / width, 100 * y / height) for x, y in ring] for ring in polygons]
            if len(percent) == 1:
                yield Polygon(percent[0])
            if self._targets.takes("mask"):
                whole = masks.make(width, height, {})
                for ring in polygons:
                    whole = masks.union(whole, masks.from_rings([ring], width, height))
                if not whole.is_empty:
                    yield Painted(whole)
            around = boxed([point for ring in percent for point in ring])
        box = given.get("bbox")
        if box is not None:
            numbers = [reading.number(side) for side in box] if isinstance(box, list) else []
            if len(numbers) != 4 or None in numbers:
                raise _Bad("its bbox is not four numbers")
            x, y, wide, high = (float(side or 0) for side in numbers)
            if wide > 0 and high > 0:
                around = Box(100 * x / width, 100 * y / height, 100 * wide / width, 100 * high / height)
            elif around is None and not given.get("keypoints"):
                raise _Bad("its bbox has no area")
        if around is not None:
            yield around

    def _points(self, given: Mapping[str, Any], category: Mapping[str, Any]) -> list[tuple[str, float, float, bool]]:
        names, flat = _listed(category.get("keypoints")), _listed(given.get("keypoints"))
        found = []
        for place in range(len(flat) // 3):
            x, y, v = (reading.number(n) for n in flat[3 * place : 3 * place + 3])
            if x is not None and y is not None and v:
                name = names[place] if place < len(names) and _text(names[place]) else str(place + 1)
                found.append((name, float(x), float(y), v == 2))
        return found


def with_results(
    task: Json, results: list[Json], options: Options, judged: bool, scores: list[float], made_by: str
) -> Json:
    """The task with its regions as an annotation or a prediction; without, unless the file says that there are none."""
    if not results and not judged:
        return task
    if options.role == "annotations":
        return {**task, "annotations": [{"result": results}]}
    prediction: Json = {"result": results, "model_version": made_by}
    if scores:
        prediction["score"] = fsum(scores) / len(scores)  # sum() differs between versions of Python
    return {**task, "predictions": [prediction]}


def no_file(name: str, where: str) -> Problem:
    message = f"The image {name[:120]!r} is not in the import." if name else "The image has no file name."
    hint = "Import it together with the annotations (in one zip), or say where the images are (image_root)."
    return problem("no-image-file", message, where, hint)


class _Bad(ValueError):
    pass


def _mask(code: Mapping[str, Any], size: Size) -> masks.Mask:
    sides = code.get("size")
    if isinstance(sides, list) and len(sides) == 2 and [size[1], size[0]] != sides:
        raise _Bad(f"its mask is {sides[1]!s:.12} x {sides[0]!s:.12} pixels, the image {size[0]} x {size[1]}")
    return coco_rle.read(code.get("counts"), *size)


def _ring(flat: object) -> list[tuple[float, float]] | None:
    if not isinstance(flat, list) or len(flat) < 6 or len(flat) % 2:
        return None
    numbers = [reading.number(value) for value in flat]
    if None in numbers:
        return None
    known = [float(value or 0) for value in numbers]
    return list(zip(known[::2], known[1::2], strict=True))


def _size(image: Mapping[str, Any]) -> Size | None:
    width, height = reading.whole(image.get("width")), reading.whole(image.get("height"))
    if width is None or height is None or not (1 <= width <= MOST_SIDE and 1 <= height <= MOST_SIDE):
        return None
    return width, height


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _key(value: object) -> int | str | None:
    """An id: a whole number or a text."""
    return value if isinstance(value, str) else reading.whole(value)


def _named(what: str, given: object, number: int) -> str:
    id_ = _key(given.get("id")) if isinstance(given, dict) else None
    return f"{what} {number}" if id_ is None else f"{what} {id_!s:.60}"
