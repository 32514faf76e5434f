/* Searches the text of the book (texte.js, written by lfa_suche.py): words, their forms, and words inside compounds.
   "Pruefung" and "Prufung" find "Prüfung"; a compound the book does not have is searched for as its two parts. */
(function () {
  "use strict";
  const MOST_SECTIONS = 3;
  const WEIGHT = { title: 1, heading: 3 };
  const COMMON = new Set("der die das den dem des ein eine und oder in im ist wie was wer von vom zu zum zur für auf an am bei mit".split(" "));
  let pages = [];

  const wordsOf = (query) => (query.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !COMMON.has(word.toLowerCase()) && word.length > 1);

  /* Without the ending that changes with case and number. */
  function stem(word) {
    const short = word.replace(/(?:ern|en|er|em|es|e|n|s)$/i, "");
    return short.length >= 4 ? short : word;
  }

  /* Finds a word however its umlauts are typed. */
  function pattern(word) {
    const loose = word.toLowerCase().replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue").replace(/ß/g, "ss")
      .replace(/[aou]e?|ss/g, (letters) => (letters === "ss" ? "(?:ss|ß)" : { a: "[aä]", o: "[oö]", u: "[uü]" }[letters[0]] + (letters[1] ? "e?" : "")));
    // A year stands alone; a word may be part of a longer one.
    return /^\d+$/.test(word) ? `(?<!\\d)${loose}(?!\\d)` : loose;
  }

  /* How much a text speaks of a word: less where it is only part of a compound. */
  function count(text, word) {
    let sum = 0;
    for (const found of text.matchAll(new RegExp(`(?<!\\p{L})(${pattern(word)})|${pattern(word)}`, "giu"))) sum += found[1] ? 1 : 0.6;
    return sum;
  }

  const stems = (query) => wordsOf(query).map(stem);
  const everywhere = (word) => pages.some(([, , sections]) => sections.some(([, heading, text]) => count(heading + " " + text, word)));

  /* A word taken apart: "Einwohnerwertung" as Einwohner and Wertung, and in every other way. */
  const splits = (word) =>
    Array.from({ length: Math.max(0, word.length - 7) }, (_, i) => [stem(word.slice(0, i + 4)), stem(word.slice(i + 4))]);
  const begins = (text, part) => new RegExp(`(?<!\\p{L})${pattern(part)}`, "iu").test(text);

  /* A compound that the book does not have, as the two parts that it says together most often, the second without
     "-ung" if need be; or else as the longest beginning of it that starts a word. */
  function parts(word) {
    const texts = pages.flatMap(([, , sections]) => sections.map(([, heading, text]) => heading + " " + text));
    for (const whole of new Set([word, word.replace(/ung$/, "")])) {
      const together = splits(whole).map((pair) => texts.filter((text) => pair.every((part) => begins(text, part))).length);
      const most = Math.max(0, ...together);
      if (most) return splits(whole)[together.indexOf(most)];
    }
    for (let size = word.length - 1; size >= 6; size--)
      if (texts.some((text) => begins(text, word.slice(0, size)))) return [word.slice(0, size)];
    return [word];
  }

  /* "Ländersteuern" names the chapter "Steuern der Länder" too. */
  const named = (title, word) => count(title, word) || Number(splits(word).some((pair) => pair.every((part) => begins(title, part))));

  /* Pages that speak of the query, best first: [address, title, score, sections best first]. */
  function search(query) {
    const words = stems(query).flatMap((word) => (word.length < 8 || everywhere(word) ? [word] : parts(word)));
    if (!words.length) return { words, found: [] };
    const length = (sections) => sections.reduce((sum, [, , text]) => sum + text.length, 1);
    const usual = pages.reduce((sum, [, , sections]) => sum + length(sections), 0) / pages.length;
    const counted = pages.map(([address, title, sections]) => ({
      address,
      title,
      // A sheet of a few lines says little of a word that it uses once.
      room: 0.25 + (0.75 * Math.max(length(sections), usual / 2)) / usual,
      sections: sections.map(([anchor, heading, text], i) => ({
        anchor,
        heading,
        text,
        counts: words.map((word) => count(text, word) + (i ? WEIGHT.heading * count(heading, word) : 0)),
      })),
    }));
    // A word that few pages have says more (BM25).
    const rare = words.map((word, w) => {
      const having = counted.filter((page) => count(page.title, word) || page.sections.some(({ counts }) => counts[w])).length;
      return Math.log(1 + (pages.length - having + 0.5) / (having + 0.5));
    });
    const worth = (counts, room) => counts.reduce((sum, n, w) => sum + (n ? (rare[w] * n) / (n + 1.2 * room) : 0), 0);
    const found = counted.flatMap((page) => {
      const counts = words.map((_, w) => page.sections.reduce((sum, s) => sum + s.counts[w], 0));
      const titled = words.map((word) => named(page.title, word));
      const share = words.filter((_, w) => counts[w] || titled[w]).length / words.length;
      if (share < 0.5) return [];
      const inside = page.sections.map((s) => ({ ...s, score: worth(s.counts, 1) })).filter((s) => s.score);
      inside.sort((a, b) => b.score - a.score);
      return [{ ...page, share, score: share * share * (worth(counts, 5 * page.room) + WEIGHT.title * worth(titled, 0)), sections: inside.slice(0, MOST_SECTIONS) }];
    });
    found.sort((a, b) => b.score - a.score);
    // With half of the words only where no page has all of them.
    const most = Math.max(0, ...found.map(({ share }) => share));
    return { words, found: found.filter(({ share }) => share === most) };
  }

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  /* The words around the first hit, hits marked. */
  function excerpt(text, words) {
    const any = new RegExp(`${words.map(pattern).join("|")}`, "giu");
    const first = Math.max(0, text.search(any));
    const from = first < 80 ? 0 : text.indexOf(" ", first - 80) + 1;
    const end = text.indexOf(" ", first + 140);
    const shown = text.slice(from, end < 0 ? undefined : end);
    const line = element("p", { className: "context" });
    let at = 0;
    for (const hit of shown.matchAll(any)) {
      line.append(shown.slice(at, hit.index), element("mark", {}, hit[0]));
      at = hit.index + hit[0].length;
    }
    line.append(shown.slice(at), end < 0 ? "" : " …");
    if (from) line.prepend("… ");
    return line;
  }

  function entry({ address, title, sections }, words) {
    const item = element("li", {}, element("a", { href: address, className: "lfa-treffer" }, title));
    for (const { anchor, heading, text } of sections) {
      if (heading !== title) item.append(element("p", {}, element("a", { href: `${address}#${anchor}` }, heading)));
      if (text) item.append(excerpt(text, words));
    }
    return item;
  }

  const list = (found, words) => element("ul", { className: "search" }, ...found.map((page) => entry(page, words)));
  const amount = (n, one, many) => `${n} ${n === 1 ? one : many}`;

  function show(query) {
    const { words, found } = search(query);
    // What is executed for every year stands in folders; it says the same many times.
    const chapters = found.filter(({ address }) => !address.includes("/"));
    const years = found.filter(({ address }) => address.includes("/"));
    const counted = [
      chapters.length && amount(chapters.length, "Kapitel", "Kapitel"),
      years.length && `${amount(years.length, "Seite", "Seiten")} einzelner Jahre`,
    ];
    const status = found.length
      ? `${counted.filter(Boolean).join(" und ")} zu „${query}“.`
      : `Nichts gefunden zu „${query}“. Oft hilft ein kürzeres Wort oder nur ein Teil davon.`;
    const fold = element(
      "details",
      { className: "lfa-suche-jahre", open: !chapters.length || /(?<!\d)(?:19|20)\d\d(?!\d)/.test(query) },
      element("summary", {}, `Seiten einzelner Jahre (${years.length})`),
      list(years, words),
    );
    document.getElementById("search-results").replaceChildren(
      element("p", { className: "search-summary", role: "status" }, status),
      ...(chapters.length ? [list(chapters, words)] : []),
      ...(years.length ? [fold] : []),
    );
  }

  window.lfaSuche = {
    texte(found) {
      pages = found;
      const query = new URLSearchParams(location.search).get("q")?.trim();
      if (!query) return;
      for (const field of document.querySelectorAll('input[name="q"]')) field.value = query;
      show(query);
    },
  };
})();
