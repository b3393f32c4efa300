import { shortHash } from "../../../deploy/code-hash.ts";
import type { VersionName } from "../../../deploy/prune-versions.ts";
import type { ListedFunction, ListedVersion, ProviderUsage } from "./read-versions.ts";

interface Rendered {
  readonly functions: readonly ListedFunction[];
  readonly capacityProviders: readonly ProviderUsage[];
  readonly pruned: readonly VersionName[];
}

export function renderVersions({ functions, capacityProviders, pruned }: Rendered): string {
  const gone = new Set(pruned.map(({ functionName, version }) => `${functionName}:${version}`));
  return [
    ...functions.flatMap(({ name, versions }) => [
      name,
      ...renderFunction(versions.filter(({ version }) => !gone.has(`${name}:${version}`))),
      "",
    ]),
    ...capacityProviders.flatMap((provider) => [...renderProvider(provider), ""]),
  ]
    .join("\n")
    .trimEnd();
}

const head = ["version", "state", "published", "code", "sha256", "envs", "alias"];

function renderFunction(versions: readonly ListedVersion[]): string[] {
  if (versions.length === 0) return ["  nothing published: it answers no requests"];
  return table([head, ...versions.map(cells)]);
}

function cells(version: ListedVersion): string[] {
  const { modifiedAt, codeBytes, codeSha256, aliases, ofStack } = version;
  const notes = [...aliases, ...(ofStack ? ["(of the stack)"] : [])];
  return [
    version.version,
    stateOf(version),
    modifiedAt?.toISOString().slice(0, 16).replace("T", " ") ?? "?",
    codeBytes === undefined ? "?" : sizeOf(codeBytes),
    codeSha256 === undefined ? "?" : shortHash(codeSha256),
    environmentsOf(version),
    notes.join(", "),
  ];
}

/** A republish leaves the state Active: what it came to is in the other word. */
function stateOf({ state, lastUpdateStatus }: ListedVersion): string {
  const change = lastUpdateStatus === "Successful" ? undefined : lastUpdateStatus;
  if (state === undefined) return "?";
  return change === undefined || state !== "Active" ? state : `${state}, ${change}`;
}

/** `1–4`; `3+` where nothing limits them. */
function environmentsOf({ minEnvironments, maxEnvironments }: ListedVersion): string {
  return maxEnvironments === undefined
    ? `${minEnvironments ?? "?"}+`
    : `${minEnvironments ?? "?"}–${maxEnvironments}`;
}

function sizeOf(bytes: number): string {
  const [amount, unit] =
    bytes < 1000 ? [bytes, "B"] : bytes < 1e6 ? [bytes / 1000, "kB"] : [bytes / 1e6, "MB"];
  return `${amount < 10 && unit !== "B" ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}

function renderProvider({ name, used, limit, by }: ProviderUsage): string[] {
  const rows = by.map(({ functionName, versions, own }) => [
    functionName,
    String(versions),
    own ? "" : "not of this stack",
  ]);
  return [`${name}  ${used} of ${limit} versions`, ...table(rows)];
}

/** Aligned and indented by two. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}
