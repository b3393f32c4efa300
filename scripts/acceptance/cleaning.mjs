// Deletes what runs have made, this one's and earlier ones', and says what is left.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { paginateDescribeStacks } from "@aws-sdk/client-cloudformation";
import { DeleteLogGroupCommand, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteCapacityProviderCommand,
  DeleteFunctionCommand,
  paginateListCapacityProviders,
  paginateListFunctions,
} from "@aws-sdk/client-lambda";

import { attempt } from "./facts.mjs";
import { handlerSource, prefix, settings } from "./project.mjs";

async function all(pages, pick) {
  const found = [];
  for await (const page of pages) found.push(...pick(page));
  return found;
}

const ours = (name, token) => name?.startsWith(`${prefix}${token ?? ""}`) ?? false;

/** What exists of one run, or of all. Providers of stacks are called by their stack and so have the prefix, too. */
export async function leftovers({ clients }, token) {
  const { cloudformation, lambda, logs } = clients;
  const [stacks, functions, providers, groups] = await Promise.all([
    all(paginateDescribeStacks({ client: cloudformation }, {}), ({ Stacks = [] }) =>
      Stacks.map(({ StackName }) => StackName),
    ),
    all(paginateListFunctions({ client: lambda }, {}), ({ Functions = [] }) =>
      Functions.map(({ FunctionName }) => FunctionName),
    ),
    all(paginateListCapacityProviders({ client: lambda }, {}), ({ CapacityProviders = [] }) =>
      CapacityProviders.map(({ CapacityProviderArn }) => CapacityProviderArn.split(":").at(-1)),
    ),
    logGroups(logs),
  ]);
  return {
    stacks: stacks.filter((name) => ours(name, token)),
    functions: functions.filter((name) => ours(name, token)),
    providers: providers.filter((name) => ours(name, token)),
    groups: groups.filter((name) => name.includes(`${prefix}${token ?? ""}`)),
  };
}

async function logGroups(client) {
  const names = ["/aws/lambda/", "/lmi/"].map((logGroupNamePrefix) =>
    all(
      paginateDescribeLogGroups({ client }, { logGroupNamePrefix }),
      ({ logGroups: found = [] }) => found.map(({ logGroupName }) => logGroupName),
    ),
  );
  return (await Promise.all(names)).flat();
}

/** One line for each thing, as a person would look for it. */
export const listed = ({ stacks, functions, providers, groups }) => [
  ...stacks.map((name) => `stack ${name}`),
  ...functions.map((name) => `function ${name}`),
  ...providers.map((name) => `capacity provider ${name}`),
  ...groups.map((name) => `log group ${name}`),
];

export const byHand = ({ region, profile }, token) => {
  const where = `${region ? ` --region ${region}` : ""}${profile ? ` --profile ${profile}` : ""}`;
  return [
    `  npm run acceptance:aws -- --clean${where}`,
    "or, the functions and capacity providers of the probes first:",
    `  aws lambda list-functions${where} --query "Functions[?starts_with(FunctionName, '${prefix}${token}-')].FunctionName"`,
    `  aws lambda list-capacity-providers${where}`,
    `  aws cloudformation delete-stack${where} --stack-name ${prefix}${token}`,
  ];
};

/** Deletes everything of one run, or of all. Answers what is left, as lines. */
export async function clean(place, { token, folder, say }) {
  await place.wake();
  const found = await leftovers(place, token);
  // Probes first: a provider that still has functions cannot go.
  await deleteFunctions(place, found);
  for (const stack of found.stacks) await destroy(place, { stack, folder, say });
  await deleteProviders(place, token, say);
  // Log groups come back as long as something writes to them, so they go last.
  const { groups } = await leftovers(place, token);
  for (const logGroupName of groups)
    await attempt(() => place.clients.logs.send(new DeleteLogGroupCommand({ logGroupName })));
  return listed(await leftovers(place, token));
}

async function deleteFunctions({ clients, pause }, { functions, stacks }) {
  for (const FunctionName of functions) {
    if (stacks.includes(FunctionName)) continue; // Its stack deletes it.
    await attempt(() => clients.lambda.send(new DeleteFunctionCommand({ FunctionName })));
    await sleep(pause.write * 1000);
  }
}

/** By the project's own command. A folder that is gone is made again: the name is all that counts. */
async function destroy(place, { stack, folder, say }) {
  const cwd = join(folder, `clean-${stack}`);
  mkdirSync(join(cwd, "src"), { recursive: true });
  writeFileSync(join(cwd, "lmi.json"), JSON.stringify(settings(stack.slice(prefix.length))));
  writeFileSync(join(cwd, "src", "handler.js"), handlerSource("first"));
  const { code, stderr, seconds } = await place.lmi(["destroy", "--yes"], { cwd });
  say(
    code === 0
      ? `  Destroyed ${stack} in ${seconds.toFixed(0)} s`
      : `  lmi destroy ended with ${code}:\n${stderr}`,
  );
}

/** Deleting one that is Pending or still has functions is refused; five minutes are enough for both. */
async function deleteProviders(place, token, say) {
  const end = Date.now() + (place.pause.write > 0 ? 5 : 0.5) * 60_000;
  for (;;) {
    const { providers } = await leftovers(place, token);
    if (providers.length === 0) return;
    let refusal;
    for (const CapacityProviderName of providers) {
      const answer = await attempt(() =>
        place.clients.lambda.send(new DeleteCapacityProviderCommand({ CapacityProviderName })),
      );
      if (!answer.accepted) refusal = answer.message;
      await sleep(place.pause.write * 1000);
    }
    if (Date.now() > end) {
      say(`  A capacity provider stays: ${refusal ?? "it is being deleted"}`);
      return;
    }
    await sleep(place.pause.look * 1000);
  }
}
