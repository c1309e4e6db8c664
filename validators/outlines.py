"""Outlines of areas: valid GeoJSON, outer rings against the clock as RFC 7946 has it, and no word of a person."""

import geojson


def check(site):
    n, faults = 0, []
    for file in sorted(site.rglob("*.geojson")):
        collection = geojson.loads(file.read_text(encoding="utf-8"))
        if not collection.is_valid:
            faults += [f"{file.name}: {error}" for error in collection.errors()]
        for feature in collection["features"]:
            n += 1
            geometry = feature["geometry"]
            polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
            for rings in polygons:
                turns = [turn(ring) > 0 for ring in rings]
                if turns != [True] + [False] * (len(rings) - 1):
                    faults.append(f"{file.name}: {feature['properties']['code']} has a ring that runs the wrong way")
            if any(value in ("", None) for value in feature["properties"].values()):
                faults.append(f"{file.name}: {feature['properties']['code']} has an empty property")
    return n, faults


def turn(ring):
    return sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in zip(ring, ring[1:])) * -1
