import assert from "node:assert/strict";
import { test } from "node:test";
import { plan } from "../../service_worker/precache.js";

test("a new worker fetches what changed, keeps the rest and drops what no page of it asks for", () => {
  const files = [{ url: "/a.css", revision: "2" }, { url: "/b.js", revision: "1" }];
  const work = plan(files, ["/a.css?revision=1", "/b.js?revision=1", "/old.js?revision=1"]);
  assert.deepEqual(work.fetch, [{ url: "/a.css", revision: "2" }]);
  assert.deepEqual(work.remove, ["/a.css?revision=1", "/old.js?revision=1"]);
});
