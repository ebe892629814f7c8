/**
 * What Lighthouse says of the phone's pages over a real server, accessibility and best practices, in both languages: a page that falls short of 100
 * fails. Lighthouse is no dependency (176 MB): npm run lighthouse fetches it for this one run.
 */
import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { World } from "../browser/world.ts";

const PIN = "258036";
const TALL = { width: 412, height: 4000, isMobile: true, hasTouch: true };
const GROUPS = ["accessibility", "best-practices"];

/** Where npx has put it: the program on the path leads to its package. */
const program = spawnSync("which", ["lighthouse"], { encoding: "utf8" }).stdout.trim();
if (program === "") throw new Error("run it as: npm run lighthouse");
const home = dirname(dirname(realpathSync(program)));
const { navigation, snapshot } = await import(pathToFileURL(join(home, "core/index.js")).href);
const { default: puppeteer } = await import(pathToFileURL(createRequire(join(home, "package.json")).resolve("puppeteer-core")).href);

interface Audit { title: string; score: number | null; scoreDisplayMode: string; details?: { items?: { node?: { snippet?: string; explanation?: string }; description?: string; source?: string }[] } }
let short = 0;
function told(name: string, { lhr }: { lhr: { categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>; audits: Record<string, Audit> } }): void {
  const groups = Object.entries(lhr.categories).map(([group, { score }]) => `${group} ${score === null ? "?" : Math.round(score * 100)}`);
  console.log(`${name}: ${groups.join(", ")}`);
  for (const { score, auditRefs } of Object.values(lhr.categories)) {
    if (score !== 1) short++;
    for (const { id } of auditRefs) {
      const audit = lhr.audits[id]!;
      if (audit.score === null || audit.score >= 1 || audit.scoreDisplayMode === "informative") continue;
      console.log(`  ${id}: ${audit.title} ${(audit.details?.items ?? []).slice(0, 3).map((item) => (item.node === undefined ? undefined : `${item.node.snippet} (${item.node.explanation?.replace(/\s+/g, " ")})`) ?? item.description ?? item.source ?? "").join(" | ")}`);
    }
  }
}

const world = await World.begin(300, 3);
const browser = await puppeteer.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
try {
  const token = await world.signIn();
  const member = world.account("keeper", "林包栋", "grid_leader");
  for (const language of ["zh", "en"]) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport(TALL); // now, for becoming a phone loads a page anew, and that locks it
    /* As tall as what it shows: of a row that lies half under a bar that sticks, the half in sight would count as a small target. */
    const look = async (name: string) => {
      await page.setViewport(TALL);
      told(`${language}, ${name}`, await snapshot(page, { flags: { ...flags, screenEmulation: { disabled: true } } }));
    };
    const press = (selector: string) => page.evaluate((of: string) => document.querySelector<HTMLElement>(of)!.click(), selector);
    const flags = { onlyCategories: GROUPS, disableStorageReset: true, logLevel: "error" };
    await page.goto(`${world.url}/?field`);
    await page.evaluate((which: string) => localStorage.setItem("doorward.lang", which), language);
    told(`${language}, joining`, await navigation(page, `${world.url}/#enrol=${await world.invitation(member, token)}`, { flags }));
    await page.waitForSelector(".pin");
    await page.keyboard.type(PIN);
    await page.keyboard.type(PIN);
    await page.waitForSelector(".quicks");
    await look("my doors");
    await press("main a.building");
    await page.waitForSelector("a.tile");
    await look("a building");
    await press("a.tile");
    await page.waitForSelector("footer .button");
    await look("a door");
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null || navigator.serviceWorker.ready);
    await world.stop(); // from here on the phone's own copy answers
    told(`${language}, locked, without the server`, await navigation(page, `${world.url}/`, { flags }));
    await page.waitForSelector(".pin");
    await page.keyboard.type(PIN);
    await page.waitForSelector(".quicks");
    await look("my doors, without the server");
    await world.serve();
    await context.close();
  }
} finally {
  await browser.close();
  await world.end();
}
console.log(short === 0 ? "all at 100" : `${short} below 100`);
process.exitCode = short === 0 ? 0 : 1;
