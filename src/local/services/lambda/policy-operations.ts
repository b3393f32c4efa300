import { randomUUID } from "node:crypto";
import type {
  AddPermissionRequest,
  GetPolicyRequest,
  RemovePermissionRequest,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { functionArn, functionReference } from "./arns.ts";
import { conflict, notFound, preconditionFailed } from "./failures.ts";
import { resolveVersion } from "./function-lookup.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";
import { qualifiedId } from "./store.ts";

type Statement = Readonly<Record<string, unknown>> & { readonly Sid: string };

interface Policy {
  readonly revision: string;
  readonly statements: readonly Statement[];
}

/** Resource policies are kept and shown; the local target does not check who may invoke. */
export function policyOperations(lambda: LambdaContext): Operations {
  const { policies } = lambda.store;

  const place = (input: GetPolicyRequest, context: CallContext) => {
    const { name, qualifier } = functionReference(input);
    resolveVersion(lambda, input, context);
    const id = qualifiedId(name, qualifier ?? "");
    const value = policies.get(context.region, id)?.value as Policy | undefined;
    return { name, qualifier, id, policy: value };
  };
  const save = (
    { name, qualifier, id }: ReturnType<typeof place>,
    statements: readonly Statement[],
    context: CallContext,
  ) => {
    const value = { revision: randomUUID(), statements };
    if (statements.length === 0) policies.delete(context.region, id);
    else
      policies.put(context.region, id, { functionName: name, qualifier: qualifier ?? "", value });
  };

  return {
    AddPermission: async (input: AddPermissionRequest, context: CallContext) => {
      const found = place(input, context);
      const { statements = [], revision } = found.policy ?? {};
      if (input.RevisionId && input.RevisionId !== revision) throw preconditionFailed();
      if (statements.some(({ Sid }) => Sid === input.StatementId)) {
        throw conflict(
          `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        );
      }
      const statement = statementOf(input, functionArn(context, found.name, found.qualifier));
      save(found, [...statements, statement], context);
      return { Statement: JSON.stringify(statement) };
    },

    RemovePermission: async (input: RemovePermissionRequest, context: CallContext) => {
      const found = place(input, context);
      const { statements = [], revision } = found.policy ?? {};
      const rest = statements.filter(({ Sid }) => Sid !== input.StatementId);
      if (rest.length === statements.length)
        throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
      if (input.RevisionId && input.RevisionId !== revision) throw preconditionFailed();
      save(found, rest, context);
      return {};
    },

    GetPolicy: async (input: GetPolicyRequest, context: CallContext) => {
      const { policy } = place(input, context);
      if (!policy) throw notFound("The resource you requested does not exist.");
      return {
        Policy: JSON.stringify({
          Version: "2012-10-17",
          Id: "default",
          Statement: policy.statements,
        }),
        RevisionId: policy.revision,
      };
    },
  };
}

function statementOf(input: AddPermissionRequest, Resource: string): Statement {
  const conditions = {
    ...(input.SourceArn ? { ArnLike: { "AWS:SourceArn": input.SourceArn } } : {}),
    ...(input.SourceAccount || input.FunctionUrlAuthType || input.PrincipalOrgID
      ? {
          StringEquals: {
            ...(input.SourceAccount ? { "AWS:SourceAccount": input.SourceAccount } : {}),
            ...(input.FunctionUrlAuthType
              ? { "lambda:FunctionUrlAuthType": input.FunctionUrlAuthType }
              : {}),
            ...(input.PrincipalOrgID ? { "aws:PrincipalOrgID": input.PrincipalOrgID } : {}),
          },
        }
      : {}),
  };
  return {
    Sid: input.StatementId ?? "",
    Effect: "Allow",
    Principal: principalOf(input.Principal ?? ""),
    Action: input.Action,
    Resource,
    ...(Object.keys(conditions).length > 0 ? { Condition: conditions } : {}),
  };
}

function principalOf(principal: string): unknown {
  if (principal === "*") return "*";
  if (principal.endsWith(".amazonaws.com")) return { Service: principal };
  return { AWS: /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal };
}
