/* Puts the interactive chart in place of the static drawing once a .lfa-schaubild comes near the view. Only then are
   the Vega bundle and the specification loaded; paper and browsers without scripts keep the static drawing, which stays
   in the page. Colours are currentColor, so nothing has to be drawn again when the page turns dark.

   For other scripts, with figure a .lfa-schaubild:
     lfaSchaubild.angaben(figure)   promise of its Vega-Lite specification (a fresh copy), data included. It stands in
                                    script[type="application/json"] inside the figure, as the notebook has it, or, on the
                                    built site, in _static/schaubild/<figure.id>.js (see book/_ext/lfa_tempo.py).
     lfaSchaubild.zeichnen(figure)  promise that the interactive chart stands there, or could not be drawn.
     figure.dataset.fertig          "1" from then on.
     .lfa-flaeche > svg             the static drawing: always there; once the other one is drawn, its .lfa-flaeche
                                    is .lfa-ersetzt, which only paper shows.
     .lfa-flaeche.vega-embed        the interactive one, behind it. */
(function () {
  "use strict";
  const here = document.currentScript.src.replace(/lfa-schaubild\.js.*$/, "");
  const specifications = new Map();
  const drawings = new Map();
  let bundle;

  function load(file) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = here + file;
      script.onload = resolve;
      script.onerror = () => reject(new Error(file + " fehlt"));
      document.head.append(script);
    });
  }

  async function specification(figure) {
    const inside = figure.querySelector('script[type="application/json"]');
    if (inside) return JSON.parse(inside.textContent);
    if (!specifications.has(figure.id)) await load("schaubild/" + figure.id + ".js");
    return structuredClone(specifications.get(figure.id));
  }

  async function draw(figure) {
    const fixed = figure.querySelector(".lfa-flaeche");
    const area = document.createElement("div");
    area.className = "lfa-flaeche";
    // Measured in its place, but without room until it is drawn: nothing jumps.
    area.style.cssText = "height: 0; overflow: hidden";
    fixed.after(area);
    try {
      const [spec] = await Promise.all([specification(figure), (bundle ??= load("vega-buendel.js"))]);
      spec.config.font = getComputedStyle(document.body).fontFamily;
      await vegaEmbed(area, spec, {
        renderer: "svg",
        logLevel: 1, // errors only: hints about a specification are for its author
        tooltip: { theme: "lfa" },
        actions: { export: true, source: false, compiled: false, editor: false },
        downloadFileName: figure.id,
        i18n: {
          SVG_ACTION: "Als SVG sichern",
          PNG_ACTION: "Als PNG sichern",
          CLICK_TO_VIEW_ACTIONS: "Menü des Schaubilds",
        },
      });
      const menu = area.querySelector("summary");
      if (menu) menu.setAttribute("aria-label", "Menü des Schaubilds");
      fixed.classList.add("lfa-ersetzt");
      area.style.cssText = "";
      followWidth(figure);
      figure.dataset.fertig = "1";
    } catch (error) {
      area.remove();
      console.error("Schaubild", figure.id, error);
    }
  }

  /* Vega measures when the window changes, but the sidebar comes and goes a moment later: measure again then. */
  let waiting;
  const widths = new Map();
  const width = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const known = widths.get(target);
      widths.set(target, contentRect.width);
      if (known === undefined || known === contentRect.width) continue;
      clearTimeout(waiting);
      waiting = setTimeout(() => window.dispatchEvent(new Event("resize")), 100);
    }
  });
  const followWidth = (figure) => width.observe(figure);

  window.lfaSchaubild = {
    angaben: specification,
    zeichnen(figure) {
      if (!drawings.has(figure)) drawings.set(figure, draw(figure));
      return drawings.get(figure);
    },
    // What a file in _static/schaubild/ calls.
    bekannt: (id, spec) => specifications.set(id, spec),
  };

  const view = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        view.unobserve(target);
        lfaSchaubild.zeichnen(target);
      }
    },
    { rootMargin: "200px" },
  );
  const start = () => document.querySelectorAll(".lfa-schaubild").forEach((figure) => view.observe(figure));

  // After everything a reader sees first.
  if (document.readyState === "complete") start();
  else addEventListener("load", () => setTimeout(start));
})();
