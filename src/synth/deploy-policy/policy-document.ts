/** One statement of a policy that allows something. */
export interface AllowStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly AllowStatement[];
}

/** Resources, and conditions, that actions share. */
export interface Scope {
  /** Letters and digits; the statement's Sid. */
  readonly name: string;
  readonly resources: readonly string[];
  readonly condition?: AllowStatement["Condition"];
}

export const everything: Scope = { name: "Everything", resources: ["*"] };

/** A statement for each scope, in the order in which they first come. */
export function documentOf(
  grants: readonly { readonly action: string; readonly scope: Scope }[],
): PolicyDocument {
  const byName = new Map<string, { scope: Scope; actions: Set<string> }>();
  for (const { action, scope } of grants) {
    const entry = byName.get(scope.name) ?? { scope, actions: new Set() };
    entry.actions.add(action);
    byName.set(scope.name, entry);
  }
  return {
    Version: "2012-10-17",
    Statement: [...byName.values()].map(({ scope, actions }) => ({
      Sid: scope.name,
      Effect: "Allow",
      Action: [...actions].toSorted(),
      Resource: scope.resources,
      ...(scope.condition === undefined ? {} : { Condition: scope.condition }),
    })),
  };
}
