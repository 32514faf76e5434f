/* Every figure of a settlement table tells what it is: on hover, by keyboard and on tap. What is known of a year is
   loaded when the first of its figures is asked for (_static/zahlen/<year>.js, made from the line registry).

   Keyboard: Enter on a table goes to its first figure, arrows go from figure to figure, Escape leaves. */
(function () {
  "use strict";
  const here = document.currentScript.src.replace(/lfa-zahlen\.js.*$/, "");
  const root = document.documentElement.dataset.content_root || "./";
  const BELEG = { V: "im amtlichen Wortlaut belegt", N: "rechnerisch bewiesen", R: "rekonstruiert" };
  const loading = new Map();

  function known(year) {
    if (!loading.has(year))
      loading.set(year, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = `${here}zahlen/${year}.js`;
        script.onload = () => resolve(globalThis.LFA_ZAHLEN[year]);
        script.onerror = () => reject(new Error(`zahlen/${year}.js fehlt`));
        document.head.append(script);
      }));
    return loading.get(year);
  }

  function element(name, properties, ...children) {
    const made = document.createElement(name);
    Object.assign(made, properties);
    made.append(...children);
    return made;
  }

  /* Where a figure stands: on this page, or on the page that explains it. */
  function place(data, key, land) {
    const id = `z-${data.jahr}-${key}-${land}`;
    if (document.getElementById(id)) return `#${id}`;
    const page = data.seiten[key];
    return page ? `${root}${page}#${id}` : "";
  }

  function value(data, key, land) {
    const line = data.zeilen[key];
    if (!line) return "";
    const text = line.werte[land] ?? line.werte.INSGESAMT;
    return text === undefined ? "" : `${text} ${line.einheit}`.trim().replaceAll(" ", "\u00a0");
  }

  function figure(data, key, land) {
    const text = value(data, key, land);
    // A zero is left blank in the tables: there is no cell to lead to.
    const target = /^0\b/.test(text) && !text.startsWith("0,") ? "" : place(data, key, land in data.zeilen[key].werte ? land : "INSGESAMT");
    return target ? element("a", { href: target }, text) : document.createTextNode(text);
  }

  /* The formula of the registry with the numbers put in for its Zeilen and for the names of its inputs. */
  function inNumbers(data, line, land) {
    const names = line.eingaben.filter((key) => data.zeilen[key]).map((key) => [data.zeilen[key].name, key]);
    const escaped = names.map(([name]) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const pattern = new RegExp([String.raw`Zeile (\d+)( Insgesamt)?`, ...escaped].join("|"), "g");
    const parts = [];
    let last = 0;
    for (const match of line.regel.matchAll(pattern)) {
      const key = match[1] ? data.nummern[match[1]] : names.find(([name]) => name === match[0])[1];
      if (!key || !value(data, key, land)) continue;
      parts.push(line.regel.slice(last, match.index), figure(data, key, match[2] ? "INSGESAMT" : land));
      last = match.index + match[0].length;
    }
    return last ? [...parts, line.regel.slice(last)] : [];
  }

  function content(data, key, land) {
    const line = data.zeilen[key];
    const entry = (name, ...text) => [element("dt", {}, name), element("dd", {}, ...text)];
    const list = element("dl", {});
    if (line.orte.length) list.append(...entry("Stelle", line.orte.join(", ")));
    if (line.paragraf) list.append(...entry("Regel", `${line.paragraf}: ${line.regel} (${BELEG[line.beleg]})`));
    const numbers = line.regel ? inNumbers(data, line, land) : [];
    if (numbers.length) list.append(...entry("In Zahlen", ...numbers));
    const inputs = line.eingaben.filter((other) => value(data, other, land));
    if (inputs.length)
      list.append(...entry("Aus", element("ul", {}, ...inputs.map((other) => element("li", {}, `${data.zeilen[other].name}: `, figure(data, other, land))))));
    list.append(...entry("Geprüft", line.urteil_anders[land] ?? line.urteil));
    const source = line.quelle_anders?.[land] ?? line.quelle ?? data.quelle;
    list.append(...entry("Quelle", `${source || "dieses Buch"} (${data.herkunft}, ${data.stand})`));
    const proofs = (line.beweise[land] ?? []).map((target) => element("a", { href: root + target }, "Beweis der Berichtigung"));
    if (proofs.length) list.append(...entry("Berichtigt", ...proofs.flatMap((proof) => [proof, " "])));
    const heading = element("p", { className: "lfa-zahl-titel" }, `${data.laender[land]}: ${line.name}`);
    const amount = element("p", { className: "lfa-zahl-wert" }, value(data, key, land));
    return [heading, amount, list];
  }

  const box = element("div", { className: "lfa-zahl-kasten", id: "lfa-zahl-kasten", hidden: true });
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", "Was diese Zahl ist");
  const close = element("button", { type: "button", className: "lfa-zahl-zu" }, "×");
  close.setAttribute("aria-label", "Schließen");
  close.addEventListener("click", () => hide(true));
  let shown = null;
  let pinned = false;
  let timer;

  async function show(cell, pin) {
    clearTimeout(timer);
    const [year, key, land] = cell.dataset.zahl.split(" ");
    let data;
    try {
      data = await known(year);
    } catch (error) {
      console.error(error);
      return;
    }
    if (!data.zeilen[key]) return;
    shown?.classList.remove("lfa-gezeigt");
    shown = cell;
    pinned = pin;
    cell.classList.add("lfa-gezeigt");
    box.replaceChildren(close, ...content(data, key, land));
    box.hidden = false;
    put(cell);
    // On a phone the box is the foot of the screen: the figure stays in sight above it.
    const hidden = cell.getBoundingClientRect().bottom - box.getBoundingClientRect().top;
    if (getComputedStyle(box).position === "fixed" && hidden > 0) scrollBy(0, hidden + 24);
  }

  /* Below the figure, or above it where there is no room; on a phone at the foot of the screen (style sheet). */
  function put(cell) {
    const at = cell.getBoundingClientRect();
    const size = box.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
    const below = at.bottom + size.height + 8 < innerHeight || at.top < size.height;
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(below ? at.bottom + 4 : at.top - size.height - 4) + scrollY}px`;
  }

  function hide(back = false) {
    clearTimeout(timer);
    if (!shown) return;
    if (back) shown.focus();
    shown.classList.remove("lfa-gezeigt");
    shown = null;
    pinned = false;
    box.hidden = true;
  }

  const cellOf = (event) => event.target.closest?.("td[data-zahl]");

  function start() {
    const cells = [...document.querySelectorAll("td[data-zahl]")];
    if (!cells.length) return;
    document.body.append(box);
    for (const cell of cells) cell.tabIndex = -1;
    for (const table of new Set(cells.map((cell) => cell.closest(".lfa-table")))) {
      const hint = element("p", { className: "lfa-zahl-hilfe" }, "Jede Zahl sagt, was sie ist: antippen, oder Eingabetaste und Pfeile.");
      if (!document.querySelector(".lfa-zahl-hilfe")) table.after(hint);
      table.addEventListener("keydown", (event) => keys(event, table));
    }
    document.addEventListener("click", (event) => {
      const cell = cellOf(event);
      if (cell && !event.target.closest("a")) show(cell, true);
      else if (!box.contains(event.target)) hide();
    });
    document.addEventListener("mouseover", (event) => {
      const cell = cellOf(event);
      clearTimeout(timer);
      if (pinned || box.contains(event.target)) return;
      if (cell) timer = setTimeout(() => show(cell, false), 250);
      else timer = setTimeout(() => hide(), 300);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && shown) hide(true);
    });
  }

  function keys(event, table) {
    const cell = cellOf(event);
    if (!cell) {
      if (event.key === "Enter" && event.target === table) table.querySelector("td[data-zahl]")?.focus();
      else return;
    } else if (event.key === "Enter" || event.key === " ") {
      if (event.target.closest("a")) return;
      show(cell, true).then(() => box.querySelector("a")?.focus({ preventScroll: true }));
    } else {
      const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      if (!step) return;
      const rows = [...table.querySelectorAll("tbody tr")];
      const next = rows[rows.indexOf(cell.parentElement) + step[0]]?.cells[cell.cellIndex + step[1]];
      if (next?.dataset.zahl) (next.focus(), show(next, false));
    }
    event.preventDefault();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
