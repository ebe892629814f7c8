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
