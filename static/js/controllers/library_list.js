// The list as the member narrows it: what is on this phone, unread at once, other filters by sending the form.
export function connect(region) {
  const form = region.querySelector("form");
  const rows = [...region.querySelectorAll("[data-item]")];
  const count = region.querySelector("[data-count]");
  const none = region.querySelector("[data-none]");
  const all = count?.textContent;
  const box = (name) => form.elements.namedItem(name);
  const sent = new URLSearchParams(location.search);

  function narrow() {
    const shown = rows.filter((row) => {
      const fits = (!box("unread").checked || "unread" in row.dataset) && (!box("saved").checked || "saved" in row.dataset);
      row.hidden = !fits;
      return fits;
    });
    if (!count) return;
    const narrowed = shown.length !== rows.length;
    count.textContent = narrowed ? count.dataset.words.replace("{n}", shown.length) : all;
    if (none) none.hidden = shown.length > 0 || rows.length === 0;
  }

  form.addEventListener("change", ({ target }) => {
    const widens = target.name === "unread" && sent.has("unread") && !target.checked;
    if (target.name === "saved" || (target.name === "unread" && !widens)) narrow();
    else form.requestSubmit();
  });
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });
  document.addEventListener("hb:pack", ({ detail }) => {
    const held = new Set(detail.urls);
    for (const row of rows) {
      const saved = held.has(row.dataset.url);
      row.toggleAttribute("data-saved", saved);
      const mark = row.querySelector("[data-saved-mark]");
      if (mark) mark.hidden = !saved;
    }
    narrow();
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box("q").focus();
    }
  });
  narrow();
}
