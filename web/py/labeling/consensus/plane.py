"""Metrics of regions in the plane and in space, by type of control."""

from __future__ import annotations

from dataclasses import replace

from labeling.consensus import boxes, clouds, cuboids, ellipses, keypoints, pages, polygons, rasters, vectors
from labeling.consensus.regions import RegionMetric

BOXES = RegionMetric(
    name="F1 of matched boxes at IoU 0.5",
    key=None,
    members=frozenset({"x", "y", "width", "height", "rotation"}),
    read=boxes.read_box,
    iou=boxes.box_iou,
    candidates=boxes.box_candidates,
    merge=boxes.merge_boxes,
)

ELLIPSES = RegionMetric(
    name="F1 of matched ellipses at IoU 0.5",
    key=None,
    members=frozenset({"x", "y", "radiusX", "radiusY", "rotation"}),
    read=ellipses.read_ellipse,
    iou=ellipses.ellipse_iou,
    candidates=ellipses.ellipse_candidates,
    merge=ellipses.merge_ellipses,
)

POLYGONS = RegionMetric(
    name="F1 of matched polygons at IoU 0.5",
    key=None,
    members=frozenset({"points", "closed"}),
    read=polygons.read_polygon,
    iou=polygons.polygon_iou,
    candidates=polygons.polygon_candidates,
    merge=polygons.merge_polygons,
)

KEYPOINTS = RegionMetric(
    name="F1 of key points matched within 2.35 % of the diagonal",
    key=None,
    members=frozenset({"x", "y", "width"}),
    read=keypoints.read_keypoint,
    iou=keypoints.keypoint_similarity,
    candidates=keypoints.keypoint_candidates,
    merge=keypoints.merge_keypoints,
)

VECTORS = RegionMetric(
    name="F1 of vectors matched within 2.35 % of the diagonal",
    key=None,
    members=frozenset({"vertices", "closed"}),
    read=vectors.read_vector,
    iou=vectors.vector_similarity,
    candidates=vectors.vector_candidates,
    merge=vectors.merge_vectors,
)

BRUSHES = RegionMetric(
    name="F1 of matched masks at IoU 0.5",
    key=None,
    members=frozenset({"format", "rle"}),
    read=rasters.read_brush,
    iou=rasters.mask_iou,
    candidates=rasters.mask_candidates,
    merge=rasters.merge_brushes,
)

BITMASKS = replace(
    BRUSHES, members=frozenset({"imageDataURL"}), read=rasters.read_bitmask, merge=rasters.merge_bitmasks
)

PAGE_BOXES = RegionMetric(
    name="F1 of matched boxes at IoU 0.5",
    key=None,
    members=frozenset({"x", "y", "width", "height", "rotation", "ocrtext"}),
    read=pages.read_page_box,
    iou=pages.page_box_iou,
    candidates=pages.page_box_candidates,
    merge=pages.merge_page_boxes,
    lane=pages.page_of,
)

CUBOIDS = RegionMetric(
    name="F1 of matched cuboids at 3-D IoU 0.5",
    key=None,
    members=frozenset({"x", "y", "z", *cuboids.SIDES, "yaw", "pitch", "roll"}),
    read=cuboids.read_cuboid,
    iou=cuboids.cuboid_iou,
    candidates=cuboids.cuboid_candidates,
    merge=cuboids.merge_cuboids,
)

POINTS = RegionMetric(
    name="F1 of sets of points matched at Jaccard index 0.5",
    key=None,
    members=frozenset({"indexes"}),
    read=clouds.read_points,
    iou=clouds.points_iou,
    candidates=clouds.points_candidates,
    merge=clouds.merge_points,
)

PLANE: dict[str, RegionMetric] = {
    "rectangle": BOXES,
    "ellipse": ELLIPSES,
    "polygon": POLYGONS,
    "keypoint": KEYPOINTS,
    "vector": VECTORS,
    "brush": BRUSHES,
    "magicwand": BRUSHES,
    "bitmask": BITMASKS,
    "cuboid": CUBOIDS,
    "rectanglelabels": replace(BOXES, key="rectanglelabels"),
    "ellipselabels": replace(ELLIPSES, key="ellipselabels"),
    "polygonlabels": replace(POLYGONS, key="polygonlabels"),
    "keypointlabels": replace(KEYPOINTS, key="keypointlabels"),
    "vectorlabels": replace(VECTORS, key="vectorlabels"),
    "brushlabels": replace(BRUSHES, key="brushlabels"),
    "bitmasklabels": replace(BITMASKS, key="bitmasklabels"),
    "ocrlabels": replace(PAGE_BOXES, key="ocrlabels"),
    "cuboidlabels": replace(CUBOIDS, key="cuboidlabels"),
    "pointlabels": replace(POINTS, key="pointlabels"),
}
"""Control type -> its metric. Plain shapes (no `key`) have the labels that Labels controls give them."""
