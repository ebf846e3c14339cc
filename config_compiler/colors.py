"""
Colours: CSS colours of configs -> ``#rrggbb`` or ``#rrggbbaa``, and a sequence for labels that name none.

Source of the names: CSS Color Module Level 4, section 6.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

SEQUENCE: tuple[str, ...] = (
    # Okabe and Ito (2008), Color Universal Design, without black
    "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7",
    # Each next one is the colour of the sRGB grid (steps of 10 %) that is farthest from all before it: the smallest
    # OKLab
    # distance over normal vision and full protanopia, deuteranopia and tritanopia (Machado, Oliveira, Fernandes 2009)
    "#801a00", "#80ffff", "#004d66", "#9966ff", "#b3cc99", "#b3331a", "#6600b3", "#801ae6", "#99b380",
    "#4d664d", "#806680", "#99ccff", "#990080", "#b3ff99", "#cc1ab3", "#e6b3cc", "#b380ff", "#b3e699",
    "#cc99b3", "#e68033", "#80cc66", "#66334d", "#66804d", "#b30099", "#8099cc", "#99e6e6", "#994de6",
    "#cccc33", "#e60099", "#4d1a99", "#1a661a", "#4d80cc", "#3399e6",
)  # fmt: skip

_NAMED = (
    "aliceblue:f0f8ff antiquewhite:faebd7 aqua:00ffff aquamarine:7fffd4 azure:f0ffff beige:f5f5dc "
    "bisque:ffe4c4 black:000000 blanchedalmond:ffebcd blue:0000ff blueviolet:8a2be2 brown:a52a2a "
    "burlywood:deb887 cadetblue:5f9ea0 chartreuse:7fff00 chocolate:d2691e coral:ff7f50 cornflowerblue:6495ed "
    "cornsilk:fff8dc crimson:dc143c cyan:00ffff darkblue:00008b darkcyan:008b8b darkgoldenrod:b8860b "
    "darkgray:a9a9a9 darkgreen:006400 darkgrey:a9a9a9 darkkhaki:bdb76b darkmagenta:8b008b "
    "darkolivegreen:556b2f darkorange:ff8c00 darkorchid:9932cc darkred:8b0000 darksalmon:e9967a "
    "darkseagreen:8fbc8f darkslateblue:483d8b darkslategray:2f4f4f darkslategrey:2f4f4f darkturquoise:00ced1 "
    "darkviolet:9400d3 deeppink:ff1493 deepskyblue:00bfff dimgray:696969 dimgrey:696969 dodgerblue:1e90ff "
    "firebrick:b22222 floralwhite:fffaf0 forestgreen:228b22 fuchsia:ff00ff gainsboro:dcdcdc ghostwhite:f8f8ff "
    "gold:ffd700 goldenrod:daa520 gray:808080 green:008000 greenyellow:adff2f grey:808080 honeydew:f0fff0 "
    "hotpink:ff69b4 indianred:cd5c5c indigo:4b0082 ivory:fffff0 khaki:f0e68c lavender:e6e6fa "
    "lavenderblush:fff0f5 lawngreen:7cfc00 lemonchiffon:fffacd lightblue:add8e6 lightcoral:f08080 "
    "lightcyan:e0ffff lightgoldenrodyellow:fafad2 lightgray:d3d3d3 lightgreen:90ee90 lightgrey:d3d3d3 "
    "lightpink:ffb6c1 lightsalmon:ffa07a lightseagreen:20b2aa lightskyblue:87cefa lightslategray:778899 "
    "lightslategrey:778899 lightsteelblue:b0c4de lightyellow:ffffe0 lime:00ff00 limegreen:32cd32 linen:faf0e6 "
    "magenta:ff00ff maroon:800000 mediumaquamarine:66cdaa mediumblue:0000cd mediumorchid:ba55d3 "
    "mediumpurple:9370db mediumseagreen:3cb371 mediumslateblue:7b68ee mediumspringgreen:00fa9a "
    "mediumturquoise:48d1cc mediumvioletred:c71585 midnightblue:191970 mintcream:f5fffa mistyrose:ffe4e1 "
    "moccasin:ffe4b5 navajowhite:ffdead navy:000080 oldlace:fdf5e6 olive:808000 olivedrab:6b8e23 "
    "orange:ffa500 orangered:ff4500 orchid:da70d6 palegoldenrod:eee8aa palegreen:98fb98 paleturquoise:afeeee "
    "palevioletred:db7093 papayawhip:ffefd5 peachpuff:ffdab9 peru:cd853f pink:ffc0cb plum:dda0dd "
    "powderblue:b0e0e6 purple:800080 rebeccapurple:663399 red:ff0000 rosybrown:bc8f8f royalblue:4169e1 "
    "saddlebrown:8b4513 salmon:fa8072 sandybrown:f4a460 seagreen:2e8b57 seashell:fff5ee sienna:a0522d "
    "silver:c0c0c0 skyblue:87ceeb slateblue:6a5acd slategray:708090 slategrey:708090 snow:fffafa "
    "springgreen:00ff7f steelblue:4682b4 tan:d2b48c teal:008080 thistle:d8bfd8 tomato:ff6347 "
    "transparent:00000000 turquoise:40e0d0 violet:ee82ee wheat:f5deb3 white:ffffff whitesmoke:f5f5f5 "
    "yellow:ffff00 yellowgreen:9acd32"
)
NAMES: dict[str, str] = dict(pair.split(":", 1) for pair in _NAMED.split())

_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.ASCII)
_NUMBER = r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})"
_FUNCTION = re.compile(
    rf"(?P<name>rgb|hsl)a?\(\s*(?P<a>{_NUMBER})(?P<au>%|deg)?(?:\s*,\s*|\s+)(?P<b>{_NUMBER})(?P<bu>%)?(?:\s*,\s*|\s+)"
    rf"(?P<c>{_NUMBER})(?P<cu>%)?(?:\s*[,/]\s*(?P<d>{_NUMBER})(?P<du>%)?)?\s*\)",
    re.ASCII,
)


def parse(text: str) -> str | None:
    """
    ``#rrggbb`` or, if not opaque, ``#rrggbbaa`` for a CSS colour: hex, a name, ``rgb()`` or ``hsl()``. Else
    ``None``.
    """
    color = text.strip().lower()
    if named := NAMES.get(color):
        return f"#{named}"
    if _HEX.fullmatch(color):
        digits = color[1:]
        if len(digits) <= 4:
            digits = "".join(digit * 2 for digit in digits)
        return f"#{digits[:6]}" if digits[6:] in ("", "ff") else f"#{digits}"
    if found := _FUNCTION.fullmatch(color):
        return _function(found)
    return None


def _function(found: re.Match[str]) -> str | None:
    a, b, c = float(found["a"]), float(found["b"]), float(found["c"])
    units = (found["au"] or "", found["bu"] or "", found["cu"] or "")
    if found["name"] == "rgb":
        if units not in (("", "", ""), ("%", "%", "%")):
            return None
        channels = (a * 255 / 100, b * 255 / 100, c * 255 / 100) if units[0] else (a, b, c)
    else:
        if units not in (("", "%", "%"), ("deg", "%", "%")):
            return None
        channels = _hsl(a % 360.0, _clamp(b, 100.0) / 100.0, _clamp(c, 100.0) / 100.0)
    digits = "".join(f"{_byte(channel):02x}" for channel in channels)
    if found["d"] is None:
        return f"#{digits}"
    alpha = _byte(float(found["d"]) * 255 / (100 if found["du"] else 1))
    return f"#{digits}" if alpha == 255 else f"#{digits}{alpha:02x}"


def _hsl(hue: float, saturation: float, lightness: float) -> tuple[float, float, float]:
    """HSL to RGB of 0-255. Source: CSS Color Module Level 4, section 7.1."""

    def channel(n: int) -> float:
        k = (n + hue / 30.0) % 12.0
        return 255.0 * (lightness - saturation * min(lightness, 1 - lightness) * max(-1.0, min(k - 3, 9 - k, 1.0)))

    return channel(0), channel(8), channel(4)


def _clamp(number: float, high: float) -> float:
    return min(max(number, 0.0), high)


def _byte(number: float) -> int:
    return int(_clamp(number, 255.0) + 0.5)


def sequence(taken: Iterable[str]) -> Iterator[str]:
    """
    Colours for labels, best told apart first, without those already *taken*. Never ends.

    After the 40 colours made for all kinds of colour vision it goes on with hues a golden angle apart.
    """
    seen = set(taken)
    for color in SEQUENCE:
        if color not in seen:
            yield color
    n = 0
    while True:
        lightness = (0.42, 0.58, 0.72)[n % 3]
        red, green, blue = _hsl((n * 137.508) % 360.0, 0.65, lightness)
        color = f"#{_byte(red):02x}{_byte(green):02x}{_byte(blue):02x}"
        n += 1
        if color not in seen:
            seen.add(color)
            yield color
        elif n > 5_000:  # all distinct colours are used: repeat rather than search for ever
            yield color
