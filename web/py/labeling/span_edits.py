"""Spans of texts joined to one, and cut in two."""

from __future__ import annotations

from dataclasses import replace

from labeling import labels, relations
from labeling.edit import Edit, touched
from labeling.geometry import Span
from labeling.intents_batch import MergeSpans, SplitSpan
from labeling.model import Region, place
from labeling.ordering import chosen
from labeling.problems import refuse


def apply(edit: Edit, intent: MergeSpans | SplitSpan) -> None:
    if isinstance(intent, MergeSpans):
        _merge(edit, [_span(edit, region) for region in chosen(edit, intent.regions)])
    else:
        _split(edit, intent)


def _span(edit: Edit, region: Region) -> tuple[Region, Span]:
    if not isinstance(region.shape, Span):
        raise refuse("no-span", "only spans of a text can be joined and split", place(region), region=region.id)
    return edit.must_change(region), region.shape


def _merge(edit: Edit, spans: list[tuple[Region, Span]]) -> None:
    """From the first start to the last end, what is between them too. The first one in the text stays, with its links
    and answers, and takes over the links of the others."""
    spans.sort(key=lambda pair: (pair[1].start, pair[1].end, pair[0].n))
    kept, first = spans[0]
    if len(spans) < 2:
        raise refuse("too-few-regions", "two spans are needed to join them", place(kept), "select another one too")
    other = next((region for region, _ in spans if region.object != kept.object), None)
    if other is not None:
        message = f"{place(other)} is in {other.object}, not in {kept.object}"
        raise refuse("two-objects", message, place(other), "join spans of one text")
    gone = [region.id for region, _ in spans[1:]]
    relations.take_over(edit, gone, kept.id)
    for name in gone:
        edit.remove(name)
    edit.put(touched(replace(kept, shape=Span(first.start, max(span.end for _, span in spans)))))
    edit.selection = (kept.id,)


def _split(edit: Edit, intent: SplitSpan) -> None:
    """The first part stays the region that it was; the second is a new one with the same labels and answers."""
    region, span = _span(edit, edit.must_have(intent.region))
    doc = edit.docs.get(region.object)
    if doc is None:
        raise refuse("not-loaded", "the text is not loaded yet", place(region), "wait until it is shown")
    if edit.region(intent.id) is not None:
        raise refuse("id-taken", f"there is a region {intent.id!r} already", f"region {intent.id}")
    at = doc.from_utf16(min(max(intent.at16, 0), doc.length16))
    if not span.start < at < span.end:
        raise refuse("outside", "a span is split between its first and its last character", place(region))
    edit.put(touched(replace(region, shape=Span(span.start, at))))
    answers = {name: replace(answer, id=intent.id, origin="manual") for name, answer in region.answers.items()}
    edit.put(
        replace(
            region,
            id=intent.id,
            n=edit.next_n(),
            shape=Span(at, span.end),
            answers=answers,
            origin="manual",
            score=None,
            note="",
            suggestion=False,
            kept={},
        )
    )
    labels.check_limits(edit)
    edit.selection = (region.id, intent.id)
