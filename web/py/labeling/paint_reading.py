"""The members of ``paint``, checked."""

from __future__ import annotations

from collections.abc import Mapping

from labeling import reading
from labeling.intent_form import Form
from labeling.intents_paint import Paint, Stroke

#: Points of one intent, and how far from the picture's corner they may be, in pixels.
MOST_POINTS = 100_000
#: Characters of ``rows``: a run takes two bytes or more, so that every second pixel of twelve megapixels fits.
MOST_ROWS = 16_000_000
_FARTHEST = 1_000_000


def read(form: Form) -> Paint:
    """
    Raises:
        Refusal: bad-intent, with the member that is missing or of the wrong type.
    """
    strokes = _strokes(form)
    rows, fill = form.optional_text("rows", MOST_ROWS), form.flag("fill") or False
    if not strokes and rows is None and not fill:
        raise form.bad("strokes", "a list of strokes, if there are no rows")
    return Paint(
        form.identifier("region"),
        form.text("object"),
        form.optional_text("control"),
        form.flag("erase") or False,
        strokes,
        rows,
        fill,
        form.flag("cut_others") or False,
    )


def _strokes(form: Form) -> tuple[Stroke, ...]:
    if not form.has("strokes"):
        return ()
    made = tuple(_stroke(given) for given in form.mappings("strokes"))
    found = tuple(stroke for stroke in made if stroke is not None)
    if len(found) < len(made):
        wanted = "a list of strokes with radius, softness (0 to 1), tip (round or square) and points, pairs of numbers"
        raise form.bad("strokes", wanted)
    if sum(len(stroke.points) for stroke in found) > MOST_POINTS:
        raise form.bad("strokes", f"at most {MOST_POINTS} points")
    return found


def _stroke(given: Mapping[str, object]) -> Stroke | None:
    radius, softness = reading.number(given.get("radius")), reading.number(given.get("softness", 0))
    tip = given.get("tip", "round")
    rows = given.get("points")
    points = [_point(row) for row in rows] if isinstance(rows, list) else []
    found = tuple(point for point in points if point is not None)
    if radius is None or not 0 < radius <= _FARTHEST or softness is None or not 0 <= softness <= 1:
        return None
    if not found or len(found) < len(points) or tip not in ("round", "square"):
        return None
    return Stroke(found, radius, softness, "square" if tip == "square" else "round")


def _point(given: object) -> tuple[float, float] | None:
    if not isinstance(given, list) or len(given) != 2:
        return None
    x, y = reading.number(given[0]), reading.number(given[1])
    if x is None or y is None or abs(x) > _FARTHEST or abs(y) > _FARTHEST:
        return None
    return float(x), float(y)
