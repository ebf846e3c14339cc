"""What a deployment will do, before anything is done: frozen steps, with what people need to judge them by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from labelkite import locations
from labelkite.deploy import costs, site, template
from labelkite.deploy.account import Account, code_of
from labelkite.deploy.package import Package
from labelkite.deploy.site import SiteObject
from labelkite.deploy.stack import Stack, State

Doing = Literal["bucket", "code", "stack", "assets", "health", "pages", "forget", "link"]


@dataclass(frozen=True, slots=True)
class Step:
    doing: Doing
    what: str
    """For people."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a failed health check goes back to."""

    template: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    name: str
    region: str
    account: str
    template: str
    parameters: Mapping[str, str | None] = field(repr=False)
    """None keeps what is there."""
    package: Package
    send: tuple[SiteObject, ...] = field(repr=False)
    site: tuple[SiteObject, ...] = field(repr=False)
    forget: tuple[str, ...]
    """Addresses whose answers CloudFront must forget."""
    resources: tuple[str, ...]
    """`+ Table (AWS::DynamoDB::Table)`: what is made (+), changed (~) or removed (-)."""
    rights: tuple[str, ...]
    steps: tuple[Step, ...]
    before: Before | None
    """None: nothing is there yet."""

    @property
    def is_new(self) -> bool:
        return self.before is None

    def lines(self) -> list[str]:
        """The plan for people."""
        kind = "is new" if self.is_new else "is there and will be brought up to date"
        return [
            f"Deployment {self.name} in account {self.account}, {self.region}: it {kind}.",
            "",
            f"Resources ({len(self.resources)} of CloudFormation change):"
            if self.resources
            else "Resources: no change.",
            *(f"  {line}" for line in self.resources),
            "",
            "Rights of the functions, and nothing else:",
            *(f"  {line}" for line in self.rights),
            "",
            f"What it may cost ({costs.PRICES_OF}; an estimate, AWS's bill counts):",
            *(f"  {line}" for line in costs.table(self.package.architecture)),
            "",
            "Steps:",
            *(f"  {number}. {step.what}" for number, step in enumerate(self.steps, 1)),
        ]


def make(account: Account, name: str, package: Package, asked: Mapping[str, str]) -> Plan:
    """
    Look at what is there and plan what has to be done.

    Args:
        asked: parameters that were asked for; those that are not keep the value they have.
    """
    folder = locations.site()
    wanted = site.objects(folder)
    text = template.to_text(template.build(site.components(folder)))
    stack = Stack(account, name)
    state = stack.state()
    if state is not None and not state.is_there:
        state = None
    code = {
        "Name": name,
        "CodeBucket": account.deploy_bucket,
        "CodeKey": package.key,
        "Runtime": package.runtime,
        "Architecture": package.architecture,
    }
    parameters: dict[str, str | None] = {**asked, **code}
    before = None
    if state is not None:
        before = Before(stack.template(), state.parameters)
        had: dict[str, str | None] = {one: None for one in json.loads(text)["Parameters"] if one in state.parameters}
        parameters = had | parameters
    there = known_site(account, name) if state is not None else {}
    send = site.changed(wanted, there)
    return Plan(
        name,
        account.region,
        account.id,
        text,
        parameters,
        package,
        send,
        wanted,
        site.invalid(send) if state is not None else (),
        _resources(text, parameters, before),
        _rights(json.loads(text)),
        _steps(account, name, package, send, state),
        before,
    )


def known_site(account: Account, name: str) -> dict[str, str]:
    """Key to mark of what the site bucket holds, as the last deployment noted it."""
    from botocore.exceptions import ClientError

    try:
        found = account.client("s3").get_object(Bucket=account.deploy_bucket, Key=f"{name}/site.json")
    except ClientError as error:
        if code_of(error) in ("NoSuchKey", "NoSuchBucket", "404"):
            return {}
        raise
    noted: dict[str, str] = json.loads(found["Body"].read())["objects"]
    return noted


def _steps(
    account: Account, name: str, package: Package, send: tuple[SiteObject, ...], state: State | None
) -> tuple[Step, ...]:
    assets = [one for one in send if one.is_hashed]
    pages = [one for one in send if not one.is_hashed]
    forget = site.invalid(send) if state is not None else ()
    sizes = [sum({one.sha256: one.place.stat().st_size for one in part}.values()) / 1e6 for part in (assets, pages)]
    steps = [
        Step("bucket", f"See to the bucket {account.deploy_bucket}, which keeps zips for deployments"),
        Step("code", f"Send the zip ({package.size / 1e6:.1f} MB, {package.runtime}, {package.architecture})"),
        Step("stack", f"{'Make' if state is None else 'Change'} the CloudFormation stack labelkite-{name}"),
        Step("assets", f"Send {len(assets)} files of the site ({sizes[0]:.1f} MB); nobody asks for them yet") if assets
        else None,
        Step("health", "Ask the site whether the API answers; if it does not, go back to what was there"),
        Step("pages", f"Send the pages ({len(pages)} files, {sizes[1]:.1f} MB), the first one last") if pages else None,
        Step("forget", f"Let CloudFront forget {len(forget)} addresses that have changed") if forget else None,
        Step("link", "Make a link for the owner"),
    ]  # fmt: skip
    return tuple(step for step in steps if step is not None)


def _resources(text: str, parameters: Mapping[str, str | None], before: Before | None) -> tuple[str, ...]:
    """What changes: by definition, or by a parameter that it uses, also through another resource's."""
    new = json.loads(text)
    old = json.loads(before.template) if before else {"Resources": {}}
    had = before.parameters if before else {}
    moved = {name for name, value in parameters.items() if value is not None and had.get(name) != value}
    moved |= {name for name, said in new["Parameters"].items() if name not in had and before}
    moved |= {name for name, said in new.get("Conditions", {}).items() if _names(said) & moved}
    lines = []
    for name, one in sorted(new["Resources"].items()):
        label = f"{name} ({one['Type']})"
        if name not in old["Resources"]:
            lines.append(f"+ {label}")
        elif old["Resources"][name] != one or _names(one) & moved:
            lines.append(f"~ {label}")
    lines += [
        f"- {name} ({one['Type']})" for name, one in sorted(old["Resources"].items()) if name not in new["Resources"]
    ]
    return tuple(lines)


def _names(value: Any) -> set[str]:
    """Names of parameters and conditions that a part of a template uses."""
    if isinstance(value, dict):
        found = set().union(*(_names(inner) for inner in value.values())) if value else set()
        if isinstance(value.get("Ref"), str):
            found.add(value["Ref"])
        if isinstance(value.get("Condition"), str):
            found.add(value["Condition"])
        if "Fn::If" in value:
            found.add(value["Fn::If"][0])
        if "Fn::Sub" in value:
            text = value["Fn::Sub"] if isinstance(value["Fn::Sub"], str) else value["Fn::Sub"][0]
            found |= {part.split("}")[0] for part in text.split("${")[1:]}
        return found
    if isinstance(value, list):
        return set().union(*(_names(inner) for inner in value)) if value else set()
    return set()


def _rights(whole: Mapping[str, Any]) -> tuple[str, ...]:
    """A line for each statement of each role."""
    lines = []
    for name, one in sorted(whole["Resources"].items()):
        if one["Type"] != "AWS::IAM::Role":
            continue
        for policy in one["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                said, only = (
                    (statement, "") if "Fn::If" not in statement else (statement["Fn::If"][1], ", if asked for")
                )
                actions = said["Action"] if isinstance(said["Action"], list) else [said["Action"]]
                lines.append(f"{name}: {', '.join(actions)} on {_spoken(said['Resource'])}{only}")
    return tuple(lines)


def _spoken(resource: Any) -> str:
    if isinstance(resource, dict):
        if "Fn::GetAtt" in resource:
            return str(resource["Fn::GetAtt"][0])
        inner = next(iter(resource.values()))
        return str(inner).replace("${", "").replace(".Arn}", "").replace("}", "")
    return str(resource)
