import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { Machine } from "../e2e/lmi.ts";
import type { BrokenSettings } from "../helpers/random-settings/random-faults.ts";

/** Commands at once. */
const AT_ONCE = 2;

/** Something that AWS's clients are sent to, and that counts who comes. */
interface Spy {
  readonly env: Record<string, string>;
  /** Method and path of each request. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

async function startSpy(): Promise<Spy> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(403).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "spied",
      AWS_SECRET_ACCESS_KEY: "upon",
      AWS_MAX_ATTEMPTS: "1",
    },
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** A project of these settings, with code that would do. */
async function projectOf(machine: Machine, settings: object): Promise<string> {
  const cwd = await mkdtemp(path.join(machine.home, "project-"));
  await mkdir(path.join(cwd, "src"));
  await writeFile(path.join(cwd, "lmi.json"), JSON.stringify(settings));
  await writeFile(path.join(cwd, "src/handler.ts"), "export const handler = async () => 1;\n");
  return cwd;
}

/** What is wrong with how the built command refuses these settings; nothing may reach AWS. */
export async function refusalsOf(all: readonly BrokenSettings[]): Promise<string[]> {
  const spy = await startSpy();
  const machine = await Machine.create(spy.env);
  try {
    const found = await deployAll(machine, all);
    const reached = spy.requests.map((request) => `reached AWS: ${request}`);
    // The spy does see what comes.
    const cwd = await projectOf(machine, { name: "right", region: "us-east-1" });
    await machine.lmi(["deploy", "--yes"], { cwd });
    return [...found, ...reached, ...(spy.requests.length > reached.length ? [] : ["saw nothing"])];
  } finally {
    await rm(machine.home, { recursive: true, force: true });
    await spy.close();
  }
}

/**
 * Deploys each of the settings by the built command, with and without `--json`. What is not as it must be comes with
 * the settings' number: exit code 2, each fault with its path, and in the document nothing else.
 */
async function deployAll(machine: Machine, all: readonly BrokenSettings[]): Promise<string[]> {
  const queue = [...all.entries()];
  const wrong: string[] = [];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [number, broken] = next;
      const found = await deployOne(machine, broken);
      wrong.push(...found.map((text) => `${number}: ${text}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return wrong;
}

async function deployOne(machine: Machine, { settings, at }: BrokenSettings): Promise<string[]> {
  const cwd = await projectOf(machine, settings);
  const people = await machine.lmi(["deploy", "--yes"], { cwd });
  const program = await machine.lmi(["deploy", "--yes", "--json"], { cwd });
  const lines = people.stderr.split("\n").map((line) => line.trim());
  const untold = at.filter(
    (where) =>
      !lines.some((line) => line.startsWith(`${where}  `) || line === `${where} (from lmi.json)`),
  );
  const told = problemPaths(program.stdout);
  return [
    ...[people, program]
      .filter(({ code }) => code !== 2)
      .map(({ code, stderr }) => `ended with ${code}: ${stderr}`),
    ...untold.map((where) => `does not tell ${where}: ${people.stderr}`),
    ...(JSON.stringify(told) === JSON.stringify(at)
      ? []
      : [`tells as JSON ${told.join(", ")}, and not ${at.join(", ")}: ${program.stdout}`]),
  ];
}

/** Of the error that a command's last line is. */
function problemPaths(stdout: string): string[] {
  const last = stdout.trim().split("\n").at(-1) ?? "";
  const { problems = [] } = JSON.parse(last === "" ? "{}" : last) as {
    readonly problems?: readonly { readonly path: string }[];
  };
  return [...new Set(problems.map(({ path: where }) => where))].toSorted();
}
