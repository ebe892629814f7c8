/** The head of a list, read in the browser, so that somebody can say which column is what before anything is sent. Anything it cannot read is left to the server. */

/** The first rows of a list. */
export type Rows = string[][];

export function csv(text: string, most = 12): Rows {
  const line = text.split("\n", 1)[0] ?? "";
  const comma = [",", "\t", ";"].map((one) => [one, line.split(one).length] as const).sort((a, b) => b[1] - a[1])[0]![0];
  const rows: Rows = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length && rows.length < most; at++) {
    const char = text[at]!;
    if (quoted) {
      if (char === '"' && text[at + 1] === '"') cell += text[at++];
      else if (char === '"') quoted = false;
      else cell += char;
    } else if (char === '"') quoted = true;
    else if (char === comma || char === "\n") {
      row.push(cell.trim());
      cell = "";
      if (char === "\n") {
        rows.push(row);
        row = [];
      }
    } else if (char !== "\r") cell += char;
  }
  if (rows.length < most && (cell !== "" || row.length > 0)) rows.push([...row, cell.trim()]);
  return rows;
}

/** As lists come: UTF-8, UTF-16 with its mark, else what Chinese offices write. */
export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

const MOST = 16 << 20; // unpacked: of a larger one the server alone knows

async function inflate(bytes: Uint8Array): Promise<string> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).text();
}

/** One file of a zip archive, by its central directory. */
async function unzip(bytes: Uint8Array, wanted: RegExp): Promise<string | null> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) return null;
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0 && at + 46 <= bytes.length; left--) {
    const [packed, plain] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const [name, extra, comment] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)];
    if (wanted.test(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)))) {
      if (plain > MOST) return null;
      const head = view.getUint32(at + 42, true);
      const from = head + 30 + view.getUint16(head + 26, true) + view.getUint16(head + 28, true);
      const data = bytes.subarray(from, from + packed);
      return view.getUint16(at + 10, true) === 0 ? new TextDecoder().decode(data) : inflate(data);
    }
    at += 46 + name + extra + comment;
  }
  return null;
}

const place = (ref: string): number => [...(/^[A-Z]+/.exec(ref)?.[0] ?? "A")].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

async function xlsx(bytes: Uint8Array, most = 12): Promise<Rows> {
  const sheet = await unzip(bytes, /^xl\/worksheets\/sheet1\.xml$/);
  if (sheet === null) return [];
  const shared = await unzip(bytes, /^xl\/sharedStrings\.xml$/);
  const parser = new DOMParser();
  const texts = shared === null ? [] : [...parser.parseFromString(shared, "text/xml").getElementsByTagName("si")].map((one) => one.textContent ?? "");
  const rows = [...parser.parseFromString(sheet, "text/xml").getElementsByTagName("row")].slice(0, most);
  return rows.map((row) => {
    const out: string[] = [];
    for (const cell of row.getElementsByTagName("c")) {
      const text = (cell.getElementsByTagName("v")[0] ?? cell.getElementsByTagName("t")[0])?.textContent ?? "";
      out[place(cell.getAttribute("r") ?? "A")] = (cell.getAttribute("t") === "s" ? (texts[Number(text)] ?? "") : text).trim();
    }
    return Array.from(out, (text) => text ?? "");
  });
}

/** [] when it is no list that can be read here. */
export async function peek(file: File): Promise<Rows> {
  try {
    if (/\.(csv|txt|tsv)$/i.test(file.name)) return csv(decode(new Uint8Array(await file.slice(0, 65536).arrayBuffer())));
    if (/\.xlsx$/i.test(file.name) && file.size < MOST) return await xlsx(new Uint8Array(await file.arrayBuffer()));
  } catch {
    /* damaged, or of a kind that is not known here: the server says so */
  }
  return [];
}

/** The row of names: the first with most cells filled, below titles. */
export function headerRow(rows: Rows): number {
  const filled = rows.slice(0, 10).map((row) => row.filter((cell) => cell !== "").length);
  const most = Math.max(0, ...filled);
  return filled.findIndex((count) => count >= Math.max(2, Math.ceil(most * 0.6)));
}

/** The fields that a list can carry, as the server calls them. */
export const fields = ["name", "doc", "doc_type", "phone", "building", "room", "floor", "door", "address", "grid", "group", "door_kind", "landlord", "landlord_phone", "head", "relation", "sex", "age", "birth", "hukou", "migrant", "employer", "flags", "medicine", "health", "at_home", "where", "moved_in", "moved_out", "tube", "sampled_at", "result", "note"] as const;
