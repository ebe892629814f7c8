"""How a round grew: by steps and by buildings, from the times of what was recorded."""
import datetime

from server import Server
from test_server import office, sign_in


def test_the_course_of_a_round(program, folder):
    v = office(program, folder)
    deadline = datetime.datetime.fromisoformat(v("round", "status")["deadline"])
    after = lambda minutes: ("--at", (deadline + datetime.timedelta(minutes=minutes, hours=-24)).isoformat(timespec="milliseconds"))
    v("visit", "1-1-1·300", v.ids[0], v.ids[1], *after(30))
    v("visit", "1-1-1·301", v.ids[2], *after(120))
    v("round", "decide", v.ids[7], "--as", "left", "--evidence", "电话联系", *after(130))
    status = v("round", "status")
    assert (status["owed"], status["covered"]) == (7, 3), status
    steps = v("round", "course", "--step", "30")
    assert [(s["owed"], s["covered"], s["recovered"]) for s in steps] == [(7, 0, 0), (7, 2, 2), (7, 2, 2), (7, 2, 2), (7, 3, 3)], steps
    with Server(program, folder) as s:
        chen, wu = (sign_in(s, who).json()["token"] for who in ("chen", "wu"))
        course = s.get("/rounds/0/course", chen)
        last, shown = course["items"][-1], s.get("/rounds/0", chen)
        assert {k: last[k] for k in ("owed", "covered", "found", "arrived")} == {k: shown[k] for k in ("owed", "covered", "found", "arrived")}
        assert shown["freeze"] == course["freeze"] and shown["deadline"] > shown["freeze"] and len(course["items"]) <= 200 and course["step"] == 1
        assert all(a["at"] < b["at"] and a["covered"] <= b["covered"] for a, b in zip(course["items"], course["items"][1:]))
        buildings = s.get("/rounds/0/course?buildings=true", wu)["items"]
        assert [(b["code"], b["owed"], b["minutes"]) for b in buildings] == [("1-1-1", 7, [30, 30, 120])], buildings
        assert s.get("/rounds/0/course?area=1-1-2&buildings=true", chen)["items"] == []
        assert s.call("GET", "/rounds/0/course?area=1", token=wu).status == 404 and s.call("GET", "/rounds/9/course", token=chen).status == 404
        assert s.get("/rounds/0/course?area=1-1&step=60", wu)["items"][-1]["covered"] == 3
        tag = s.call("GET", "/rounds/0/course", token=chen).headers["ETag"]
        assert s.call("GET", "/rounds/0/course", token=chen, headers={"If-None-Match": tag}).status == 304
    v.sound()
