import { expect, test } from "vitest";

import { sayLifetime } from "../../../../src/cli/commands/deploy/lifetime.ts";
import { fakeAccount, fakeAws, stackState } from "../../../deploy/fake-aws.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";

test("a stack that may not be deleted takes no time to live; the command that frees it is for its account", () => {
  const aws = fakeAws(fakeAccount());
  const stack = stackState({ terminationProtection: true });
  const survey = {
    condition: { kind: "ready", stack } as const,
    aws: { ...aws, target: { ...aws.target, profile: "work" } },
  };
  const say = () => sayLifetime(survey, { ttl: "4h" }, new RecordingReporter(), new Date());
  expect(say).toThrow(
    expect.objectContaining({
      code: "LMI_STACK_PROTECTED",
      next: expect.stringMatching(/--stack-name lmi-hello --region eu-west-1 --profile work$/),
    }),
  );
});
