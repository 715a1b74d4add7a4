// Gives each element with data-controller="name" its behaviour: controllers/<name>.js, export connect(element).
// A page is whole without any of them.
// They come after the first paint, so that no module stands in its way; or after a second, where nothing is painted.
const painted = new Promise((resolve) => {
  requestAnimationFrame(() => setTimeout(resolve));
  setTimeout(resolve, 1_000);
});

const connect = async (element) => {
  // A quick thumb is faster than a slow line: a press before the behaviour is there is kept, and made again then.
  let early = null;
  const keep = (event) => { early = event.target.closest("button[data-action]") ?? early; };
  element.addEventListener("click", keep);
  await painted;
  for (const name of element.dataset.controller.split(" ").filter(Boolean)) {
    try {
      const controller = await import(`/static/dist/controllers/${name}.js`);
      controller.connect(element);
    } catch (error) {
      console.error(`controller ${name}`, error);
    }
  }
  element.removeEventListener("click", keep);
  if (early?.type === "button") early.click();
};

document.querySelectorAll("[data-controller]").forEach(connect);
