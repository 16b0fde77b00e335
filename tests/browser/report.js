// Use a report as a reader does, in Chromium, and print as JSON what came of it.
// Use: node report.js PATH_OF_CHROMIUM PAGE
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const [executablePath, file] = process.argv.slice(2);
const quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"];
const numberIn = (text) => Number(text.match(/[\d,]+/)[0].replace(",", ""));

(async () => {
  const browser = await chromium.launch({ executablePath, args: quiet });
  const address = pathToFileURL(file).href;
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("dialog", (shown) => errors.push(shown.message()) && shown.dismiss());
  const open = async (hash) => {
    await page.goto("about:blank");
    await page.goto(address + hash);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
  };
  const told = async () => numberIn(await page.textContent("#told"));
  const speakers = () => page.locator("#list tbody th").evaluateAll((all) => all.map((one) => one.firstChild.textContent));
  // The address changes a moment before the table does.
  const until = async (ready, text) => {
    await page.waitForFunction(ready, text);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))));
  };
  const shows = (text) => until((part) => location.hash.includes(part), text);
  const said = {};

  await open("");
  said.all = await told();
  await page.fill("#filters input[name=q]", "taliban");
  await shows("q=taliban");
  said.filtered = await told();
  said.words = await page.locator("#list tbody tr").allTextContents();
  await page.click("#list th[data-sort=speaker] button");
  await shows("sort=speaker");
  said.sorted = await speakers();
  await page.click("#list th[data-sort=speaker] button");
  await shows("sort=-speaker");
  said.reversed = await speakers();
  const view = new URL(page.url()).hash;
  await open(view);
  said.again = await speakers();

  await open("");
  const count = page.locator("table a[data-find*='code=']", { hasText: /[1-9]/ }).first();
  said.count = numberIn(await count.textContent());
  await count.focus();
  await page.keyboard.press("Enter");
  await shows("code=");
  said.found = await told();
  await page.locator("#list button.open").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  said.title = await page.textContent("#article-title");
  said.marked = (await page.locator("dialog .now").allTextContents()).join("");
  said.link = new URL(page.url()).hash;
  await page.keyboard.press("Escape");
  await until((part) => !location.hash.includes(part), "statement=");
  await open(said.link);
  said.cited = await page.textContent("#article-title");

  await page.setViewportSize({ width: 400, height: 800 });
  said.overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.goto("about:blank");
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(address);
  said.plain = await still.locator("#list tbody tr").count();
  const paper = await browser.newPage();
  await paper.goto(address);
  await paper.waitForSelector("html[data-ready]", { state: "attached" });
  said.sheets = (await paper.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page[^s]/g).length;
  console.log(JSON.stringify({ ...said, errors }));
  await browser.close();
})();
