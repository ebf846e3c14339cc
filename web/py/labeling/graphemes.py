"""What a reader takes for one sign: a letter with its accents, a flag, a family of emoji, a line end of two characters.

Extended grapheme clusters by the rules of Unicode Standard Annex #29, without a table of its own: what the standard
library knows of a character (its category) decides. Offsets are code points.
"""

from __future__ import annotations

import unicodedata

_ZWJ = "\u200d"
_NON_JOINER = "\u200c"
#: Colours of skin: they belong to the emoji before them.
_TONES = ("\U0001f3fb", "\U0001f3ff")
#: Letters of flags: two and two make one.
_FLAGS = ("\U0001f1e6", "\U0001f1ff")
#: Letters of flags of regions ("England"), behind a black flag.
_TAGS = ("\U000e0020", "\U000e007f")


def floor(text: str, at: int) -> int:
    """The start of the sign that *at* is in; *at* itself where a sign starts, and at both ends of the text."""
    while 0 < at < len(text) and not _parted(text, at):
        at -= 1
    return at


def ceil(text: str, at: int) -> int:
    """The end of the sign that *at* is in; *at* itself where one ends."""
    while 0 < at < len(text) and not _parted(text, at):
        at += 1
    return at


def after(text: str, at: int) -> int:
    """Where the next sign ends."""
    return ceil(text, min(at + 1, len(text)))


def before(text: str, at: int) -> int:
    """Where the sign before starts."""
    return floor(text, max(at - 1, 0))


def _parted(text: str, at: int) -> bool:
    """Whether two signs meet at *at*, 0 < at < len(text)."""
    left, right = text[at - 1], text[at]
    if left == "\r" and right == "\n":
        return False
    if left in "\r\n" or right in "\r\n":
        return True
    if _extends(right):
        return False
    if left == _ZWJ:
        return not _pictures(text, at)
    if _within(_FLAGS, left) and _within(_FLAGS, right):
        run = at
        while run > 0 and _within(_FLAGS, text[run - 1]):
            run -= 1
        return (at - run) % 2 == 0
    return not _one_syllable(left, right)


def _extends(sign: str) -> bool:
    """Marks, joiners, colours of skin: never the start of a sign."""
    return (
        unicodedata.category(sign)[0] == "M"
        or sign in (_ZWJ, _NON_JOINER)
        or _within(_TONES, sign)
        or _within(_TAGS, sign)
    )


def _pictures(text: str, at: int) -> bool:
    """Whether a joiner before *at* joins two emoji, which are symbols (So); between letters it joins nothing here."""
    base = at - 2
    while base > 0 and _extends(text[base]):
        base -= 1
    return base >= 0 and unicodedata.category(text[base]) == "So" and unicodedata.category(text[at]) == "So"


def _one_syllable(left: str, right: str) -> bool:
    """Letters of Korean syllables that are written one by one (UAX #29, GB6-GB8)."""
    kinds = _jamo(left), _jamo(right)
    return kinds in {
        ("L", "L"), ("L", "V"), ("L", "LV"), ("L", "LVT"), ("LV", "V"), ("V", "V"), ("LV", "T"), ("V", "T"),
        ("LVT", "T"), ("T", "T"),
    }  # fmt: skip


def _jamo(sign: str) -> str:
    code = ord(sign)
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    return ""


def _within(limits: tuple[str, str], sign: str) -> bool:
    return limits[0] <= sign <= limits[1]
