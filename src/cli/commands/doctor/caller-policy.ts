import { ownActions, type Subject } from "../../../aws/own-actions.ts";
import {
  documentOf,
  type PolicyDocument,
  type Scope,
} from "../../../synth/deploy-policy/policy-document.ts";
import {
  arnOf,
  assetsBucket,
  bootstrapParameter,
  bootstrapRole,
  generatedName,
  iamArn,
  namesOf,
  type PolicyPlace,
} from "../../../synth/deploy-policy/policy-place.ts";
import type { Template } from "../../../synth/synthesize.ts";
import { bootstrapStackName } from "../../../deploy/bootstrap-stack-name.ts";

/** Roles of the bootstrap stack that a deployment takes; CloudFormation then takes the one that may change resources. */
const assumed = ["deploy", "file-publishing", "lookup"] as const;

/** What whoever runs lmi must be allowed: to take the bootstrap roles, and what lmi itself asks for. */
export function callerPolicy(
  template: Template,
  place: PolicyPlace,
  callerArn: string | undefined,
): PolicyDocument {
  const take = {
    action: "sts:AssumeRole",
    scope: { name: "BootstrapRoles", resources: assumed.map((name) => bootstrapRole(place, name)) },
  };
  const resources = resourcesOf(template, place, callerArn);
  const own = Object.entries(ownActions).flatMap(([subject, actions]) =>
    actions.map((action) => ({ action, scope: scopeOf(subject as Subject, resources) })),
  );
  return documentOf([take, ...own.filter(({ scope }) => scope.resources.length > 0)]);
}

function scopeOf(subject: Subject, resources: Readonly<Record<Subject, readonly string[]>>): Scope {
  const name = subject
    .split(" ")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  return { name, resources: resources[subject] };
}

/** Any of any account, where a function has layers at all: the publisher's account may be another one. */
function layersOf({ Resources }: Template, place: PolicyPlace): string[] {
  const hasLayers = Object.values(Resources).some(({ Properties = {} }) => "Layers" in Properties);
  return hasLayers ? [arnOf({ ...place, account: "*" }, "lambda", "layer:*:*")] : [];
}

function resourcesOf(
  template: Template,
  place: PolicyPlace,
  callerArn: string | undefined,
): Readonly<Record<Subject, readonly string[]>> {
  const functions = namesOf(template, "AWS::Lambda::Function", "FunctionName", place);
  const groups = namesOf(template, "AWS::Logs::LogGroup", "LogGroupName", place);
  const roles = namesOf(template, "AWS::IAM::Role", "RoleName", place);
  const bucket = assetsBucket(place);
  return {
    anything: ["*"],
    stack: [arnOf(place, "cloudformation", `stack/${place.stackName}/*`)],
    "bootstrap stack": [arnOf(place, "cloudformation", `stack/${bootstrapStackName}/*`)],
    function: functions.flatMap((name) => [
      arnOf(place, "lambda", `function:${name}`),
      arnOf(place, "lambda", `function:${name}:*`),
    ]),
    layers: layersOf(template, place),
    provider: [arnOf(place, "lambda", `capacity-provider:${generatedName(place)}`)],
    "log group": groups.flatMap((name) => [
      arnOf(place, "logs", `log-group:${name}`),
      arnOf(place, "logs", `log-group:${name}:*`),
    ]),
    roles: [
      ...roles.map((name) => iamArn(place, `role/${name}`)),
      bootstrapRole(place, "cfn-exec"),
      ...(callerArn === undefined ? [] : [callerArn]),
    ],
    "bootstrap version": [bootstrapParameter(place)],
    "assets bucket": [bucket],
    assets: [`${bucket}/*`],
    "kept code": [`${bucket}/lmi/${place.stackName}/*`],
  };
}
