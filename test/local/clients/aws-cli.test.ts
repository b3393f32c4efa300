import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { startTestTarget, type TestTarget } from "../../helpers/local-target.ts";
import { pythonProgram } from "../../helpers/python.ts";

const run = promisify(execFile);
const program = pythonProgram("aws");

/** A client that this project did not write. */
describe.skipIf(program === undefined)("the AWS CLI", () => {
  let target: TestTarget;
  let folder: string;

  beforeAll(async () => {
    target = await startTestTarget({ manual: true });
    folder = await mkdtemp(join(tmpdir(), "lmi-cli-"));
    return async () => {
      await target.close();
      await rm(folder, { recursive: true, force: true });
    };
  });

  const aws = async (...argv: string[]) => {
    const { PATH, HOME } = process.env;
    const env = {
      PATH,
      HOME,
      AWS_ACCESS_KEY_ID: "lmi-local",
      AWS_SECRET_ACCESS_KEY: "lmi-local",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_PAGER: "",
    };
    const { stdout } = await run(program ?? "", ["--endpoint-url", target.endpoint, ...argv], {
      env,
    });
    return stdout;
  };
  const json = async (...argv: string[]) =>
    JSON.parse(await aws(...argv, "--output", "json")) as unknown;

  test("asks STS who it is", async () => {
    expect(await json("sts", "get-caller-identity")).toMatchObject({ Account: "000000000000" });
  });

  test("moves files, large ones in parts", async () => {
    const path = join(folder, "big.bin");
    const content = Buffer.alloc(9 * 1024 * 1024, "0123456789");
    await writeFile(path, content);
    await aws("s3", "mb", "s3://cli");
    await aws("s3", "cp", path, "s3://cli/a b/big.bin", "--no-progress");
    expect(await aws("s3", "ls", "s3://cli", "--recursive")).toContain("a b/big.bin");
    await aws("s3", "cp", "s3://cli/a b/big.bin", `${path}.back`, "--no-progress");
    expect((await readFile(`${path}.back`)).equals(content)).toBe(true);
    await expect(aws("s3", "rb", "s3://cli")).rejects.toThrow("BucketNotEmpty");
    await aws("s3", "rb", "s3://cli", "--force");
    expect(await json("s3api", "list-buckets")).toMatchObject({ Buckets: [] });
  });

  test("writes and filters logs", async () => {
    const place = ["--log-group-name", "/cli", "--log-stream-name", "s"];
    await aws("logs", "create-log-group", "--log-group-name", "/cli");
    await aws("logs", "create-log-stream", ...place);
    await aws(
      "logs",
      "put-log-events",
      ...place,
      "--log-events",
      `timestamp=${Date.now()},message=hello`,
    );
    expect(
      await json(
        "logs",
        "filter-log-events",
        "--log-group-name",
        "/cli",
        "--filter-pattern",
        "hello",
      ),
    ).toMatchObject({ events: [{ message: "hello", logStreamName: "s" }] });
    await expect(aws("logs", "create-log-group", "--log-group-name", "/cli")).rejects.toThrow(
      "ResourceAlreadyExistsException",
    );
  });

  test("keeps parameters", async () => {
    await aws("ssm", "put-parameter", "--name", "/cli/p", "--type", "String", "--value", "v");
    expect(await json("ssm", "get-parameter", "--name", "/cli/p")).toMatchObject({
      Parameter: { Value: "v" },
    });
  });
});
