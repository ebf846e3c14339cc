"""Codes of masks as lists of numbers in JSON: the text of each is made once, as hundreds go out with every draft."""

from __future__ import annotations

import json
from functools import lru_cache

_WORDS = [str(value) for value in range(256)]
#: Stands for a list while the rest is encoded. No text of a result is this.
_PLACE = "\0mask %d of this result, as a list of bytes\0"
#: Texts of longer codes are made anew each time.
_LONGEST = 1 << 18


class ByteList(list[int]):
    """The bytes of a code as JSON has them: a list that remembers where it came from."""

    def __init__(self, code: bytes) -> None:
        super().__init__(code)
        self._code = code

    @property
    def text(self) -> str:
        """The list as JSON."""
        return _text(self._code) if len(self._code) <= _LONGEST else _made(self._code)


def _made(code: bytes) -> str:
    return f"[{','.join(map(_WORDS.__getitem__, code))}]"


_text = lru_cache(maxsize=512)(_made)


def dumps(rows: list[object]) -> str:
    """Results as JSON, like ``json.dumps`` of them; lists of bytes are taken from what was made before."""
    codes: list[ByteList] = []
    text = json.dumps([_placed(row, codes) for row in rows], separators=(",", ":"))
    parts: list[str] = []
    for number, code in enumerate(codes):
        before, _, text = text.partition(json.dumps(_PLACE % number))
        parts += (before, code.text)
    return "".join((*parts, text))


def _placed(row: object, codes: list[ByteList]) -> object:
    value = row.get("value") if isinstance(row, dict) else None
    code = value.get("rle") if isinstance(value, dict) else None
    if not isinstance(row, dict) or not isinstance(value, dict) or not isinstance(code, ByteList):
        return row
    codes.append(code)
    return {**row, "value": {**value, "rle": _PLACE % (len(codes) - 1)}}
