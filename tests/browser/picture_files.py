"""Pictures of the kinds that people bring, made on the spot: EXIF orientations, 16 bits, DICOM, tiles."""

from __future__ import annotations

import functools
import math
import os
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw

CORNERS = {"top left": (255, 0, 0), "top right": (0, 255, 0), "bottom left": (0, 0, 255), "bottom right": (255, 255, 0)}
"""Colours of the corners of `upright()`, as a person sees it."""
_UNDO = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How to store a picture so that its EXIF orientation shows it upright (Exif 2.32, 4.6.4, tag 0x0112)."""


def upright(width: int = 120, height: int = 80) -> Image.Image:
    """A picture with another colour in each corner."""
    picture = Image.new("RGB", (width, height), (128, 128, 128))
    draw = ImageDraw.Draw(picture)
    w, h = width // 2 - 1, height // 2 - 1
    for (left, top), color in zip([(0, 0), (w + 1, 0), (0, h + 1), (w + 1, h + 1)], CORNERS.values(), strict=True):
        draw.rectangle((left, top, left + w, top + h), fill=color)
    return picture


def exif_jpeg(path: Path, orientation: int) -> None:
    """A JPEG that looks like `upright()` where its EXIF orientation (1 to 8) is respected."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = upright() if orientation == 1 else upright().transpose(_UNDO[orientation])
    stored.save(path, quality=95, subsampling=0, exif=exif)


def animated(path: Path) -> None:
    """Three frames: the first like `upright()`, the others black and white."""
    rest = [Image.new("RGB", (120, 80), color) for color in ("black", "white")]
    upright().save(path, save_all=True, append_images=rest, duration=40, loop=0)


def svg() -> str:
    """`upright()` as an SVG."""
    squares = zip([(0, 0), (60, 0), (0, 40), (60, 40)], CORNERS.values(), strict=True)
    shapes = "".join(f'<rect x="{x}" y="{y}" width="60" height="40" fill="rgb{color}"/>' for (x, y), color in squares)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80">{shapes}</svg>'


def resized_jpeg(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose frame header says another size than its data has (ITU-T T.81, B.2.2)."""
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def deep_value(x: int, y: int) -> int:
    """Of the 16-bit pictures: a small part of what 16 bits can hold."""
    return 1000 + 40 * x + y


def deep_tiff(path: Path, width: int = 64, height: int = 48) -> None:
    data = struct.pack(f"<{width * height}H", *(deep_value(x, y) for y in range(height) for x in range(width)))
    Image.frombytes("I;16", (width, height), data).save(path, compression="tiff_lzw")


def deep_png(path: Path, width: int = 64, height: int = 48) -> None:
    """Grey, 16 bits."""
    rows = b"".join(b"\0" + b"".join(struct.pack(">H", deep_value(x, y)) for x in range(width)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 16, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def dicom(path: Path, width: int = 60, height: int = 40, syntax: bytes = b"1.2.840.10008.1.2.1") -> None:
    """CT, explicit little endian: Hounsfield units are x + y - 24, the window is -20 to 20 (PS3.10, section 7)."""

    def element(group: int, number: int, vr: bytes, value: bytes) -> bytes:
        value += b"\0" * (len(value) % 2) if vr in (b"UI", b"OB") else b" " * (len(value) % 2)
        long = vr in (b"OB", b"OW")
        size = b"\0\0" + struct.pack("<I", len(value)) if long else struct.pack("<H", len(value))
        return struct.pack("<HH", group, number) + vr + size + value

    def number(value: int) -> bytes:
        return struct.pack("<H", value)

    meta = element(2, 0x10, b"UI", syntax)
    body = b"".join(
        [
            element(8, 0x60, b"CS", b"CT"),
            element(0x28, 2, b"US", number(1)),
            element(0x28, 4, b"CS", b"MONOCHROME2"),
            element(0x28, 0x10, b"US", number(height)),
            element(0x28, 0x11, b"US", number(width)),
            element(0x28, 0x100, b"US", number(16)),
            element(0x28, 0x101, b"US", number(12)),
            element(0x28, 0x102, b"US", number(11)),
            element(0x28, 0x103, b"US", number(0)),
            element(0x28, 0x1050, b"DS", b"0"),
            element(0x28, 0x1051, b"DS", b"40"),
            element(0x28, 0x1052, b"DS", b"-1024"),
            element(0x28, 0x1053, b"DS", b"1"),
            element(0x7FE0, 0x10, b"OW", b"".join(number(1000 + x + y) for y in range(height) for x in range(width))),
        ]
    )
    path.write_bytes(b"\0" * 128 + b"DICM" + element(2, 0, b"UL", struct.pack("<I", len(meta))) + meta + body)


def tile_colour(level: int, x: int, y: int) -> tuple[int, int, int]:
    return (60 + 40 * (x % 4), 60 + 40 * (y % 4), (20 * level) % 256)


def deep_zoom(
    folder: Path, name: str, size: int = 30_000, tile: int = 1024, texture: Image.Image | None = None
) -> Path:
    """
    A Deep Zoom picture: `name`.dzi and its tiles. A tile's colour tells its column and row modulo 4 and its level.

    Tiles of one kind are one file with many names, so that 30,000 by 30,000 pixels cost a second.

    Args:
        texture: what every tile shows in place of a colour, as JPEG; at least as large as a tile.
    """
    made: dict[object, Path] = {}
    top = math.ceil(math.log2(size))
    suffix = "png" if texture is None else "jpg"
    for level in range(top + 1):
        side = math.ceil(size / 2 ** (top - level))
        place = folder / f"{name}_files" / str(level)
        place.mkdir(parents=True)
        count = math.ceil(side / tile)
        for y in range(count):
            for x in range(count):
                w, h = min(tile, side - x * tile), min(tile, side - y * tile)
                color = tile_colour(level, x, y)
                kind = (w, h, color if texture is None else (x % 4, y % 4))
                target = place / f"{x}_{y}.{suffix}"
                if kind in made:
                    os.link(made[kind], target)
                    continue
                picture = Image.new("RGB", (w, h), color) if texture is None else texture.crop((0, 0, w, h))
                picture.save(target)
                made[kind] = target
    path = folder / f"{name}.dzi"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="{suffix}" Overlap="0" TileSize="{tile}">'
        f'<Size Width="{size}" Height="{size}"/></Image>'
    )
    return path


def pyramid_tiff(path: Path, width: int, height: int, *, tile: int = 256, least: int = 256) -> None:
    """
    A tiled TIFF of 16-bit grey values with smaller copies of itself (TIFF 6.0, section 15; NewSubfileType 1).

    The value at x, y of the whole picture is (x // 64 + y // 64) % 4000; of a copy, that of the pixel it stands for.
    """
    shrinks = [1]
    while max(width, height) / shrinks[-1] > least:
        shrinks.append(shrinks[-1] * 2)

    @functools.cache
    def row(shift: int, shrink: int) -> bytes:
        return struct.pack(f"<{tile}H", *((shift + x * shrink // 64) % 4000 for x in range(tile)))

    with path.open("wb") as file:
        file.write(b"II*\0\0\0\0\0")
        link = 4
        for shrink in shrinks:
            w, h = math.ceil(width / shrink), math.ceil(height / shrink)
            columns, rows = math.ceil(w / tile), math.ceil(h / tile)
            offsets, sizes = [], []
            for ty in range(rows):
                for tx in range(columns):
                    left = tx * tile * shrink // 64
                    lines = (row(left + (ty * tile + y) * shrink // 64, shrink) for y in range(tile))
                    data = zlib.compress(b"".join(lines), 1)
                    offsets.append(file.tell())
                    sizes.append(len(data))
                    file.write(data)
            here = _directory(file.tell(), w, h, tile, offsets, sizes, reduced=shrink > 1)
            start = file.tell() + here[0]
            file.write(here[1])
            end = file.tell()
            file.seek(link)
            file.write(struct.pack("<I", start))
            file.seek(end)
            link = start + 2 + 12 * here[2]


def _directory(
    at: int, width: int, height: int, tile: int, offsets: list[int], sizes: list[int], *, reduced: bool
) -> tuple[int, bytes, int]:
    """Where the directory begins in what is written, what is written, and how many entries it has."""
    arrays = b"".join(struct.pack("<I", value) for value in (*offsets, *sizes))
    count = len(offsets)
    places = (at, at + 4 * count) if count > 1 else (offsets[0], sizes[0])
    entries: Iterable[tuple[int, int, int, int]] = [
        (254, 4, 1, int(reduced)),
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 16),
        (259, 3, 1, 8),
        (262, 3, 1, 1),
        (277, 3, 1, 1),
        (322, 3, 1, tile),
        (323, 3, 1, tile),
        (324, 4, count, places[0]),
        (325, 4, count, places[1]),
    ]
    packed = [struct.pack("<HHII", *entry) for entry in entries]
    pad = b"\0" * ((at + len(arrays)) % 2)
    return (
        len(arrays + pad),
        arrays + pad + struct.pack("<H", len(packed)) + b"".join(packed) + b"\0\0\0\0",
        len(packed),
    )
