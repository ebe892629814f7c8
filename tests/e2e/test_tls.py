"""HTTPS of one's own: the authority and its certificate, what is spoken and what is not, and the way from plain HTTP."""
import datetime
import http.client
import json
import os
import re
import socket
import ssl
import stat
import subprocess
import xml.etree.ElementTree as xml

from server import NotStarted, Server
from test_server import PASSWORD, office, until
from tool import ask, call


class Secure(Server):
    """A server that speaks HTTPS; asked with the authority's certificate as the only one trusted."""

    def __init__(self, program, folder, *words):
        for last in (False, False, False, False, True):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.plain = free.getsockname()[1]
            try:
                super().__init__(program, folder, "--plain", f"127.0.0.1:{self.plain}", *words)
                break
            except NotStarted as error:  # somebody else may have taken the port meanwhile
                if last or "BUSY" not in str(error):
                    raise
        self.trust = ssl.create_default_context(cafile=f"{folder}/a.db.ca.pem")

    def secure(self, method, path, body=None, host="127.0.0.1", headers=None):
        conn = http.client.HTTPSConnection(host, self.port, timeout=30, context=self.trust)
        conn.request(method, path, body=None if body is None else json.dumps(body), headers={"Content-Type": "application/json", **(headers or {})})
        answer = conn.getresponse()
        return answer, answer.read()

    def unsecure(self, path, headers=None):
        conn = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=30)
        conn.request("GET", path, headers=headers or {})
        answer = conn.getresponse()
        return answer, answer.read()


def openssl(*words, stdin=""):
    done = subprocess.run(["openssl", *words], capture_output=True, text=True, input=stdin, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_an_authority_of_ones_own(program, folder):
    office(program, folder)
    made = ask(program, "tls", "init", "yangdai.example", "192.0.2.7", "--store", "a.db", folder=folder)
    assert made["made"] and made["url"] == "http://yangdai.example:8080/api/v1/authority"
    ca, cert = f"{folder}/a.db.ca.pem", f"{folder}/a.db.tls.pem"
    code, said = openssl("x509", "-in", ca, "-noout", "-fingerprint", "-sha256")
    assert code == 0 and made["sha256"] in said
    for name in ("a.db.ca.key", "a.db.tls.key"):
        assert stat.S_IMODE(os.stat(f"{folder}/{name}").st_mode) == 0o600, name
    for words in (["-verify_hostname", "localhost"], ["-verify_hostname", "yangdai.example"], ["-verify_ip", "192.0.2.7"], ["-verify_ip", "127.0.0.1"], ["-verify_ip", "::1"]):
        code, said = openssl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", ca, *words, cert)
        assert code == 0, said
    assert openssl("verify", "-CAfile", ca, "-verify_hostname", "elsewhere.example", cert)[0] != 0
    # Again: another certificate of the same authority, good for the same names.
    first, authority = open(cert, encoding="ascii").read(), open(ca, encoding="ascii").read()
    again = ask(program, "tls", "init", "--store", "a.db", folder=folder)
    assert not again["made"] and again["sha256"] == made["sha256"] and open(ca, encoding="ascii").read() == authority and open(cert, encoding="ascii").read() != first
    assert openssl("verify", "-CAfile", ca, "-verify_hostname", "yangdai.example", cert)[0] == 0
    assert "NOT_FOUND" in call(program, "tls", "init", "--store", "b.db", "--json", status=1, folder=folder).stderr and not [f for f in os.listdir(folder) if f.startswith("b.db")]
    for bad in ("a,DNS:evil.example", "a b", "ä"):
        assert "INVALID" in call(program, "tls", "init", bad, "--store", "a.db", "--json", status=1, folder=folder).stderr
    told = call(program, "tls", "init", "--store", "a.db", "--lang", "en", folder=folder).stdout
    assert made["sha256"] in told and "█" in told and "iPhone" in told and "iPhone" in call(program, "tls", "init", "--store", "a.db", "--lang", "zh", folder=folder).stdout


def test_a_certificate_that_ends_soon_is_renewed(program, folder):
    office(program, folder)
    ask(program, "tls", "init", "yangdai.example", "--store", "a.db", "--at", "2022-04-08T08:00:00+08:00", folder=folder)
    ends = lambda: openssl("x509", "-in", f"{folder}/a.db.tls.pem", "-noout", "-enddate")[1]
    assert "2023" in ends()
    with Secure(program, folder) as s:  # the authority's ten years are not over
        assert "2023" not in ends() and s.secure("GET", "/api/v1/health")[0].status == 200
    assert openssl("verify", "-CAfile", f"{folder}/a.db.ca.pem", "-verify_hostname", "yangdai.example", f"{folder}/a.db.tls.pem")[0] == 0


def made_at(due_in):
    """--at of a certificate that is due (a third of its 398 days is left; it begins a day back) in so many seconds."""
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=due_in, days=-397 + 398 / 3)).isoformat(timespec="milliseconds")


def doctor(program, folder, check):
    """State and advice of one finding; other findings are those of the machine."""
    done = subprocess.run([program, "doctor", "--store", "a.db", "--listen", "127.0.0.1:0", "--json", "--lang", "en"], capture_output=True, text=True, cwd=folder, env={**os.environ, "DOORWARD_CONFIG": os.devnull}, timeout=60)
    return next((f["state"], f["fix"]) for f in json.loads(done.stdout) if f["check"] == check)


def test_the_running_server_renews_its_own(program, folder):
    office(program, folder)
    days = lambda s: float(re.search(r"^doorward_certificate_days_left (\S+)$", s.secure("GET", "/metrics", headers={"Authorization": "Bearer " + s.chen})[1].decode(), re.M).group(1))
    found = lambda check: doctor(program, folder, check)
    due_in = 8
    while True:  # a machine that is slow to start is given longer
        ask(program, "tls", "init", "yangdai.example", "--store", "a.db", "--at", made_at(due_in), folder=folder)
        old = open(f"{folder}/a.db.tls.pem", encoding="ascii").read()
        with Secure(program, folder) as s:
            if open(f"{folder}/a.db.tls.pem", encoding="ascii").read() != old:
                due_in *= 2
                continue
            s.chen = json.loads(s.secure("POST", "/api/v1/auth/session", {"login": "chen", "password": PASSWORD})[1])["token"]
            served = lambda: ssl.get_server_certificate(("127.0.0.1", s.port))
            assert served() in old and 132 < days(s) < 133
            waiting = http.client.HTTPSConnection("127.0.0.1", s.port, timeout=60, context=s.trust)
            waiting.request("GET", "/api/v1/health")
            assert waiting.getresponse().read() and until(lambda: served() not in old) or until(lambda: served() not in old) or until(lambda: served() not in old), s.logged()
            assert served() in open(f"{folder}/a.db.tls.pem", encoding="ascii").read() and 396 < days(s) < 397
            assert s.secure("GET", "/api/v1/health")[0].status == 200 and s.logged().count('"event":"certificate.renewed"') == 1
            waiting.request("GET", "/api/v1/health")
            assert waiting.getresponse().status == 200, "whoever was there stays"
        break
    assert openssl("verify", "-CAfile", f"{folder}/a.db.ca.pem", "-verify_hostname", "yangdai.example", f"{folder}/a.db.tls.pem")[0] == 0
    assert found("certificate")[0] == found("authority")[0] == "good"
    # The doctor only looks; and what cannot be renewed is served as long as it is good.
    ask(program, "tls", "init", "--store", "a.db", "--at", made_at(-5), folder=folder)
    due = open(f"{folder}/a.db.tls.pem", encoding="ascii").read()
    assert found("certificate")[0] == "warn" and "doorward tls init" in found("certificate")[1] and open(f"{folder}/a.db.tls.pem", encoding="ascii").read() == due
    os.rename(f"{folder}/a.db.ca.key", f"{folder}/kept")
    assert found("certificate")[0] == "warn"
    with Secure(program, folder) as s:
        assert s.secure("GET", "/api/v1/health")[0].status == 200 and '"event":"certificate.failed"' in s.logged()
    os.rename(f"{folder}/a.db.ca.pem", f"{folder}/kept.pem")
    assert found("authority")[0] == "warn"


def test_no_certificate_outlives_its_authority(program, folder):
    office(program, folder)
    ask(program, "tls", "init", "--store", "a.db", "--at", (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=3550)).isoformat(timespec="milliseconds"), folder=folder)
    ask(program, "tls", "init", "--store", "a.db", folder=folder)
    ends = lambda name: openssl("x509", "-in", f"{folder}/{name}", "-noout", "-enddate")[1]
    assert ends("a.db.ca.pem") == ends("a.db.tls.pem")
    assert doctor(program, folder, "authority")[0] == "warn"


def test_https_and_the_way_to_it(program, folder):
    office(program, folder)
    ask(program, "tls", "init", "--store", "a.db", folder=folder)
    with Secure(program, folder) as s:
        answer, body = s.secure("POST", "/api/v1/auth/session", {"login": "chen", "password": PASSWORD})
        assert answer.status == 200 and "; Secure" in answer.headers["Set-Cookie"] and "max-age=" in answer.headers["Strict-Transport-Security"]
        token = json.loads(body)["token"]
        assert s.secure("GET", "/api/v1/site", headers={"Authorization": f"Bearer {token}"})[0].status == 200
        assert s.secure("GET", "/api/v1/health", host="localhost")[0].status == 200
        moved, _ = s.unsecure("/api/v1/areas?limit=1", {"Host": f"yangdai.local:{s.plain}"})
        assert moved.status == 308 and moved.headers["Location"] == f"https://yangdai.local:{s.port}/api/v1/areas?limit=1"
        for host in ("a/b", "evil@x", "", "x" * 300, "a\tb"):
            assert s.unsecure("/", {"Host": host})[0].status == 400, host
        answer, body = s.unsecure("/api/v1/authority")
        assert answer.status == 200 and answer.headers["Content-Type"] == "application/x-x509-ca-cert" and body == open(f"{folder}/a.db.ca.pem", "rb").read()
        assert s.secure("GET", "/api/v1/authority")[1] == body and b"PRIVATE" not in body
        # A line for whose parameters the library has no room: over TLS it can only be shut.
        assert s.unsecure("/api/v1/areas?" + "a&" * 100, {"Host": "x"})[0].status == 414
        try:
            s.secure("GET", "/api/v1/areas?" + "a&" * 1000)
            raise AssertionError("it was answered")
        except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError):
            pass
        try:
            http.client.HTTPSConnection("127.0.0.1", s.port, timeout=60).request("GET", "/")
            raise AssertionError("a stranger trusts it")
        except ssl.SSLCertVerificationError:
            pass
    plain = Server(program, folder, "--no-tls")
    with plain as s:
        assert s.get("/health")["status"] == "ok"
    pair = ["--cert", f"{folder}/a.db.tls.pem", "--key", f"{folder}/a.db.tls.key"]
    with Secure(program, folder, *pair) as s:
        assert s.secure("GET", "/api/v1/health")[0].status == 200
    serve = lambda status, *words: call(program, "serve", "--store", "a.db", "--listen", "127.0.0.1:0", *words, "--json", status=status, folder=folder).stderr
    assert "USAGE" in serve(2, *pair[:2])
    for wrong in (["--cert", f"{folder}/a.db.ca.pem", *pair[2:]], ["--cert", f"{folder}/a.db.tls.key", *pair[2:]], [*pair[:3], f"{folder}/a.db.tls.pem"]):
        assert '"CERT"' in serve(1, *wrong) and wrong[1] in serve(1, *wrong)
    os.remove(f"{folder}/a.db.tls.pem")
    assert '"CERT"' in serve(1) and ".tls.pem" in serve(1)


def test_what_is_spoken(program, folder):
    """openssl and sslscan, which are others' words on it: TLS 1.2 and 1.3, forward secrecy, authenticated ciphers, nothing older."""
    office(program, folder)
    ask(program, "tls", "init", "--store", "a.db", folder=folder)
    with Secure(program, folder) as s:
        connect = ["s_client", "-connect", f"127.0.0.1:{s.port}", "-CAfile", f"{folder}/a.db.ca.pem", "-verify_return_error", "-verify_ip", "127.0.0.1"]
        for version in ("-tls1_2", "-tls1_3"):
            code, said = openssl(*connect, version, stdin="Q")
            assert code == 0 and "Verify return code: 0" in said, said[-2000:]
        # The client's own floor is lowered, so that it is the server who refuses.
        for words in (["-tls1", "-cipher", "ALL:@SECLEVEL=0"], ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], ["-tls1_2", "-cipher", "AES128-SHA:AES256-SHA:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"]):
            assert openssl(*connect, *words, stdin="Q")[0] != 0, words
        scan = subprocess.run(["sslscan", "--no-colour", "--xml=-", f"127.0.0.1:{s.port}"], capture_output=True, text=True, timeout=120)
        assert scan.returncode == 0, scan.stderr
        test = xml.fromstring(scan.stdout[scan.stdout.index("<?xml"):]).find("ssltest")
        enabled = {(p.get("type"), p.get("version")) for p in test.findall("protocol") if p.get("enabled") == "1"}
        assert enabled == {("tls", "1.2"), ("tls", "1.3")}, enabled
        ciphers = [c.get("cipher") for c in test.findall("cipher")]
        assert ciphers and all(re.search("GCM|CHACHA20", c) and re.search("^TLS_|^ECDHE", c) for c in ciphers), ciphers
        assert all(h.get("vulnerable") == "0" for h in test.findall("heartbleed")) and all(c.get("supported") == "0" for c in test.findall("compression"))
        assert all(r.get("supported") != "1" or r.get("secure") == "1" for r in test.findall("renegotiation"))
        assert s.secure("GET", "/api/v1/health")[0].status == 200
