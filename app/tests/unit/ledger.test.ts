import { expect, test } from "vitest";
import { b64, joined, random, unb64, utf8 } from "../../src/base/bytes";
import { hash, sealer, signedBy, signer, stretched } from "../../src/base/crypt";
import { idBytes, idText, newId } from "../../src/base/ids";
import { timeMs, timeText } from "../../src/base/time";
import { grown, makeEntry, type Chain } from "../../src/ledger/entry";
import { makeUpload } from "../../src/ledger/upload";

const chain: Chain = { site: newId(), device: newId(), n: 0, head: new Uint8Array(32) };

test("bytes become text and bytes again, and other texts are none", () => {
  for (let size = 0; size < 70; size++) {
    const bytes = random(size);
    expect(unb64(b64(bytes))).toEqual(bytes);
  }
  for (const text of ["A", "AB=", "A+BC", "AB C", "AR"]) expect(unb64(text)).toBeNull();
  const id = newId();
  expect(idText(idBytes(id)!)).toBe(id);
  expect(id[14]).toBe("7");
  expect(timeMs(timeText(1650000000123))).toBe(1650000000123);
});

test("an entry's text is one line, names the one before, and holds no personal value", () => {
  const first = makeEntry(chain, { kind: "visit", on: newId(), body: { round: newId() }, personal: { note: "两行\n的话" }, list: { name: "people", who: "person", items: [{ body: { person: "p1", state: "done" } }, { body: { person: "p2", state: "excused", excuse: "left" }, personal: { evidence: "房东说的" } }] } });
  expect(first.text).not.toMatch(/\n|两行|房东/);
  const part = JSON.parse(first.part);
  expect(part["people/1"].who).toBe("p2");
  const [salt, value] = part.note;
  expect(JSON.parse(first.text).body.note).toBe(b64(hash(joined(unb64(salt)!, utf8(value)))));
  const next = grown(chain, first);
  const second = makeEntry(next, { kind: "visit", on: newId(), body: {} });
  expect(JSON.parse(second.text)).toMatchObject({ n: 2, prev: b64(hash(utf8(first.text))) });
  expect(second.part).toBe("");
});

test("signatures are Ed25519 in every browser, and uploads are signed as the site wants them", async () => {
  const pair = await signer(Uint8Array.from({ length: 32 }, (_, at) => at));
  // RFC 8032's keys are made the same way: this seed's public key by any Ed25519
  expect(Buffer.from(pair.publicKey).toString("hex")).toBe("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8");
  const sign = await pair.sign(utf8("words"));
  expect(await signedBy(sign, pair.publicKey, utf8("words"))).toBe(true);
  expect(await signedBy(sign, pair.publicKey, utf8("other words"))).toBe(false);
  const entry = makeEntry(chain, { kind: "visit", on: newId(), body: {} });
  const lines = (await makeUpload(chain.site, chain.device, [entry], pair)).split("\n");
  expect(lines.slice(1)).toEqual([entry.text, "", ""]);
});

test("what is sealed opens by its key alone", async () => {
  const key = await stretched("123456", utf8("salt"), 1000);
  const one = await sealer(key);
  const sealed = await one.seal(utf8("林志强"));
  expect(await one.open(sealed)).toEqual(utf8("林志强"));
  expect(await (await sealer(random(32))).open(sealed)).toBeNull();
});
