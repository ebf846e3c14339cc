"""Text and HyperText: the text itself, decoded if the config says so, or its address. HTML is cleaned by the page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from labeling import values
from labeling.displays import common
from labeling.displays.common import ObjectDisplay
from labeling.plan_index import ObjectPart


def show(part: ObjectPart, value: object, _: Mapping[str, object]) -> ObjectDisplay:
    if isinstance(value, bool) or not isinstance(value, str | int | float | list):
        return common.wrong(part, value, "a text", "the field must be a text, a number or a list of them")
    text = values.as_text(value)
    if part.encoding in ("base64", "base64unicode"):
        try:
            # Missing padding is common and harmless; anything that is not base64 is named, not shown as garbage.
            blob = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
            text = blob.decode("latin-1" if part.encoding == "base64" else "utf-8")
        except (binascii.Error, ValueError):
            hint = f"the config says encoding={part.encoding!r}"
            return common.fault(part, "bad-encoding", "its field cannot be decoded", hint)
    return common.address(part, text) if part.value_type == "url" else {"text": text}
