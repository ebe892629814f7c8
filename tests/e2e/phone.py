"""A phone, written from the documents alone: its key, its chain of entries, its uploads. Signs with openssl, so that the server's
own code has no part in it."""
import base64
import gzip
import hashlib
import json
import os
import subprocess
import tempfile
import time
import uuid
from datetime import datetime, timezone


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_id():
    """UUIDv7."""
    ms = int(time.time() * 1000)
    raw = bytearray(ms.to_bytes(6, "big") + os.urandom(10))
    raw[6], raw[8] = raw[6] & 0x0F | 0x70, raw[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(raw)))


def raw_ecdsa(der):
    """r and s, 32 bytes each, of a signature as openssl writes it: a sequence of two integers."""
    def number(at):
        assert der[at] == 2
        return int.from_bytes(der[at + 2:at + 2 + der[at + 1]], "big").to_bytes(32, "big"), at + 2 + der[at + 1]
    r, at = number(2)
    return r + number(at)[0]


def record_key(record):
    """What a record is of: the next one of the same takes its place."""
    return {"mark": ("mark", record.get("round"), record.get("person")), "visit": ("visit", record.get("round"), record.get("door")),
            "answers": ("answers", record.get("round"), record.get("on")), "follow": ("follow", record.get("on"))}.get(record["is"], (record["is"], record.get("id")))


class Phone:
    def __init__(self, folder, kind="ed25519", form="compressed"):
        self.kind, self.key = kind, os.path.join(folder, f"phone-{uuid.uuid4()}.pem")
        how = ["-algorithm", "ed25519"] if kind == "ed25519" else ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        subprocess.run(["openssl", "genpkey", *how, "-out", self.key], check=True, capture_output=True)
        der = subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-outform", "DER"] + (["-ec_conv_form", form] if kind == "p256" else []), check=True, capture_output=True).stdout
        size = 32 if kind == "ed25519" else 33 if form == "compressed" else 65
        self.public, self.n, self.head, self.entries = b64(der[-size:]), 0, bytes(32), []
        self.cursor, self.records, self.items = None, {}, []

    def enrolled(self, answer):
        self.device, self.site, self.token = answer["device"], answer["site"], answer["token"]

    def sign(self, message):
        with tempfile.NamedTemporaryFile() as file:
            file.write(message)
            file.flush()
            if self.kind == "p256":
                return raw_ecdsa(subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key, file.name], check=True, capture_output=True).stdout)
            return subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", self.key, "-rawin", "-in", file.name], check=True, capture_output=True).stdout

    def record(self, kind, on, body, at=None, personal=None):
        """One entry; personal: field -> clear value, hashed into the body and put beside it."""
        part = {}
        for field, value in (personal or {}).items():
            salt = os.urandom(16)
            body[field] = b64(hashlib.sha256(salt + value.encode()).digest())
            part[field] = [b64(salt), value]
        self.n += 1
        at = at or datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        entry = {"id": new_id(), "site": self.site, "device": self.device, "n": self.n, "prev": b64(self.head), "actor": self.device, "at": at, "kind": kind, "on": on, "body": body}
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        self.head = hashlib.sha256(text.encode()).digest()
        self.entries.append((text, json.dumps(part, ensure_ascii=False, separators=(",", ":")) if part else ""))
        return entry

    def upload(self, first=1, last=None, sent=None):
        last = last or self.n
        sent = sent or datetime.now(timezone.utc)
        head = hashlib.sha256(self.entries[last - 1][0].encode()).digest()
        ms = int(sent.timestamp()) * 1000 + sent.microsecond // 1000
        message = (b"doorward-upload-1\0" + uuid.UUID(self.site).bytes + uuid.UUID(self.device).bytes + last.to_bytes(8, "big") + head + ms.to_bytes(8, "big", signed=True))
        line = {"upload": 1, "site": self.site, "device": self.device, "first": first, "last": last, "sent": sent.isoformat(timespec="milliseconds"), "head": b64(head), "sign": b64(self.sign(message))}
        rows = [json.dumps(line, separators=(",", ":"))]
        for text, part in self.entries[first - 1:last]:
            rows += [text, part]
        return ("\n".join(rows) + "\n").encode()

    def have(self):
        return f"have={self.n}"

    def push(self, server, *span, **rest):
        return server.call("POST", f"/entries?{self.have()}", self.upload(*span, **rest), token=self.token, type="application/x-doorward-upload")

    def take(self, record):
        """One record into what the phone knows."""
        key = record_key(record)
        if record["is"] == "end":
            self.cursor = record["next"]
        elif record["is"] == "gone":
            self.records = {k: r for k, r in self.records.items() if k[-1] != record["id"]}
        elif record["is"] in ("mark", "visit", "answers", "follow") and len(record) <= {"answers": 4, "follow": 2}.get(record["is"], 3):
            self.records.pop(key, None)  # nothing is said any more
        else:
            self.records[key] = record
            if record["is"] == "round" and record.get("closed"):
                self.records = {k: r for k, r in self.records.items() if k[0] not in ("mark", "visit", "answers") or k[1] != record["id"]}

    def load(self, server, **rest):
        answer = server.call("GET", f"/sync/bundle?{self.have()}", token=self.token, **rest)
        if answer.status != 200:
            return answer
        body = gzip.decompress(answer.body) if answer.headers["Content-Encoding"] == "gzip" else answer.body
        lines = [json.loads(line) for line in body.decode().splitlines()]
        if lines[-1]["is"] != "end":
            raise EOFError("the bundle was cut")
        self.records, self.cursor = {}, None
        for record in lines:
            self.take(record)
        return answer

    def pull(self, server, limit=500):
        """Everything that is new; True when the scope had changed and a bundle was loaded. A page is taken whole or not at all."""
        while True:
            page = server.get(f"/entries?cursor={self.cursor}&limit={limit}&{self.have()}", self.token)
            if page["reload"]:
                self.load(server)
                return True
            self.items += page["items"]
            for record in page["records"]:
                self.take(record)
            self.cursor = page["next"]
            if not page["more"]:
                return False

    def knows(self, kind):
        return [r for r in self.records.values() if r["is"] == kind]
