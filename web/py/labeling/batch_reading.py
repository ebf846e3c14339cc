"""Intents about several regions as the page sends them, to the classes of intents_batch.py."""

from __future__ import annotations

from typing import cast

from labeling import reading
from labeling.intent_form import Form
from labeling.intents_batch import (
    FORMS,
    HOWS,
    WHERES,
    Accept,
    BatchIntent,
    Combine,
    Convert,
    Group,
    How,
    MergeSpans,
    Names,
    Paste,
    Reject,
    Reorder,
    SplitSpan,
    Transform,
    Ungroup,
    Where,
)
from labeling.intents_batch import Form as ShapeForm

#: Rows of one paste, points of one cutting line.
MOST_ROWS = 50_000
MOST_POINTS = 10_000


def read(form: Form) -> BatchIntent | None:
    """The intent, None if its type is not one of these."""
    match form.type:
        case "transform":
            scale = form.pair("scale") or (1.0, 1.0)
            if not all(1e-6 <= abs(factor) <= 1e6 for factor in scale):
                raise form.bad("scale", "two factors that are not 0")
            rotate, about = form.number("rotate", 0), form.point("about")
            return Transform(_names(form), form.number("dx", 0), form.number("dy", 0), scale, rotate, about)
        case "combine":
            how = cast(How, form.word("how", HOWS))
            return Combine(how, _names(form), _ids(form), _line(form), form.flag("keep") or False)
        case "convert":
            to = cast(ShapeForm, form.word("to", FORMS))
            return Convert(_names(form), to, _ids(form), form.positive("tolerance", "a number of pixels"))
        case "reorder":
            where = cast(Where, form.word("to", WHERES))
            return Reorder(_names(form), where, form.text("region") if where in ("before", "after") else None)
        case "group":
            return Group(_names(form), form.optional_text("parent"))
        case "ungroup":
            return Ungroup(_names(form))
        case "paste":
            answers, replace = form.flag("answers") or False, form.flag("replace") or False
            return Paste(_rows(form), _renamed(form), answers, form.pair("shift") or (0.0, 0.0), replace)
        case "accept":
            relabel = form.flag("relabel") or False
            return Accept(_names(form), _names(form, "controls"), *_scores(form), relabel)
        case "reject":
            return Reject(_names(form), _names(form, "controls"), *_scores(form))
        case "merge_spans":
            return MergeSpans(_names(form))
        case "split_span":
            return SplitSpan(form.text("region"), form.whole("at16"), form.identifier("id"))
        case _:
            return None


def _names(form: Form, member: str = "regions") -> Names:
    return form.names(member) if form.has(member) else None


def _ids(form: Form) -> tuple[str, ...]:
    return tuple(form.identifiers("ids")) if form.has("ids") else ()


def _scores(form: Form) -> tuple[float | None, float | None]:
    above = form.number("above") if form.has("above") else None
    return above, form.number("below") if form.has("below") else None


def _line(form: Form) -> tuple[tuple[float, float], ...]:
    if not form.has("line"):
        return ()
    given = form.raw("line")
    rows = given if isinstance(given, list) and 2 <= len(given) <= MOST_POINTS else []
    points = []
    for row in rows:
        pair = [reading.number(side) for side in row] if isinstance(row, list) and len(row) == 2 else []
        if len(pair) == 2 and pair[0] is not None and pair[1] is not None:
            points.append((pair[0], pair[1]))
    if not rows or len(points) != len(rows):
        raise form.bad("line", "a list of two or more pairs of numbers")
    return tuple(points)


def _rows(form: Form) -> tuple[object, ...]:
    given = form.raw("rows")
    if not isinstance(given, list) or len(given) > MOST_ROWS:
        raise form.bad("rows", f"a list of at most {MOST_ROWS} results")
    return tuple(given)


def _renamed(form: Form) -> dict[str, str]:
    given = form.mapping("ids") if form.has("ids") else {}
    ids = {old: name for old, new in given.items() if (name := reading.identifier(new))}
    if len(ids) != len(given) or len(set(ids.values())) != len(ids):
        raise form.bad("ids", "an object of different new ids")
    return ids
