// Gives each element with data-controller="name" its behaviour: controllers/<name>.js, export connect(element).
// A page is whole without any of them.
const connect = async (element) => {
  for (const name of element.dataset.controller.split(" ").filter(Boolean)) {
    try {
      const controller = await import(`/static/dist/controllers/${name}.js`);
      controller.connect(element);
    } catch (error) {
      console.error(`controller ${name}`, error);
    }
  }
};

document.querySelectorAll("[data-controller]").forEach(connect);
