"""Steps for tests: a session that stamps intents and checks the rules that every single step must keep."""

from __future__ import annotations

import copy
import json

from hypothesis import HealthCheck, settings
from labeling import reduce, session, view
from labeling.model import Settings, State
from labeling.view_types import Patch

Json = dict[str, object]

# A busy machine is slow, not wrong: no example fails for the time it took.
STEADY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Acting:
    """Applies intents one by one; each patch applied to the last view must give the next state's whole view."""

    def __init__(
        self,
        plan: Json,
        data: Json | None = None,
        result: object = (),
        preferences: Settings | None = None,
        size: bool = True,
    ) -> None:
        self.state: State = session.open_task(plan, data or {}, result, preferences or Settings())
        self.view: Json = as_json(view.full(self.state))
        self.at = 1_700_000_000_000
        for part in plan["objects"]:  # type: ignore[attr-defined]
            if part["type"] == "image" and size:
                self.do("object_loaded", object=part["name"], width=1000, height=500)

    def do(self, kind: str, **members: object) -> Patch:
        self.at += 1000
        before, was = self.state, self.view
        kept = view.full(before)
        intent = {"type": kind, "at": self.at, **members}
        given = copy.deepcopy(intent)
        self.state, patch = reduce(before, intent)
        assert intent == given, "the intent was changed"
        assert view.full(before) == kept, "the old state was changed"
        self.view = as_json(view.full(self.state))
        assert as_json(view.apply(was, as_json(patch))) == self.view, "the patch is not the difference of the views"
        return patch

    def refused(self, kind: str, **members: object) -> str:
        """The code of the problem that the intent gives; nothing else may change."""
        was = self.view
        patch = self.do(kind, **members)
        assert set(patch) == {"problems"}, patch
        assert {**self.view, "problems": []} == {**was, "problems": []}
        (fault,) = patch["problems"]
        assert fault["where"]
        assert fault["message"]
        return fault["code"]

    def box(
        self, name: str, x: float = 10, y: float = 20, width: float = 30, height: float = 40, **more: object
    ) -> Patch:
        shape = {"x": x, "y": y, "width": width, "height": height, "rotation": 0, **more}
        return self.do("add_region", region=name, object="img", shape=shape)

    def span(self, name: str, start16: int, end16: int) -> Patch:
        return self.do("add_region", region=name, object="txt", shape={"start16": start16, "end16": end16})

    def region(self, name: str) -> Json:
        return self.view["regions"][name]  # type: ignore[index]


def as_json(value: object) -> Json:
    """*value* as the page gets it."""
    return json.loads(json.dumps(value))
