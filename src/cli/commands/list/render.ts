import { wrap, wrapList } from "../../output/wrap.ts";
import { groupText, missingText } from "../status/texts.ts";
import { counted, dollars } from "../status/words.ts";
import type { ListedProvider, ListedStack, Listing, RegionListing } from "./model.ts";
import { ownerText } from "./owner.ts";

/** Region by region, what is there and what it costs; where nothing is, where it was looked for. */
export function renderListing(listing: Listing, local: boolean): string {
  const { account, regions, failures } = listing;
  const full = regions.filter(
    ({ providers, stacks, missing }) => providers.length + stacks.length + missing.length > 0,
  );
  const empty = regions.filter((region) => !full.includes(region)).map(({ region }) => region);
  return [
    ...full.flatMap((region) => [...regionLines(region, local), ""]),
    ...(full.length === 0
      ? [
          `No capacity provider and no stack of lmi in account ${account}${failures.length > 0 ? ", as far as it answers" : ""}.`,
        ]
      : []),
    ...(empty.length === 0 ? [] : [wrapList("Nothing in ", `${empty.join(", ")}.`, 2)]),
    ...failures.map(({ region, message }) => wrap(`Not known: ${region}: ${message}`, 2)),
    ...totalLines(listing, full, local),
  ].join("\n");
}

function totalLines(listing: Listing, full: readonly RegionListing[], local: boolean) {
  if (full.length === 0) return [];
  const { account, perDay, isLeast } = listing;
  const providers = full.flatMap((region) => region.providers);
  const stacks = full.flatMap((region) => region.stacks);
  return [
    `Account ${account}: ${counted(providers.length, "capacity provider")}, ${counted(stacks.length, "stack")} of lmi, ${isLeast ? "at least " : ""}${costWords(perDay, local)}.`,
  ];
}

const costWords = (perDay: number, local: boolean) =>
  `${dollars(perDay)} a day${local ? " on AWS" : ""}`;

function regionLines({ region, providers, stacks, missing }: RegionListing, local: boolean) {
  const alone = stacks.filter(
    ({ stackName, providers: named }) =>
      !providers.some(({ arn, owner }) => owner.stackName === stackName || named.includes(arn)),
  );
  return [
    region,
    ...providers.flatMap((provider) => providerLines(provider, stacks, local)),
    ...alone.flatMap(stackLines),
    ...missing.map((each) => wrap(`  Not known: ${each.part}: ${missingText(each)}`, 4)),
  ];
}

function providerLines(
  provider: ListedProvider,
  stacks: readonly ListedStack[],
  local: boolean,
): string[] {
  const { name, state, owner, functions, versions, instances, perDay } = provider;
  const stack = stacks.find(({ stackName }) => stackName === owner.stackName);
  const use =
    functions === undefined
      ? "functions not known"
      : `${counted(functions.length, "function")}, ${counted(versions ?? 0, "version")}`;
  const cost =
    perDay === undefined ? "cost not known" : `${costWords(perDay, local)}${networkWords(stack)}`;
  return [
    `  ${name}  ${state}`,
    `    ${ownerText(owner)}${stack === undefined ? "" : ` ${stack.status}${expiryWords(stack)}`}`,
    `    ${use} · ${instancesText(instances)}`,
    `    ${cost}`,
  ];
}

function networkWords(stack: ListedStack | undefined): string {
  const network = stack?.networkPerDay;
  return network ? `, and ${dollars(network)} for the stack's network` : "";
}

function instancesText(instances: ListedProvider["instances"]): string {
  if (instances === undefined) return "instances not known";
  return instances.length === 0 ? "no instances" : instances.map(groupText).join(", ");
}

function expiryWords({ expiresAt }: ListedStack): string {
  return expiresAt === undefined ? "" : `, goes at ${expiresAt}Z`;
}

function stackLines(stack: ListedStack): string[] {
  const { stackName, status, networkPerDay } = stack;
  const cost = networkPerDay ? `, network ${dollars(networkPerDay)} a day` : "";
  return [`  stack ${stackName} ${status}: no capacity provider${cost}${expiryWords(stack)}`];
}
