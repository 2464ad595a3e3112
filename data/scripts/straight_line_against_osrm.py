#!/usr/bin/env python3
"""How wrong is the straight line? Its driving times against those of an OSRM server.

    straight_line_against_osrm.py URL SOUTH WEST NORTH EAST [POINTS] [SEED]

Draws points in the box, puts each on the nearest road within 500 m (others are drawn anew), asks
for every leg between them, and prints quantiles of straight line / OSRM - 1, of its absolute value,
and the curve a * km^b that would have fitted best (least squares of logarithms). Legs below 200 m
are left out. The server's table limit has to allow POINTS; it is asked in one question, and how
long that takes is printed as well. Standard library only.
"""

import json
import math
import random
import sys
import time
import urllib.request

A, B = 3.3, 0.70  # minutes = A * km^B: src/travel/straight_line.rs


def ask(url):
    try:
        with urllib.request.urlopen(url) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def on_road(url, box, dice):
    south, west, north, east = box
    while True:
        lat, lon = dice.uniform(south, north), dice.uniform(west, east)
        answer = ask(f"{url}/nearest/v1/driving/{lon:.6f},{lat:.6f}?radiuses=500")
        if answer["code"] == "Ok":
            return tuple(round(x, 6) for x in answer["waypoints"][0]["location"])


def kilometres(a, b):
    (lon1, lat1), (lon2, lat2) = (map(math.radians, p) for p in (a, b))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def quantile(values, q):
    return values[min(len(values) - 1, int(q * len(values)))]


def main():
    url = sys.argv[1].rstrip("/")
    box = [float(x) for x in sys.argv[2:6]]
    count = int(sys.argv[6]) if len(sys.argv) > 6 else 300
    dice = random.Random(int(sys.argv[7]) if len(sys.argv) > 7 else 1)
    points = [on_road(url, box, dice) for _ in range(count)]
    coordinates = ";".join(f"{lon},{lat}" for lon, lat in points)
    begun = time.monotonic()
    table = ask(f"{url}/table/v1/driving/{coordinates}?annotations=duration,distance&skip_waypoints=true")
    took = time.monotonic() - begun
    if table["code"] != "Ok":
        sys.exit(f"OSRM refuses: {table}")
    errors, detours, logs, cut_off = [], [], [], 0
    for i, a in enumerate(points):
        for j, b in enumerate(points):
            seconds, metres = table["durations"][i][j], table["distances"][i][j]
            if i != j and seconds is None:
                cut_off += 1
            km = kilometres(a, b)
            if i == j or not seconds or km < 0.2:
                continue
            errors.append(A * km**B * 60 / seconds - 1)
            detours.append(metres / 1000 / km)
            logs.append((math.log(km), math.log(seconds / 60)))
    errors.sort()
    detours.sort()
    sizes = sorted(abs(e) for e in errors)
    mx, my = (sum(l[k] for l in logs) / len(logs) for k in (0, 1))
    b = sum((x - mx) * (y - my) for x, y in logs) / sum((x - mx) ** 2 for x, _ in logs)
    a = math.exp(my - b * mx)
    say = lambda values, qs: "  ".join(f"q{round(q * 100):02} {100 * quantile(values, q):+.0f} %" for q in qs)
    print(f"{len(errors)} legs, {cut_off} without a way; one table of {count} x {count} took {took:.2f} s")
    print(f"straight line / OSRM - 1:  mean {100 * sum(errors) / len(errors):+.1f} %  "
          + say(errors, (0.05, 0.25, 0.5, 0.75, 0.95)))
    print("size of the error:  " + say(sizes, (0.5, 0.8, 0.95)))
    print(f"best fit: {a:.2f} * km^{b:.3f} minutes")
    print("road / straight line:  " + "  ".join(f"q{round(q * 100):02} {quantile(detours, q):.2f}" for q in (0.05, 0.5, 0.9)))


if __name__ == "__main__":
    main()
