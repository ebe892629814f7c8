"""Running the server: settings, the service manager's protocol, reload, the end, logs, metrics, the app's files, backups, doctor."""
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from server import Server
from test_server import PASSWORD, office, sign_in, until
from test_tubes import NAMES, Village
from tool import ROOT, ask, call, spec


def text(folder, name, content, mode=0o600):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write(content)
    os.chmod(path, mode)
    return path


def root(s, path, **headers):
    """A call outside of the API: status, headers, body."""
    request = urllib.request.Request(s.url.replace("/api/v1", "") + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as got:
            return got.status, got.headers, got.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def run_python(words, folder):
    subprocess.run(["python3", "-c", words], cwd=folder, check=True)


def events(s):
    return [json.loads(line) for line in s.logged().splitlines() if line.startswith("{")]


def happened(s, event):
    return [e for e in events(s) if e.get("event") == event]


def test_settings_option_variable_file_default(program, folder):
    Village(program, folder)
    conf = text(folder, "d.conf", "# a village\n store=a.db \nthreads = 3\n\nlang = zh\nlog = yes\n")
    said = lambda *words, env=None, status=0: call(program, *words, folder=folder, env={"DOORWARD_CONFIG": conf, **(env or {})}, status=status)
    assert "条目" in said("verify").stdout, "the file names store and language"
    assert "entries" in said("verify", env={"DOORWARD_LANG": "en"}).stdout and "entries" in said("verify", "--lang", "en").stdout
    assert json.loads(said("verify", "--json", env={"DOORWARD_STORE": "b.db"}, status=1).stderr)["error"] == "NOT_FOUND", "a variable goes before the file"
    assert said("verify", "--store", "a.db", env={"DOORWARD_STORE": "b.db"}), "an option before both"
    wrong = {"thread = 3": ("thread", 1), "threads = x": ("threads", 1), "# 1\n\nlisten = 80": ("listen", 3), "threads = 99": ("threads", 1), "log": ("", 1), "backup_every = 5": ("backup_every", 1),
             "store = a.db\nstore = b.db": ("store", 2), "log_level = loud": ("log_level", 1), "passphrase = x": ("passphrase", 1), "log = maybe": ("log", 1), "store =": ("store", 1), "backup_keep = 0": ("backup_keep", 1)}
    for content, (name, line) in wrong.items():
        bad = text(folder, "bad.conf", content)
        for language in ("zh", "en"):
            error = json.loads(call(program, "verify", "--store", "a.db", "--config", bad, "--json", "--lang", language, folder=folder, status=1).stderr)
            assert (error["error"], error["file"], error["row"], error["column"]) == ("INVALID", bad, line, name) and error["detail"], (content, error)
    assert json.loads(call(program, "verify", "--config", "none.conf", "--json", folder=folder, status=1).stderr)["error"] == "NOT_FOUND"
    error = json.loads(call(program, "serve", "--json", folder=folder, env={"DOORWARD_THREADS": "many"}, status=1).stderr)
    assert error["column"] == "DOORWARD_THREADS", error
    # Every setting of the table stands in the example file and in the documents, with its default.
    example, page, man = (open(os.path.join(ROOT, path), encoding="utf-8").read() for path in ("packaging/doorward.conf", "docs/settings.md", "packaging/doorward.1"))
    for setting in spec("settings.json")["settings"]:
        assert setting["zh"] in page and setting["en"] in page and setting["env"] in page and setting["env"] in man, setting
        assert (f"# {setting['name']} =" in example) == setting.get("file", True), setting
    filled = re.sub(r"^# (\w+ = \S+)$", r"\1", example, flags=re.M)
    call(program, "version", "--config", text(folder, "whole.conf", filled), folder=folder)


def notified(folder):
    """A service manager's socket: what was told to it comes into a list."""
    told, server = [], socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    path = os.path.join(folder, "notify")
    server.bind(path)

    def listen():
        while True:
            told.append(server.recv(4096).decode())

    threading.Thread(target=listen, daemon=True).start()
    return path, told


def test_a_service_manager_hears_and_hands_sockets(program, folder):
    Village(program, folder)
    path, told = notified(folder)
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    # A shell puts the sockets where they are looked for and its own number, which stays, into the variable.
    shell = f'exec 3<&{sockets[0].fileno()} 4<&{sockets[1].fileno()}; LISTEN_PID=$$ WATCHDOG_PID=$$ exec "$0" "$@"'
    env = {**os.environ, "DOORWARD_CONFIG": os.devnull, "NOTIFY_SOCKET": path, "LISTEN_FDS": "2", "LISTEN_FDNAMES": "listen:metrics", "WATCHDOG_USEC": "3000000"}
    child = subprocess.Popen(["bash", "-c", shell, program, "serve", "--store", "a.db", "--listen", "127.0.0.1:1", "--log"], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             pass_fds=[s.fileno() for s in sockets])
    try:
        assert until(lambda: "READY=1" in told), told
        ports = [s.getsockname()[1] for s in sockets]
        assert json.load(urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/healthz", timeout=60))["status"] == "ok"
        assert b"doorward_entries " in urllib.request.urlopen(f"http://127.0.0.1:{ports[1]}/metrics", timeout=60).read()
        assert urllib.request.urlopen(f"http://127.0.0.1:{ports[1]}/readyz", timeout=60).status == 200
        assert until(lambda: told.count("WATCHDOG=1") >= 2), told
        child.send_signal(signal.SIGHUP)
        assert until(lambda: told.count("READY=1") == 2) and any(t.startswith("RELOADING=1\nMONOTONIC_USEC=") for t in told), told
    finally:
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=30)
    assert child.returncode == 0 and until(lambda: "STOPPING=1" in told), (out, err)
    # Sockets meant for somebody else are left alone: it goes where it was told to listen.
    other = subprocess.run([program, "serve", "--store", "a.db", "--listen", "256.1.1.1:1", "--json"], cwd=folder, env={**env, "LISTEN_PID": "1", "WATCHDOG_PID": "1"}, capture_output=True, text=True, timeout=60)
    assert other.returncode == 1 and json.loads(other.stderr)["column"] == "listen", other


def authority(folder, name, days, serial):
    """A certificate for 127.0.0.1 that is its own authority."""
    key, cert = os.path.join(folder, name + ".key"), os.path.join(folder, name + ".pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, "-days", str(days), "-subj", f"/CN={name}", "-set_serial", str(serial),
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    os.chmod(key, 0o600)
    return cert, key


def serial_of(port, cert):
    context = ssl.create_default_context(cafile=cert)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as tls:
        return int(tls.getpeercert()["serialNumber"], 16)


def test_reload_takes_over_certificate_log_and_settings(program, folder):
    office(program, folder)
    cert, key = authority(folder, "one", 30, 1001)
    conf = text(folder, "d.conf", f"store = a.db\nlisten = 127.0.0.1:0\ncert = {cert}\nkey = {key}\nlog_file = server.jsonl\n")
    env = {**os.environ, "DOORWARD_CONFIG": conf}
    child = subprocess.Popen([program, "serve"], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        port = int(re.search(r"https://127.0.0.1:(\d+)/", child.stdout.readline()).group(1))
        assert serial_of(port, cert) == 1001
        # A connection that is open when the certificate changes goes on with the old one.
        context = ssl.create_default_context(cafile=cert)
        kept = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="127.0.0.1")

        def say():
            kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            got = piece = kept.recv(65536)
            while piece and not got.endswith(b"}"):
                piece = kept.recv(65536)
                got += piece
            return got

        assert b"200 OK" in say()
        other, _ = authority(folder, "two", 30, 1002)
        os.replace(other, cert)
        os.rename(os.path.join(folder, "server.jsonl"), os.path.join(folder, "server.jsonl.1"))
        log = lambda: [json.loads(line) for line in open(os.path.join(folder, "server.jsonl"), encoding="utf-8")] if os.path.exists(os.path.join(folder, "server.jsonl")) else []
        reloads = lambda: [e for e in log() if e.get("event") == "reload"]
        child.send_signal(signal.SIGHUP)
        assert until(lambda: len(reloads()) == 1) and reloads()[0]["error"] == "CERT", "a key that does not fit changes nothing"
        os.replace(os.path.join(folder, "two.key"), key)
        child.send_signal(signal.SIGHUP)
        assert until(lambda: len(reloads()) == 2) and "error" not in reloads()[1], log()
        assert serial_of(port, cert) == 1002 and b"200 OK" in say(), "new callers see the new one, old ones are still answered"
        text(folder, "d.conf", open(conf, encoding="utf-8").read() + "log_level = nothing\n")
        child.send_signal(signal.SIGHUP)
        assert until(lambda: len(reloads()) == 3) and reloads()[2]["setting"] == "log_level" and serial_of(port, cert) == 1002
        kept.close()
        for _ in range(12):  # more renewals than older certificates are kept for
            child.send_signal(signal.SIGHUP)
    finally:
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=30)
    assert child.returncode == 0, (out, err)


def test_the_end_is_graceful(program, folder):
    """Whoever was answered is in the ledger, and who had asked when the server was told to end is answered."""
    office(program, folder)
    with Server(program, folder) as s:
        chen = sign_in(s, "chen").json()["token"]
        before = len(s.all("/members", chen))
        answered, refused = [], []

        def work(i):
            while True:
                try:
                    answer = s.call("POST", "/members", {"name": f"队员{i}"}, token=chen)
                except OSError:
                    return
                (answered if answer.status == 201 else refused).append(answer.status)

        threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
        for t in threads: t.start()
        assert until(lambda: len(answered) > 20)
        s.stop()
        for t in threads: t.join(30)
        assert set(refused) <= {503}, refused
        assert [e["event"] for e in events(s) if "event" in e] == ["start", "stopping", "stop"]
    members = ask(program, "member", "list", "--store", "a.db", folder=folder)
    assert before + len(answered) == len(members), (before, len(answered), len(members))
    assert ask(program, "verify", "--store", "a.db", folder=folder)["faults"] == 0


def test_no_personal_value_reaches_the_log(program, folder):
    v = office(program, folder)
    with Server(program, folder) as s:
        chen = sign_in(s, "chen").json()["token"]
        sign_in(s, "someone@home", "a wrong password")
        made = {"name": "欧阳小满", "document": "350599199003071239", "phone": "13900001234", "note": "透析，每周三次"}
        s.call("POST", "/persons", {**made, "birth": "1990-03-07", "sex": "M"}, token=chen)
        s.call("POST", "/persons", {**made, "document": "not a document"}, token=chen)
        s.call("POST", "/members", {"name": "闻人静", "phone": "13700009999"}, token=chen)
        s.post(f"/persons/{v.ids[0]}/reveal", {"reason": "给三单元送药"}, chen)
        s.call("GET", f"/persons?limit={'13911112222'}", token=chen)
        s.call("GET", "/persons/" + urllib.parse.quote("欧阳小满"), token=chen)
        s.call("PUT", f"/rounds/0/missing/{v.ids[1]}", {"decision": "excused", "excuse": "left", "evidence": "车票照片在王某处"}, token=chen)
        s.call("POST", "/members", b'{"name":"' + "西门吹".encode() + b'"', token=chen)
        root(s, "/" + urllib.parse.quote("慕容复") + "?q=13911113333")
        invite = s.post("/devices/invites", {"member": v.members["wu"], "name": "吴雅芳的手机"}, chen)["invite"]
        secrets = [chen, invite, PASSWORD, "a wrong password", "someone@home", *made.values(), "闻人静", "13700009999", "送药", "13911112222", "13911113333", "车票", "王某", "西门吹", "慕容复", "吴雅芳", "陈站长", "李四", "1990-03-07", *NAMES]
        secrets += ["1380000000", "chen", "not a document", *[urllib.parse.quote(name) for name in (*NAMES, "欧阳小满", "慕容复")]]
    logged = s.logged()
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    assert len(lines) >= 14, logged
    assert all(line["level"] in ("error", "warn", "info") and line["at"] for line in lines)
    assert {"persons.add", "persons.reveal", "app.show", "auth.sign_in"} <= {line.get("route") for line in lines}
    assert not [one for one in secrets if one in logged], [one for one in secrets if one in logged]
    assert all(set(line) <= {"at", "level", "event", "call", "method", "route", "status", "ms", "bytes", "account", "device", "error", "broken", "version", "url"} for line in lines), lines


def exposition(page):
    """Prometheus' text format, read by its grammar: {(name, labels): value}; and that each family is declared once and stands together."""
    families, samples, current = {}, {}, None
    label = r'[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"'
    for line in page.decode().splitlines():
        if line.startswith("# HELP "):
            current = line.split(" ")[2]
            assert current not in families and len(line.split(" ", 3)) == 4, line
            families[current] = None
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name == current and kind in ("counter", "gauge", "histogram"), line
            families[name] = kind
        else:
            found = re.fullmatch(rf'([a-zA-Z_:][\w:]*)(?:\{{({label}(?:,{label})*)\}})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|\+Inf|NaN)', line)
            assert found, line
            name, labels, value = found.groups()
            family = re.sub(r"_(bucket|sum|count)$", "", name) if families.get(current) == "histogram" else name
            assert family == current and families[current], line
            assert (name, labels) not in samples and (families[current] != "counter" or name.endswith("_total")), line
            samples[name, labels] = float(value)
    for name in [n for n, kind in families.items() if kind == "histogram"]:
        buckets = [v for (n, _), v in samples.items() if n == name + "_bucket"]
        assert buckets == sorted(buckets) and buckets[-1] == samples[name + "_count", None] and (name + "_bucket", 'le="+Inf"') in samples
    assert page.endswith(b"\n")
    return samples


def test_metrics_health_and_who_may_see_them(program, folder):
    office(program, folder)
    with Server(program, folder, "--metrics-listen", "127.0.0.1:0") as s:
        port = int(re.search(r"(\d+)\s*$", s.child.stdout.readline()).group(1))
        chen, wu = sign_in(s, "chen").json()["token"], sign_in(s, "wu").json()["token"]
        assert root(s, "/metrics")[0] == 401 and root(s, "/metrics", Authorization=f"Bearer {wu}")[0] == 403
        status, headers, page = root(s, "/metrics", Authorization=f"Bearer {chen}")
        assert status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4")
        # A call is counted when it has ended, which its caller may know before.
        assert until(lambda: exposition(root(s, "/metrics", Authorization=f"Bearer {chen}")[2]).get(("doorward_calls_total", 'route="ops.metrics",status="4xx"')) == 2)
        seen = exposition(page)
        assert seen["doorward_persons", None] == 8
        assert seen["process_resident_memory_bytes", None] > 1e6 and seen["process_open_fds", None] > 5
        own = exposition(urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60).read())
        assert own["doorward_call_seconds_count", None] >= seen["doorward_call_seconds_count", None]
        for path in ("/healthz", "/readyz"):
            assert urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60).status == 200
            assert root(s, path)[0] == 200 and json.loads(root(s, path)[2])["status"] == "ok"
        for path, method in (("/api/v1/site", "GET"), ("/metrics", "POST"), ("/metrics?" + "a&" * 100, "GET")):
            try:
                urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method, data=b"x" if method == "POST" else None), timeout=60)
                assert False, "the address for monitoring answers nothing else"
            except urllib.error.HTTPError as error:
                assert error.code == (405 if method == "POST" else 414 if "?" in path else 404)


def raw(port, line, more=b"X: y"):
    """A request line as it is, which no library would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as s:
        s.sendall(line + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + more + b"\r\n\r\n")
        got = b""
        while True:
            piece = s.recv(65536)
            if not piece: return got
            got += piece


def test_an_app_that_lies_beside_the_program(program, folder):
    Village(program, folder)
    with Server(program, folder) as s:
        assert "你好" not in root(s, "/")[2].decode(), "no app: the small page"
    for part in ("bin", "share/doorward/app"): os.makedirs(os.path.join(folder, part))
    shutil.copy(program, os.path.join(folder, "bin/doorward"))
    text(folder, "share/doorward/app/index.html", "<!doctype html>你好")
    with Server(os.path.join(folder, "bin/doorward"), folder) as s:
        assert root(s, "/")[2].decode() == "<!doctype html>你好"
    text(folder, "index.html", "<!doctype html>再见")
    with Server(os.path.join(folder, "bin/doorward"), folder, "--app", ".") as s:
        assert root(s, "/")[2].decode() == "<!doctype html>再见"


def test_an_invitation_that_a_camera_opens(program, folder):
    v = office(program, folder)
    invite = lambda *more: v("device", "invite", v.members["wu"], "--name", "手机", *more)
    assert invite()["url"] is None
    text(folder, "a.conf", "public_url = https://doorward.example/\n")
    told = invite("--config", "a.conf")
    assert told["url"] == "https://doorward.example/#enrol=" + told["invite"]
    text(folder, "b.conf", "public_url = https://doorward.example/at//\n")
    assert invite("--config", "b.conf")["url"].startswith("https://doorward.example/at/#enrol=")
    link = lambda site: call(program, "account", "link", "wu", "--store", "a.db", "--public-url", site, folder=folder).stdout
    assert link("https://doorward.example/").startswith("https://doorward.example/api/v1/auth/oidc?link=")
    for wrong in ("doorward.example", "https://", "https:///x", "ftp://doorward.example", "https://doorward.example/?a=1", "https://doorward.example/#x"):
        text(folder, "c.conf", f"public_url = {wrong}\n")
        error = json.loads(call(program, "device", "invite", v.members["wu"], "--name", "手机", "--store", "a.db", "--config", "c.conf", "--json", folder=folder, status=1).stderr)
        assert error["error"] == "INVALID" and "public_url" in error["column"] and error["row"] == 1, error
    for more, at in (([], None), (["--config", "a.conf"], "https://doorward.example")):
        with Server(program, folder, *more) as s:
            chen = sign_in(s, "chen").json()["token"]
            made = s.post("/devices/invites", {"member": v.members["wu"], "name": "手机"}, chen)
            assert made["url"] == (at and f"{at}/#enrol={made['invite']}")


def test_files_of_the_app(program, folder):
    Village(program, folder)
    app = os.path.join(folder, "app")
    os.makedirs(os.path.join(app, "assets"))
    os.makedirs(os.path.join(folder, "app2"))
    text(folder, "app2/secret.txt", "SECRET")
    text(folder, "app/index.html", "<!doctype html>门" + "x" * 3000)
    text(folder, "app/assets/index-B3kx9aQ2.js", "let a=1;" * 500)
    text(folder, "app/sw.js", "self")
    text(folder, "app/.hidden", "SECRET")
    text(folder, "app/some-component.css", "a{}")
    os.symlink("../app2/secret.txt", os.path.join(app, "link.txt"))
    os.symlink("../app2", os.path.join(app, "up"))
    os.mkfifo(os.path.join(app, "pipe"))
    for ending, words in ((".gz", ["gzip", "-k"]), (".zst", ["zstd", "-q", "-k"])):
        subprocess.run([*words, os.path.join(app, "assets/index-B3kx9aQ2.js")], check=True)
    for wrong in ("nowhere", "app/index.html"):
        assert "NOT_FOUND" in call(program, "serve", "--store", "a.db", "--app", wrong, "--json", status=1, folder=folder).stderr
    with Server(program, folder, "--app", "app") as s:
        taken = call(program, "serve", "--store", "a.db", "--listen", f"127.0.0.1:{s.port}", "--json", status=1, folder=folder).stderr
        assert "PORT" in taken and str(s.port) in taken
        status, headers, body = root(s, "/")
        assert status == 200 and body.decode().startswith("<!doctype html>门") and headers["Content-Type"] == "text/html; charset=utf-8" and headers["Cache-Control"] == "no-cache"
        assert "script-src 'self' 'wasm-unsafe-eval'" in headers["Content-Security-Policy"] and "img-src 'self' data: blob:" in headers["Content-Security-Policy"] and "worker-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff" and "camera=(self)" in headers["Permissions-Policy"] and len(headers.get_all("Content-Security-Policy")) == 1
        assert root(s, "/", **{"If-None-Match": headers["ETag"]})[0] == 304
        os.utime(os.path.join(app, "index.html"), ns=(1, 1))
        assert root(s, "/", **{"If-None-Match": headers["ETag"]})[0] == 200
        plain = open(os.path.join(app, "assets/index-B3kx9aQ2.js"), "rb").read()
        tags = set()
        for accept, coding in (("", None), ("gzip", "gzip"), ("gzip, zstd", "zstd"), ("br", None), ("zstd;q=0, gzip", "gzip")):
            status, headers, body = root(s, "/assets/index-B3kx9aQ2.js?v=1", **({"Accept-Encoding": accept} if accept else {}))
            assert status == 200 and headers["Content-Encoding"] == coding and "Accept-Encoding" in headers["Vary"], (accept, headers)
            assert headers["Cache-Control"] == "public, max-age=31536000, immutable" and headers["Content-Type"].startswith("text/javascript")
            assert coding or body == plain
            tags.add((headers["ETag"], coding))
        assert len(tags) == 3, "each form has a tag of its own"
        # A part (RFC 9110): of the form that is given, while the tag holds, by GET only; what is no range is passed over.
        script = "/assets/index-B3kx9aQ2.js"
        for accept in ("identity", "gzip"):
            _, whole, body = root(s, script, **{"Accept-Encoding": accept})
            assert whole["Accept-Ranges"] == "bytes"
            for asked, first, last in (("0-0", 0, 0), ("5-9", 5, 9), ("20-", 20, len(body) - 1), ("-7", len(body) - 7, len(body) - 1), ("3-99999999", 3, len(body) - 1), ("-99999999", 0, len(body) - 1)):
                status, headers, part = root(s, script, **{"Accept-Encoding": accept, "Range": f"bytes={asked}", "If-Range": whole["ETag"]})
                assert status == 206 and part == body[first:last + 1] and headers["Content-Range"] == f"bytes {first}-{last}/{len(body)}" and headers["Content-Encoding"] == whole["Content-Encoding"] and headers["ETag"] == whole["ETag"] and "Accept-Encoding" in headers["Vary"], (asked, status, headers)
            for asked in ("9-5", "a-b", "-", "0-1,3-4", "1", "", "--5", "0x1-2"):
                assert root(s, script, **{"Accept-Encoding": accept, "Range": f"bytes={asked}"})[::2] == (200, body), asked
            assert root(s, script, **{"Accept-Encoding": accept, "Range": "lines=1-2"})[0] == root(s, script, **{"Accept-Encoding": accept, "Range": "bytes=0-1", "If-Range": '"other"'})[0] == 200
            for asked in (f"{len(body)}-", "-0", "99999999-"):
                status, headers, part = root(s, script, **{"Accept-Encoding": accept, "Range": f"bytes={asked}"})
                assert status == 416 and headers["Content-Range"] == f"bytes */{len(body)}", asked
            assert root(s, script, **{"Accept-Encoding": accept, "Range": "bytes=0-1", "If-None-Match": whole["ETag"]})[0] == 304
        assert raw(s.port, f"HEAD {script}".encode(), b"Range: bytes=0-1").split()[1] == b"200"
        text(folder, "app/assets/index-B3kx9aQ2.js", "let b=2;")
        os.utime(os.path.join(app, "assets/index-B3kx9aQ2.js"), (time.time() + 60,) * 2)
        assert root(s, "/assets/index-B3kx9aQ2.js", **{"Accept-Encoding": "gzip"})[2] == b"let b=2;", "what was packed before it changed is not given"
        assert root(s, "/sw.js")[1]["Cache-Control"] == root(s, "/some-component.css")[1]["Cache-Control"] == "no-cache"
        assert root(s, "/rounds/7/missing")[2] == root(s, "/")[2] and root(s, "/assets/none.js")[0] == 404, "the app's own pages; a file that is not there"
        for path in ("/../app2/secret.txt", "/%2e%2e/app2/secret.txt", "/..%2fapp2/secret.txt", "/assets/../../app2/secret.txt", "//app2/secret.txt", "/link.txt", "/up/secret.txt", "/.hidden", "/./.hidden", "/assets/%00/../../a.db", "/pipe.x", "/....//app2/secret.txt",
                     "/" + "a/" * 40 + "x.js", "/" + "a" * 3000 + ".js", os.path.join(folder, "app2/secret.txt"), "/up", "/pipe"):
            got = raw(s.port, b"GET " + path.encode())
            assert b"SECRET" not in got and (b" 404 " in got or b" 400 " in got or got.split(b"\r\n\r\n", 1)[1].startswith("<!doctype html>门".encode())), (path, got[:200])
        assert raw(s.port, b"POST /index.html").split()[1] == b"405" and raw(s.port, b"HEAD /").split(b"\r\n\r\n", 1)[1] == b""
        assert root(s, "/api/v2/x")[0] == 404 and json.loads(root(s, "/api/v2/x")[2])["code"] == "NOT_FOUND"


def test_pages_without_an_app(program, folder):
    Village(program, folder)
    call(program, "init", "--name", "<b>&\"村", "--store", "b.db", folder=folder)
    with Server(program, folder, store="b.db") as s:
        status, headers, body = root(s, "/", **{"Accept-Language": "en"})
        assert status == 200 and b"&#60;b&#62;&#38;&#34;" in body and b"<b>" not in body and b"/api/v1/docs" in body and b'lang="en"' in body
        assert b'lang="zh"' in root(s, "/")[2] and root(s, "/elsewhere")[0] == 404
        page = s.call("GET", "/docs")
        for part in ("docs/docs.js", "docs/docs.css"):
            assert part.encode() in page.body and s.call("GET", "/" + part).status == 200
        whole = page.body + s.call("GET", "/docs/docs.js").body + s.call("GET", "/docs/docs.css").body
        assert not re.search(rb"(https?:)?//[a-z0-9]", whole.replace(b"${location.origin}", b"")), "nothing comes from elsewhere"
        assert "script-src 'self'" in page.headers["Content-Security-Policy"] and b"innerHTML" not in whole


def test_backups_on_schedule(program, folder):
    v = office(program, folder)
    phrase = text(folder, "phrase", "十个字节以上的口令\n")
    os.mkdir(os.path.join(folder, "backups"))
    kept = [text(folder, f"backups/{name}", "not ours") for name in ("note.txt", "a-20220408T073000.dwb", "b-20220408T073000Z.dwb", "a-2022.dwb")]
    old = [text(folder, f"backups/a-2022040{day}T073000Z.dwb", "old") for day in range(1, 6)]
    for path in old: os.utime(path, (1649374200, 1649374200))
    with Server(program, folder, "--backup-dir", "backups", "--backup-every", "1h", "--backup-keep", "3", "--passphrase-file", phrase, "--metrics-listen", "127.0.0.1:0") as s:
        port = int(re.search(r"(\d+)\s*$", s.child.stdout.readline()).group(1))
        metrics = lambda: exposition(urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60).read())
        assert until(lambda: happened(s, "drill.done")), s.logged()
        made, seen = happened(s, "backup.made"), metrics()
        assert len(made) == 1 and seen["doorward_backups_total", 'result="made"'] == 1 and seen["doorward_drills_total", 'result="good"'] == 1, (made, seen)
        assert seen["doorward_backup_last_timestamp_seconds", None] > time.time() - 60 and seen["doorward_backup_last_bytes", None] == os.path.getsize(os.path.join(folder, made[0]["file"]))
        assert all(os.path.exists(p) for p in kept) and [os.path.exists(p) for p in old] == [False, False, False, True, True], "only its own, the oldest"
        assert len(happened(s, "backup.removed")) == 3
    drill = lambda *words, **rest: ask(program, *words, made[0]["file"], "--passphrase-file", "phrase", "--store", "a.db", folder=folder, **rest)
    assert drill("backup", "verify")["drill"] and drill("backup", "verify")["faults"] == 0 and drill("backup", "verify") == drill("restore", "--drill")
    v.sound()
    with Server(program, folder, "--backup-dir", "backups", "--backup-every", "1h", "--passphrase-file", phrase) as s:
        assert until(lambda: root(s, "/readyz")[0] == 200)
        time.sleep(2)
        assert not happened(s, "backup.made"), "none is due: the last server's counts"
    with Server(program, folder, "--backup-dir", "none", "--passphrase-file", phrase) as s:
        assert until(lambda: happened(s, "backup.failed")) and happened(s, "backup.failed")[0]["error"], s.logged()
        assert s.call("GET", "/health").status == 200
    with Server(program, folder, "--backup-dir", "backups", "--backup-every", "1m") as s:
        os.utime(os.path.join(folder, made[0]["file"]), (time.time() - 90,) * 2)
        assert until(lambda: happened(s, "backup.failed")) and happened(s, "backup.failed")[0]["error"] == "PASSPHRASE", s.logged()


def test_doctor(program, folder):
    office(program, folder)
    found = lambda *words, status=0, env=None: json.loads(call(program, "doctor", "--store", "a.db", "--json", *words, folder=folder, status=status, env=env).stdout)
    states = lambda rows: {(r["check"], r["state"]) for r in rows}
    os.mkdir(os.path.join(folder, "backups"))
    phrase = text(folder, "phrase", "十个字节以上的口令\n")
    cert, key = authority(folder, "one", 30, 7)
    well = ["--listen", "127.0.0.1:0", "--backup-dir", "backups", "--passphrase-file", phrase, "--cert", cert, "--key", key]
    for keys in ([], ["--keys"]):
        call(program, "backup", *keys, "--passphrase-file", "phrase", f"b{len(keys)}.dwb", "--store", "a.db", folder=folder)
    good = found(*well, "--deep")
    assert {c for c, s in states(good) if s == "good"} >= {"settings", "keys", "store", "chains", "verify", "disk", "files", "port", "certificate", "backup"} and not [r for r in good if r["state"] == "wrong"], good
    for language, words in (("zh", ("检查", "怎么办", "密钥", "正常")), ("en", ("check", "what to do", "keys", "good"))):
        told = call(program, "doctor", "--store", "a.db", "--lang", language, *well, folder=folder).stdout
        assert all(word in told for word in words), told

    def wrong(check, *words, env=None):
        rows = found(*well, *words, status=1, env=env)
        mine = [r for r in rows if r["check"] == check and r["state"] == "wrong"]
        assert mine and all(r["found"] and r["fix"] for r in mine) and not [r for r in rows if r["state"] == "wrong" and r["check"] != check], rows

    os.chmod(phrase, 0o644)
    wrong("backup")
    os.chmod(phrase, 0o600)
    wrong("backup", "--backup-dir", "nowhere")
    os.chmod(os.path.join(folder, "a.db.sitekey"), 0o640)
    wrong("keys")
    os.chmod(os.path.join(folder, "a.db.sitekey"), 0o600)
    wrong("certificate", "--key", authority(folder, "other", 30, 8)[1])
    expired, expired_key = os.path.join(folder, "old.pem"), key
    subprocess.run(["openssl", "req", "-x509", "-key", key, "-out", expired, "-days", "-1", "-subj", "/CN=old"], capture_output=True)
    if os.path.exists(expired) and os.path.getsize(expired) > 0:
        wrong("certificate", "--cert", expired, "--key", expired_key)
    wrong("files", "--connections", "100000") if json.loads(call("python3", "-c", "import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[1])").stdout) in range(0, 100000) else None
    wrong("app", "--app", "none")
    wrong("settings", "--config", text(folder, "bad.conf", "listen = nowhere\n"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        rows = found("--listen", f"127.0.0.1:{taken.getsockname()[1]}", status=1)
        assert ("port", "wrong") in states(rows), rows
    with Server(program, folder) as s:
        assert ("port", "good") in states(found("--listen", f"127.0.0.1:{s.port}"))
    assert ("settings", "warn") in states(found(*well, env={"DOORWARD_LISTN": "x"}))
    # A chain's end that is not what the ledger says.
    run_python("import sqlite3; d=sqlite3.connect('a.db'); d.execute('UPDATE device SET head = zeroblob(32) WHERE device_no = 1'); d.commit()", folder)
    wrong("chains")
    os.remove(os.path.join(folder, "a.db.keys"))
    rows = found(*well, status=1)
    assert {("keys", "wrong"), ("store", "wrong")} <= states(rows), rows


def test_the_demo_serves_and_a_newcomer_finds_his_way(program, folder):
    """What stands on the screen is done, word by word."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(("127.0.0.1", 8080))  # the usual port is somebody's, if not ours: another will do
        taken.listen()
    except OSError:
        pass
    # Who looks for leaks reads at the end, from a file that nobody may see by then, what libraries that draw leave lying.
    open_to_all = {"DOORWARD_NO_CONFINE": "yes"} if "LSAN_OPTIONS" in os.environ else {}
    child = subprocess.Popen([program, "demo", "--people", "300", "--dir", "d", "--serve", "--lang", "en"], cwd=folder, env={**os.environ, "DOORWARD_CONFIG": os.devnull, **open_to_all}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        said = ""
        while "4. See" not in said:
            line = child.stdout.readline()
            assert line, said
            said += line
        url, password = re.search(r"Serving at (http://127.0.0.1:\d+)/", said).group(1), re.search(r"Password +(\S+)", said).group(1)
        assert urllib.request.urlopen(url + "/", timeout=60).status == 200 and urllib.request.urlopen(url + "/api/v1/docs", timeout=60).status == 200
        login = re.search(r"2\. Sign in: (curl .*)", said).group(1)
        token = json.loads(subprocess.run(login.replace("curl ", "curl -s "), shell=True, capture_output=True, text=True, check=True).stdout)["token"]
        asked = re.search(r"4\. See the missing list again: (curl .*)", said).group(1).replace("TOKEN", token).replace("curl ", "curl -s ")
        missing = lambda: json.loads(subprocess.run(asked, shell=True, capture_output=True, text=True, check=True).stdout)["items"]
        first = missing()
        steps = re.findall(r"^     \S+ (phone .*)$", said, re.M)
        assert [step.split()[1] for step in steps] == ["enrol", "pull", "round", "push"], said
        for step in steps:
            call(program, *step.split(), folder=folder)
        after = missing()
        assert [p["id"] for p in after] != [p["id"] for p in first], "the missing list changes"
        error = json.loads(call(program, *steps[0].replace("d/phone", "d/phone2").split(), "--json", folder=folder, status=1).stderr)
        assert error["error"] == "UNKNOWN_CALLER", "an invitation is good once"
        assert said.count(password) == 2, "once as such, and once in the line to copy"
    finally:
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=60)
        taken.close()
    assert child.returncode == 0 and not url.endswith(":8080")
    assert ask(program, "verify", "--store", "d/site.db", folder=folder)["faults"] == 0
    for name in os.listdir(os.path.join(folder, "d")):
        path = os.path.join(folder, "d", name)
        assert not os.path.isfile(path) or password.encode() not in open(path, "rb").read(), name
