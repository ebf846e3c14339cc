"""Keys for labels, choices and ratings: those written in the config, then the fixed sequence in document order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config_compiler.attrs import Values
from config_compiler.diagnostics import Problems, shown
from config_compiler.spans import Span
from config_compiler.tree import Config

SEQUENCE = tuple("1234567890qwetasdfgzxcvbyiopjklnm")  # no r, u, h: Label Studio's sequence (label language, section 8)

BUILT_IN: dict[str, str] = {
    "r": "the rectangle tool in Label Studio",
    "u": "unselect",
    "h": "the move tool in Label Studio",
    "escape": "unselect",
    "enter": "go to the first text field",
    "tab": "go to the next control",
    "backspace": "delete the region",
    "delete": "delete the region",
    "ctrl+backspace": "delete all regions",
    "ctrl+enter": "submit",
    "ctrl+space": "skip the task",
    "ctrl+z": "undo",
    "ctrl+shift+z": "redo",
    "ctrl+y": "redo",
    "ctrl+d": "duplicate the region",
    "alt+.": "the next region",
    "alt+comma": "the region before",
    "alt+h": "hide the region",
    "alt+l": "lock the region",
    "alt+m": "write a note",
    "left": "move the region",
    "right": "move the region",
    "up": "move the region",
    "down": "move the region",
    "ctrl+0": "fit the image",
    "ctrl+1": "the image at 100 %",
    "ctrl+plus": "zoom in",
    "ctrl+minus": "zoom out",
    ".": "focus mode",
    "?": "help",
}

_MODIFIERS = {  # on a Mac, the command key is where others have ctrl
    "ctrl": "ctrl", "control": "ctrl", "cmd": "ctrl", "command": "ctrl", "meta": "ctrl",
    "alt": "alt", "option": "alt", "shift": "shift",
}  # fmt: skip
_ORDER = ("ctrl", "alt", "shift")
_KEYS = frozenset(
    ["space", "enter", "escape", "backspace", "delete", "tab", "insert", "home", "end", "pageup", "pagedown"]
    + ["up", "down", "left", "right", "plus", "minus", "comma"]
    + [f"f{n}" for n in range(1, 13)]
)
_OTHER_NAMES = {
    "return": "enter",
    "esc": "escape",
    "del": "delete",
    "+": "plus",
    "-": "minus",
    ",": "comma",
    "period": ".",
}
_ONE = re.compile(r"[^\s\x00-\x20]")


def normal(key: str) -> str | None:
    """``Shift+Command+K`` -> ``ctrl+shift+k``; ``None`` when no keyboard has it."""
    *modifiers, last = key.strip().lower().split("+") if key.strip() != "+" else ["+"]
    last = _OTHER_NAMES.get(last.strip(), last.strip())
    names = [_MODIFIERS.get(modifier.strip()) for modifier in modifiers]
    if None in names or not (last in _KEYS or _ONE.fullmatch(last)):
        return None
    return "+".join([name for name in _ORDER if name in names] + [last])


def assign(config: Config, problems: Problems) -> dict[int, tuple[str, ...]]:
    """The keys of every option and rating that gets one, by ``id()`` of its item."""
    holders = list(_holders(config))
    keys: dict[int, tuple[str, ...]] = {}
    used: dict[str, tuple[str, Span]] = {}
    for holder, values, label in holders:
        if explicit := _explicit(values, label, used, problems):
            keys[holder] = explicit
    free = iter([key for key in SEQUENCE if key not in used])
    for holder, _, _ in holders:
        if holder not in keys and (key := next(free, None)):
            keys[holder] = (key,)
    return keys


def _holders(config: Config) -> Iterator[tuple[int, Values, str]]:
    """Everything that can have a key, in document order, with what a person calls it."""
    for control in config.controls:
        if control.values.has("hotkey"):
            yield id(control), control.values, control.name
        for option in config.all_options(control):
            yield id(option.item), option.item.values, option.value


def _explicit(values: Values, label: str, used: dict[str, tuple[str, Span]], problems: Problems) -> tuple[str, ...]:
    written = values.given("hotkey")
    if written is None or not written.value.strip():
        return ()
    found: list[str] = []
    at = 0
    for part in written.value.split(",") if written.value.strip() != "," else [written.value]:
        start = at + len(part) - len(part.lstrip())
        span = written.part(start, start + len(part.strip()))
        at += len(part) + 1
        key = normal(part)
        if key is None:
            problems.add("C030", span, key=shown(part))
        elif key in used:
            first, first_span = used[key]
            line = problems.line(first_span)
            problems.add("C031", span, key=key, first=shown(first), line=line, second=shown(label))
        else:
            if action := BUILT_IN.get(key):
                problems.add("C032", span, key=key, action=action)
            used[key] = (label, span)
            found.append(key)
    return tuple(found)
