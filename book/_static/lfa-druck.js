/* On paper nothing stays folded. */
addEventListener("beforeprint", () => document.querySelectorAll(".lfa-klappe").forEach((fold) => { fold.open = true; }));
