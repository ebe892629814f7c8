"""A real OpenID provider for a test: Glewlwyd of Debian, with a store of its own, its administrator's calls and a browser that signs in at it."""
import http.cookiejar
import json
import os
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

SCHEMA = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3"
MODULES = "/usr/lib/glewlwyd"
ADMIN = ("admin", "password")  # as its schema has it


def free_port():
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


class Browser:
    """Keeps cookies, follows nobody by itself."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    def __init__(self):
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(self.Stay, urllib.request.HTTPCookieProcessor(self.jar))

    def call(self, url, body=None, method=None, headers=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, method=method, headers={"Accept-Language": "en", **({"Content-Type": "application/json"} if data else {}), **(headers or {})})
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def good(self, *words, **rest):
        status, headers, body = self.call(*words, **rest)
        assert status == 200, (words, status, body)
        return json.loads(body) if body else None


class Provider:
    def __init__(self, folder, algorithm="rsa"):
        folder = os.path.abspath(folder)
        self.port = free_port()
        self.root = f"http://127.0.0.1:{self.port}"
        self.issuer = f"{self.root}/api/oidc"
        store = os.path.join(folder, "provider.db")
        with sqlite3.connect(store) as db:
            db.executescript(open(SCHEMA, encoding="utf-8").read())
        conf = os.path.join(folder, "provider.conf")
        modules = "".join(f'{kind}_module_path="{MODULES}/{where}"\n' for kind, where in (("user", "user"), ("client", "client"), ("user_auth_scheme", "scheme"), ("plugin", "plugin")))
        open(conf, "w", encoding="utf-8").write(
            f'port={self.port}\nbind_address="127.0.0.1"\nexternal_url="{self.root}/"\napi_prefix="api"\nlogin_url="login.html"\nlog_mode="file"\nlog_level="WARNING"\nlog_file="{folder}/provider.log"\n'
            f'cookie_secure=0\nsession_expiration=3600\nsession_key="provider"\nadmin_scope="g_admin"\nprofile_scope="g_profile"\nhash_algorithm="SHA512"\n{modules}'
            f'database = {{ type = "sqlite3"\n path = "{store}" }}\n')
        self.log = open(f"{folder}/provider.out", "w", encoding="utf-8")
        self.child = subprocess.Popen(["glewlwyd", "-c", conf], cwd=folder, stdout=self.log, stderr=self.log)
        self.admin = Browser()
        self.wait()
        self.admin.good(f"{self.root}/api/auth/", {"username": ADMIN[0], "password": ADMIN[1]})
        key, public = self.keys(folder, algorithm)
        self.admin.good(f"{self.root}/api/mod/plugin/", {"module": "oidc", "name": "oidc", "display_name": "city", "order_rank": 0, "enabled": True, "parameters": {
            "iss": self.issuer, "jwt-type": "ecdsa" if algorithm == "ec" else "rsa", "jwt-key-size": "256", "key": key, "cert": public, "jwks-show": True,
            "access-token-duration": 3600, "refresh-token-duration": 3600, "code-duration": 60, "refresh-token-rolling": True, "allow-non-oidc": False, "auth-type-code-enabled": True,
            "auth-type-token-enabled": False, "auth-type-id-token-enabled": False, "auth-type-password-enabled": False, "auth-type-client-enabled": False, "auth-type-device-enabled": False,
            "auth-type-refresh-enabled": False, "pkce-allowed": True, "pkce-method-plain-allowed": False, "pkce-required": True, "subject-type": "public"}})

    @staticmethod
    def keys(folder, algorithm):
        made = os.path.join(folder, "provider.pem")
        make = ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", made] if algorithm == "ec" else ["genrsa", "-out", made, "2048"]
        subprocess.run(["openssl", *make], check=True, capture_output=True)
        public = subprocess.run(["openssl", "ec" if algorithm == "ec" else "rsa", "-in", made, "-pubout"], check=True, capture_output=True, text=True).stdout
        return open(made, encoding="utf-8").read(), public

    def wait(self):
        end = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(self.root + "/api/", timeout=5)
                return
            except urllib.error.HTTPError:
                return
            except OSError as error:
                if self.child.poll() is not None or time.monotonic() > end:
                    raise AssertionError(("the provider does not answer", error))
                time.sleep(0.1)

    def client(self, name, secret, redirect):
        self.admin.good(f"{self.root}/api/client/", {"client_id": name, "name": name, "enabled": True, "scope": [], "redirect_uri": [redirect], "authorization_type": ["code"],
                        **({"confidential": True, "client_secret": secret, "password": secret, "token_endpoint_auth_method": ["client_secret_basic"]} if secret else {"confidential": False})})

    def user(self, name, password, full=""):
        self.admin.good(f"{self.root}/api/user/", {"username": name, "password": password, "name": full, "enabled": True, "scope": ["g_profile", "openid"]})

    def agree(self, browser, url, name, password, client):
        """Somebody signs in at the provider and lets the client know; where the provider then sends his browser."""
        browser.good(f"{self.root}/api/auth/", {"username": name, "password": password})
        browser.good(f"{self.root}/api/auth/grant/{client}/", {"scope": "openid"}, method="PUT")
        status, headers, body = browser.call(url + "&g_continue")
        assert status == 302, (status, body)
        return headers["Location"]

    def stop(self):
        if self.child.poll() is None:
            self.child.terminate()
        self.child.wait(timeout=30)
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
