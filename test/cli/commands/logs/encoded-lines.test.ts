import { expect, test } from "vitest";

import { EncodedLines } from "../../../../src/cli/commands/logs/encoded-lines.ts";

test("lines longer than expected, of any characters, come out as they were", () => {
  const lines = new EncodedLines(1);
  const written = ["short\n", `${"€".repeat(500)}\n`, "🙂 and 🙃\n", `${"x".repeat(5000)}\n`, "\n"];
  for (const line of written) lines.add(line);
  expect(Buffer.from(lines.bytes).toString("utf8")).toBe(written.join(""));
});

test("without lines there is nothing", () => {
  expect(new EncodedLines(0).bytes).toHaveLength(0);
});
