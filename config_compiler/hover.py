"""What a word of a config means: the documentation of the tag, attribute or value at a place."""

from __future__ import annotations

from config_compiler import colors, complete, cursor, reference
from config_compiler.cursor import Cursor
from config_compiler.inventory import Inventory
from config_compiler.spans import Lines, Span
from config_compiler.tags import registry
from config_compiler.tags.model import Attr, Tag


def hover(source: str, offset: int) -> dict[str, object]:
    """``{"from", "to", "title", "doc"}``, or ``{}`` where nothing is to be said. Never raises."""
    place = cursor.at(source, offset)
    if place.kind == "close":
        tag = next((tag for node in place.open() if (tag := registry.find(node.name))), None)
        written = source[place.span.start : place.span.end]
        if tag and tag.name.lower() == written.lower():
            return _said(place.span, f"</{tag.name}>", f"Ends <{tag.name}>. {tag.doc}")
        return {}
    tag = registry.find(place.node.name) if place.node else None
    if tag is None:
        return {}
    if place.kind == "tag":
        return _said(place.span, f"<{tag.name}>", tag_doc(tag))
    attr = tag.by_name.get(place.attribute.name.lower()) if place.attribute else None
    if attr is None or place.attribute is None:
        return {}
    if attr.unsupported:
        return _said(place.attribute.name_span, attr.name, f"Ignored: {attr.unsupported}; {attr.instead}.")
    if place.kind == "attribute":
        title = f"{attr.name} · {complete.type_words(attr)}"
        return _said(place.span, title, complete.attribute_doc(attr))
    return _value(attr, place)


def tag_doc(tag: Tag) -> str:
    """What *tag* is for, what it works on, what it holds and needs, and an example."""
    parts = [tag.doc]
    if tag.works_on:
        parts.append("Works on " + ", ".join(tag.works_on) + ".")
    children = reference.children(tag)
    if children and tag.role != "layout":
        parts.append("Holds " + ", ".join(children) + ".")
    needed = [attr.name for attr in tag.attrs if attr.required]
    if needed:
        parts.append("Needs " + ", ".join(f"`{name}`" for name in needed) + ".")
    if tag.example:
        parts.append(tag.example)
    return "\n\n".join(parts)


def _value(attr: Attr, place: Cursor) -> dict[str, object]:
    """What a value stands for: the named tag, the field's sample, the colour; else what the attribute is for."""
    assert place.attribute is not None
    assert place.attribute.value_span is not None
    source, span = place.outline.source, place.attribute.value_span
    known = Inventory(place.outline)
    text = place.attribute.value
    if attr.type in ("names", "words") or attr.name == "whenTagName":
        start = source.rfind(",", span.start, place.offset) + 1 or span.start
        end = source.find(",", place.offset, span.end)
        span = Span(start, span.end if end < 0 else end)
        text = source[span.start : span.end].strip()
        if text in known.named and attr.type != "words":
            target, node = known.named[text]
            line, _ = Lines(source).place(node.token.start)
            return _said(span, f"{text} · <{target.name}>, line {line}", target.doc)
    if attr.type == "color" and (color := colors.parse(text)):
        return {**_said(span, f"{text} · {color}" if color != text else text, attr.doc), "color": color}
    if attr.type in ("value", "field") and text.startswith("$") and text[1:] in known.fields:
        return _said(span, text, f"A field of the task, {known.fields[text[1:]]}.\n{attr.doc}")
    return _said(span, f"{attr.name} · {complete.type_words(attr)}", complete.attribute_doc(attr))


def _said(span: Span, title: str, doc: str) -> dict[str, object]:
    return {"from": span.start, "to": span.end, "title": title, "doc": doc}
