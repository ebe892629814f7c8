/**
 * Pictures of every field screen, to be looked at: npm run phone-screens FOLDER [NAME…]. A name is a screen ("door") or a look ("small-zh"). The
 * whole page, with its bars at the ends; of the small and the flat phone and of huge letters also what one sees at once, bars in their places.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/* Node takes TypeScript as it is, but wants the whole name of a file, which the compiler does not. */
const { screens, show, Stage } = (await import(join(import.meta.dirname, "../browser/stage.ts"))) as typeof import("../browser/stage");

type Look = { language: "zh" | "en"; dark?: boolean; viewport?: { width: number; height: number }; letters?: string };
const LOOKS: Record<string, Look> = { "zh-light": { language: "zh" }, "zh-dark": { language: "zh", dark: true }, "en-light": { language: "en" }, "en-dark": { language: "en", dark: true } };
for (const language of ["zh", "en"] as const) {
  LOOKS[`small-${language}`] = { language, viewport: { width: 320, height: 568 } };
  LOOKS[`flat-${language}`] = { language, viewport: { width: 844, height: 390 } };
  LOOKS[`huge-${language}`] = { language, letters: "200%" };
}

const [folder = "screens", ...names] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
process.env["NODE_ENV"] = "test";
const looks = Object.keys(LOOKS).filter((name) => names.includes(name));
const chosen = screens.filter((one) => names.includes(one.name));
const stage = await Stage.begin();
let pictures = 0;
for (const [name, look] of Object.entries(LOOKS)) {
  if (looks.length > 0 && !looks.includes(name)) continue;
  const { page, problems } = await stage.page(look);
  const shot = async (file: string, fullPage: boolean) => { await page.screenshot({ path: join(folder, `${file}-${name}.png`), fullPage }); pictures++; };
  for (const screen of chosen.length > 0 ? chosen : screens) {
    await show(stage, page, screen);
    if (look.letters !== undefined) await page.evaluate((size) => (document.documentElement.style.fontSize = size), look.letters);
    const window = (await page.locator("dialog[open]").count()) > 0;
    if (look.viewport !== undefined || look.letters !== undefined) await shot(window ? screen.name : `${screen.name}-seen`, false);
    if (window && (look.viewport !== undefined || look.letters !== undefined)) continue;
    /* Bars that stick would lie across the middle of a long picture. */
    await page.evaluate(() => document.querySelectorAll<HTMLElement>(".tabs, .foot, .top").forEach((bar) => (bar.style.position = "static")));
    await shot(screen.name, !window);
  }
  for (const problem of problems) console.error(`${name}: ${problem}`);
  await page.context().close();
}
await stage.end();
console.log(`${pictures} pictures of the phone in ${folder}`);
