import type { EvaluationResult } from "@aws-sdk/client-iam";

import { once, type Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { Decision, RoleDescription, Roles, SimulationRequest } from "./ports.ts";

export function createRoles(connection: Connection): Roles {
  const { target } = connection;
  const iam = once(() => iamClient(connection));
  return {
    arnOf: (name) => explained(target, async () => (await role(name, await iam()))?.Arn),
    find: (name) => explained(target, async () => find(name, await iam())),
    simulate: (arn, request) => explained(target, async () => simulate(arn, request, await iam())),
  };
}

type Iam = Awaited<ReturnType<typeof iamClient>>;

async function iamClient(connection: Connection) {
  const [sdk, settings] = await Promise.all([import("./sdk/iam.ts"), connection.settings()]);
  return { sdk, client: new sdk.IAMClient(settings) };
}

async function role(RoleName: string, { sdk, client }: Iam) {
  try {
    return (await client.send(new sdk.GetRoleCommand({ RoleName }))).Role;
  } catch (error) {
    if (error instanceof sdk.NoSuchEntityException) return undefined;
    throw error;
  }
}

async function find(RoleName: string, iam: Iam): Promise<RoleDescription | undefined> {
  const { sdk, client } = iam;
  const found = await role(RoleName, iam);
  if (found === undefined) return undefined;
  const attached: string[] = [];
  const pages = sdk.paginateListAttachedRolePolicies({ client }, { RoleName });
  for await (const { AttachedPolicies = [] } of pages)
    attached.push(...AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []));
  const names: string[] = [];
  for await (const { PolicyNames = [] } of sdk.paginateListRolePolicies({ client }, { RoleName }))
    names.push(...PolicyNames);
  const inline = await Promise.all(
    names.map(async (PolicyName) => {
      const answer = await client.send(new sdk.GetRolePolicyCommand({ RoleName, PolicyName }));
      return [PolicyName, decodeURIComponent(answer.PolicyDocument ?? "{}")] as const;
    }),
  );
  return {
    name: RoleName,
    arn: found.Arn ?? "",
    trust: decodeURIComponent(found.AssumeRolePolicyDocument ?? "{}"),
    attached,
    inline: Object.fromEntries(inline),
  };
}

async function simulate(
  PolicySourceArn: string,
  { actions, resources, context = {} }: SimulationRequest,
  { sdk, client }: Iam,
): Promise<Decision[]> {
  const asked = {
    PolicySourceArn,
    ActionNames: [...actions],
    ResourceArns: [...resources],
    ContextEntries: Object.entries(context).map(([ContextKeyName, value]) => ({
      ContextKeyName,
      ContextKeyType: "string" as const,
      ContextKeyValues: [value],
    })),
  };
  const decisions: Decision[] = [];
  for await (const page of sdk.paginateSimulatePrincipalPolicy({ client }, asked))
    decisions.push(...(page.EvaluationResults ?? []).flatMap(toDecisions));
  return decisions;
}

/** Where several resources were asked for, IAM may tell of each in the result of the action. */
function toDecisions(result: EvaluationResult): Decision[] {
  const { EvalActionName: action = "", EvalResourceName = "*", EvalDecision } = result;
  const each = result.ResourceSpecificResults ?? [];
  if (each.length > 0)
    return each.map(({ EvalResourceName: resource = "*", EvalResourceDecision }) => ({
      action,
      resource,
      decision: EvalResourceDecision ?? "implicitDeny",
    }));
  return [{ action, resource: EvalResourceName, decision: EvalDecision ?? "implicitDeny" }];
}
