import { describe, expect, test } from "vitest";

import { bootstrapCheck } from "../../../../src/cli/commands/doctor/checks/bootstrap.ts";
import { clockCheck } from "../../../../src/cli/commands/doctor/checks/clock.ts";
import { credentialsCheck } from "../../../../src/cli/commands/doctor/checks/credentials.ts";
import { regionCheck } from "../../../../src/cli/commands/doctor/checks/region.ts";
import { LmiError } from "../../../../src/errors.ts";
import { recordingAws } from "../../../helpers/recording-aws.ts";
import { verdictOf } from "./doctor-fixture.ts";

const now = new Date("2026-11-23T12:00:00.000Z");
const system = { now: () => now };
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

const expired = async (): Promise<never> => {
  throw new LmiError("LMI_CREDENTIALS_EXPIRED", "The AWS credentials have expired.", {
    next: "Log in again: aws sso login",
  });
};

const offBy = (seconds: number) =>
  verdictOf(clockCheck, {
    system,
    aws: {
      serverClock: {
        read: async () => ({ time: new Date(now.getTime() - seconds * 1000), took: 40 }),
      },
    },
  });

const inRegion = (region: string) =>
  verdictOf(regionCheck, { aws: { target: { ...recordingAws().target, region } } });

describe("credentials", () => {
  const keys = { accessKeyId: "ASIA", secretAccessKey: "s", sessionToken: "t" };
  const withKeys = (credentials: object) =>
    verdictOf(credentialsCheck, {
      system,
      aws: { credentials: async () => ({ ...keys, ...credentials }) },
    });

  test("that last longer than a deploy are fine, and it says for how long", async () => {
    expect(await withKeys({ expiration: inMinutes(200) })).toEqual({
      status: "ok",
      evidence: "user/me of account 123456789012; they expire in 3 h 20 min",
    });
  });

  test("that end during a deploy are a warning", async () => {
    expect(await withKeys({ expiration: inMinutes(14) })).toMatchObject({
      status: "warning",
      evidence: expect.stringContaining("they expire in 14 min") as string,
      mend: "Log in again: aws sso login",
    });
  });

  test("of a user last for ever; of a session nobody knows", async () => {
    expect((await withKeys({ sessionToken: undefined })).evidence).toContain("do not expire");
    expect((await withKeys({})).evidence).toContain("nothing says when they expire");
  });

  test("that AWS refuses are a failure, in the words of the refusal", async () => {
    expect(await verdictOf(credentialsCheck, { caller: expired })).toEqual({
      status: "failure",
      evidence: "The AWS credentials have expired.",
      mend: "Log in again: aws sso login",
    });
  });
});

describe("clock", () => {
  test.each([
    [2, "ok", "within 2 s of AWS's"],
    [-20, "ok", "within 21 s of AWS's"],
    [240, "warning", "3 min ahead of AWS; from 5 min on"],
    [-290, "warning", "4 min behind AWS"],
    [301, "failure", "5 min ahead of AWS"],
  ])("%d s off", async (seconds, status, evidence) => {
    const verdict = await offBy(seconds);
    expect(verdict.status).toBe(status);
    expect(verdict.evidence).toContain(evidence);
  });

  test("an answer without a date says nothing", async () => {
    const serverClock = { read: async () => undefined };
    expect(await verdictOf(clockCheck, { aws: { serverClock } })).toMatchObject({
      status: "skipped",
    });
  });
});

describe("region", () => {
  test.each([
    ["us-east-1", "ok"],
    ["ap-southeast-7", "ok"],
    ["il-central-1", "failure"],
    ["ap-southeast-6", "failure"],
    ["us-gov-west-1", "warning"],
  ])("%s", async (region, status) => {
    expect(await inRegion(region)).toMatchObject({ status });
  });
});

describe("bootstrap", () => {
  test.each([
    [undefined, "warning", "not bootstrapped"],
    [5, "failure", "version 5, while a deploy needs 6"],
    [6, "ok", "version 6"],
  ])("version %s", async (version, status, evidence) => {
    const verdict = await verdictOf(bootstrapCheck, { bootstrapVersion: async () => version });
    expect(verdict).toMatchObject({
      status,
      evidence: expect.stringContaining(evidence) as string,
    });
  });
});
