// A toast goes when it is closed, not by a clock: slow readers keep it.
export function connect(toast) {
  toast.querySelector("[data-close]").addEventListener("click", () => {
    toast.hidden = true;
  });
}
