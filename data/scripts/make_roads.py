#!/usr/bin/env python3
"""Writes data/roads/skane-coarse.json, the approximate road network of Skåne, and its picture.

    python3 -m venv venv && venv/bin/pip install scgraph==2.15.0 scgraph_data==2.0.0 shapely
    venv/bin/python data/scripts/make_roads.py

Main roads come from the package scgraph_data (world highways, made from OpenStreetMap): nodes and
road kilometres, without names, classes or the way between the nodes. Localities and outlines are
the tables in data/regions. Lakes, bays, Ven, the ferry and the missing pieces of road are typed in
below. What this gives is approximate: docs/travel.md says how far off it is.

© OpenStreetMap contributors; the table derived from their data is under the ODbL 1.0.
"""

import csv
import heapq
import json
from math import cos, hypot, pi, radians, sqrt
from pathlib import Path

import shapely
import shapely.ops
from scgraph_data.world_highways import world_highways_geograph
from shapely.geometry import LineString, Point, Polygon

HERE = Path(__file__).resolve().parent
DATA = HERE.parent
OUTLINES = DATA / "regions" / "skane-outlines.geojson"
OUT = DATA / "roads" / "skane-coarse.json"
PICTURE = DATA.parent / "docs" / "pictures" / "skane-coarse.svg"

# Classes with the speed that a car keeps up, junctions and all. Chosen so that known driving times
# come out (docs/travel.md); the limits are 110-120, 100, 70-90 and 50-80 km/h.
CLASSES = [("motorway", 99), ("trunk", 85), ("primary", 75), ("link", 66), ("street", 34)]
MOTORWAY, TRUNK, PRIMARY, LINK, STREET = range(5)

# Roads of a better class than primary, by points that they pass, south to north or west to east.
MOTORWAYS = [
    ("E6", [(55.466, 13.009), (55.565, 13.002), (55.640, 13.059), (55.722, 13.090),
            (55.876, 12.884), (56.078, 12.736), (56.181, 12.849), (56.252, 12.898),
            (56.501, 12.958)]),
    ("E20", [(55.566, 12.893), (55.565, 13.002)]),
    ("E22", [(55.603, 13.069), (55.698, 13.217), (55.810, 13.483), (55.849, 13.646),
             (55.941, 13.857), (56.018, 14.116)]),
    ("E4", [(56.078, 12.736), (56.198, 13.073), (56.284, 13.341), (56.447, 13.599)]),
    ("E65", [(55.560, 13.079), (55.515, 13.298)]),
]
TRUNKS = [
    ("E6", [(55.382, 13.087), (55.466, 13.009)]),
    ("E22", [(56.018, 14.116), (56.066, 14.566)]),
    ("E65", [(55.515, 13.298), (55.438, 13.793)]),
    ("23", [(55.936, 13.555), (56.161, 13.823)]),
    ("21", [(56.161, 13.823), (56.018, 14.116)]),
]
# Pieces that the package lacks, by points that they pass. Metres: the straight line, and 8 %.
GAPS = [
    ("19 to Kristianstad", [(55.972, 14.078), (56.017, 14.116)]),
    ("9 through Trelleborg", [(55.378, 13.096), (55.374, 13.146)]),
    ("9 along the south coast", [(55.339, 13.356), (55.392, 13.600), (55.427, 13.771)]),
    ("118", [(56.018, 14.117), (56.027, 14.210), (55.980, 14.270), (55.930, 14.290)]),
    ("24", [(56.284, 13.341), (56.236, 13.530), (56.178, 13.680), (56.169, 13.835)]),
    ("108", [(55.641, 13.105), (55.641, 13.205), (55.515, 13.240), (55.374, 13.148)]),
    ("117", [(56.169, 13.835), (56.290, 13.710), (56.340, 13.665), (56.467, 13.634)]),
]
GAP_DETOUR = 1.08

# Outlines drawn by hand, good to some 300 m: lat, lon. A straight way may not cross them.
LAKES = {
    "Östra Ringsjön": "55.895,13.561 55.882,13.590 55.870,13.602 55.859,13.601 55.849,13.581 "
                      "55.841,13.517 55.869,13.514 55.877,13.530 55.890,13.528",
    "Västra Ringsjön": "55.906,13.458 55.897,13.491 55.886,13.494 55.875,13.487 55.871,13.470 "
                       "55.883,13.439 55.893,13.433 55.904,13.436",
    "Ivösjön": "56.140,14.517 56.120,14.512 56.110,14.474 56.087,14.471 56.075,14.463 "
               "56.062,14.405 56.084,14.378 56.077,14.345 56.096,14.325 56.124,14.294 "
               "56.140,14.291 56.115,14.350 56.130,14.395 56.158,14.400 56.143,14.450",
    "Hammarsjön": "56.021,14.154 56.012,14.201 55.998,14.245 55.990,14.251 55.967,14.249 "
                  "55.959,14.227 55.960,14.201 55.995,14.157",
    "Immeln": "56.314,14.378 56.296,14.387 56.281,14.366 56.256,14.366 56.222,14.284 "
              "56.221,14.254 56.247,14.294 56.275,14.303",
    "Finjasjön": "56.152,13.700 56.148,13.720 56.139,13.728 56.128,13.745 56.118,13.727 "
                 "56.138,13.684",
    "Vombsjön": "55.690,13.561 55.701,13.575 55.704,13.600 55.695,13.621 55.681,13.626 "
                "55.668,13.612 55.664,13.590 55.670,13.567 55.680,13.556",
    "Råbelövssjön": "56.074,14.222 56.075,14.234 56.095,14.240 56.119,14.237 56.127,14.228 "
                    "56.117,14.220 56.095,14.222",
}
# The seaward ends lie far out, so that no way round leads there.
BAYS = {
    "Skälderviken": "56.310,12.460 56.285,12.580 56.252,12.660 56.238,12.735 56.250,12.795 "
                    "56.275,12.800 56.318,12.740 56.365,12.690 56.415,12.615 56.420,11.000 "
                    "56.310,11.000",
    "Lommabukten": "55.632,12.920 55.635,13.000 55.652,13.042 55.680,13.042 55.712,13.000 "
                   "55.735,12.945 55.745,12.890 55.745,11.000 55.632,11.000",
    "Lundåkrabukten": "55.852,12.840 55.843,12.870 55.815,12.912 55.800,12.912 55.785,12.890 "
                      "55.785,11.000 55.852,11.000",
    "Höllviken": "55.440,12.850 55.424,12.895 55.428,12.935 55.460,12.938 55.490,12.910 "
                 "55.520,12.885 55.520,11.000 55.440,11.000",
}
# No straight way leads on or off these. The network has nothing on Sjælland: it counts as outside.
ISLANDS = {
    "Sjælland": "56.130,12.000 56.130,12.400 56.060,12.635 55.900,12.600 55.720,12.630 "
                "55.580,12.720 55.200,12.600 55.200,12.000",
    "Ven": "55.925,12.640 55.935,12.690 55.920,12.740 55.890,12.745 55.875,12.705 55.895,12.655",
}
# The ferry takes cars. Crossing 30 minutes; 9 departures a day out of season, the first at 06:05,
# the last at 21:30, so 116 minutes from one to the next; whoever comes at any time waits half of
# that. (Published timetable of Ventrafiken; in high summer 15 departures.)
BÄCKVIKEN = (55.8995, 12.7195)
TUNA = (55.9098, 12.6724)
FERRY_FROM = (55.8690, 12.8270)
LANDSKRONA = (55.8817, 12.8447)
FERRY_METRES, CROSSING_S, WAIT_S = 8_300, 30 * 60, 58 * 60

SAME_JUNCTION_KM = 0.35
PIECE_KM = 4.0
ASHORE_KM = 0.1
LINK_MAX_KM = 26.0
LINK_DETOUR = 1.22
# The outlines of the municipalities cut off spits and shores; so much of a link may lie outside.
SHORE_KM = 2.5
KM_NORTH = 111.32
KM_EAST = KM_NORTH * cos(radians(55.9))


def main():
    network = Network()
    add_main_roads(network)
    name_classes(network)
    cut_long_edges(network)
    main_roads = len(network.nodes)
    localities = add_localities(network)
    link(network, main_roads, localities)
    add_ven(network)
    write(network)
    draw(network)


class Network:
    def __init__(self):
        self.nodes = []  # (lat, lon)
        self.edges = {}  # (a, b), a < b: [metres, class, metres of it in streets]
        self.ferries = []

    def node(self, point):
        self.nodes.append(point)
        return len(self.nodes) - 1

    def edge(self, a, b, metres, kind, streets=0):
        key = (min(a, b), max(a, b))
        if a != b and (key not in self.edges or metres < self.edges[key][0]):
            self.edges[key] = [metres, kind, streets]

    def nearest(self, point):
        return min(range(len(self.nodes)), key=lambda node: distance_km(self.nodes[node], point))

    def at(self, point):
        """The node at this point, or a new one."""
        near = self.nearest(point)
        return near if distance_km(self.nodes[near], point) < 1.0 else self.node(point)


def plane(point):
    return (point[1] * KM_EAST, point[0] * KM_NORTH)


def distance_km(a, b):
    (ax, ay), (bx, by) = plane(a), plane(b)
    return hypot(ax - bx, ay - by)


def in_sweden(point):
    """Skåne and what lies next to it in Sweden; Denmark is cut away along the Öresund."""
    lat, lon = point
    near = 55.3 <= lat <= 56.6 and 12.5 <= lon <= 14.75
    return near and (lon > 12.685 or lat > 56.11)


def add_main_roads(network):
    """Junctions whose nodes lie close together become one node."""
    points, graph = world_highways_geograph.nodes, world_highways_geograph.graph
    inside = [node for node, point in enumerate(points) if in_sweden(point)]
    known = set(inside)
    joined = {node: node for node in inside}

    def leader(node):
        while joined[node] != node:
            node = joined[node]
        return node

    for node in inside:
        for other, km in graph[node].items():
            if other in known and km <= SAME_JUNCTION_KM:
                joined[max(leader(node), leader(other))] = min(leader(node), leader(other))
    members = {}
    for node in inside:
        members.setdefault(leader(node), []).append(points[node])
    number = {}
    for first, group in sorted(members.items()):
        lat, lon = (sum(axis) / len(group) for axis in zip(*group))
        number[first] = network.node((round(lat, 4), round(lon, 4)))
    for node in inside:
        for other, km in sorted(graph[node].items()):
            if other in known:
                metres = round(km * 1000)
                network.edge(number[leader(node)], number[leader(other)], metres, PRIMARY)
    for _, passes in GAPS:
        on_way = [network.at(point) for point in passes]
        for a, b in zip(on_way, on_way[1:]):
            km = distance_km(network.nodes[a], network.nodes[b])
            network.edge(a, b, round(km * GAP_DETOUR * 1000), PRIMARY)


def name_classes(network):
    for kind, roads in ((TRUNK, TRUNKS), (MOTORWAY, MOTORWAYS)):
        for name, passes in roads:
            ends = [network.nearest(point) for point in passes]
            for point, node in zip(passes, ends):
                assert distance_km(point, network.nodes[node]) < 1.0, (name, point)
            for a, b in zip(ends, ends[1:]):
                for key in shortest(network, a, b):
                    network.edges[key][1] = kind


def shortest(network, start, goal):
    """The edges of the shortest way."""
    around = {}
    for (a, b), (metres, _, _) in network.edges.items():
        around.setdefault(a, []).append((b, metres))
        around.setdefault(b, []).append((a, metres))
    best, came, queue = {start: 0}, {}, [(0, start)]
    while queue:
        far, node = heapq.heappop(queue)
        if far > best[node]:
            continue
        for other, metres in around[node]:
            if far + metres < best.get(other, 1e12):
                best[other], came[other] = far + metres, node
                heapq.heappush(queue, (far + metres, other))
    keys = []
    while goal != start:
        keys.append((min(goal, came[goal]), max(goal, came[goal])))
        goal = came[goal]
    return keys


def cut_long_edges(network):
    """Points on the way where villages join. The way between the nodes is not known: straight."""
    lakes = [polygon(text) for text in LAKES.values()]
    for (a, b), (metres, kind, _) in list(network.edges.items()):
        pieces = -(-metres // round(PIECE_KM * 1000))
        if pieces < 2:
            continue
        del network.edges[a, b]
        (from_lat, from_lon), (to_lat, to_lon) = network.nodes[a], network.nodes[b]
        last = a
        for piece in range(1, pieces + 1):
            part = piece / pieces
            point = (round(from_lat + part * (to_lat - from_lat), 4),
                     round(from_lon + part * (to_lon - from_lon), 4))
            for lake in lakes:
                point = ashore(point, lake)
            here = b if piece == pieces else network.node(point)
            network.edge(last, here, round(metres / pieces), kind)
            last = here


def ashore(point, water):
    """The point, or where the straight line between two junctions leads through a lake, the shore."""
    here = Point(plane(point))
    if water.contains(here):
        shore = shapely.ops.nearest_points(water.exterior, here)[0]
        far = hypot(shore.x - here.x, shore.y - here.y)
        beyond = 1 + ASHORE_KM / far
        x, y = (here.x + beyond * (shore.x - here.x), here.y + beyond * (shore.y - here.y))
        return (round(y / KM_NORTH, 4), round(x / KM_EAST, 4))
    return point


def add_localities(network):
    """Localities as nodes, with the disc of each."""
    discs = {}
    with open(HERE / "scb_localities_2020.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            node = network.node((float(row["lat"]), float(row["lon"])))
            radius_km = sqrt(int(row["area_ha"]) / 100 / pi)
            discs[node] = Point(plane(network.nodes[node])).buffer(radius_km)
    return discs


def add_ven(network):
    """Ven, its road and its ferry."""
    tuna, landskrona = network.nearest(TUNA), network.nearest(LANDSKRONA)
    quay, bäckviken = network.node(FERRY_FROM), network.node(BÄCKVIKEN)
    for a, b in ((landskrona, quay), (bäckviken, tuna)):
        km = distance_km(network.nodes[a], network.nodes[b])
        metres = round(km * LINK_DETOUR * 1000)
        network.edge(a, b, metres, LINK, metres)
    network.ferries.append([quay, bäckviken, FERRY_METRES, CROSSING_S, WAIT_S])


def ring(text):
    return [tuple(float(part) for part in point.split(",")) for point in text.split()]


def polygon(text):
    return Polygon([plane(point) for point in ring(text)])


def outer_rings():
    """The outlines of the municipalities, (lat, lon)."""
    for feature in json.loads(OUTLINES.read_text(encoding="utf-8"))["features"]:
        for rings in feature["geometry"]["coordinates"]:
            yield [(lat, lon) for lon, lat in rings[0]]


def link(network, main_roads, localities):
    """Gabriel graph: two points are linked when no third lies in the circle between them. Links
    that would cross water, and links between two points of the main roads, are left out."""
    water = shapely.union_all([polygon(text) for text in [*LAKES.values(), *BAYS.values()]])
    land = shapely.union_all([Polygon([plane(point) for point in shape])
                              for shape in outer_rings()])
    shapely.prepare(water)
    towns = shapely.union_all(list(localities.values()))
    points = [plane(point) for point in network.nodes]
    islands = [polygon(text) for text in ISLANDS.values()]
    mainland = [node for node, point in enumerate(points)
                if not any(island.contains(Point(point)) for island in islands)]
    for a in mainland:
        near = [c for c in mainland if c != a and close(points[a], points[c])]
        for b in near:
            if b <= max(a, main_roads - 1) or any(
                    between(points[c], points[a], points[b]) for c in near if c != b):
                continue
            line = LineString([points[a], points[b]])
            if line.intersects(water) or line.difference(land).length > SHORE_KM:
                continue
            in_streets = line.intersection(towns).length / max(line.length, 0.001)
            metres = max(round(line.length * LINK_DETOUR * 1000), 1)
            network.edge(a, b, metres, LINK, round(metres * in_streets))


def close(a, b):
    return hypot(a[0] - b[0], a[1] - b[1]) <= LINK_MAX_KM


def between(c, a, b):
    return (c[0] - a[0]) * (c[0] - b[0]) + (c[1] - a[1]) * (c[1] - b[1]) < 0


def write(network):
    missing = set(range(len(network.nodes))) - reachable(network)
    assert not missing, [network.nodes[node] for node in missing]
    lines = [
        '{"format": "rond-coarse-roads", "version": 1, "name": "skane-approximate",',
        ' "attribution": "© OpenStreetMap contributors, ODbL",',
        f' "classes": {json.dumps([{"name": name, "km_h": speed} for name, speed in CLASSES])},',
        ' "nodes": [', *rows(f"[{lat},{lon}]" for lat, lon in network.nodes), " ],",
        ' "edges": [', *rows(json.dumps([*key, *edge], separators=(",", ":"))
                             for key, edge in sorted(network.edges.items())), " ],",
        f' "ferries": {json.dumps(network.ferries)},',
        ' "waters": [', *outlines({**LAKES, **BAYS}), " ],",
        ' "islands": [', *outlines(ISLANDS), " ]}",
    ]
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(network.nodes), "nodes", len(network.edges), "edges", OUT.stat().st_size, "bytes")


def rows(entries, per_line=6):
    entries = list(entries)
    cut = [",".join(entries[at:at + per_line]) for at in range(0, len(entries), per_line)]
    return ["  " + line + "," for line in cut[:-1]] + ["  " + cut[-1]]


def outlines(named):
    return rows((json.dumps({"name": name, "ring": ring(text)}, ensure_ascii=False)
                 for name, text in named.items()), per_line=1)


def reachable(network):
    around = {}
    for a, b in [*network.edges, *[ferry[:2] for ferry in network.ferries]]:
        around.setdefault(a, []).append(b)
        around.setdefault(b, []).append(a)
    seen, stack = {0}, [0]
    while stack:
        for other in around[stack.pop()]:
            if other not in seen:
                seen.add(other)
                stack.append(other)
    return seen


def draw(network):
    """The network as a picture: Skåne, its lakes, roads by class, the ferry."""
    west, north, scale = 12.4, 56.57, 4.0

    def place(point):
        return (f"{(point[1] - west) * KM_EAST * scale:.0f} "
                f"{(north - point[0]) * KM_NORTH * scale:.0f}")

    def path(pairs):
        return "".join(f"M{place(a)}L{place(b)}" for a, b in pairs)

    width, height = ((14.75 - west) * KM_EAST * scale, (north - 55.3) * KM_NORTH * scale)
    styles = {LINK: ("#999", 0.8), PRIMARY: ("#c80", 1.6),
              TRUNK: ("#c40", 2.2), MOTORWAY: ("#a02", 3)}
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
             'fill="none" stroke-linecap="round">',
             f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>']
    for shapes, colour in ((outer_rings(), "#f4f1e8"), (map(ring, LAKES.values()), "#8bd")):
        for shape in shapes:
            parts.append(f'<path d="M{"L".join(map(place, shape))}Z" fill="{colour}"/>')
    for kind, (colour, thick) in styles.items():
        pairs = [(network.nodes[a], network.nodes[b])
                 for (a, b), edge in network.edges.items() if edge[1] == kind]
        parts.append(f'<path d="{path(pairs)}" stroke="{colour}" stroke-width="{thick}"/>')
    for a, b, *_ in network.ferries:
        parts.append(f'<path d="{path([(network.nodes[a], network.nodes[b])])}" stroke="#06c" '
                     'stroke-width="2" stroke-dasharray="4 4"/>')
    parts.append(f'<text x="8" y="{height - 10:.0f}" font-family="sans-serif" font-size="13" '
                 'fill="#333">Approximate. © OpenStreetMap contributors, ODbL</text></svg>')
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text("\n".join(parts) + "\n", encoding="utf-8")


main()
