import {
  chmod,
  lstat,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type ScheduleRequest,
  writeSchedule,
} from "../../../../src/cli/commands/pause/write-schedule.ts";
import { fakeAccount } from "../../../deploy/fake-aws.ts";
import { projectFolder, recordingDeps } from "../../../deploy/recording-deps.ts";

const pauseAtNight: ScheduleRequest = {
  kind: "pause",
  expression: "cron(0 20 ? * MON-FRI *)",
  timezone: "Europe/Berlin",
};

async function write(
  request: ScheduleRequest,
  { text, env, file = "lmi.json" }: { text?: string | undefined; env?: string; file?: string } = {},
) {
  const cwd = await projectFolder();
  if (file !== "lmi.json") await rm(join(cwd, "lmi.json"));
  if (text !== undefined) await writeFile(join(cwd, file), text);
  const deps = recordingDeps({ account: fakeAccount(), cwd, answer: "nobody" });
  await writeSchedule(request, { config: undefined, env, local: false }, deps);
  return { deps, written: await readFile(join(cwd, file), "utf8") };
}

test("the time goes into lmi.json, which keeps its comments", async () => {
  const commented = '// Ours\n{\n  "name": "hello", // short\n  "tags": {},\n}\n';
  const { written, deps } = await write(pauseAtNight, { text: commented });
  expect(written).toBe(
    '// Ours\n{\n  "name": "hello", // short\n  "tags": {},\n  "schedule": {\n    "pause": "cron(0 20 ? * MON-FRI *)",\n    "timezone": "Europe/Berlin"\n  },\n}\n',
  );
  expect(deps.results).toEqual([
    {
      file: "lmi.json",
      setting: "schedule.pause",
      expression: pauseAtNight.expression,
      timezone: "Europe/Berlin",
      next: "lmi deploy",
    },
  ]);
  expect(deps.rendered[0]).toContain("It holds from the next deploy on: lmi deploy");
});

test("of an environment it goes into its overlay", async () => {
  const text = JSON.stringify({ name: "hello", environments: { dev: {} } });
  const request = { ...pauseAtNight, timezone: undefined };
  const { written, deps } = await write(request, { env: "dev", text });
  expect(JSON.parse(written)).toMatchObject({
    environments: { dev: { schedule: { pause: pauseAtNight.expression } } },
  });
  expect(deps.results).toMatchObject([{ next: "lmi deploy --env dev" }]);
});

test("an environment that the file does not have is not made by the way", async () => {
  await expect(write(pauseAtNight, { env: "dve" })).rejects.toMatchObject({
    code: "LMI_SETTINGS_INVALID",
  });
});

const text = (schedule: object) => JSON.stringify({ name: "hello", schedule }, undefined, 2);

test("none takes it out, and the schedule with the last of its times", async () => {
  const both = {
    pause: "cron(0 20 ? * MON-FRI *)",
    resume: "cron(0 7 ? * MON-FRI *)",
    timezone: "UTC",
  };
  const none = { ...pauseAtNight, expression: "none", timezone: undefined };
  const first = await write(none, { text: text(both) });
  expect(JSON.parse(first.written)).toEqual({
    name: "hello",
    schedule: { resume: both.resume, timezone: "UTC" },
  });
  const last = await write({ ...none, kind: "resume" }, { text: first.written });
  expect(JSON.parse(last.written)).toEqual({ name: "hello" });
  const nothing = await write(none, { text: '{"name":"hello"}' });
  expect(nothing.written).toBe('{"name":"hello"}');
});

test.each([
  [{ ...pauseAtNight, expression: "at 8" }, /^--schedule "at 8" is no schedule: it must be like/],
  [{ ...pauseAtNight, expression: "cron(0 25 ? * * *)" }, /it has 25 as its hours/],
  [{ ...pauseAtNight, expression: "at(2025-12-31T20:00:00)" }, /it is past, and must be a time/],
  [
    { ...pauseAtNight, timezone: "Mars" },
    /^--timezone Mars is no schedule: it must be a time zone/,
  ],
])("%j is refused before anything is written", async (request, message) => {
  await expect(write(request)).rejects.toMatchObject({
    code: "LMI_USAGE",
    exitCode: 2,
    message: expect.stringMatching(message),
  });
});

test("a time that comes once is taken while it is ahead, somewhere on earth where no zone is named", async () => {
  // The year has just begun in UTC.
  for (const [time, timezone] of [
    ["2026-01-01T09:30:00", "Asia/Tokyo"],
    ["2025-12-31T12:30:00", undefined],
  ] as const) {
    const request = { ...pauseAtNight, expression: `at(${time})`, timezone };
    expect((await write(request)).written).toContain(request.expression);
  }
});

test("the next command means the place that was given, as data, too", async () => {
  const cwd = await projectFolder();
  const deps = recordingDeps({ account: fakeAccount(), cwd, answer: "nobody" });
  const place = { env: undefined, local: false, region: "eu-west-1", profile: "shop" };
  await writeSchedule(pauseAtNight, place, deps);
  expect(deps.results).toMatchObject([{ next: "lmi deploy --region eu-west-1 --profile shop" }]);
});

test("settings that are code, or none, are told what to write", async () => {
  await expect(
    write(pauseAtNight, { file: "lmi.config.mjs", text: "export default {};\n" }),
  ).rejects.toMatchObject({
    code: "LMI_SCHEDULE_BY_HAND",
    exitCode: 2,
    next: 'Add schedule: {"pause":"cron(0 20 ? * MON-FRI *)","timezone":"Europe/Berlin"}, then: lmi deploy',
  });
  await expect(write(pauseAtNight, { file: "other.txt" })).rejects.toMatchObject({
    code: "LMI_SCHEDULE_BY_HAND",
    message: "There is no lmi.json to write the schedule into.",
  });
});

test("a link to the settings stays a link, and the file keeps its mode", async () => {
  const cwd = await projectFolder();
  const [link, real] = [join(cwd, "lmi.json"), join(cwd, "shared/settings.json")];
  await mkdir(join(cwd, "shared"));
  await rename(link, real);
  await chmod(real, 0o640);
  await symlink(real, link);
  const deps = recordingDeps({ account: fakeAccount(), cwd, answer: "nobody" });
  await writeSchedule(pauseAtNight, { config: undefined, env: undefined, local: false }, deps);
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect((await stat(real)).mode & 0o777).toBe(0o640);
  expect(JSON.parse(await readFile(real, "utf8"))).toHaveProperty("schedule.pause");
});
