"""A picture on which every kind of shape can be drawn, with the same labels on each; and what tests draw on it."""

from __future__ import annotations

from tests.engine import plans
from tests.engine.acting import Acting

Json = dict[str, object]
DATA: Json = {"image": "https://example.com/1.jpg"}
_SHAPES = ("Rectangle", "Polygon", "Ellipse", "Brush", "KeyPoint", "Vector", "Bitmask")


def marker(tag: str, labels: list[str], **more: object) -> Json:
    given = {"options": [plans.option(label) for label in labels], "choice": "single", "allow_empty": False}
    common: Json = {"required": False, "per_region": False, "per_item": False, "can_rotate": True, "snap": "none"}
    return {
        "name": tag.lower(),
        "tag": f"{tag}Labels",
        "type": f"{tag.lower()}labels",
        "to": ["img"],
        **common,
        **given,
    } | more


def plan(**labels: list[str]) -> Json:
    """*labels* by tag, where they are others than Car and Person."""
    controls = [marker(tag, labels.get(tag, ["Car", "Person"])) for tag in _SHAPES]
    controls.append(plans.choices("quality", "img", ["Sharp", "Blurred"], per_region=True))
    controls.append(plans.choices("weather", "img", ["Sunny", "Rain"]))
    return plans.plan([plans.image()], controls)


class Drawing(Acting):
    """Draws on a picture of 1000 x 500 pixels (or another size)."""

    def __init__(self, given: Json | None = None, width: int = 1000, height: int = 500, result: object = ()) -> None:
        super().__init__(given or plan(), DATA, result, size=False)
        self.do("object_loaded", object="img", width=width, height=height)

    def draw(self, name: str, tag: str, shape: Json, label: str = "Car") -> None:
        self.do("select", regions=[])
        self.do("pick_label", control=tag.lower(), label=label)
        if label not in self.view["active"][tag.lower()]:  # type: ignore[index]
            self.do("pick_label", control=tag.lower(), label=label)
        self.do("add_region", region=name, object="img", control=tag.lower(), shape=shape)

    def square(self, name: str, x: float, y: float, side: float, label: str = "Car") -> None:
        shape: Json = {"x": x, "y": y, "width": side, "height": side, "rotation": 0}
        self.draw(name, "Rectangle", shape, label)

    def polygon(self, name: str, points: list[list[float]], label: str = "Car") -> None:
        self.draw(name, "Polygon", {"points": points, "closed": True}, label)

    def points(self, name: str) -> list[list[float]]:
        return self.region(name)["shape"]["points"]  # type: ignore[index,no-any-return]


def area(points: list[list[float]]) -> float:
    """In square percent, by the shoelace formula."""
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2
