/* Replaces the static drawing of every .lfa-schaubild by the interactive one; the Vega bundle is loaded only then.
   Colours are currentColor, so nothing has to be drawn again when the page turns dark. */
(function () {
  "use strict";
  const bundle = document.currentScript.src.replace(/lfa-schaubild\.js.*$/, "vega-buendel.js");

  function load() {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = bundle;
      script.onload = resolve;
      script.onerror = () => reject(new Error("vega-buendel.js fehlt"));
      document.head.append(script);
    });
  }

  async function draw(figure) {
    const area = figure.querySelector(".lfa-flaeche");
    const fallback = area.innerHTML;
    try {
      const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
      spec.config.font = getComputedStyle(document.body).fontFamily;
      area.replaceChildren();
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
      const menu = figure.querySelector("summary");
      if (menu) menu.setAttribute("aria-label", "Menü des Schaubilds");
      figure.dataset.fertig = "1";
    } catch (error) {
      area.innerHTML = fallback;
      console.error("Schaubild", figure.id, error);
    }
  }

  /* Vega measures when the window changes, but the sidebar comes and goes a moment later: measure again then. */
  function followWidth(figures) {
    const widths = new Map();
    let waiting;
    const observer = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) {
        const known = widths.get(target);
        widths.set(target, contentRect.width);
        if (known === undefined || known === contentRect.width) continue;
        clearTimeout(waiting);
        waiting = setTimeout(() => window.dispatchEvent(new Event("resize")), 100);
      }
    });
    for (const figure of figures) observer.observe(figure);
  }

  async function start() {
    const figures = [...document.querySelectorAll(".lfa-schaubild")];
    if (!figures.length) return;
    await load();
    for (const figure of figures) await draw(figure);
    followWidth(figures);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
