import { expect, test } from "vitest";

import { asWritten } from "../../src/deploy/as-written.ts";

const wanted = { Resources: { A: { Tags: [{ Value: "Mu🤖ü" }, "plain", "?"] }, B: "é", C: "e" } };

test("texts that came back as question marks are taken for those of the project", () => {
  const deployed = {
    Resources: { A: { Tags: [{ Value: "Mu??" }, "plain", "?"] }, B: "?", C: "e" },
  };
  expect(asWritten(JSON.stringify(deployed), wanted)).toBe(JSON.stringify(wanted));
});

test.each([
  ["another length", { Resources: { B: "??" } }],
  ["another text", { Resources: { B: "x?" } }],
  ["a question mark where the project has ASCII", { Resources: { C: "?" } }],
  ["something else than a text", { Resources: { A: "?", B: ["?"] } }],
  ["what the project does not have", { Other: "?" }],
])("%s stays a difference", (_what, deployed) => {
  expect(asWritten(JSON.stringify(deployed), wanted)).toBe(JSON.stringify(deployed));
});

test.each([undefined, "Resources: ?", "{}"])("%s is left alone", (deployed) => {
  expect(asWritten(deployed, wanted)).toBe(deployed);
});
