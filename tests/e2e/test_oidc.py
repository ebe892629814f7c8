"""Signing in through an identity provider: a real one (Glewlwyd), and a false one that says what it should not."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import subprocess
import threading
import time
import urllib.parse

from provider import Browser, Provider, free_port
from server import Server
from test_server import PASSWORD, office, sign_in
from tool import ask, call

SECRET = "client-secret-0123456789"


def b64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Site:
    """A server that knows a provider, at an address that is known before it runs."""

    def __init__(self, program, folder, issuer, name="市统一身份", secret=SECRET, extra=()):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        secret_file = os.path.join(folder, "client.secret")
        open(secret_file, "w", encoding="utf-8").write((secret or "") + "\n")
        self.words = ["--public-url", self.url, "--oidc-issuer", issuer, "--oidc-client", "doorward", "--oidc-name", name, *(["--oidc-secret-file", secret_file] if secret else []), *extra]
        self.back = self.url + "/api/v1/auth/oidc/callback"
        self.start = lambda: Server(program, folder, *self.words, listen=f"127.0.0.1:{port}")


def begin(browser, site, link=None):
    status, headers, body = browser.call(site.url + "/api/v1/auth/oidc" + (f"?link={link}" if link else ""))
    assert status == 302, (status, body)
    return headers["Location"], headers


def end(browser, location):
    status, headers, body = browser.call(location)
    assert status == 302, (status, body)
    return headers["Location"], [c.value for c in browser.jar if c.name == "doorward"]


def through(browser, site, provider, user, link=None):
    return end(browser, provider.agree(browser, begin(browser, site, link)[0], user, "passwort-123", "doorward"))


def tied(program, folder, login):
    return next(a["identities"] for a in ask(program, "account", "list", "--store", "a.db", folder=folder) if a["login"] == login)


def test_a_real_provider(program, folder):
    v = office(program, folder)
    v("account", "add", "zhao", v.members["wu"], "--no-password")
    for algorithm, secret in (("rsa", SECRET), ("ec", None)):
        work = os.path.join(folder, algorithm)
        os.mkdir(work)
        with Provider(work, algorithm) as provider:
            site = Site(program, folder, provider.issuer, secret=secret)
            provider.client("doorward", secret, site.back)
            for user in ("wu.yafang", "chen.zhan", "stranger"):
                provider.user(user, "passwort-123")
            rows = json.loads(subprocess.run([program, "doctor", "--store", "a.db", *site.words, "--json"], cwd=folder, capture_output=True, text=True, env={**os.environ, "DOORWARD_CONFIG": os.devnull}, timeout=60).stdout)
            assert ("provider", "good") in {(r["check"], r["state"]) for r in rows}, rows
            with site.start() as s:
                assert s.get("/auth/ways") == {"password": True, "provider": "市统一身份"}
                # Nobody is let in because the provider knows him: an identity is tied to an account by a link, once.
                assert through(Browser(), site, provider, "stranger") == ("/?sign_in=UNKNOWN_CALLER", [])
                link = v("account", "link", "zhao")["link"]
                browser = Browser()
                to, sessions = through(browser, site, provider, "wu.yafang", link)
                assert to == "/" and len(sessions) == 1, (to, s.logged())
                me = s.get("/auth/me", sessions[0])
                assert me["member"] == v.members["wu"] and me["kind"] == "officer" and tied(program, folder, "zhao") > 0
                cookie = s.call("GET", "/auth/me", cookie=sessions[0])
                assert cookie.status == 200
                # From then on without a link, and the link is used up.
                assert through(Browser(), site, provider, "wu.yafang")[0] == "/"
                assert through(Browser(), site, provider, "stranger", link)[0] == "/?sign_in=UNKNOWN_CALLER"
                # One's own account, signed in by password, gets one's own identity; another's identity stays another's.
                token = sign_in(s, "chen").json()["token"]
                own = s.post("/auth/links", None, token)
                assert own["url"].startswith(site.url + "/api/v1/auth/oidc?link=")
                assert through(Browser(), site, provider, "wu.yafang", own["link"])[0] == "/?sign_in=EXISTS"
                to, sessions = through(Browser(), site, provider, "chen.zhan", own["link"])
                assert to == "/" and s.get("/auth/me", sessions[0])["member"] == v.members["chen"]
                # No password signs in to an account that has none, and it is locked as any other.
                assert {sign_in(s, "zhao", p).status for p in ("", PASSWORD)} <= {400, 401}
                # Whoever may disable an account ends what came through the provider too.
                live = through(Browser(), site, provider, "wu.yafang")[1][0]
                assert s.call("PUT", "/accounts/zhao", {"disabled": True}, token=token).status == 200
                assert s.call("GET", "/auth/me", token=live).status == 401
                assert through(Browser(), site, provider, "wu.yafang")[0] == "/?sign_in=UNKNOWN_CALLER"
                assert s.call("PUT", "/accounts/zhao", {"disabled": False}, token=token).status == 200
                assert through(Browser(), site, provider, "wu.yafang")[0] == "/"
                assert s.call("PUT", "/accounts/zhao", {"untie": True}, token=token).status == 200
                assert through(Browser(), site, provider, "wu.yafang")[0] == "/?sign_in=UNKNOWN_CALLER" and tied(program, folder, "zhao") == 0
                # Another browser than the one that began: somebody else's answer is forced upon nobody.
                location = begin(Browser(), site)[0]
                back = provider.agree(Browser(), location, "chen.zhan", "passwort-123", "doorward")
                assert end(Browser(), back)[0] == "/?sign_in=UNKNOWN_CALLER"
                # The same answer twice: the provider's code is good once.
                browser = Browser()
                location, headers = begin(browser, site)
                kept = headers["Set-Cookie"].split(";")[0]
                back = provider.agree(browser, location, "chen.zhan", "passwort-123", "doorward")
                assert end(browser, back)[0] == "/"
                status, headers, _ = Browser().call(back, headers={"Cookie": kept})
                assert status == 302 and headers["Location"].startswith("/?sign_in="), headers["Location"]
                assert PASSWORD not in s.logged() and SECRET not in s.logged() and "wu.yafang" not in s.logged()


class False_:
    """A provider whose tokens are made to order: claims to change, algorithm, key; it answers every code."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.made = {}
        for name in ("own", "other"):
            subprocess.run(["openssl", "genrsa", "-out", f"{folder}/{name}.pem", "2048"], check=True, capture_output=True)
        self.change, self.algorithm, self.key, self.kid, self.metadata, self.token_answer = {}, "RS256", "own", "k1", {}, None
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def say(self, value, status=200):
                body = value if isinstance(value, bytes) else json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                if self.path.endswith("openid-configuration"):
                    self.say({"issuer": outer.issuer, "authorization_endpoint": outer.issuer + "/a?tenant=1", "token_endpoint": outer.issuer + "/t", "jwks_uri": outer.issuer + "/k", **outer.metadata})
                else:
                    self.say({"keys": [{"kty": "oct", "k": b64(b"shared"), "kid": "k1"}, {"kty": "RSA", "e": "AQAB", "n": outer.modulus("own"), "kid": "k1", "use": "sig"}, {"kty": "RSA", "e": "AQAB", "n": outer.modulus("other"), "kid": "k1", "use": "enc"}]})

            def do_POST(self):
                form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                outer.asked.append((form, self.headers))
                self.say(*(outer.token_answer or ({"id_token": outer.token()},)))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def modulus(self, name):
        said = subprocess.run(["openssl", "rsa", "-in", f"{self.folder}/{name}.pem", "-noout", "-modulus"], check=True, capture_output=True, text=True).stdout
        return b64(bytes.fromhex(said.strip().split("=")[1]))

    def token(self):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "doorward", "sub": "u1", "nonce": self.nonce, "iat": now, "exp": now + 300, **self.change}
        head = {"alg": self.algorithm, **({"kid": self.kid} if self.kid else {})}
        signed = b64(json.dumps(head).encode()) + "." + b64(json.dumps({k: v for k, v in claims.items() if v is not None}).encode())
        if self.algorithm == "none":
            return signed + "."
        if self.algorithm == "HS256":
            public = subprocess.run(["openssl", "rsa", "-in", f"{self.folder}/own.pem", "-pubout"], check=True, capture_output=True).stdout
            return signed + "." + b64(hmac.new(self.shared or public, signed.encode(), hashlib.sha256).digest())
        pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"] if self.algorithm[0] == "P" else []
        made = subprocess.run(["openssl", "dgst", "-sha" + (self.digest or self.algorithm[2:]), *pss, "-sign", f"{self.folder}/{self.key}.pem"], input=signed.encode(), check=True, capture_output=True).stdout
        return signed + "." + b64(made)

    shared = digest = None

    def sign_in(self, site, link=None, spoil=lambda query: query):
        browser = Browser()
        location, _ = begin(browser, site, link)
        question = dict(urllib.parse.parse_qsl(urllib.parse.urlparse(location).query))
        self.question, self.nonce = question, question["nonce"]
        answer = spoil({"code": "c1", "state": question["state"], "iss": self.issuer, "session_state": "whatever"})
        return end(browser, site.back + "?" + urllib.parse.urlencode(answer))


def test_what_a_provider_must_not_say(program, folder):
    v = office(program, folder)
    false = False_(folder)
    site = Site(program, folder, false.issuer, secret="a:b c&d", extra=("--sign-ins", "0"))
    with site.start() as s:
        link = v("account", "link", "wu")["link"]
        assert false.sign_in(site, link)[0] == "/", s.logged()
        question, (form, headers) = false.question, false.asked[-1]
        assert question["response_type"] == "code" and question["code_challenge_method"] == "S256" and question["tenant"] == "1" and question["redirect_uri"] == site.back
        assert b64(hashlib.sha256(form["code_verifier"][0].encode()).digest()) == question["code_challenge"] and len(form["code_verifier"][0]) >= 43
        assert base64.b64decode(headers["Authorization"].split()[1]).decode() == "doorward:a%3Ab%20c%26d" and "client_secret" not in form
        now = int(time.time())
        good = ({}, {"aud": ["doorward"]}, {"aud": ["doorward", "another"], "azp": "doorward"}, {"exp": now + 300.5}, {"sub": "u1", "name": "吴"})
        bad = ({"iss": "http://127.0.0.1:1"}, {"iss": None}, {"aud": "another"}, {"aud": ["another"]}, {"aud": ["doorward", "another"]}, {"aud": "doorward", "azp": "another"}, {"aud": None}, {"nonce": "n"}, {"nonce": None},
               {"exp": now - 120}, {"exp": None}, {"exp": "soon"}, {"iat": now + 600}, {"iat": now - 3600}, {"iat": None}, {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "u2"}, {"sub": "x" * 300})
        for change in good:
            false.change = change
            assert false.sign_in(site)[0] == "/", change
        for change in bad:
            false.change = change
            assert false.sign_in(site)[0].startswith("/?sign_in="), change
        false.change = {}
        for algorithm, key, kid, shared in (("none", "own", "k1", None), ("HS256", "own", "k1", None), ("HS256", "own", "k1", b"shared"), ("RS256", "other", "k1", None), ("RS256", "own", "k2", None), ("RS512", "own", "k1", None), ("PS256", "other", "k1", None), ("ES256", "own", "k1", None), ("RS1", "own", "k1", None)):
            false.algorithm, false.key, false.kid, false.shared, false.digest = algorithm, key, kid, shared, "256"
            assert false.sign_in(site)[0] == "/?sign_in=SIGNATURE", (algorithm, key, kid)
        false.key, false.kid, false.digest = "own", "k1", None
        for algorithm in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"):
            false.algorithm = algorithm
            assert false.sign_in(site)[0] == "/", (algorithm, s.logged())
        false.algorithm, false.kid = "RS256", None
        assert false.sign_in(site)[0] == "/", "one key, and the token does not name it"
        # What stands in the way back is not what was asked for.
        for spoil in (lambda q: {**q, "state": "A" * 43}, lambda q: {k: w for k, w in q.items() if k != "state"}, lambda q: {**q, "iss": "http://127.0.0.1:1"}, lambda q: {"error": "access_denied", "state": q["state"]}, lambda q: {"state": q["state"]}):
            assert false.sign_in(site, spoil=spoil)[0] == "/?sign_in=UNKNOWN_CALLER"
        # It answers with nothing, too much, errors.
        for answer, code in ((({"error": "invalid_grant"}, 400), "UNKNOWN_CALLER"), (({},), "FORMAT"), ((b"<html>",), "FORMAT"), (({"id_token": 5},), "FORMAT"), (({"id_token": "a.b.c"},), "FORMAT"), ((b"x" * 400000,), "UNREACHED"), ((b"", 500), "UNREACHED"), ((b"", 302), "UNREACHED")):
            false.token_answer = answer
            assert false.sign_in(site)[0] == f"/?sign_in={code}", (answer[0][:50] if isinstance(answer[0], bytes) else answer, code)
        false.token_answer = None
        assert false.sign_in(site)[0] == "/"
        assert s.call("GET", "/auth/oidc?link=short").status == 400 and s.call("GET", "/auth/oidc?other=1").status == 400


def test_a_provider_that_is_not_what_it_says(program, folder):
    office(program, folder)
    false = False_(folder)
    for metadata in ({"issuer": "http://127.0.0.1:1"}, {"token_endpoint": "http://example.org/t"}, {"jwks_uri": None}, {"authorization_endpoint": "javascript:alert(1)"}):
        false.metadata = metadata
        with Site(program, folder, false.issuer).start() as s:
            answer = s.call("GET", "/auth/oidc")
            assert answer.status in (400, 415, 422, 502), (metadata, answer.status, answer.body)
    false.metadata = {}
    with Site(program, folder, false.issuer).start() as s:
        tried = [s.call("GET", "/auth/oidc/callback?code=c&state=s").status for _ in range(60)]
        assert tried[0] != 429 and tried[-1] == 429, "whoever brings back what nobody gave him is held off"
        assert sign_in(s, "chen").status == 200
    with Site(program, folder, f"http://127.0.0.1:{free_port()}").start() as s:
        assert s.call("GET", "/auth/oidc").status == 502
        assert sign_in(s, "chen").status == 200, "by password all goes on"
    with Server(program, folder) as s:
        assert s.call("GET", "/auth/oidc").status == s.call("GET", "/auth/oidc/callback?code=1").status == 404 and s.get("/auth/ways")["provider"] is None
        token = sign_in(s, "chen").json()["token"]
        assert s.post("/auth/links", None, token)["url"] is None
    for words, field in ((["--oidc-issuer", "https://a.example"], "oidc_client"), (["--oidc-issuer", "https://a.example", "--oidc-client", "x"], "public_url"),
                         (["--oidc-issuer", "http://a.example", "--oidc-client", "x", "--public-url", "https://b.example"], "oidc_issuer"), (["--oidc-issuer", "https://a.example", "--oidc-client", "x", "--public-url", "https://b.example", "--oidc-secret-file", "none"], "oidc_secret_file")):
        said = call(program, "serve", "--store", "a.db", "--listen", "127.0.0.1:0", *words, folder=folder, status=1).stderr
        assert field in said or "none" in said, (words, said)


def test_accounts_over_the_api(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        token = sign_in(s, "chen").json()["token"]
        leader = sign_in(s, "wu").json()["token"]
        assert [a["login"] for a in s.all("/accounts", token)] == ["chen", "li", "wu"]
        row = next(a for a in s.all("/accounts", token) if a["login"] == "wu")
        assert row["member"] == v.members["wu"] and row["name"] == "吴雅芳" and row["sessions"] == 1 and row["password"] and not row["disabled"] and not row["second"]
        # Nobody takes over who may more than he does.
        assert s.call("POST", "/accounts/chen/links", None, token=leader).status in (403, 404)
        assert s.call("PUT", "/accounts/chen", {"password": "eine-neue-phrase"}, token=leader).status in (403, 404)
        assert s.call("PUT", "/accounts/nobody", {"disabled": True}, token=token).status == 404
        assert s.call("PUT", "/accounts/wu", {"disabled": "yes"}, token=token).status == 400
        # One's own password: the old one is asked for, and wrong ones count.
        new = "八号楼下见面-2022"
        assert s.call("PUT", "/auth/password", {"old": "not this one", "new": new}, token=leader).status == 403
        assert s.call("PUT", "/auth/password", {"old": PASSWORD, "new": "short"}, token=leader).status == 400
        assert s.call("PUT", "/auth/password", {"old": PASSWORD, "new": new}, token=leader).status == 200
        assert s.call("GET", "/auth/me", token=leader).status == 401 and sign_in(s, "wu").status == 401 and sign_in(s, "wu", new).status == 200
        leader = sign_in(s, "wu", new).json()["token"]
        tries = [s.call("PUT", "/auth/password", {"old": "not this one", "new": PASSWORD}, token=leader).status for _ in range(6)]
        assert tries[0] == 403 and tries[-1] == 423, tries
        assert s.call("PUT", "/accounts/wu", {"password": PASSWORD}, token=token).status == 200 and sign_in(s, "wu").status == 200
        assert s.call("POST", "/accounts", {"member": v.members["li"], "login": "li.si"}, token=token).status == 201
        assert not next(a for a in s.all("/accounts", token) if a["login"] == "li.si")["password"]
        assert sign_in(s, "li.si", "").status in (400, 401)
    table = call(program, "account", "list", "--store", "a.db", "--lang", "zh", folder=folder).stdout
    assert "登录名" in table and "吴雅芳" in table
