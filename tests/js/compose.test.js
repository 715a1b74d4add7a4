import assert from "node:assert/strict";
import { test } from "node:test";
import { compose, escape, keepReason, shellOf, slotsOf, withList } from "../../service_worker/compose.js";

const FRAGMENT = `<!--slot:chrome-->inner<!--/slot--><!--slot:place-->library<!--/slot-->
<!--slot:title-->Văn kiện &amp; học tập<!--/slot--><!--slot:back_href-->/library/<!--/slot-->
<!--slot:content-->
<h1>Nghị quyết</h1>
<!--/slot-->`;
const STAMP = { at: 1, revision: "a.b", state: "ready" };
const SHELL = `<!doctype html><html lang="vi"><head><title><!--slot:title--></title></head><body data-sync="starting">
<a class="back" href="%%slot:back_href%%"><!--slot:back_label--></a><main><!--slot:content--></main><!--slot:foot--></body></html>`;

test("a fragment gives its slots and names its shell", () => {
  const slots = slotsOf(FRAGMENT);
  assert.equal(slots.title, "Văn kiện &amp; học tập");
  assert.equal(slots.content, "<h1>Nghị quyết</h1>");
  assert.equal(shellOf(slots), "/offline/shells/inner-library");
});

test("a whole page, an error and a cut reply are no fragments", () => {
  for (const text of [SHELL, "", "<h1>Lỗi</h1>", FRAGMENT.slice(0, -12)]) assert.equal(slotsOf(text), null);
});

test("shell and slots become one page, stamped with time, revision and state of the copy", () => {
  const page = compose(SHELL, slotsOf(FRAGMENT), { at: 1_790_000_000_000, revision: 'a1."b2', state: "stale" });
  assert.match(page, /<html data-pack="1790000000000" data-revision="a1.&quot;b2" lang="vi">/);
  assert.match(page, /<title>Văn kiện &amp; học tập<\/title>/);
  assert.match(page, /href="\/library\/"/);
  assert.match(page, /<main><h1>Nghị quyết<\/h1><\/main><\/body>/);
  assert.match(page, /data-sync="stale"/);
  assert.doesNotMatch(page, /slot:/);
});

test("text that looks like a placeholder or a replacement pattern stays text", () => {
  const slots = { ...slotsOf(FRAGMENT), content: "<p>$& $1 %%slot:title%% <!--slot:foot--></p>", foot: "chân" };
  assert.match(compose(SHELL, slots, STAMP), /<main><p>\$& \$1 %%slot:title%% <!--slot:foot--><\/p><\/main>chân/);
});

test("a slot cannot leave its attribute", () => {
  const page = compose(SHELL, { ...slotsOf(FRAGMENT), back_href: '/x" onclick="alert(1)"><script>' }, STAMP);
  assert.match(page, /href="\/x&quot; onclick=&quot;alert\(1\)&quot;&gt;&lt;script&gt;"/);
});

test("escaping covers markup and both quotes", () => {
  assert.equal(escape(`<a b="c" d='e'>&`), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
});

test("of the reasons only the right one stays", () => {
  const page = "<h1>x</h1><!--when:expired--><p>hết hạn</p><!--/when--><!--when:not-saved--><p>chưa tải</p><!--/when-->";
  assert.equal(keepReason(page, "not-saved"), "<h1>x</h1><p>chưa tải</p>");
  assert.equal(keepReason(page, "other"), "<h1>x</h1>");
});

test("a new list takes the place of the saved one only", () => {
  assert.equal(withList("<form></form><!--list--><ul>a</ul><!--/list--><p>z</p>", "<ul>$1</ul>"), "<form></form><ul>$1</ul><p>z</p>");
});
