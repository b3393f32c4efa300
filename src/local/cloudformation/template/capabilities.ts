import { ServiceError } from "../../service-error.ts";
import type { Template } from "./template.ts";

/** CloudFormation user guide, "Acknowledging IAM resources in CloudFormation templates". */
const iamTypes = new Set([
  "AWS::IAM::AccessKey",
  "AWS::IAM::Group",
  "AWS::IAM::InstanceProfile",
  "AWS::IAM::ManagedPolicy",
  "AWS::IAM::Policy",
  "AWS::IAM::Role",
  "AWS::IAM::User",
  "AWS::IAM::UserToGroupAddition",
]);
const nameProperties = [
  "RoleName",
  "GroupName",
  "UserName",
  "ManagedPolicyName",
  "InstanceProfileName",
];

/** The capability that a template needs, and why; undefined when it needs none. */
export function requiredCapability(
  template: Template,
):
  | { readonly capability: "CAPABILITY_IAM" | "CAPABILITY_NAMED_IAM"; readonly reason: string }
  | undefined {
  const resources = Object.values(template.Resources).filter(({ Type }) => iamTypes.has(Type));
  if (resources.length === 0) return undefined;
  const named = resources.filter(
    ({ Type, Properties = {} }) =>
      // These two name somebody else's user or group, not their own.
      !["AWS::IAM::AccessKey", "AWS::IAM::UserToGroupAddition"].includes(Type) &&
      nameProperties.some((name) => Properties[name] !== undefined),
  );
  const why = named.length > 0 ? named : resources;
  const types = [...new Set(why.map(({ Type }) => Type))];
  return {
    capability: named.length > 0 ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM",
    reason: `The following resource(s) require capabilities: [${types.join(", ")}]`,
  };
}

/** Observed: localstack/localstack test_template_engine.snapshot.json, test_capabilities_requirements. */
export function checkAutoExpand(transforms: readonly string[], given: readonly string[]): void {
  if (transforms.length > 0 && !given.includes("CAPABILITY_AUTO_EXPAND"))
    throw insufficient("CAPABILITY_AUTO_EXPAND");
}

function insufficient(capability: string): ServiceError {
  return new ServiceError(
    "InsufficientCapabilitiesException",
    `Requires capabilities : [${capability}]`,
    { status: 400 },
  );
}

export function checkCapabilities(template: Template, given: readonly string[]): void {
  const needed = requiredCapability(template);
  if (!needed || given.includes("CAPABILITY_NAMED_IAM") || given.includes(needed.capability))
    return;
  throw insufficient(needed.capability);
}
