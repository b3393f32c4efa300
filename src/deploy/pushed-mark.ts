/** What a published version says of itself, where something else than CloudFormation brought it. */
export interface PushedMark {
  readonly by: "push" | "rollback";
  readonly at: Date;
}

/** Reads the description that `lmi push` and `lmi rollback` give the version that they publish. */
export function pushedMark(description: string | undefined): PushedMark | undefined {
  const { by, time } =
    /^lmi (?<by>push|rollback) (?<time>\S+)/.exec(description ?? "")?.groups ?? {};
  const at = new Date(time ?? "");
  if (by === undefined || Number.isNaN(at.getTime())) return undefined;
  return { by: by as PushedMark["by"], at };
}

/** `2026-11-26 01:20 UTC`. */
export function pushedTime(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
