// A local target of its own, as the command line starts it, and plain signed-looking requests to it.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import process from "node:process";

import { node, root } from "../scripts/toolchain.mjs";

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Starts `lmi local up --foreground` on a new state folder and resolves once it is up; `bare`: with nothing that measures in it. */
export async function startTarget(folder, env, { bare = false } = {}) {
  const stateDir = mkdtempSync(join(folder, "target-"));
  const measuring = ["--expose-gc", "--import", join(import.meta.dirname, "target-memory.mjs")];
  const child = spawn(
    node,
    [...(bare ? [] : measuring), join(root, "bin", "lmi.js"), "local", "up", "--foreground"],
    {
      env: { ...env, LMI_LOCAL_STATE: stateDir },
      stdio: ["ignore", "ignore", "pipe", ...(bare ? [] : ["ipc"])],
    },
  );
  const endpoint = await new Promise((resolve, reject) => {
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      said += chunk;
      const up = /Local target at (\S+)/.exec(said);
      if (up) resolve(up[1]);
    });
    child.once("exit", (code) =>
      reject(new Error(`The local target ended with ${code}:\n${said}`)),
    );
  });
  return {
    endpoint,
    stateDir,
    pid: child.pid,
    /** Live bytes and resident bytes of the target's process, after a garbage collection. */
    memory: () => ask(child, "memory"),
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(stateDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

function ask(child, question) {
  return new Promise((resolve) => {
    child.once("message", resolve);
    child.send(question);
  });
}

/** Largest resident size, in MB, that a process has had. */
export function peakResident(pid) {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/** Resident MB of all children of a process, shared pages counted once; with their number. */
export function childrenMemory(pid) {
  const children = readdirSync("/proc").filter(
    (entry) => /^\d+$/.test(entry) && parentOf(entry) === pid,
  );
  const sizes = children.map(
    (child) =>
      Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${child}/smaps_rollup`, "utf8"))?.[1] ?? 0) /
      1024,
  );
  return { count: children.length, megabytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function parentOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ")[1]);
  } catch {
    return undefined; // Ended since the folder was read.
  }
}

const authorization = (service) =>
  `AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;

/** One request; resolves to its status and body whatever the status is. */
export function send(endpoint, service, { method = "POST", path = "/", headers = {}, body = "" }) {
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, endpoint),
      {
        agent,
        method,
        headers: {
          authorization: authorization(service),
          "content-length": Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString("utf8") }),
        );
        response.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A call of the query protocol (CloudFormation, STS, IAM); resolves to the XML. */
export async function query(endpoint, service, Action, parameters) {
  const body = new URLSearchParams({ Action, ...parameters }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  return expectOk(await send(endpoint, service, { headers, body }), Action);
}

/** A call of CloudWatch Logs; resolves to the parsed answer. */
export async function logs(endpoint, operation, input) {
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `Logs_20140328.${operation}`,
  };
  const answer = await send(endpoint, "logs", { headers, body: JSON.stringify(input) });
  return JSON.parse(expectOk(answer, operation));
}

/** All events of a group that match, page by page. */
export async function* filtered(endpoint, logGroupName, filterPattern, more = {}) {
  let nextToken;
  do {
    const input = { logGroupName, filterPattern, nextToken, ...more };
    const page = await logs(endpoint, "FilterLogEvents", input);
    yield* page.events;
    ({ nextToken } = page);
  } while (nextToken !== undefined);
}

export function expectOk({ status, body }, what) {
  if (status < 200 || status > 299) throw new Error(`${what} answered ${status}: ${body}`);
  return body;
}
