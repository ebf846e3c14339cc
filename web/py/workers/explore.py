"""The explore worker: the table of tasks, with numpy. Messages are in docs/contracts.md, section 11."""

import base64
from collections.abc import Sequence
from typing import Any

from border import Answer, Border, Message, text, whole
from labeling.problems import refuse
from labeling.table.asking import BadQuery
from labeling.table.reading import BadBlock
from labeling.table.screen import Screen
from polyscript import xworker

SCREEN = Screen()


def listed(message: Message, member: str) -> Sequence[Any]:
    value = message.get(member)
    if not isinstance(value, list):
        raise refuse("bad-message", f"member {member!r} must be a list", f"op {message.get('op')}")
    return value


def put(message: Message) -> Answer:
    try:
        SCREEN.put(whole(message, "number"), base64.b64decode(text(message, "data")))
    except BadBlock as bad:
        raise refuse("bad-block", str(bad), "the table") from None
    return {"rows": len(SCREEN.table)}


def change(message: Message) -> Answer:
    SCREEN.change(listed(message, "rows"), listed(message, "gone"))
    return {}


def ask(message: Message) -> Answer:
    query = message.get("query")
    try:
        return SCREEN.ask(query if isinstance(query, dict) else None, listed(message, "order"))
    except BadQuery as bad:
        raise refuse("bad-query", bad.message, bad.where) from None


def window(message: Message) -> Answer:
    return {"rows": SCREEN.window(whole(message, "from"), whole(message, "to"))}


def counted(message: Message) -> Answer:
    try:
        return {"counts": SCREEN.counted(listed(message, "columns"), whole(message, "bins"))}
    except BadQuery as bad:
        raise refuse("bad-query", bad.message, bad.where) from None


def doubtful(message: Message) -> Answer:
    return {"ids": SCREEN.doubtful(whole(message, "most"))}


def decided(message: Message) -> Answer:
    return SCREEN.decided(listed(message, "asked"), listed(message, "right"))


def ids(message: Message) -> Answer:
    return {"ids": SCREEN.ids(whole(message, "from"), whole(message, "to"))}


def columns(_: Message) -> Answer:
    return {"columns": SCREEN.columns()}


def hello(_: Message) -> Answer:
    """Each page begins with an empty table, whatever the worker has shown before."""
    global SCREEN
    SCREEN = Screen()
    return {}


OPS = {
    "begin": hello, "put": put, "change": change, "ask": ask, "window": window, "counted": counted,
    "doubtful": doubtful, "decided": decided, "ids": ids, "columns": columns,
}  # fmt: skip
xworker.sync.dispatch = Border(None, OPS).dispatch
