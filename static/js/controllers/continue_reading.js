// "Đọc tiếp": where this phone was last reading. The reader keeps its places in "hb-reading" as
// {document id: {part: 0 to 1, at: milliseconds}}; nobody else learns them, and no title is kept there.
const FINISHED = 0.97;

const lastPlace = () => {
  try {
    const places = Object.entries(JSON.parse(localStorage.getItem("hb-reading")) ?? {});
    return places.filter(([, { part }]) => part > 0 && part < FINISHED).sort(([, a], [, b]) => b.at - a.at)[0];
  } catch {
    return undefined;
  }
};

// From a link on this page if there is one, otherwise from the document itself (on the phone or on the server).
const titleOf = (path) =>
  new Promise((resolve) => {
    const link = document.querySelector(`a[href="${CSS.escape(path)}"]`);
    if (link) return resolve(link.textContent);
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.onload = () => resolve(request.status === 200 && request.response?.querySelector("article h1")?.textContent);
    request.onerror = () => resolve(undefined);
    request.open("GET", path);
    request.send();
  });

export async function connect(section) {
  const [id, { part } = {}] = lastPlace() ?? [];
  const title = id && (await titleOf(`/library/${id}`));
  if (!title) return;
  const percent = Math.round(part * 100);
  const words = section.querySelector("[data-words]");
  words.textContent = words.dataset.words.replace("{percent}", percent);
  const bar = section.querySelector("progress");
  bar.value = percent;
  bar.setAttribute("aria-label", words.textContent);
  const link = section.querySelector(".row__title a");
  link.href = `/library/${id}`;
  link.textContent = title.trim();
  section.hidden = false;
}
