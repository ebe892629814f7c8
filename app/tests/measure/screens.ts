/** Pictures of every field screen in both languages, light and dark: npm run screens FOLDER [NAME…]. Somebody has to look at them. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/* Node takes TypeScript as it is, but wants the whole name of a file, which the compiler does not. */
const { screens, show, Stage } = (await import(join(import.meta.dirname, "../browser/stage.ts"))) as typeof import("../browser/stage");

const [folder = "screens", ...names] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
process.env["NODE_ENV"] = "test";
const stage = await Stage.begin();
const wanted = screens.filter((one) => names.length === 0 || names.includes(one.name));
for (const language of ["zh", "en"] as const)
  for (const dark of [false, true]) {
    const { page, problems } = await stage.page({ language, dark });
    for (const screen of wanted) {
      await show(stage, page, screen);
      /* Bars that stick would lie across the middle of a long picture. */
      await page.evaluate(() => document.querySelectorAll<HTMLElement>(".tabs, .foot, .top").forEach((bar) => (bar.style.position = "static")));
      const window = await page.locator("dialog[open]").count();
      await page.screenshot({ path: join(folder, `${screen.name}-${language}-${dark ? "dark" : "light"}.png`), fullPage: window === 0 });
    }
    for (const problem of problems) console.error(`${language}: ${problem}`);
    await page.context().close();
  }
await stage.end();
console.log(`${wanted.length * 4} pictures in ${folder}`);
