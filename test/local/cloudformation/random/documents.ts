import type { MemoryState } from "../../../helpers/memory-state.ts";

/** What changes though nothing that a template says did; rules and interfaces that are put back have ids of their own. */
const volatile =
  /(time|date|modified|created|at|revision\w*|requestId|token|generation|expiry|versions?|versionid|SecurityGroupRuleId|NetworkInterfaceIds?|MacAddress)$/i;

/** A setting that was taken away is as one that never was; versioning of a bucket can then only be suspended. */
function isNone(name: string, value: unknown): boolean {
  if (value === null || value === "") return true;
  const text = JSON.stringify(value);
  if (text === "{}" || text === "[]") return true;
  if (name === "versioning") return text === '{"Status":"Suspended"}';
  return name === "PropagateTags" && text === '{"Mode":"None"}';
}

/** The order of lists and of members tells nothing here. */
function withoutVolatile(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map((item) => JSON.stringify(withoutVolatile(item))).toSorted();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !volatile.test(name))
      .map(([name, item]) => [name, withoutVolatile(item)] as const)
      .filter(([name, item]) => !isNone(name, item))
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** A key goes weeks after its deletion, a NAT gateway is shown for a while; the service-linked role and the provider's log group are Lambda's, not the stack's. */
const staysOnAws =
  /PendingDeletion|"State":"delet|AWSServiceRoleForLambda|\/aws\/lambda\/capacity-provider/;

/** What a parameter says now is in the newest of its versions. */
function withNewest(document: object): object {
  if (!("versions" in document) || !Array.isArray(document.versions)) return document;
  return { ...document, newest: document.versions.at(-1) as unknown };
}

/** What tells apart an interface that EC2 made for something else, e.g. of an endpoint, better than its id. */
function interfaceOf(document: object): string | undefined {
  const { RequesterManaged, Description, SubnetId } = document as Record<string, unknown>;
  if (RequesterManaged !== true || typeof Description !== "string") return undefined;
  return `${Description} in ${String(SubnetId)}`;
}

function documents(
  memory: MemoryState,
  letGo: readonly string[],
  withoutKeys: boolean,
): { place: string; document: object }[] {
  return memory
    .collectionNames()
    .filter(
      (name) =>
        !name.startsWith("cloudformation.") &&
        name !== "ec2.client-tokens" &&
        !(withoutKeys && name === "kms.keys"),
    )
    .flatMap((name) =>
      memory
        .collection(name)
        .entries()
        .map(({ region, id, document }) => ({
          place: `${name} ${region} ${interfaceOf(document) ?? id}`,
          document: withNewest(document),
        })),
    )
    .filter(({ place, document }) => {
      const text = `${place} ${JSON.stringify(document)}`;
      return !staysOnAws.test(text) && !letGo.some((id) => id !== "" && text.includes(id));
    });
}

/** All that the services remember, as a rollback must bring it back, but for what the stack let go. */
export function settledDocuments(
  memory: MemoryState,
  letGo: readonly string[],
  withoutKeys: boolean,
): ReadonlyMap<string, unknown> {
  return new Map(
    documents(memory, letGo, withoutKeys).map(({ place, document }) => [
      place,
      withoutVolatile(document),
    ]),
  );
}

/** What is left that belongs to none of the given physical ids. */
export function leftDocuments(
  memory: MemoryState,
  letGo: readonly string[],
  withoutKeys: boolean,
): string[] {
  return documents(memory, letGo, withoutKeys).map(
    ({ place, document }) => `${place} ${JSON.stringify(document)}`,
  );
}
