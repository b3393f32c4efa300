import type { EvaluationResult, SimulatePrincipalPolicyRequest } from "@aws-sdk/client-iam";

import type { Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { type Call, type Decision, decide, missingKeys } from "./evaluate.ts";
import { page } from "./pages.ts";
import { globalRegion, type IamStore, noSuchEntity, openIamStore, roleNamed } from "./store.ts";

const everything = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});
const basicExecution = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "*",
    },
  ],
});

/** Documents of AWS's managed policies that are known here (AWS managed policy reference, 2026). */
const managedDocuments: ReadonlyMap<string, string> = new Map([
  ["arn:aws:iam::aws:policy/AdministratorAccess", everything],
  ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", basicExecution],
]);

interface Policies {
  readonly own: readonly string[];
  readonly boundary: string | undefined;
}

export function simulationOperations(target: TargetContext): Record<string, Operation> {
  const store = openIamStore(target);
  return {
    /** Identity policies and the permissions boundary; the one user of this target may do everything. */
    async SimulatePrincipalPolicy(input: SimulatePrincipalPolicyRequest) {
      refuseUnknown(input);
      const policies = policiesOf(input.PolicySourceArn ?? "", store, target.accountId);
      const own = [...policies.own, ...(input.PolicyInputList ?? [])];
      const calls = callsOf(input);
      const all = calls.map((call) => evaluate(call, { ...policies, own }));
      const { items, ...rest } = page(all, keyOf, input);
      return { EvaluationResults: items, ...rest };
    },
  };
}

const keyOf = ({ EvalActionName, EvalResourceName }: EvaluationResult) =>
  `${EvalActionName} ${EvalResourceName}`;

function refuseUnknown(input: SimulatePrincipalPolicyRequest): void {
  const unknown = (
    [
      "ResourcePolicy",
      "ResourceOwner",
      "CallerArn",
      "ResourceHandlingOption",
      "PermissionsBoundaryPolicyInputList",
    ] as const
  ).find((member) => input[member] !== undefined);
  if (unknown === undefined) return;
  throw notImplemented(`The local target simulates no ${unknown}.`);
}

function notImplemented(message: string): ServiceError {
  return new ServiceError("NotImplemented", message, { status: 501 });
}

function callsOf(input: SimulatePrincipalPolicyRequest): Call[] {
  const context = new Map(
    (input.ContextEntries ?? []).map(({ ContextKeyName = "", ContextKeyValues = [] }) => [
      ContextKeyName.toLowerCase(),
      ContextKeyValues,
    ]),
  );
  return (input.ActionNames ?? []).flatMap((action) => {
    if (!/^[\w-]+:[\w*]+$/.test(action))
      throw new ServiceError("InvalidInput", `Invalid Action: ${action}`, { status: 400 });
    return (input.ResourceArns ?? ["*"]).map((resource) => ({ action, resource, context }));
  });
}

function evaluate(call: Call, { own, boundary }: Policies): EvaluationResult {
  const decision = decide(own, call);
  const within = boundary === undefined ? "allowed" : decide([boundary], call);
  return {
    EvalActionName: call.action,
    EvalResourceName: call.resource,
    EvalDecision: both(decision, within),
    MatchedStatements: [],
    MissingContextValues: missingKeys(own, call),
    ...(boundary === undefined
      ? {}
      : {
          PermissionsBoundaryDecisionDetail: {
            AllowedByPermissionsBoundary: within === "allowed",
          },
        }),
  };
}

function both(one: Decision, other: Decision): Decision {
  if (one === "explicitDeny" || other === "explicitDeny") return "explicitDeny";
  return one === "allowed" ? other : one;
}

function policiesOf(arn: string, store: IamStore, accountId: string): Policies {
  if (arn === `arn:aws:iam::${accountId}:user/lmi-local`)
    return { own: [everything], boundary: undefined };
  const name = /^arn:aws:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  if (name === undefined)
    throw new ServiceError(
      "InvalidInput",
      `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`,
      { status: 400 },
    );
  const role = roleNamed(store, name);
  if (role.Arn !== arn) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  const attached = role.attachedPolicies.map((policy) => documentOf(policy, store));
  return {
    own: [...Object.values(role.inlinePolicies), ...attached],
    boundary:
      role.PermissionsBoundary === undefined
        ? undefined
        : documentOf(role.PermissionsBoundary, store),
  };
}

function documentOf(arn: string, store: IamStore): string {
  const own = store.policies.list(globalRegion).find((policy) => policy.Arn === arn);
  const version = own?.versions.find(({ VersionId }) => VersionId === own.DefaultVersionId);
  const document = version?.Document ?? managedDocuments.get(arn);
  if (document === undefined)
    throw notImplemented(`The local target does not have the document of ${arn}.`);
  return document;
}
