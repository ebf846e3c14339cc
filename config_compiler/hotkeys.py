"""Keys for labels, choices and ratings: those written in the config, then the fixed sequence in document order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from config_compiler.attrs import Values
from config_compiler.diagnostics import Problems, shown
from config_compiler.spans import Span
from config_compiler.tree import CONTROLS, Config, Item

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

PLAY = "shift+space"  # of the first Audio that names none

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


@dataclass(frozen=True, slots=True)
class _Holder:
    """Something that can have a key: *label* is what a person calls it, *free* whether it gets a key if it has none."""

    item: Item
    label: str
    free: bool
    typing: bool = False  # the key works while a text field is typed in, and there only


def assign(config: Config, problems: Problems) -> dict[int, tuple[str, ...]]:
    """The keys of everything that gets one, by ``id()`` of its item."""
    holders = list(_holders(config))
    keys: dict[int, tuple[str, ...]] = {}
    used: dict[str, tuple[str, Span]] = {}
    typed: dict[str, tuple[str, Span]] = {}
    for holder in holders:
        taken = typed if holder.typing else used
        if explicit := _explicit(holder.item.values, holder.label, taken, problems):
            keys[id(holder.item)] = explicit
    if (player := _first_audio(config)) and id(player) not in keys and PLAY not in used:
        keys[id(player)] = (PLAY,)
    free = iter([key for key in SEQUENCE if key not in used])
    for holder in holders:
        if holder.free and id(holder.item) not in keys and (key := next(free, None)):
            keys[id(holder.item)] = (key,)
    return keys


def _first_audio(config: Config) -> Item | None:
    return next((item for item in config.objects if item.tag.object_type == "audio"), None)


def _holders(config: Config) -> Iterator[_Holder]:
    """Everything that can have a key, in document order."""
    for item in config.root.walk() if config.root else ():
        is_control = item.tag.role in CONTROLS
        if item.values.has("hotkey") and item.tag.name != "Question":  # its label has the key
            yield _Holder(item, item.name or item.tag.name, free=is_control)
        if is_control and (how := item.tag.option_keys) != "no":
            for option in config.all_options(item):
                yield _Holder(option.item, option.value, free=how == "free", typing=how == "given")


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
