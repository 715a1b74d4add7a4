// Without a network the form would lead away from the text to an error page: say it here instead.
export function connect(form) {
  const message = form.querySelector("[data-message]");
  form.addEventListener("submit", (event) => {
    message.hidden = navigator.onLine;
    if (navigator.onLine) return;
    event.preventDefault();
    message.querySelector("span").textContent = form.dataset.wordsOffline;
  });
}
