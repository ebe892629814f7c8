"""Many phones at once: each pushes what it has recorded until it has a receipt for all of it, whatever becomes of the server meanwhile."""
import asyncio
import ctypes
import ctypes.util
import hashlib
import json
import random
from concurrent.futures import ThreadPoolExecutor

from phone import Phone, b64, new_id

sodium = ctypes.CDLL("libsodium.so.23")


class QuickPhone(Phone):
    """Signs without a process of its own a time."""

    def __init__(self):
        public, self.secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
        sodium.crypto_sign_keypair(public, self.secret)
        self.public = b64(public.raw)
        self.clear()

    def sign(self, message):
        sign = ctypes.create_string_buffer(64)
        sodium.crypto_sign_detached(sign, None, message, ctypes.c_ulonglong(len(message)), self.secret)
        return sign.raw

    def clear(self):
        self.n, self.head, self.entries, self.receipts, self.done, self.refused = 0, bytes(32), [], [], 0, {}

    def work(self, chance, round_id, doors):
        """A few visits, and now and then somebody whom no list had (whose name is sealed with a new key)."""
        for _ in range(chance.randint(1, 3)):
            if chance.random() < 0.15:
                self.record("person.set", new_id(), {"door": chance.choice(doors)}, personal={"name": chance.choice("甲乙丙丁")})
            else:
                self.record("visit", chance.choice(doors), {"round": round_id, "outcome": "nobody_home"})


def enrol(server, token, member, count):
    """Phones of one member."""
    phones = [QuickPhone() for _ in range(count)]

    def one(phone):
        invite = server.post("/devices/invites", {"member": member, "name": "手机"}, token)["invite"]
        phone.enrolled(server.post("/auth/phone", {"invite": invite, "public_key": phone.public}))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, phones))
    return phones


async def answer(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    return int(head.split()[1]), await reader.readexactly(length)


async def push(phone, port, chance, round_id, doors, pushes, ending):
    """Everything that has no receipt yet goes again after a cut, with what was recorded since."""
    writer, made = None, 0
    while made < pushes or phone.done < phone.n:
        if made < pushes and (phone.done == phone.n or chance.random() < 0.5):
            phone.work(chance, round_id, doors)
            made += 1
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            last = phone.n
            # Sometimes also what the site has already: it gives the receipt again.
            first = max(1, phone.done + 1 - (chance.randint(0, 3) if chance.random() < 0.2 else 0))
            body = phone.upload(first, last)
            writer.write((f"POST /api/v1/entries HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {phone.token}\r\nContent-Type: application/x-doorward-upload\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body)
            status, text = await answer(reader)
            if status == 200:
                phone.receipts.append(json.loads(text)["receipts"][0])
                phone.done = last
            else:
                code = json.loads(text)["code"]
                phone.refused[code] = phone.refused.get(code, 0) + 1
                if ending.is_set():
                    return
                await asyncio.sleep(0.2)
        except (OSError, asyncio.IncompleteReadError):
            if writer is not None:
                writer.close()
            writer = None
            if ending.is_set():
                return
            await asyncio.sleep(0.05 + chance.random() * 0.1)
    if writer is not None:
        writer.close()


def head_of(phone, n):
    return b64(hashlib.sha256(phone.entries[n - 1][0].encode()).digest())


def lost(phones, rows):
    """What is wrong with what phones have receipts for. rows: device -> {n: (seq, text)} as the store holds it."""
    for phone in phones:
        mine = rows.get(phone.device, {})
        for r in phone.receipts:
            if r["head"] != head_of(phone, r["last"]):
                return f"{phone.device}: a receipt of another head"
            for n in range(r["first"], r["last"] + 1):
                if n not in mine or mine[n] != (r["first_seq"] + n - r["first"], phone.entries[n - 1][0]):
                    return f"{phone.device}: entry {n} of a receipt is not what the store holds"
        if sorted(mine) != list(range(1, len(mine) + 1)):
            return f"{phone.device}: numbers {sorted(mine)}"
    return None


def seeded(seed, i):
    return random.Random(seed * 1000003 + i)
