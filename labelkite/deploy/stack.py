"""The CloudFormation stack of a deployment: what there is, what a change does, and why one failed."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from labelkite.deploy import refusals
from labelkite.deploy.account import Account, DeployFailed, code_of

PREFIX = "labelkite-"
"""Of the names of all stacks that are deployments."""
POLL_S = 2.0
LONGEST_S = 45 * 60
"""How long a change is waited for; CloudFront takes some minutes, a certificate of one's own longer."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class State:
    """What is there of a stack."""

    name: str
    id: str
    status: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]
    """Secrets as `****`."""

    @property
    def is_there(self) -> bool:
        """Whether it was ever made successfully."""
        return not self.status.startswith(("ROLLBACK_", "REVIEW_", "CREATE_FAILED", "DELETE_"))

    @property
    def is_busy(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and not self.status.startswith("REVIEW_")


def _state(name: str, found: Mapping[str, Any]) -> State:
    return State(
        name,
        found["StackId"],
        found["StackStatus"],
        {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", ())},
        {one["ParameterKey"]: one.get("ParameterValue", "") for one in found.get("Parameters", ())},
    )


def deployments(account: Account) -> list[State]:
    """Every deployment of the account in the region, by name."""
    pages = account.client("cloudformation").get_paginator("describe_stacks").paginate()
    found = [_state(one["StackName"], one) for page in pages for one in page["Stacks"]]
    own = [one for one in found if one.name.startswith(PREFIX) and {"Name", "CodeKey"} <= one.parameters.keys()]
    return sorted((one for one in own if one.status != "DELETE_COMPLETE"), key=lambda one: one.name)


class Stack:
    def __init__(self, account: Account, name: str, poll_s: float = POLL_S) -> None:
        self._cloudformation = account.client("cloudformation")
        self.name = f"{PREFIX}{name}"
        self._poll_s = poll_s

    def state(self) -> State | None:
        from botocore.exceptions import ClientError

        try:
            found = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if code_of(error) == "ValidationError" and "does not exist" in str(error):
                return None
            raise
        return _state(self.name, found)

    def template(self) -> str:
        """The text of the template as it was given."""
        import json

        body = self._cloudformation.get_template(StackName=self.name, TemplateStage="Original")["TemplateBody"]
        return body if isinstance(body, str) else json.dumps(body, separators=(",", ":"), sort_keys=True)

    def change(self, template: str, parameters: Mapping[str, str | None], tags: Mapping[str, str], say: Say) -> bool:
        """
        Make or change the stack, telling each resource's progress; False: there was nothing to change.

        Args:
            parameters: None keeps the value that it has.
        Raises:
            DeployFailed: it failed and AWS has put back what was there; the message holds the reasons.
        """
        state = self._settle(say)
        kind = "UPDATE" if state is not None and state.is_there else "CREATE"
        given = [
            {"ParameterKey": name, "UsePreviousValue": True}
            if value is None
            else {"ParameterKey": name, "ParameterValue": value}
            for name, value in sorted(parameters.items())
        ]
        change_set = f"labelkite-{time.time_ns()}"
        self._cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=change_set,
            ChangeSetType=kind,
            TemplateBody=template,
            Parameters=given,
            Capabilities=["CAPABILITY_IAM"],
            Tags=[{"Key": name, "Value": value} for name, value in sorted(tags.items())],
        )
        if not self._ready(change_set):
            return False
        touched = self._touched(change_set)
        since = self._newest_event()
        self._cloudformation.execute_change_set(StackName=self.name, ChangeSetName=change_set)
        self._follow(since, say, f"{kind}_COMPLETE", only=touched)
        return True

    def delete(self, say: Say, keep: tuple[str, ...] = ()) -> None:
        """Delete it; what the template retains stays. Raises DeployFailed."""
        state = self.state()
        if state is None:
            return
        since = self._newest_event()
        more = {"RetainResources": list(keep)} if keep else {}
        self._cloudformation.delete_stack(StackName=state.id, **more)
        self._follow(since, say, "DELETE_COMPLETE", state.id)

    def resources(self) -> dict[str, str]:
        """Physical by logical name."""
        return {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in self._listed()}

    def functions(self) -> list[str]:
        """Names of the functions of Lambda; CloudFront's and the gateway's have the word in their names too."""
        return [one["PhysicalResourceId"] for one in self._listed() if one["ResourceType"] == "AWS::Lambda::Function"]

    def _listed(self) -> list[Any]:
        pages = self._cloudformation.get_paginator("list_stack_resources").paginate(StackName=self.name)
        return [one for page in pages for one in page["StackResourceSummaries"]]

    def _settle(self, say: Say) -> State | None:
        """Remove what a first try that failed has left; refuse while somebody else changes the stack."""
        state = self.state()
        if state is None or (state.is_there and not state.is_busy):
            return state
        if state.is_busy:
            raise DeployFailed(
                f"{self.name} is being changed just now ({state.status}).", "Wait until that is over, then try again."
            )
        say(f"Removing what an earlier try has left ({state.status}) ...")
        self.delete(say)
        return None

    def _ready(self, change_set: str) -> bool:
        """Wait for a change set; False when it holds no change."""
        for _ in self._waits():
            said = self._cloudformation.describe_change_set(StackName=self.name, ChangeSetName=change_set)
            if said["Status"] == "CREATE_COMPLETE":
                return True
            if said["Status"] == "FAILED":
                reason = said.get("StatusReason", "")
                self._cloudformation.delete_change_set(StackName=self.name, ChangeSetName=change_set)
                if "didn't contain changes" in reason or "No updates are to be performed" in reason:
                    return False
                raise DeployFailed(f"AWS does not take the change: {reason}", "Nothing was changed.")
        raise DeployFailed("AWS does not answer whether the change is possible.", "Try again.")

    def _newest_event(self) -> str:
        from botocore.exceptions import ClientError

        try:
            events = self._cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        except ClientError:
            return ""
        return str(events[0]["EventId"]) if events else ""

    def _touched(self, change_set: str) -> frozenset[str]:
        """Logical names of what the change is about."""
        pages = self._cloudformation.get_paginator("describe_change_set").paginate(
            StackName=self.name, ChangeSetName=change_set
        )
        return frozenset(one["ResourceChange"]["LogicalResourceId"] for page in pages for one in page["Changes"])

    def _follow(
        self, since: str, say: Say, good: str, stack_id: str = "", *, only: frozenset[str] | None = None
    ) -> None:
        """Tell what happens (to *only* these) until it is over. Raises DeployFailed with the reasons if not *good*."""
        seen, reasons = {since}, []
        for _ in self._waits():
            for event in reversed(self._events(stack_id or self.name, seen, since)):
                status, reason = event["ResourceStatus"], event.get("ResourceStatusReason", "")
                is_own = event["LogicalResourceId"] == self.name
                if status.endswith("_FAILED") and not is_own and "cancelled" not in reason:
                    reasons.append(f"{event['LogicalResourceId']} ({event['ResourceType']}): {reason}")
                if not is_own and (only is None or event["LogicalResourceId"] in only):
                    say(f"  {status.lower().replace('_', ' '):<28}{event['LogicalResourceId']}")
            state = self._status(stack_id or self.name)
            if state == good:
                return
            if not state.endswith("_IN_PROGRESS"):
                told = "\n  ".join(reasons) or self._reason(stack_id or self.name)
                undone = "put back what was there" if "ROLLBACK_COMPLETE" in state else f"left it at {state}"
                right = refusals.denied(told, self.name.removeprefix(PREFIX))
                raise DeployFailed(
                    f"AWS could not do it and has {undone}. Why:\n  {told}",
                    right.hint if right else "Mend that, then run the same command again.",
                )
        raise DeployFailed(f"{self.name} is still being changed.", "Look again with: labelkite status")

    def _events(self, stack: str, seen: set[str], since: str) -> list[Any]:
        """New events, newest first."""
        found: list[Any] = []
        for page in self._cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack):
            for event in page["StackEvents"]:
                if event["EventId"] == since:
                    return found
                if event["EventId"] not in seen:
                    seen.add(event["EventId"])
                    found.append(event)
        return found

    def _status(self, stack: str) -> str:
        from botocore.exceptions import ClientError

        try:
            return str(self._cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])
        except ClientError as error:
            if "does not exist" in str(error):
                return "DELETE_COMPLETE"
            raise

    def _reason(self, stack: str) -> str:
        return str(self._cloudformation.describe_stacks(StackName=stack)["Stacks"][0].get("StackStatusReason", "")) or (
            "AWS does not say why"
        )

    def _waits(self) -> Iterator[int]:
        deadline = time.monotonic() + LONGEST_S
        for turn in itertools.count():
            yield turn
            if time.monotonic() > deadline:
                return
            time.sleep(self._poll_s)
