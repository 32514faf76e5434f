/* What both calculators share: numbers as Germans write them, history, address, and Python in the browser. */
(function () {
  "use strict";

  const GERMAN = /^[+\-−]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/;

  /* The number that a German wrote, or NaN. */
  function number(text) {
    const written = text.trim().replace(/[\s\u00a0\u202f]/g, "");
    if (!GERMAN.test(written)) return NaN;
    return Number(written.replace("−", "-").replace("+", "").replaceAll(".", "").replace(",", "."));
  }

  const formats = new Map();

  /* A number as Germans read it; a true minus, on request a plus. Zero has no sign. */
  function german(value, decimals = 0, sign = false) {
    const key = `${decimals} ${sign}`;
    if (!formats.has(key)) {
      const signDisplay = sign ? "exceptZero" : "negative";
      const fixed = { minimumFractionDigits: decimals, maximumFractionDigits: decimals, signDisplay };
      formats.set(key, new Intl.NumberFormat("de-DE", fixed));
    }
    return formats.get(key).format(value).replace("-", "−");
  }

  /* A value as a field shows it: as many decimals as it has, no points between thousands. */
  function plain(value) {
    return String(value).replace(".", ",").replace("-", "−");
  }

  /* An element with properties, attributes (names with a dash) and children. */
  function element(name, properties = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key.includes("-") || key === "for" || key === "role") made.setAttribute(key, value);
      else made[key] = value;
    }
    made.append(...children);
    return made;
  }

  /* A labelled field with room for a unit, a hint, and a message beside it. */
  function field(id, label, unit, hint) {
    const input = element("input", { id, type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false });
    const message = element("span", { id: `${id}-meldung`, className: "lfa-fehler" });
    const note = element("span", { id: `${id}-hinweis`, className: "lfa-hinweis" }, hint || "");
    input.setAttribute("aria-describedby", `${id}-hinweis ${id}-meldung`);
    const row = element("span", { className: "lfa-eingabe" }, input, element("span", { className: "lfa-einheit" }, unit));
    const box = element("div", { className: "lfa-feld" }, element("label", { for: id }, label), row, note, message);
    return { box, input, note, message };
  }

  /* Brings the calculator into view and the keyboard to it: a link further down has changed it. */
  function come(root) {
    root.tabIndex = -1;
    root.scrollIntoView();
    root.focus({ preventScroll: true });
  }

  /* What is said of the parts of an address that name nothing. */
  function leftOut(wrong) {
    return wrong.length ? `Die Adresse nennt etwas, das es hier nicht gibt: ${wrong.join(", ")}. Es bleibt weg.` : "";
  }

  /* Shows what is wrong with a field, or that nothing is. */
  function complain(parts, text) {
    parts.message.textContent = text;
    if (text) parts.input.setAttribute("aria-invalid", "true");
    else parts.input.removeAttribute("aria-invalid");
  }

  function button(text, action, properties = {}) {
    const made = element("button", { type: "button", ...properties }, text);
    made.addEventListener("click", action);
    return made;
  }

  function select(id, label, entries) {
    const list = element("select", { id });
    for (const [value, text] of entries) list.append(element("option", { value }, text));
    return { box: element("div", { className: "lfa-feld" }, element("label", { for: id }, label), list), list };
  }

  /* States one can go back to and forward again; each is a text, the address of the page. */
  function history_of(first, show) {
    let past = [];
    let now = first;
    let future = [];
    return {
      add(state) {
        if (state === now) return;
        past.push(now);
        now = state;
        future = [];
      },
      back() {
        if (past.length) (future.push(now), (now = past.pop()), show(now));
      },
      forward() {
        if (future.length) (past.push(now), (now = future.pop()), show(now));
      },
      get canGoBack() { return past.length > 0; },
      get canGoForward() { return future.length > 0; },
    };
  }

  /* The address without reloading; also where the page is opened from a folder. */
  function setAddress(text) {
    const url = "#" + text;
    if (location.hash === url) return;
    try {
      history.replaceState(null, "", url);
    } catch {
      location.replace(url);
    }
  }

  function save(name, text) {
    const url = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv" }));
    element("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  /* Semicolons and decimal commas, as a German spreadsheet opens them. */
  function csv(rows) {
    const cell = (value) => {
      const text = typeof value === "number" ? String(value).replace(".", ",") : String(value ?? "");
      return /[";\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    return rows.map((row) => row.map(cell).join(";")).join("\r\n") + "\r\n";
  }

  async function copyLink(status) {
    try {
      await navigator.clipboard.writeText(location.href);
      status.textContent = "Der Link ist kopiert. Wer ihn öffnet, sieht dieselbe Rechnung.";
    } catch {
      status.textContent = `Der Link steht in der Adresszeile: ${location.href}`;
    }
  }

  /* The law itself: the package's own files under MicroPython. Runs in a worker, or where there is none in the page;
     so it must be complete in itself. Returns a function from a question to its answer, both JSON. */
  async function runtime({ script, wasm, files, data, entry }) {
    (0, eval)(script);
    const bytes = Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0));
    const url = URL.createObjectURL(new Blob([bytes], { type: "application/wasm" }));
    const python = await globalThis.loadMicroPython({ url, heapsize: 16 * 1024 * 1024, stderr: () => {} });
    URL.revokeObjectURL(url);
    python.FS.mkdir("/lfa");
    python.FS.mkdir("/lfa/law");
    for (const [name, text] of Object.entries(files)) python.FS.writeFile("/lfa/" + name, text);
    python.FS.writeFile("/daten.json", data);
    python.runPython(`
import json, sys
sys.path.insert(0, "/")
from lfa import scenario
_data = scenario.decoded(json.load(open("/daten.json")))
def ask(question):
    return scenario.${entry}(_data, question)
`);
    return python.globals.get("ask");
  }

  const WORKER = `
    const runtime = ${runtime};
    let ask;
    onmessage = async ({ data: { number, setup, question } }) => {
      try {
        if (setup) ask = await runtime(setup);
        postMessage({ number, answer: setup ? "true" : ask(question) });
      } catch (error) {
        postMessage({ number, error: String(error) });
      }
    };`;

  /* Beside the page, so that typing stays smooth. */
  function inWorker(setup) {
    const url = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
    const worker = new Worker(url);
    const open = new Map();
    let last = 0;
    const send = (message) =>
      new Promise((resolve, reject) => {
        const number = ++last;
        open.set(number, { resolve, reject });
        worker.postMessage({ number, ...message });
      });
    worker.onmessage = ({ data: { number, answer, error } }) => {
      const { resolve, reject } = open.get(number);
      open.delete(number);
      if (error) reject(new Error(error));
      else resolve(answer);
    };
    worker.onerror = (event) => {
      for (const { reject } of open.values()) reject(new Error(event.message));
      open.clear();
    };
    return send({ setup }).then(() => (question) => send({ question }));
  }

  /* A function that asks the law and promises its answer. */
  async function python(entry) {
    const { LFA_LAUFZEIT: script, LFA_WASM: wasm, LFA_DATEIEN: files } = globalThis;
    const setup = { script, wasm, files, data: JSON.stringify(globalThis.LFA_DATEN), entry };
    let ask;
    try {
      ask = await inWorker(setup);
    } catch {
      ask = await runtime(setup);
    }
    return async (question) => JSON.parse(await ask(JSON.stringify(question)));
  }

  globalThis.LFA = {
    number, german, plain, element, field, come, leftOut, complain, button, select, history_of, setAddress, save, csv, copyLink, python,
  };
})();
