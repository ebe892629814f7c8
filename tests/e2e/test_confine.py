"""What a running server has given up: privileges, other programs, files elsewhere; and that all of its work still goes."""
import os
import pwd
import subprocess

from server import Server
from test_server import office, sign_in
from tool import call


def threads(s):
    """The status of every thread of the server."""
    for task in os.listdir(f"/proc/{s.child.pid}/task"):
        try:
            lines = open(f"/proc/{s.child.pid}/task/{task}/status", encoding="utf-8").read().splitlines()
        except (FileNotFoundError, ProcessLookupError):  # it has ended since
            continue
        yield dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def test_a_server_that_has_given_up_what_it_does_not_need(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        token = sign_in(s, "chen").json()["token"]
        assert s.get("/site", token)["persons"] == 8 and s.call("POST", "/members", {"name": "甲"}, token=token).status == 201
        for status in threads(s):
            assert status["NoNewPrivs"].strip() == "1" and status["Seccomp"].strip() == "2", status["Name"]
        # Landlock shows in no file of the kernel; the server says when it is not there (tests/unit/test_confine.c tries it).
        print("confine:", "no Landlock in this kernel" if "Landlock" in s.logged() else "Landlock")
    with Server(program, folder, "--no-confine") as s:
        assert all(status["Seccomp"].strip() == "0" for status in threads(s))
    v.sound()


def test_root_goes_on_as_somebody_else(program, folder):
    office(program, folder)
    if os.geteuid() != 0:
        assert "STATE" in call(program, "serve", "--store", "a.db", "--listen", "127.0.0.1:0", "--user", "nobody", "--json", status=1, folder=folder).stderr
        return
    nobody = pwd.getpwnam("nobody")
    subprocess.run(["chown", "-R", f"nobody:{nobody.pw_gid}", folder], check=True)
    os.chmod(folder, 0o755)
    with Server(program, folder, "--user", "nobody") as s:
        for status in threads(s):
            assert status["Uid"].split() == [str(nobody.pw_uid)] * 4 and status["Gid"].split() == [str(nobody.pw_gid)] * 4
            assert status["CapEff"].strip().strip("0") == "" and status["CapPrm"].strip().strip("0") == ""
        assert sign_in(s, "chen").status == 200
    assert "NOT_FOUND" in call(program, "serve", "--store", "a.db", "--listen", "127.0.0.1:0", "--user", "no-such-user", "--json", status=1, folder=folder).stderr
