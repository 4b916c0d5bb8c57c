"""Turn a TopoJSON atlas of countries into small SVG paths, keyed by ISO 3166 alpha-2 code."""

import json
import math
from pathlib import Path
from typing import Any

from babel.core import get_global

Point = tuple[float, float]
Ring = list[tuple[int, int]]

# The drawing: 2,000 units wide, down to Cape Horn. Antarctica is left out: nobody lends data about it yet.
WIDTH = 2000.0
BOTTOM = -56.0
ROBINSON = (
    # latitude, parallel length, distance from the equator: A. H. Robinson's table, every 5 degrees
    *((0, 1.0, 0.0), (5, 0.9986, 0.062), (10, 0.9954, 0.124), (15, 0.99, 0.186), (20, 0.9822, 0.248)),
    *((25, 0.973, 0.31), (30, 0.96, 0.372), (35, 0.9427, 0.434), (40, 0.9216, 0.4958), (45, 0.8962, 0.5571)),
    *((50, 0.8679, 0.6176), (55, 0.835, 0.6769), (60, 0.7986, 0.7346), (65, 0.7597, 0.7903), (70, 0.7186, 0.8435)),
    *((75, 0.6732, 0.8936), (80, 0.6213, 0.9394), (85, 0.5722, 0.9761), (90, 0.5322, 1.0)),
)
# Two places without a number of their own in ISO 3166; Kosovo's code is the one that Unicode uses.
BY_NAME = {"Kosovo": "XK"}
LEFT_OUT = {"AQ", "TF"}


def read(outlines: Path, finer: Path, land: Path) -> str:
    """The drawing as JSON text.

    {"silhouette", "width", "height", "countries": {"CO": {"path", "box", "heart", "middle"}}, "dots": {"MT": [x, y]}}

    `box` holds the whole country, `heart` its largest part. Countries that are too small for the coarse outlines are dots,
    taken from the finer ones.
    """
    countries = {code: _country(rings) for code, rings in _shapes(outlines).items()}
    dots = {
        code: _country(rings)["middle"]
        for code, rings in _shapes(finer).items()
        if code not in countries and any(rings)
    }
    drawing = {
        "silhouette": _silhouette(land),
        "width": round(WIDTH),
        "height": round(project((0, BOTTOM))[1]),
        "countries": dict(sorted(countries.items())),
        "dots": dict(sorted(dots.items())),
    }
    text = json.dumps(drawing, separators=(",", ":"))
    return text.replace('},"', '},\n"') + "\n"


SMALL, COARSE, MORE_THAN_A_SPECK = 10, 3, 4


def _silhouette(source: Path) -> str:
    """All land as one small path, 200 units wide, for drawings of a few dozen pixels; specks are left out."""
    atlas = json.loads(source.read_text())
    arcs = [_decoded(arc, atlas["transform"]) for arc in atlas["arcs"]]
    paths = []
    for shape in atlas["objects"]["land"]["geometries"]:
        for polygon in shape["arcs"]:
            small: Ring = []
            for x, y in _ring(polygon[0], arcs):
                point = (round(x / SMALL), round(y / SMALL))
                if not small or abs(point[0] - small[-1][0]) + abs(point[1] - small[-1][1]) >= COARSE:
                    small.append(point)
            if len(small) > MORE_THAN_A_SPECK and small[0][1] < project((0, BOTTOM))[1] / SMALL:
                paths.append(_path(small))
    return "".join(paths)


def _shapes(source: Path) -> dict[str, list[Ring]]:
    atlas = json.loads(source.read_text())
    arcs = [_decoded(arc, atlas["transform"]) for arc in atlas["arcs"]]
    shapes: dict[str, list[Ring]] = {}
    for shape in atlas["objects"]["countries"]["geometries"]:
        code = _code(shape)
        if code is None or code in LEFT_OUT or "arcs" not in shape:
            continue
        groups = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = [_ring(ring, arcs) for polygon in groups for ring in polygon]
        shapes.setdefault(code, []).extend(ring for ring in rings if ring)
    return shapes


def _country(rings: list[Ring]) -> dict[str, Any]:
    boxes = [_box(ring) for ring in rings]
    heart = max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    return {
        "path": "".join(_path(ring) for ring in rings if len(ring) > 3),
        "box": [min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)],
        "heart": heart,
        "middle": [round((heart[0] + heart[2]) / 2), round((heart[1] + heart[3]) / 2)],
    }


def _box(ring: Ring) -> list[int]:
    across, down = [x for x, _ in ring], [y for _, y in ring]
    return [min(across), min(down), max(across), max(down)]


def project(point: Point) -> Point:
    """Longitude and latitude in degrees to drawing units, by the Robinson projection."""
    longitude, latitude = point
    height = min(abs(latitude), 89.999)
    step = int(height // 5)
    share = height / 5 - step
    (_, near_x, near_y), (_, far_x, far_y) = ROBINSON[step], ROBINSON[step + 1]
    across = near_x + (far_x - near_x) * share
    up = math.copysign(near_y + (far_y - near_y) * share, latitude)
    scale = WIDTH / (2 * math.pi * 0.8487)
    top = 1.3523 * 0.9672
    return (
        WIDTH / 2 + scale * 0.8487 * across * math.radians(longitude),
        scale * (top - 1.3523 * up),
    )


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> list[Point]:
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append(
            (
                x * transform["scale"][0] + transform["translate"][0],
                y * transform["scale"][1] + transform["translate"][1],
            )
        )
    return points


def _ring(indexes: list[int], arcs: list[list[Point]]) -> Ring:
    """Join arcs (a negative index is an arc read backwards) and project them, dropping repeated points."""
    ring: Ring = []
    far_east = any(x > 150 for i in indexes for x, _ in arcs[i if i >= 0 else ~i])
    for index in indexes:
        points = arcs[index] if index >= 0 else arcs[~index][::-1]
        for point in points:
            x, y = project(_unwrapped(point, far_east))
            rounded = (round(x), round(y))
            if not ring or ring[-1] != rounded:
                ring.append(rounded)
    return ring


def _unwrapped(point: Point, far_east: bool) -> Point:
    """A ring that crosses the date line goes on to the east, so that it does not run back round the world."""
    longitude, latitude = point
    return (longitude + 360, latitude) if far_east and longitude < -150 else point


def _path(ring: Ring) -> str:
    x, y = ring[0]
    text = f"M{x} {y}l"
    steps = []
    for next_x, next_y in ring[1:]:
        steps.append(f"{next_x - x} {next_y - y}")
        x, y = next_x, next_y
    return text + " ".join(steps).replace(" -", "-") + "z"


def _code(shape: dict[str, Any]) -> str | None:
    """The two-letter code of a shape, from its number (Unicode's table) or, failing that, its name."""
    if "id" not in shape:
        return BY_NAME.get(shape["properties"]["name"])
    known = get_global("territory_aliases").get(str(shape["id"]))
    return known[0] if known else None
