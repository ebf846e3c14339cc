"""Dialogues: Paragraphs (also the old Dialog) as phrases with authors, Chat as messages with roles."""

from __future__ import annotations

from collections.abc import Mapping

from labeling import values
from labeling.displays import common
from labeling.displays.common import Message, ObjectDisplay, Phrase
from labeling.plan_index import ObjectPart


def paragraphs(part: ObjectPart, value: object, data: Mapping[str, object]) -> ObjectDisplay:
    """``phrases``, or ``url`` of the JSON file that has them; ``audio``: the address of the recording, if any."""
    given = common.parsed(value)
    if isinstance(given, list):
        shown = _phrases(part, given)
    elif isinstance(given, str) and given.strip() and part.value_type == "url":
        shown = common.address(part, given)
    else:
        author, text = _keys(part)
        hint = (
            f'write [{{"{author}": "Ann", "{text}": "Hello"}}]; for the address of a file the tag says valueType="url"'
        )
        return common.wrong(part, value, "a list of phrases", hint)
    sound = part.raw.get("audio_url")
    if "problem" in shown or not isinstance(sound, Mapping):
        return shown
    found = values.resolve(sound, data)
    if found.missing:
        hint = f"add the field {found.missing[0]!r} to the task's data"
        return common.fault(part, "no-field", f"the task has no field {found.missing[0]!r}, its recording", hint)
    if not isinstance(found.value, str) or not found.value.strip():
        return common.wrong(part, found.value, "the address of its recording", "audioUrl must name an address")
    if common.is_script(found.value):
        return common.fault(part, "unsafe-address", "the address of its recording is a script", "use an https: address")
    return {**shown, "audio": found.value}


def read(part: ObjectPart, text: str) -> ObjectDisplay:
    given = common.parsed(text)
    if not isinstance(given, list):
        return common.fault(part, "wrong-type", "its file is no JSON list of phrases", "give a JSON file with a list")
    return _phrases(part, given)


def _keys(part: ObjectPart) -> tuple[str, str]:
    return str(part.raw.get("name_key") or "author"), str(part.raw.get("text_key") or "text")


def _phrases(part: ObjectPart, rows: list[object]) -> ObjectDisplay:
    author, text = _keys(part)
    made: list[Phrase] = []
    for place, row in enumerate(rows, 1):
        if isinstance(row, str):
            row = {text: row}
        if not isinstance(row, Mapping) or isinstance(row.get(text), dict | list):
            message = f"phrase {place} is {common.named(row)} without a text in {text!r}"
            return common.fault(part, "bad-item", message, f"each phrase is an object with {author!r} and {text!r}")
        if row.get(text) is None:
            there = ", ".join(map(str, list(row)[:8])) or "none"
            hint = f"its members: {there}; the tag's textKey names the one with the text"
            return common.fault(part, "bad-item", f"phrase {place} has no {text!r}", hint)
        phrase: Phrase = {"author": values.as_text(row.get(author)), "text": values.as_text(row[text])}
        start, end, duration = (common.number(row.get(key)) for key in ("start", "end", "duration"))
        if start is not None:
            phrase["start"] = start
            if end is not None:
                phrase["end"] = end
            elif duration is not None:
                phrase["end"] = round(start + duration, 6)
        made.append(phrase)
    return {"phrases": made}


def chat(part: ObjectPart, value: object, _: Mapping[str, object]) -> ObjectDisplay:
    """``messages`` that the task brings; those that annotators write are regions."""
    given = common.parsed(value)
    if not isinstance(given, list):
        return common.wrong(part, value, "a list of messages", 'write [{"role": "user", "content": "Hello"}]')
    made: list[Message] = []
    for place, row in enumerate(given, 1):
        role = row.get("role") if isinstance(row, Mapping) else None
        if not isinstance(row, Mapping) or not isinstance(role, str) or not role:
            hint = 'write {"role": "user", "content": "Hello"}'
            return common.fault(part, "bad-item", f"message {place} has no role", hint)
        message: Message = {"role": role, "content": values.as_text(row.get("content"))}
        created = common.number(row.get("createdAt"))
        if created is not None:
            message["createdAt"] = created
        made.append(message)
    return {"messages": made}


def read_chat(part: ObjectPart, text: str) -> ObjectDisplay:
    return chat(part, text, {})
