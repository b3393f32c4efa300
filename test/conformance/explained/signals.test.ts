import { LambdaClient } from "@aws-sdk/client-lambda";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FaultClient, faultClient } from "../../../src/cli/local/fault-client.ts";
import type { FaultRule } from "../../../src/local/faults/fault.ts";
import { Machine } from "../../e2e/lmi.ts";
import { publishVersions } from "../../helpers/managed-stack.ts";
import { onOwnTerminal } from "../../helpers/own-terminal.ts";
import { both, type Held, interrupted, saysSo as saysSoOn } from "./interrupting.ts";

/**
 * SIGINT and SIGTERM at each stage of a command: the exit code, what goes on and how to come back are said, and what is
 * named then, typed, ends well. One deployment goes through all of it: what is interrupted is gone on with.
 */
const limit = 300_000;

let machine: Machine;
let cwd: string;
let endpoint: string;
let faults: FaultClient;

beforeAll(async () => {
  machine = await Machine.create();
  cwd = join(machine.home, "hello");
  expect(await machine.lmi(["init", "hello", "--yes"])).toMatchObject({ code: 0 });
  await lmi("local", "up");
  ({ endpoint } = JSON.parse((await lmi("local", "status", "--json")).stdout) as {
    endpoint: string;
  });
  faults = faultClient(endpoint);
});
afterAll(() => machine.dispose([cwd]));
beforeEach(() => faults.clear());

async function lmi(...words: string[]) {
  const result = await machine.lmi(words, { cwd });
  expect(result, `lmi ${words.join(" ")}: ${result.stderr}`).toMatchObject({ code: 0 });
  return result;
}

const ground = () => ({ machine, cwd, faults });

const saysSo = (interruption: Parameters<typeof saysSoOn>[0], says: RegExp) =>
  saysSoOn(interruption, says, ground());

const typed = (advice: string) => lmi(...advice.split(" ").slice(1));

describe("a deploy", () => {
  const deploy = ["deploy", "--local", "--yes"];
  const attach = ["deploy", "--local", "--attach"];

  test.each<[string, Held, RegExp]>([
    ["it looks", { service: "cloudformation", operation: "DescribeStacks" }, /Nothing was changed/],
    ["it makes the bootstrap stack", /… bootstrap/, /Nothing of this version is deployed yet/],
    [
      "it uploads",
      { service: "s3", operation: "PutObject" },
      /still uploading. Nothing of this ver/,
    ],
  ])(
    "before CloudFormation begins, while %s",
    async (stage, held, says) => {
      if (stage.includes("bootstrap"))
        await faults.add(slowly("AWS::S3::Bucket", { times: 1, delayMs: 5000 }));
      for (const signal of both) {
        // What was asked for may have been done unheard.
        await save();
        expect(await saysSo({ words: deploy, held, signal }, says)).toMatch(/^lmi deploy/);
      }
    },
    limit,
  );

  test(
    "while CloudFormation and Lambda are at work, again and again, and is come back to",
    async () => {
      const isDeployed = /The stack is deployed\. Lambda goes on/;
      const goesOn = /(CloudFormation goes on with the stack|AWS goes on) by itself/;
      await faults.add(slowly("AWS::Lambda::CapacityProvider"));
      await faults.add(slowly("AWS::Lambda::Function"));
      const answer = { service: "lambda", operation: "Invoke" } as const;
      for (const [words, held, signal, says] of [
        [deploy, /… provider/, "SIGINT", goesOn],
        [attach, /… provider/, "SIGTERM", goesOn],
        [attach, /… version/, "SIGINT", goesOn],
        [attach, /… version/, "SIGTERM", goesOn],
        [attach, answer, "SIGINT", isDeployed],
        [attach, answer, "SIGTERM", isDeployed],
      ] as const)
        expect(await saysSo({ words, held, signal }, says)).toBe("lmi deploy --local --attach");
      await lmi(...attach);
      expect((await lmi("invoke", "--local")).stdout).not.toBe("");
    },
    limit,
  );
});

function slowly(resourceType: string, more: Partial<FaultRule> = {}): FaultRule {
  return { fault: "slow", delayMs: 12_000, resourceType, ...more };
}

describe("logs", () => {
  const read = { service: "logs", operation: "FilterLogEvents" } as const;

  test.each(both)("stored pages, %s", async (signal) => {
    const { told } = await interrupted(
      { words: ["logs", "--local"], held: read, signal },
      ground(),
    );
    expect(told).not.toContain("No lines");
    expect(told).toMatch(/Interrupted\. .*lmi logs --local.* LMI_INTERRUPTED/);
    expect((await lmi("logs", "--local")).stdout).toContain("report");
  });

  test.each(
    both.flatMap((signal) => [[signal, "--follow"] as const, [signal, "--follow --poll"] as const]),
  )("%s ends following, which is how it is ended: %s", async (signal, how) => {
    const words = ["logs", "--local", "--since", "1h", ...how.split(" ")];
    const { stderr, stdout } = await interrupted({ words, held: /report/, signal }, ground());
    expect(stderr).not.toContain("✗");
    expect(stdout).toMatch(/\n$/);
    // In the midst of a read.
    const { told } = await interrupted({ words, held: read, signal }, ground());
    expect(told).not.toContain("No lines");
  });
});

/** A push, a rollback: requests that hold them, and what is said then. */
const configuration = { service: "lambda", operation: "GetFunctionConfiguration" } as const;
const bringing: readonly [string, Held, RegExp][] = [
  ["it looks", configuration, /Nothing was changed/],
  [
    "Lambda takes the code",
    { service: "lambda", operation: "UpdateFunctionCode" },
    /is not published: the version before goes on answering/,
  ],
  [
    "it publishes",
    { service: "lambda", operation: "PublishVersion" },
    /may be published already: then Lambda goes on starting its environments/,
  ],
  [
    "it waits for the version",
    { ...configuration, once: /… version/ },
    /It is published\. Lambda goes on starting its environments/,
  ],
  ["it waits for an answer", { service: "lambda", operation: "Invoke" }, /It is published\./],
  ["it keeps the code", { service: "s3", operation: "CopyObject" }, /It is published\./],
];

let codesSaved = 0;
async function save(): Promise<string> {
  codesSaved += 1;
  const text = `code ${codesSaved}`;
  await writeFile(
    join(cwd, "src", "handler.ts"),
    `export const handler = async () => "${text}";\n`,
  );
  return text;
}

async function history() {
  const { stdout } = await lmi("rollback", "--local", "--list", "--json");
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as {
    readonly runningHex: string;
    /** Newest first. */
    readonly kept: readonly { readonly codeHex: string }[];
  };
}

const answers = async (text: string) =>
  expect((await lmi("invoke", "--local")).stdout).toContain(`"${text}"`);

describe("a push", () => {
  let savedBefore = 0;
  beforeAll(() => void (savedBefore = codesSaved));

  test.each(bringing)(
    "while %s, and the next one converges",
    async (_, held, says) => {
      for (const signal of both) {
        const text = await save();
        const advice = await saysSo({ words: ["push", "--local"], held, signal }, says);
        expect(advice).toBe("lmi push --local");
        await typed(advice);
        await answers(text);
      }
    },
    limit,
  );

  test(
    "whose code answered is known to a rollback, whenever it was interrupted",
    async () => {
      await save();
      await lmi("push", "--local");
      expect((await history()).kept).toHaveLength(1 + codesSaved - savedBefore);
    },
    limit,
  );

  test.each(both)(
    "--watch, %s",
    async (signal) => {
      const words = ["push", "--local", "--watch"];
      const waits = await saysSo({ words, held: /Watching for saves/, signal }, /is what answers/);
      expect(waits).toBe("lmi push --local --watch");
      const text = await save();
      const held = { service: "lambda", operation: "UpdateFunctionCode" } as const;
      const works = await saysSo({ words, held, signal }, /is not published/);
      expect(works).toBe("lmi push --local --watch");
      await lmi("push", "--local");
      await answers(text);
    },
    limit,
  );
});

describe("a rollback", () => {
  test.each(bringing)(
    "while %s goes where it was to go, back and forth, and no further",
    async (_, held, says) => {
      const { kept, runningHex } = await history();
      const [newest, before] = kept;
      expect(runningHex).toBe(newest?.codeHex);
      // Back with SIGINT, forth with SIGTERM.
      for (const [signal, to, wanted] of [
        ["SIGINT", [], before],
        ["SIGTERM", ["--to", newest?.codeHex ?? ""], newest],
      ] as const) {
        const words = ["rollback", "--local", "--yes", ...to];
        const advice = await saysSo({ words, held, signal }, says);
        expect(advice).toMatch(/^lmi rollback/);
        await typed(`${advice} --yes`);
        expect((await history()).runningHex).toBe(wanted?.codeHex);
      }
      await answers(`code ${codesSaved}`);
    },
    limit,
  );
});

test.each(both)("status --watch ends with %s, which is how it is ended", async (signal) => {
  const words = ["status", "--local", "--watch"];
  const { stderr } = await interrupted({ words, held: /Active/, signal }, ground());
  expect(stderr).not.toContain("✗");
});

describe("a destroy", () => {
  const destroy = ["destroy", "--local", "--yes"];

  test.each(both)("while it looks, %s", async (signal) => {
    const held = { service: "cloudformation", operation: "GetTemplate" } as const;
    const advice = await saysSo({ words: destroy, held, signal }, /Nothing was deleted/);
    expect(advice).toBe("lmi destroy --local");
  });

  test.each([...both, "Ctrl-C"] as const)("while it asks, %s", async (key) => {
    const pressed = { until: /Delete lmi-hello\?/, press: key };
    const { code, screen } = await onOwnTerminal(["destroy", "--local"], pressed, { machine, cwd });
    expect(code, screen).toBe(key === "SIGTERM" ? 143 : 130);
    expect(screen).toContain("Interrupted.");
    expect(screen).toMatch(/lmi destroy --local/);
    expect(screen).toMatch(/Nothing was deleted|nothing that it asks about was changed/);
  });

  test.each([
    ["--keep-logs", "SIGINT"],
    ["--retain OperatorRole", "SIGTERM"],
  ] as const)("while CloudFormation is told what is to stay, %s, %s", async (flags, signal) => {
    const words = [...destroy, ...flags.split(" ")];
    const held = { service: "cloudformation", operation: "UpdateStack" } as const;
    const advice = await saysSo({ words, held, signal }, /Nothing was deleted/);
    expect(advice).toContain(flags);
  });

  test("while versions are pruned", async () => {
    const { stdout } = await lmi("status", "--local", "--json");
    const [name = ""] = /[\w-]*managed-instance-function/.exec(stdout) ?? [];
    const credentials = { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" };
    const lambda = new LambdaClient({ region: "us-east-1", endpoint, credentials });
    const held = { service: "lambda", operation: "DeleteFunction" } as const;
    await publishVersions(lambda, name, both.length);
    for (const signal of both) {
      const says = /Lambda goes on deleting the versions that were begun/;
      const advice = await saysSo({ words: destroy, held, signal }, says);
      expect(advice).toBe("lmi destroy --local");
    }
  });

  test(
    "while CloudFormation deletes and while instances end, again and again, and ends well",
    async () => {
      await faults.add(slowly("AWS::Lambda::CapacityProvider", { action: "delete" }));
      const instances = { service: "ec2", operation: "DescribeInstances" } as const;
      const deletes = /CloudFormation goes on deleting by itself/;
      const ends = /CloudFormation is done with the stack. AWS goes on ending what ran/;
      for (const [held, signal, says] of [
        [/… provider/, "SIGINT", deletes],
        [{ service: "cloudformation", operation: "DescribeStackEvents" }, "SIGTERM", deletes],
        [{ ...instances, once: /… instances/ }, "SIGINT", ends],
        [instances, "SIGTERM", ends],
      ] as const) {
        const advice = await saysSo({ words: destroy, held, signal }, says);
        expect(advice).toBe("lmi destroy --local");
      }
      await faults.clear();
      // Its last work, and what a destroy after the end looks at.
      for (const signal of both) {
        const held = { service: "s3", operation: "ListObjectsV2" } as const;
        await saysSo({ words: destroy, held, signal }, /The stack is gone\. /);
      }
      expect((await lmi(...destroy)).stdout).toContain("Stack lmi-hello is gone");
    },
    limit,
  );
});
