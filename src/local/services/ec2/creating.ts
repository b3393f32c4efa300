import type { TagSpecification } from "@aws-sdk/client-ec2";

import type { TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";
import type { TagDocument } from "./store.ts";

interface TokenDocument {
  readonly id: string;
  readonly usedAt: string;
}

/** How long a client token is remembered. */
const tokenLifetimeMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Creates a document once per client token. EC2 has tokens for some operations only; here every creation takes one,
 * so that CloudFormation can repeat what a restart interrupted.
 */
export function createOnce<Document extends object>(
  target: TargetContext,
  region: string,
  collection: Collection<Document>,
  input: object,
  create: () => { readonly id: string; readonly document: Document },
): Document {
  const token = tokenOf(input);
  if (token === undefined) {
    const { id, document } = create();
    collection.put(region, id, document);
    return document;
  }
  return target.state.transaction(() => {
    const tokens = target.state.collection<TokenDocument>("ec2.client-tokens");
    const known = tokens.get(region, token);
    const existing = known && collection.get(region, known.id);
    if (existing) return existing;
    const { id, document } = create();
    collection.put(region, id, document);
    const now = target.clock.now();
    forgetOld(tokens, region, now);
    tokens.put(region, token, { id, usedAt: now.toISOString() });
    return document;
  });
}

function forgetOld(tokens: Collection<TokenDocument>, region: string, now: Date): void {
  for (const entry of tokens.entries()) {
    const age = now.getTime() - Date.parse(entry.document.usedAt);
    if (entry.region === region && age > tokenLifetimeMilliseconds) tokens.delete(region, entry.id);
  }
}

function tokenOf(input: object): string | undefined {
  const token = "ClientToken" in input ? input.ClientToken : undefined;
  return typeof token === "string" && token !== "" ? token : undefined;
}

/** The tags that a creation gives to the resource itself. */
export function tagsFor(
  resourceType: string,
  specifications: readonly TagSpecification[] | undefined,
): TagDocument[] {
  return (specifications ?? []).flatMap((specification) => {
    if (specification.ResourceType !== resourceType) {
      throw new ServiceError(
        "InvalidParameterValue",
        `'${specification.ResourceType}' is not a valid taggable resource type for this operation.`,
      );
    }
    return (specification.Tags ?? []).map(({ Key, Value }) => ({
      Key: Key ?? "",
      Value: Value ?? "",
    }));
  });
}

export function notFound(code: string, message: string): ServiceError {
  return new ServiceError(code, message, { status: 400 });
}

export function dependencyViolation(message: string): ServiceError {
  return new ServiceError("DependencyViolation", message, { status: 400 });
}

/** The documents with these ids, or all of them; one that does not exist is the error that `missing` makes. */
export function byIds<Document extends object>(
  collection: Collection<Document>,
  region: string,
  ids: readonly string[] | undefined,
  missing: (id: string) => ServiceError,
): Document[] {
  if (ids === undefined || ids.length === 0) return collection.list(region);
  return ids.map((id) => {
    const document = collection.get(region, id);
    if (!document) throw missing(id);
    return document;
  });
}
