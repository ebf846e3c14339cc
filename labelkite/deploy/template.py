"""The CloudFormation template: the parts of `infra/` put together, with what other files know written in.

No rule stands twice: the page's policies come from the local server, the list of stored compressed forms from `site`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from labelkite import locations
from labelkite.deploy import site
from labelkite.server import messages
from labelkite.server.site import PYODIDE

PARTS = ("parameters", "data", "functions", "rights", "edge", "watch")
MAX_BYTES = 51_200
"""What CloudFormation takes in one request."""
HOST = "HOST-OF-THE-PAGE"
"""Stands for the asked host in what `component-response.js` writes."""

ORIGIN_KEY = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
"""The stack's own random id: who cannot read the stack does not know it."""
DATA_BUCKET = {
    "Fn::Sub": ["labelkite-${Name}-data-${Own}", {"Own": {"Fn::Select": [0, {"Fn::Split": ["-", ORIGIN_KEY]}]}}]
}
PUBLIC_URL = {
    "Fn::If": [
        "HasPublicUrl",
        {"Ref": "PublicUrl"},
        {"Fn::If": ["HasDomain", {"Fn::Sub": "https://${Domain}"}, {"Fn::Sub": "https://${Distribution.DomainName}"}]},
    ]
}
FILES = {"Fn::Sub": ["https://${Bucket}.s3.${AWS::Region}.${AWS::URLSuffix}", {"Bucket": DATA_BUCKET}]}
"""The origin of the addresses that the API signs."""


def build(components: tuple[str, ...] = ()) -> dict[str, Any]:
    """
    The whole template.

    Args:
        components: what a component's page may load: paths of the built site (`site.component_parts`).
    """
    given = _given(locations.infra(), components)
    whole: dict[str, Any] = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Labelkite: data labeling as a static site plus three small functions",
    }
    for part in PARTS:
        for section, entries in read(locations.infra() / f"{part}.yaml", given).items():
            held = whole.setdefault(section, {})
            twice = held.keys() & entries.keys()
            if twice:
                raise ValueError(f"{part}.yaml: {', '.join(sorted(twice))} stands in another part of infra/ already")
            held.update(entries)
    return whole


def to_text(template: Mapping[str, Any]) -> str:
    """Compact JSON, the same for the same template. Raises ValueError when it is longer than MAX_BYTES."""
    text = json.dumps(template, separators=(",", ":"), sort_keys=True)
    if len(text.encode()) > MAX_BYTES:
        raise ValueError(f"the template has {len(text.encode())} bytes, CloudFormation takes {MAX_BYTES}")
    return text


def read(path: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """A part with CloudFormation's short tags in long form, and `!Given name` replaced."""
    loader = type("Loader", (yaml.SafeLoader,), {"given": given})
    yaml.add_multi_constructor("!", _tag, Loader=loader)
    loaded: dict[str, Any] = yaml.load(path.read_text(), Loader=loader)
    return loaded


def _tag(loader: Any, name: str, node: Any) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if name == "Given":
        return loader.given[value]
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


def _given(infra: Path, components: tuple[str, ...]) -> dict[str, Any]:
    own = "labelkite-${Name}-${AWS::Region}"
    kinds = ("request", "component", "page", "api", "open", "component_headers")
    names = {f"edge_name_{kind}": {"Fn::Sub": f"{own}-{kind.replace('_', '-')}"} for kind in kinds}
    page = _policy(messages.page_security("${Files} ${SourceOrigins}"))
    component = _policy(messages.component_security(HOST.encode(), components))
    return {
        **names,
        "edge_name": {"Fn::Sub": own},
        "origin_key": ORIGIN_KEY,
        "data_bucket": DATA_BUCKET,
        "public_url": PUBLIC_URL,
        "page_policy": {"Fn::Sub": [page, {"Files": FILES}]},
        "plain_policy": messages.CSP,
        "permissions_policy": messages.PERMISSIONS,
        "open_files": f"{PYODIDE}*",
        "viewer_request": (infra / "viewer-request.js").read_text().replace("__PACKED__", "|".join(site.PACKED)),
        "component_response": (infra / "component-response.js")
        .read_text()
        .replace("__POLICY__", json.dumps(component))
        .replace("__HOST__", HOST),
        "dashboard": {"Fn::Sub": json.dumps(json.loads((infra / "dashboard.json").read_text()))},
    }


def _policy(headers: messages.Headers) -> str:
    return dict(headers)[b"content-security-policy"].decode()
