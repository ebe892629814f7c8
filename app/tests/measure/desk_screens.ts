/** Pictures of every page of the desk, to be looked at: npm run desk-screens [FOLDER] [ONLY], after npm run build. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { busy, come, PAGES, signIn } from "../browser/desk_world.ts";
import { World } from "../browser/world.ts";

const folder = process.argv[2] ?? "screens";
const only = process.argv[3];
mkdirSync(folder, { recursive: true });
const world = await World.begin(600, 5);
let faults = 0;
try {
  await busy(world);
  const browser = await world.browser();
  const sizes = { desk: World.desk, phone: { ...World.phone, deviceScaleFactor: 1 } };
  for (const language of ["zh", "en"] as const)
    for (const [size, options] of Object.entries(sizes))
      for (const scheme of language === "zh" ? (["light", "dark"] as const) : (["light"] as const)) {
        const { page, context, problems } = await world.page(browser, { ...options, colorScheme: scheme }, language);
        const shot = (name: string) => page.screenshot({ path: join(folder, `${size}-${language}-${scheme}-${name}.png`) });
        await page.goto(`${world.url}/?desk`);
        await page.locator("input[name=login]").waitFor();
        if (only === undefined) await shot("00-sign-in");
        await signIn(page, world, language);
        for (const [at, path] of PAGES.entries()) {
          if (only !== undefined && !path.includes(only)) continue;
          await come(page, path);
          const name = `${String(at + 1).padStart(2, "0")}${path.replace(/\?.*/, "").replaceAll("/", "-")}`;
          await shot(name);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (wide > 0) console.log(`${size} ${language} ${path}: ${wide} px too wide`);
          const grid = page.locator("#main [role=grid]");
          if ((await grid.count()) > 0) {
            await grid.focus();
            await page.keyboard.press("Enter");
            const panel = page.locator(".panel h2, .panel .why");
            if (await panel.first().waitFor({ timeout: 3000 }).then(() => true, () => false)) await shot(`${name}-open`);
          }
        }
        faults += problems.length;
        for (const problem of problems) console.log(`${size} ${language} ${scheme}: ${problem}`);
        await context.close();
      }
} finally {
  await world.end();
}
console.log(`pictures in ${folder}; ${faults} errors in the console`);
process.exitCode = faults === 0 ? 0 : 1;
