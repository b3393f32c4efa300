import { type RollbackOptions, runRollback } from "../../../src/cli/commands/rollback.ts";
import { expect, test } from "vitest";

import { choose } from "../../../src/cli/commands/rollback/choose.ts";

const brought = (minute: number, codeSha256: string) => ({
  key: `${minute}`,
  codeSha256,
  at: new Date(Date.UTC(2026, 0, 1, 0, minute)),
  by: "push" as const,
});

test("an empty --to names no code, also where there is only one", () => {
  const choosing = () => choose([brought(1, "b25l"), brought(2, "b25l")], "dHdv", "", "hello");
  expect(choosing).toThrow(
    expect.objectContaining({ code: "LMI_USAGE", message: '--to "" is no kept code.' }),
  );
  expect(choose([brought(1, "b25l")], "dHdv", "6F6", "hello")).toMatchObject({ key: "1" });
});

test("where only settings were pushed since, it says that the bundle is identical", () => {
  const none = { code: "LMI_NO_EARLIER_CODE" };
  expect(() => choose([brought(1, "one"), brought(2, "one")], "one", undefined, "hello")).toThrow(
    expect.objectContaining({ ...none, why: expect.stringContaining("the bundle is identical") }),
  );
  expect(() => choose([brought(1, "one")], "one", undefined, "hello")).toThrow(
    expect.objectContaining({ ...none, why: expect.stringContaining("is the oldest of it") }),
  );
});

test("--list with --to is refused before anything is asked for", async () => {
  const options = { list: true, to: "082f4c3a" } as RollbackOptions;
  await expect(runRollback(options, {} as never)).rejects.toMatchObject({
    code: "LMI_USAGE",
    message: "--list and --to do not go together.",
  });
});
