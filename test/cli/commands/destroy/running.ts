import type { DestroyOptions } from "../../../../src/cli/commands/destroy.ts";
import type { LmiError } from "../../../../src/errors.ts";
import { sharedDefaults } from "../../../deploy/recording-deps.ts";

export const destroyOptions: DestroyOptions = {
  ...sharedDefaults({ local: true }),
  maxWait: "5",
  keepLogs: false,
  retain: [],
};

/** The failure that a command must end with. */
export async function failureOf(running: Promise<void>): Promise<LmiError> {
  return running.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error as LmiError,
  );
}
