/** Codes read from pictures. The reader is heavy (wasm), so it is fetched when somebody scans; its file is our own, never a stranger's server's. */
import { prepareZXingModule, readBarcodes, type ReaderOptions } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

prepareZXingModule({ overrides: { locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? wasm : prefix + path) } });

/** Door cards and phones show QR codes; tubes bear bars of many kinds. */
const options: ReaderOptions = { formats: ["QRCode", "DataMatrix", "Code128", "Code39", "Code93", "Codabar", "ITF", "EAN-13"], tryHarder: true, maxNumberOfSymbols: 1 };

export async function readPicture(picture: Blob | ImageData): Promise<string | null> {
  const found = await readBarcodes(picture, options);
  return found.find((one) => one.isValid && one.text !== "")?.text ?? null;
}
