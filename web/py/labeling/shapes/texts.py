"""Marked text: spans of a plain text, of an HTML document, of the phrases of a conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, get_args

from labeling import reading, spans
from labeling.geometry import Span
from labeling.plan_parts import Granularity, ShapeKind
from labeling.shapes.kind import Bounds, Context, Fault, Json, Kind, Value, short
from labeling.spans import TextDoc
from labeling.text_nodes import Nodes


@dataclass(frozen=True, slots=True)
class HyperSpan:
    """``start``, ``end``: XPath of text nodes, offsets inside them; ``whole``: code points of the whole text.

    All offsets are code points. A stored result may lack either form; the other finds the place. ``source``: where the
    marked text stands in the HTML that the task brought.
    """

    kind: ClassVar[ShapeKind] = "hyperspan"
    start: str
    end: str
    start_offset: int | None = None
    end_offset: int | None = None
    whole: tuple[int, int] | None = None
    quote: str = field(default="", compare=False)
    source: tuple[int, int] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """``start``, ``end``: indexes of phrases as texts, both inside; offsets in code points of those phrases."""

    kind: ClassVar[ShapeKind] = "phrase"
    start: str
    end: str
    start_offset: int
    end_offset: int
    quote: str = field(default="", compare=False)


# Plain text


def _read_span(value: Value, at: Context) -> Span | str:
    start, end = reading.whole(value.get("start")), reading.whole(value.get("end"))
    if start is None or end is None:
        return "a span needs start and end as whole numbers"
    if not 0 <= start < end or (at.doc is not None and end > len(at.doc.text)):
        length = f"a text of {len(at.doc.text)} code points" if at.doc else "any text"
        return f"start {start} and end {end} mark nothing in {length}"
    quote = value.get("text")
    return Span(start, end, quote.replace("\\n", "\n") if isinstance(quote, str) else "")


def _span_faults(value: Value, at: Context) -> Iterator[Fault]:
    start, end = reading.whole(value.get("start")), reading.whole(value.get("end"))
    if start is None or end is None:
        yield Fault("bad-shape", "start and end must be whole numbers of code points")
        return
    length = len(at.doc.text) if at.doc is not None else None
    if not 0 <= start < end or (length is not None and end > length):
        within = f"; the text has {length} code points" if length is not None else ""
        message = f"start {start} and end {end} mark no text{within}"
        yield Fault("out-of-text", message, "offsets count code points from 0")


def _write_span(shape: Span, at: Context) -> Json:
    value: Json = {"start": shape.start, "end": shape.end}
    if at.part.save_text and (quote := _span_text(shape, at)):
        value["text"] = quote.replace("\n", "\\n")
    return value


def _span_text(shape: Span, at: Context) -> str:
    return at.doc.text[shape.start : shape.end] if at.doc else shape.quote


def _span_view(shape: Span, at: Context) -> Json:
    """UTF-16 units too: null until the text is loaded."""
    return {
        "start": shape.start,
        "end": shape.end,
        "start16": at.doc.to_utf16(shape.start) if at.doc else None,
        "end16": at.doc.to_utf16(shape.end) if at.doc else None,
    }


def drawn_span(raw: Value, at: Context, where: str) -> Span:
    """The span of a selection in UTF-16 units, snapped.

    Raises:
        Refusal: not loaded, outside the text, or nothing selected.
    """
    start16, end16 = reading.whole(raw.get("start16")), reading.whole(raw.get("end16"))
    if start16 is None or end16 is None:
        raise at.refuse("bad-shape", "a span has start16 and end16 as whole numbers", where)
    doc = at.doc
    if doc is None:
        raise at.refuse("not-loaded", "the text is not loaded yet", where, "wait until it is shown")
    start16, end16 = min(start16, end16), max(start16, end16)
    if start16 < 0 or end16 > doc.length16:
        raise at.refuse("out-of-text", f"the selection ends outside the text ({doc.length16} units)", where)
    start, end = doc.from_utf16(start16), doc.from_utf16(end16, up=True)
    if start16 == end16:
        end = start
    if start < end:
        start, end = spans.snap_in(doc, start, end, spans.coarser(at.granularity, _unit(raw)))
    if start >= end:
        raise at.refuse("empty-span", "nothing is selected", where, "drag over the text to mark")
    return Span(start, end)


def _unit(raw: Value) -> Granularity:
    """What a selection brings of its own: three clicks mean a sentence, whatever the config's granularity is."""
    unit = raw.get("unit")
    return next((known for known in get_args(Granularity) if known == unit), "symbol")


def grown_span(shape: Span, at: Context, start: int, end: int) -> Span:
    """The span with its borders moved by units of its granularity; as it is while the text is not loaded."""
    if at.doc is None:
        return shape
    first, last = spans.grown(at.doc.text, shape.start, shape.end, (start, end), at.granularity)
    return Span(first, last)


def _span_bounds(shape: Span, _: Context) -> Bounds | None:
    return shape.start, 0, shape.end, 0


SPAN = Kind(
    name="span",
    shape=Span,
    members=frozenset({"start", "end", "text"}),
    read=_read_span,
    faults=_span_faults,
    write=_write_span,
    view=_span_view,
    draw=drawn_span,
    bounds=_span_bounds,
    text=_span_text,
    grown=grown_span,
)


# HTML


def _read_hyper(value: Value, _: Context) -> HyperSpan | str:
    start, end = reading.text(value.get("start")) or "", reading.text(value.get("end")) or ""
    whole = _whole(value.get("globalOffsets"))
    if whole is None and not (start and end):
        return "a marked place needs start and end (XPath), or globalOffsets"
    first, last = reading.whole(value.get("startOffset")), reading.whole(value.get("endOffset"))
    quote, source = reading.text(value.get("text")) or "", _whole(value.get("sourceOffsets"))
    return HyperSpan(start, end, first, last, whole, quote, source)


def _whole(given: object) -> tuple[int, int] | None:
    row = reading.mapping(given) or {}
    start, end = reading.whole(row.get("start")), reading.whole(row.get("end"))
    return None if start is None or end is None else (start, end)


def _hyper_faults(value: Value, at: Context) -> Iterator[Fault]:
    for name in ("start", "end"):
        if not isinstance(value.get(name), str):
            hint = 'e.g. "/p[1]/text()[1]"'
            yield Fault("bad-shape", f"{name} must be the XPath of a text node, not {short(value.get(name))}", hint)
    for name in ("startOffset", "endOffset"):
        given = value.get(name)
        if given is not None and ((found := reading.whole(given)) is None or found < 0):
            yield Fault("bad-shape", f"{name} must be a whole number from 0, not {short(given)}")
    given = value.get("globalOffsets")
    if given is not None:
        whole = _whole(given)
        if whole is None or not 0 <= whole[0] < whole[1]:
            yield Fault("bad-shape", "globalOffsets must be {start, end} in code points, start before end")
        elif at.doc is not None and whole[1] > len(at.doc.text):
            yield Fault("out-of-text", f"globalOffsets end at {whole[1]}; the text has {len(at.doc.text)} code points")
    elif not (value.get("start") and value.get("end")):
        yield Fault("bad-shape", "start or end is empty and there are no globalOffsets")
    given = value.get("sourceOffsets")
    if given is not None and ((source := _whole(given)) is None or not 0 <= source[0] < source[1]):
        yield Fault("bad-shape", "sourceOffsets must be {start, end} in code points, start before end")


def _hyper_json(shape: HyperSpan, _: Context) -> Json:
    made: Json = {"start": shape.start, "end": shape.end}
    if shape.start_offset is not None:
        made["startOffset"] = shape.start_offset
    if shape.end_offset is not None:
        made["endOffset"] = shape.end_offset
    if shape.whole is not None:
        made["globalOffsets"] = {"start": shape.whole[0], "end": shape.whole[1]}
    if shape.source is not None:
        made["sourceOffsets"] = {"start": shape.source[0], "end": shape.source[1]}
    return made


def _write_hyper(shape: HyperSpan, at: Context) -> Json:
    quote = _hyper_text(shape, at) if at.part.save_text else ""
    return {**_hyper_json(shape, at), "text": quote} if quote else _hyper_json(shape, at)


def _hyper_text(shape: HyperSpan, at: Context) -> str:
    if shape.quote or at.doc is None or shape.whole is None:
        return shape.quote
    return at.doc.text[shape.whole[0] : shape.whole[1]]


def _drawn_hyper(raw: Value, at: Context, where: str) -> HyperSpan:
    """A selection in UTF-16 units of the whole text, snapped, with its paths; or a place by paths, taken as it is."""
    if "start16" not in raw:
        for fault in _hyper_faults(raw, at):
            raise at.refuse(fault.code, fault.message, where, fault.hint)
        shape = _read_hyper(raw, at)
        if isinstance(shape, str):
            raise at.refuse("bad-shape", shape, where)
        return shape
    if at.doc is None or at.doc.nodes is None:
        raise at.refuse("not-loaded", "the document is not loaded yet", where, "wait until it is shown")
    span = drawn_span(raw, at, where)
    return _placed(at.doc, at.doc.nodes, span.start, span.end)


def _placed(doc: TextDoc, nodes: Nodes, first: int, last: int) -> HyperSpan:
    """The place of [first, last) of the whole text, in every form."""
    (start, start_offset), (end, end_offset) = nodes.place(first), nodes.place(last, end=True)
    source = doc.source.span(lambda: nodes.texts(doc.text), first, last) if doc.source else None
    return HyperSpan(start, end, start_offset, end_offset, (first, last), doc.text[first:last], source)


def _grown_hyper(shape: HyperSpan, at: Context, start: int, end: int) -> HyperSpan:
    """As `grown_span`; a span that came with paths alone is found by them."""
    doc = at.doc
    if doc is None or doc.nodes is None:
        return shape
    whole = shape.whole or doc.nodes.whole((shape.start, shape.start_offset), (shape.end, shape.end_offset))
    if whole is None or whole[1] > len(doc.text):
        return shape
    first, last = spans.grown(doc.text, *whole, (start, end), at.granularity)
    return shape if (first, last) == whole else _placed(doc, doc.nodes, first, last)


HYPERSPAN = Kind(
    name="hyperspan",
    shape=HyperSpan,
    members=frozenset({"start", "end", "startOffset", "endOffset", "globalOffsets", "sourceOffsets", "text"}),
    read=_read_hyper,
    faults=_hyper_faults,
    write=_write_hyper,
    view=_hyper_json,
    draw=_drawn_hyper,
    bounds=lambda shape, _: (shape.whole[0], 0, shape.whole[1], 0) if shape.whole else None,
    text=_hyper_text,
    grown=_grown_hyper,
)


# Conversations


def _read_phrase(value: Value, _: Context) -> Phrase | str:
    start, end = _index(value.get("start")), _index(value.get("end"))
    first, last = reading.whole(value.get("startOffset")), reading.whole(value.get("endOffset"))
    if start is None or end is None or first is None or last is None:
        return "a marked phrase needs start and end (indexes of phrases), startOffset and endOffset"
    if (int(start), first) >= (int(end), last) or first < 0 or last < 0:
        return f"phrases {start} to {end}, offsets {first} to {last}, mark nothing"
    return Phrase(start, end, first, last, reading.text(value.get("text")) or "")


def _index(given: object) -> str | None:
    """The index of a phrase as a text; a number is read."""
    if isinstance(given, str):
        return given if given.isascii() and given.isdecimal() and len(given) < 10 else None
    found = reading.whole(given)
    return None if found is None or found < 0 else str(found)


def _phrase_faults(value: Value, at: Context) -> Iterator[Fault]:
    places: list[tuple[int, int]] = []
    for name in ("start", "end"):
        index = value.get(name)
        if not isinstance(index, str) or _index(index) is None:
            yield Fault("bad-shape", f"{name} must be the index of a phrase as a text, not {short(index)}", 'e.g. "0"')
            continue
        offset = reading.whole(value.get(f"{name}Offset"))
        if offset is None or offset < 0:
            given = short(value.get(f"{name}Offset"))
            yield Fault("bad-shape", f"{name}Offset must be a whole number from 0, not {given}")
            continue
        places.append((int(index), offset))
        if at.phrases is None:
            continue
        if int(index) >= len(at.phrases):
            yield Fault("out-of-text", f"{name} is phrase {index}; there are {len(at.phrases)}, counted from 0")
        elif offset > len(at.phrases[int(index)]):
            length = len(at.phrases[int(index)])
            yield Fault("out-of-text", f"{name}Offset is {offset}; phrase {index} has {length} code points")
    if len(places) == 2 and places[0] >= places[1]:
        yield Fault("out-of-text", "the end is not behind the start: nothing is marked")


def _phrase_json(shape: Phrase, _: Context) -> Json:
    return {
        "start": shape.start,
        "end": shape.end,
        "startOffset": shape.start_offset,
        "endOffset": shape.end_offset,
    }


def _phrase_view(shape: Phrase, at: Context) -> Json:
    """Offsets in UTF-16 units too, null where the phrases are not in the task."""
    first, last = _doc(at, int(shape.start)), _doc(at, int(shape.end))
    return {
        **_phrase_json(shape, at),
        "startOffset16": first.to_utf16(shape.start_offset) if first else None,
        "endOffset16": last.to_utf16(shape.end_offset) if last else None,
    }


def _doc(at: Context, index: int) -> TextDoc | None:
    return TextDoc.of(at.phrases[index]) if at.phrases is not None and index < len(at.phrases) else None


def _in_points(raw: Value, at: Context) -> Value:
    """The shape of an intent with its offsets in code points: ``startOffset16`` and ``endOffset16`` are converted."""
    made: dict[str, object] = {name: held for name, held in raw.items() if not name.endswith("16")}
    for name, up in (("start", False), ("end", True)):
        units, index = reading.whole(raw.get(f"{name}Offset16")), _index(raw.get(name))
        if f"{name}Offset" in raw or units is None or index is None:
            continue
        doc = _doc(at, int(index))
        made[f"{name}Offset"] = doc.from_utf16(units, up=up) if doc else units
    return made


def _drawn_phrase(raw: Value, at: Context, where: str) -> Phrase:
    value = _in_points(raw, at)
    for fault in _phrase_faults(value, at):
        raise at.refuse(fault.code, fault.message, where, fault.hint)
    shape = _read_phrase(value, at)
    if isinstance(shape, str):
        raise at.refuse("bad-shape", shape, where)
    return _tidy_phrase(shape, at, where)


def _tidy_phrase(shape: Phrase, at: Context, where: str) -> Phrase:
    """Snapped to words or sentences of its phrases, with the quotation."""
    if at.phrases is None:
        return shape
    first, last = int(shape.start), int(shape.end)
    start, end = shape.start_offset, shape.end_offset
    if first == last:
        start, end = spans.snap(at.phrases[first], start, end, at.granularity)
    else:
        head, tail = at.phrases[first], at.phrases[last]
        if start < len(head):
            start = spans.snap(head, start, len(head), at.granularity)[0]
        if end > 0:
            end = spans.snap(tail, 0, end, at.granularity)[1]
    if first == last and start >= end:
        raise at.refuse("empty-span", "nothing is selected", where, "drag over the text to mark")
    shape = replace(shape, start_offset=start, end_offset=end)
    return replace(shape, quote=_phrase_text(shape, at))


def _phrase_text(shape: Phrase, at: Context) -> str:
    first, last = int(shape.start), int(shape.end)
    if at.phrases is None or last >= len(at.phrases):
        return shape.quote
    if first == last:
        return at.phrases[first][shape.start_offset : shape.end_offset]
    parts = [
        at.phrases[first][shape.start_offset :],
        *at.phrases[first + 1 : last],
        at.phrases[last][: shape.end_offset],
    ]
    return "\n".join(parts)


def _write_phrase(shape: Phrase, at: Context) -> Json:
    # What was stored stays as it was written: other tools join phrases in other ways.
    quote = (shape.quote or _phrase_text(shape, at)) if at.part.save_text else ""
    return {**_phrase_json(shape, at), "text": quote} if quote else _phrase_json(shape, at)


def _grown_phrase(shape: Phrase, at: Context, start: int, end: int) -> Phrase:
    """As `grown_span`, each border within its phrase."""
    if at.phrases is None or int(shape.end) >= len(at.phrases):
        return shape
    head, tail = at.phrases[int(shape.start)], at.phrases[int(shape.end)]
    if shape.start == shape.end:
        first, last = spans.grown(head, shape.start_offset, shape.end_offset, (start, end), at.granularity)
    else:
        first, last = shape.start_offset, shape.end_offset
        if start and first < len(head):
            first, _ = spans.grown(head, first, len(head), (start, 0), at.granularity)
        if end and last > 0:
            _, last = spans.grown(tail, 0, last, (0, end), at.granularity)
    made = replace(shape, start_offset=first, end_offset=last)
    return replace(made, quote=_phrase_text(made, at))


PHRASE = Kind(
    name="phrase",
    shape=Phrase,
    members=frozenset({"start", "end", "startOffset", "endOffset", "text"}),
    read=_read_phrase,
    faults=_phrase_faults,
    write=_write_phrase,
    view=_phrase_view,
    draw=_drawn_phrase,
    text=_phrase_text,
    grown=_grown_phrase,
)


def phrases(value: object, part_raw: Mapping[str, object]) -> tuple[str, ...] | None:
    """The texts of a conversation's items, None if *value* is no list of them.

    Args:
        part_raw: the object's row of the plan: ``text_key`` names the member.
    """
    if not isinstance(value, list):
        return None
    key = reading.text(part_raw.get("text_key")) or "text"
    texts = []
    for item in value:
        text = (reading.mapping(item) or {}).get(key)
        texts.append(text if isinstance(text, str) else "")
    return tuple(texts)
