"""
Sample data for configs that bring none: for each object something real to look at, for lists of options real words.

Everything is made from constants and whole numbers, so that every Python makes the same.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from config_compiler.tree import Config, Item

TEXT = "Ada Lovelace wrote the first published program in London in 1843, for a machine that Charles Babbage designed."
HTML = (
    "<h2>Analytical Engine</h2><p><b>Charles Babbage</b> designed it in <i>London</i> from 1837 on. "
    "It was to have:</p><ul><li>a store of 1000 numbers,</li><li>a mill that computes,</li><li>a printer.</li></ul>"
    "<p>Ada Lovelace wrote a program for it; parts of the machine are in the Science Museum.</p>"
)
PHRASES = (
    ("Mara", "Good morning, how can I help you?", 0, 1.5),
    ("Jon", "My parcel has not arrived. The number is 4711.", 1.5, 4),
    ("Mara", "I am sorry about that. It left Hamburg on Monday.", 4, 6.5),
    ("Jon", "Could you send a new one to my office?", 6.5, 8),
    ("Mara", "Of course. It will be there on Friday.", 8, 10),
)
MESSAGES = (
    ("user", "Which planet has the most moons?"),
    ("assistant", "Saturn: 274 moons are confirmed. Jupiter comes second with 97."),
    ("user", "And which of them has an atmosphere?"),
    ("assistant", "Titan. Its air is mostly nitrogen, denser than ours."),
)
ROWS = (
    {"Product": "Desk lamp", "Price": 24.5, "In stock": "yes"},
    {"Product": "Office chair", "Price": 149, "In stock": "no"},
    {"Product": "Notebook", "Price": 3.2, "In stock": "yes"},
)
ITEMS = (
    ("a", "Paris", "The capital of France, on the Seine."),
    ("b", "Lyon", "The third city of France, where Rhône and Saône meet."),
    ("c", "Marseille", "The oldest city of France, on the Mediterranean."),
)
POINTS = 200  # of a time series

_NUMBERS = {"frameRate": 25, "minMessages": 2, "maxMessages": 20}
_MANY = 20  # objects, from which on each gets a smaller sample
_FEW_POINTS = 3
_SPEECH = "/samples/speech.wav"

_SKIES = ("dbe7ee", "f3e3cf", "cfd6ee")
_PICTURE = (  # a house, a tree and the sun: something to draw around, without asking any host
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='960' height='640'%3E"
    "%3Crect width='960' height='640' fill='%23{sky}'/%3E"
    "%3Crect y='430' width='960' height='210' fill='%23b9c4a4'/%3E"
    "%3Ccircle cx='760' cy='120' r='56' fill='%23f4d58d'/%3E"
    "%3Crect x='150' y='250' width='250' height='230' fill='%23c98b6b'/%3E"
    "%3Cpath d='M130 250L275 150L420 250Z' fill='%237d4f50'/%3E"
    "%3Crect x='245' y='380' width='60' height='100' fill='%235a3d3d'/%3E"
    "%3Ccircle cx='640' cy='370' r='70' fill='%2370876a'/%3E"
    "%3Crect x='630' y='430' width='20' height='80' fill='%23604b3a'/%3E%3C/svg%3E"
)
_WORDS: dict[str, tuple[str, ...]] = {
    "Choices": ("Agree", "Disagree", "Cannot tell"),
    "TimeSeriesLabels": ("Rise", "Peak", "Fall"),
    "TimelineLabels": ("Standing", "Walking", "Running"),
    "OcrLabels": ("Title", "Amount", "Date"),
    "ParagraphLabels": ("Question", "Answer", "Promise"),
}
_DRAWN = ("House", "Tree", "Sun")
_NAMED = ("Person", "Place", "Date")


@dataclass(frozen=True, slots=True)
class Wanted:
    """For which object a sample is made; *copy* is the number of the copy in a Repeater. *small*: there are many."""

    item: Item
    config: Config
    copy: int
    small: bool


def picture(number: int = 0) -> str:
    """Address of a small picture; neighbours differ in the colour of the sky."""
    return _PICTURE.format(sky=_SKIES[number % len(_SKIES)])


def sample(item: Item, attr: str, config: Config, copy: int = 0) -> Any:
    """What the attribute *attr* of the object *item* could find in a task, in copy number *copy* of a Repeater."""
    small = len(config.objects) > _MANY
    if attr in _NUMBERS:
        return _NUMBERS[attr]
    if attr == "audioUrl":
        return _SPEECH if small else tone()
    if attr == "valueList":
        return [picture(number) for number in range(len(_SKIES))]
    return SAMPLES.get(item.tag.object_type or "", _text)(Wanted(item, config, copy, small))


def options(control: Item) -> list[dict[str, Any]]:
    """What a field with options for *control* could hold."""
    words = _WORDS.get(control.tag.name) or (_DRAWN if control.tag.shape in _SHAPES else _NAMED)
    if control.tag.nests:
        return [{"value": "Animal", "children": [{"value": "Cat"}, {"value": "Dog"}]}, {"value": "Plant"}]
    return [{"value": word} for word in words]


_SHAPES = ("rectangle", "ellipse", "polygon", "keypoint", "brush", "bitmask", "vector", "track", "vectortrack")


def _image(want: Wanted) -> str:
    return picture(want.copy)


def _text(want: Wanted) -> str:
    return _encoded(TEXT, want.item, "text/plain")


def _html(want: Wanted) -> str:
    return _encoded(HTML, want.item, "text/html")


def _encoded(text: str, item: Item, kind: str) -> str:
    found = _address(text, kind) if item.values.text("valueType") == "url" else text
    return found if item.values.text("encoding") in (None, "none") else b64encode(found.encode()).decode()


def _address(text: str, kind: str) -> str:
    return f"data:{kind}," + quote(text, safe=",")


def _phrases(want: Wanted) -> Any:
    values = want.item.values
    name, text = (
        ("name", "text") if want.item.tag.name == "Dialog" else (values.text("nameKey"), values.text("textKey"))
    )
    timed = values.given("audioUrl") is not None or values.given("sync") is not None
    return [
        {name or "author": author, text or "text": said} | ({"start": start, "end": end} if timed else {})
        for author, said, start, end in PHRASES
    ]


def _messages(_want: Wanted) -> list[dict[str, Any]]:
    return [
        {"role": role, "content": said, "createdAt": 1_735_689_600_000 + number * 30_000}
        for number, (role, said) in enumerate(MESSAGES)
    ]


def _sound(want: Wanted) -> str:
    return _SPEECH if want.small else tone()


@lru_cache(maxsize=1)
def tone() -> str:
    """Address of one second of sound: three soft notes, as 8-bit WAV."""
    rate = 8000
    samples = bytearray()
    for at in range(rate):
        period = (20, 16, 13)[at * 3 // rate]  # samples: 400, 500 and 615 Hz
        step = at % (rate // 3)
        loud = min(step // 8, (rate // 3 - step) // 16, 96)  # rises and dies away
        place = at % period * 4 - 2 * period  # a triangle, -2 period … 2 period
        samples.append(128 + loud * (abs(place) - period) // period)
    size = len(samples)
    head = b"RIFF" + (36 + size).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    head += (1).to_bytes(2, "little") + (1).to_bytes(2, "little") + rate.to_bytes(4, "little")
    head += rate.to_bytes(4, "little") + (1).to_bytes(2, "little") + (8).to_bytes(2, "little")
    data = head + b"data" + size.to_bytes(4, "little") + bytes(samples)
    return "data:audio/wav;base64," + b64encode(data).decode()


def _table(want: Wanted) -> Any:
    form = (want.item.values.text("valueType") or "json").lower().split("|")
    if form[0].strip() != "csv":
        return list(ROWS)
    separator = next((option[10:] for option in form if option.startswith("separator=")), "") or ","
    lines = [separator.join(ROWS[0])] if "headless" not in form else []
    lines += [separator.join(str(cell) for cell in row.values()) for row in ROWS]
    text = "\n".join(lines) + "\n"
    return _address(text, "text/csv") if "url" in form else text


def _items(_want: Wanted) -> list[dict[str, str]]:
    return [{"id": id_, "title": title, "body": body} for id_, title, body in ITEMS]


def _series(want: Wanted) -> Any:
    parts = want.config.parts_of(want.item)
    channels = [inner for part in parts for inner in (part.children if part.tag.children else [part])]
    columns = list(dict.fromkeys(channel.values.text("column") or "0" for channel in channels))
    points = _FEW_POINTS if want.small else POINTS
    by_name: dict[str, list[Any]] = {}
    if time := want.item.values.text("timeColumn"):
        by_name[time] = _times(want.item.values.text("timeFormat"), points)
    for number, column in enumerate(columns):
        if column not in by_name:
            by_name[column] = _curve(number, points)
    if want.item.values.text("valueType") == "json":
        return by_name
    separator = want.item.values.text("sep") or ","
    width = max((int(name) + 1 for name in by_name if name.isdigit() and len(name) < 3), default=0)
    names = list(by_name) if not width else [str(place) for place in range(width)]
    rows = zip(*(by_name.get(name, [""] * points) for name in names), strict=True)
    lines = [separator.join(names)] if not width else []
    lines += [separator.join(str(cell) for cell in row) for row in rows]
    return _address("\n".join(lines) + "\n", "text/csv")


def _times(form: str | None, points: int) -> list[Any]:
    if not form:
        return [round(place / 10, 1) for place in range(points)]
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    day_only = not any(part in form for part in ("%H", "%I", "%M", "%S", "%s", "%Q", "%X", "%c"))
    step = timedelta(days=1) if day_only else timedelta(minutes=1)
    return [strftime(start + place * step, form) for place in range(points)]


def _curve(number: int, points: int) -> list[float]:
    """Arches of growing height, then a dip: whole numbers of hundredths."""
    period = 50 - 7 * (number % 5)
    values = []
    for place in range(points):
        step = place % period
        arch = step * (period - step) * 400 // (period * period)
        dip = 60 if 120 <= place < 132 else 0
        values.append((arch * (1 + place // period % 3) + number * 30 - dip) / 100)
    return values


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def strftime(time: datetime, form: str) -> str:
    """*time*, in UTC, in a format of d3-time-format; the same in every locale. Unknown directives stay."""
    hour = time.hour % 12 or 12
    seconds = int((time - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    known = {
        "Y": f"{time.year}", "y": f"{time.year % 100:02}", "m": f"{time.month:02}", "d": f"{time.day:02}",
        "e": f"{time.day:2}", "H": f"{time.hour:02}", "I": f"{hour:02}", "M": f"{time.minute:02}",
        "S": f"{time.second:02}", "L": f"{time.microsecond // 1000:03}", "f": f"{time.microsecond:06}",
        "p": "AM" if time.hour < 12 else "PM", "j": f"{time.timetuple().tm_yday:03}", "B": _MONTHS[time.month - 1],
        "b": _MONTHS[time.month - 1][:3], "A": _DAYS[time.weekday()], "a": _DAYS[time.weekday()][:3], "Z": "+0000",
        "z": "+0000", "s": f"{seconds}", "Q": f"{seconds * 1000 + time.microsecond // 1000}", "%": "%",
    }  # fmt: skip
    pieces = form.split("%")
    text, place = pieces[0], 1
    while place < len(pieces):
        piece = pieces[place]
        if not piece and place + 1 < len(pieces):  # %%
            text += "%" + pieces[place + 1]
            place += 2
            continue
        pad = piece[:1] if piece[:1] in ("-", "_", "0") and piece[1:2] in known else ""
        word = piece[len(pad) :]
        value = known.get(word[:1], "%" + word[:1])
        text += (value.lstrip("0 ") or "0" if pad == "-" else value) + word[1:]
        place += 1
    return text


def _file(name: str) -> Callable[[Wanted], str]:
    def found(_want: Wanted) -> str:
        return f"/samples/{name}"

    return found


SAMPLES: dict[str, Callable[[Wanted], Any]] = {
    "text": _text,
    "hypertext": _html,
    "image": _image,
    "audio": _sound,
    "video": _file("clip.webm"),
    "pdf": _file("report.pdf"),
    "pointcloud": _file("street.json"),
    "paragraphs": _phrases,
    "chat": _messages,
    "timeseries": _series,
    "table": _table,
    "list": _items,
    "component": _table,
}
