// Today's date is put in on the phone: the page itself is kept for days and must not say an old one.
import { ZONE, isoDay } from "../calendar.js";

export function connect(time) {
  const now = Date.now();
  const today = isoDay(now);
  const [year, month, day] = today.split("-");
  const weekday = new Intl.DateTimeFormat(time.dataset.locale, { weekday: "long", timeZone: ZONE }).format(now);
  const values = { weekday, year, month: Number(month), day: Number(day) };
  time.dateTime = today;
  time.textContent = time.dataset.words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
