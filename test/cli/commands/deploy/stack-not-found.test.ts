import { expect, test } from "vitest";

import { stackNotFound } from "../../../../src/cli/commands/deploy/stack-not-found.ts";
import { recordingAws } from "../../../helpers/recording-aws.ts";

test("a folder without settings is told as what it is: no deploy would help there", () => {
  const aws = recordingAws();
  const guessed = { configFile: undefined, projectDir: "/somewhere" };
  expect(stackNotFound("lmi-somewhere", "1", aws, guessed)).toMatchObject({
    why: expect.stringContaining("no settings in /somewhere"),
    next: "Go to the folder of the project, or name its settings with --config",
  });
  const named = { configFile: "/somewhere/lmi.json", projectDir: "/somewhere" };
  expect(stackNotFound("lmi-x", "1", aws, named).next).toMatch(/^lmi deploy /);
});
