"""Tags that show texts, documents and conversations."""

from __future__ import annotations

from config_compiler.tags.model import Attr, Tag, plain

NAME = Attr("name", "name", "Name of this tag, unique in the config; results refer to it.", required=True)
SYNC = plain(
    "sync", "text", "A word; all objects with the same word play together. The name of another object will do."
)
_GRANULARITY = plain(
    "granularity", "enum", "What a selection snaps to.", "symbol", values=("symbol", "word", "sentence", "paragraph")
)
_SHOW_LABELS = plain("showLabels", "bool", "Labels stand at the regions (default: the person's setting).")
_TEXT_ATTRS = (
    NAME,
    Attr("value", "value", "The text: usually a field, `$text`.", required=True),
    plain("valueType", "enum", "What the field holds: the text or its address.", "text", values=("text", "url")),
    Attr("saveTextResult", "enum", "Results hold the marked text (default: yes, for url no).", values=("yes", "no")),
    plain("encoding", "enum", "How the field is encoded.", "none", values=("none", "base64", "base64unicode")),
    plain("selectionEnabled", "bool", "false: nothing can be marked.", "true"),
    plain("highlightColor", "color", "One colour for all spans, in place of the labels'."),
    _SHOW_LABELS,
    _GRANULARITY,
)

TEXT = Tag(
    "Text",
    "object",
    "Shows a text. Spans are marked on it with Labels.",
    attrs=_TEXT_ATTRS,
    text="value",
    object_type="text",
    field_types=("string", "number", "list"),
    regions_by="Labels",
    example='<Text name="text" value="$text"/>',
)
HYPER_TEXT = Tag(
    "HyperText",
    "object",
    "Shows HTML, cleaned of scripts. The HTML may stand in the config. Spans are marked on it with HyperTextLabels.",
    attrs=(
        *_TEXT_ATTRS,
        plain("inline", "bool", "Shown in the page itself, not in a frame of its own.", "false"),
        plain("clickableLinks", "bool", "Links can be opened.", "false"),
    ),
    text="value",
    markup=True,
    object_type="hypertext",
    field_types=("string",),
    regions_by="HyperTextLabels",
    example='<HyperText name="html" value="$html"/>',
)
PARAGRAPHS = Tag(
    "Paragraphs",
    "object",
    "Shows a dialogue: a list of phrases with their authors. Parts are marked with ParagraphLabels.",
    attrs=(
        NAME,
        Attr("value", "value", "The phrases: usually a field, `$dialogue`.", required=True),
        plain("valueType", "enum", "What the field holds: the list or its address.", "json", values=("json", "url")),
        plain("layout", "enum", "dialogue: each author has a colour.", "none", values=("none", "dialogue")),
        plain("nameKey", "text", "Where an item has the author.", "author"),
        plain("textKey", "text", "Where an item has the text.", "text"),
        plain("audioUrl", "value", "Recording of the dialogue; items with `start` and `end` can be played."),
        SYNC,
        plain("showPlayer", "bool", "A player for the recording.", "false"),
        Attr("saveTextResult", "enum", "Results hold the marked text.", default="yes", values=("yes", "no")),
        plain("contextScroll", "bool", "The phrase that is played is scrolled to.", "false"),
        _GRANULARITY,
    ),
    text="value",
    object_type="paragraphs",
    field_types=("list", "string"),
    regions_by="ParagraphLabels",
    example='<Paragraphs name="talk" value="$dialogue" layout="dialogue"/>',
)
DIALOG = Tag(
    "Dialog",
    "object",
    "The old form of Paragraphs: a list of objects with `name` and `text`.",
    attrs=(NAME, Attr("value", "value", "The phrases: usually a field, `$dialogue`.", required=True)),
    text="value",
    object_type="paragraphs",
    field_types=("list", "string"),
    regions_by="ParagraphLabels",
    example='<Dialog name="talk" value="$dialogue"/>',
)
CHAT = Tag(
    "Chat",
    "object",
    "Shows a chat, to which messages can be added; each new message is a region of its own.",
    attrs=(
        NAME,
        Attr("value", "value", "The messages: usually a field, `$chat`, a list of objects with role and content.",
             required=True),
        Attr("toName", "names", "Its own name; may be left out."),
        Attr("messageRoles", "words", "Who the annotator may write as (default: user,assistant; with llm: user)."),
        Attr("editable", "words", "true, false, or the roles whose messages may be changed.", default="false"),
        plain("minMessages", "rate", "Fewest messages. May be a field, `$least`.", low=0, high=10000),
        plain("maxMessages", "rate", "Most messages. May be a field, `$most`.", low=0, high=10000),
        plain("llm", "text", "Model that should answer, `provider/model`. It is kept in the plan, but nobody answers."),
    ),
    text="value",
    object_type="chat",
    result_type="chatmessage",
    field_types=("list", "string"),
    shape="message",
    example='<Chat name="chat" value="$chat" messageRoles="user,assistant"/>',
)  # fmt: skip

TAGS = (TEXT, HYPER_TEXT, PARAGRAPHS, DIALOG, CHAT)
