// The calendar and the clock of Việt Nam, whatever zone a phone or a computer is set to: as the server writes them.
export const ZONE = "Asia/Ho_Chi_Minh";

const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE, hourCycle: "h23",
  year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
});

const read = (at) => Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));

/** "2026-10-14": the day as machines write it. */
export function isoDay(at) {
  const { year, month, day } = read(at);
  return `${year}-${month}-${day}`;
}

/** "07:05, 14/10/2026" */
export function moment(at) {
  const { year, month, day, hour, minute } = read(at);
  return `${hour}:${minute}, ${day}/${month}/${year}`;
}

/** "07:05" on the day of `now`, "07:05, 14/10/2026" on another. */
export const momentSeenFrom = (at, now) => (isoDay(at) === isoDay(now) ? moment(at).slice(0, 5) : moment(at));
