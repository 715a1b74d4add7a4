// A button that puts the page on paper.
export function connect(button) {
  button.addEventListener("click", () => window.print());
}
