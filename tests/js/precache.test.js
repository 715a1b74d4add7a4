import assert from "node:assert/strict";
import { test } from "node:test";
import { MISSING, fileFor, plan } from "../../service_worker/precache.js";

test("a new worker fetches what changed, keeps the rest and drops what no page of it asks for", () => {
  const files = [{ url: "/a.css", revision: "2" }, { url: "/b.js", revision: "1" }];
  const work = plan(files, ["/a.css?revision=1", "/b.js?revision=1", "/old.js?revision=1"]);
  assert.deepEqual(work.fetch, [{ url: "/a.css", revision: "2" }]);
  assert.deepEqual(work.remove, ["/a.css?revision=1", "/old.js?revision=1"]);
});

test("the page that says what is missing is the one of the list, whatever its language", () => {
  const files = [{ url: "/offline/missing/en", revision: "1" }, { url: "/static/dist/app.js", revision: "1" }];
  assert.equal(fileFor(files, MISSING), files[0]);
  assert.equal(fileFor(files, "/static/dist/app.js"), files[1]);
  assert.equal(fileFor(files, "/static/dist/app"), undefined);
});
