import { expect, test } from "vitest";
import { renderListing } from "../../../../src/cli/commands/list/render.ts";

test("says when a stack with a time to live goes", () => {
  const stack = {
    stackName: "lmi-hello",
    status: "CREATE_COMPLETE",
    project: "hello",
    providers: [],
    updatedAt: undefined,
    networkPerDay: 1.2,
  };
  const text = (expiresAt: string | undefined) =>
    renderListing(
      {
        account: "123456789012",
        regions: [
          { region: "us-east-1", providers: [], stacks: [{ ...stack, expiresAt }], missing: [] },
        ],
        failures: [],
        perDay: 1.2,
        isLeast: false,
      },
      false,
    );
  expect(text("2026-11-27T02:00:00")).toContain("a day, goes at 2026-11-27T02:00:00Z");
  expect(text(undefined)).not.toContain("goes at");
});
