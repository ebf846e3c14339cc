"""Configs made from the tag tables: any tag in any other, any attribute with values that fit and values that do not."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from xml.sax.saxutils import quoteattr

from bench.mutations import VALUES
from config_compiler import reference
from config_compiler.tags import registry
from config_compiler.tags.model import Attr, Tag, Type

NAMES = ("a", "b", "img", "t_{{idx}}", "", "é", "a b")
_FITTING: dict[Type, tuple[str, ...]] = {
    "name": NAMES,
    "names": (*NAMES, "a,b"),
    "text": ("word", "Two words", "x1"),
    "bool": ("true", "false"),
    "int": ("1", "3"),
    "float": ("0.5", "1"),
    "color": ("red", "#336699"),
    "size": ("10px", "50%"),
    "style": ("color: red", "display: flex; gap: 1em"),
    "key": ("q", "ctrl+k", "shift+f2"),
    "words": ("one", "one,two"),
    "value": ("$field", "Read $title", "plain"),
    "field": ("$list", "$doc.pages"),
    "rate": ("1", "$rate"),
    "range": ("0,1", "0.5,2"),
}
_CODE = "kite.answer({})"


def anything(random: Random) -> str:
    """A config in which nothing need fit."""
    return _element(random, random.choice(registry.TAGS), 0)


def _element(random: Random, tag: Tag, depth: int) -> str:
    attributes = " ".join(_written(random, tag, attr) for attr in tag.attrs if random.random() < _likely(attr))
    if depth > 4:
        return f"<{tag.name} {attributes}/>"
    fitting = [found for name in reference.children(tag) if (found := registry.find(name))]
    inside = []
    for _ in range(random.choice((0, 0, 1, 2, 4)) if depth else random.choice((2, 4, 6))):
        pool = fitting if fitting and random.random() < 0.85 else registry.TAGS
        inside.append(_element(random, random.choice(pool), depth + 1))
    if random.random() < 0.05:
        inside.append(random.choice(("text", "<!-- {} -->", '<!-- {"field": 1} -->', "&lt;", "<![CDATA[<b>]]>")))
    return f"<{tag.name} {attributes}>{''.join(inside)}</{tag.name}>"


def _likely(attr: Attr) -> float:
    return 0.95 if attr.required or attr.name in ("name", "toName", "value") else 0.1


def _written(random: Random, tag: Tag, attr: Attr) -> str:
    name = attr.name if random.random() < 0.97 else attr.name.upper()
    if random.random() < 0.15:
        return f"{name}={quoteattr(random.choice(VALUES))}"
    return f"{name}={quoteattr(_fitting(random, tag, attr))}"


def _fitting(random: Random, tag: Tag, attr: Attr) -> str:
    if attr.values:
        return random.choice(attr.values)
    if attr.type in ("int", "float", "rate") and attr.low is not None:
        return f"{attr.low:g}"
    if attr.type in ("value", "field") and tag.role == "object":
        return random.choice(("$one", "$two", "$doc.pages"))
    return random.choice(_FITTING[attr.type])


def sound(random: Random) -> str:
    """A config in which everything fits: objects, a control or two for each, all their attributes possible."""
    objects = random.sample([tag for tag in registry.TAGS if tag.role == "object"], random.choice((1, 1, 2)))
    parts = [_sound(random, tag, name=f"o{n}") for n, tag in enumerate(objects)]
    for n, target in enumerate(objects):
        fitting = [
            tag
            for tag in registry.TAGS
            if tag.role in ("regions", "answers") and (not tag.works_on or target.name in tag.works_on)
        ]
        parts += [
            _sound(random, tag, name=f"c{n}{m}", to=f"o{n}")
            for m, tag in enumerate(random.sample(fitting, min(len(fitting), 2)))
        ]
    random.shuffle(parts)
    for layout in random.sample(("View", "Collapse", "Header", "Markdown", "none"), 2):
        wrapped = {
            "View": f'<View style="color: red">{"".join(parts[:1])}</View>',
            "Collapse": f'<Collapse><Panel value="More">{"".join(parts[:1])}</Panel></Collapse>',
        }
        if layout in wrapped:
            parts = [wrapped[layout], *parts[1:]]
        elif layout != "none":
            parts.append(f'<{layout} value="Read $title"/>')
    return f"<View>{''.join(parts)}</View>"


def _sound(random: Random, tag: Tag, name: str = "", to: str = "") -> str:
    children = ""
    if tag.children and tag.role != "layout":
        count = 2 if not tag.optional_children else random.choice((0, 2))
        child = registry.find(tag.children[0])
        if child is not None and child is not tag:
            children = "".join(_sound(random, child, name=f"{name}{n}") for n in range(count))
    attributes = " ".join(_given(random, tag, name, to))
    if tag.object_type == "component":
        return f"<{tag.name} {attributes}>{_CODE}</{tag.name}>"
    return f"<{tag.name} {attributes}>{children}</{tag.name}>"


def _given(random: Random, tag: Tag, name: str, to: str) -> Iterator[str]:
    fixed = {"name": name, "toName": to or None, "value": f"${name}" if tag.role == "object" else name, "src": None}
    if tag.name == "Pairwise":
        fixed["toName"] = f"{to},{to}"
    if tag.role not in ("object", "option") or any(attr.name == "value" and attr.type == "field" for attr in tag.attrs):
        fixed["value"] = fixed["value"] if tag.role == "object" else None
    if tag.role == "part":
        fixed = {"column": name}
    for attr in tag.attrs:
        wanted = fixed.get(attr.name, "")
        if attr.name in fixed:
            if wanted:
                yield f"{attr.name}={quoteattr(wanted)}"
        elif attr.unsupported:
            continue
        elif attr.required or (attr.type in ("bool", "enum", "color", "size") and random.random() < 0.3):
            yield f"{attr.name}={quoteattr(_fitting(random, tag, attr))}"
