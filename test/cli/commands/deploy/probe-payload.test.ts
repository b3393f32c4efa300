import { expect, test } from "vitest";
import { parseProbe } from "../../../../src/cli/commands/deploy/probe-payload.ts";
import { recordingSystem } from "../../../helpers/recording-system.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";

test.each([
  [true, "{}"],
  ['{"a":1}', '{"a":1}'],
  ["event.json", "[1]"],
  ["@event.json", "[1]"],
  [false, undefined],
])("%s", async (option, expected) => {
  const system = recordingSystem({ cwd: await temporaryFolder({ "event.json": "[1]" }) });
  const bytes = await parseProbe(option, system);
  expect(bytes && Buffer.from(bytes).toString()).toBe(expected);
});

test("what is neither JSON nor a file is told with the flag it came with", async () => {
  const system = recordingSystem({ cwd: await temporaryFolder({}) });
  await expect(parseProbe("{bad", system)).rejects.toMatchObject({
    code: "LMI_PAYLOAD_INVALID",
    exitCode: 2,
    message: expect.stringMatching(/^--probe /),
  });
});
