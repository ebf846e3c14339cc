"""What a config wants from ``task.data``: its fields with their types, and a made-up task that has them."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from config_compiler.diagnostics import Problems, shown
from config_compiler.reader import Attribute
from config_compiler.tree import Config, Item
from config_compiler.values import Literal, Mixed, Path, Value, paths

MAX_STEPS = 32

_WORD = re.compile(r"\w+")
_ANY = ("string", "number")

SAMPLE_IMAGE = (  # a house, a tree and the sun: something to draw boxes around, without asking any host
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='960' height='640'%3E"
    "%3Crect width='960' height='640' fill='%23dbe7ee'/%3E"
    "%3Crect y='430' width='960' height='210' fill='%23b9c4a4'/%3E"
    "%3Ccircle cx='760' cy='120' r='56' fill='%23f4d58d'/%3E"
    "%3Crect x='150' y='250' width='250' height='230' fill='%23c98b6b'/%3E"
    "%3Cpath d='M130 250L275 150L420 250Z' fill='%237d4f50'/%3E"
    "%3Crect x='245' y='380' width='60' height='100' fill='%235a3d3d'/%3E"
    "%3Ccircle cx='640' cy='370' r='70' fill='%2370876a'/%3E"
    "%3Crect x='630' y='430' width='20' height='80' fill='%23604b3a'/%3E%3C/svg%3E"
)
SAMPLE_TEXT = (
    "Ada Lovelace wrote the first published program in London in 1843, for a machine that Charles Babbage designed."
)


@dataclass(frozen=True, slots=True)
class Need:
    """A member of ``task.data`` that every task must have."""

    name: str
    types: tuple[str, ...]
    used_by: tuple[str, ...]


@dataclass(slots=True)
class _Use:
    """One variable of a config: where, for whom and for what."""

    path: Path
    attribute: Attribute
    user: Item
    types: tuple[str, ...]
    sample: Any
    needed: bool = field(default=True)


def needs(config: Config, problems: Problems) -> tuple[tuple[Need, ...], dict[str, Any]]:
    """The fields that tasks must have, and a task made up to have them. Reports what is wrong with variables."""
    uses = sorted(_uses(config, problems), key=lambda use: use.attribute.span.start)
    found: dict[str, tuple[tuple[str, ...], list[str]]] = {}
    data: dict[str, Any] = {}
    for use in uses:
        name = use.path.field
        if not use.path.path or _faulty(use, problems):
            continue
        _put(data, use.path.path, use.sample)
        if not use.needed:
            continue
        types, used_by = found.get(name, (use.types, []))
        both = tuple(kind for kind in types if kind in use.types)
        if not both:
            facts: dict[str, Any] = {
                "first": used_by[0],
                "wanted": _one_of(types),
                "found": _one_of(use.types),
                "name": name,
            }
            problems.add("C076", use.attribute.value_span, **facts)
            continue
        if use.user.name not in used_by:
            used_by.append(use.user.name)
        found[name] = (both, used_by)
    _no_field(config, uses, problems)
    return tuple(Need(name, types, tuple(used_by)) for name, (types, used_by) in found.items()), {"data": data}


def _one_of(types: tuple[str, ...]) -> str:
    return " or ".join("an object" if kind == "object" else f"a {kind}" for kind in types)


def _uses(config: Config, problems: Problems) -> Iterator[_Use]:
    for item in config.objects:
        value = item.values.value("value")
        written = item.values.given("value")
        if value is None or written is None:
            continue
        if isinstance(value, Literal) and (word := value.text.strip()) and _WORD.fullmatch(word):
            problems.add("C071", written.value_span, tag=item.tag.name, value=word)
        if isinstance(value, Mixed) and isinstance(value.parts[0], Path) and isinstance(value.parts[1], Literal):
            rest = value.parts[1].text
            if rest[0] in "-/" and len(value.parts) == 2 and " " not in rest:
                facts: dict[str, Any] = {"rest": shown(rest), "name": value.parts[0].source}
                problems.add("C079", written.value_span, **facts)
        yield from _of(value, written, item, item.tag.field_types, _sample(item))
    for control in config.controls:
        if control.values.has("value") and (value := control.values.value("value")):
            written = control.values.given("value")
            if written is None:
                continue
            if control.tag.children:
                if isinstance(value, Path):
                    child = control.tag.children[0]
                    options = [{"value": f"{child} A"}, {"value": f"{child} B"}]
                    yield _Use(value, written, control, ("list",), options)
            else:
                yield from _of(value, written, control, _ANY, "A first answer.")
        for option in config.all_options(control):
            if (text := option.item.values.value("value")) and (given := option.item.values.given("value")):
                for path in paths(text):
                    yield _Use(path, given, option.item, _ANY, f"Sample {path.field}", needed=False)
    for item in config.root.walk() if config.root else ():
        if item.tag.role != "layout" or not item.values.has("value"):
            continue
        if (text := item.values.value("value")) and (given := item.values.given("value")):
            for path in paths(text):
                yield _Use(path, given, item, _ANY, f"Sample {path.field}", needed=False)


def _of(value: Value, written: Attribute, item: Item, types: tuple[str, ...], sample: Any) -> Iterator[_Use]:
    for path in paths(value):
        if isinstance(value, Path):
            wanted = types if len(path.path) < 2 else ("list",) if isinstance(path.path[1], int) else ("object",)
            yield _Use(path, written, item, wanted, sample)
        else:
            wanted = _ANY if len(path.path) < 2 else ("list",) if isinstance(path.path[1], int) else ("object",)
            yield _Use(path, written, item, wanted, f"Sample {path.field}")


def _sample(item: Item) -> str:
    if item.tag.name == "Image":
        return SAMPLE_IMAGE
    text = SAMPLE_TEXT
    if item.values.text("valueType") == "url":
        text = "data:text/plain," + text.replace(" ", "%20")
    return text if item.values.text("encoding") == "none" else b64encode(text.encode()).decode()


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
    if shows or not config.complete or config.root is None:
        return
    first = config.objects[0] if config.objects else config.root
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
