"""A phone, written from the documents alone: its key, its chain of entries, its uploads. Signs with openssl, so that the server's
own code has no part in it."""
import base64
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


class Phone:
    def __init__(self, folder):
        self.key = os.path.join(folder, f"phone-{uuid.uuid4()}.pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.key], check=True, capture_output=True)
        der = subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
        self.public, self.n, self.head, self.entries = b64(der[-32:]), 0, bytes(32), []

    def enrolled(self, answer):
        self.device, self.site, self.token = answer["device"], answer["site"], answer["token"]

    def sign(self, message):
        with tempfile.NamedTemporaryFile() as file:
            file.write(message)
            file.flush()
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
