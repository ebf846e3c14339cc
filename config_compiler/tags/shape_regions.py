"""Controls that draw shapes on images and follow shapes through films: each plain, and with labels of its own."""

from __future__ import annotations

from config_compiler.tags.model import Attr, Tag, plain
from config_compiler.tags.objects import NAME
from config_compiler.tags.regions import TO_NAME, drawn, labels_tag

_SNAP = plain("snap", "enum", "Where borders and points go.", "none", values=("none", "pixel"))
_ROTATE = plain("canRotate", "bool", "Shapes can be turned.", "true")
_SMART_ATTRS = (
    plain("smart", "bool", "A click on what a prediction suggests accepts it, with the label that is picked."),
    plain("smartOnly", "bool", "The same, and nothing is drawn by hand."),
)
_POINT_SIZES = ("small", "medium", "large")


def _points(size: str, style: str) -> tuple[Attr, ...]:
    return (
        plain("pointSize", "enum", "Size of its points.", size, values=_POINT_SIZES),
        plain("pointStyle", "enum", "Form of its points.", style, values=("rectangle", "circle")),
    )


def _vector(*, curves: bool) -> tuple[Attr, ...]:
    bent = (plain("curves", "bool", "Lines may be bent.", "false"),) if curves else ()
    return (
        plain("closable", "bool", "The last point may be joined with the first.", "false"),
        *bent,
        plain("skeleton", "bool", "Points may branch.", "false"),
        plain("minPoints", "int", "Fewest points.", low=1, high=10000),
        plain("maxPoints", "int", "Most points.", low=1, high=10000),
        plain("pointSizeEnabled", "float", "Size of the points of the selected one, in pixels.", "5", low=0, high=100),
        plain(
            "pointSizeDisabled", "float", "Size of the points of others, in pixels. (Documented as 3.)", "5",
            low=0, high=100,
        ),
    )  # fmt: skip


def _pair(
    name: str,
    what: str,
    shape: str,
    more: tuple[Attr, ...],
    look: tuple[Attr, ...],
    labelled_look: tuple[Attr, ...],
    labelled_more: tuple[Attr, ...] | None = None,
    smart: tuple[Attr, ...] = _SMART_ATTRS,
    on: str = "Image",
    to: str = "image",
) -> tuple[Tag, Tag]:
    """The plain tag and the one with labels."""
    alone = Tag(
        name,
        "regions",
        f"Draws {what}; a Labels on the same object labels them.",
        attrs=(NAME, TO_NAME, *look, *more, *smart),
        result_type=name.lower(),
        works_on=(on,),
        shape=shape,
        example=f'<{name} name="shape" toName="{to}"/>',
    )
    labelled = labels_tag(
        f"{name}Labels",
        f"Labels for {what}.",
        (on,),
        shape,
        f'<{name}Labels name="label" toName="{to}"><Label value="Car"/></{name}Labels>',
        more=(*(more if labelled_more is None else labelled_more), *smart),
        look=labelled_look,
    )
    return alone, labelled


RECTANGLE = _pair("Rectangle", "boxes on an Image", "rectangle", (_ROTATE, _SNAP), drawn(), drawn())
ELLIPSE = _pair("Ellipse", "ellipses on an Image", "ellipse", (_ROTATE,), drawn(), drawn())
POLYGON = _pair(
    "Polygon",
    "polygons on an Image",
    "polygon",
    (*_points("small", "circle"), _SNAP),
    drawn(width="2", fill="#00000000"),
    drawn(),
    labelled_more=(*_points("medium", "rectangle"), _SNAP),
)
KEY_POINT = _pair(
    "KeyPoint",
    "points on an Image",
    "keypoint",
    (_SNAP,),
    drawn(opacity="0.9", fill="#8bad00"),
    drawn(opacity="0.9"),
)
BRUSH = _pair("Brush", "painted masks on an Image", "brush", (), drawn(), drawn())
BITMASK = _pair("Bitmask", "masks of single pixels on an Image", "bitmask", (), drawn(), drawn())
VECTOR = _pair(
    "Vector",
    "lines of points on an Image",
    "vector",
    (*_vector(curves=True), *_points("small", "circle"), _SNAP),
    drawn(width="2", fill="#00000000"),
    drawn(),
    labelled_more=(*_vector(curves=True), *_points("medium", "rectangle"), _SNAP),
)
MAGICWAND = Tag(
    "Magicwand",
    "regions",
    "Selects an area of similar colour on an Image; a Labels or BrushLabels on the same image labels it.",
    attrs=(
        NAME,
        TO_NAME,
        *drawn(opacity="0.6"),
        plain("blurRadius", "int", "How much its border is smoothed, in pixels.", "5", low=0, high=100),
        plain("defaultThreshold", "int", "How similar colours must be, 0 to 255.", "15", low=0, high=255),
    ),
    result_type="magicwand",
    works_on=("Image",),
    shape="brush",
    example='<Magicwand name="wand" toName="image"/>',
)
VIDEO_RECTANGLE = Tag(
    "VideoRectangle",
    "regions",
    "Boxes that are followed through a Video; a Labels on the same video labels them.",
    attrs=(NAME, TO_NAME),
    result_type="videorectangle",
    works_on=("Video",),
    shape="track",
    example='<VideoRectangle name="box" toName="video"/>',
)
VIDEO_VECTOR = _pair(
    "VideoVector",
    "lines of points that are followed through a Video",
    "vectortrack",
    (*_vector(curves=False), *_points("small", "circle"), _SNAP),
    drawn(width="2", fill="#00000000"),
    drawn(),
    labelled_more=(*_vector(curves=False), *_points("medium", "rectangle"), _SNAP),
    smart=(),
    on="Video",
    to="video",
)

TAGS = (
    *RECTANGLE,
    *ELLIPSE,
    *POLYGON,
    *KEY_POINT,
    *BRUSH,
    *BITMASK,
    *VECTOR,
    MAGICWAND,
    VIDEO_RECTANGLE,
    *VIDEO_VECTOR,
)
