"""Objects. ``OBJECTS`` has a function for each type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from config_compiler.lower import components
from config_compiler.lower.context import Context, value_of
from config_compiler.plan import objects as plan
from config_compiler.tree import Item
from config_compiler.values import Literal, Value


def lower(context: Context, item: Item) -> plan.Object:
    """The object of *item*."""
    return OBJECTS[item.tag.object_type or ""](context, item)


def members(context: Context, item: Item) -> dict[str, Any]:
    """The members that every object has, and those that are copies of its attributes."""
    value = value_of(item.values.value("value") or Literal(""))
    return {**item.values.members(), **context.template(item), "name": item.name, "value": value}


def _of(model: Callable[..., plan.Object]) -> Callable[[Context, Item], plan.Object]:
    """The lowering of an object that needs nothing more than its attributes."""

    def lowered(context: Context, item: Item) -> plan.Object:
        return model(**members(context, item))

    return lowered


def _image(context: Context, item: Item) -> plan.Object:
    found = members(context, item)
    if item.has_pages and (pages := item.values.value("valueList")):
        found |= {"pages": True, "value": value_of(pages)}
    return plan.ImageObject(**found)


def _save_text(item: Item) -> bool:
    save = item.values.text("saveTextResult")
    return save == "yes" if save else item.values.text("valueType") != "url"


def _text(context: Context, item: Item) -> plan.Object:
    return plan.TextObject(save_text=_save_text(item), **members(context, item))


def _hyper_text(context: Context, item: Item) -> plan.Object:
    return plan.HyperTextObject(save_text=_save_text(item), **members(context, item))


_DIALOG: dict[str, Any] = {
    "tag": "Dialog", "value_type": "json", "layout": "dialogue", "name_key": "name", "text_key": "text",
    "show_player": False, "context_scroll": False, "granularity": "symbol",
}  # fmt: skip


def _paragraphs(context: Context, item: Item) -> plan.Object:
    found = members(context, item)
    if item.tag.name == "Dialog":
        return plan.ParagraphsObject(save_text=True, **found, **_DIALOG)
    audio: Value | None = item.values.value("audioUrl")
    found["audio_url"] = value_of(audio) if audio else None
    return plan.ParagraphsObject(save_text=item.values.text("saveTextResult") != "no", **found)


def _chat(context: Context, item: Item) -> plan.Object:
    found = members(context, item)
    return plan.ChatObject(**{name: found[name] for name in ("name", "repeat", "value") if name in found})


def _audio(context: Context, item: Item) -> plan.Object:
    return plan.AudioObject(hotkey=context.keys(item), **members(context, item))


def _video(context: Context, item: Item) -> plan.Object:
    found = members(context, item)
    if rate := item.values.value("frameRate"):
        found["frame_rate"] = value_of(rate)
    found["min_playback_speed"] = min(found["min_playback_speed"], found["default_playback_speed"])
    return plan.VideoObject(hotkey=context.keys(item), **found)


def _time_series(context: Context, item: Item) -> plan.Object:
    channels: list[plan.Channel] = []
    groups: list[plan.MultiChannel] = []
    whole = item.values.flag("fixedScale")
    for part in context.config.parts_of(item):
        if part.tag.name == "Channel":
            channels.append(_channel(part, None, whole))
            continue
        group: dict[str, Any] = dict(part.values.members())
        fixed = whole if group["fixed_scale"] is None else group["fixed_scale"]
        channels += [_channel(inner, len(groups), fixed) for inner in part.children]
        groups.append(plan.MultiChannel(**{**group, "fixed_scale": fixed}))
    found = members(context, item)
    found["overview_channels"] = item.values.words("overviewChannels") or None
    return plan.TimeSeriesObject(
        hotkey=context.keys(item), channels=tuple(channels), multi_channels=tuple(groups) or None, **found
    )


def _channel(part: Item, multi: int | None, fixed: bool) -> plan.Channel:
    found: dict[str, Any] = dict(part.values.members())
    if found["fixed_scale"] is None:
        found["fixed_scale"] = fixed
    return plan.Channel(multi=multi, **found)


OBJECTS: dict[str, Callable[[Context, Item], plan.Object]] = {
    "image": _image,
    "text": _text,
    "hypertext": _hyper_text,
    "paragraphs": _paragraphs,
    "chat": _chat,
    "audio": _audio,
    "video": _video,
    "pdf": _of(plan.PdfObject),
    "timeseries": _time_series,
    "table": _of(plan.TableObject),
    "list": _of(plan.ListObject),
    "pointcloud": _of(plan.PointCloudObject),
    "component": components.widget,
}
