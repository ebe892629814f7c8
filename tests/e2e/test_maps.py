"""Maps in every format that offices and surveyors send; and what is no map."""
import math
import os

import maps
from tool import ask, call


def site(program, folder, name):
    call(program, "init", "--name", "村", "--synthetic", "--store", name, folder=folder)


def tree(program, folder, name):
    areas = ask(program, "area", "--depth", "-1", "--store", name, folder=folder)
    return [(a["code"], a["depth"], a["name"]) for a in areas]


WHOLE = [("1", 0, "一网格"), ("1-1", 1, "宏亭"), ("2", 0, "二网格"), ("2-1", 1, "")]


def test_the_same_village_in_every_format(program, folder):
    at = lambda name: os.path.join(folder, name)
    maps.geojson(at("a.geojson"), maps.VILLAGE)
    maps.geopackage(at("a.gpkg"), maps.VILLAGE)
    maps.kml(at("a.kml"), maps.VILLAGE)
    for i, name in enumerate(("a.geojson", "a.gpkg", "a.kml")):
        site(program, folder, f"{i}.db")
        result = ask(program, "import", "map", name, "--store", f"{i}.db", folder=folder)
        assert result["fresh"] == 6 and tree(program, folder, f"{i}.db") == WHOLE, (name, result, tree(program, folder, f"{i}.db"))
        again = ask(program, "import", "map", name, "--store", f"{i}.db", folder=folder)
        assert again["already"], again


def test_shapefiles_with_their_charset_and_projection(program, folder):
    areas = [f for f in maps.VILLAGE if f[2][0] == f[2][-1]]
    radius = 6378137.0
    mercator = lambda x, y: (math.radians(x) * radius, math.log(math.tan(math.pi / 4 + math.radians(y) / 2)) * radius)
    web = ('PROJCS["WGS 84 / Pseudo-Mercator",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],'
           'PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1],'
           'EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs"],AUTHORITY["EPSG","3857"]]')
    maps.shapefile(os.path.join(folder, "a"), areas)
    maps.shapefile(os.path.join(folder, "b"), areas, mercator, web, "gbk")
    for name in ("a", "b"):
        site(program, folder, name + ".db")
        assert ask(program, "import", "map", name + ".shp", "--store", name + ".db", folder=folder)["fresh"] == 4
        assert tree(program, folder, name + ".db") == WHOLE, tree(program, folder, name + ".db")
        places = {a["code"]: (a["lon"], a["lat"]) for a in ask(program, "area", "--depth", "-1", "--store", name + ".db", folder=folder)}
        assert abs(places["1-1"][0] - 118.0011) < 1e-6 and abs(places["1-1"][1] - 24.0011) < 1e-6, places


def test_openstreetmap(program, folder):
    maps.osm(os.path.join(folder, "a.osm"))
    site(program, folder, "a.db")
    result = ask(program, "import", "map", "a.osm", "--store", "a.db", folder=folder)
    assert result["fresh"] == 4, result
    assert {(code, name) for code, _, name in tree(program, folder, "a.db")} == {("1-1", "宏亭"), ("f1", "鞋厂")}
    areas = {a["code"]: a for a in ask(program, "area", "--depth", "-1", "--store", "a.db", folder=folder)}
    assert areas["1-1"]["address"] == "东明巷2号" and areas["f1"]["kind"] == "factory", areas


def test_next_months_map_brings_nothing_twice(program, folder):
    site(program, folder, "a.db")
    bare = [(layer, {**fields, "code": ""}, shape) for layer, fields, shape in maps.VILLAGE]
    maps.geojson(os.path.join(folder, "a.geojson"), bare)
    maps.geojson(os.path.join(folder, "b.geojson"), [("楼栋", {"code": "N1", "name": "新楼"}, maps.square(118.005, 24.005, 0.0002))] + bare[::-1])
    assert ask(program, "import", "map", "a.geojson", "--store", "a.db", folder=folder)["fresh"] == 6
    before = {a["code"]: a["name"] for a in ask(program, "area", "--depth", "-1", "--store", "a.db", folder=folder)}
    result = ask(program, "import", "map", "b.geojson", "--store", "a.db", folder=folder)
    after = {a["code"]: a["name"] for a in ask(program, "area", "--depth", "-1", "--store", "a.db", folder=folder)}
    assert (result["fresh"], result["matched"]) == (1, 6) and after == {**before, "N1": "新楼"}, (result, before, after)


def test_a_code_that_stands_twice_is_told(program, folder):
    site(program, folder, "a.db")
    maps.geojson(os.path.join(folder, "a.geojson"), [("楼栋", {"code": "1-1", "name": n}, maps.square(118 + i / 1000, 24, 0.0002)) for i, n in enumerate("甲乙")])
    result = ask(program, "import", "map", "a.geojson", "--store", "a.db", folder=folder)
    assert result["fresh"] == 2 and [(t["field"], t["text"]) for t in result["troubles"]] == [("code", "1-1 -> B00001")], result
    assert {code for code, _, _ in tree(program, folder, "a.db")} == {"1-1", "B00001"}


def test_what_is_no_map_is_refused_and_nothing_changes(program, folder):
    site(program, folder, "a.db")
    maps.geojson(os.path.join(folder, "far.geojson"), [("网格", {"code": "1", "name": "x"}, maps.square(500000, 2600000, 100))])
    maps.geojson(os.path.join(folder, "none.geojson"), [("树", {"code": "1", "name": "x"}, (118, 24))])
    maps.geojson(os.path.join(folder, "line.geojson"), [("网格", {"code": "1", "name": "x"}, [(118, 24), (118.1, 24)])])
    maps.geopackage(os.path.join(folder, "whole.gpkg"), maps.VILLAGE)
    whole = open(os.path.join(folder, "whole.gpkg"), "rb").read()
    bad = {"empty.geojson": b"", "text.geojson": "不是地图".encode(), "cut.geojson": b'{"type":"FeatureCollection","features":[{"type":"Feature",',
           "cut.gpkg": whole[:len(whole) // 2], "noise.osm.pbf": bytes(range(256)) * 40, "half.kml": b"<kml><Document><Folder>"}
    for name, content in bad.items():
        open(os.path.join(folder, name), "wb").write(content)
    for name in [*bad, "far.geojson", "none.geojson", "gone.geojson", "http://127.0.0.1:9/x.geojson"]:
        error = call(program, "import", "map", name, "--store", "a.db", "--json", status=1, folder=folder).stderr
        assert os.path.basename(name) in error, error
    assert ask(program, "import", "batches", "--store", "a.db", folder=folder) == []
    assert ask(program, "verify", "--store", "a.db", folder=folder)["faults"] == 0


def test_bytes_gone_wrong_never_stop_the_program(program, folder):
    import random
    seed = int(os.environ.get("SEED", "7"))
    print(f"seed {seed}")
    rng = random.Random(seed)
    maps.geojson(os.path.join(folder, "a.geojson"), maps.VILLAGE)
    maps.geopackage(os.path.join(folder, "a.gpkg"), maps.VILLAGE)
    maps.shapefile(os.path.join(folder, "a"), [f for f in maps.VILLAGE if f[2][0] == f[2][-1]])
    site(program, folder, "a.db")
    for name in ("a.geojson", "a.gpkg", "a.shp", "a.shp", "a.gpkg"):
        content = bytearray(open(os.path.join(folder, name), "rb").read())
        for _ in range(30): content[rng.randrange(len(content))] = rng.randrange(256)
        open(os.path.join(folder, "x" + name[1:]), "wb").write(content)
        done = __import__("subprocess").run([program, "import", "map", "x" + name[1:], "--dry-run", "--store", "a.db"], cwd=folder, capture_output=True, timeout=60)
        assert done.returncode in (0, 1), (name, done)
