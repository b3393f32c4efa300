import { readdir } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { l1Of } from "../../../src/synth/eject/l1.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

test("finding the construct of a resource leaves nothing in the machine's temporary folder", async () => {
  const folder = await temporaryFolder();
  vi.stubEnv("TMPDIR", folder);
  const group = { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: 7 } };
  expect(l1Of("Logs", group)?.className).toBe("CfnLogGroup");
  expect(await readdir(folder)).toEqual([]);
});
