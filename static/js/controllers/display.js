// The sheet "Chữ và màn hình": size of letters, theme, contrast. Kept on this device, see ../display.js.
const STEPS = ["s", "", "l", "xl", "2xl", "3xl"];
const PERCENT = { s: "90%", "": "100%", l: "115%", xl: "130%", "2xl": "150%", "3xl": "200%" };
const root = document.documentElement;

const keep = () => {
  const { text, theme, contrast } = root.dataset;
  try {
    localStorage.setItem("hb-display", JSON.stringify({ text, theme, contrast }));
  } catch {
    // Private mode: the choice holds for this page.
  }
};

const put = (name, value) => {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  keep();
};

// Browsers older than popover (Chrome 114, Safari 17, Firefox 125) get the sheet opened by a plain attribute.
const openWithoutPopover = (sheet) => {
  if ("showPopover" in HTMLElement.prototype) return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[popovertarget]");
    if (button?.getAttribute("popovertarget") === sheet.id) sheet.toggleAttribute("data-open");
    else if (!sheet.contains(event.target)) sheet.removeAttribute("data-open");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") sheet.removeAttribute("data-open");
  });
};

export function connect(sheet) {
  const out = sheet.querySelector("[data-text-out]");
  const say = () => {
    out.textContent = PERCENT[root.dataset.text ?? ""] ?? "100%";
  };
  sheet.addEventListener("click", (event) => {
    const step = event.target.closest("[data-text-step]")?.dataset.textStep;
    if (step === undefined) return;
    const at = STEPS.indexOf(root.dataset.text ?? "") + Number(step);
    put("text", step === "0" ? "" : STEPS[Math.min(STEPS.length - 1, Math.max(0, at))]);
    say();
  });
  sheet.addEventListener("change", ({ target }) => {
    if (target.matches("[data-theme-set]")) put("theme", target.value);
    // "normal" also overrules the system's own wish for more contrast.
    if (target.matches("[data-contrast-set]")) put("contrast", target.checked ? "more" : "normal");
  });
  for (const radio of sheet.querySelectorAll("[data-theme-set]")) {
    radio.checked = radio.value === (root.dataset.theme ?? "");
  }
  const contrast = sheet.querySelector("[data-contrast-set]");
  contrast.checked = root.dataset.contrast
    ? root.dataset.contrast === "more"
    : matchMedia("(prefers-contrast: more)").matches;
  const next = sheet.querySelector("[name=next]");
  if (next) next.value = location.pathname + location.search;
  say();
  openWithoutPopover(sheet);
}
