import { constructId, deployedFunctionName } from "../names.ts";
import type { Settings } from "../settings.ts";
import type { Template } from "../synthesize.ts";
import { appFile } from "./app-file.ts";
import { type CodePlan, codeCall, codeFile, codeFunction } from "./code-file.ts";
import { codeVariable, emit, type Emitted, type EmittedGroup, type Source } from "./emit.ts";
import { groupFile } from "./group-file.ts";
import { groupsOf } from "./groups.ts";
import { existingNetworkFile, existingNetworkValues } from "./existing-network.ts";
import { statement } from "./source-file.ts";
import { versionFile } from "./version-file.ts";
import { templateParts } from "./template-parts.ts";
import { stackFile } from "./stack-file.ts";

export interface EjectRequest {
  readonly settings: Settings;
  readonly stackName: string;
  readonly template: Template;
  /** By function key. */
  readonly code: Readonly<Record<string, CodePlan>>;
  /** The region that the project names; undefined: the caller's. */
  readonly region: string | undefined;
}

/** The CDK app of a stack: files of the folder infra/, by path. Its template is lmi's but for lmi's own metadata. */
export function ejectedApp(request: EjectRequest): Readonly<Record<string, string>> {
  const { settings, template, stackName } = request;
  const keys = Object.keys(settings.functions);
  const names = new Map(keys.map((key) => [key, deployedFunctionName(key, settings.environment)]));
  const source: Source = {
    template,
    stackName,
    groups: groupsOf(template, keys),
    functionNames: names,
    archives: new Map(keys.flatMap((key) => archiveOf(template, key))),
    values: existingNetworkValues(settings.network),
  };
  const emitted = emit(source);
  const parts = templateParts(template, emitted.stack.names);
  const className = `${pascal(settings.name)}Stack`;
  const project = settings.name;
  const exported = exportedOf(emitted);
  const returning = new Set(
    emitted.groups
      .filter(({ group }) => group.logicalIds.some((id) => exported.has(id)))
      .map(({ group }) => group.name),
  );
  const tags = { ...settings.tags, "lmi:project": settings.name };
  return {
    "app.ts": appFile({ className, stackName, template, tags, region: request.region }),
    "stack.ts": stackFile({ parts, emitted, className, project, returning }),
    ...existingNetworkFile(settings.network),
    ...Object.fromEntries(
      emitted.groups.map((each) => [
        `${each.group.file}.ts`,
        fileOf(each, request, { emitted, exported, names }),
      ]),
    ),
    "code.ts": codeFile(Object.values(request.code)),
    ...(emitted.groups.some(({ uses }) => uses.versions.size > 0)
      ? { "version.ts": versionFile }
      : {}),
  };
}

function fileOf(
  each: EmittedGroup,
  { settings, template, code }: EjectRequest,
  about: {
    readonly emitted: Emitted;
    readonly exported: ReadonlySet<string>;
    readonly names: ReadonlyMap<string, string>;
  },
): string {
  const { functionKey } = each.group;
  const uploads = [...each.uses.code].flatMap((key) => {
    const [own, plan] = [settings.functions[key], code[key]];
    return own && plan ? [{ own, plan, variable: codeVariable(key, each.group) }] : [];
  });
  return groupFile({
    template,
    emitted: each,
    exported: about.exported,
    about:
      groupTexts[each.group.name] ?? `The function ${functionKey} and what belongs to it alone.`,
    code: {
      statements: uploads
        .map(({ own, plan, variable }) => statement(`const ${variable} = `, codeCall(plan, own)))
        .join(""),
      imports: uploads.map(({ plan }) => codeFunction(plan)),
    },
    functionName: about.names.get(functionKey ?? ""),
    files: new Map(about.emitted.groups.map(({ group }) => [group.name, group.file])),
  });
}

const groupTexts: Readonly<Record<string, string>> = {
  network:
    "The network of the instances. Requests do not enter through it; only what the functions send, their logs included, leaves by it.",
  capacity: "Where the functions run: EC2 instances that Lambda starts and ends in the network.",
  resources: "What the functions use besides.",
  integrations: "What uses the functions.",
};

function exportedOf({ groups, stack }: Emitted): ReadonlySet<string> {
  return new Set(
    [stack.uses, ...groups.map(({ uses }) => uses)].flatMap(({ foreign }) => [...foreign]),
  );
}

/** The key of a function's archive in the bucket, and the function's. */
function archiveOf(template: Template, key: string): [string, string][] {
  const properties = template.Resources[constructId(key)]?.Properties as
    | { readonly Code?: { readonly S3Key?: unknown } }
    | undefined;
  const objectKey = properties?.Code?.S3Key;
  return typeof objectKey === "string" ? [[objectKey, key]] : [];
}

function pascal(name: string): string {
  const words = name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return words.join("").replace(/^(?=\d)/, "Project");
}
