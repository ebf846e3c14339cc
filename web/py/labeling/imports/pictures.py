"""Width and height of a picture from its first bytes: PNG, JPEG, GIF, BMP and WebP.

Sources: PNG (W3C), section 11.2.1; JPEG (ITU-T T.81), B.2.2; GIF89a, section 18; the BITMAPINFOHEADER of BMP; the WebP
container specification (VP8, VP8L, VP8X). A JPEG's frame may stand behind long metadata, so give 64 KB or more.
"""

from __future__ import annotations

HEAD_BYTES = 256 << 10
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def size(head: bytes) -> tuple[int, int] | None:
    """Pixels as stored, both at least 1; None where they are not in *head*. A turn that EXIF asks for is applied."""
    found = _size(head)
    return found if found is not None and min(found) > 0 else None


def _size(head: bytes) -> tuple[int, int] | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= 24:
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    if head[:6] in (b"GIF87a", b"GIF89a") and len(head) >= 10:
        return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    if head.startswith(b"BM") and len(head) >= 26:
        width, height = (int.from_bytes(head[at : at + 4], "little", signed=True) for at in (18, 22))
        return width, abs(height)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP" and len(head) >= 30:
        return _webp(head)
    return _jpeg(head) if head.startswith(b"\xff\xd8") else None


def _webp(head: bytes) -> tuple[int, int] | None:
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    return None


def _jpeg(head: bytes) -> tuple[int, int] | None:
    at, turned = 2, False
    while at + 9 <= len(head):
        if head[at] != 0xFF:
            return None
        marker = head[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        if marker in _FRAMES:
            height, width = (int.from_bytes(head[place : place + 2], "big") for place in (at + 5, at + 7))
            return (height, width) if turned else (width, height)
        length = int.from_bytes(head[at + 2 : at + 4], "big")
        if marker == 0xE1 and head[at + 4 : at + 10] == b"Exif\0\0":
            turned = _quarter_turn(head[at + 10 : at + 2 + length])
        at += 2 + length
    return None


def _quarter_turn(exif: bytes) -> bool:
    """Whether the orientation (tag 0x0112 of the first directory) swaps the sides: browsers show it turned."""
    order = "little" if exif[:2] == b"II" else "big"

    def whole(at: int, size: int) -> int:
        return int.from_bytes(exif[at : at + size], order)  # type: ignore[arg-type]

    first = whole(4, 4)
    for entry in range(first + 2, min(first + 2 + 12 * whole(first, 2), len(exif) - 11), 12):
        if whole(entry, 2) == 0x0112:
            return 5 <= whole(entry + 8, 2) <= 8
    return False
