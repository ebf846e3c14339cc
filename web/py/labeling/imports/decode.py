"""Bytes to text: UTF-8 with or without a byte order mark, UTF-16 with one; anything else is refused with its place."""

from __future__ import annotations

from labeling.problems import Problem, problem

_WAY_OUT = "Save the file as UTF-8 text (in Excel: CSV UTF-8) and import it again."


def decode(name: str, data: bytes) -> str | Problem:
    """The text of *data*, or the problem that names the first byte that is not text."""
    encoding, skip = "utf-8", 0
    if data.startswith(b"\xef\xbb\xbf"):
        skip = 3
    elif data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return problem("not-text", f"{name} is UTF-32, which is not read.", "byte 1, line 1", _WAY_OUT)
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding, skip = ("utf-16-le" if data[0] == 0xFF else "utf-16-be"), 2
    try:
        text = data[skip:].decode(encoding)
    except UnicodeDecodeError as fault:
        offset = skip + fault.start
        shown = data[offset]
        line = data[skip:offset].decode(encoding, "replace").count("\n") + 1
        message = f"{name} is not {encoding[:6].rstrip('-').upper()} text: byte {offset + 1} is 0x{shown:02X}."
        return problem("not-text", message, f"byte {offset + 1}, line {line}", _WAY_OUT)
    zero = text.find("\0")
    if zero >= 0:
        line = text.count("\n", 0, zero) + 1
        offset = skip + len(text[:zero].encode(encoding))
        message = f"{name} holds a zero byte, which text never does: it is UTF-16 without a mark, or no text at all."
        return problem("not-text", message, f"byte {offset + 1}, line {line}", _WAY_OUT)
    return text
