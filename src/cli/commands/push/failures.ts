import { LmiError } from "../../../errors.ts";

/**
 * One failure for a push of several functions: the first, with all others below it, and with what was pushed all the
 * same, so that nobody has to find out how far it came.
 * @param pushed names of the functions that answer with what was to be brought
 */
export function allFailures(failures: readonly unknown[], pushed: readonly string[]): unknown {
  const known = failures.filter((each) => each instanceof LmiError);
  const [first, ...others] = known;
  // What is no expected failure is a fault of lmi's own, and told as such.
  if (first === undefined || known.length < failures.length)
    return failures.find((each) => !(each instanceof LmiError));
  if (others.length === 0 && pushed.length === 0) return first;
  const { code, message, exitCode, details, cause } = first;
  const next = new Set(known.flatMap((each) => each.next ?? []));
  return new LmiError(code, message, {
    why: [
      first.why,
      ...others.flatMap((each) => [each.message, indented(each.why)]),
      pushed.length === 0 ? undefined : `Brought all the same: ${pushed.join(", ")}.`,
    ]
      .filter((part) => part !== undefined)
      .join("\n"),
    ...(next.size === 0 ? {} : { next: [...next].join("\n") }),
    exitCode,
    details: {
      ...details,
      pushed,
      others: others.map((each) => ({ ...each.details, code: each.code, message: each.message })),
    },
    cause,
  });
}

function indented(text: string | undefined): string | undefined {
  return text?.replaceAll(/^/gm, "  ");
}
