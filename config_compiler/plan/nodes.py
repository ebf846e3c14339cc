"""The nodes of ``plan.tree``. A new node is a class here and a member of ``Node``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config_compiler.plan.base import Condition, Model, Value


class ViewNode(Model):
    node: Literal["view"] = "view"
    key: str
    display: Literal["block", "inline"]
    style: dict[str, str]
    class_name: str | None = None
    id_attr: str | None = None
    when: Condition | None = None
    children: tuple[Node, ...]


class HeaderNode(Model):
    node: Literal["header"] = "header"
    key: str
    value: Value
    size: int
    underline: bool
    style: dict[str, str]


class StyleNode(Model):
    node: Literal["style"] = "style"
    key: str
    css: str


class MarkdownNode(Model):
    node: Literal["markdown"] = "markdown"
    key: str
    value: Value
    style: dict[str, str]
    class_name: str | None = None
    id_attr: str | None = None
    when: Condition | None = None


class PanelNode(Model):
    node: Literal["panel"] = "panel"
    key: str
    value: Value
    open: bool
    children: tuple[Node, ...]


class CollapseNode(Model):
    node: Literal["collapse"] = "collapse"
    key: str
    accordion: bool
    bordered: bool
    open: bool
    children: tuple[PanelNode, ...]


class FilterNode(Model):
    """A search field for the options of the control ``to``."""

    node: Literal["filter"] = "filter"
    key: str
    to: str
    name: str | None = None
    placeholder: str
    min_length: int
    style: dict[str, str]
    hotkey: str | None = None
    case_sensetive: bool
    cleanup: bool


class RepeaterNode(Model):
    """
    Its children, once for each item of the list ``on``; in them ``flag`` stands for the number of the copy, from 0.
    """

    node: Literal["repeater"] = "repeater"
    key: str
    on: Value
    flag: str
    mode: Literal["list", "pagination"]
    children: tuple[Node, ...]


class QuestionNode(Model):
    """A question about a text; the controls that answer it are inside."""

    node: Literal["question"] = "question"
    key: str
    name: str
    value: Value
    children: tuple[ControlNode, ...]


class ObjectNode(Model):
    node: Literal["object"] = "object"
    key: str
    name: str


class ControlNode(Model):
    node: Literal["control"] = "control"
    key: str
    name: str
    when: Condition | None = None


Node = Annotated[
    ViewNode
    | HeaderNode
    | StyleNode
    | MarkdownNode
    | CollapseNode
    | PanelNode
    | FilterNode
    | RepeaterNode
    | QuestionNode
    | ObjectNode
    | ControlNode,
    Field(discriminator="node"),
]
