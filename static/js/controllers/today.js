// Today's date is put in on the phone: the page itself is kept for days and must not say an old one.
const ZONE = { timeZone: "Asia/Ho_Chi_Minh" };

export function connect(time) {
  const now = new Date();
  const [year, month, day] = new Intl.DateTimeFormat("en-CA", ZONE).format(now).split("-");
  const weekday = new Intl.DateTimeFormat(time.dataset.locale, { weekday: "long", ...ZONE }).format(now);
  const values = { weekday, year, month: Number(month), day: Number(day) };
  time.dateTime = `${year}-${month}-${day}`;
  time.textContent = time.dataset.words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
