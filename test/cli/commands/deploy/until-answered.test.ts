import { expect, test } from "vitest";

import { sayDone } from "../../../../src/cli/commands/deploy/until-answered.ts";
import { stackState } from "../../../deploy/fake-aws.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";

test("of several first answers the end tells the one that failed, and how to try that function", () => {
  const reporter = new RecordingReporter();
  const stack = stackState({ outputs: { FunctionNameA: "a", FunctionNameB: "b" } });
  const answer = { statusCode: 200, functionError: undefined, milliseconds: 6, attempts: 1 };
  const answers = [
    { functionName: "a", ...answer },
    { functionName: "b", ...answer, functionError: "Unhandled", milliseconds: 7 },
  ];
  sayDone({ stack, leftBehind: [], changed: true, answers }, 4000, "", { reporter });
  expect(reporter.said).toEqual([
    "info Ready in 0:04. The first answer was an error (Unhandled) in 7 ms.",
    `info Try: lmi invoke b --payload '{"test":"data"}'`,
    "info      lmi logs b -f   ·   lmi status",
  ]);
});
