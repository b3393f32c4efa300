import { expect, it } from "vitest";
import { sampleProjects } from "../../helpers/random-settings/random-project.ts";
import { writtenWhenEjected } from "./written-when-ejected.ts";

// 50 of them in test/conformance/eject.test.ts.
it("ejected projects of random settings write the template that lmi writes, and keep their own types", async () => {
  const { written, expected, typeErrors } = await writtenWhenEjected(sampleProjects(8));
  expect(written).toEqual(expected);
  expect(typeErrors).toBe("");
}, 120_000);
