import { createHash } from "node:crypto";
import { type Code, quoted } from "./code.ts";

/** What a published version has of its function, by the construct's names. */
export const contentFields: readonly string[] = [
  "architectures",
  "capacityProviderConfig",
  "code",
  "deadLetterConfig",
  "description",
  "environment",
  "ephemeralStorage",
  "handler",
  "kmsKeyArn",
  "layers",
  "loggingConfig",
  "memorySize",
  "role",
  "runtime",
  "timeout",
  "tracingConfig",
];

/** Versions carry a hash in their id (aliases.ts). */
const VERSION_ID = /^(?<prefix>\w*Version)(?<hash>[0-9a-f]{10})$/;

/** Without the hash, which changes with the function. */
export function withoutHash(logicalId: string): string {
  return VERSION_ID.exec(logicalId)?.groups?.["prefix"] ?? logicalId;
}

/** The construct id of a version: the one that it has now as long as its function stays the same. */
export function versionIdCode(
  logicalId: string,
  functionVariable: string,
  content: unknown,
): Code | undefined {
  const { prefix, hash } = VERSION_ID.exec(logicalId)?.groups ?? {};
  if (prefix === undefined || hash === undefined) return undefined;
  const text = JSON.stringify(content, sorted);
  const now = createHash("sha256").update(text).digest("hex").slice(0, 10);
  return {
    callee: "versionId",
    arguments: [functionVariable, quoted(prefix), { members: [[now, quoted(hash)]] }],
  };
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** version.ts of an ejected project. */
export const versionFile = `import { createHash } from "node:crypto";
import { Stack } from "aws-cdk-lib";
import type * as lambda from "aws-cdk-lib/aws-lambda";

/**
 * A version cannot change: other code or settings of its function are another version, under another
 * id. CloudFormation makes it before it moves the alias, and deletes the one before in the end.
 * \`known\` keeps the id of a version that was made before this code: hash of its content → end of its id.
 */
export function versionId(
  of: lambda.CfnFunction,
  prefix: string,
  known: Readonly<Record<string, string>>,
): string {
  const { ${contentFields.slice(0, 5).join(", ")} } = of;
  const { ${contentFields.slice(5, 11).join(", ")} } = of;
  const { ${contentFields.slice(11).join(", ")} } = of;
  const content = Stack.of(of).resolve({
${contentFields.map((field) => `    ${field},\n`).join("")}  });
  const hash = createHash("sha256").update(JSON.stringify(content, sorted)).digest("hex");
  const short = hash.slice(0, 10);
  return \`\${prefix}\${known[short] ?? short}\`;
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
`;
