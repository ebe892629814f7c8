"""The map over the API: who sees what of it, and drawing it."""
import json
import os

import maps
from server import Server
from test_server import office, sign_in


def village(program, folder):
    """The office's village, with a second cell, a lane, a gate and a barrier."""
    v = office(program, folder)
    maps.geojson(os.path.join(folder, "more.geojson"), [
        ("小组", {"code": "1-2", "name": "外片"}, maps.square(118.0041, 24, 0.0008)), ("楼栋", {"code": "1-2-1", "name": "西楼", "floors": 5}, maps.square(118.0042, 24.0001, 0.0002)),
        ("街巷", {"code": "l1", "name": "东明巷"}, [(118.001, 24.0), (118.003, 24.0)]),
        ("围挡", {"code": "w1", "name": "硬围挡"}, [(118.001, 24.002), (118.003, 24.002)]), ("卡口", {"code": "g1", "name": "东卡口"}, (118.003, 24.002))])
    v("import", "map", "more.geojson")
    v("area", "keep", "1-1-1", "--name", "责任人")
    return v


def shown(s, token, query=""):
    """What a map shows, by kind and code."""
    answer = s.call("GET", "/map" + query, token=token)
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/geo+json", answer.body
    whole = answer.json()
    assert whole["type"] == "FeatureCollection" and all(f["type"] == "Feature" and f["id"] == f["properties"]["id"] for f in whole["features"])
    return {(f["properties"]["kind"], f["properties"]["code"]): f for f in whole["features"]}


FEATURES = {("lane", "l1"), ("barrier", "w1"), ("gate", "g1")}


def test_who_sees_what_of_the_map(program, folder):
    village(program, folder)
    with Server(program, folder) as s:
        chen, wu = (sign_in(s, who).json()["token"] for who in ("chen", "wu"))
        all_of_it = shown(s, chen)
        assert set(all_of_it) == FEATURES | {("village", "350599101201"), ("grid", "1"), ("cell", "1-1"), ("cell", "1-2"), ("building", "1-1-1"), ("building", "1-1-2"), ("building", "1-2-1")}
        assert set(shown(s, wu)) == FEATURES | {("cell", "1-1"), ("building", "1-1-1"), ("building", "1-1-2")}
        building = all_of_it["building", "1-1-1"]
        assert building["geometry"]["type"] == "Polygon" and [118.001, 24.001] in building["geometry"]["coordinates"][0]
        assert building["properties"]["keeper_name"] == "责任人" and building["properties"]["parent"] == all_of_it["cell", "1-1"]["id"]
        assert all_of_it["building", "1-2-1"]["properties"]["floors"] == 5 and all_of_it["gate", "g1"]["geometry"] == {"type": "Point", "coordinates": [118.003, 24.002]}
        order = [key for key in all_of_it]
        assert order.index(("grid", "1")) < order.index(("cell", "1-1")) < order.index(("building", "1-1-1"))
        assert set(shown(s, chen, "?kinds=cell,gate")) == {("cell", "1-1"), ("cell", "1-2"), ("gate", "g1")}
        wrong = s.call("GET", "/map?kinds=cell,tree", token=chen)
        assert wrong.status == 400 and wrong.json()["field"] == "kinds" and wrong.json()["detail"] == "tree"
        tag = s.call("GET", "/map", token=chen).headers["ETag"]
        assert s.call("GET", "/map", token=chen, headers={"If-None-Match": tag}).status == 304
        assert s.call("GET", "/map", token=wu, headers={"If-None-Match": tag}).status == 200


SQUARE = {"type": "Polygon", "coordinates": [[[118.0031, 24.003], [118.0033, 24.003], [118.0033, 24.0032], [118.0031, 24.0032], [118.0031, 24.003]]]}
LINE = {"type": "LineString", "coordinates": [[118.001, 24.003], [118.002, 24.003]]}


def test_drawing_on_the_map(program, folder):
    v = village(program, folder)
    with Server(program, folder) as s:
        chen, wu = (sign_in(s, who).json()["token"] for who in ("chen", "wu"))
        drawn = s.post("/features", {"kind": "barrier", "code": "w2", "name": "新围挡", "from": "2022-04-08T08:00:00+08:00", "geometry": LINE}, chen)
        assert drawn["geometry"] == LINE and drawn["properties"]["name"] == "新围挡" and drawn["properties"]["to"] is None
        again = s.call("POST", "/features", {"kind": "barrier", "code": "w2", "geometry": LINE}, token=chen)
        assert again.status == 409 and again.json()["code"] == "EXISTS" and again.json()["field"] == "code"
        assert s.call("POST", "/features", {"kind": "barrier", "geometry": LINE}, token=wu).status == 403, "what lies in no area is asked for everywhere"
        # Next month's map knows what was drawn by its code.
        maps.geojson(os.path.join(folder, "next.geojson"), [("围挡", {"code": "w2", "name": "地图上的围挡"}, [(118.001, 24.003), (118.0021, 24.003)])])
    assert v("import", "map", "next.geojson")["matched"] == 1
    with Server(program, folder) as s:
        chen, wu = (sign_in(s, who).json()["token"] for who in ("chen", "wu"))
        before = shown(s, chen)["barrier", "w2"]
        assert before["id"] == drawn["id"] and before["properties"]["name"] == "地图上的围挡"
        path, version = f"/features/{drawn['id']}", before["properties"]["version"]
        moved = s.call("PUT", path, {"geometry": {"type": "LineString", "coordinates": [[118.001, 24.003], [118.0022, 24.003]]}}, token=chen, headers={"If-Match": f'"{version}"'}).json()
        assert moved["properties"]["name"] == "地图上的围挡" and moved["properties"]["version"] != version
        late = s.call("PUT", path, {"name": "丙"}, token=chen, headers={"If-Match": f'"{version}"'})
        assert late.status == 412 and late.json()["code"] == "MOVED_ON"
        named = s.call("PUT", path, {"name": "丙", "to": "2022-04-20T08:00:00+08:00"}, token=chen).json()
        assert named["geometry"] == moved["geometry"] and named["properties"]["to"] is not None
        assert s.call("PUT", path, {"to": None}, token=chen).json()["properties"]["to"] is None
        assert s.call("PUT", path, {"from": "2022-04-09T08:00:00+08:00", "to": "2022-04-08T08:00:00+08:00"}, token=chen).json()["field"] == "to"
        assert s.call("DELETE", path, token=chen).status == 200 and shown(s, chen)["barrier", "w2"]["properties"]["to"] is not None
        assert s.call("DELETE", path, token=chen).json()["code"] == "STATE"

        # An area under another: where the caller may, under a larger kind, with a code of its own.
        made = s.post("/areas", {"kind": "building", "parent": "1-1", "code": "1-1-9", "name": "新楼", "floors": 4, "geometry": SQUARE}, wu)
        assert (made["code"], made["floors"], made["depth"]) == ("1-1-9", 4, 3) and 118.0031 < made["lon"] < 118.0033 and 24.003 < made["lat"] < 24.0032
        assert shown(s, wu)["building", "1-1-9"]["geometry"] == SQUARE
        refused = lambda body, token, **more: s.call("POST", "/areas", {"kind": "building", "parent": "1-1", "code": "x", **body}, token=token, **more).json()
        assert refused({"parent": "1-2"}, wu)["code"] == "NOT_FOUND" and refused({"parent": None}, wu)["code"] == "NOT_FOUND"
        assert refused({"code": "1-1-9"}, wu)["field"] == "code" and refused({"kind": "grid"}, wu)["field"] == "kind" and refused({"floors": 900}, wu)["field"] == "floors"
        changed = s.call("PUT", f"/areas/{made['id']}", {"name": "宏亭楼", "use": "住宅"}, token=wu, headers={"If-Match": f'"{made["version"]}"'}).json()
        assert (changed["name"], changed["use"], changed["floors"], changed["lon"]) == ("宏亭楼", "住宅", 4, made["lon"]) and shown(s, wu)["building", "1-1-9"]["geometry"] == SQUARE
        assert s.call("PUT", f"/areas/{made['id']}", {"name": "丁"}, token=wu, headers={"If-Match": f'"{made["version"]}"'}).status == 412
        factory = s.post("/areas", {"kind": "factory", "parent": "1-1", "code": "F1", "geometry": {"type": "Point", "coordinates": [118.0035, 24.0035]}}, wu)
        assert [d["kind"] for d in s.all("/doors?area=F1", wu)] == ["factory_gate"] and factory["lon"] == 118.0035
    v.sound()


def test_what_is_no_geometry_is_told(program, folder):
    village(program, folder)
    ring = lambda *points: {"type": "Polygon", "coordinates": [list(points)]}
    bad = [({"type": "LineString", "coordinates": [[118, 24]]}, "two points"), ({"type": "LineString", "coordinates": [[118, 24], [190, 24]]}, "point 2"), ({"type": "LineString", "coordinates": [[118, 24], ["x", 24]]}, "no number"),
           ({"type": "LineString", "coordinates": [[118, 24], [118, 24, 3]]}, "two numbers"), ({"type": "LineString", "coordinates": [[118, 24]] * 5001}, "5000"), ({"type": "Circle", "coordinates": []}, "type is"),
           ({"type": "LineString"}, "missing"), ("POINT(1 1)", "GeoJSON"), (ring([118, 24], [118.1, 24], [118.1, 24.1], [118, 24.1]), "not closed"), (ring([118, 24], [118.1, 24], [118.2, 24], [118, 24]), "no ground"),
           ({"type": "MultiPolygon", "coordinates": []}, "without a part"), ({"type": "Polygon", "coordinates": []}, "without a ring")]
    with Server(program, folder) as s:
        chen = sign_in(s, "chen").json()["token"]
        for geometry, said in bad:
            answer = s.call("POST", "/features", {"kind": "barrier", "geometry": geometry}, token=chen)
            assert answer.status == 400 and answer.json()["field"] == "geometry" and said in answer.json()["detail"], (geometry if len(str(geometry)) < 200 else said, answer.body)
        for kind, geometry in (("lane", {"type": "Point", "coordinates": [118, 24]}), ("gate", SQUARE)):
            assert s.call("POST", "/features", {"kind": kind, "geometry": geometry}, token=chen).json()["field"] == "geometry"
        for kind in ("grid", "building"):
            assert s.call("POST", "/areas", {"kind": kind, "code": "x", "geometry": LINE}, token=chen).json()["field"] == "geometry"
        assert s.call("POST", "/features", {"kind": "barrier"}, token=chen).json()["field"] == "geometry"


def test_drawing_by_commands(program, folder):
    v = village(program, folder)
    for name, shape in (("line.json", LINE), ("square.json", SQUARE)):
        json.dump(shape, open(os.path.join(folder, name), "w"))
    drawn = v("feature", "add", "line.json", "--kind", "lane", "--name", "新巷")["id"]
    assert "geometry" in v.fails("feature", "add", "square.json", "--kind", "lane")
    v("area", "add", "1-1-8", "--kind", "building", "--parent", "1-1", "--floors", "3", "--geometry", "square.json")
    v("area", "set", "1-1-8", "--name", "八号楼")
    assert "EXISTS" in v.fails("area", "add", "1-1-8", "--kind", "building")
    area = {a["code"]: a for a in v("area", "--depth", "-1")}["1-1-8"]
    assert area["name"] == "八号楼" and 118.0031 < area["lon"] < 118.0033
    v("feature", "end", drawn)
    assert {f["name"]: f["to"] != "" for f in v("feature", "list")} == {"新巷": True, "东明巷": False, "硬围挡": False, "东卡口": False}
    v.sound()
