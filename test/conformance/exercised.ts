import { readFileSync } from "node:fs";

/** client → service → operations that it called and that were answered without an error */
export type Exercised = Readonly<
  Record<string, Readonly<Record<string, readonly string[]>> | undefined>
>;

export const exercisedFile = new URL("exercised.json", import.meta.url);

/** Clients by what they say of themselves in `User-Agent`; the first that fits counts, since cdk contains the SDK. */
const clients: readonly (readonly [name: string, userAgent: RegExp])[] = [
  ["boto3", /^Boto3\//],
  ["AWS CLI", /^aws-cli\//],
  ["cdk", /\baws-cdk\/\d/],
  ["JS SDK", /^aws-sdk-js\//],
];

export const clientNames: readonly string[] = clients.map(([name]) => name);

interface LogLine {
  readonly service?: string;
  readonly operation?: string;
  readonly status: number;
  readonly error?: string;
  readonly client?: string;
}

/** What a request log (LMI_LOCAL_REQUEST_LOG) shows, in alphabetical order. */
export function exercisedIn(requestLog: string): Exercised {
  const found = new Map<string, Map<string, Set<string>>>();
  for (const line of requestLog.split("\n")) {
    if (line === "") continue;
    const { service, operation, status, error, client = "" } = JSON.parse(line) as LogLine;
    const name = clients.find(([, userAgent]) => userAgent.test(client))?.[0];
    if (name === undefined || service === undefined || operation === undefined) continue;
    if (error !== undefined || status >= 400) continue;
    const services = found.get(name) ?? new Map<string, Set<string>>();
    found.set(name, services);
    services.set(service, (services.get(service) ?? new Set()).add(operation));
  }
  return sorted(found, (services) => sorted(services, (names) => [...names].toSorted()));
}

function sorted<Held, Value>(map: Map<string, Held>, value: (held: Held) => Value) {
  const entries = [...map].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, held]) => [key, value(held)]));
}

export function committedExercised(): Exercised {
  return JSON.parse(readFileSync(exercisedFile, "utf8")) as Exercised;
}

/** `client: service operation` for everything in `left` that is not in `right`, of these clients. */
export function missingIn(
  right: Exercised,
  left: Exercised,
  names: readonly string[],
): readonly string[] {
  return names.flatMap((client) =>
    Object.entries(left[client] ?? {}).flatMap(([service, operations]) =>
      operations
        .filter((operation) => right[client]?.[service]?.includes(operation) !== true)
        .map((operation) => `${client}: ${service} ${operation}`),
    ),
  );
}

/** A service's rows of the README's table: its operations by the clients that called them. */
export function operationRows(
  service: string,
  operations: readonly string[],
  exercised: Exercised,
): readonly string[] {
  const groups = Map.groupBy(operations.toSorted(), (operation) =>
    clientNames
      .filter((client) => exercised[client]?.[service]?.includes(operation) === true)
      .join(", "),
  );
  return [...groups]
    .toSorted(([left], [right]) => right.length - left.length || (left < right ? -1 : 1))
    .map(
      ([by, names]) =>
        `| \`${service}\` | ${by === "" ? "none" : by} | ${names.length} | ${names.join(", ")} |`,
    );
}
