import { fileURLToPath } from "node:url";
import type { InvokeWithResponseStreamResponse } from "@aws-sdk/client-lambda";
import type { TestContext } from "vitest";
import { describe, expect, onTestFinished, test } from "vitest";
import { nodeForRuntime } from "../../../src/local/runtime/node-runtimes.ts";
import { cases, unanswered } from "../../fixtures/functions/returns.mjs";
import { skipped } from "../../helpers/skipped.ts";
import type { LambdaBench } from "../../local/services/lambda/lambda-bench.ts";
import { startLambda } from "../../local/services/lambda/lambda-bench.ts";
import type { PlainLoop } from "./plain-loop.ts";
import { startPlainLoop } from "./plain-loop.ts";

// The same handlers and events through AWS's runtime client behind the barest Runtime API, and through the local
// target: payloads, errors and log lines must be the same, but for ids, times and where the code lies.
const taskRoot = fileURLToPath(new URL("../../fixtures/functions", import.meta.url));
/** Node.js of other majors, fetched once; goes with the installed packages. */
const cacheFolder =
  process.env["LMI_TEST_CACHE"] ??
  fileURLToPath(new URL("../../../node_modules/.cache/lmi-test", import.meta.url));
/** Long enough for a client that answers; only what is never answered takes it. */
const patienceMs = 1500;

interface Pair {
  readonly plain: PlainLoop;
  readonly local: LambdaBench;
}

async function start(
  context: TestContext,
  runtime: "nodejs22.x" | "nodejs24.x",
  handler: string,
  workers = 1,
): Promise<Pair> {
  const node = await nodeForRuntime(runtime, { cacheFolder, log: () => undefined }).catch(
    (error: unknown) => skipped(context, `${runtime} cannot be had: ${String(error)}`),
  );
  const plain = await startPlainLoop({ node, runtime, taskRoot, handler, workers });
  onTestFinished(() => plain.close());
  const local = await startLambda({ workers, cacheFolder });
  await local.createProvider();
  const [file = ""] = handler.split(".");
  await local.createFunction(`${file}.mjs`, {
    Runtime: runtime,
    Handler: handler,
    Timeout: 2,
    LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "TRACE" },
  });
  return { plain, local };
}

/** Frames of Node.js itself depend on what else the thread did. */
const nodeFrames = / *(?:\\n|",")? {4}at (?:async Immediate|[^"\\]*\(node:internal)[^"\\]*/g;

/** Paths of the code, and of nothing else, become AWS's. */
const inTask = (text: string) =>
  text
    .replaceAll(nodeFrames, "")
    .replaceAll(/(?<=file:\/\/)\/[^\s"'()]*\/(?=[a-z-]+\.mjs:\d)/g, (path) =>
      path.includes("aws-lambda-ric") ? path : "/var/task/",
    );

/** Lines of the function, without ids and times; those of the platform are the platform's. */
function logged(lines: readonly string[]): unknown[] {
  const ids = new Map<string, string>();
  return lines
    .filter((line) => !line.includes('"type":"platform.'))
    .map(inTask)
    .map((line) => {
      if (!line.startsWith("{")) return line;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a line of the runtime client
      const record = JSON.parse(line) as Record<string, string>;
      const id = record["requestId"] ?? "";
      if (!ids.has(id)) ids.set(id, id.length > 1 ? `request ${ids.size}` : id);
      return { ...record, timestamp: "", requestId: ids.get(id) };
    });
}

async function sameLines({ plain, local }: Pair): Promise<void> {
  const lines = () => logged(local.logLines("/aws/lambda/f"));
  await expect.poll(() => lines().length, { timeout: 10_000 }).toBe(logged(plain.lines).length);
  expect(lines()).toEqual(logged(plain.lines));
}

interface Answer {
  readonly failed: boolean;
  readonly payload: string;
}

const nobodyAnswered = {
  errorType: "Sandbox.Timedout",
  errorMessage: "Task timed out after 2.00 seconds",
};

async function both(
  { plain, local }: Pair,
  event: object,
): Promise<{ plain: Answer; local: Answer }> {
  const [posted, answer] = await Promise.all([
    plain.invoke(crypto.randomUUID(), event, patienceMs),
    local.invoke(event),
  ]);
  return {
    plain: posted
      ? { failed: posted.what === "error", payload: inTask(posted.body) }
      : { failed: true, payload: JSON.stringify(nobodyAnswered) },
    local: {
      failed: answer.FunctionError === "Unhandled",
      payload: inTask(Buffer.from(answer.Payload ?? []).toString()),
    },
  };
}

describe.each(["nodejs22.x", "nodejs24.x"] as const)("%s", (runtime) => {
  test("what handlers return, throw and log", async (context) => {
    const pair = await start(context, runtime, "returns.handler");
    expect(await pair.local.settled()).toMatchObject({ State: "Active" });
    // The client posts it; the platform does not take it.
    const names = Object.keys(cases).filter((name) => name !== "tooLarge");
    for (const name of [...names, ...Object.keys(unanswered)]) {
      const { plain, local } = await both(pair, { do: name, value: [1, { ä: "ö" }] });
      expect(local, name).toEqual(plain);
    }
    await sameLines(pair);
    expect(pair.plain.lines.length).toBeGreaterThan(20);
  });

  test("how threads end", async (context) => {
    // The compiled part keeps asking for a thread that ended, and ends the process by the answer: the README says so.
    context.skip(process.env["LMI_NATIVE_CLIENT"] !== undefined, "the compiled client differs");
    const pair = await start(context, runtime, "crashes.handler", 3);
    expect(await pair.local.settled()).toMatchObject({ State: "Active" });
    for (const event of [{ do: "uncaught" }, { do: "exit", code: 3 }]) {
      const { plain, local } = await both(pair, event);
      expect(local, event.do).toEqual(plain);
    }
    // The last thread takes the process with it.
    const [answer] = await Promise.all([
      pair.local.invoke({ do: "unhandled" }),
      pair.plain.invoke(crypto.randomUUID(), { do: "unhandled" }, patienceMs),
    ]);
    expect(answer.answer).toEqual({ errorType: "Runtime.ExitError" });
    expect(await pair.plain.ended).toBe(0);
    await sameLines(pair);
  });

  test("what streams", async (context) => {
    const pair = await start(context, runtime, "web.streaming");
    expect(await pair.local.settled()).toMatchObject({ State: "Active" });
    for (const path of ["plain", "html", "breaks", "failsAtOnce"]) {
      const event = { rawPath: `/${path}` };
      const posted = await pair.plain.invoke(crypto.randomUUID(), event, 10_000);
      const streamed = await pair.local.call<InvokeWithResponseStreamResponse>(
        "InvokeWithResponseStream",
        { FunctionName: "f", Payload: Buffer.from(JSON.stringify(event)) },
      );
      const { text, error } = await read(streamed);
      expect({ text, error, type: streamed.ResponseStreamContentType }, path).toEqual({
        text: posted?.body,
        error: posted?.trailingError && inTask(posted.trailingError),
        type: posted?.contentType,
      });
    }
    await sameLines(pair);
  });

  test.for(["callback.handler", "init-throws.handler", "hello.missing", "hello"])(
    "what does not initialise: %s",
    async (handler, context) => {
      const { local, plain } = await start(context, runtime, handler);
      const { State, StateReason } = await local.settled();
      expect(State).toBe("Failed");
      await plain.ended;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the client's form
      const error = JSON.parse(plain.initErrors[0]?.body ?? "{}") as Record<string, string>;
      expect(StateReason).toBe(`${error["errorType"]}: ${error["errorMessage"]}`);
      await sameLines({ local, plain });
    },
  );
});

async function read({ EventStream }: InvokeWithResponseStreamResponse) {
  let text = "";
  let error: string | undefined;
  for await (const { PayloadChunk, InvokeComplete } of EventStream ?? []) {
    if (PayloadChunk) text += Buffer.from(PayloadChunk.Payload ?? []).toString();
    if (InvokeComplete?.ErrorDetails) error = inTask(InvokeComplete.ErrorDetails);
  }
  return { text, error };
}
