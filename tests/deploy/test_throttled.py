"""A deployment whose account is at its limits: AWS refuses many requests, and nobody loses an answer by it."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from labelkite.deploy import act, look
from tests.api import invariants
from tests.api.people import Browser, Project, mood, texts
from tests.deploy.running import Deployment
from tests.storage.proxy import Throttle

pytestmark = [pytest.mark.xdist_group("deploy"), pytest.mark.slow]

FUNCTIONS = ("api", "jobs")
SHARE = 0.2
TASKS, PEOPLE = 4, 3


@pytest.fixture
def throttle(deployed: Deployment) -> Iterator[Throttle]:
    """Between the deployed functions and their services; as they were afterwards."""
    client = deployed.account.client("lambda")
    names = [f"labelkite-{deployed.name}-{function}" for function in FUNCTIONS]
    before = {name: client.get_function_configuration(FunctionName=name)["Environment"]["Variables"] for name in names}
    with Throttle(deployed.aws.url) as proxy:
        for name, variables in before.items():
            reached = {"Variables": {**variables, "AWS_ENDPOINT_URL": proxy.url}}
            client.update_function_configuration(FunctionName=name, Environment=reached)
        try:
            yield proxy
        finally:
            proxy.share = 0
            for name, variables in before.items():
                client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})


def _label(person: Browser, project: Project, acknowledged: list[tuple[int, int, int]]) -> None:
    while envelope := person.next(project):
        task = envelope["task"]["id"]
        body = {"result": mood(), "lease": envelope["lease"]["token"], "lead_time": 1.5}
        person.call("PUT", f"/api/tasks/{task}/draft", body)
        said = person.submit(envelope, key=f"{person.person}-{task}")
        acknowledged.append((said["id"], task, person.person))


def _exported(owner: Browser, project: Project) -> list[dict[str, Any]]:
    answer = owner.http.get(f"/api/projects/{project.id}/export?exportType=JSON&download_all_tasks=1")
    rows: list[dict[str, Any]] = json.loads(answer.content)
    return rows


def _invariants(deployed: Deployment, project: Project) -> list[str]:
    store = act.open_store(deployed.account, look.state_of(deployed.account, deployed.name))
    try:
        from chalicelib import world

        return invariants.check(world.of(store), project.id)
    finally:
        store.close()


def test_refused_requests_lose_no_answer_and_double_none(deployed: Deployment, throttle: Throttle) -> None:
    owner = Browser(deployed.url)
    owner.join(deployed.owner_link.partition("#")[2], "Olga")
    project = owner.project(tasks=texts(TASKS), maximum_annotations=2)
    people = [Browser(deployed.url) for _ in range(PEOPLE)]
    for number, person in enumerate(people):
        person.join(project.invite, f"Ana {number}")
    acknowledged: list[tuple[int, int, int]] = []
    faults: list[BaseException] = []

    def work(person: Browser) -> None:
        try:
            _label(person, project, acknowledged)
        except BaseException as fault:
            faults.append(fault)

    throttle.share = SHARE
    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    throttle.share = 0
    assert not faults
    writes = sum(throttle.refused[name] for name in ("TransactWriteItems", "PutItem", "UpdateItem"))
    assert writes > 0, throttle.refused
    assert throttle.refused["Query"] > 0, throttle.refused

    rows = _exported(owner, project)
    kept = [(one["id"], row["id"], one["completed_by"]) for row in rows for one in row["annotations"]]
    assert sorted(kept) == sorted(acknowledged)
    assert Counter(task for _, task, _ in acknowledged) == {row["id"]: 2 for row in rows}
    assert _invariants(deployed, project) == []


def test_while_nothing_gets_through_the_client_is_told_to_wait_and_its_answer_counts_once(
    deployed: Deployment, throttle: Throttle
) -> None:
    owner = Browser(deployed.url)
    owner.join(deployed.owner_link.partition("#")[2], "Olga")
    project = owner.project(tasks=texts(1))
    person = Browser(deployed.url)
    person.join(project.invite, "Ana")
    envelope = person.next(project)
    throttle.share = 1
    body = {"result": mood(), "lease": envelope["lease"]["token"], "lead_time": 1.5}
    path, key = f"/api/tasks/{envelope['task']['id']}/annotations", {"Idempotency-Key": "once"}
    refused = person.http.post(path, json=body, headers=key)
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    assert [problem["code"] for problem in refused.json()["problems"]] == ["store-away"]
    # Tried again and again, with growing waits and so not often, before the client is told.
    assert 1 < sum(throttle.refused.values()) < 40

    throttle.share = 0
    first = person.submit(envelope, key="once")
    assert person.submit(envelope, key="once")["id"] == first["id"]
    assert [len(row["annotations"]) for row in _exported(owner, project)] == [1]
    assert _invariants(deployed, project) == []
