import { afterAll, beforeAll, expect, test } from "vitest";

import { HelloProject } from "../e2e/hello-project.ts";

// Beside test/e2e/kept-logs.test.ts: what is interrupted, or goes on without who began it.

let hello: HelloProject;
beforeAll(async () => {
  hello = await HelloProject.create();
});
afterAll(() => hello.dispose());

const lmi = (...args: string[]) => hello.lmi(...args);

test("a destroy that ends after it has said what to keep leaves a stack that deploys", async () => {
  expect(await lmi("deploy", "--yes", "--no-probe")).toMatchObject({ code: 0 });
  const fault = ["--service", "cloudformation", "--operation", "DeleteStack"];
  await lmi("local", "fault", "add", "access-denied", ...fault);
  expect(await lmi("destroy", "--yes", "--keep-logs")).toMatchObject({ code: 5 });
  await lmi("local", "fault", "clear");
  expect(await lmi("deploy", "--yes", "--no-probe")).toMatchObject({ code: 0 });
  expect((await lmi("diff")).stdout).toContain("Nothing differs.");
  expect(await lmi("destroy", "--yes")).toMatchObject({ code: 0 });
  expect(await hello.logGroups()).toEqual([]);
});

test("what a detached deploy took back goes with its stack as asked", async () => {
  const deploy = ["deploy", "--yes", "--no-probe"];
  expect(await lmi(...deploy)).toMatchObject({ code: 0 });
  expect(await lmi("destroy", "--yes", "--keep-logs")).toMatchObject({ code: 0 });
  const detached = await lmi(...deploy, "--detach");
  expect(detached).toMatchObject({ code: 0 });
  expect(detached.stderr).toContain("DeletionPolicy Retain until the next");
  expect(await lmi("deploy", "--attach", "--no-probe")).toMatchObject({ code: 0 });
  expect((await lmi("diff")).stdout).toContain("lmi:taken-back");
  const destroyed = await lmi("destroy", "--yes");
  expect(destroyed).toMatchObject({ code: 0 });
  expect(destroyed.stderr).toMatch(/✓ log groups +2 not to stay/);
  expect(destroyed.stdout).not.toContain("Kept");
  expect(await hello.logGroups()).toEqual([]);
});
