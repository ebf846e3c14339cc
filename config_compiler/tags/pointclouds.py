"""Our own tags for three dimensions: a cloud of points, cuboids in it, labels of points."""

from __future__ import annotations

from config_compiler.tags.model import Attr, Tag
from config_compiler.tags.objects import NAME
from config_compiler.tags.regions import LABELS_ATTRS, TO_NAME

POINT_CLOUD = Tag(
    "PointCloud",
    "object",
    "Shows a cloud of points in three dimensions. Cuboids are drawn in it, and points labelled.",
    attrs=(
        NAME,
        Attr(
            "value", "value", "The points: usually a field, `$points`, with a list of them or the address of a PLY, "
            "PCD or JSON file.", required=True,
        ),
        Attr("pointSize", "float", "Size of a point in pixels.", default="2", low=0.5, high=20, member="point_size"),
        Attr(
            "colorBy", "enum", "What a point's colour tells.", default="height",
            values=("height", "intensity", "rgb", "none"), member="color_by",
        ),
        Attr("up", "enum", "The axis that points upwards in the data.", default="z", values=("z", "y"), member="up"),
    ),
    text="value",
    object_type="pointcloud",
    field_types=("string", "list"),
    regions_by="CuboidLabels",
    example='<PointCloud name="scan" value="$points" colorBy="intensity"/>',
)  # fmt: skip
_FILL = tuple(
    attr for attr in LABELS_ATTRS if attr.name in ("opacity", "fillColor", "fillOpacity", "strokeColor", "strokeWidth")
)
CUBOID = Tag(
    "Cuboid",
    "regions",
    "Draws cuboids in a PointCloud; a Labels on the same cloud labels them.",
    attrs=(NAME, TO_NAME, *_FILL),
    result_type="cuboid",
    works_on=("PointCloud",),
    shape="cuboid",
    example='<Cuboid name="box" toName="scan"/>',
)
CUBOID_LABELS = Tag(
    "CuboidLabels",
    "regions",
    "Labels for cuboids in a PointCloud. Results are in metres and radians.",
    attrs=LABELS_ATTRS,
    children=("Label",),
    holds_layout=True,
    text="value",
    result_type="cuboidlabels",
    works_on=("PointCloud",),
    shape="cuboid",
    example='<CuboidLabels name="box" toName="scan"><Label value="Car"/></CuboidLabels>',
)
POINT_LABELS = Tag(
    "PointLabels",
    "regions",
    "Labels for points of a PointCloud, painted or circled. Results hold the points' numbers.",
    attrs=LABELS_ATTRS,
    children=("Label",),
    holds_layout=True,
    text="value",
    result_type="pointlabels",
    works_on=("PointCloud",),
    shape="points",
    example='<PointLabels name="part" toName="scan"><Label value="Ground"/></PointLabels>',
)

TAGS = (POINT_CLOUD, CUBOID, CUBOID_LABELS, POINT_LABELS)
