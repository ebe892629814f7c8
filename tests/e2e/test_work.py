"""Imports, exports and papers over the API: uploads tried, taken, undone; files fetched whole and in parts; jobs after a crash."""
import csv
import hashlib
import io
import json
import os
import signal
import time
import zipfile

from server import Server
from test_lists import HEAD
from test_server import office, sign_in, until

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rows(n, first=400):
    return (HEAD + "".join(f"1-1-2,东片14号,{first + i},户主{i:05d},户主{i:05d},,139{i:08d}\n" for i in range(n))).encode()


def upload(s, token, data, name="名单.csv", status=202, **query):
    words = "&".join(f"{k}={v}" for k, v in {"name": name, "as": "household", **query}.items())
    from urllib.parse import quote
    answer = s.call("POST", "/imports?" + quote(words, safe="=&"), data, token=token, type="application/octet-stream")
    assert answer.status == status, answer.body
    return answer.json()


def ended(s, token, path):
    """A job when it is at rest."""
    for _ in range(2400):
        job = s.get(path, token)
        if job["state"] not in ("queued", "running"): return job
        time.sleep(0.05)
    raise AssertionError(job)


def test_a_list_is_tried_taken_and_undone(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen, wu = (sign_in(s, login).json()["token"] for login in ("chen", "wu"))
        assert s.call("POST", "/imports?name=a.csv&as=household", b"x", token=wu, type="application/octet-stream").status == 403
        tried = ended(s, chen, "/imports/" + upload(s, chen, rows(20), dry_run="true")["id"])
        assert tried["state"] == "ready" and tried["dry_run"] and tried["result"]["fresh"] == 20 and tried["result"]["batch"] is None, tried
        assert len(s.all("/persons", chen)) == 8, "tried only"
        done = s.call("POST", f"/imports/{tried['id']}/commit", token=chen)
        assert done.status == 202, done.body
        job = ended(s, chen, "/imports/" + tried["id"])
        assert job["state"] == "done" and job["result"]["fresh"] == 20 and job["problem"] is None, job
        assert s.get("/site", chen)["persons"] == 28 and os.listdir(f"{folder}/a.db.jobs/") == [n for n in os.listdir(f"{folder}/a.db.jobs/") if n.endswith(".lock")], "the file is not kept"
        assert s.call("POST", f"/imports/{tried['id']}/commit", token=chen).json()["code"] == "STATE"
        again = ended(s, chen, "/imports/" + upload(s, chen, rows(20))["id"])
        assert again["result"]["already"] and s.get("/site", chen)["persons"] == 28
        batch = [b for b in s.all("/batches", chen) if b["id"] == job["result"]["batch"]][0]
        assert (batch["file"], batch["fresh"], batch["kind"]) == ("名单.csv", 20, "household")
        assert s.call("POST", f"/batches/{batch['id']}/undo", {"reason": "导错了"}, token=chen).status == 200
        assert s.get("/site", chen)["persons"] == 8 and batch["id"] not in {b["id"] for b in s.all("/batches", chen)}
        # What cannot be read says where and what to do; several at once do not disturb each other.
        ids = [upload(s, chen, rows(5, 500 + 10 * i) if i % 3 else b"\x00\x01nothing", name=f"{i}.csv", dry_run="true")["id"] for i in range(9)]
        jobs = [ended(s, chen, "/imports/" + i) for i in ids]
        assert [j["state"] for j in jobs] == ["ready" if i % 3 else "failed" for i in range(9)], jobs
        assert jobs[0]["problem"]["code"] and jobs[0]["problem"]["fix"] and jobs[0]["problem"]["file"] == "0.csv", jobs[0]
        assert s.call("POST", f"/imports/{ids[1]}/cancel", token=chen).json()["state"] == "cancelled"
        assert s.call("POST", f"/imports/{ids[1]}/commit", token=chen).status == 409
        for name in ("../a.csv", ".csv", "a/b.csv", "", "x" * 300):
            assert s.call("POST", f"/imports?name={name}&as=household", b"x", token=chen, type="application/octet-stream").status == 400, name
        assert len(s.all("/imports", chen)) == 11 and s.get("/imports?limit=1&fields=id,state", chen)["items"] == [{"id": ids[8], "state": "ready"}]
        result = upload(s, chen, "管号,检测结果\n0009,阴性\n".encode(), name="r.csv", **{"as": "results"})
        assert ended(s, chen, "/imports/" + result["id"])["result"]["placeless"] == 1
    actors = {e["entry"]["actor"] for e in v("entries", "show", "--limit", "1000") if e["entry"]["kind"] in ("import.done", "import.undo")}
    assert v.members["chen"] in actors
    v.sound()


def test_a_job_outlives_the_server_as_failed_or_done(program, folder):
    office(program, folder)
    with Server(program, folder) as s:
        chen = sign_in(s, "chen").json()["token"]
        ready = ended(s, chen, "/imports/" + upload(s, chen, rows(30), dry_run="true")["id"])
        export = ended(s, chen, "/exports/" + s.post("/exports", {"table": "people"}, chen, status=202)["id"])
        for i in range(6): last = upload(s, chen, rows(800, 1000 * i), name=f"big{i}.csv")
        s.child.send_signal(signal.SIGKILL)
        s.child.wait()
        s.stop = lambda: None
    with Server(program, folder) as s:
        chen = sign_in(s, "chen").json()["token"]
        states = {j["id"]: j for j in s.all("/imports", chen)}
        assert states[last["id"]]["state"] == "failed" and states[last["id"]]["problem"]["code"] == "CANCELLED", states[last["id"]]
        assert {j["state"] for j in states.values()} <= {"ready", "failed", "done"}
        files = {n for n in os.listdir(f"{folder}/a.db.jobs") if not n.endswith(".lock")}
        assert files == {ready["id"], export["id"]}, "half a file is kept of none"
        assert s.call("POST", f"/imports/{ready['id']}/commit", token=chen).status == 202 and ended(s, chen, "/imports/" + ready["id"])["state"] == "done"
        assert s.call("GET", f"/exports/{export['id']}/files/people.csv", token=chen).status == 200
        # Two servers at one store: a job of the one is not taken for dead by the other.
        with Server(program, folder) as t:
            other = sign_in(t, "chen").json()["token"]
            job = upload(s, chen, rows(200, 9000), name="two.csv")
            assert t.get("/imports/" + job["id"], other)["state"] in ("queued", "running", "done")
            assert ended(t, other, "/imports/" + job["id"])["state"] == "done"


def test_exports_and_tables(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen, wu = (sign_in(s, login).json()["token"] for login in ("chen", "wu"))
        ended(s, chen, "/imports/" + upload(s, chen, rows(1200))["id"])
        v("grant", "give", v.members["wu"], "--role", "grid_leader", "--area", "1-1-1")
        assert until(lambda: s.call("GET", "/tables", token=wu).status == 200)
        names = {t["name"] for t in s.all("/tables", chen)}
        assert {"people", "doors", "marks", "tubes"} <= names
        table = lambda token, name, format="csv": s.call("GET", f"/tables/{name}?format={format}", token=token)
        whole = list(csv.reader(io.StringIO(table(chen, "people").body.decode("utf-8-sig"))))
        mine = list(csv.reader(io.StringIO(table(wu, "people").body.decode("utf-8-sig"))))
        assert (len(whole), len(mine)) == (1209, 9), (len(whole), len(mine))
        assert [len(json.loads(table(token, "people", "json").body)) for token in (chen, wu)] == [1208, 8]
        assert len(json.loads(table(wu, "rounds", "json").body)) == 0, "what is the whole site's"
        assert zipfile.ZipFile(io.BytesIO(table(chen, "people", "xlsx").body)).testzip() is None
        assert not any("138000000" in cell for row in mine for cell in row), "masked"
        assert table(chen, "nothing").status == 404 and s.call("POST", "/exports", {"table": "nothing"}, token=chen).status == 400
        # A job's file: whole, by parts, and never another.
        assert s.call("POST", "/exports", {}, token=wu).status == 403 and s.call("POST", "/exports", {"table": "people", "reason": "x"}, token=wu).status == 403
        job = ended(s, chen, "/exports/" + s.post("/exports", {"table": "people", "format": "json"}, chen, status=202)["id"])
        file, path = job["result"]["files"][0], f"/exports/{job['id']}/files/people.json"
        first = s.call("GET", path, token=chen)
        assert job["state"] == "done" and hashlib.sha256(first.body).hexdigest() == file["sha256"] and len(first.body) == file["bytes"] == int(first.headers["Content-Length"])
        assert first.headers["Accept-Ranges"] == "bytes" and "people.json" in first.headers["Content-Disposition"]
        part = lambda value, **more: s.call("GET", path, token=chen, headers={"Range": value, **more})
        got = b""
        while len(got) < file["bytes"]:  # cut again and again
            piece = part(f"bytes={len(got)}-{len(got) + 49999}", **{"If-Range": first.headers["ETag"]})
            assert piece.status == 206 and piece.headers["Content-Range"] == f"bytes {len(got)}-{len(got) + len(piece.body) - 1}/{file['bytes']}"
            got += piece.body
        assert got == first.body and part("bytes=-10").body == first.body[-10:] and part("bytes=5-").body == first.body[5:]
        assert part(f"bytes={file['bytes']}-").status == 416 and part("bytes=0-9", **{"If-Range": '"other"'}).status == 200
        assert part("bytes=x").status == part("bytes=1-2,5-6").status == part("lines=1-2").status == 200
        assert s.call("GET", path, token=chen, headers={"If-None-Match": first.headers["ETag"]}).status == 304
        assert s.call("GET", path, token=wu).status == s.call("GET", f"/exports/{job['id']}", token=wu).status == 404, "another's"
        for name in ("..", "../../a.db", ".lock", "%2e%2e%2fa.db", "people.csv"):
            assert s.call("GET", f"/exports/{job['id']}/files/{name}", token=chen).status == 404, name
        own = ended(s, wu, "/exports/" + s.post("/exports", {"table": "people", "format": "json"}, wu, status=202)["id"])
        assert own["result"]["rows"] == 8 and len(json.loads(s.call("GET", f"/exports/{own['id']}/files/people.json", token=wu).body)) == 8
        everything = ended(s, chen, "/exports/" + s.post("/exports", {"reason": "移交"}, chen, status=202)["id"])
        names = {f["name"]: f for f in everything["result"]["files"]}
        assert {"people.csv", "people.xlsx", "areas.gpkg", "SHA256SUMS"} <= set(names), names
        assert b"13800000000" in s.call("GET", f"/exports/{everything['id']}/files/people.csv", token=chen).body, "in full, with a reason"
        assert s.call("DELETE", f"/exports/{job['id']}", token=chen).status == 200 and s.call("GET", path, token=chen).status == 404
        looks = s.all("/audit", chen)
        assert [(look["what"], look["reason"], look["member"]) for look in looks] == [("export", "移交", v.members["chen"])], looks
        assert s.call("GET", "/audit", token=wu).status == 403
    v.sound()


def test_papers_and_cards(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen, wu = (sign_in(s, login).json()["token"] for login in ("chen", "wu"))
        for kind, start in (("missing", b"%PDF"), ("left", b"%PDF"), ("round", b"PK"), ("ledger", b"PK"), ("closing", b"PK")):
            answer = s.call("GET", f"/papers/{kind}?area=1-1", token=wu)
            assert answer.status == 200 and answer.body.startswith(start) and len(answer.body) == int(answer.headers["Content-Length"]), (kind, answer.body[:200])
            assert s.call("GET", f"/papers/{kind}", token=wu).status == 404, "everywhere is not his"
            assert s.call("GET", f"/papers/{kind}", token=chen).status == 200
        assert s.call("GET", "/papers/other?area=1-1", token=wu).status == 404
        revealed = s.call("POST", "/papers/ledger", {"reason": "核对", "area": "1-1"}, token=wu)
        assert revealed.status == 200 and revealed.headers["Content-Type"] == XLSX
        sheets = lambda data: b"".join(zipfile.ZipFile(io.BytesIO(data)).read(n) for n in zipfile.ZipFile(io.BytesIO(data)).namelist())
        assert b"13800000000" in sheets(revealed.body) and b"13800000000" not in sheets(s.call("GET", "/papers/ledger?area=1-1", token=wu).body)
        assert [(look["what"], look["reason"], look["people"]) for look in s.all("/audit", chen)] == [("papers.reveal", "核对", 8)]
        cards = s.call("POST", "/cards", {"area": "1-1-1", "hotline": "0595-1"}, token=wu)
        assert cards.status == 200 and cards.body.startswith(b"%PDF") and cards.headers["Content-Type"] == "application/pdf"
        assert s.call("POST", "/cards", {}, token=wu).status == 404
        door = [d for d in s.all("/doors", chen) if d["code"] == "1-1-1·300"][0]
        assert door["card"] == 1
        assert s.post("/cards/check", {"text": "https://doorward.invalid/d/AQ"}, wu)["verdict"] == "not_of_this_site"
        assert s.call("POST", f"/doors/{door['id']}/card/revoke", {"reason": "丢失"}, token=wu, headers={"If-Match": '"0000"'}).json()["code"] == "MOVED_ON"
        assert s.call("POST", f"/doors/{door['id']}/card/revoke", {"reason": "丢失"}, token=wu, headers={"If-Match": f'"{door["version"]}"'}).status == 200
        assert s.call("POST", f"/doors/{door['id']}/card/revoke", {"reason": "丢失"}, token=wu).status == 409
        assert not [n for n in os.listdir(f"{folder}/a.db.jobs") if not n.endswith(".lock")], "what was made for a call is gone"
    v.sound()
