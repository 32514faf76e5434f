/* „Selbst rechnen“: change inputs and rules of the Länder and see what the law makes of it. The law is not here: it
   runs as Python, from the files of the package (gemeinsam.js). This file only asks, shows and remembers. */
(async function () {
  "use strict";
  const root = document.getElementById("lfa-rechner");
  if (!root || !globalThis.LFA) return;
  const { number, german, plain, element, field, complain, button, select } = LFA;
  const data = globalThis.LFA_DATEN;
  const codes = data.laender.map((land) => land.kuerzel);
  const started = performance.now();

  const STUFEN = {
    einwohner: "Einwohner", vertikal: "Bund und Länder", umsatzsteuer: "Umsatzsteuer", laendersteuern: "Ländersteuern",
    gemeindesteuern: "Gemeindesteuern", finanzkraft: "Finanzkraft", ausgleichsmesszahl: "Ausgleichsmesszahl",
    tarif: "Tarif", laendersteuergarantie: "Ländersteuergarantie", belastungsobergrenze: "Belastungsobergrenze",
    rangfolge: "Rangfolge", bez: "Zuweisungen des Bundes",
  };
  const BELEG = { V: "Wortlaut", N: "nachgerechnet", R: "rekonstruiert" };
  /* What a value is shown in: unit, divisor, decimals. */
  const EINHEITEN = {
    EUR: ["Mio. €", 1e6, 1], Einwohner: ["Tsd.", 1e3, 1], "EUR je Einwohner": ["€", 1, 2], "v.H.": ["%", 1, 2],
    Anteil: ["%", 0.01, 2], Rang: ["", 1, 0], Gemeinden: ["", 1, 0],
  };
  const LARGEST = 1e6; // Mio. €: a thousand milliards

  // --- State: what the address holds ---------------------------------------------------------------------------------

  function empty() {
    return { fassung: "1993", basis: "2003", zeile: "ausgleich", land: {}, regeln: {} };
  }

  function write(state) {
    const parts = new URLSearchParams({ gesetz: state.fassung, basis: state.basis, zeile: state.zeile });
    for (const code of codes)
      for (const { key } of data.felder) if (state.land[code]?.[key]) parts.set(`${code}.${key}`, state.land[code][key]);
    for (const [key, value] of Object.entries(state.regeln)) parts.set(`r.${key}`, value);
    return parts.toString();
  }

  /* The state an address names; what it names wrongly is left out and told. */
  function read(text) {
    const state = empty();
    const wrong = [];
    const parts = new URLSearchParams(text);
    if (data.fassungen[parts.get("gesetz")]) state.fassung = parts.get("gesetz");
    else if (parts.has("gesetz")) wrong.push(`Gesetz „${parts.get("gesetz")}“`);
    const version = data.fassungen[state.fassung];
    if (version.basen[parts.get("basis")]) state.basis = parts.get("basis");
    else if (parts.has("basis")) wrong.push(`Basis „${parts.get("basis")}“`);
    if (parts.has("zeile")) state.zeile = parts.get("zeile");
    for (const [key, text] of parts) {
      const [place, name] = key.split(".");
      const value = Number(text);
      if (!name) continue;
      if (place === "r" && ruleOf(state, name) && !ruleProblem(ruleOf(state, name), value)) state.regeln[name] = value;
      else if (codes.includes(place) && data.felder.some((f) => f.key === name) && !landProblem(state, place, name, value))
        (state.land[place] ??= {})[name] = value;
      else wrong.push(`„${key}=${text}“`);
    }
    fitLine(state);
    return { state, wrong };
  }

  /* Another base may lack the line that is shown. */
  function fitLine(state) {
    const lines = data.fassungen[state.fassung].basen[state.basis].zeilen;
    if (!lines.includes(state.zeile)) {
      const stage = data.fassungen[state.fassung].zeilen;
      state.zeile = lines.find((key) => stage[key].stufe === state.zeile) ?? "ausgleich";
    }
  }

  /* The rules that this base lets one change, by name. */
  function rulesOf(s) {
    const version = data.fassungen[s.fassung];
    const without = version.basen[s.basis].ohneRegeln;
    return Object.entries(version.regeln).filter(([key]) => !without.includes(key));
  }

  function ruleOf(s, name) {
    return rulesOf(s).find(([key]) => key === name)?.[1];
  }

  // --- What may be entered -------------------------------------------------------------------------------------------

  function stock(state, code, key) {
    return data.fassungen[state.fassung].basen[state.basis].bestand[key].v[codes.indexOf(code)];
  }

  function scale(key) {
    return data.felder.find((f) => f.key === key).mal;
  }

  function landProblem(state, code, key, value) {
    if (!Number.isFinite(value)) return "Bitte eine Zahl eingeben, zum Beispiel 1.000 oder −250,5.";
    const after = stock(state, code, key) / scale(key) + value;
    if (Math.abs(value) > LARGEST) return `Höchstens ${german(LARGEST)} mehr oder weniger.`;
    if (key === "einwohner" && after < 1) return "So bliebe kein Mensch im Land.";
    if (after < 0) return `So viel ist nicht da: Es sind ${german(stock(state, code, key) / scale(key), 1)}.`;
    return "";
  }

  function ruleProblem(rule, value) {
    if (!Number.isFinite(value)) return "Bitte eine Zahl eingeben, zum Beispiel 63 oder 37,5.";
    if (rule.schalter) return value === 0 || value === 1 ? "" : "An oder aus.";
    if (value < rule.von || value > rule.bis) return `Von ${german(rule.von)} bis ${german(rule.bis)} ${rule.einheit}.`;
    return "";
  }

  // --- Controls ------------------------------------------------------------------------------------------------------

  let state = empty();
  const versions = Object.entries(data.fassungen);
  const law = select("lfa-gesetz", "Gesetz", versions.map(([key, version]) => [key, version.name]));
  const base = select("lfa-basis", "Zahlen", []);
  const land = select("lfa-land", "Land", data.laender.map((l) => [l.kuerzel, l.name]));
  const line = select("lfa-zeile", "Zeile", []);
  const fields = data.felder.map((f) => ({ ...f, ...field(`lfa-f-${f.key}`, f.name, f.einheit) }));
  const rules = element("div", { className: "lfa-felder" });
  const changes = element("ul", { className: "lfa-aenderungen" });
  const status = element("p", { className: "lfa-stand", role: "status", "aria-live": "polite" });
  const kind = element("p", { className: "lfa-art" });
  const readings = element("div", { className: "lfa-lesarten" });
  const presets = element("div", { className: "lfa-knoepfe" });
  const undo = button("Rückgängig", () => past.back());
  const redo = button("Wiederholen", () => past.forward());
  const reset = button("Alles zurücksetzen", () => change((s) => ((s.land = {}), (s.regeln = {}))));
  const link = button("Link kopieren", () => LFA.copyLink(status));
  const download = button("Als CSV sichern", saveTable);
  const body = element("tbody");
  const foot = element("tfoot");
  const head = element("tr");
  const caption = element("caption");
  const table = element("table", {}, caption, element("thead", {}, head), body, foot);
  const mapTitle = element("p", { className: "lfa-kartentitel" });
  const map = element("div", { className: "lfa-karte", role: "img", "aria-label": "Karte der Länder" });

  function layout() {
    const legend = (text, ...content) => element("fieldset", {}, element("legend", {}, text), ...content);
    root.replaceChildren(
      legend("Womit gerechnet wird", element("div", { className: "lfa-felder" }, law.box, base.box), kind),
      legend("Beispiele", presets),
      legend("Ein Land ändern", element("div", { className: "lfa-felder" }, land.box, ...fields.map((f) => f.box))),
      element("details", { id: "lfa-regeln" }, element("summary", {}, "Regeln ändern"), rules),
      changes,
      element("div", { className: "lfa-knoepfe" }, undo, redo, reset, link, download),
      status,
      element("div", { className: "lfa-felder lfa-zeilenwahl" }, line.box),
      element("div", { className: "lfa-table", tabIndex: 0, role: "region", "aria-label": "Ergebnis je Land" }, table),
      mapTitle,
      map,
      readings,
    );
  }

  function fillBases() {
    const entries = Object.entries(data.fassungen[state.fassung].basen);
    base.list.replaceChildren(...entries.map(([key, b]) => element("option", { value: key }, b.name)));
    base.list.value = state.basis;
  }

  function fillLines() {
    const version = data.fassungen[state.fassung];
    const groups = new Map();
    for (const key of version.basen[state.basis].zeilen) {
      const stage = version.zeilen[key].stufe;
      if (!groups.has(stage)) groups.set(stage, element("optgroup", { label: STUFEN[stage] ?? stage }));
      groups.get(stage).append(element("option", { value: key }, version.zeilen[key].name));
    }
    line.list.replaceChildren(...groups.values());
    line.list.value = state.zeile;
  }

  function fillRules() {
    rules.replaceChildren();
    for (const [key, rule] of rulesOf(state)) {
      const id = `lfa-r-${key}`;
      if (rule.schalter) {
        const box = element("input", { id, type: "checkbox", checked: (state.regeln[key] ?? 1) === 1 });
        box.addEventListener("change", () => setRule(key, box.checked ? 1 : 0));
        rules.append(element("div", { className: "lfa-feld lfa-schalter" }, box, element("label", { for: id }, rule.name)));
        continue;
      }
      const parts = field(id, rule.name, rule.einheit, `im Gesetz: ${german(rule.wert, decimals(rule.wert))} ${rule.einheit}`);
      parts.input.value = plain(state.regeln[key] ?? rule.wert);
      parts.input.addEventListener("input", () => {
        const value = number(parts.input.value);
        const problem = ruleProblem(rule, value);
        complain(parts, problem);
        if (!problem) setRule(key, value, true);
      });
      parts.input.addEventListener("change", remember);
      rules.append(parts.box);
    }
  }

  function decimals(value) {
    return (String(value).split(".")[1] ?? "").length;
  }

  function fillFields() {
    for (const f of fields) {
      const value = state.land[land.list.value]?.[f.key] ?? 0;
      f.input.value = value ? plain(value) : "0";
      complain(f, "");
      describe(f);
    }
  }

  /* Says what there is and what it becomes. */
  function describe(f) {
    const code = land.list.value;
    const before = stock(state, code, f.key) / f.mal;
    const value = state.land[code]?.[f.key] ?? 0;
    const becomes = value ? `, jetzt ${german(before + value, 1)}` : "";
    f.note.textContent = `Änderung; bisher ${german(before, 1)}${becomes}`;
  }

  function fillPresets() {
    const possible = (key) => !key.startsWith("r.") || ruleOf(state, key.slice(2));
    const fitting = data.vorgaben.filter(
      (p) => (!p.fassungen.length || p.fassungen.includes(state.fassung)) && Object.keys(p.aenderungen).every(possible),
    );
    presets.replaceChildren(...fitting.map((preset) => button(preset.name, () => change((s) => apply(s, preset)))));
  }

  function apply(s, preset) {
    s.land = {};
    s.regeln = {};
    for (const [key, text] of Object.entries(preset.aenderungen)) {
      const [place, name] = key.split(".");
      if (place === "r") s.regeln[name] = Number(text);
      else {
        // "+100%" is as much again as there is.
        const share = /^\+(\d+)%$/.exec(text);
        const value = share ? (Number(share[1]) / 100) * (stock(s, place, name) / scale(name)) : Number(text);
        s.land[place] = { [name]: Math.round(value * 1000) / 1000 };
        land.list.value = place;
      }
    }
  }

  function showChanges() {
    const version = data.fassungen[state.fassung];
    const items = [];
    for (const code of codes)
      for (const f of data.felder) {
        const value = state.land[code]?.[f.key];
        if (!value) continue;
        const text = `${data.laender[codes.indexOf(code)].name}: ${f.name} ${german(value, decimals(value), true)} ${f.einheit}`;
        items.push([text, (s) => delete s.land[code][f.key]]);
      }
    for (const [key, value] of Object.entries(state.regeln)) {
      const rule = version.regeln[key];
      const text = rule.schalter ? `${rule.name}: aus` : `${rule.name}: ${german(value, decimals(value))} ${rule.einheit}`;
      items.push([text, (s) => delete s.regeln[key]]);
    }
    changes.replaceChildren(
      ...items.map(([text, drop]) =>
        element("li", {}, text, button("×", () => change(drop), { "aria-label": `${text}: zurücknehmen` })),
      ),
    );
    changes.hidden = !items.length;
    reset.disabled = !items.length;
    undo.disabled = !past.canGoBack;
    redo.disabled = !past.canGoForward;
  }

  // --- Changing ------------------------------------------------------------------------------------------------------

  /* A change of the state: everything is shown anew and remembered. */
  function change(action) {
    const next = structuredClone(state);
    action(next);
    fitLine(next);
    state = next;
    remember();
    showAll();
  }

  function remember() {
    const address = write(state);
    LFA.setAddress(address);
    past.add(address);
    showChanges();
  }

  function setLand(f) {
    const code = land.list.value;
    const value = f.input.value.trim() === "" ? NaN : number(f.input.value);
    const problem = landProblem(state, code, f.key, value);
    complain(f, problem);
    if (problem) return;
    const own = (state.land[code] ??= {});
    if (value) own[f.key] = value;
    else delete own[f.key];
    describe(f);
    compute();
  }

  function setRule(key, value, typing = false) {
    if (value === data.fassungen[state.fassung].regeln[key].wert) delete state.regeln[key];
    else state.regeln[key] = value;
    compute();
    if (!typing) remember();
  }

  function showAll() {
    law.list.value = state.fassung;
    fillBases();
    fillLines();
    fillRules();
    fillFields();
    fillPresets();
    showChanges();
    compute();
  }

  function showAddress(text) {
    const { state: next, wrong } = read(text);
    state = next;
    LFA.setAddress(write(state));
    const changed = codes.filter((code) => Object.keys(state.land[code] ?? {}).length);
    if (changed.length && !changed.includes(land.list.value)) land.list.value = changed[0];
    showAll();
    status.textContent = leftOut = LFA.leftOut(wrong);
  }

  // --- Computing and showing -----------------------------------------------------------------------------------------

  let ask;
  let before;
  let beforeKey = "";
  let now;
  let kept = [];
  let waiting;
  let announcing;
  // Told once, together with the first result.
  let leftOut = "";
  let turn = 0;

  function question(changed) {
    const places = {};
    for (const code of changed ? codes : []) {
      const own = Object.entries(state.land[code] ?? {}).map(([key, value]) => [key, value * scale(key)]);
      if (own.length) places[codes.indexOf(code)] = Object.fromEntries(own);
    }
    return { fassung: state.fassung, basis: state.basis, aenderung: { land: places, regeln: changed ? state.regeln : {} } };
  }

  /* What was asked later counts: an answer to an earlier question is dropped. */
  async function compute() {
    if (!ask) return;
    const mine = ++turn;
    const begun = performance.now();
    delete root.dataset.dauer;
    delete root.dataset.rest;
    const key = [state.fassung, state.basis, state.zeile].join(" ");
    const wanted = { zeilen: [...new Set([state.zeile, "ausgleich", "einwohner"])] };
    const base = key === beforeKey ? before : await ask({ ...question(false), ...wanted });
    const answer = await ask({ ...question(true), ...wanted });
    if (mine !== turn) return;
    [before, beforeKey, now] = [base, key, answer];
    kept = Array(16).fill(undefined);
    showResult();
    root.dataset.dauer = String(performance.now() - begun);
    clearTimeout(waiting);
    waiting = setTimeout(() => computeKept(mine), 120);
    clearTimeout(announcing);
    announcing = setTimeout(announce, 600);
  }

  /* A few Länder at a time, so that a new question need not wait. */
  async function computeKept(mine) {
    const begun = performance.now();
    for (let from = 0; from < 16; from += 4) {
      const places = [0, 1, 2, 3].map((step) => from + step);
      const values = await ask({ ...question(true), zeilen: [], bleibt: places });
      if (mine !== turn) return;
      values.forEach((value, index) => (kept[from + index] = value));
    }
    showKept();
    root.dataset.rest = String(performance.now() - begun);
  }

  function ranks(values) {
    return values.map((value) => 1 + values.filter((other) => other > value + 1e-9).length);
  }

  function changedAnything() {
    return Object.values(state.land).some((own) => Object.keys(own).length) || Object.keys(state.regeln).length > 0;
  }

  function showResult() {
    const version = data.fassungen[state.fassung];
    const info = version.zeilen[state.zeile];
    const [unit, divisor, places] = EINHEITEN[info.einheit];
    const money = info.einheit === "EUR";
    const values = now.zeilen[state.zeile].map((v) => v / divisor);
    const old = before.zeilen[state.zeile].map((v) => v / divisor);
    const people = now.zeilen.einwohner;
    const perHead = values.map((value, place) => (value * divisor) / people[place]);
    const ranksBefore = ranks(now.zeilen.vorher);
    const ranksAfter = ranks(now.zeilen.nachher);
    caption.textContent = `${info.name} (${info.paragraf}, ${BELEG[info.beleg]}), ${version.name}, ${version.basen[state.basis].name}`;
    const columns = ["Land", `${money ? "Betrag" : "Wert"}${unit ? `, ${unit}` : ""}`];
    if (money) columns.push("€ je Kopf");
    columns.push(`Unterschied${unit ? `, ${unit}` : ""}`, "Rang vor und nach dem Ausgleich", "Von 1 € mehr Steuern bleiben");
    head.replaceChildren(...columns.map((text, place) => element("th", { scope: "col", className: place ? "lfa-zahl" : "" }, text)));
    const bars = money ? perHead : values;
    const widest = Math.max(...bars.map(Math.abs), 1e-9);
    const rows = data.laender.map((l, place) => {
      const bar = element("span", { className: bars[place] < 0 ? "lfa-balken lfa-minus" : "lfa-balken", "aria-hidden": "true" });
      bar.style.setProperty("--breite", String(Math.abs(bars[place]) / widest));
      const cell = (text, ...more) => element("td", { className: "lfa-zahl" }, text, ...more);
      const cells = [element("th", { scope: "row" }, l.name), cell(german(values[place], places))];
      if (money) cells.push(cell(german(perHead[place]), bar));
      const difference = values[place] - old[place];
      cells.push(
        cell(german(Math.abs(difference) < 1e-9 ? 0 : difference, places, true), ...(money ? [] : [bar])),
        cell(ranksBefore[place] === ranksAfter[place] ? `${ranksAfter[place]}` : `${ranksBefore[place]} → ${ranksAfter[place]}`),
        element("td", { className: "lfa-zahl", id: `lfa-bleibt-${l.kuerzel}` }, "…"),
      );
      return element("tr", {}, ...cells);
    });
    body.replaceChildren(...rows);
    foot.replaceChildren(...(money ? sums(values, old).map(([name, total, difference]) => element("tr", {},
      element("th", { scope: "row" }, name),
      element("td", { className: "lfa-zahl" }, german(total, places)),
      element("td"),
      element("td", { className: "lfa-zahl" }, german(Math.abs(difference) < 1e-9 ? 0 : difference, places, true)),
      element("td"),
      element("td"))) : []));
    showMap(info, money ? perHead : values, money ? values.map((v, i) => ((v - old[i]) * divisor) / people[i]) : values.map((v, i) => v - old[i]), money ? "€ je Kopf" : unit, money ? 0 : places);
    showReadings(version);
    showKind(version);
  }

  /* Sums below the table: of amounts on both sides of zero two, for all of them together say nothing. */
  function sums(values, old) {
    const both = values.some((value) => value < 0) && values.some((value) => value > 0);
    const groups = both
      ? [["Alle über null", (value) => value > 0], ["Alle unter null", (value) => value < 0]]
      : [["Alle Länder", () => true]];
    const add = (list, test) => list.filter(test).reduce((total, value) => total + value, 0);
    return groups.map(([name, test]) => [name, add(values, test), add(values, test) - add(old, test)]);
  }

  function showKept() {
    data.laender.forEach((l, place) => {
      const cell = document.getElementById(`lfa-bleibt-${l.kuerzel}`);
      // The noise of floating point is far below a tenth of a cent.
      if (cell) cell.textContent = `${german(100 * kept[place], 1)} ct`;
    });
  }

  function showMap(info, values, differences, unit, places) {
    const shown = changedAnything() ? differences : values;
    const what = changedAnything() ? "Unterschied zur Basis" : info.name;
    const title = `${what}${unit ? `, ${unit}` : ""}`;
    const widest = Math.max(...shown.map(Math.abs), 1e-9);
    const tiles = data.laender.map((l, place) => {
      const value = Math.abs(shown[place]) < 1e-9 ? 0 : shown[place];
      const tile = element("div", { className: value < 0 ? "lfa-kachel lfa-minus" : "lfa-kachel", title: l.name },
        element("b", {}, l.kuerzel), german(value, places, changedAnything()));
      tile.style.gridColumn = String(l.ort[0] + 1);
      tile.style.gridRow = String(l.ort[1] + 1);
      tile.style.setProperty("--staerke", `${Math.round((55 * Math.abs(value)) / widest)}%`);
      return tile;
    });
    mapTitle.textContent = title;
    map.replaceChildren(...tiles);
    map.setAttribute("aria-label", `Karte: ${title}. Die Werte stehen in der Tabelle.`);
  }

  function showReadings(version) {
    const found = Object.entries(now.lesarten);
    const items = found.map(([key, places]) =>
      element("li", {}, `${version.zeilen[key].name} (${version.zeilen[key].paragraf}: ${places.length === codes.length ? "alle Länder" : places.map((p) => data.laender[p].name).join(", ")})`));
    readings.replaceChildren(
      element("p", {}, found.length ? "Hier griff eine Lesart, die nicht bewiesen ist:" : "Keine rekonstruierte Lesart griff."),
      ...(found.length ? [element("ul", {}, ...items)] : []),
    );
  }

  function showKind(version) {
    const texts = {
      amtlich: state.fassung === "1993"
        ? "Amtliche Zahlen des Ausgleichsjahres 2003 unter dem Gesetz, das damals galt."
        : "Amtliche Zahlen des Ausgleichsjahres 2003 unter einem Gesetz, das damals nicht galt. Was es zusätzlich verlangt, ist null.",
      erfunden: "Erfunden: Jedes Land hat ein Sechzehntel der Zahlen von 2003. Unterschiede kommen allein aus den Regeln.",
      zurückgerechnet: "Zurückgerechnet aus veröffentlichten Ergebnissen, nicht amtlich. Bekannt ist nur die Finanzkraft; wie sie sich auf Land und Gemeinden verteilt, ist angenommen.",
    };
    kind.textContent = texts[version.basen[state.basis].art];
  }

  function announce() {
    status.textContent = [leftOut, changedAnything() ? moved() : ""].filter(Boolean).join(" ");
    leftOut = "";
  }

  function moved() {
    const amounts = now.zeilen.ausgleich.map((value, place) => [(value - before.zeilen.ausgleich[place]) / 1e6, data.laender[place].name]);
    amounts.sort((a, b) => Math.abs(b[0]) - Math.abs(a[0]));
    const words = amounts.slice(0, 3).filter(([value]) => Math.abs(value) >= 0.05).map(([value, name]) => `${name} ${german(value, 1, true)} Mio. €`);
    return words.length ? `Neu gerechnet. Ausgleich am Ende der Rechnung, gegenüber der Basis: ${words.join(", ")}.` : "Neu gerechnet. Der Ausgleich ändert sich nicht.";
  }

  function saveTable() {
    const version = data.fassungen[state.fassung];
    const info = version.zeilen[state.zeile];
    const rows = [["Gesetz", version.name], ["Basis", version.basen[state.basis].name], ["Adresse", location.href], []];
    rows.push(["Land", "Zeile", "Einheit", "Wert", "Wert der Basis", "Einwohner", "Rang vorher", "Rang nachher", "Von 1 € mehr bleiben (€)"]);
    const first = ranks(now.zeilen.vorher);
    const last = ranks(now.zeilen.nachher);
    data.laender.forEach((l, place) =>
      rows.push([l.name, info.name, info.einheit, now.zeilen[state.zeile][place], before.zeilen[state.zeile][place],
        now.zeilen.einwohner[place], first[place], last[place], kept[place] ?? ""]));
    LFA.save("selbst-rechnen.csv", LFA.csv(rows));
  }

  // --- Start ---------------------------------------------------------------------------------------------------------

  const past = LFA.history_of(write(read(location.hash.slice(1)).state), showAddress);
  law.list.addEventListener("change", () =>
    change((s) => {
      s.fassung = law.list.value;
      if (!data.fassungen[s.fassung].basen[s.basis]) s.basis = "2003";
      dropImpossible(s);
    }));
  base.list.addEventListener("change", () => change((s) => ((s.basis = base.list.value), dropImpossible(s))));
  line.list.addEventListener("change", () => change((s) => (s.zeile = line.list.value)));
  land.list.addEventListener("change", fillFields);
  land.list.value = "BY";
  for (const f of fields) {
    f.input.addEventListener("input", () => setLand(f));
    f.input.addEventListener("change", remember);
  }
  addEventListener("hashchange", () => {
    if (location.hash.slice(1) === write(state)) return;
    showAddress(location.hash.slice(1));
    LFA.come(root);
  });

  /* Changes that the new base cannot bear go. */
  function dropImpossible(s) {
    for (const key of Object.keys(s.regeln)) {
      const rule = ruleOf(s, key);
      if (!rule || ruleProblem(rule, s.regeln[key])) delete s.regeln[key];
    }
    for (const [code, own] of Object.entries(s.land))
      for (const key of Object.keys(own)) if (landProblem(s, code, key, own[key])) delete own[key];
  }

  try {
    ask = await LFA.python("answer");
    layout();
    showAddress(location.hash.slice(1));
    root.dataset.start = String(performance.now() - started);
  } catch (error) {
    root.replaceChildren(element("p", {}, "Der Rechner startet in diesem Browser nicht. Er braucht WebAssembly."));
    console.error(error);
  }
})();
