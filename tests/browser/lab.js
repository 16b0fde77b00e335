// Run all cells of every lesson and solved copy in JupyterLab, in Chromium, and print one JSON line per notebook:
// cells and how many ran, errors, requests to elsewhere, pictures and how many have no words.
// Use: node tests/browser/lab.js CHROMIUM PYTHON [FOLDER_OF_SCREENSHOTS] [START_OF_NAME ...]
const { spawn } = require("node:child_process");
const { cpSync, mkdtempSync, readdirSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { chromium } = require("playwright-core");

const [executablePath, python, shots, ...wanted] = process.argv.slice(2);
const quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"];
const port = 18000 + (process.pid % 1000);
const address = `http://localhost:${port}`;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// JupyterLab saves what it runs, so it gets a copy of the notebooks.
const folder = mkdtempSync(join(tmpdir(), "lab-"));
cpSync(join(__dirname, "..", "..", "notebooks"), folder, { recursive: true });
const named = (name) => name.endsWith(".ipynb") && (!wanted.length || wanted.some((start) => name.startsWith(start)));
const lessons = readdirSync(folder).filter(named).sort();
const paths = lessons.flatMap((name) => [name, `solutions/${name}`]);

async function serve() {
  const options = ["--no-browser", "--allow-root", `--port=${port}`, "--ServerApp.port_retries=0", "--IdentityProvider.token=",
    "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", `--notebook-dir=${folder}`];
  const server = spawn(python, ["-m", "jupyterlab", ...options], { stdio: "ignore" });
  for (let tries = 0; tries < 120; tries++) {
    if (server.exitCode !== null) break;
    if (await fetch(`${address}/api`).then((said) => said.ok, () => false)) return server;
    await pause(1000);
  }
  server.kill();
  throw new Error("JupyterLab did not start");
}

// Runs in the page: open a notebook, choose Run All Cells, wait, and look at its model, because cells far below are not drawn.
async function runAll(path) {
  const app = window.jupyterapp;
  await app.restored;
  const panel = await app.commands.execute("docmanager:open", { path, factory: "Notebook" });
  await panel.context.ready;
  await panel.sessionContext.ready;
  await app.commands.execute("notebook:run-all-cells");
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  for (let still = 0; still < 3; still++) {
    await wait(1000);
    if (panel.sessionContext.session.kernel.status !== "idle") still = -1;
  }
  const codes = panel.context.model.toJSON().cells.filter((cell) => cell.cell_type === "code");
  const outputs = codes.flatMap((cell) => cell.outputs);
  const text = (output) => [output.data?.["text/html"] ?? ""].flat().join("");
  const images = outputs.flatMap((output) => [...new DOMParser().parseFromString(text(output), "text/html").images]);
  const bare = outputs.filter((output) => output.data?.["image/png"] && !text(output));
  return {
    cells: codes.length,
    ran: codes.filter((cell) => cell.execution_count).length,
    errors: outputs.filter((output) => output.output_type === "error").map((one) => `${one.ename}: ${one.evalue}`),
    pictures: images.length + bare.length,
    wordless: images.filter((image) => !image.alt).length + bare.length,
  };
}

async function check(browser, path, number) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
  const page = await context.newPage();
  const outside = new Set();
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !/^(data|blob):/.test(url)) outside.add(url);
  });
  await page.goto(`${address}/lab/workspaces/n${number}?reset`);
  await page.waitForFunction(() => window.jupyterapp, null, { timeout: 120000 });
  const told = await page.evaluate(runAll, path);
  if (shots) await page.screenshot({ path: join(shots, `${path.replace("/", "-")}.png`) });
  await page.evaluate(() => window.jupyterapp.serviceManager.sessions.shutdownAll());
  await context.close();
  return { path, ...told, outside: [...outside] };
}

(async () => {
  const server = await serve();
  const browser = await chromium.launch({ executablePath, args: quiet });
  try {
    for (const [number, path] of paths.entries()) console.log(JSON.stringify(await check(browser, path, number)));
  } finally {
    await browser.close();
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
})();
