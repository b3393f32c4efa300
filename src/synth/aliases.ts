import { createHash } from "node:crypto";
import type { Stack } from "aws-cdk-lib/core";
import { CfnAlias, type CfnFunction, CfnVersion } from "./cdk.ts";
import { versionsOf } from "./environments.ts";
import { aliasConstructId } from "./names.ts";
import type { FunctionSettings, Settings } from "./settings.ts";

export type FunctionAlias = InstanceType<typeof CfnAlias>;
type FunctionProperties = ConstructorParameters<typeof CfnFunction>[2];

export interface AliasParts {
  /** Construct id of the function. */
  readonly id: string;
  readonly resource: InstanceType<typeof CfnFunction>;
  /** As the function was made with them. */
  readonly properties: FunctionProperties;
  readonly settings: Pick<Settings, "functions" | "overrides">;
  /** The function's. */
  readonly key: string;
}

/**
 * Aliases of a function. One at `$LATEST.PUBLISHED` is a name and costs nothing; Lambda's model of CreateAlias allows it
 * (FunctionVersion: `$LATEST`, `$LATEST.PUBLISHED` or a number). One at a version makes that version, which runs a
 * minimum of environments of its own.
 */
export function createAliases(stack: Stack, parts: AliasParts): FunctionAlias[] {
  const { id, resource, settings, key } = parts;
  const own = settings.functions[key];
  const aliases = Object.entries(own?.aliases ?? {});
  if (own === undefined || aliases.length === 0) return [];
  const version = versionsOf(own) > 1 ? createVersion(stack, parts, own) : undefined;
  return aliases.map(
    ([name, target]) =>
      new CfnAlias(stack, aliasConstructId(id, name), {
        functionName: resource.ref,
        name,
        functionVersion:
          target === "version" && version ? version.attrVersion : "$LATEST.PUBLISHED",
      }),
  );
}

/**
 * A version cannot change: other code or configuration is another resource, by the hash in its id. CloudFormation makes
 * it before it moves the alias, and deletes the one before in the end, so that nothing keeps the provider from being
 * deleted with the stack.
 */
function createVersion(stack: Stack, parts: AliasParts, own: FunctionSettings) {
  const { id, resource } = parts;
  const { minEnvironments, maxEnvironments } = own;
  return new CfnVersion(stack, `${id}Version${contentHash(stack, parts)}`, {
    functionName: resource.ref,
    ...(minEnvironments === undefined || maxEnvironments === undefined
      ? {}
      : {
          functionScalingConfig: {
            minExecutionEnvironments: minEnvironments,
            maxExecutionEnvironments: maxEnvironments,
          },
        }),
  });
}

/** Of what a published version has of its function; its scaling and the publishing itself are no part of it. */
function contentHash(stack: Stack, { properties, settings, key, id }: AliasParts): string {
  const {
    functionScalingConfig: _scaling,
    publishToLatestPublished: _publish,
    ...content
  } = properties;
  // Those that mean this function, as overrides.ts finds them.
  const changes = [id, key, "AWS::Lambda::Function"].flatMap((name) =>
    Object.entries(settings.overrides[name] ?? {}).filter(([path]) => changesVersion(path)),
  );
  const text = JSON.stringify(stack.resolve(changes.length === 0 ? content : [content, changes]));
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}

function changesVersion(path: string): boolean {
  return /^Properties\.(?!Tags\b|FunctionScalingConfig\b|PublishToLatestPublished\b)/.test(path);
}
