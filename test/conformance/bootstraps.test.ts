import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestContext } from "vitest";
import { describe, expect, onTestFinished, test } from "vitest";
import { bootstrapLaunch } from "../../src/local/runtime/bootstrap-launch.ts";
import { skipped } from "../helpers/skipped.ts";
import { run, testEnvironments } from "../local/runtime/test-environments.ts";

// Runtimes that are not Node.js at all: a script and a compiled program, each with several loops at once.
const execute = promisify(execFile);
const architecture = process.arch === "arm64" ? "arm64" : "x86_64";

const python = (interpreter: string) => `#!${interpreter}
import http.client, json, os, threading, time

api = os.environ["AWS_LAMBDA_RUNTIME_API"]
base = "/2018-06-01/runtime/invocation/"

def loop():
    connection = http.client.HTTPConnection(api)
    while True:
        connection.request("GET", base + "next")
        response = connection.getresponse()
        event = json.loads(response.read())
        request_id = response.getheader("Lambda-Runtime-Aws-Request-Id")
        if event.get("exit"):
            os._exit(event["exit"])
        time.sleep(event["milliseconds"] / 1000)
        if event.get("fail"):
            body = json.dumps({"errorType": "OrderError", "errorMessage": "no such order"})
            headers = {"Lambda-Runtime-Function-Error-Type": "Function.OrderError"}
            connection.request("POST", base + request_id + "/error", body, headers)
        else:
            print("answers", event["id"], flush=True)
            connection.request("POST", base + request_id + "/response", json.dumps(event["id"]))
        connection.getresponse().read()

for _ in range(int(os.environ["AWS_LAMBDA_MAX_CONCURRENCY"]) - 1):
    threading.Thread(target=loop, daemon=True).start()
loop()
`;

const c = `#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One exchange on a connection of its own; the answer is left in answer. */
static void call(const char *method, const char *path, const char *type, const char *body, char *answer) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  at.sin_port = htons(atoi(strchr(getenv("AWS_LAMBDA_RUNTIME_API"), ':') + 1));
  int socket_ = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(socket_, (struct sockaddr *)&at, sizeof at) != 0) exit(1);
  char request[4096];
  int length = snprintf(request, sizeof request,
    "%s /2018-06-01/runtime/invocation/%s HTTP/1.1\\r\\nhost: %s\\r\\nconnection: close\\r\\n"
    "lambda-runtime-function-error-type: %s\\r\\ncontent-length: %zu\\r\\n\\r\\n%s",
    method, path, getenv("AWS_LAMBDA_RUNTIME_API"), type, strlen(body), body);
  if (write(socket_, request, length) != length) exit(1);
  int got = 0, more;
  while ((more = read(socket_, answer + got, 8191 - got)) > 0) got += more;
  answer[got] = 0;
  close(socket_);
}

static int number(const char *json, const char *name) {
  const char *found = strstr(json, name);
  return found ? atoi(found + strlen(name)) : 0;
}

static void *loop(void *unused) {
  char answer[8192], id[64], path[128], body[64];
  for (;;) {
    call("GET", "next", "", "", answer);
    sscanf(strstr(answer, "aws-request-id: ") + 16, "%63[0-9a-f-]", id);
    const char *event = strstr(answer, "\\r\\n\\r\\n");
    if (number(event, "\\"exit\\":")) exit(number(event, "\\"exit\\":"));
    usleep(number(event, "\\"milliseconds\\":") * 1000);
    if (strstr(event, "\\"fail\\":true")) {
      snprintf(path, sizeof path, "%s/error", id);
      call("POST", path, "Function.OrderError",
        "{\\"errorType\\":\\"OrderError\\",\\"errorMessage\\":\\"no such order\\"}", answer);
    } else {
      printf("answers %d\\n", number(event, "\\"id\\":"));
      fflush(stdout);
      snprintf(path, sizeof path, "%s/response", id);
      snprintf(body, sizeof body, "%d", number(event, "\\"id\\":"));
      call("POST", path, "", body, answer);
    }
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  for (int count = atoi(getenv("AWS_LAMBDA_MAX_CONCURRENCY")); count > 1; count--)
    pthread_create(&thread, NULL, loop, NULL);
  loop(NULL);
}
`;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lmi-bootstrap-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const bootstraps = {
  Python: async (taskRoot: string, context: TestContext) => {
    const found = await execute("python3", ["-c", "import sys; print(sys.executable)"]).catch(() =>
      skipped(context, "there is no python3"),
    );
    await writeFile(join(taskRoot, "bootstrap"), python(found.stdout.trim()));
    await chmod(join(taskRoot, "bootstrap"), 0o755);
  },
  C: async (taskRoot: string, context: TestContext) => {
    await execute("cc", ["--version"]).catch(() => skipped(context, "there is no C compiler"));
    const source = join(await folder(), "bootstrap.c");
    await writeFile(source, c);
    await execute("cc", ["-O1", "-pthread", "-o", join(taskRoot, "bootstrap"), source]);
  },
} as const;

describe.runIf(process.platform === "linux")("provided.al2023", () => {
  test.for(["Python", "C"] as const)("a bootstrap in %s", async (language, context) => {
    const taskRoot = await folder();
    await bootstraps[language](taskRoot, context);
    const environments = testEnvironments();
    onTestFinished(() => environments.stop());
    const launch = await bootstrapLaunch({ taskRoot, architecture });
    const spec = { runtime: "provided.al2023", taskRoot, maxConcurrency: 16 };
    const environment = await environments.start("main", spec, { launch });
    const ids = Array.from({ length: 64 }, (_, id) => id);
    const answers = await Promise.all(
      ids.map((id) => run(environment, { id, milliseconds: 50 }, { timeoutMs: 20_000 })),
    );
    expect(answers.map(({ answer }) => answer)).toEqual(ids);
    expect(await run(environment, { id: 0, milliseconds: 0, fail: true })).toEqual({
      answer: { errorType: "OrderError", errorMessage: "no such order" },
      errorType: "Function.OrderError",
    });
    await expect.poll(() => environments.lines).toContain("answers 63");
    const both = await Promise.all([
      run(environment, { id: 1, milliseconds: 10_000 }),
      run(environment, { exit: 3, milliseconds: 0 }),
    ]);
    for (const { answer } of both) expect(answer).toEqual({ errorType: "Runtime.ExitError" });
  });
});
