import { runInvoke } from "../../../src/cli/commands/invoke.ts";
import type { InvokeOptions } from "../../../src/cli/commands/invoke.ts";
import { answerOf, recordingAws } from "../../helpers/recording-aws.ts";
import { RecordingReporter } from "../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../helpers/recording-system.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";

const options: InvokeOptions = {
  ...sharedDefaults(),
  function: undefined,
  payload: undefined,
  qualifier: undefined,
  async: false,
  repeat: undefined,
  concurrency: undefined,
  logs: false,
  output: undefined,
};

/** Runs `lmi invoke` with options over the usual ones, against ports of the test's own. */
export async function invoke(
  given: Partial<InvokeOptions>,
  setup: {
    readonly answer?: string;
    readonly functionError?: string;
    readonly files?: Record<string, string>;
    readonly stdin?: string;
    readonly aws?: ReturnType<typeof recordingAws>;
    readonly reporter?: RecordingReporter;
    /** Set here: as Ctrl-C would. */
    press?: () => void;
  } = {},
) {
  const cwd = await temporaryFolder(setup.files);
  const { reporter = new RecordingReporter() } = setup;
  const aws =
    setup.aws ??
    recordingAws({
      functions: {
        invoke: async () =>
          answerOf(setup.answer ?? "null", { functionError: setup.functionError }),
      },
    });
  const system = recordingSystem({
    cwd,
    ...(setup.stdin === undefined ? {} : { stdin: setup.stdin }),
  });
  setup.press = () => system.press();
  const error = await runInvoke(
    { ...options, ...given },
    { system, reporter, aws: async () => aws },
  ).catch((thrown: unknown) => thrown);
  const payloads = aws.invocations.map(({ payload }) => new TextDecoder().decode(payload));
  return { cwd, reporter, system, error, payloads, invocations: aws.invocations };
}
