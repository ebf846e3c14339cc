"""Spans of text, [start, end) in code points: reading, overlap, candidates and merging."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from labeling import reading
from labeling.consensus.matching import CHECK_LIMIT, PAIR_LIMIT, TooManyPairs
from labeling.consensus.model import Json
from labeling.consensus.weighing import Weights, median_low


@dataclass(frozen=True, slots=True)
class Span:
    """Code points start..end of the shown text; `text` is the quotation if it was stored."""

    start: int
    end: int
    text: str | None = None


def read_span(item: Json) -> Span | None:
    """The Span of a stored result, None if its offsets are no whole numbers with 0 <= start <= end."""
    value = item["value"]
    start, end = reading.whole(value.get("start")), reading.whole(value.get("end"))
    if start is None or end is None:
        return None
    return Span(start, end, reading.text(value.get("text"))) if 0 <= start <= end else None


def span_iou(a: Span, b: Span) -> float:
    """Shared code points over covered code points, 0..1; equal spans score 1 even if they are empty.

    >>> span_iou(Span(0, 4), Span(2, 6))
    0.3333333333333333
    """
    if a.start == b.start and a.end == b.end:
        return 1.0
    shared = min(a.end, b.end) - max(a.start, b.start)
    if shared <= 0:
        return 0.0
    return shared / (max(a.end, b.end) - min(a.start, b.start))


def span_candidates(a: Sequence[Span], b: Sequence[Span], threshold: float) -> list[tuple[int, int, float]]:
    """
    All pairs (index in a, index in b, IoU) with IoU >= threshold > 0, sorted.

    Raises:
        TooManyPairs: thousands of spans lie on each other.
    """
    order = sorted(range(len(b)), key=lambda j: b[j].start)
    starts = [b[j].start for j in order]
    found: list[tuple[int, int, float]] = []
    looks = 0
    for i, span in enumerate(a):
        # IoU >= t needs lengths within a factor of t, so a partner starts at most length / t before.
        reach = (span.end - span.start) / threshold
        low, high = bisect_left(starts, span.start - reach - 1), bisect_right(starts, span.end)
        looks += high - low
        if looks > CHECK_LIMIT:
            raise TooManyPairs(looks, CHECK_LIMIT)
        for j in order[low:high]:
            iou = span_iou(span, b[j])
            if iou >= threshold:
                found.append((i, j, iou))
        if len(found) > PAIR_LIMIT:
            raise TooManyPairs(len(found), PAIR_LIMIT)
    found.sort()
    return found


def merge_spans(spans: Sequence[Span], weights: Weights = None) -> Json:
    """The lower (weighted) median of the starts and of the ends, and the quotation where the stored ones cover it."""
    start, end = median_low([span.start for span in spans], weights), median_low([span.end for span in spans], weights)
    merged: Json = {"start": start, "end": end}
    text = quotation(spans, start, end)
    if text is not None:
        merged["text"] = text
    return merged


def quotation(spans: Sequence[Span], start: int, end: int) -> str | None:
    exact = sorted(span.text for span in spans if span.text is not None and (span.start, span.end) == (start, end))
    if exact:
        return exact[0]
    letters: dict[int, str] = {}
    for span in sorted(spans, key=lambda s: (s.start, s.end, s.text or "")):
        # A quotation whose length is not the span's has escaped line ends and cannot be cut.
        if span.text is not None and len(span.text) == span.end - span.start:
            letters.update(enumerate(span.text, span.start))
    if not all(place in letters for place in range(start, end)):
        return None
    return "".join(letters[place] for place in range(start, end))
