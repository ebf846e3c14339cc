"""Filters over tasks, in the form that Label Studio's task list takes as `query`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.problems import refuse
from chalicelib.tasks import State
from chalicelib.times import iso

Task = Mapping[str, Any]
PREFIX = "filter:tasks:"
MOST = 50

COLUMNS: dict[str, Callable[[Task, State], Any]] = {
    "id": lambda task, _: task["id"],
    "inner_id": lambda task, _: task["inner_id"],
    "state": lambda _, state: state.name,
    "agreement": lambda _, state: None if state.agreement is None else 100 * state.agreement,
    "total_annotations": lambda _, state: state.done,
    "cancelled_annotations": lambda _, state: len(state.labels()) - state.done,
    "total_predictions": lambda task, _: len(task["predictions"]),
    "annotators": lambda _, state: sorted({a["person"] for a in state.annotations}),
    "created_at": lambda task, _: task["created_at"],
    "updated_at": lambda task, state: iso(state.updated_at / 1000) if state.updated_at else task["created_at"],
}
"""What can be compared, beside `data.<field>`. Agreement is in percent, as in Label Studio."""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _equal(found: Any, value: Any) -> bool:
    if isinstance(found, int | float) and not isinstance(value, int | float):
        return _text(found) == _text(value)
    return bool(found == value) or (isinstance(found, str) and found == _text(value))


def _holds(found: Any, value: Any) -> bool:
    if isinstance(found, list):
        wanted = value if isinstance(value, list) else [value]
        return any(one in found for one in wanted)
    return found is not None and _text(value).casefold() in _text(found).casefold()


def _number(value: Any) -> float:
    return float(value)


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compared(found: Any, value: Any) -> bool:
        if found is None:
            return False
        if isinstance(found, str):
            return test(found, _text(value))
        return test(_number(found), _number(value))

    return compared


def _between(found: Any, value: Any) -> bool:
    least, most = value["min"], value["max"]
    return _compare(lambda a, b: a >= b)(found, least) and _compare(lambda a, b: a <= b)(found, most)


def _empty(found: Any, value: Any) -> bool:
    return (found in (None, "", [], {})) == (value not in (False, "False", "false"))


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "equal": _equal,
    "not_equal": lambda found, value: not _equal(found, value),
    "contains": _holds,
    "not_contains": lambda found, value: not _holds(found, value),
    "less": _compare(lambda a, b: a < b),
    "greater": _compare(lambda a, b: a > b),
    "less_or_equal": _compare(lambda a, b: a <= b),
    "greater_or_equal": _compare(lambda a, b: a >= b),
    "in": _between,
    "not_in": lambda found, value: found is not None and not _between(found, value),
    "in_list": lambda found, value: found in value,
    "not_in_list": lambda found, value: found not in value,
    "empty": _empty,
}


@dataclass(frozen=True, slots=True)
class _Test:
    read: Callable[[Task, State], Any]
    operator: Callable[[Any, Any], bool]
    value: Any

    def __call__(self, task: Task, state: State) -> bool:
        try:
            return self.operator(self.read(task, state), self.value)
        except (TypeError, ValueError, KeyError, OverflowError):
            return False  # "abc" is not less than 5: the task is not what was asked for


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tasks are wanted. `only`: no others than these ids; `without`: not these."""

    tests: tuple[_Test, ...] = ()
    is_all: bool = True
    only: frozenset[int] | None = None
    without: frozenset[int] = frozenset()
    newest_first: bool = False

    @property
    def is_everything(self) -> bool:
        return not self.tests and self.only is None and not self.without

    def __call__(self, task: Task, state: State) -> bool:
        if task["id"] in self.without or (self.only is not None and task["id"] not in self.only):
            return False
        found = (test(task, state) for test in self.tests)
        return not self.tests or (all(found) if self.is_all else any(found))


def read(text: str) -> Filter:
    """
    Of Label Studio's `query`: `{"filters": {"conjunction", "items": [{"filter", "operator", "value"}]}, "ordering",
    "selectedItems": {"all", "included" | "excluded"}}`.

    Raises:
        Refusal: 400 with the place of what is not understood.
    """
    if not text:
        return Filter()
    try:
        query = json.loads(text)
    except (ValueError, RecursionError):
        raise _bad("It is not JSON.") from None
    if not isinstance(query, dict):
        raise _bad("It must be a JSON object.")
    filters = query.get("filters") or {}
    items = filters.get("items", []) if isinstance(filters, dict) else None
    if not isinstance(items, list) or len(items) > MOST:
        raise _bad(f"filters.items must be a list of at most {MOST}.")
    selected = query.get("selectedItems") or {}
    if not isinstance(selected, dict):
        raise _bad("selectedItems must be an object.")
    only = None if selected.get("all", True) else _ids(selected, "included")
    return Filter(
        tests=tuple(_test(item, n) for n, item in enumerate(items)),
        is_all=filters.get("conjunction", "and") != "or",
        only=only,
        without=_ids(selected, "excluded") if only is None else frozenset(),
        newest_first=_is_newest_first(query.get("ordering") or []),
    )


def _ids(selected: Mapping[str, Any], name: str) -> frozenset[int]:
    ids = selected.get(name) or []
    if not isinstance(ids, list) or not all(isinstance(id_, int) for id_ in ids):
        raise _bad(f"selectedItems.{name} must be a list of ids.")
    return frozenset(ids)


def _is_newest_first(ordering: Any) -> bool:
    if not isinstance(ordering, list) or not all(isinstance(name, str) for name in ordering):
        raise _bad("ordering must be a list of columns.")
    if any(name.lstrip("-") not in ("tasks:id", "tasks:inner_id", "id", "inner_id") for name in ordering[:1]):
        raise _bad(f"Tasks cannot be ordered by {ordering[0][:80]}.", hint="Order by tasks:id or -tasks:id.")
    return bool(ordering) and ordering[0].startswith("-")


def _test(item: Any, n: int) -> _Test:
    place = f"filters.items[{n}]"
    if not isinstance(item, dict) or not isinstance(item.get("filter"), str):
        raise _bad(f"{place} must have a filter.")
    column, operator = item["filter"].removeprefix(PREFIX), item.get("operator")
    if not isinstance(operator, str) or operator not in OPERATORS:
        raise _bad(f"{place}: {operator!r} is no operator here.", hint=f"Use one of {', '.join(OPERATORS)}.")
    if column.startswith("data."):
        field = column.removeprefix("data.")
        return _Test(lambda task, _: task["data"].get(field), OPERATORS[operator], item.get("value"))
    if column not in COLUMNS:
        hint = f"Use one of {', '.join(COLUMNS)} or data.<field>."
        raise _bad(f"{place}: there is no column {column[:80]!r}.", hint=hint)
    return _Test(COLUMNS[column], OPERATORS[operator], item.get("value"))


def _bad(message: str, hint: str = "See docs/api.md for the form of a query.") -> Exception:
    return refuse(400, "bad-query", f"The query is not understood. {message}", where="parameter query", hint=hint)
