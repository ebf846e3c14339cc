"""What a config wants from ``task.data``: its fields with their types, and a made-up task that has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any

from config_compiler import made_up
from config_compiler.diagnostics import Problems, shown
from config_compiler.reader import Attribute
from config_compiler.tree import Config, Item
from config_compiler.values import Literal, Mixed, Path, Value, paths

MAX_STEPS = 32
COPIES = 2  # of what a Repeater repeats, in made-up tasks

_WORD = re.compile(r"\w+")
_ANY = ("string", "number")


@dataclass(frozen=True, slots=True)
class Need:
    """A member of ``task.data`` that every task must have."""

    name: str
    types: tuple[str, ...]
    used_by: tuple[str, ...]


@dataclass(slots=True)
class _Use:
    """One variable of a config: where, for whom and for what; ``sample`` makes a value for one copy in a Repeater."""

    path: Path
    attribute: Attribute
    user: Item
    types: tuple[str, ...]
    sample: Callable[[int], Any]
    needed: bool = field(default=True)


def needs(config: Config, problems: Problems) -> tuple[tuple[Need, ...], dict[str, Any]]:
    """The fields that tasks must have, and a task made up to have them. Reports what is wrong with variables."""
    uses = sorted(_uses(config, problems), key=lambda use: use.attribute.span.start)
    found: dict[str, tuple[tuple[str, ...], dict[str, None]]] = {}
    data: dict[str, Any] = {}
    for use in uses:
        name = use.path.field
        if not use.path.path or _faulty(use, problems):
            continue
        if use.needed and use.path.path == (name,) and name in data and _kind(data[name]) not in use.types:
            data[name] = use.sample(0)  # what was put there before may be anything, this may not
        for number, path in _copies(use.path.path, use.user.flags):
            _put(data, path, use.sample(number))
        if not use.needed:
            continue
        types, used_by = found.get(name, (use.types, {}))
        both = tuple(kind for kind in types if kind in use.types)
        if not both:
            facts: dict[str, Any] = {
                "first": next(iter(used_by)),
                "wanted": _one_of(types),
                "found": _one_of(use.types),
                "name": name,
            }
            problems.add("C076", use.attribute.value_span, **facts)
            continue
        used_by[use.user.name] = None
        found[name] = (both, used_by)
    _no_field(config, uses, problems)
    return tuple(Need(name, types, tuple(used_by)) for name, (types, used_by) in found.items()), {"data": data}


def _kind(value: object) -> str:
    """The type of a made-up value, as plans name it."""
    kinds = (("string", str), ("list", list), ("object", dict))
    return next((kind for kind, made in kinds if isinstance(value, made)), "number")


def _one_of(types: tuple[str, ...]) -> str:
    return " or ".join("an object" if kind == "object" else f"a {kind}" for kind in types)


def _uses(config: Config, problems: Problems) -> Iterator[_Use]:
    for item in config.objects:
        yield from _object_uses(item, config, problems)
    for control in config.controls:
        if control.tag.role == "object":
            continue
        for attr in control.tag.data_attrs:
            value, written = control.values.value(attr.name), control.values.given(attr.name)
            if value is None or written is None:
                continue
            if attr.name == "value" and control.tag.dynamic:
                if isinstance(value, Path):
                    types = ("list",) if len(value.path) < 2 else _around(value, control)
                    yield _Use(value, written, control, types, partial(_options, control))
            else:
                yield from _of(value, written, control, _ANY, _constant("A first answer."))
    for control in (*config.controls, *config.extras):
        for option in config.all_options(control):
            if (text := option.item.values.value("value")) and (given := option.item.values.given("value")):
                for path in paths(text):
                    yield _Use(path, given, option.item, _ANY, _constant(f"Sample {path.field}"), needed=False)
    for item in config.root.walk() if config.root else ():
        if item.tag.role != "layout":
            continue
        for attr in item.tag.data_attrs:
            value, written = item.values.value(attr.name), item.values.given(attr.name)
            if value is None or written is None:
                continue
            for path in paths(value):
                sample = _items if attr.type == "field" else _constant(f"Sample {path.field}")
                yield _Use(path, written, item, ("list",) if attr.type == "field" else _ANY, sample, needed=False)


def _object_uses(item: Item, config: Config, problems: Problems) -> Iterator[_Use]:
    values = item.values
    for attr in item.tag.data_attrs:
        value, written = values.value(attr.name), values.given(attr.name)
        if value is None or written is None or (attr.name == "value" and item.has_pages):
            continue
        if attr.name == "value":
            _odd_value(item, value, written, problems)
        main = attr.name in ("value", "valueList") or (attr.name == "data" and item.tag.object_type == "component")
        types = ("list",) if attr.name == "valueList" else item.tag.field_types if main else _ANY
        sample = partial(made_up.sample, item, attr.name, config)
        for use in _of(value, written, item, types, sample):
            use.needed = main
            yield use


def _odd_value(item: Item, value: Value, written: Attribute, problems: Problems) -> None:
    """Report a value that was probably meant to be a field."""
    if isinstance(value, Literal) and (word := value.text.strip()) and _WORD.fullmatch(word):
        problems.add("C071", written.value_span, tag=item.tag.name, value=word)
    if isinstance(value, Mixed) and isinstance(value.parts[0], Path) and isinstance(value.parts[1], Literal):
        rest = value.parts[1].text
        if rest[0] in "-/" and len(value.parts) == 2 and " " not in rest:
            facts: dict[str, Any] = {"rest": shown(rest), "name": value.parts[0].source}
            problems.add("C079", written.value_span, **facts)


def _of(
    value: Value, written: Attribute, item: Item, types: tuple[str, ...], sample: Callable[[int], Any]
) -> Iterator[_Use]:
    for path in paths(value):
        whole = isinstance(value, Path)
        wanted = _around(path, item) if len(path.path) > 1 else types if whole else _ANY
        yield _Use(path, written, item, wanted, sample if whole else _constant(f"Sample {path.field}"))


def _around(path: Path, item: Item) -> tuple[str, ...]:
    """The type of the field that *path*, of several steps, goes into."""
    step = path.path[1]
    return ("list",) if isinstance(step, int) or step in item.flags else ("object",)


def _constant(value: str) -> Callable[[int], str]:
    return lambda _copy: value


def _options(control: Item, _copy: int) -> list[dict[str, Any]]:
    return made_up.options(control)


def _items(_copy: int) -> list[dict[str, Any]]:
    return [{} for _ in range(COPIES)]


def _copies(path: tuple[str | int, ...], flags: tuple[str, ...]) -> Iterator[tuple[int, tuple[str | int, ...]]]:
    """*path* in every copy of the Repeaters around it, with the number of the innermost one."""
    used = [flag for flag in flags if any(isinstance(step, str) and flag in step for step in path)]
    for numbers in product(range(COPIES), repeat=min(len(used), 4)):
        here = path
        for flag, number in zip(used, numbers, strict=False):
            here = tuple(
                number if step == flag else step.replace(flag, str(number)) if isinstance(step, str) else step
                for step in here
            )
        yield (numbers[0] if numbers else 0), here


def _faulty(use: _Use, problems: Problems) -> bool:
    """Report what is odd about a variable; whether it is of no use."""
    path, source = use.path, use.path.source
    span = use.attribute.part(path.offset, path.offset + len(source) + 1)
    if len(path.path) > MAX_STEPS:
        problems.add("C072", span, source=shown("$" + source))
        return True
    if path.path[-1] == "" and len(path.path) > 1:
        problems.add("C078", span, source=shown("$" + source), name=shown(source))
        return True
    if source[0].isdigit() and not use.needed:
        problems.add("C077", span, source=shown("$" + source), name=path.field)
    return False


def _no_field(config: Config, uses: list[_Use], problems: Problems) -> None:
    """A config must show at least one field in an object; and every path must be one."""
    for use in uses:
        if not use.path.path:
            span = use.attribute.part(use.path.offset, use.path.offset + len(use.path.source) + 1)
            problems.add("C072", span, source=shown("$" + use.path.source))
    shows = any(use.user.tag.role == "object" for use in uses)
    first = next(iter(config.objects), config.root or next(iter(config.extras), None))
    if shows or not config.complete or first is None:
        return
    written = first.values.given("value") if config.objects else None
    if not config.objects:
        problems.add("C070", first.span, way="no_object")
    elif written and written.value.strip():
        problems.add("C070", written.value_span, way="no_field", field=first.tag.object_type)


def _put(data: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    """Set the member at *path*, unless another variable already made something else of a step."""
    here: Any = data
    for step, following in zip(path, (*path[1:], None), strict=True):
        fresh: Any = value if following is None else [] if isinstance(following, int) else {}
        if isinstance(here, dict) and isinstance(step, str):
            here = here.setdefault(step, fresh)
        elif isinstance(here, list) and isinstance(step, int) and step <= 50:
            here.extend({} for _ in range(step + 1 - len(here)))
            if here[step] == {}:
                here[step] = fresh
            here = here[step]
        else:
            return
