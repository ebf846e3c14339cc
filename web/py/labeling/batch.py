"""What intents do to several regions at once; one module each."""

from __future__ import annotations

from typing import assert_never

from labeling import clipboard, combining, ordering, span_edits, suggestions, transforms
from labeling.edit import Edit
from labeling.intents_batch import (
    Accept,
    BatchIntent,
    Combine,
    Convert,
    Group,
    MergeSpans,
    Paste,
    Reject,
    Reorder,
    SplitSpan,
    Transform,
    Ungroup,
)


def apply(edit: Edit, intent: BatchIntent) -> None:
    match intent:
        case Transform():
            transforms.apply(edit, intent)
        case Combine():
            combining.combine(edit, intent)
        case Convert():
            combining.convert(edit, intent)
        case Reorder() | Group() | Ungroup():
            ordering.apply(edit, intent)
        case Paste():
            clipboard.paste(edit, intent)
        case Accept() | Reject():
            suggestions.apply(edit, intent)
        case MergeSpans() | SplitSpan():
            span_edits.apply(edit, intent)
        case _:
            assert_never(intent)
