// Today's date is put in on the phone: the page itself is kept for days and must not say an old one.
export function connect(time) {
  const now = new Date();
  const zone = { timeZone: "Asia/Ho_Chi_Minh" };
  time.dateTime = new Intl.DateTimeFormat("en-CA", zone).format(now);
  const words = { weekday: "long", day: "numeric", month: "long", year: "numeric", ...zone };
  const text = new Intl.DateTimeFormat(time.dataset.locale, words).format(now);
  time.textContent = text.charAt(0).toUpperCase() + text.slice(1);
}
