/** Pictures of every screen of both halves, to be looked at: npm run screens [FOLDER], after npm run build; else into var/screens. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const APP = join(import.meta.dirname, "../..");
const folder = resolve(process.argv[2] ?? join(APP, "../var/screens"));
const parts: [string, string[]][] = [
  ["phone", ["tests/measure/screens.ts", join(folder, "phone")]],
  ["desk", ["tests/measure/desk_screens.ts", join(folder, "desk")]],
  ["map", ["tests/measure/map_screens.ts", join(folder, "map")]],
];
let bad = 0;
for (const [name, words] of parts) {
  const begun = Date.now();
  const { status } = spawnSync(process.execPath, words, { cwd: APP, stdio: "inherit", env: { ...process.env, SCREENS: join(folder, name) } });
  console.log(`${name}: ${status === 0 ? "done" : `failed (${status})`} in ${Math.round((Date.now() - begun) / 1000)} s`);
  bad += Number(status !== 0);
}
console.log(`pictures in ${folder}`);
process.exitCode = bad === 0 ? 0 : 1;
