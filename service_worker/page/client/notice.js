// A calm word at the foot of the page with one button; nothing happens until it is pressed.
function make(name, className, text) {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

/** Offer something in words. One notice at a time: a new release, which reloads the page too, takes the place of others. */
export function offer(kind, sentence, label, accept) {
  const there = document.querySelector("[data-notice]");
  if (there?.dataset.notice === kind || there?.dataset.notice === "update") return;
  there?.remove();
  const toast = make("div", "toast", "");
  toast.dataset.notice = kind;
  toast.setAttribute("role", "status");
  const button = make("button", "btn", label);
  button.type = "button";
  button.dataset.action = kind;
  button.addEventListener("click", accept, { once: true });
  document.body.append(toast);
  toast.append(make("p", "", sentence), button); // into what is there already, so that the words are read out
}
