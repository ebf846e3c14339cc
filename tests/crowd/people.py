"""People with known error rates, who label over HTTP and never lose a word that the server has acknowledged."""

from __future__ import annotations

import hashlib
import itertools
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

LABELS = ("Amber", "Blue", "Coral", "Denim", "Ebony")
CONFIG = (
    '<View><Text name="t" value="$text"/><Choices name="colour" toName="t">'
    + "".join(f'<Choice value="{label}"/>' for label in LABELS)
    + "</Choices></View>"
)


def truth(text: str) -> str:
    """The right answer of a task; nothing that the server knows tells it."""
    return LABELS[hashlib.sha256(text.encode()).digest()[0] % len(LABELS)]


def answer(label: str) -> list[dict[str, Any]]:
    return [{"id": "c1", "from_name": "colour", "to_name": "t", "type": "choices", "value": {"choices": [label]}}]


@dataclass(frozen=True)
class Kind:
    """How somebody errs. `right`: chance of the right label; `mixes`: what is said instead of what, and how often."""

    name: str
    right: float = 1.0
    mixes: Mapping[str, tuple[str, float]] = field(default_factory=dict)

    def says(self, text: str, chance: random.Random) -> str:
        label = truth(text)
        if label in self.mixes and chance.random() < self.mixes[label][1]:
            return self.mixes[label][0]
        if chance.random() < self.right:
            return label
        return chance.choice([other for other in LABELS if other != label])


MIXER = Kind("mixer", 0.95, {"Blue": ("Denim", 0.6)})
CAREFUL = Kind("careful", 0.95)
FAIR = Kind("fair", 0.86)


def crowd(count: int, spammer_right: float) -> list[Kind]:
    """One spammer and one who mixes up two labels among careful and fair people."""
    return [Kind("spammer", spammer_right), MIXER, *itertools.islice(itertools.cycle((CAREFUL, FAIR)), count - 2)]


class Stopped(Exception):
    """This person may not go on: the server has paused them."""


@dataclass
class Person:
    """One member of the crowd. `acknowledged`: annotation ids by task, as the server has confirmed them."""

    kind: Kind
    number: int
    url: Callable[[], str]
    """Where the server is now; it may come back elsewhere."""
    acknowledged: dict[int, int] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    id: int = 0
    paused: bool = False
    retries: int = 0

    def __post_init__(self) -> None:
        self.name = f"{self.kind.name.title()} {self.number}"
        self.http = httpx.Client(timeout=30)

    def call(self, method: str, path: str, body: Any = None, key: str = "") -> Any:
        """As the page does: what did not come back is sent again with the same key, until somebody answers."""
        while True:
            url = self.url()
            headers = {"Origin": url, **({"Idempotency-Key": key} if key else {})}
            try:
                got = self.http.request(method, url + path, json=body, headers=headers)
            except httpx.TransportError:
                self.retries += 1
                time.sleep(0.05)
                continue
            if got.status_code in (502, 503, 429):
                self.retries += 1
                time.sleep(0.05)
                continue
            said: Any = got.json() if got.content else None
            codes = [problem["code"] for problem in said["problems"]] if got.status_code >= 400 else []
            if "paused" in codes:
                self.paused = True
                raise Stopped
            if "no-task" in codes:
                return None
            if codes == ["busy"]:
                continue
            assert got.status_code < 400, f"{method} {path}: {got.status_code} {got.text[:500]}"
            return said

    def join(self, invite: str) -> None:
        self.id = self.call("POST", "/api/session", {"invite": invite, "name": self.name})["person"]["id"]

    def work(self, project: int, is_over: Callable[[], bool]) -> None:
        """Label until nothing is left for anybody, or until the server pauses them."""
        try:
            while True:
                given = self.call("GET", f"/api/projects/{project}/next")
                if given is not None:
                    self.label(given)
                elif is_over():
                    return
                else:
                    time.sleep(0.2)
        except Stopped:
            return

    def label(self, given: Any) -> None:
        task, text = given["task"]["id"], given["task"]["data"]["text"]
        chance = random.Random(f"{self.number} says {text}")  # whoever is given what when: the same people say the same
        label = self.kind.says(text, chance)
        body = {"result": answer(label), "lease": given["lease"]["token"], "lead_time": 2 + chance.random() * 6}
        said = self.call("POST", f"/api/tasks/{task}/annotations", body, key=f"{self.number}-{task}")
        self.acknowledged[task] = said["id"]
        self.said[task], self.texts[task] = label, text


def run(people: list[Person], project: int, is_over: Callable[[], bool]) -> None:
    """Everybody at once, each in a thread. What one of them raises is raised here."""
    faults: list[BaseException] = []

    def work(person: Person) -> None:
        try:
            person.work(project, is_over)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(person,), name=person.name) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
