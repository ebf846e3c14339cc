"""Dates and times of DateTime controls: the config's strftime format on one side, ISO parts on the other.

Results hold the text as the format writes it; the page and its input fields speak ISO parts (``2024-05-01T10:30``,
``2024-05-01``, ``10:30``, ``2024-05``, ``2024``, ``05``). Month and day names are English, on every platform: the C
library's strftime follows the machine's locale.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from labeling import reading
from labeling.plan_index import Control

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: Formats that stand for several directives.
_LONG = {"%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%R": "%H:%M", "%D": "%m/%d/%y"}
_DIRECTIVE = re.compile(r"%[-_^0#]?[A-Za-z%]")


@dataclass(frozen=True, slots=True)
class Moment:
    """What a text says of a date and time; None: nothing."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None


def parts(control: Control) -> frozenset[str]:
    """What the control asks for: of ``date``, ``time``, ``month``, ``year``. Nothing said: date and time."""
    given = frozenset(reading.strings(control.raw.get("only")) or ()) & {"date", "time", "month", "year"}
    if not given:
        return frozenset({"date", "time"})
    return given - {"month", "year"} if "date" in given else given


def format_of(control: Control) -> str:
    """The control's strftime format, or the one that its parts have (reference, 13.6)."""
    given = reading.text(control.raw.get("format"))
    return given or "T".join(pattern for pattern in (_date_format(parts(control)), _time_format(control)) if pattern)


def _date_format(asked: frozenset[str]) -> str:
    if "date" in asked:
        return "%Y-%m-%d"
    return "-".join(code for word, code in (("year", "%Y"), ("month", "%m")) if word in asked)


def _time_format(control: Control) -> str:
    return "%H:%M" if "time" in parts(control) else ""


def written(control: Control, iso: str) -> str | None:
    """ISO parts as results hold them; None if they are not what the control asks for."""
    moment = from_iso(iso, parts(control))
    return None if moment is None else _formatted(moment, format_of(control))


def iso_of(control: Control, text: str) -> str | None:
    """The stored text as ISO parts; None if it does not fit the format."""
    moment = read(text, format_of(control))
    return None if moment is None else to_iso(moment, parts(control))


def from_iso(iso: str, asked: frozenset[str]) -> Moment | None:
    pattern = {
        "date": r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
        "time": r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?",
    }
    days = "-".join(
        {"year": r"(?P<year>\d{4})", "month": r"(?P<month>\d\d)"}[word] for word in ("year", "month") if word in asked
    )
    days = pattern["date"] if "date" in asked else days
    times = pattern["time"] if "time" in asked else ""
    found = re.fullmatch("T".join(part for part in (days, times) if part), iso.strip(), re.ASCII)
    if found is None:
        return None
    numbers = {name: int(value) for name, value in found.groupdict().items() if value is not None}
    return _sound(Moment(**numbers))


def to_iso(moment: Moment, asked: frozenset[str]) -> str | None:
    """ISO parts of *moment*, or None if it lacks one that is asked for."""
    days = [moment.year, moment.month, moment.day] if "date" in asked else []
    if "date" not in asked:
        days = [value for word, value in (("year", moment.year), ("month", moment.month)) if word in asked]
    times = [moment.hour, moment.minute] if "time" in asked else []
    if None in days or None in times:
        return None
    wide = 4 if "date" in asked or "year" in asked else 2
    day = "-".join(f"{value:0{wide if place == 0 else 2}d}" for place, value in enumerate(days))
    time = ":".join(f"{value:02d}" for value in times)
    if time and moment.second:
        time += f":{moment.second:02d}"
    return "T".join(part for part in (day, time) if part)


def out_of_range(control: Control, text: str) -> str | None:
    """What is wrong with a stored text: it does not fit the format, or is before ``min`` or after ``max``."""
    moment = read(text, format_of(control))
    if moment is None:
        return f"{text!r:.40} is not written as {format_of(control)}"
    # Only the members that both sides have are compared: a year against a date, a date against a date and time.
    for member, sign, word in (("min", -1, "before"), ("max", 1, "after")):
        limit = bound(control.raw.get(member))
        if limit is None:
            continue
        pairs = [(mine, its) for mine, its in zip(_key(moment), _key(limit), strict=True) if None not in (mine, its)]
        mine, its = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        if (mine < its) if sign < 0 else (mine > its):
            return f"{text} is {word} {control.raw.get(member)}"
    return None


def _key(moment: Moment) -> Sequence[int | None]:
    return (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)


def bound(given: object) -> Moment | None:
    """What `min` or `max` of a DateTime says; None if it is no date, time or year."""
    text = str(given) if isinstance(given, int) and not isinstance(given, bool) else reading.text(given)
    if text is None:
        return None
    tries = ({"date", "time"}, {"date"}, {"year", "month"}, {"year"}, {"time"})
    found = (from_iso(text.replace(" ", "T"), frozenset(asked)) for asked in tries)
    return next((moment for moment in found if moment is not None), None)


def _sound(moment: Moment) -> Moment | None:
    limits = ((moment.month, 1, 12), (moment.day, 1, 31), (moment.hour, 0, 23), (moment.minute, 0, 59))
    if any(
        value is not None and not least <= value <= most for value, least, most in (*limits, (moment.second, 0, 60))
    ):
        return None
    if moment.day is not None and moment.month is not None:
        try:
            # Without a year the longest February counts.
            date(moment.year or 2000, moment.month, moment.day)
        except ValueError:
            return None
    return moment


def _formatted(moment: Moment, pattern: str) -> str:
    for short, long in _LONG.items():
        pattern = pattern.replace(short, long)

    def one(found: re.Match[str]) -> str:
        flag, code = found[0][1:-1], found[0][-1]
        return _written(moment, code, padded=flag != "-")

    return _DIRECTIVE.sub(one, pattern)


def _written(moment: Moment, code: str, *, padded: bool) -> str:
    hour = moment.hour or 0
    numbers: Mapping[str, tuple[int, int]] = {
        "Y": (moment.year or 0, 4), "m": (moment.month or 1, 2), "d": (moment.day or 1, 2), "e": (moment.day or 1, 2),
        "y": ((moment.year or 0) % 100, 2), "H": (hour, 2), "I": (hour % 12 or 12, 2), "M": (moment.minute or 0, 2),
        "S": (moment.second or 0, 2), "L": (0, 3), "f": (0, 6),
    }  # fmt: skip
    if code in numbers:
        value, wide = numbers[code]
        return f"{value:0{wide}d}" if padded else str(value)
    match code:
        case "B":
            return _MONTHS[(moment.month or 1) - 1]
        case "b" | "h":
            return _MONTHS[(moment.month or 1) - 1][:3]
        case "A" | "a":
            day = _DAYS[date(moment.year or 2000, moment.month or 1, moment.day or 1).weekday()]
            return day if code == "A" else day[:3]
        case "p":
            return "AM" if hour < 12 else "PM"
        case "%":
            return "%"
        case _:
            return f"%{code}"


_READ = {
    "Y": r"(?P<year>\d{4})", "m": r"(?P<month>\d{1,2})", "d": r"(?P<day>\d{1,2})", "e": r" ?(?P<day>\d{1,2})",
    "y": r"(?P<short>\d\d)", "H": r"(?P<hour>\d{1,2})", "I": r"(?P<half>\d{1,2})", "M": r"(?P<minute>\d{1,2})",
    "S": r"(?P<second>\d{1,2})", "L": r"\d{1,3}", "f": r"\d{1,6}", "p": r"(?P<noon>[AaPp]\.?[Mm]\.?)",
    "B": rf"(?P<name>{'|'.join(_MONTHS)})", "b": rf"(?P<name>{'|'.join(name[:3] for name in _MONTHS)})",
    "h": rf"(?P<name>{'|'.join(name[:3] for name in _MONTHS)})", "A": rf"(?:{'|'.join(_DAYS)})",
    "a": rf"(?:{'|'.join(name[:3] for name in _DAYS)})", "%": "%", "Z": r"[A-Za-z]+", "z": r"[+-]\d\d:?\d\d",
}  # fmt: skip


def read(text: str, pattern: str) -> Moment | None:
    """The moment that *text* says by the strftime *pattern*; None if it does not fit."""
    for short, long in _LONG.items():
        pattern = pattern.replace(short, long)
    source, last, seen = "", 0, set()
    for found in _DIRECTIVE.finditer(pattern):
        piece = _READ.get(found[0][-1])
        if piece is None:
            return None
        name = re.search(r"\?P<(\w+)>", piece)
        if name and name[1] in seen:  # the same member twice: the first one counts
            piece = piece.replace(f"?P<{name[1]}>", "?:")
        elif name:
            seen.add(name[1])
        source += re.escape(pattern[last : found.start()]) + piece
        last = found.end()
    matched = re.fullmatch(source + re.escape(pattern[last:]), text.strip(), re.ASCII | re.IGNORECASE)
    return None if matched is None else _moment(matched.groupdict())


def _moment(given: Mapping[str, str | None]) -> Moment | None:
    numbers = {key: int(value) for key, value in given.items() if value is not None and key not in ("name", "noon")}
    made = Moment(**{key: value for key, value in numbers.items() if key not in ("short", "half")})
    if "short" in numbers:
        made = replace(made, year=numbers["short"] + (2000 if numbers["short"] < 69 else 1900))
    if name := given.get("name"):
        made = replace(made, month=[month[:3].lower() for month in _MONTHS].index(name[:3].lower()) + 1)
    if "half" in numbers:
        if not 1 <= numbers["half"] <= 12:
            return None
        late = (given.get("noon") or "a")[0].lower() == "p"
        made = replace(made, hour=numbers["half"] % 12 + (12 if late else 0))
    return _sound(made)
