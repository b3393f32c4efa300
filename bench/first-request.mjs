// How long a command takes until its first request reaches AWS: a server that notes when one arrives, and answers none.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { performance } from "node:perf_hooks";

/** What every call to AWS takes besides. It comes after the first request has been sent, so it must change nothing. */
const latency = 50;

/**
 * Runs a command against a server of its own and ends it once its first request is there.
 * @returns a function that resolves to the milliseconds from the start of the process, and the request's operation
 */
export async function firstRequestSpy() {
  let arrived;
  const server = createServer((request, response) => {
    arrived(
      performance.now(),
      `${request.method} ${request.headers["x-amz-target"] ?? request.url}`,
    );
    setTimeout(() => response.writeHead(500).end("{}"), latency).unref();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  return {
    close: () => server.close(),
    measure: ({ command, args, cwd, env }) =>
      new Promise((resolve, reject) => {
        const started = performance.now();
        const child = spawn(command, args, {
          cwd,
          env: {
            ...env,
            AWS_ENDPOINT_URL: endpoint,
            AWS_REGION: "us-east-1",
            AWS_ACCESS_KEY_ID: "bench",
            AWS_SECRET_ACCESS_KEY: "bench",
          },
          stdio: "ignore",
        });
        let first;
        arrived = (at, operation) => {
          first ??= { milliseconds: at - started, operation };
          child.kill("SIGKILL");
        };
        child.once("error", reject);
        child.once("close", () =>
          first ? resolve(first) : reject(new Error(`lmi ${args.slice(1).join(" ")} sent nothing`)),
        );
      }),
  };
}
