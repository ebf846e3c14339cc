"""`labelkite status` and `labelkite logs`: how a deployment is, and what its functions have said."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from labelkite.deploy.account import Account, DeployFailed
from labelkite.deploy.act import healthy
from labelkite.deploy.stack import PREFIX, Say, Stack, State, deployments

Part = Literal["api", "jobs", "tick", "gateway"]
PARTS: tuple[Part, ...] = ("api", "jobs", "tick", "gateway")
FOLLOW_S = 2.0
SPAN = re.compile(r"(\d+)([smhd])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def state_of(account: Account, name: str) -> State:
    """Raises DeployFailed when there is no such deployment."""
    state = Stack(account, name).state()
    if state is None or (not state.is_there and not state.is_busy):
        raise DeployFailed(
            f"There is no deployment {name} in account {account.id}, {account.region}.", _others(account, name)
        )
    return state


def _others(account: Account, name: str) -> str:
    """What to do when there is none of that name."""
    from botocore.exceptions import ClientError

    try:
        found = [one.name.removeprefix(PREFIX) for one in deployments(account) if one.is_there]
    except ClientError:  # who may not list them can still look at their own
        found = []
    if found:
        return f"Here are: {', '.join(found)}. Check --name and --region (each region has its own)."
    return f"There is none in this region: check --region, or make it with labelkite deploy --name {name}."


def status(account: Account, name: str) -> list[str]:
    """Lines for people."""
    state = state_of(account, name)
    told = [f"{'Stack':<16}{state.name}, {state.status.lower().replace('_', ' ')}"]
    if not state.is_there or "Url" not in state.outputs:
        return told
    url, outputs = state.outputs["Url"], state.outputs
    said = healthy(url, 0)
    zipped = state.parameters["CodeKey"].rpartition("/")[2][:12]
    jobs, dead = (_waiting(account, outputs[queue]) for queue in ("Queue", "DeadQueue"))
    told += [
        f"{'Site':<16}{url}",
        f"{'API':<16}{'answers' if not said else f'does not answer: {said}'}",
        f"{'Functions':<16}{zipped}, {state.parameters['Runtime']}, {state.parameters['Architecture']}",
        f"{'Table':<16}{outputs['Table']}",
        f"{'Files':<16}{outputs['DataBucket']}",
        f"{'Jobs':<16}{jobs} wait, {dead} failed for good",
        f"{'Alarms':<16}{_alarms(account, name)}",
    ]
    return told


def _waiting(account: Account, queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = account.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(int(found.get(name, 0)) for name in names)


def _alarms(account: Account, name: str) -> str:
    own = set(Stack(account, name).resources().values())
    pages = (
        account.client("cloudwatch")
        .get_paginator("describe_alarms")
        .paginate(AlarmNamePrefix=f"labelkite-{name}-", StateValue="ALARM")
    )
    found = [one for page in pages for one in page["MetricAlarms"] if one["AlarmName"] in own]
    return "; ".join(one["AlarmDescription"] for one in found) or "all quiet"


def since_ms(span: str) -> int:
    """Milliseconds since 1970 of `15m`, `2h` or `3d` ago. Raises DeployFailed."""
    found = SPAN.fullmatch(span)
    if found is None:
        raise DeployFailed(f"{span!r} is no span of time.", "Write it like 15m, 2h or 3d.")
    return int((time.time() - int(found[1]) * SECONDS[found[2]]) * 1000)


def logs(account: Account, name: str, parts: tuple[Part, ...], start_ms: int, say: Say, *, follow: bool) -> None:
    """Tell what was logged from a moment on, the parts in the order of time; with `follow` until it is stopped."""
    state_of(account, name)
    seen: set[tuple[str, int, str]] = set()
    while True:
        found = [event for part in parts for event in _events(account, name, part, start_ms)]
        for event in sorted(found, key=lambda one: int(one["timestamp"])):
            line = _line(event)
            mark = (event.get("eventId", ""), event["timestamp"], line)
            if mark not in seen:
                seen.add(mark)
                say(line)
        if not follow:
            return
        start_ms = max([start_ms, *(int(one["timestamp"]) for one in found)])
        time.sleep(FOLLOW_S)


def _events(account: Account, name: str, part: Part, start_ms: int) -> Iterator[Mapping[str, Any]]:
    pages = account.client("logs").get_paginator("filter_log_events")
    for page in pages.paginate(logGroupName=f"/labelkite/{name}/{part}", startTime=start_ms):
        for event in page["events"]:
            yield {**event, "part": part}


def _line(event: Mapping[str, Any]) -> str:
    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC).strftime("%m-%d %H:%M:%S")
    return f"{at} {event['part']:<8}{event['message'].rstrip()}"
