import { expect, test } from "vitest";

import { wrap } from "../../../src/cli/output/wrap.ts";
import { forSameStack } from "../../../src/cli/same-stack.ts";

test("a command is not broken behind lmi, so that it gets the flags of its stack", () => {
  const text = "Paused, answers no requests until lmi resume: hello.";
  const broken = wrap(text, 2, 38);
  expect(broken).toBe("Paused, answers no requests until\n  lmi resume: hello.");
  expect(forSameStack(broken, { local: true, env: undefined })).toContain(
    "lmi resume --local: hello",
  );
});

test("spaces within a line stay, and a word that is too long stands alone", () => {
  expect(wrap("  a  b cccccccccc d", 4, 8)).toBe("  a  b\n    cccccccccc\n    d");
});
