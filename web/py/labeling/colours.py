"""Colours for labels that the plan does not know: dynamic options and labels that came with old results."""

from __future__ import annotations

import re
from collections.abc import Collection

# Okabe and Ito (2008), Color Universal Design, without black and yellow (poor on white), then darker and lighter
# steps of the same hues that stay apart for the common forms of colour blindness.
PALETTE = (
    "#e69f00", "#0072b2", "#009e73", "#cc79a7", "#d55e00", "#56b4e9",
    "#7a5c00", "#00436b", "#005c43", "#8c3d68", "#803800", "#8f8f00",
)  # fmt: skip

#: The colour of a region without any label.
NO_LABEL = "#767676"

_COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}|[A-Za-z]{3,30}|(?:rgb|hsl)a?\([0-9.,%/ ]{3,60}\)")


def is_colour(value: object) -> bool:
    """Whether *value* is written like a CSS colour; anything else could smuggle other CSS into a page."""
    return isinstance(value, str) and _COLOUR.fullmatch(value.strip()) is not None


def of_text(label: str) -> str:
    """The same colour for the same text everywhere (FNV-1a, 32 bits; ``hash()`` differs from run to run)."""
    code = 0x811C9DC5
    for byte in label.encode("utf-8", "surrogatepass"):
        code = ((code ^ byte) * 0x01000193) & 0xFFFFFFFF
    return PALETTE[code % len(PALETTE)]


def next_free(taken: Collection[str], position: int) -> str:
    """The palette's first colour that is not taken; after that it starts again by *position*."""
    for colour in PALETTE:
        if colour not in taken:
            return colour
    return PALETTE[position % len(PALETTE)]
