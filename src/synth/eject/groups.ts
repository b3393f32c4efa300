import { constructId } from "../names.ts";
import type { Template } from "../synthesize.ts";
import { camelCase, isReserved } from "./variables.ts";
import { inOrder, reach, referencesOf } from "./references.ts";

/** Resources that stand in one file. */
export interface Group {
  /** Name of the file without its ending, and its folder. */
  readonly file: string;
  /** Variable that holds it in the stack; with `create` in front the name of its function. */
  readonly name: string;
  /** Key of the function that it belongs to. */
  readonly functionKey?: string;
  /** In the order to make them. */
  readonly logicalIds: readonly string[];
  /** Names of the groups whose resources it uses, in the order of the stack. */
  readonly needs: readonly string[];
}

type Draft = Omit<Group, "logicalIds" | "needs">;

const network: Draft = { file: "network", name: "network" };
const providers: Draft = { file: "capacity-provider", name: "capacity" };
/** What neither is lmi's own nor needs a function, such as a table. */
const before: Draft = { file: "resources", name: "resources" };
/** The same for what needs a function. */
const after: Draft = { file: "integrations", name: "integrations" };
const all: Draft = { file: "resources", name: "resources" };

const fixed: readonly Draft[] = [network, providers, before, after];

export function isFixedGroup(group: string): boolean {
  return fixed.some(({ name }) => name === group);
}

/**
 * Sorts resources as a reader would look for them: network, capacity providers, functions, and what is beside them.
 * Where files would need each other in a circle, all resources stand in one.
 */
export function groupsOf(template: Template, functionKeys: readonly string[]): readonly Group[] {
  const drafts = new Map<string, { draft: Draft; ids: string[] }>();
  const inGroup = groupFinder(template, functionKeys);
  for (const id of Object.keys(template.Resources)) {
    const draft = inGroup(id);
    const known = drafts.get(draft.name) ?? { draft, ids: [] };
    known.ids.push(id);
    drafts.set(draft.name, known);
  }
  const groups = finished(template, [...drafts.values()]);
  const order = new Map(groups.map(({ name }, index) => [name, index]));
  const circular = groups.some(({ name, needs }) =>
    needs.some((other) => (order.get(other) ?? 0) >= (order.get(name) ?? 0)),
  );
  if (!circular) return groups;
  return finished(template, [{ draft: all, ids: Object.keys(template.Resources) }]);
}

function finished(
  template: Template,
  drafts: readonly { readonly draft: Draft; readonly ids: readonly string[] }[],
): Group[] {
  const nameOf = new Map(drafts.flatMap(({ draft, ids }) => ids.map((id) => [id, draft.name])));
  const needsOf = (id: string) => {
    const resource = template.Resources[id];
    return resource === undefined ? [] : referencesOf(resource);
  };
  const groups = drafts.map(({ draft, ids }) => {
    const used = ids.flatMap((id) => [...needsOf(id)]).flatMap((id) => nameOf.get(id) ?? []);
    const needs = [...new Set(used)].filter((name) => name !== draft.name);
    return { ...draft, logicalIds: inOrder(ids, needsOf), needs };
  });
  const usual = groups.toSorted((one, other) => rank(one) - rank(other)).map(({ name }) => name);
  const byName = new Map(groups.map((group) => [group.name, group]));
  const order = inOrder(usual, (name) => byName.get(name)?.needs ?? []);
  return order.flatMap((name) => {
    const group = byName.get(name);
    if (group === undefined) return [];
    return [{ ...group, needs: order.filter((other) => group.needs.includes(other)) }];
  });
}

function rank({ name, functionKey }: Draft): number {
  if (functionKey !== undefined) return 3;
  return [network.name, providers.name, before.name, "", after.name].indexOf(name);
}

function groupFinder(template: Template, keys: readonly string[]): (id: string) => Draft {
  const drafts = functionGroups(keys);
  const functions = keys
    .map((key) => ({ key, prefix: constructId(key) }))
    .toSorted((one, other) => other.prefix.length - one.prefix.length);
  const own = (id: string): Draft | undefined => {
    const found = functions.find(({ prefix }) => id.startsWith(prefix));
    return found && drafts.get(found.key);
  };
  return (id) => {
    const type = template.Resources[id]?.Type ?? "";
    const owner = own(id);
    if (owner) return owner;
    if (type.startsWith("AWS::EC2::")) return network;
    if (id === "OperatorRole" || /CapacityProvider(Logs)?$/.test(id)) return providers;
    const needsFunction = [...reach(template, id)].some((other) => own(other) !== undefined);
    return needsFunction ? after : before;
  };
}

/** A file and a variable for each function, apart on file systems that know no case, too. */
function functionGroups(keys: readonly string[]): ReadonlyMap<string, Draft> {
  const files = new Set<string>();
  const names = new Set(
    [network, providers, before, after].map(({ name }) => name).concat("stack"),
  );
  return new Map(
    keys.map((key) => {
      const file = unused(key, files, (name) => name.toLowerCase());
      const name = unused(identifier(camelCase(key)), names, (same) => same);
      return [key, { file: `functions/${file}`, name, functionKey: key }];
    }),
  );
}

function identifier(name: string): string {
  const valid = /^[a-z]/.test(name) ? name : `function${name}`;
  return isReserved(valid) ? `${valid}Function` : valid;
}

function unused(wanted: string, taken: Set<string>, same: (name: string) => string): string {
  let name = wanted;
  for (let number = 2; taken.has(same(name)); number += 1) name = `${wanted}${number}`;
  taken.add(same(name));
  return name;
}
