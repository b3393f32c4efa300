import { ForbiddenExit, MOST_SECONDS, UnendingCode } from "./config/user-code.ts";

/** What of the process a guard takes hold of. */
type Guarded = Pick<NodeJS.Process, "emitWarning" | "exit" | "off" | "once" | "stderr">;

/** Seconds after which a person is told what is being waited for. */
const PATIENCE_SECONDS = 5;

/** Warnings about how a settings file is read, which its author can do nothing about, or need not. */
const needless = /Type Stripping|MODULE_TYPELESS_PACKAGE_JSON/;

/**
 * Runs code that is not lmi's. Rejects with what it throws, with ForbiddenExit, or with UnendingCode: `idle` as soon as
 * nothing is left that could go on, `late` after 30 s. A loop without an await can be ended by a signal alone.
 */
export async function guardUserCode<T>(
  process: Guarded,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const unguard = guard(process);
  const ends: (() => void)[] = [unguard];
  try {
    return await new Promise<T>((resolve, reject) => {
      const onIdle = () => reject(new UnendingCode("idle"));
      process.once("beforeExit", onIdle);
      ends.push(() => process.off("beforeExit", onIdle));
      // Unreferenced, so that an idle process shows itself.
      const notice = setTimeout(
        () => void process.stderr.write(`${name}: waiting since ${PATIENCE_SECONDS} s …\n`),
        PATIENCE_SECONDS * 1000,
      ).unref();
      const limit = setTimeout(() => reject(new UnendingCode("late")), MOST_SECONDS * 1000).unref();
      ends.push(
        () => clearTimeout(notice),
        () => clearTimeout(limit),
      );
      work().then(resolve, reject);
    });
  } finally {
    for (const end of ends) end();
  }
}

/** @returns what takes the guard away */
function guard(process: Guarded): () => void {
  const { exit, emitWarning } = process;
  process.exit = (code) => {
    throw new ForbiddenExit(code);
  };
  const warn = emitWarning.bind(process) as (...warning: unknown[]) => void;
  process.emitWarning = (...warning: unknown[]) => {
    if (!warning.some((part) => needless.test(describe(part)))) warn(...warning);
  };
  return () => {
    process.exit = exit;
    process.emitWarning = emitWarning;
  };
}

function describe(part: unknown): string {
  if (typeof part === "string") return part;
  if (part instanceof Error) return part.message;
  return JSON.stringify(part) ?? "";
}
