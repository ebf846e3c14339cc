"""Plans as the compiler writes them (docs/contracts.md, section 1), by hand: no compiler is needed here."""

from __future__ import annotations

Json = dict[str, object]


def option(value: str, color: str = "#e69f00", **more: object) -> Json:
    alias = more.get("alias")
    return {
        "value": value,
        "stored": alias or value,
        "text": {"text": value},
        "color": color,
        "show_alias": False,
        "selected": False,
        **more,
    }


def image(name: str = "img", field: str = "image") -> Json:
    return {"name": name, "type": "image", "value": {"path": [field], "source": field}, "zoom": True}


def text(name: str = "txt", field: str = "text", **more: object) -> Json:
    return {
        "name": name,
        "type": "text",
        "value": {"path": [field], "source": field},
        "value_type": "text",
        "save_text": True,
        "encoding": "none",
        "selection_enabled": True,
        "granularity": "symbol",
        **more,
    }


def _control(name: str, tag: str, kind: str, to: list[str], more: Json) -> Json:
    common: Json = {"required": False, "per_region": False, "per_item": False, "display_mode": "tag"}
    return {"name": name, "tag": tag, "type": kind, "to": to, **common, **more}


def boxes(name: str = "box", to: str = "img", labels: list[Json] | None = None, **more: object) -> Json:
    given = [option("Car"), option("Person", "#56b4e9"), option("Sign", "#009e73")] if labels is None else labels
    rules: Json = {"options": given, "choice": "single", "allow_empty": False, "can_rotate": True, "snap": "none"}
    return _control(name, "RectangleLabels", "rectanglelabels", [to], rules | more)


def labels(name: str = "ner", to: str = "txt", labels: list[Json] | None = None, **more: object) -> Json:
    given = [option("PER"), option("LOC", "#56b4e9"), option("ORG", "#009e73")] if labels is None else labels
    return _control(name, "Labels", "labels", [to], {"options": given, "choice": "single", "allow_empty": False} | more)


def choices(name: str, to: str, values: list[str | Json], **more: object) -> Json:
    given = [value if isinstance(value, dict) else option(value) for value in values]
    rules: Json = {"options": given, "choice": "single", "layout": "vertical", "allow_nested": False}
    return _control(name, "Choices", "choices", [to], rules | more)


def textarea(name: str, to: str, **more: object) -> Json:
    rules: Json = {
        "label": "",
        "placeholder": "",
        "editable": False,
        "skip_duplicates": False,
        "transcription": False,
        "rows": 1,
        "show_submit_button": False,
    }
    return _control(name, "TextArea", "textarea", [to], rules | more)


def rating(name: str, to: str, **more: object) -> Json:
    rules: Json = {"max_rating": 5, "default_value": 0, "size": "medium", "icon": "star"}
    return _control(name, "Rating", "rating", [to], rules | more)


def plan(objects: list[Json], controls: list[Json], tree: Json | None = None) -> Json:
    """A plan whose tree is flat: objects ``n1`` …, then the controls, unless *tree* is given."""
    if tree is None:
        children: list[Json] = []
        for part in objects:
            children.append({"node": "object", "key": f"n{len(children) + 1}", "name": part["name"]})
        for control in controls:
            node: Json = {"node": "control", "key": f"n{len(children) + 1}", "name": control["name"]}
            if "when" in control:
                node["when"] = control["when"]
            children.append(node)
        tree = {"node": "view", "key": "n0", "display": "block", "style": {}, "children": children}
    return {
        "plan": 1,
        "config_sha256": "0" * 64,
        "requires": [],
        "fields": [],
        "tree": tree,
        "objects": objects,
        "controls": controls,
        "hotkeys": [],
        "sample": {"data": {}},
    }


def street() -> Json:
    """Boxes with a per-region choice, a per-region text, and whole-image answers, one of them conditioned."""
    return plan(
        [image()],
        [
            boxes(),
            choices("quality", "img", ["Sharp", "Blurred"], per_region=True),
            textarea("plate", "img", per_region=True),
            choices("weather", "img", ["Sunny", "Rain", "Snow"]),
            choices("tags", "img", ["Night", "Tunnel", "Crowd"], choice="multiple"),
            textarea("notes", "img", editable=True, max_submissions=3, skip_duplicates=True),
            rating("stars", "img"),
            choices(
                "depth",
                "img",
                ["Thin", "Deep"],
                when={"kind": "choice-selected", "tag": "weather", "choices": ["Snow"]},
            ),
        ],
    )


def article() -> Json:
    """Spans in a text with a second, plain set of labels and answers of spans."""
    return plan(
        [text()],
        [
            labels(),
            labels("tone", labels=[option("good", "#cc79a7"), option("bad", "#d55e00")], choice="multiple"),
            textarea("wiki", "txt", per_region=True),
            choices("topic", "txt", ["Sport", option("Politics", alias="pol")]),
        ],
    )


STREET_DATA: Json = {"image": "https://example.com/1.jpg"}
ARTICLE_DATA: Json = {"text": "Ada Lovelace met 😀 Babbage in London.\r\nThey wrote notes."}
