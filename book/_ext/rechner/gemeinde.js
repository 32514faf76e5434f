/* The same for a Gemeinde of Baden-Württemberg: its own numbers in, every entitlement out. */
(async function () {
  "use strict";
  const root = document.getElementById("lfa-gemeinde");
  if (!root || !globalThis.LFA) return;
  const { number, german, plain, element, field, complain, button, select } = LFA;
  const years = globalThis.LFA_DATEN.jahre;
  const newest = Object.keys(years).at(-1);
  const started = performance.now();
  const BELEG = { V: "Wortlaut", R: "rekonstruiert" };
  const PERCENT = ["v.H.", "%"];

  // --- State ---------------------------------------------------------------------------------------------------------

  function empty(year = newest) {
    return { jahr: year, werte: {}, lesarten: {} };
  }

  function write(state) {
    const parts = new URLSearchParams({ jahr: state.jahr });
    for (const f of years[state.jahr].felder) if (f.key in state.werte) parts.set(f.key, state.werte[f.key]);
    for (const [key, value] of Object.entries(state.lesarten)) parts.set(`l.${key}`, value);
    return parts.toString();
  }

  function read(text) {
    const parts = new URLSearchParams(text);
    const wrong = [];
    const state = empty();
    if (years[parts.get("jahr")]) state.jahr = parts.get("jahr");
    else if (parts.has("jahr")) wrong.push(`Jahr „${parts.get("jahr")}“`);
    const year = years[state.jahr];
    for (const [key, text] of parts) {
      if (key === "jahr") continue;
      const f = year.felder.find((one) => one.key === key);
      const reading = year.lesarten.find((one) => `l.${one.key}` === key);
      const value = Number(text);
      if (f && text !== "" && !problem(f, value)) state.werte[key] = value;
      else if (reading && (value === 0 || value === 1)) state.lesarten[reading.key] = value;
      else wrong.push(`„${key}=${text}“`);
    }
    return { state, wrong };
  }

  function problem(f, value) {
    if (!Number.isFinite(value)) return "Bitte eine Zahl eingeben, zum Beispiel 1.000 oder 250,5.";
    if (f.ganz && !Number.isInteger(value)) return "Bitte eine ganze Zahl eingeben.";
    if (value < f.von || value > f.bis) return `Von ${german(f.von)} bis ${german(f.bis)}.`;
    return "";
  }

  function inputs(state) {
    return Object.fromEntries(years[state.jahr].felder.map((f) => [f.key, state.werte[f.key] ?? f.wert]));
  }

  /* Numbers that exclude each other: the field and what is wrong with it. */
  function contradiction(values) {
    for (const tax of ["grundsteuer_a", "grundsteuer_b", "gewerbesteuer"])
      if (values[tax] > 0 && values[`hebesatz_${tax}`] === 0)
        return [`hebesatz_${tax}`, "Mehr als 0, denn es gibt Einnahmen aus dieser Steuer."];
    return null;
  }

  // --- Controls ------------------------------------------------------------------------------------------------------

  let state = empty();
  const yearList = select("lfa-jahr", "Jahr der Bekanntmachung", Object.keys(years).map((year) => [year, year]));
  const form = element("div");
  const status = element("p", { className: "lfa-stand", role: "status", "aria-live": "polite" });
  const undo = button("Rückgängig", () => past.back());
  const redo = button("Wiederholen", () => past.forward());
  const reset = button("Zurück zur Mustergemeinde", () => change(() => empty(state.jahr)));
  const link = button("Link kopieren", () => LFA.copyLink(status));
  const download = button("Als CSV sichern", saveTable);
  const steps = element("div");
  const items = element("div");
  const kept = element("p", { className: "lfa-ergebnis" });
  let parts = new Map();

  const GROUPS = [
    ["Die Gemeinde", /^(einwohner|flaeche|zuschlag_personen)$/],
    ["Steuern", /steuer|schluesselzuweisung|familienleistung/],
    ["Zahlen des Landes", null],
    ["Straßen, Gäste, Personal", /strassen|ortsdurchfahrten|uebernachtungen|auszubildende/],
    ["Kinder", /kinder|gruppen/],
  ];

  function groupOf(f) {
    if (years[state.jahr].land.includes(f.key)) return "Zahlen des Landes";
    return GROUPS.find(([, pattern]) => pattern?.test(f.key))[0];
  }

  function fillForm() {
    const year = years[state.jahr];
    parts = new Map();
    const boxes = new Map(GROUPS.map(([name]) => [name, []]));
    for (const f of year.felder) {
      const made = field(`lfa-g-${f.key}`, f.name, f.einheit, f.paragraf);
      made.input.value = plain(state.werte[f.key] ?? f.wert);
      made.input.addEventListener("input", () => enter(f, made));
      made.input.addEventListener("change", remember);
      parts.set(f.key, made);
      boxes.get(groupOf(f)).push(made.box);
    }
    const groups = [...boxes].map(([name, content], place) =>
      element("details", { open: place < 2 }, element("summary", {}, name), element("div", { className: "lfa-felder" }, ...content)));
    const questions = year.lesarten.map((reading) => {
      const id = `lfa-l-${reading.key}`;
      const box = element("input", { id, type: "checkbox", checked: (state.lesarten[reading.key] ?? reading.wert) === 1 });
      box.addEventListener("change", () => {
        const value = box.checked ? 1 : 0;
        if (value === reading.wert) delete state.lesarten[reading.key];
        else state.lesarten[reading.key] = value;
        remember();
        compute();
      });
      return element("div", { className: "lfa-feld lfa-schalter" }, box, element("label", { for: id }, reading.frage));
    });
    groups.push(element("details", {}, element("summary", {}, "Was das Gesetz offen lässt"), ...questions));
    form.replaceChildren(...groups);
  }

  function enter(f, made) {
    const value = number(made.input.value);
    const wrong = problem(f, value);
    complain(made, wrong);
    if (wrong) return;
    if (value === f.wert) delete state.werte[f.key];
    else state.werte[f.key] = value;
    compute();
  }

  function change(action) {
    state = action(structuredClone(state)) ?? state;
    remember();
    showAll();
  }

  function remember() {
    const address = write(state);
    LFA.setAddress(address);
    past.add(address);
    showButtons();
  }

  function showButtons() {
    undo.disabled = !past.canGoBack;
    redo.disabled = !past.canGoForward;
    reset.disabled = !Object.keys(state.werte).length && !Object.keys(state.lesarten).length;
  }

  function showAll() {
    yearList.list.value = state.jahr;
    fillForm();
    showButtons();
    compute();
  }

  function showAddress(text) {
    const { state: next, wrong } = read(text);
    state = next;
    LFA.setAddress(write(state));
    showAll();
    status.textContent = leftOut = LFA.leftOut(wrong);
  }

  // --- Computing and showing -----------------------------------------------------------------------------------------

  let ask;
  let lines;
  let announcing;
  // Told once, together with the first result.
  let leftOut = "";
  let turn = 0;

  /* What was asked later counts: an answer to an earlier question is dropped. */
  async function compute() {
    if (!ask) return;
    const values = inputs(state);
    for (const tax of ["grundsteuer_a", "grundsteuer_b", "gewerbesteuer"]) {
      const made = parts.get(`hebesatz_${tax}`);
      if (made && !problem(years[state.jahr].felder.find((f) => f.key === `hebesatz_${tax}`), number(made.input.value))) complain(made, "");
    }
    const wrong = contradiction(values);
    if (wrong) {
      complain(parts.get(wrong[0]), wrong[1]);
      return;
    }
    const mine = ++turn;
    const begun = performance.now();
    delete root.dataset.dauer;
    const answer = await ask({ jahr: state.jahr, eingaben: values, lesarten: state.lesarten });
    if (mine !== turn) return;
    lines = answer;
    show();
    root.dataset.dauer = String(performance.now() - begun);
    clearTimeout(announcing);
    announcing = setTimeout(announce, 600);
  }

  function rows() {
    const year = years[state.jahr];
    return year.posten.map((item) => {
      const rate = year.parameter[item.satz] ?? lines[item.satz];
      return { ...item, menge: lines[item.basis], satzwert: rate, betrag: (item.zahlt ? -1 : 1) * lines[item.key] };
    });
  }

  function totals() {
    const found = rows();
    const got = found.filter((row) => !row.zahlt).reduce((sum, row) => sum + row.betrag, 0);
    const paid = found.filter((row) => row.zahlt).reduce((sum, row) => sum + row.betrag, 0);
    return { got, paid, balance: got + paid };
  }

  const digits = (value) => (Math.abs(value) >= 1000 ? 0 : Number.isInteger(value) ? 0 : Math.abs(value) < 1 ? 5 : 2);
  const amount = (value, unit) => `${german(value, digits(value))} ${PERCENT.includes(unit) ? "%" : unit.replace("EUR", "€").replace("Euro", "€")}`;

  /* A table whose first column names the row and whose second is the number that matters, also on a phone. */
  function tableOf(title, heads, rowOf, content) {
    const head = heads.map((text, place) => element("th", { scope: "col", className: place === 1 ? "lfa-zahl" : "" }, text));
    const cells = ([name, ...others]) => [
      element("th", { scope: "row" }, name),
      ...others.map((text, place) => element("td", { className: place ? "lfa-text" : "lfa-zahl" }, text)),
    ];
    const rows = content.map((one) => element("tr", { className: one.summe ? "lfa-summe" : "" }, ...cells(rowOf(one))));
    const table = element("table", {}, element("caption", {}, title), element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
    return element("div", { className: "lfa-table", tabIndex: 0, role: "region", "aria-label": title }, table);
  }

  function show() {
    const year = years[state.jahr];
    steps.replaceChildren(tableOf(`Der Weg zur Schlüsselzuweisung und zur Umlage, ${state.jahr}`, ["Größe", "Wert", "Paragraf"],
      (step) => [step.name, amount(lines[step.key], step.einheit), `${step.paragraf} (${BELEG[step.beleg]})`], year.schritte));
    const { got, paid, balance } = totals();
    const sums = [
      { summe: true, name: "Leistungen", betrag: got },
      { summe: true, name: "Zahlungen an das Land", betrag: paid },
      { summe: true, name: "Bleibt", betrag: balance },
    ];
    items.replaceChildren(tableOf(`Was die Gemeinde bekommt und zahlt, ${state.jahr}`, ["Posten", "Betrag, €", "Grundlage × Satz", "Paragraf"],
      (row) => row.summe
        ? [row.name, german(row.betrag), "", ""]
        : [row.name, german(row.betrag), `${amount(row.menge, row.basiseinheit)} × ${amount(row.satzwert, row.satzeinheit)}`, `${row.paragraf} (${BELEG[row.beleg]})`],
      [...rows(), ...sums]));
    kept.textContent = `Von einem Euro mehr Steuerkraft in jedem Jahr bleiben der Gemeinde ${german(100 * lines.bleibt, 1)} ct: im Durchschnitt der Prozentstufen der Umlage und vor der Kreisumlage.`;
  }

  function announce() {
    const { got, paid, balance } = totals();
    const words = `Neu gerechnet: Leistungen ${german(got)} €, Zahlungen an das Land ${german(-paid)} €, bleibt ${german(balance)} €.`;
    status.textContent = [leftOut, words].filter(Boolean).join(" ");
    leftOut = "";
  }

  function saveTable() {
    const table = rows().map((row) => [row.name, row.paragraf, row.menge, row.basiseinheit, row.satzwert, row.satzeinheit, row.betrag]);
    const given = years[state.jahr].felder.map((f) => [f.key, f.name, inputs(state)[f.key], f.einheit]);
    LFA.save(`gemeinde-${state.jahr}.csv`, LFA.csv([["Adresse", location.href], [], ["Posten", "Paragraf", "Grundlage", "Einheit", "Satz", "Einheit", "Betrag (€)"],
      ...table, [], ["Schlüssel", "Angabe", "Wert", "Einheit"], ...given]));
  }

  // --- Start ---------------------------------------------------------------------------------------------------------

  const past = LFA.history_of(write(read(location.hash.slice(1)).state), showAddress);
  yearList.list.addEventListener("change", () => change(() => empty(yearList.list.value)));
  addEventListener("hashchange", () => {
    if (location.hash.slice(1) === write(state)) return;
    showAddress(location.hash.slice(1));
    LFA.come(root);
  });

  try {
    ask = await LFA.python("gemeinde");
    root.replaceChildren(
      element("div", { className: "lfa-felder" }, yearList.box), form,
      element("div", { className: "lfa-knoepfe" }, undo, redo, reset, link, download), status, items, kept, steps,
    );
    showAddress(location.hash.slice(1));
    root.dataset.start = String(performance.now() - started);
  } catch (error) {
    root.replaceChildren(element("p", {}, "Der Rechner startet in diesem Browser nicht. Er braucht WebAssembly."));
    console.error(error);
  }
})();
