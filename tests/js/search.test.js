import assert from "node:assert/strict";
import { test } from "node:test";
import { find, fold, foldedText, listing } from "../../service_worker/search.js";

const item = (changes) => ({ url: "/library/1", title: "Về kỹ năng số", symbol: "07-NQ/ĐU", kind: "nq", kind_name: "Nghị quyết", issuer: "Đảng ủy phường", year: 2026, date: "2026-08-18", date_words: "18/8/2026", standing: "in_force", unread: true, read_before: "", ...changes });
const ITEMS = [item(), item({ url: "/library/2", title: "Phòng, chống thiên tai", symbol: "12-CT/TU", kind: "ct", kind_name: "Chỉ thị", year: 2025, unread: false })];
const WORDS = { count: "{n} văn kiện", none: "Không tìm thấy văn kiện nào", number: "Số", saved: "Đã tải về", unread: "Chưa đọc", confirmed: "Đã đọc", read_before: "Đọc trước {day}", replaced: "Đã được thay thế", expired: "Hết hiệu lực" };
const found = (query, texts = {}) => find(ITEMS, new URLSearchParams(query), (url) => texts[url] ?? "").map(({ url }) => url);

test("folding is the server's: case, tones, marks, đ, composed or not", () => {
  assert.equal(fold("Đảng Uỷ ĐƯỜNG"), "dang uy duong");
  assert.equal(fold("kỹ".normalize("NFD")), "ky");
});

test("readable words of markup, without tags and entities", () => {
  assert.equal(foldedText('<h2 id="x">Điều 1</h2><p>Học&nbsp;tập &amp; làm</p>'), "dieu 1 hoc tap lam");
});

test("every word must be there, in title, symbol, issuer or text, in any order", () => {
  assert.deepEqual(found("q=ky+nang"), ["/library/1"]);
  assert.deepEqual(found("q=12-ct"), ["/library/2"]);
  assert.deepEqual(found("q=suoi+lam", { "/library/2": "ven suoi lam khe" }), ["/library/2"]);
  assert.deepEqual(found("q=ky+suoi", { "/library/2": "ven suoi" }), []);
  assert.deepEqual(found("q="), ["/library/1", "/library/2"]);
});

test("filters narrow; parameters that are not filters do not", () => {
  assert.deepEqual(found("q=&kind=ct"), ["/library/2"]);
  assert.deepEqual(found("year=2026"), ["/library/1"]);
  assert.deepEqual(found("unread=1"), ["/library/1"]);
  assert.deepEqual(found("required=1"), []);
  assert.deepEqual(found("after=x"), ["/library/1", "/library/2"]);
});

test("rows say what they are, and nothing in them is markup", () => {
  const html = listing([item({ title: '<img src=x onerror="alert(1)">', url: '/library/1"x' })], WORDS);
  assert.match(html, /1 văn kiện/);
  assert.match(html, /&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt;/);
  assert.match(html, /href="\/library\/1&quot;x"/);
  assert.doesNotMatch(html, /<img/);
});

test("a row says whether and by when it is to be read", () => {
  assert.match(listing([item({ read_before: "20/10/2026" })], WORDS), /data-tone="must"><svg[^>]*>.*<\/svg> Đọc trước 20\/10\/2026<\/span><span class="tag unread">Chưa đọc/);
  assert.match(listing([item({ unread: false })], WORDS), /is-read[\s\S]*data-tone="ok"><svg[^>]*>.*<\/svg> Đã đọc/);
  const replaced = listing([item({ standing: "replaced" })], WORDS);
  assert.match(replaced, /· Hết hiệu lực<\/p>[\s\S]*data-tone="late"><svg[^>]*>.*<\/svg> Đã được thay thế/);
  assert.doesNotMatch(listing([item()], WORDS), /Hết hiệu lực|thay thế/);
});

test("no result is said in words", () => {
  assert.match(listing([], WORDS), /0 văn kiện[\s\S]*Không tìm thấy văn kiện nào/);
});
