import { createHash } from "node:crypto";
import { cp, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isRecord } from "../is-record.ts";
import { asciiJson } from "../synth/ascii-json.ts";
import type { ChangeSummary } from "./changes.ts";
import type { FoundLogGroup } from "./found-log-groups.ts";
import { declaredIn } from "./kept-resources.ts";

/**
 * A tag that says of a log group that it has not yet what the project says of it, and which policy that is. To take it
 * away is a change that CloudFormation sees: a policy alone is none, and where metadata go the toolkit library breaks.
 */
const takenBackTag = "lmi:taken-back";

/** The changes with what is taken back told from what is made. */
export function withTakenBack(
  changes: ChangeSummary,
  kept: readonly FoundLogGroup[],
): ChangeSummary {
  // What a failed stack still has may go with that stack: it is not promised.
  const names = new Map(
    kept.flatMap(({ logicalId, name, owner }) => (owner === undefined ? [[logicalId, name]] : [])),
  );
  const resources = changes.resources.map((change) => {
    const physicalId = names.get(change.logicalId);
    return physicalId === undefined ? change : { ...change, kind: "import" as const, physicalId };
  });
  return { ...changes, resources };
}

/** What a template takes back, by logical id, with the policy that the project says, which is still to come. */
export function takenBackIn(
  template: Readonly<Record<string, unknown>> | undefined,
): ReadonlyMap<string, string> {
  const marked = Object.entries(declaredIn(template)).flatMap(([id, resource]) =>
    tagsOf(resource).flatMap(({ Key, Value }) =>
      Key === takenBackTag && typeof Value === "string" ? [[id, Value] as const] : [],
    ),
  );
  return new Map(marked);
}

/** The template with the project's own policy for what was taken back. */
export function releasing(
  template: Readonly<Record<string, unknown>>,
  policies: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const resources = Object.entries(declaredIn(template)).map(([id, resource]) => {
    const DeletionPolicy = policies.get(id);
    if (DeletionPolicy === undefined) return [id, resource];
    const { Properties: properties } = resource;
    const Tags = tagsOf(resource).filter(({ Key }) => Key !== takenBackTag);
    const own = { ...(isRecord(properties) ? properties : {}), Tags };
    return [id, { ...resource, DeletionPolicy, Properties: own }];
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}

function tagsOf({ Properties: properties }: Readonly<Record<string, unknown>>) {
  const tags: unknown = isRecord(properties) ? properties["Tags"] : undefined;
  return Array.isArray(tags) ? tags.filter((tag) => isRecord(tag)) : [];
}

/**
 * Resources that CloudFormation takes in unasked beside the log groups, where they are there under their names: the
 * setting is one of the whole change set.
 */
export function alsoTaken(
  template: Readonly<Record<string, unknown>>,
  { resources }: ChangeSummary,
): string[] {
  const declared = declaredIn(template);
  return resources.flatMap(({ logicalId, kind }) => {
    const policy = declared[logicalId]?.["DeletionPolicy"];
    return kind === "add" && typeof policy === "string" && policy.startsWith("Retain")
      ? [logicalId]
      : [];
  });
}

/**
 * The template that takes log groups back as they are. CloudFormation takes what exists only with a policy that keeps it
 * (user guide, "Import AWS resources into a CloudFormation stack automatically"), so that no rollback deletes it, and
 * compares no properties.
 */
export function takingBack(
  template: Readonly<Record<string, unknown>>,
  kept: readonly FoundLogGroup[],
): Record<string, unknown> {
  const groups = new Map(kept.map((group) => [group.logicalId, group]));
  const resources = Object.entries(declaredIn(template)).map(([id, resource]) => {
    const group = groups.get(id);
    return [id, group === undefined ? resource : asItIs(resource, group)];
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}

function asItIs(resource: Readonly<Record<string, unknown>>, group: FoundLogGroup): object {
  const { name, retentionInDays, kmsKeyId, logGroupClass } = group;
  const { Properties: wanted, DeletionPolicy: policy } = resource;
  const saysClass = isRecord(wanted) && "LogGroupClass" in wanted;
  return {
    ...resource,
    DeletionPolicy: "Retain",
    Properties: {
      LogGroupName: name,
      ...(retentionInDays === undefined ? {} : { RetentionInDays: retentionInDays }),
      ...(kmsKeyId === undefined ? {} : { KmsKeyId: kmsKeyId }),
      ...(saysClass || logGroupClass !== "STANDARD" ? { LogGroupClass: logGroupClass } : {}),
      Tags: [{ Key: takenBackTag, Value: typeof policy === "string" ? policy : "Delete" }],
    },
  };
}

interface AssemblyManifest {
  readonly artifacts: Record<
    string,
    {
      readonly type: string;
      readonly properties?: {
        readonly templateFile?: string;
        readonly stackTemplateAssetObjectUrl?: string;
      };
    }
  >;
}

/**
 * A copy of a cloud assembly, beside it, whose template takes log groups back. The template is an asset with its hash as
 * its name: another text under the same name would be taken for the project's own ever after.
 * @returns the folder
 */
export async function assemblyTakingBack(
  directory: string,
  stackName: string,
  kept: readonly FoundLogGroup[],
): Promise<string> {
  const copy = join(dirname(directory), "taking-back");
  await cp(directory, copy, { recursive: true });
  const manifestFile = join(copy, "manifest.json");
  const manifestText = await readFile(manifestFile, "utf8");
  const { artifacts } = JSON.parse(manifestText) as AssemblyManifest;
  const { templateFile, stackTemplateAssetObjectUrl: url } = artifacts[stackName]?.properties ?? {};
  const hash = /\/(?<hash>[0-9a-f]{64})\.json$/.exec(url ?? "")?.groups?.["hash"];
  if (templateFile === undefined || hash === undefined)
    throw new Error(`${manifestFile} says of no template of ${stackName}.`);
  const file = join(copy, templateFile);
  const template = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  const text = asciiJson(JSON.stringify(takingBack(template, kept), undefined, 1));
  await writeFile(file, text);
  const renamed = createHash("sha256").update(text).digest("hex");
  const assetsFile = join(copy, `${stackName}.assets.json`);
  const assetsText = await readFile(assetsFile, "utf8");
  await writeFile(manifestFile, manifestText.replaceAll(hash, renamed));
  await writeFile(assetsFile, assetsText.replaceAll(hash, renamed));
  return copy;
}
