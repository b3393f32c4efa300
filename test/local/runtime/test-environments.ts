import { fileURLToPath } from "node:url";
import type { EnvironmentHost } from "../../../src/local/runtime/environment.ts";
import { Environment } from "../../../src/local/runtime/environment.ts";
import type { EnvironmentSpec } from "../../../src/local/runtime/environment-variables.ts";
import type { Invocation, InvocationResult } from "../../../src/local/runtime/invocation.ts";
import { nodeLaunch } from "../../../src/local/runtime/launch.ts";

const functionsFolder = fileURLToPath(new URL("../../fixtures/functions", import.meta.url));

export interface TestEnvironments {
  readonly start: (
    handler: string,
    spec?: Partial<EnvironmentSpec>,
    host?: Partial<EnvironmentHost>,
  ) => Promise<Environment>;
  /** What was logged since the last `stop`. */
  readonly lines: string[];
  /** Records of the log that are JSON. */
  records(): Record<string, unknown>[];
  stop(): Promise<void>;
}

/** Environments of fixture functions, with their log lines. */
export function testEnvironments(): TestEnvironments {
  const running: Environment[] = [];
  const lines: string[] = [];
  return {
    lines,
    records: () =>
      lines
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    start: async (handler, spec = {}, host = {}) => {
      const full = { ...defaults, handler, ...spec };
      const environment = await Environment.start(full, {
        launch: nodeLaunch(process.execPath, full.memoryMb),
        log: { append: (message) => lines.push(message) },
        logStream: "2026/11/23/[$LATEST.PUBLISHED]0123456789abcdef0123456789abcdef",
        initTimeoutMs: 20_000,
        onCrash: () => undefined,
        ...host,
      });
      running.push(environment);
      return environment;
    },
    stop: async () => {
      await Promise.all(running.splice(0).map((environment) => environment.stop()));
      lines.length = 0;
    },
  };
}

const defaults: EnvironmentSpec = {
  region: "us-east-1",
  accountId: "000000000000",
  functionName: "f",
  functionVersion: "$LATEST.PUBLISHED",
  functionArn: "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST.PUBLISHED",
  runtime: "nodejs24.x",
  handler: "",
  memoryMb: 2048,
  timeoutMs: 3000,
  maxConcurrency: 64,
  workers: 1,
  taskRoot: functionsFolder,
  variables: {},
  logGroup: "/aws/lambda/f",
  applicationLogLevel: "INFO",
  systemLogLevel: "INFO",
  endpoint: "http://127.0.0.1:1",
};

let requests = 0;

export const invocation = (event: unknown, more: Partial<Invocation> = {}): Invocation => ({
  requestId: `00000000-0000-4000-8000-${String((requests += 1)).padStart(12, "0")}`,
  payload: Buffer.from(JSON.stringify(event)),
  functionArn: "arn:aws:lambda:us-east-1:000000000000:function:f",
  timeoutMs: 5000,
  ...more,
});

export const text = ({ payload }: InvocationResult) => Buffer.from(payload).toString();

export async function run(
  environment: Environment,
  event: unknown,
  more: Partial<Invocation> = {},
) {
  const result = await environment.invoke(invocation(event, more));
  // What a function answers, as tests look at it: with matchers, and with the ids in it for the next call.
  // oxlint-disable-next-line typescript/no-explicit-any
  const answer: any = JSON.parse(text(result));
  return { answer, errorType: result.errorType };
}
