"""All tags, found by name without case, and what to use in place of tags that nobody released."""

from __future__ import annotations

from config_compiler.tags import (
    answers,
    comparison,
    components,
    data_objects,
    inputs,
    layout,
    media_objects,
    objects,
    pointclouds,
    regions,
    relations,
    rules,
    shape_regions,
)
from config_compiler.tags.model import Tag

TAGS: tuple[Tag, ...] = (
    *layout.TAGS,
    *objects.TAGS,
    *media_objects.TAGS,
    *data_objects.TAGS,
    *regions.TAGS,
    *shape_regions.TAGS,
    *answers.TAGS,
    *inputs.TAGS,
    *comparison.TAGS,
    *relations.TAGS,
    *pointclouds.TAGS,
    *rules.TAGS,
    *components.TAGS,
)
TAG_NAMES: tuple[str, ...] = tuple(tag.name for tag in TAGS)
_BY_NAME: dict[str, Tag] = {name.lower(): tag for tag in TAGS for name in (tag.name, *tag.old_names)}
_PARENTS: dict[str, tuple[str, ...]] = {
    child: tuple(tag.name for tag in TAGS if tag.role == "layout" and child in tag.children)
    for child in dict.fromkeys(child for tag in TAGS if tag.role == "layout" for child in tag.children)
}

INSTEAD: dict[str, str] = {
    "Cube": "use <Cuboid> on a <PointCloud>",
    "CubeLabels": "use <CuboidLabels> on a <PointCloud>",
    "GPSMap": "use an <Image> of the map, or a <Component> with a map of your own",
    "Html": "use <HyperText>, as this tag is called now",
    "Import": "delete it; tasks are imported on the project's page",
    "Object3D": "use <PointCloud>",
    "OcrTokenLabels": "use <OcrLabels> on a <Pdf>",
    "PdfLabels": "use <OcrLabels> on a <Pdf>",
    "PdfOcr": "use <OcrLabels> on a <Pdf>",
    "RichText": "use <Text> for plain text or <HyperText> for HTML",
    "TableLabels": "use <Choices> on the <Table>, or a <Component> for marks in single cells",
}
"""Tags of other versions and branches of Label Studio that nobody released, and what to use for them."""

_INSTEAD = {name.lower(): (name, way_out) for name, way_out in INSTEAD.items()}
ALL_NAMES: tuple[str, ...] = TAG_NAMES + tuple(INSTEAD)


def find(name: str) -> Tag | None:
    """The tag called *name*, in any case; old names count."""
    return _BY_NAME.get(name.lower())


def instead(name: str) -> tuple[str, str] | None:
    """Of a tag that nobody released: how it is written, and the way out."""
    return _INSTEAD.get(name.lower())


def parents(tag: Tag) -> tuple[str, ...]:
    """The layout tags that *tag* must stand directly in; empty: any."""
    return _PARENTS.get(tag.name, ())


def owners(inner: Tag) -> tuple[str, ...]:
    """The tags that an option, a part or a panel may belong to."""
    return tuple(tag.name for tag in TAGS if inner.name in tag.children and tag.role != "option")
