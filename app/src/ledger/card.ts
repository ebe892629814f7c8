import { joined, unb64, utf8 } from "../base/bytes";
import { signedBy } from "../base/crypt";
import { idBytes, idText } from "../base/ids";

/** What a door card's QR says (src/ledger/token.h): format, door, version, and the site's signature. */
export interface Card {
  door: string;
  version: number;
}

const SIZE = 21 + 64;

/** null: it is no door card of this site, or somebody changed it. Works without the network. */
export async function readCard(scanned: string, site: string, siteKey: Uint8Array): Promise<Card | null> {
  const bytes = unb64(scanned.trim().split(/[/#=]/).pop() ?? "");
  const siteBytes = idBytes(site);
  if (bytes === null || bytes.length !== SIZE || siteBytes === null) return null;
  const said = bytes.subarray(0, SIZE - 64);
  if (!(await signedBy(bytes.subarray(SIZE - 64), siteKey, joined(utf8("doorward-card-1\0"), siteBytes, said)))) return null;
  return { door: idText(said.subarray(1, 17)), version: new DataView(said.buffer, said.byteOffset).getUint32(17) };
}
