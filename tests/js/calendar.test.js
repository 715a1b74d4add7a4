import assert from "node:assert/strict";
import { test } from "node:test";

process.env.TZ = "America/New_York";
const { isoDay, moment } = await import("../../static/js/calendar.js");

test("moments read as on the server's pages, on the clock of Việt Nam", () => {
  assert.equal(moment(Date.parse("2026-12-31T18:30Z")), "01:30, 01/01/2027");
  assert.equal(moment(Date.parse("2026-09-01T17:00Z")), "00:00, 02/09/2026");
});

test("the day for machines is the same day", () => {
  assert.equal(isoDay(Date.parse("2026-12-31T18:30Z")), "2027-01-01");
});
