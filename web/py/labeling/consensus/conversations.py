"""Marked text that has parts: phrases of a conversation, and HTML documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labeling import display, reading
from labeling.consensus import intervals
from labeling.consensus.model import Json
from labeling.consensus.regions import RegionMetric
from labeling.consensus.spans import Span, quotation, span_candidates, span_iou
from labeling.consensus.weighing import median_low
from labeling.plan_index import ObjectPart

Place = tuple[int, int]
"""(phrase from 0, code points in it)."""


# Conversations


@dataclass(frozen=True, slots=True)
class Phrases:
    """start, end: places, the second outside. pieces: phrase -> (from, to) in code points, of every phrase in it."""

    start: Place
    end: Place
    pieces: Mapping[int, tuple[int, int]]
    text: str | None = None


def phrases_iou(a: Phrases, b: Phrases) -> float:
    """Code points in common over those covered by either, over the whole conversation; phrases lie end to end."""
    if (a.start, a.end) == (b.start, b.end):
        return 1.0
    shared = covered = 0
    for first, last in (*a.pieces.values(), *b.pieces.values()):
        covered += last - first
    for phrase, (first, last) in a.pieces.items():
        if phrase in b.pieces:
            shared += max(0, min(last, b.pieces[phrase][1]) - max(first, b.pieces[phrase][0]))
    return shared / (covered - shared) if covered > shared else 0.0


def phrases_metric(part: ObjectPart, data: Mapping[str, object], key: str) -> RegionMetric:
    """
    The metric of spans of one conversation (Paragraphs).

    A region over several phrases needs their lengths: of the task's data, else (only the address is there) of the
    region's own quotation, which has one line for each phrase. Without either it cannot be read.

    Args:
        data: the task's. key: member of `value` that holds the labels.
    """
    shown = display.object_display(part, data).get("phrases") if part.value is not None else None
    texts = None if shown is None else [phrase["text"] for phrase in shown]

    def read(item: Json) -> Phrases | None:
        value = item["value"]
        first, last = _index(value.get("start")), _index(value.get("end"))
        begin, stop = reading.whole(value.get("startOffset")), reading.whole(value.get("endOffset"))
        if first is None or last is None or begin is None or stop is None:
            return None
        start, end, quote = (first, begin), (last, stop), reading.text(value.get("text"))
        if begin < 0 or start > end:
            return None
        pieces = _pieces(start, end, texts, quote)
        return None if pieces is None else Phrases(start, end, pieces, quote)

    def merge(shapes: Sequence[Phrases], weights: Sequence[float]) -> Json:
        """Lower medians of the starts and of the ends, as places in the conversation."""
        order = sorted({place for shape in shapes for place in (shape.start, shape.end)})
        rank = {place: number for number, place in enumerate(order)}
        start = order[median_low([rank[shape.start] for shape in shapes], weights)]
        end = order[median_low([rank[shape.end] for shape in shapes], weights)]
        merged: Json = {
            "start": str(start[0]), "end": str(end[0]), "startOffset": start[1], "endOffset": end[1],
        }  # fmt: skip
        quote = _quote(shapes, start, end, texts)
        return merged if quote is None else {**merged, "text": quote}

    return RegionMetric(
        name="F1 of matched spans at IoU 0.5",
        key=key,
        members=frozenset({"start", "end", "startOffset", "endOffset", "text"}),
        read=read,
        iou=phrases_iou,
        candidates=intervals.finder(lambda shape: (shape.start, shape.end), phrases_iou),
        merge=merge,
    )


def _index(given: object) -> int | None:
    """The index of a phrase: stored as a text, a number is read."""
    if isinstance(given, str):
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None
    found = reading.whole(given)
    return found if found is not None and found >= 0 else None


def _pieces(
    start: Place, end: Place, texts: Sequence[str] | None, quote: str | None
) -> dict[int, tuple[int, int]] | None:
    """What the region covers of each phrase; None where lengths of phrases are not known."""
    if start[0] == end[0]:
        return {start[0]: (start[1], end[1])}
    between = range(start[0] + 1, end[0])
    if texts is not None and end[0] < len(texts):
        lengths = {phrase: len(texts[phrase]) for phrase in (start[0], *between)}
    else:
        lines = quote.split("\n") if quote is not None else []
        if len(lines) != end[0] - start[0] + 1:
            return None
        lengths = {phrase: len(line) for phrase, line in zip(between, lines[1:-1], strict=True)}
        lengths[start[0]] = start[1] + len(lines[0])
    whole = {phrase: (0, lengths[phrase]) for phrase in between}
    return {start[0]: (start[1], max(start[1], lengths[start[0]])), **whole, end[0]: (0, end[1])}


def _quote(shapes: Sequence[Phrases], start: Place, end: Place, texts: Sequence[str] | None) -> str | None:
    """The text from start to end: as somebody quoted it, else out of the task."""
    told = [shape.text for shape in shapes if (shape.start, shape.end) == (start, end) and shape.text is not None]
    if told:
        return min(told)
    if texts is None or end[0] >= len(texts):
        return None
    if start[0] == end[0]:
        return texts[start[0]][start[1] : end[1]]
    return "\n".join([texts[start[0]][start[1] :], *texts[start[0] + 1 : end[0]], texts[end[0]][: end[1]]])


# HTML


@dataclass(frozen=True, slots=True)
class HyperSpan:
    """start, end: code points of the whole document. paths: XPath and offset of the start and of the end, as stored."""

    start: int
    end: int
    paths: tuple[tuple[object, object], tuple[object, object]]
    text: str | None = None


def read_hyperspan(item: Json) -> HyperSpan | None:
    """The marked place of a stored result; None without `globalOffsets`: paths alone have no distance."""
    value = item["value"]
    whole = reading.mapping(value.get("globalOffsets")) or {}
    start, end = reading.whole(whole.get("start")), reading.whole(whole.get("end"))
    if start is None or end is None or not 0 <= start <= end:
        return None
    paths = ((value.get("start"), value.get("startOffset")), (value.get("end"), value.get("endOffset")))
    return HyperSpan(start, end, paths, reading.text(value.get("text")))


def _span(shape: HyperSpan) -> Span:
    return Span(shape.start, shape.end, shape.text)


def merge_hyperspans(shapes: Sequence[HyperSpan], weights: Sequence[float]) -> Json:
    """Lower medians of the starts and of the ends, each with the path of somebody who set it there."""
    start = median_low([shape.start for shape in shapes], weights)
    end = median_low([shape.end for shape in shapes], weights)
    first = min((shape.paths[0] for shape in shapes if shape.start == start), key=str)
    last = min((shape.paths[1] for shape in shapes if shape.end == end), key=str)
    merged: Json = {"start": first[0], "end": last[0], "globalOffsets": {"start": start, "end": end}}
    merged |= {name: given for name, given in (("startOffset", first[1]), ("endOffset", last[1])) if given is not None}
    text = quotation([_span(shape) for shape in shapes], start, end)
    return merged if text is None else {**merged, "text": text}


HYPERSPANS = RegionMetric(
    name="F1 of matched spans at IoU 0.5",
    key="hypertextlabels",
    members=frozenset({"start", "end", "startOffset", "endOffset", "globalOffsets", "text"}),
    read=read_hyperspan,
    iou=lambda a, b: span_iou(_span(a), _span(b)),
    candidates=lambda a, b, threshold: span_candidates([_span(s) for s in a], [_span(s) for s in b], threshold),
    merge=merge_hyperspans,
)
