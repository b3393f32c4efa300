import {
  ListCapacityProvidersCommand,
  ListFunctionVersionsByCapacityProviderCommand,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";

import { CdkWorkbench } from "./cdk-workbench.ts";

let bench: CdkWorkbench;

beforeAll(async () => {
  bench = await CdkWorkbench.start();
});
afterAll(() => bench.dispose());

interface Fleet {
  readonly names: readonly string[];
  readonly web: string;
  readonly jobs: string;
}

async function deploy(variant: string, ...flags: string[]): Promise<Fleet> {
  const { fleet = {} } = await bench.deploy([...flags, ...bench.app("fleet", { variant })]);
  const { WebArn: web = "", JobsArn: jobs = "" } = fleet;
  return { web, jobs, names: Array.from({ length: 10 }, (_, n) => fleet[`Name${n}`] ?? "") };
}

/** Every function's answer; those without code of their own tell their name. */
const answers = ({ names }: Fleet) =>
  Promise.all(names.map((name) => bench.invoke(name, { is: name })));
const expected = ({ names }: Fleet, ...words: string[]) =>
  names.map((name, n) => ({
    ...(words[n] ? { word: words[n] } : { from: name }),
    event: { is: name },
  }));

async function functionsOn(provider: string, { names }: Fleet): Promise<number[]> {
  const { FunctionVersions = [] } = await bench.lambda.send(
    new ListFunctionVersionsByCapacityProviderCommand({ CapacityProviderName: provider }),
  );
  const there = new Set(FunctionVersions.map(({ FunctionArn = "" }) => FunctionArn.split(":")[6]));
  return names.flatMap((name, n) => (there.has(name) ? [n] : []));
}

const providers = async () =>
  (await bench.lambda.send(new ListCapacityProvidersCommand({}))).CapacityProviders ?? [];

test("ten functions on two providers: deployed, compared, updated, destroyed", async () => {
  const first = await deploy("first");
  expect(await answers(first)).toEqual(expected(first, "first", "first"));
  expect(await functionsOn(first.web, first)).toEqual([0, 1, 2, 3, 4]);
  expect(await functionsOn(first.jobs, first)).toEqual([5, 6, 7, 8, 9]);

  const diff = await bench.fail(["diff", "--fail", ...bench.app("fleet", { variant: "second" })]);
  const changed = [...diff.matchAll(/^\[(.)\] \S+ (Function\d)/gm)];
  expect(changed.map(([, sign = "", id = ""]) => sign + id)).toEqual([
    "~Function0",
    "~Function2",
    "~Function4",
  ]);
  expect(diff).not.toMatch(/will be replaced|may be replaced|destroy/);
  expect(diff).toContain('[+] exports.handler = async (event) => ({ word: "second", event });');

  const second = await deploy("second");
  expect(second).toEqual(first);
  expect(await answers(second)).toEqual(expected(second, "second", "first"));
  expect(await functionsOn(second.web, second)).toEqual([0, 1, 2, 3]);
  expect(await functionsOn(second.jobs, second)).toEqual([4, 5, 6, 7, 8, 9]);

  await deploy("bigger", "--method", "direct");
  const scaling = (await providers()).map((one) => [
    one.CapacityProviderArn,
    one.CapacityProviderScalingConfig?.MaxVCpuCount,
    one.CapacityProviderScalingConfig?.ScalingMode,
  ]);
  expect(scaling).toHaveLength(2);
  expect(scaling).toContainEqual([first.web, 200, "Auto"]);
  expect(scaling).toContainEqual([first.jobs, 400, "Manual"]);

  const bigger = bench.app("fleet", { variant: "bigger" });
  const again = await bench.succeed(["deploy", "--require-approval", "never", ...bigger]);
  expect(again).toContain("fleet (no changes)");
  await bench.succeed(["diff", "--fail", ...bigger]);

  await bench.succeed(["destroy", "--force", ...bigger]);
  expect(await bench.status("fleet")).toBeUndefined();
  expect((await bench.lambda.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
  expect(await providers()).toEqual([]);
});
