import type { Receipt } from "../api/api";
import { b64, be64, joined, same, unb64, utf8 } from "../base/bytes";
import { signedBy, type Signer } from "../base/crypt";
import { idBytes } from "../base/ids";
import { timeMs, timeText } from "../base/time";
import { entryHash, type Entry } from "./entry";

export const UPLOAD_TYPE = "application/x-doorward-upload";

/** Entries first to last of one device, signed by its head; lines of text. */
export async function makeUpload(site: string, device: string, entries: readonly Entry[], signer: Signer, ms = Date.now()): Promise<string> {
  const first = entries[0]!;
  const last = entries[entries.length - 1]!;
  const head = entryHash(last.text);
  const sent = timeText(ms);
  const sign = await signer.sign(joined(utf8("doorward-upload-1\0"), idBytes(site)!, idBytes(device)!, be64(last.n), head, be64(timeMs(sent))));
  const line = JSON.stringify({ upload: 1, site, device, first: first.n, last: last.n, sent, head: b64(head), sign: b64(sign) });
  return [line, ...entries.flatMap((entry) => [entry.text, entry.part])].join("\n") + "\n";
}

/** Whether the site gave it, for what this phone has recorded: only then its entries count as handed in. */
export async function receiptGood(receipt: Receipt, site: string, siteKey: Uint8Array, device: string, lastText: string): Promise<boolean> {
  const head = unb64(receipt.head);
  const verdicts = unb64(receipt.verdicts);
  const sign = unb64(receipt.sign);
  if (receipt.device !== device || head === null || verdicts === null || sign === null || !same(head, entryHash(lastText))) return false;
  const said = joined(utf8("doorward-receipt-1\0"), idBytes(site)!, idBytes(device)!, be64(receipt.first), be64(receipt.last), be64(receipt.first_seq), be64(timeMs(receipt.received)), head, verdicts);
  return signedBy(sign, siteKey, said);
}
