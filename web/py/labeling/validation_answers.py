"""Values of answers, strictly: what a submit may hold for each type of control."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from labeling import reading
from labeling.plan_index import Control
from labeling.problems import Problem, problem
from labeling.shapes.kind import short

MOST_ENTRIES = 1_000
LONGEST_TEXT = 1_000_000
#: Items that a ranking may hold.
MOST_ITEMS = 10_000


def check(control: Control, value: Mapping[str, object], where: str) -> Iterator[Problem]:
    """What is wrong with the control's member of a result's ``value``."""
    given = value.get(control.value_key)
    match control.type:
        case "choices":
            return _choices(control, given, where)
        case "taxonomy":
            return _taxonomy(control, given, where)
        case "textarea":
            return _texts(control, given, where)
        case "rating":
            return _rating(control, given, where)
        case "ranker":
            return _ranker(control, given, where)
        case _:
            return _plain(control, given, where)


def _choices(control: Control, given: object, where: str) -> Iterator[Problem]:
    paths = [_path(entry) for entry in given] if isinstance(given, list) and len(given) <= MOST_ENTRIES else [None]
    if any(path is None or (len(path) != 1 and not control.allow_nested) for path in paths):
        yield problem("bad-value", "value.choices must be a list of choices", where, control=control.name)
        return
    if len(paths) > 1 and control.choice != "multiple":
        message = f"only one choice may be picked, not {len(paths)}"
        yield problem("too-many-choices", message, where, control=control.name)
    names = [name for path in paths for name in path or ()]
    unknown = [name for name in names if control.table.stored(name) is None]
    if unknown and control.dynamic is None:
        hint = "choices: " + ", ".join(option.stored for option in control.table.options[:20])
        yield problem("unknown-choice", f"no choice {short(unknown[0])}", where, hint, control=control.name)


def _path(entry: object) -> tuple[str, ...] | None:
    return reading.strings(entry) or None


def _taxonomy(control: Control, given: object, where: str) -> Iterator[Problem]:
    rows = given if isinstance(given, list) and len(given) <= MOST_ENTRIES else [None]
    paths = [reading.strings(row) if isinstance(row, list) else None for row in rows]
    if not all(paths):
        message = "value.taxonomy must be a list of paths, each a list of texts"
        yield problem("bad-value", message, where, 'for example [["Animal", "Cat"]]', control=control.name)
        return
    most = control.max_usages
    if most is not None and len(paths) > most:
        message = f"{len(paths)} items are too many, at most {most}"
        yield problem("too-many-choices", message, where, control=control.name)
    if control.dynamic is not None or control.raw.get("api_url") or control.raw.get("legacy"):
        return  # items come from elsewhere
    unknown = next((path for path in paths if path and control.table.path(path) is None), None)
    if unknown is not None:
        message = f"no item {short(' / '.join(unknown))}"
        hint = "items: " + ", ".join(option.stored for option in control.table.options[:20])
        yield problem("unknown-choice", message, where, hint, control=control.name)


def _texts(control: Control, given: object, where: str) -> Iterator[Problem]:
    texts = reading.strings(given)
    if texts is None or isinstance(given, str):
        yield problem("bad-value", "value.text must be a list of texts", where, control=control.name)
        return
    most = MOST_ENTRIES if control.max_submissions is None else control.max_submissions
    if len(texts) > most:
        message = f"{len(texts)} texts are too many, at most {most}"
        yield problem("too-many-texts", message, where, control=control.name)
    if any(len(text) > LONGEST_TEXT for text in texts):
        message = f"a text is longer than {LONGEST_TEXT} characters"
        yield problem("text-too-long", message, where, control=control.name)


def _rating(control: Control, given: object, where: str) -> Iterator[Problem]:
    rating = reading.whole(given)
    if rating is None or not 1 <= rating <= control.max_rating:
        message = f"a rating is 1 to {control.max_rating}, not {short(given)}"
        yield problem("bad-rating", message, where, control=control.name)


def _ranker(control: Control, given: object, where: str) -> Iterator[Problem]:
    order = reading.mapping(given)
    lists = list(order.values()) if order is not None else [None]
    if not all(isinstance(items, list) and all(isinstance(item, str) for item in items) for items in lists):
        message = "value.ranker must be an object of lists of ids"
        yield problem(
            "bad-value", message, where, f'for example {{"{control.name}": ["a", "b"]}}', control=control.name
        )
        return
    ids = [item for items in lists if isinstance(items, list) for item in items]
    if len(ids) > MOST_ITEMS:
        yield problem("bad-value", f"{len(ids)} items are too many, at most {MOST_ITEMS}", where, control=control.name)
    elif len(set(ids)) != len(ids):
        yield problem("bad-value", "an item stands in two places", where, control=control.name)


def _plain(control: Control, given: object, where: str) -> Iterator[Problem]:
    """Numbers may be outside min and max: the input refuses that, the format does not (reference, section 25)."""
    key, wanted = control.value_key, ""
    match control.type:
        case "number":
            if isinstance(given, bool) or not isinstance(given, int | float) or not -1e300 < given < 1e300:
                wanted = "a number"
        case "datetime":
            if not isinstance(given, str) or not 0 < len(given) <= MOST_ENTRIES:
                wanted = "a date or time as a text"
        case "pairwise":
            if given not in ("left", "right"):
                wanted = '"left" or "right"'
        case _:
            if not isinstance(given, dict):
                wanted = "an object"
    if wanted:
        yield problem("bad-value", f"value.{key} must be {wanted}, not {short(given)}", where, control=control.name)
