"""A server for a test: started on a free port, asked over HTTP, ended."""
import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.request


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class NotStarted(Exception):
    pass


class Server:
    def __init__(self, program, folder, *words, store="a.db", listen="127.0.0.1:0"):
        self.log = open(f"{folder}/server.log", "w+", encoding="utf-8")
        self.child = subprocess.Popen([program, "serve", "--store", store, "--listen", listen, "--log", *words], cwd=folder, env={**os.environ, "DOORWARD_CONFIG": os.devnull}, stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.child.stdout.readline()
        told = re.search(r":(\d+)/", line)
        if told is None:
            self.child.wait(timeout=30)
            raise NotStarted(line + self.logged())
        self.port = int(told.group(1))
        self.url = f"http://127.0.0.1:{self.port}/api/v1"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        assert self.child.wait(timeout=30) == 0, self.logged()
        self.child.stdout.close()

    def logged(self):
        self.log.seek(0)
        return self.log.read()

    def call(self, method, path, body=None, token=None, cookie=None, headers=None, type="application/json", root=False):
        """root: the path does not stand behind /api/v1."""
        data = body if isinstance(body, (bytes, type_none)) else json.dumps(body).encode()
        all_headers = {"Accept-Language": "en", **({"Content-Type": type} if data is not None else {}), **({"Authorization": f"Bearer {token}"} if token else {}),
                       **({"Cookie": f"doorward={cookie}"} if cookie else {}), **(headers or {})}
        request = urllib.request.Request((self.url.removesuffix("/api/v1") if root else self.url) + path, data=data, method=method, headers=all_headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as got:
                return Answer(got.status, got.headers, got.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def head_of(self, path, token):
        """The head of an answer that does not end."""
        request = urllib.request.Request(self.url + path, headers={"Accept-Language": "en", **({"Authorization": f"Bearer {token}"} if token else {})})
        try:
            with urllib.request.urlopen(request, timeout=60) as got:
                return Answer(got.status, got.headers, b"")
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def get(self, path, token=None, **rest):
        answer = self.call("GET", path, token=token, **rest)
        assert answer.status == 200, (path, answer.status, answer.body)
        return answer.json()

    def post(self, path, body, token=None, status=None, **rest):
        answer = self.call("POST", path, body, token=token, **rest)
        assert answer.status == status if status else answer.status in (200, 201), (path, answer.status, answer.body)
        return answer.json()

    def all(self, path, token):
        """Every item of every page."""
        items, cursor = [], None
        while True:
            page = self.get(path + ("&" if "?" in path else "?") + "limit=3" + (f"&cursor={cursor}" if cursor else ""), token)
            items, cursor = items + page["items"], page["next"]
            if cursor is None:
                return items


type_none = type(None)
