// Lighthouse on the built site, as a phone with a slow line sees it: median of three runs each.
//   node .ci/lighthouse.mjs [page …]        exit code 1 where a page is below what is asked
// Serves _build/html (or the folder in SITE) with gzip, as a web server would; npx fetches Lighthouse, which asks for
// Node 22.19 but also runs under 20. Not part of `make test`: other work on the machine counts as blocked time.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIGHTHOUSE = "lighthouse@13.5.0";
const ASKED = { performance: 80, "best-practices": 95, accessibility: 100 };
const PAGES = ["index", "rekonstruktion", "gesetzesvergleich", "umsatzsteuer", "jahre/2015", "selbst_rechnen"];
const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };

function serve(site) {
  const server = createServer((request, response) => {
    try {
      const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
      const body = readFileSync(join(site, path));
      response.setHeader("Content-Type", TYPES[extname(path)] ?? "application/octet-stream");
      response.setHeader("Content-Encoding", "gzip");
      response.setHeader("Cache-Control", "max-age=31536000");
      response.end(gzipSync(body));
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
}

function run(url, folder) {
  const report = join(folder, "report.json");
  const flags = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-component-update";
  execFileSync(
    "npx",
    ["--yes", LIGHTHOUSE, url, "--quiet", "--output=json", `--output-path=${report}`, `--chrome-flags=${flags}`,
      `--only-categories=${Object.keys(ASKED)}`, "--no-enable-error-reporting"],
    { stdio: ["ignore", "ignore", "inherit"], env: { CHROME_PATH: "/usr/bin/chromium", ...process.env } },
  );
  return JSON.parse(readFileSync(report, "utf8"));
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const time = (reports, audit) => (median(reports.map((r) => r.audits[audit].numericValue)) / 1000).toFixed(1) + " s";

function measure(port) {
  const folder = mkdtempSync(join(tmpdir(), "lighthouse-"));
  const chosen = process.argv.slice(2);
  let failed = false;
  console.log("| Page | Performance | Best practices | Accessibility | First paint | Largest paint | Blocked | Shift |");
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const page of chosen.length ? chosen : PAGES) {
    const reports = [1, 2, 3].map(() => run(`http://127.0.0.1:${port}/${page}.html`, folder));
    const scores = Object.keys(ASKED).map((key) => Math.round(100 * median(reports.map((r) => r.categories[key].score))));
    const times = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time"].map((a) => time(reports, a));
    const shift = median(reports.map((r) => r.audits["cumulative-layout-shift"].numericValue)).toFixed(3);
    console.log(`| ${[page, ...scores, ...times, shift].join(" | ")} |`);
    failed ||= Object.values(ASKED).some((asked, i) => scores[i] < asked);
    for (const { id, score, title } of Object.values(reports[0].audits))
      if (score !== null && score < 1 && ["best-practices", "accessibility"].some((c) =>
        reports[0].categories[c].auditRefs.some((ref) => ref.id === id && ref.weight))) console.error(`  ${id}: ${title}`);
  }
  rmSync(folder, { recursive: true });
  process.exit(failed ? 1 : 0);
}

if (isMainThread) {
  // In a thread of its own: this one waits for Lighthouse.
  const site = process.env.SITE ?? fileURLToPath(new URL("../_build/html", import.meta.url));
  new Worker(fileURLToPath(import.meta.url), { workerData: site }).once("message", measure);
} else serve(workerData);
