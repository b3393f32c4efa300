import type { CallContext } from "../service.ts";
import { checkExisting, readStoredParameters } from "./parameter-values.ts";
import { readSnippet } from "./s3-template.ts";
import { processed, readSource } from "./template-source.ts";
import type { EngineParts } from "./engine/run.ts";
import type { ResourceData } from "./resource-data.ts";
import type { ResourceType } from "./resource-type.ts";
import { parameterValue, stackModel, zonesFor } from "./stack-model.ts";
import type { StackIdentity, StackModel } from "./stack-model.ts";
import type { Deployment, ResourceRecord, Tag } from "./stack-record.ts";
import { checkAutoExpand, checkCapabilities } from "./template/capabilities.ts";
import { resolveParameters } from "./template/parameters.ts";
import type { GivenParameter } from "./template/parameters.ts";
import { references } from "./template/references.ts";
import { checkRules } from "./template/rules.ts";
import { validationError } from "./template/template.ts";
import type { Template } from "./template/template.ts";
import { own } from "../own.ts";

/** What the requests that deploy have in common. */
export interface DeployRequest {
  readonly body: string;
  readonly parameters: readonly GivenParameter[];
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
  readonly notificationArns: readonly string[];
  readonly roleArn?: string | undefined;
  /** Change sets show what a transform makes, so they need no CAPABILITY_AUTO_EXPAND. */
  readonly forChangeSet: boolean;
}

export interface Prepared {
  readonly deployment: Deployment;
  readonly model: StackModel;
  readonly data: ReadonlyMap<string, ResourceData>;
  readonly zones: readonly string[];
}

/** Everything that CloudFormation checks before it makes anything. Throws its ValidationErrors. */
export async function prepare(
  parts: EngineParts,
  request: DeployRequest,
  identity: StackIdentity,
  previous: Deployment | undefined,
  caller: CallContext,
): Promise<Prepared> {
  const source = await readSource(request.body, (url) => readSnippet(parts, url, caller));
  if (!request.forChangeSet) checkAutoExpand(source.transforms, request.capabilities);
  const { head } = source;
  const parameters = await resolveParameters(
    head,
    request.parameters,
    previous?.parameters ?? [],
    (names) => readStoredParameters(parts, names, caller),
  );
  await checkExisting(parts.context, head, parameters, caller);
  const parameter = parameterValue(head, { ...request, parameters }, identity);
  checkRules(head, parameter);
  const { template, body } = await processed(source, parameter);
  const data = await checkTypes(parts, template);
  checkCapabilities(template, request.capabilities);
  const deployment: Deployment = {
    templateId: parts.store.putTemplate(identity.region, request.body),
    processed:
      body === undefined
        ? undefined
        : {
            templateId: parts.store.putTemplate(identity.region, body),
            extended: template.extended,
          },
    description: template.Description,
    parameters,
    tags: request.tags,
    capabilities: request.capabilities,
    notificationArns: request.notificationArns,
    roleArn: request.roleArn,
  };
  const model = stackModel(template, deployment, identity);
  checkAttributes(model, data);
  return { deployment, model, data, zones: await zonesFor(template, parts.context, caller) };
}

/** Types whose behaviour is their point: a mere record of them would make a false success. */
const needBehaviour = new Set([
  "AWS::CloudFormation::CustomResource",
  "AWS::CloudFormation::Macro",
  "AWS::CloudFormation::StackSet",
  "AWS::CloudFormation::WaitCondition",
]);

function isUnsupported(type: string, known: ReadonlyMap<string, ResourceType>): boolean {
  if (known.has(type)) return false;
  return needBehaviour.has(type) || type.startsWith("Custom::") || type.endsWith("::MODULE");
}

export async function checkTypes(
  parts: EngineParts,
  template: Template,
): Promise<ReadonlyMap<string, ResourceData>> {
  const types = [...new Set(Object.values(template.Resources).map(({ Type }) => Type))];
  const unsupported = types.filter((type) => isUnsupported(type, parts.resourceTypes));
  if (unsupported.length > 0) {
    throw validationError(
      `Resource types [${unsupported.join(", ")}] are not supported by the local target: it does not run custom resources, macros and modules.`,
    );
  }
  const data = await parts.data.load(types);
  const unknown = types.filter((type) => !data.has(type) && !parts.resourceTypes.has(type));
  if (unknown.length > 0) {
    throw validationError(
      `Template format error: Unrecognized resource types: [${unknown.join(", ")}]`,
    );
  }
  return data;
}

/** Refuses `Fn::GetAtt` of attributes that AWS's data do not know. */
function checkAttributes(model: StackModel, data: ReadonlyMap<string, ResourceData>): void {
  const everything = [...model.resources.values()].map(({ Properties }) => Properties);
  const outputs = Object.values(model.template.Outputs)
    .filter((output) => output.Condition === undefined || model.condition(output.Condition))
    .map(({ Value }) => Value);
  for (const { name, attribute } of references([everything, outputs], model.condition)) {
    const known = data.get(model.resources.get(name)?.Type ?? "");
    if (!attribute || !known) continue;
    const isKnown = Object.keys(known.attributes).some(
      (candidate) =>
        candidate === attribute ||
        candidate.startsWith(`${attribute}.`) ||
        attribute.startsWith(`${candidate}.`),
    );
    if (!isKnown) {
      throw validationError(
        `Template error: resource ${name} does not support attribute type ${attribute} in Fn::GetAtt`,
      );
    }
  }
}

/** A resource keeps its type for life. */
export function checkTypesKept(
  model: StackModel,
  existing: Readonly<Record<string, ResourceRecord>>,
): void {
  const changed = [...model.resources].filter(([logicalId, { Type }]) => {
    const record = own(existing, logicalId);
    return record !== undefined && !record.status.startsWith("DELETE_") && record.type !== Type;
  });
  if (changed.length === 0) return;
  throw validationError(
    `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.map(([logicalId]) => logicalId).join(", ")}]`,
  );
}
