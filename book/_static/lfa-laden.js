/* Takes away the data of a chart as CSV, from its specification, whether or not the chart is drawn yet;
   completes the reference at the foot of the page with its address, and copies it. */
(function () {
  "use strict";

  /* --- Data of a chart --- */

  /** Every list of rows in a specification, each once; outlines of a map and empty helpers are no data. */
  function dataOf(spec) {
    const known = new Set();
    const found = [];
    (function visit(part) {
      if (!part || typeof part !== "object") return;
      for (const [key, value] of Object.entries(part)) {
        if (key !== "values") {
          visit(value);
          continue;
        }
        const rows = Array.isArray(value) ? value.filter((row) => row && typeof row === "object" && Object.keys(row).length) : [];
        const text = JSON.stringify(rows);
        if (!rows.length || known.has(text)) continue;
        known.add(text);
        found.push(rows);
      }
    })(spec);
    return found;
  }

  function field(value) {
    if (value === null || value === undefined) return "";
    if (typeof value === "boolean") return value ? "ja" : "nein";
    // 15 digits: more are noise of binary fractions, 110,00000000000001.
    if (typeof value === "number") return String(Number(value.toPrecision(15))).replace(".", ",");
    let text = typeof value === "object" ? JSON.stringify(value) : String(value);
    // What the chart shows as a negative number is text here; other text must not become a formula.
    if (/^[=+\-@\t\r]/.test(text)) text = "'" + text;
    return /[";\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  }

  /** One table of all rows; where the chart is made of several lists, a first column tells them apart. */
  function csvOf(spec) {
    const lists = dataOf(spec);
    const names = [...new Set(lists.flatMap((rows) => rows.flatMap((row) => Object.keys(row))))];
    const several = lists.length > 1;
    const lines = lists.flatMap((rows, part) =>
      rows.map((row) => [...(several ? [part + 1] : []), ...names.map((name) => row[name])].map(field).join(";")),
    );
    return [[...(several ? ["ebene"] : []), ...names].map(field).join(";"), ...lines].join("\r\n") + "\r\n";
  }

  function save(name, text) {
    const link = document.createElement("a");
    // With the mark that tells spreadsheets UTF-8, as the tables' files have it.
    link.href = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv;charset=utf-8" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /* --- Reference --- */

  function completeReference() {
    const text = document.getElementById("lfa-zitat-text");
    if (!text || !/^https?:$/.test(location.protocol)) return;
    const address = location.origin + location.pathname;
    const now = new Date();
    const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
    text.append(` ${address} (abgerufen am ${now.toLocaleDateString("de", { dateStyle: "long" })}).`);
    const bibtex = document.getElementById("lfa-zitat-bibtex");
    bibtex.textContent = bibtex.textContent.replace(/\}$/, `  url = {${address}},\n  urldate = {${day}},\n}`);
  }

  async function copy(button) {
    const source = document.getElementById(button.dataset.von);
    const report = document.getElementById("lfa-zitat-meldung");
    try {
      await navigator.clipboard.writeText(source.textContent);
      report.textContent = "Kopiert";
    } catch {
      getSelection().selectAllChildren(source);
      report.textContent = "Markiert, bitte mit Strg+C kopieren";
    }
    const label = button.textContent;
    button.textContent = report.textContent;
    setTimeout(() => { button.textContent = label; report.textContent = ""; }, 2500);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".lfa-laden button, .lfa-kopieren");
    if (!button) return;
    if (button.matches(".lfa-kopieren")) return copy(button);
    const figure = button.closest(".lfa-schaubild");
    lfaSchaubild.angaben(figure).then((spec) => save(`${figure.id}.csv`, csvOf(spec)));
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", completeReference);
  else completeReference();
})();
