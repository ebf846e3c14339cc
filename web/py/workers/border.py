"""The border between the page and the engine: one JSON text in, one out (docs/contracts.md, section 3).

No object of one side is ever held by the other. ``dispatch`` never raises: whatever comes, the answer has the members
that were asked for, or ``problems``.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Mapping

from labeling import check, clipboard, display, plan_index, reading, reduce, results, session, view
from labeling.masks import listing
from labeling.model import Origin, Settings, State
from labeling.plan_index import PlanIndex
from labeling.problems import PlanError, Refusal, problem, refuse

Message = Mapping[str, object]
Answer = dict[str, object]
#: One message to the members of its answer.
Op = Callable[[Message], Answer]
#: Source of a config to ``{"plan"?, "diagnostics", "ms"}``.
Compile = Callable[[str], dict[str, object]]


class Border:
    """Plans and open sessions of one worker.

    Args:
        compile: makes the op ``compile`` work; only the author worker has a compiler.
        more: other ops of this worker by their names.
    """

    def __init__(self, compile: Compile | None = None, more: Mapping[str, Op] | None = None) -> None:
        self._compile = compile
        self._plans: dict[str, PlanIndex] = {}
        self._sessions: dict[str, State] = {}
        self._ops: dict[str, Op] = {
            "plan": self._plan,
            "open": self._open,
            "intent": self._intent,
            "dump": self._dump,
            "copy": self._copy,
            "close": self._close,
            "display": self._display,
            "content": self._content,
            "compile": self._compiled,
            **(more or {}),
        }

    def dispatch(self, message: str) -> str:
        # States have no cycles: the collector would look at ten thousand regions again and again and find nothing.
        gc.disable()
        try:
            return json.dumps(self._answer(message), separators=(",", ":"))
        finally:
            gc.enable()

    def _answer(self, message: str) -> Answer:
        try:
            parsed = reading.mapping(reading.json_text(message))
            if parsed is None:
                raise refuse("bad-message", "a message is a JSON object", "worker")
            op = self._ops.get(str(parsed.get("op")))
            if op is None:
                raise refuse("unknown-op", f"unknown op {str(parsed.get('op'))[:40]!r}", "worker")
            return op(parsed)
        except Refusal as refusal:
            return {"problems": [refusal.problem]}
        except PlanError as fault:
            hint = "reload the page; if that does not help, save the config again"
            return {"problems": [problem("bad-plan", fault.fault, "plan", hint)]}
        except Exception as fault:
            # The page must go on and must be able to say what happened; the session keeps its last good state.
            message = f"{type(fault).__name__}: {fault}"
            hint = "your work is safe; reload the page and report this"
            return {"problems": [problem("engine-fault", message[:500], "engine", hint)]}

    def _plan(self, message: Message) -> Answer:
        index = plan_index.index(_mapping(message, "plan"))
        self._plans[index.sha] = index
        return {"sha": index.sha}

    def _open(self, message: Message) -> Answer:
        given = reading.mapping(message.get("settings")) or {}
        before = reading.mapping(given.get("active")) or {}
        active = {name: reading.strings(names) or () for name, names in before.items()}
        settings = Settings(
            given.get("keep_labels") is not False, given.get("select_new") is True, active, given.get("suggest") is True
        )
        origin: Origin = "prediction" if message.get("origin") == "prediction" else "manual"
        data, result = _mapping(message, "data"), message.get("result") or ()
        begun = message.get("begun") is True
        state = session.open_task(self._index(message), data, result, settings, origin=origin, begun=begun)
        opened = state
        log = message.get("intents")
        for intent in log if isinstance(log, list) else ():
            state, _ = reduce(state, intent)
        self._sessions[text(message, "session")] = state
        gc.freeze()
        told = (opened.docs, opened.lengths, opened.task.phrases) == (state.docs, state.lengths, state.task.phrases)
        if message.get("shown") is True and told:
            return {"patch": view.since(opened, state)}
        return {"view": view.full(state)}

    def _intent(self, message: Message) -> Answer:
        name, state = self._session(message)
        steps = message.get("steps")
        known = frozenset(step for step in steps if isinstance(step, int)) if isinstance(steps, list) else None
        self._sessions[name], patch = reduce(state, _mapping(message, "intent"), known)
        return {"patch": patch}

    def _dump(self, message: Message) -> Answer:
        _, state = self._session(message)
        draft = message.get("draft") is True
        if message.get("as") == "problems":
            return {"problems": check.problems(state)}
        rows = results.dump(state, draft=draft)
        # Who only hands them on gets one text: megabytes of masks are then neither taken apart nor put together again.
        result: object = listing.dumps(rows) if message.get("as") == "text" else rows
        return {"result": result, "problems": check.problems(state)}

    def _copy(self, message: Message) -> Answer:
        _, state = self._session(message)
        names = reading.strings(message["regions"]) if message.get("regions") is not None else None
        rows, ids = clipboard.copied(state, names, answers=message.get("answers") is True)
        return {"rows": rows, "ids": ids}

    def _close(self, message: Message) -> Answer:
        if self._sessions.pop(text(message, "session"), None) is not None:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        return {}

    def _display(self, message: Message) -> Answer:
        return {"display": display.resolve(self._index(message), _mapping(message, "data"))}

    def _content(self, message: Message) -> Answer:
        _, state = self._session(message)
        part = state.task.index.objects.get(text(message, "object"))
        if part is None:
            raise refuse("unknown-object", f"no object {str(message.get('object'))[:40]!r}", "worker")
        return {"object": display.fetched(part, text(message, "text"))}

    def _compiled(self, message: Message) -> Answer:
        if self._compile is None:
            raise refuse("unknown-op", "this worker has no compiler", "worker")
        answer = self._compile(text(message, "source"))
        plan = reading.mapping(answer.get("plan"))
        if plan is not None:
            index = plan_index.index(plan)
            self._plans[index.sha] = index
        return answer

    def _index(self, message: Message) -> PlanIndex:
        index = self._plans.get(text(message, "sha"))
        if index is None:
            raise refuse("unknown-plan", "the plan was not sent to this worker", "worker", "send the plan, then open")
        return index

    def _session(self, message: Message) -> tuple[str, State]:
        name = text(message, "session")
        if name not in self._sessions:
            raise refuse("unknown-session", f"no open session {name[:40]!r}", "worker", "open the task again")
        return name, self._sessions[name]


def text(message: Message, member: str) -> str:
    """The text *member* of *message*.

    Raises:
        Refusal: it is missing or something else.
    """
    value = message.get(member)
    if not isinstance(value, str):
        raise refuse("bad-message", f"member {member!r} must be a text", f"op {message.get('op')}")
    return value


def _mapping(message: Message, member: str) -> Mapping[str, object]:
    value = reading.mapping(message.get(member))
    if value is None:
        raise refuse("bad-message", f"member {member!r} must be an object", f"op {message.get('op')}")
    return value


def whole(message: Message, member: str) -> int:
    """The whole number *member* of *message*.

    Raises:
        Refusal: it is missing or something else.
    """
    value = message.get(member)
    if not isinstance(value, int) or isinstance(value, bool):
        raise refuse("bad-message", f"member {member!r} must be a whole number", f"op {message.get('op')}")
    return value
