// How many days are left until a day, counted on the phone. Far away, the day itself says enough.
import { isoDay } from "../calendar.js";

const FAR = 14;
const DAY = 24 * 60 * 60 * 1000;

export function connect(tag) {
  const left = Math.round((Date.parse(tag.dataset.last) - Date.parse(isoDay(Date.now()))) / DAY);
  if (left > FAR) return;
  const words = left < 0 ? tag.dataset.wordLate : left === 0 ? tag.dataset.wordToday : tag.dataset.wordLeft;
  tag.lastChild.textContent = ` ${words.replace("{n}", Math.abs(left))}`;
  if (left >= 0) return;
  tag.dataset.tone = "late";
  const use = tag.querySelector("use");
  use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#i-alert"));
}
