"""All tags, found by name without case, and the tags of the language that are not read yet."""

from __future__ import annotations

from config_compiler.tags import answers, layout, objects, regions
from config_compiler.tags.model import Tag

TAGS: tuple[Tag, ...] = (*layout.TAGS, *objects.TAGS, *regions.TAGS, *answers.TAGS)
TAG_NAMES: tuple[str, ...] = tuple(tag.name for tag in TAGS)
_BY_NAME: dict[str, Tag] = {tag.name.lower(): tag for tag in TAGS}

_NOT_YET = (
    "Audio AudioPlus Bitmask BitmaskLabels Brush BrushLabels Bucket Channel Chat Collapse Cube CubeLabels "
    "CustomInterface DateTime Dialog Ellipse EllipseLabels Filter HyperText HyperTextLabels KeyPoint "
    "KeyPointLabels List Magicwand Markdown MultiChannel Number Object3D OcrLabels Pairwise Panel "
    "ParagraphLabels Paragraphs Pdf Polygon PolygonLabels Ranker ReactCode Rectangle Relation Relations "
    "Repeater Shortcut Table Taxonomy TimeSeries TimeSeriesLabels TimelineLabels Vector VectorLabels Video "
    "VideoRectangle VideoVector VideoVectorLabels"
)
NOT_YET: dict[str, str] = {name.lower(): name for name in _NOT_YET.split()}
ALL_NAMES: tuple[str, ...] = TAG_NAMES + tuple(NOT_YET.values())


def find(name: str) -> Tag | None:
    """The tag called *name*, in any case."""
    return _BY_NAME.get(name.lower())


def owners(option: Tag) -> tuple[str, ...]:
    """The controls that an option may belong to."""
    return tuple(tag.name for tag in TAGS if option.name in tag.children and tag.role != "option")
