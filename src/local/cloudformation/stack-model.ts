import type { CallContext, TargetContext } from "../service.ts";
import type { Deployment, ResourceRecord, StackRecord } from "./stack-record.ts";
import { conditions } from "./template/conditions.ts";
import { knownAfterApply, noValue } from "./template/special-values.ts";
import type { Scope } from "./template/evaluate.ts";
import { parameterReference } from "./template/parameters.ts";
import { activeResources, dependencies } from "./template/dependencies.ts";
import { checkReferences } from "./template/static-checks.ts";
import { validationError } from "./template/template.ts";
import type { Template, TemplateResource } from "./template/template.ts";
import { own } from "../own.ts";

/** A template together with the values that make it one concrete stack. */
export interface StackModel {
  readonly template: Template;
  readonly deployment: Deployment;
  readonly condition: (name: string) => boolean;
  readonly parameter: (name: string) => unknown;
  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface StackIdentity {
  readonly stackId: string;
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
}

export function stackModel(
  template: Template,
  deployment: Deployment,
  identity: StackIdentity,
): StackModel {
  checkReferences(template);
  const parameter = parameterValue(template, deployment, identity);
  const condition = conditions(template, parameter);
  return {
    template,
    deployment,
    condition,
    parameter,
    resources: activeResources(template, condition),
    needs: dependencies(template, condition),
  };
}

/** Values of parameters and pseudo parameters; undefined where there is none of that name. */
export function parameterValue(
  template: Pick<Template, "Parameters">,
  deployment: Pick<Deployment, "parameters" | "notificationArns">,
  identity: StackIdentity,
): (name: string) => unknown {
  const values = new Map(deployment.parameters.map((value) => [value.key, value]));
  const pseudo: Readonly<Record<string, unknown>> = {
    "AWS::AccountId": identity.accountId,
    "AWS::NotificationARNs": [...deployment.notificationArns],
    "AWS::NoValue": noValue,
    "AWS::Partition": "aws",
    "AWS::Region": identity.region,
    "AWS::StackId": identity.stackId,
    "AWS::StackName": identity.stackName,
    "AWS::URLSuffix": "amazonaws.com",
  };
  return (name) => {
    const declared = template.Parameters[name];
    const value = values.get(name);
    return declared && value ? parameterReference(declared, value) : own(pseudo, name);
  };
}

export interface ScopeOptions {
  readonly resource: (logicalId: string) => ResourceRecord | undefined;
  /** For change sets: what is yet to be made has a placeholder instead of being an error. */
  readonly isUnknown?: (logicalId: string) => boolean;
  readonly zones: readonly string[];
  readonly imported: (exportName: string) => string;
}

/** The scope in which the model's resources and outputs are computed. */
export function resourceScope(model: StackModel, options: ScopeOptions): Scope {
  const known = (logicalId: string) =>
    model.resources.has(logicalId) ? options.resource(logicalId) : undefined;
  const unknown = (logicalId: string) =>
    model.resources.has(logicalId) && (options.isUnknown?.(logicalId) ?? false);
  return {
    extended: model.template.extended,
    parameter: model.parameter,
    mappings: model.template.Mappings,
    condition: model.condition,
    reference: (logicalId) => (unknown(logicalId) ? knownAfterApply : known(logicalId)?.physicalId),
    attribute: (logicalId, attribute) => {
      if (unknown(logicalId)) return knownAfterApply;
      const resource = known(logicalId);
      if (!resource) {
        throw validationError(
          `Template error: instance of Fn::GetAtt references undefined resource ${logicalId}`,
        );
      }
      const value = own(resource.attributes, attribute) ?? nested(resource.attributes, attribute);
      if (value !== undefined) return value;
      throw validationError(
        `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
      );
    },
    zones: () => options.zones,
    imported: options.imported,
  };
}

function nested(attributes: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = attributes;
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = own(value as Record<string, unknown>, part);
  }
  return value;
}

/** Availability zones, asked for only where the template uses them. */
export async function zonesFor(
  template: Template,
  context: TargetContext,
  caller: CallContext,
): Promise<readonly string[]> {
  if (!JSON.stringify(template.Resources).includes('"Fn::GetAZs"')) return [];
  const answer = await context.call<{
    readonly AvailabilityZones?: readonly { readonly ZoneName?: string }[];
  }>("ec2", "DescribeAvailabilityZones", {}, caller);
  return (answer.AvailabilityZones ?? []).flatMap((zone) => (zone.ZoneName ? [zone.ZoneName] : []));
}

/** Value of an export of another stack of the region. */
export function exportValue(stacks: readonly StackRecord[], name: string): string {
  const value = findExport(stacks, name);
  if (value !== undefined) return value;
  throw validationError(`No export named ${name} found.`);
}

export function findExport(stacks: readonly StackRecord[], name: string): string | undefined {
  for (const stack of stacks) {
    if (stack.status === "DELETE_COMPLETE") continue;
    const output = stack.outputs.find(({ exportName }) => exportName === name);
    if (output) return output.value;
  }
  return undefined;
}

/** CloudFormation's default is Delete; "Snapshot" has nothing to snapshot here and is refused at creation. */
export function policyText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
