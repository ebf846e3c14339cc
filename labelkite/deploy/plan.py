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
        _rights(*_made(text, parameters, before)),
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
        Step("link", "Note what is there now, remove zips that nobody needs, and make a link for the owner"),
    ]  # fmt: skip
    return tuple(step for step in steps if step is not None)


def _resources(text: str, parameters: Mapping[str, str | None], before: Before | None) -> tuple[str, ...]:
    """What changes: by definition, or by a parameter that it uses, also through another resource's."""
    new, _ = _made(text, parameters, before)
    old = _made(before.template, before.parameters, None)[0] if before else {"Resources": {}}
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


def _made(
    text: str, parameters: Mapping[str, str | None], before: Before | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """
    A template with what will be there only: what a condition turns off is left out, of resources and of `Fn::If`.

    Returns:
        The template, and the value of every parameter.
    """
    whole = json.loads(text)
    values = {name: str(said.get("Default", "")) for name, said in whole.get("Parameters", {}).items()}
    values |= {name: value for name, value in (before.parameters if before else {}).items() if name in values}
    values |= {name: value for name, value in parameters.items() if value is not None}
    conditions = whole.get("Conditions", {})

    def holds(said: Any) -> bool:
        ((how, parts),) = said.items()
        if how == "Condition":
            return holds(conditions[parts])
        if how == "Fn::Equals":
            first, second = (values[one["Ref"]] if isinstance(one, dict) else str(one) for one in parts)
            return bool(first == second)
        every = [holds(one) for one in parts]
        return {"Fn::Not": not every[0], "Fn::And": all(every), "Fn::Or": any(every)}[how]

    there = {name: holds(said) for name, said in conditions.items()}
    whole["Resources"] = {
        name: one for name, one in whole["Resources"].items() if there.get(one.get("Condition", ""), True)
    }
    for one in whole["Resources"].values():
        if one["Type"] != "AWS::IAM::Role":
            continue
        for policy in one["Properties"]["Policies"]:
            document = policy["PolicyDocument"]
            chosen = [_chosen(said, there) for said in document["Statement"]]
            document["Statement"] = [said for said in chosen if said != {"Ref": "AWS::NoValue"}]
    return whole, values


def _chosen(value: Any, there: Mapping[str, bool]) -> Any:
    if "Fn::If" not in value:
        return value
    name, if_so, if_not = value["Fn::If"]
    return if_so if there[name] else if_not


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


def _rights(whole: Mapping[str, Any], values: Mapping[str, str]) -> tuple[str, ...]:
    """A line for each statement of each role that will count."""
    lines = []
    for name, one in sorted(whole["Resources"].items()):
        if one["Type"] != "AWS::IAM::Role":
            continue
        for policy in one["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                actions = statement["Action"]
                spoken = ", ".join(actions if isinstance(actions, list) else [actions])
                lines.append(f"{name}: {spoken} on {_spoken(statement['Resource'], values)}")
    return tuple(lines)


def _spoken(resource: Any, values: Mapping[str, str]) -> str:
    if isinstance(resource, dict):
        if resource.get("Ref") in values:
            return values[resource["Ref"]].replace(",", ", ")
        if "Fn::GetAtt" in resource:
            return str(resource["Fn::GetAtt"][0])
        inner = next(iter(resource.values()))
        return str(inner).replace("${", "").replace(".Arn}", "").replace("}", "")
    return str(resource)
