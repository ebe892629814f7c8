/** What a phone loads before anybody scans: small enough for a bad line, and nothing of the command post in it. Reads app/dist: npm run build first. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

interface Part { file: string; imports?: string[]; dynamicImports?: string[]; css?: string[]; assets?: string[] }

const DIST = join(import.meta.dirname, "../../dist");
const told = <T>(name: string): T => JSON.parse(readFileSync(join(DIST, ".vite", name), "utf8")) as T;
/** What is fetched when its place is opened: the command post and its map, the scanner with its reader. */
const LATER = /^src\/(desk|features\/scan)\//;

/** Every file that can be reached from the beginning without coming to one of those, also what only an old browser asks for. */
function start(): Set<string> {
  const graph = told<Record<string, Part>>("manifest.json");
  const files = new Set(["index.html"]);
  const seen = new Set<string>();
  const take = (key: string) => {
    if (seen.has(key)) return;
    seen.add(key);
    const part = graph[key]!;
    for (const file of [part.file, ...(part.css ?? []), ...(part.assets ?? [])]) files.add(file);
    for (const next of part.imports ?? []) take(next);
    for (const next of part.dynamicImports ?? []) if (!LATER.test(next)) take(next);
  };
  take("index.html");
  return files;
}

test("a phone's start is below 250 KiB, packed", () => {
  const sizes = [...start()].map((file) => [file, gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length] as const);
  const kib = sizes.reduce((sum, [, size]) => sum + size, 0) / 1024;
  console.log(`a phone's start: ${kib.toFixed(1)} KiB gzip in ${sizes.length} files`);
  expect(sizes.some(([file]) => file.includes("field_app"))).toBe(true);
  expect(kib).toBeLessThan(250);
});

test("nothing of the command post, the map, the charts or the scanner is in a phone's start", () => {
  const made = told<Record<string, string[]>>("parts.json");
  const files = [...start()].filter((file) => file.endsWith(".js"));
  const sources = files.flatMap((file) => made[file]!);
  expect(sources).toContain("src/features/field_app.tsx");
  expect(sources.filter((source) => /^src\/desk\/|maplibre-gl|uplot|zxing|tests\/fake/.test(source))).toEqual([]);
});
