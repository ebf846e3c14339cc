"""Configs and tasks with what is already marked on them, for the tests of media objects."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

PICTURE = (
    "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='400' height='300'>"
    "<rect width='400' height='300' fill='%23{ground}'/><text x='150' y='170' font-size='60'>{text}</text></svg>"
)


@dataclass(frozen=True)
class Case:
    config: str
    data: dict[str, Any]
    result: list[dict[str, Any]]

    @property
    def task(self) -> dict[str, Any]:
        return {"data": self.data, "predictions": [{"model_version": "test", "result": self.result}]}


def rle(width: int, height: int, box: tuple[int, int, int, int], run: int = 16) -> list[int]:
    """A brush mask as Label Studio stores it: one run of values per row part, all of the 16-bit length."""
    bits = f"{4 * width * height:032b}" + f"{7:05b}" + "".join(f"{size - 1:04b}" for size in (3, 4, 8, run))
    left, top, right, bottom = box
    mask = [255 if left <= i % width < right and top <= i // width < bottom else 0 for i in range(width * height)]
    start = 0
    for at in range(1, len(mask) + 1):
        if at == len(mask) or mask[at] != mask[start] or (at - start) * 4 >= 1 << run:
            bits += "1" + "11" + f"{(at - start) * 4 - 1:0{run}b}" + f"{mask[start]:08b}"
            start = at
    bits += "0" * (-len(bits) % 8)
    return [int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)]


def region(number: int, control: str, target: str, kind: str, value: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": f"r{number}", "from_name": control, "to_name": target, "type": kind, "value": value, **more}


def on_image(number: int, control: str, kind: str, value: dict[str, Any], label: str, **more: Any) -> dict[str, Any]:
    size = {"original_width": 400, "original_height": 300, "image_rotation": 0}
    return region(number, control, "img", kind, {**value, kind: [label]}, **size, **more)


VERTICES = [
    {"id": "a", "x": 60, "y": 80, "isBezier": False},
    {"id": "b", "x": 75, "y": 60, "prevPointId": "a", "isBezier": True}
    | {"controlPoint1": {"x": 65, "y": 55}, "controlPoint2": {"x": 85, "y": 65}},
    {"id": "c", "x": 92, "y": 85, "prevPointId": "b", "isBezier": False},
]

SHAPES = Case(
    """<View>
  <Image name="img" value="$image"/>
  <RectangleLabels name="box" toName="img"><Label value="Box" background="#0072b2"/></RectangleLabels>
  <EllipseLabels name="ell" toName="img"><Label value="Round" background="#e69f00"/></EllipseLabels>
  <PolygonLabels name="poly" toName="img"><Label value="Roof" background="#009e73"/></PolygonLabels>
  <KeyPointLabels name="key" toName="img"><Label value="Eye" background="#d55e00"/></KeyPointLabels>
  <VectorLabels name="vec" toName="img" curves="true"><Label value="Path" background="#cc79a7"/></VectorLabels>
  <BrushLabels name="brush" toName="img"><Label value="Road" background="#56b4e9"/></BrushLabels>
</View>""",
    {"image": PICTURE.format(ground="888a85", text="")},
    [
        on_image(1, "box", "rectanglelabels", {"x": 4, "y": 5, "width": 20, "height": 20, "rotation": 0}, "Box"),
        on_image(2, "ell", "ellipselabels", {"x": 45, "y": 18, "radiusX": 14, "radiusY": 10, "rotation": 20}, "Round"),
        on_image(
            3, "poly", "polygonlabels", {"points": [[70, 8], [95, 20], [84, 42], [68, 34]], "closed": True}, "Roof"
        ),
        on_image(4, "key", "keypointlabels", {"x": 12, "y": 45, "width": 3}, "Eye"),
        on_image(5, "vec", "vectorlabels", {"vertices": VERTICES, "closed": False}, "Path"),
        on_image(6, "brush", "brushlabels", {"format": "rle", "rle": rle(400, 300, (40, 180, 200, 270))}, "Road"),
    ],
)

PAGES = Case(
    """<View>
  <Image name="img" valueList="$pages"/>
  <RectangleLabels name="box" toName="img"><Label value="Stamp"/></RectangleLabels>
</View>""",
    {"pages": [PICTURE.format(ground=ground, text=n + 1) for n, ground in enumerate(("d9dddf", "e8d8c8", "cfe0cf"))]},
    [
        on_image(1, "box", "rectanglelabels", {"x": 10, "y": 10, "width": 20, "height": 20}, "Stamp", item_index=0),
        on_image(2, "box", "rectanglelabels", {"x": 50, "y": 50, "width": 30, "height": 20}, "Stamp", item_index=1),
        on_image(3, "box", "rectanglelabels", {"x": 20, "y": 60, "width": 30, "height": 20}, "Stamp", item_index=1),
    ],
)

SOUND = Case(
    """<View>
  <Labels name="who" toName="sound"><Label value="Speech" background="#0072b2"/><Label value="Noise"/></Labels>
  <Audio name="sound" value="$audio"/>
  <Choices name="mood" toName="sound"><Choice value="Calm"/><Choice value="Upset"/></Choices>
</View>""",
    {"audio": "/samples/speech.wav"},
    [
        region(1, "who", "sound", "labels", {"start": 0.4, "end": 1.4, "channel": 0, "labels": ["Speech"]}),
        region(2, "who", "sound", "labels", {"start": 1.8, "end": 2.2, "channel": 0, "labels": ["Noise"]}),
    ],
)

VIDEO = Case(
    """<View>
  <Video name="clip" value="$video" frameRate="25"/>
  <VideoRectangle name="box" toName="clip"/>
  <Labels name="what" toName="clip"><Label value="Ball" background="#d55e00"/></Labels>
  <TimelineLabels name="part" toName="clip"><Label value="Moving" background="#009e73"/></TimelineLabels>
</View>""",
    {"video": "/samples/clip.webm"},
    [
        region(
            1,
            "box",
            "clip",
            "videorectangle",
            {
                "framesCount": 75,
                "duration": 3.0,
                "labels": ["Ball"],
                "sequence": [
                    {"frame": 1, "time": 0.04, "enabled": True, "x": 10, "y": 20, "width": 20, "height": 30}
                    | {"rotation": 0},
                    {"frame": 20, "time": 0.8, "enabled": False, "x": 60, "y": 40, "width": 20, "height": 30}
                    | {"rotation": 0},
                ],
            },
        ),
        region(
            2,
            "part",
            "clip",
            "timelinelabels",
            {"ranges": [{"start": 10, "end": 40}], "timelinelabels": ["Moving"]},
        ),
    ],
)

SERIES = Case(
    """<View>
  <TimeSeriesLabels name="run" toName="ts"><Label value="Hot" background="#d55e00"/></TimeSeriesLabels>
  <TimeSeries name="ts" value="$csv" timeColumn="time" timeFormat="%Y-%m-%d %H:%M" overviewChannels="temperature">
    <Channel column="temperature" legend="Temperature" units="°C" strokeColor="#d55e00" height="140"/>
    <Channel column="vibration" legend="Vibration" units="mm/s" height="120"/>
  </TimeSeries>
</View>""",
    {"csv": "/samples/pump.csv"},
    [
        region(
            1,
            "run",
            "ts",
            "timeserieslabels",
            {"start": "2026-03-09 06:00", "end": "2026-03-09 12:00", "instant": False, "timeserieslabels": ["Hot"]},
        )
    ],
)

CLOUD = Case(
    """<View>
  <CuboidLabels name="car" toName="scan"><Label value="Car" background="#e69f00"/></CuboidLabels>
  <PointCloud name="scan" value="$points"/>
</View>""",
    {"points": "/samples/street.json"},
    [
        region(
            1,
            "car",
            "scan",
            "cuboidlabels",
            {"x": 6, "y": 2, "z": 0.9, "length": 4.4, "width": 1.9, "height": 1.7, "yaw": 0.4}
            | {"cuboidlabels": ["Car"]},
        )
    ],
)

CASES = {"shapes": SHAPES, "pages": PAGES, "sound": SOUND, "video": VIDEO, "series": SERIES, "cloud": CLOUD}


def tasks_json(case: Case) -> str:
    return json.dumps([case.task])
