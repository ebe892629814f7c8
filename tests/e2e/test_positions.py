"""Positions that members share: the newest word of each phone, for who may see it, and not for long."""
from datetime import datetime, timedelta, timezone

from test_server import sign_in
from test_sync import World
from tool import call

NOW = datetime.now(timezone.utc)
ago = lambda **time: (NOW - timedelta(**time)).isoformat(timespec="milliseconds")


def test_positions_that_members_share(program, folder):
    with World(program, folder) as w:
        s = w.server
        wu = sign_in(s, "wu").json()["token"]
        put = lambda phone, **body: s.call("POST", "/positions", body, token=phone.token).status
        shown = lambda token: [(p["member"], p["lon"], p["lat"], p["accuracy"]) for p in s.all("/positions", token)]
        assert shown(w.chen) == [] and put(w.mine, lon=1180010000, lat=240010000, accuracy=12, at=ago(minutes=5)) == 200
        # What is older than what is there, or is to be forgotten, changes nothing; what is of the future is of now.
        assert put(w.mine, lon=1, lat=1, at=ago(hours=1)) == 200 and put(w.whole, lon=2, lat=2, at=ago(hours=13)) == 200
        assert shown(w.chen) == [(w.mine.member, 1180010000, 240010000, 12)]
        assert put(w.whole, lon=1180020000, lat=240020000, at=ago(hours=-30)) == 200 and put(w.mine, lon=1180010001, lat=240010000, accuracy=7) == 200
        assert {p[0]: p[1] for p in shown(w.chen)} == {w.mine.member: 1180010001, w.whole.member: 1180020000}
        assert all(p["at"] <= s.get("/auth/time")["now"] for p in s.all("/positions", w.chen))
        # A group leader sees who works in his areas.
        assert {p[0] for p in shown(wu)} == {w.mine.member}
        assert s.call("POST", "/positions", {"lon": 1, "lat": 2}, token=w.chen).status == 403, "an officer is no phone"
        for body, field in (({"lat": 1}, "lon"), ({"lon": 1, "lat": 900000001}, "lat"), ({"lon": 1, "lat": 1, "accuracy": -1}, "accuracy"), ({"lon": 1, "lat": 1, "seen": 1}, "seen")):
            assert s.call("POST", "/positions", body, token=w.mine.token).json()["field"] == field
        assert s.call("POST", f"/devices/{w.mine.device}/revoke", {"reason": "丢失"}, token=w.chen).status == 200
        assert {p[0] for p in shown(w.chen)} == {w.whole.member} and put(w.mine, lon=1, lat=1) == 403


def test_positions_are_gone_with_the_site(program, folder):
    w = World(program, folder)
    with w:
        w.server.call("POST", "/positions", {"lon": 1180010000, "lat": 240010000}, token=w.mine.token)
    count = lambda: __import__("sqlite3").connect(f"{folder}/a.db").execute("SELECT count(*) FROM position").fetchone()[0]
    assert count() == 1
    call(program, "dispose", "--certificate", "c.json", "--yes", "--store", "a.db", folder=folder)
    assert count() == 0
