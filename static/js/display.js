// Runs before the first paint, so that letters and colours never jump. What is kept: the three attributes
// data-text, data-theme and data-contrast of <html>, as one object under "hb-display" on this device.
try {
  const kept = JSON.parse(localStorage.getItem("hb-display")) ?? {};
  for (const name of ["text", "theme", "contrast"]) {
    if (kept[name]) document.documentElement.dataset[name] = kept[name];
  }
} catch {
  // Storage may be closed (private mode) or hold something else: the page is readable without it.
}
