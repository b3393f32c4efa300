import { ExitCode, LmiError } from "../errors.ts";
import { architectureChanges, functionName, isFunction } from "./architecture-change.ts";
import type { ChangeSummary } from "./changes.ts";
import {
  deployedResources,
  resourcesOf,
  type TemplateResource,
  type TemplateResources,
} from "./template-resources.ts";

export interface Templates {
  readonly wanted: Readonly<Record<string, unknown>>;
  /** As CloudFormation stores it, JSON; undefined where there is none. */
  readonly deployed: string | undefined;
}

/** Changes that AWS is known to refuse, so that nobody waits for a rollback to hear it. */
export function refusals(templates: Templates, changes: ChangeSummary): LmiError[] {
  const wanted = resourcesOf(templates.wanted);
  const deployed = deployedResources(templates.deployed);
  return [
    ...architectureChanges(wanted, deployed),
    ...kindChanges(wanted, deployed),
    ...namedReplacements(wanted, deployed, changes),
    ...movedGateways(changes),
  ];
}

/**
 * A function is one of managed instances or a default one for good: “CapacityProviderConfig isn't supported for Lambda
 * Default functions.” (observed by the authors of localstack, pull request 13447).
 */
function kindChanges(wanted: TemplateResources, deployed: TemplateResources): LmiError[] {
  return Object.entries(wanted).flatMap(([id, resource]) => {
    const before = deployed[id];
    if (!isFunction(resource) || before === undefined || !isFunction(before)) return [];
    if (isManaged(resource) === isManaged(before)) return [];
    const [from, to] = isManaged(before) ? [managed, ordinary] : [ordinary, managed];
    return [
      kindChange(
        `${functionName(id, resource)} is ${from} and cannot become ${to}.`,
        "Lambda takes a capacity provider for new functions only, and lets none go.",
      ),
    ];
  });
}

const managed = "a function on managed instances";
const ordinary = "a default Lambda function";

export function kindChange(message: string, why: string): LmiError {
  return new LmiError("LMI_FUNCTION_KIND", message, {
    why: `${why} Nothing was changed.`,
    next: "Give the function in lmi.json another name, deploy it beside the old one, move callers, then delete the old one",
    exitCode: ExitCode.usage,
  });
}

function isManaged({ Properties }: TemplateResource): boolean {
  return Properties?.["CapacityProviderConfig"] !== undefined;
}

/** Where a type has its name. */
const nameProperties: Readonly<Record<string, string>> = {
  "AWS::Lambda::Function": "FunctionName",
  "AWS::Lambda::CapacityProvider": "CapacityProviderName",
  "AWS::Logs::LogGroup": "LogGroupName",
  "AWS::IAM::Role": "RoleName",
  "AWS::EC2::SecurityGroup": "GroupName",
  "AWS::SQS::Queue": "QueueName",
};

/**
 * CloudFormation makes the new resource before it deletes the old one, so it refuses to replace what keeps its name
 * (“cannot update a stack when a custom-named resource requires replacing”).
 */
function namedReplacements(
  wanted: TemplateResources,
  deployed: TemplateResources,
  { resources }: ChangeSummary,
): LmiError[] {
  return resources.flatMap(({ logicalId, type, kind, properties }) => {
    const name = nameProperties[type] ?? "";
    const now = wanted[logicalId]?.Properties?.[name];
    const isKept = typeof now === "string" && now === deployed[logicalId]?.Properties?.[name];
    if (kind !== "replace" || !isKept) return [];
    const because = properties.filter(({ replaces }) => replaces).map((each) => each.name);
    return [
      new LmiError(
        "LMI_REPLACEMENT_REFUSED",
        `${logicalId} cannot be replaced while it is called ${now}.`,
        {
          why: `${because.join(", ")} can only change with a new ${type}, and CloudFormation makes the new one before it deletes the old one. Nothing was changed.`,
          next: `Give it another ${name}, or none`,
          exitCode: ExitCode.usage,
        },
      ),
    ];
  });
}

/** What takes its address or its network only once, and by what. */
const gateways: Readonly<Record<string, string>> = {
  "AWS::EC2::VPCGatewayAttachment": "AWS::EC2::InternetGateway",
  "AWS::EC2::NatGateway": "AWS::EC2::EIP",
};

/**
 * A gateway that stays is attached to the old network while the new one is made, which EC2 refuses
 * (Resource.AlreadyAssociated; for a VPC's range on AWS: aws-cdk issue 16869).
 */
function movedGateways({ resources }: ChangeSummary): LmiError[] {
  const anew = resources.filter(({ kind }) => kind === "replace");
  const types = new Set(anew.map(({ type }) => type));
  const stuck = anew.filter(({ type }) => {
    const needed = gateways[type];
    return needed !== undefined && !types.has(needed);
  });
  if (stuck.length === 0) return [];
  return [
    new LmiError(
      "LMI_NETWORK_REPLACEMENT",
      "The network cannot be replaced by another one in the same stack.",
      {
        why: `CloudFormation would make ${stuck.map(({ logicalId }) => logicalId).join(" and ")} anew while gateway and address are still in use by the old network. Nothing was changed.`,
        next: "Keep the network's range, or deploy a second stack: lmi deploy --env <name>, move callers, then lmi destroy",
        exitCode: ExitCode.usage,
      },
    ),
  ];
}
