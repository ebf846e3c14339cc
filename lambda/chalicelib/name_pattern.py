"""
Regular expressions for names of files, without those that take for ever to match.

Python's `re` tries every way to divide a name between repetitions that stand in one another, twice as many with each
letter more, and nothing can interrupt it. Such patterns are told by their form, which refuses a few harmless ones too.
"""

from __future__ import annotations

import re

_GROUP = re.compile(r"\?(:|=|!|<=|<!|P<\w+>|i\))")
_TIMES = re.compile(r"[*+?]|\{(?P<least>\d*)(?P<to>,)?\d*\}")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")


def fault_of(pattern: str) -> tuple[str, str] | None:
    """What is wrong with a pattern, and a way out; None: it can be used."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"This is no regular expression: {error}.", r"For all JPEG files write .*\.jpe?g"
    open_groups = [False]  # whether what is in it fits in more than one way
    fits_variously = False  # the same for what was read last, which may be said to come again
    at = 0
    while at < len(pattern):
        letter, last, fits_variously = pattern[at], fits_variously, False
        if letter == "\\":
            if pattern[at + 1].isdigit():
                return "A pattern cannot refer to a part of itself.", "Write the part again instead."
            at += 2
        elif letter == "[" and (found := _CLASS.match(pattern, at)):
            at = found.end()
        elif letter == "(":
            kind = _GROUP.match(pattern, at + 1)
            if pattern.startswith("(?", at) and kind is None:
                return f"A pattern cannot have a group of this kind: {pattern[at : at + 4]}.", "Write (?:…) or (…)."
            at = kind.end() if kind else at + 1
            if kind is None or kind[1] != "i)":
                open_groups.append(False)
        elif letter == ")":
            fits_variously = open_groups.pop()
            open_groups[-1] = open_groups[-1] or fits_variously
            at += 1
        elif times := _TIMES.match(pattern, at):
            if last and letter != "?":
                message = "A repetition of something that has repetitions or alternatives could take for ever."
                return message, "Repeat one letter or class only, e.g. .*/[^/]*\\.png"
            varies = letter != "{" or bool(times["to"])
            open_groups[-1] = open_groups[-1] or varies
            at = times.end()
            at += pattern.startswith(("?", "+"), at)
        else:
            open_groups[-1] = open_groups[-1] or letter == "|"
            at += 1
    return None
