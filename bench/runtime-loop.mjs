// The yardstick for `lmi`'s local Invoke API: the barest server that can drive AWS's runtime client.
// It keeps 64 requests in flight over the Runtime API and measures no more than that.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";

const dist = join(import.meta.dirname, "..", "dist", "local", "runtime");

/** Requests a second at `inFlight`, over `requests` requests after a tenth of them as warm-up. */
export async function bareLoop({ taskRoot, handler, workers, inFlight, requests, payload }) {
  const body = Buffer.from(payload);
  const warmUp = Math.ceil(requests / 10);
  const waiting = [];
  let sent = 0;
  let done = 0;
  let started = 0;
  const finished = Promise.withResolvers();

  const send = (response) => {
    sent += 1;
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": body.length,
      "lambda-runtime-aws-request-id": randomUUID(),
      "lambda-runtime-deadline-ms": Date.now() + 30_000,
      "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:000000000000:function:bench",
      "lambda-runtime-trace-id":
        "Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0",
    });
    response.end(body);
  };
  const feed = () => {
    while (waiting.length > 0 && sent - done < inFlight && sent < requests + warmUp)
      send(waiting.shift());
  };
  const server = createServer((request, response) => {
    if (request.url.endsWith("/next")) {
      waiting.push(response);
      return feed();
    }
    request.resume();
    return request.on("end", () => {
      response.writeHead(202).end();
      done += 1;
      if (done === warmUp) started = performance.now();
      if (done === requests + warmUp) return finished.resolve();
      return feed();
    });
  });
  server.keepAliveTimeout = 0;
  await once(server.listen(0, "127.0.0.1"), "listening");

  const child = spawn(
    process.execPath,
    [
      "--import",
      join(import.meta.dirname, "http-native-client.mjs"),
      join(dist, "nodejs", "index.mjs"),
    ],
    {
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        PATH: process.env.PATH,
        AWS_LAMBDA_FUNCTION_NAME: "bench",
        AWS_LAMBDA_FUNCTION_VERSION: "$LATEST.PUBLISHED",
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "2048",
        AWS_LAMBDA_LOG_FORMAT: "JSON",
        AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/bench",
        AWS_LAMBDA_LOG_STREAM_NAME: "bench",
        AWS_LAMBDA_MAX_CONCURRENCY: String(inFlight),
        AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: "true",
        AWS_LAMBDA_NODEJS_WORKER_COUNT: String(workers),
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}`,
        LAMBDA_TASK_ROOT: taskRoot,
        _HANDLER: handler,
      },
    },
  );
  child.once("exit", (code) => finished.reject(new Error(`the runtime client ended with ${code}`)));
  await finished.promise;
  const seconds = (performance.now() - started) / 1000;
  child.removeAllListeners("exit");
  child.kill("SIGKILL");
  server.close();
  server.closeAllConnections();
  return requests / seconds;
}
