import { ExitCode, LmiError } from "../../../errors.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";

/** A part of the status that could not be read; the rest is told without it. */
export interface MissingPart {
  /** `instances`, `metrics`. */
  readonly part: string;
  /** What a caller must be allowed. */
  readonly permission: string;
  readonly code: string;
  readonly message: string;
}

/** Reads parts beside each other, and remembers which of them failed. */
export interface Parts {
  /** undefined where it could not be read. */
  read<T>(part: string, permission: string, work: () => Promise<T>): Promise<T | undefined>;
  readonly missing: readonly MissingPart[];
}

/** After the SDK's own attempts, ms: one screen is worth waiting for, a part of it not for long. */
const pauses = [1000, 2000];

/** A part that is denied or turned away must not take the others with it; what is wrong with the credentials does. */
export function createParts(context: Pick<DeployContext, "sleep" | "signal">): Parts {
  const missing: MissingPart[] = [];
  return {
    missing,
    read: async (part, permission, work) => {
      try {
        return await again(work, context);
      } catch (error) {
        if (!(error instanceof LmiError) || isOfAll(error)) throw error;
        const { code, message, why } = error;
        const denied = code === "LMI_ACCESS_DENIED";
        const known = missing.some((other) => other.part === part && other.code === code);
        if (!known)
          missing.push({ part, permission, code, message: denied ? (why ?? message) : message });
        return undefined;
      }
    },
  };
}

async function again<T>(
  work: () => Promise<T>,
  { sleep, signal }: Pick<DeployContext, "sleep" | "signal">,
): Promise<T> {
  for (const pause of pauses) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LmiError) || error.code !== "LMI_THROTTLED") throw error;
      await sleep(pause, signal);
    }
  }
  return work();
}

function isOfAll({ code, exitCode }: LmiError): boolean {
  if (code === "LMI_ACCESS_DENIED") return false;
  return exitCode === ExitCode.credentials || code === "LMI_ENDPOINT_UNREACHABLE";
}
