/**
 * Hashes, signatures and sealing. The browser's own where it has them; over plain HTTP it has none (no secure context), and older ones have no
 * Ed25519: then the same in script, which is slower and no less right.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { joined, random } from "./bytes";

export const hash = (...parts: Uint8Array[]): Uint8Array => sha256(joined(...parts));

const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
const buffer = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;
const ed = () => import("@noble/ed25519").then(async (lib) => {
  const { sha512 } = await import("@noble/hashes/sha2.js");
  lib.hashes.sha512 = sha512;
  return lib;
});

/** Whether site or phone (Ed25519) signed this. */
export async function signedBy(sign: Uint8Array, publicKey: Uint8Array, message: Uint8Array): Promise<boolean> {
  if (sign.length !== 64 || publicKey.length !== 32) return false;
  try {
    const key = await subtle!.importKey("raw", buffer(publicKey), { name: "Ed25519" }, false, ["verify"]);
    return await subtle!.verify({ name: "Ed25519" }, key, buffer(sign), buffer(message));
  } catch {
    return (await ed()).verify(sign, message, publicKey);
  }
}

/** A key pair of this phone. Its secret is 32 bytes that lie sealed on the disk (store/vault.ts). */
export interface Signer {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

const PKCS8 = Uint8Array.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]);

/** From 32 random bytes: the same bytes give the same pair, in every browser. */
export async function signer(secret: Uint8Array): Promise<Signer> {
  const lib = await ed();
  const publicKey = lib.getPublicKey(secret);
  try {
    const key = await subtle!.importKey("pkcs8", buffer(joined(PKCS8, secret)), { name: "Ed25519" }, false, ["sign"]);
    return { publicKey, sign: async (message) => new Uint8Array(await subtle!.sign({ name: "Ed25519" }, key, buffer(message))) };
  } catch {
    const kept = secret.slice();
    return { publicKey, sign: async (message) => lib.sign(message, kept) };
  }
}

/** A key that seals (AES-256-GCM); what is sealed begins with its nonce. open: null when it is not of this key. */
export interface Sealer {
  seal(bytes: Uint8Array): Promise<Uint8Array>;
  open(sealed: Uint8Array): Promise<Uint8Array | null>;
}

export async function sealer(secret: Uint8Array): Promise<Sealer> {
  if (subtle !== undefined) {
    const key = await subtle.importKey("raw", buffer(secret), "AES-GCM", false, ["encrypt", "decrypt"]);
    return {
      seal: async (bytes) => {
        const iv = random(12);
        return joined(iv, new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv: buffer(iv) }, key, buffer(bytes))));
      },
      open: async (sealed) => {
        try {
          return new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv: buffer(sealed.subarray(0, 12)) }, key, buffer(sealed.subarray(12))));
        } catch {
          return null;
        }
      },
    };
  }
  const { gcm } = await import("@noble/ciphers/aes.js");
  return {
    seal: async (bytes) => {
      const iv = random(12);
      return joined(iv, gcm(secret, iv).encrypt(bytes));
    },
    open: async (sealed) => {
      try {
        return gcm(secret, sealed.subarray(0, 12)).decrypt(sealed.subarray(12));
      } catch {
        return null;
      }
    },
  };
}

/** PBKDF2 with SHA-256 (RFC 8018): a key of 32 bytes from a PIN. */
export async function stretched(pin: string, salt: Uint8Array, rounds: number): Promise<Uint8Array> {
  const text = new TextEncoder().encode(pin);
  if (subtle !== undefined) {
    const key = await subtle.importKey("raw", buffer(text), "PBKDF2", false, ["deriveBits"]);
    return new Uint8Array(await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: buffer(salt), iterations: rounds }, key, 256));
  }
  const { pbkdf2Async } = await import("@noble/hashes/pbkdf2.js");
  return pbkdf2Async(sha256, text, salt, { c: rounds, dkLen: 32 });
}

/** What a browser counts as safe: without it there is no camera, no work without the network, no installing. */
export const secure = (): boolean => globalThis.isSecureContext === true;
