// Open every page of a folder in Chromium and print, as one JSON line a page, what a reader could not use.
// Use: node check.js PATH_OF_CHROMIUM FOLDER
const { readFileSync, readdirSync } = require("node:fs");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const [executablePath, folder] = process.argv.slice(2);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"];

async function check(browser, name) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  const outside = [];
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) outside.push(request.url());
  });
  await page.goto(pathToFileURL(join(folder, name)).href);
  await page.addScriptTag({ content: axe });
  const found = await page.evaluate(() => window.axe.run(document));
  const faults = found.violations
    .filter((fault) => ["serious", "critical"].includes(fault.impact))
    .map((fault) => `${fault.id}: ${fault.nodes[0].html.slice(0, 200)}`);
  let opened = true;
  if (await page.locator("details").count()) {
    await page.focus("details summary");
    await page.keyboard.press("Enter");
    opened = await page.evaluate(() => document.querySelector("details").open);
  }
  let overflow = 0;
  for (const width of [640, 400]) { // 200 % zoom of a 1280-pixel window, and a phone
    await page.setViewportSize({ width, height: 800 });
    const over = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    overflow = Math.max(overflow, await page.evaluate(over));
  }
  let search = null;
  if (await page.locator("form[role=search]").count()) {
    await page.fill("input[type=search]", "STANCE for");
    search = await page.locator("main li > h3:visible, main ul.pages > li:visible").allTextContents();
  }
  const paper = (await page.pdf({ format: "A4" })).toString("latin1");
  const sheets = paper.match(/\/Type\s*\/Page[^s]/g).length;
  await page.close();
  return { name, outside, faults, passed: found.passes.length, opened, overflow, search, sheets };
}

(async () => {
  const browser = await chromium.launch({ executablePath, args: quiet });
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".html")).sort()) {
    console.log(JSON.stringify(await check(browser, name)));
  }
  await browser.close();
})();
