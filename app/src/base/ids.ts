import { random } from "./bytes";

/** A UUID's sixteen bytes; null when it is none. */
export function idBytes(id: string): Uint8Array | null {
  const hex = id.replaceAll("-", "");
  if (!/^[0-9a-f]{32}$/.test(hex) || id.length !== 36) return null;
  return Uint8Array.from({ length: 16 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}

export function idText(bytes: Uint8Array): string {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A UUIDv7 of a moment. */
export function newId(ms = Date.now()): string {
  const bytes = random(16);
  let left = ms;
  for (let at = 5; at >= 0; at--) {
    bytes[at] = left % 256;
    left = Math.floor(left / 256);
  }
  bytes[6] = (bytes[6]! & 15) | 0x70;
  bytes[8] = (bytes[8]! & 63) | 0x80;
  return idText(bytes);
}
