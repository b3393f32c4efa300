import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { pythonProgram } from "./python.ts";

const folder = resolve(import.meta.dirname, "../conformance/python");

interface Counts {
  readonly ok: number;
  readonly failed: number;
}

export interface ClientReport {
  /** By service and operation, as AWS's models name them. */
  readonly services: Readonly<Record<string, Readonly<Record<string, Counts>>>>;
  /** What was not as the scenario or the model says, one line each. */
  readonly problems: readonly string[];
  /** Responses that were held to the model. */
  readonly checked: number;
}

/** Runs a Python program of test/conformance/python against a target; its progress is kept for a failure's message. */
export async function runPython(
  program: string,
  endpoint: string,
  args: readonly string[],
): Promise<ClientReport> {
  const python = pythonProgram("python");
  if (python === undefined) throw new Error("There is no Python");
  const reports = await mkdtemp(join(tmpdir(), "lmi-clients-"));
  const report = join(reports, "report.json");
  try {
    const progress = await finished(python, [
      join(folder, program),
      "--endpoint",
      endpoint,
      "--report",
      report,
      ...args,
    ]);
    const text = await readFile(report, "utf8").catch(() => {
      throw new Error(`${program} left no report:\n${progress}`);
    });
    return JSON.parse(text) as ClientReport;
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

function finished(command: string, args: readonly string[]): Promise<string> {
  const { PATH, TMPDIR, HOME } = process.env;
  const env = { PATH, TMPDIR, HOME, PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" };
  const child = spawn(command, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", () => done(output));
  });
}

/** The operations of src/local/README.md's table, which another test holds to the code. */
export async function implementedOperations(): Promise<readonly string[]> {
  const readme = resolve(import.meta.dirname, "../../src/local/README.md");
  const [, table = ""] = (await readFile(readme, "utf8")).split("<!-- operations -->");
  const rows = (table.split("<!-- /operations -->")[0] ?? "").matchAll(
    /^\| `(?<service>[a-z0-9]+)` \|.* \| (?<names>[A-Za-z0-9, ]+) \|$/gm,
  );
  return [...rows].flatMap(({ groups }) =>
    (groups?.["names"] ?? "").split(", ").map((name) => `${groups?.["service"]} ${name}`),
  );
}

/** boto3's names of services whose requests are signed under another one. */
const signingNames: Readonly<Record<string, string>> = {
  apigatewayv2: "apigateway",
  cloudwatch: "monitoring",
  "service-quotas": "servicequotas",
};

/** The implemented operations that a report has never seen end so, without the exceptions. */
export function notExercised(
  report: ClientReport,
  ending: keyof Counts,
  implemented: readonly string[],
  except: readonly string[],
): readonly string[] {
  const seen = new Set(
    Object.entries(report.services).flatMap(([service, operations]) =>
      Object.entries(operations)
        .filter(([, counts]) => counts[ending] > 0)
        .map(([name]) => `${signingNames[service] ?? service} ${name}`),
    ),
  );
  return implemented.filter((name) => !seen.has(name) && !except.includes(name));
}

/** Stack policies are refused; all instances are Lambda's, and nobody else may stop them. */
export const alwaysRefused = [
  "cloudformation SetStackPolicy",
  "ec2 RebootInstances",
  "ec2 StopInstances",
  "ec2 TerminateInstances",
];
