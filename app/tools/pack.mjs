/** After the build: the service worker with the list of files, and every text packed beside itself, as the server gives it. Of app/dist, or of the folder that is named. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = process.argv[2] ?? join(import.meta.dirname, "../dist");
const all = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? all(join(folder, one.name)) : [join(folder, one.name)]));
const files = all(dist).filter((file) => !/\.(gz|br)$/.test(file) && !file.includes("/.vite/") && !file.endsWith("sw.js")).sort();
const template = readFileSync(join(import.meta.dirname, "sw.js"), "utf8");
const hash = createHash("sha256").update(template);
for (const file of files) hash.update(relative(dist, file)).update(readFileSync(file));
const version = hash.digest("hex").slice(0, 16);
/* The page says which build it is of: what runs is told by nothing else for certain. */
const page = join(dist, "index.html");
writeFileSync(page, readFileSync(page, "utf8").replace("</title>", `</title>\n<meta name="version" content="${version}">`));
const names = files.map((file) => "/" + relative(dist, file));

/* What a phone needs to work with no network: all that can be reached from the beginning but the command post, whose parts are kept once they were used. */
const graph = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
const needed = new Set(names.filter((name) => !name.startsWith("/assets/") && !name.startsWith("/.vite/")));
const seen = new Set();
function need(key) {
  if (seen.has(key) || key.startsWith("src/desk/")) return;
  seen.add(key);
  const part = graph[key];
  for (const file of [part.file, ...(part.css ?? []), ...(part.assets ?? [])]) needed.add("/" + file);
  for (const next of [...(part.imports ?? []), ...(part.dynamicImports ?? [])]) need(next);
}
need("index.html");
const digest = (name) => `sha256-${createHash("sha256").update(readFileSync(join(dist, name))).digest("base64")}`;
const worker = template.replace("__VERSION__", version).replace("__FILES__", JSON.stringify([...needed].sort().map((name) => [name, digest(name)])));
writeFileSync(join(dist, "sw.js"), worker);
for (const file of [...files, join(dist, "sw.js")]) {
  const text = readFileSync(file);
  if (text.length < 512 || /\.(png|woff2)$/.test(file)) continue;
  writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}
const size = (pattern) => names.filter((name) => pattern.test(name)).reduce((sum, name) => sum + statSync(join(dist, name.slice(1))).size, 0);
const packed = (list) => list.reduce((sum, name) => sum + (existsSync(join(dist, `${name.slice(1)}.gz`)) ? statSync(join(dist, `${name.slice(1)}.gz`)).size : statSync(join(dist, name.slice(1))).size), 0);
console.log(`field: ${Math.round(packed([...needed]) / 1024)} KiB kept on a phone, scanner and all`);
console.log(`app ${version}: ${names.length} files, ${Math.round(size(/\.js$/) / 1024)} KiB of scripts`);
