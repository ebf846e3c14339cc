"""Components: a project's own small widget, in a sandbox of its own."""

from __future__ import annotations

from config_compiler.tags.answers import REQUIRED
from config_compiler.tags.model import Attr, Tag
from config_compiler.tags.objects import NAME

_SANDBOX = "components run in a sandbox without permissions"
_FRAME = "a component's own code draws all of it"
_TO = Attr("toName", "names", "Its own name: it answers about what it shows. Usually left out.")
_HEIGHT = Attr("height", "size", "Height of its frame.", default="240px", member="height")

COMPONENT = Tag(
    "Component",
    "object",
    "A widget of your own, in JavaScript or Python, that shows data and gives an answer.",
    attrs=(
        NAME,
        _TO,
        Attr("src", "value", "Address of its code; else the code stands inside, in CDATA."),
        Attr("code", "text", "Its code, usually written as CDATA inside the tag."),
        Attr("language", "enum", "What the code is written in.", default="js", values=("js", "python"),
             member="language"),
        Attr("data", "value", "What it gets of the task: a field, `$table`."),
        Attr(
            "result", "text", "What it answers: text, number, boolean, choices:a,b, regions, any, or a JSON Schema.",
            default="any",
        ),
        _HEIGHT,
        Attr("params", "text", "Settings of yours for it: a JSON object."),
        *REQUIRED,
    ),
    text="code",
    object_type="component",
    result_type="component",
    field_types=("string", "number", "list", "object"),
    example='<Component name="clock" data="$time" result="number" src="https://example.com/clock.js"/>',
)  # fmt: skip
_REACT = (
    NAME,
    _TO,
    Attr("src", "value", "Address of its code; else the code stands inside, in CDATA."),
    Attr("data", "value", "What it gets of the task: a field, `$table`."),
    *REQUIRED,
    _HEIGHT,
)
REACT_CODE = Tag(
    "ReactCode",
    "object",
    "A React component of Label Studio. Its results are read, checked and kept; its code does not run here.",
    attrs=(
        *_REACT,
        Attr("code", "text", "Its code, usually written as CDATA inside the tag."),
        Attr("inputs", "text", "More of the task for it.", unsupported="React code does not run here"),
        Attr("outputs", "text", "Names or types of what it answers, or a JSON Schema."),
        Attr("style", "style", "CSS of its frame.", unsupported=_FRAME),
        Attr("className", "text", "CSS classes of its frame.", unsupported=_FRAME),
        Attr("allow", "text", "Permissions of its frame.", unsupported=_SANDBOX),
    ),
    text="code",
    object_type="component",
    result_type="reactcode",
    field_types=("string", "number", "list", "object"),
    example='<ReactCode name="grid" toName="grid" data="$table" outputs="cells"><![CDATA[…]]></ReactCode>',
)
CUSTOM_INTERFACE = Tag(
    "CustomInterface",
    "object",
    "The older name of ReactCode.",
    attrs=(
        *_REACT,
        Attr("code", "text", "Its code, as an attribute or as CDATA inside the tag."),
        Attr("props", "text", "Settings for it.", unsupported="React code does not run here"),
        Attr("outputs", "text", "Names or types of what it answers, or a JSON Schema."),
        Attr("css", "text", "CSS for it.", unsupported=_FRAME),
        Attr("style", "style", "CSS of its frame.", unsupported=_FRAME),
        Attr("className", "text", "CSS classes of its frame.", unsupported=_FRAME),
    ),
    text="code",
    object_type="component",
    result_type="reactcode",
    field_types=("string", "number", "list", "object"),
    example='<CustomInterface name="grid" toName="grid" data="$table"><![CDATA[…]]></CustomInterface>',
)

TAGS = (COMPONENT, REACT_CODE, CUSTOM_INTERFACE)
