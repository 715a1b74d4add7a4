// The open pages of this site, as the worker sees them.
const PATIENCE = 1_500;

const all = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

export async function tell(message) {
  for (const page of await all()) page.postMessage(message);
}

/** The first answer of an open page that is not null; null when none has one, or none answers in time. */
export async function ask(message) {
  const pages = await all();
  if (!pages.length) return null;
  return new Promise((resolve) => {
    setTimeout(resolve, PATIENCE, null);
    let silent = pages.length;
    for (const page of pages) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => { if (data || --silent === 0) resolve(data); };
      page.postMessage(message, [port2]);
    }
  });
}
