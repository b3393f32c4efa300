import type {
  CreateQueueRequest,
  DeleteQueueRequest,
  GetQueueAttributesRequest,
  GetQueueUrlRequest,
  ListDeadLetterSourceQueuesRequest,
  ListQueuesRequest,
  ListQueueTagsRequest,
  PurgeQueueRequest,
  SetQueueAttributesRequest,
  TagQueueRequest,
  UntagQueueRequest,
} from "@aws-sdk/client-sqs";
import { pageOf } from "../../page.ts";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { changedAttributes, newAttributes, presentedAttributes } from "./queue-attributes.ts";
import type { QueueStore } from "./queue-store.ts";
import { queueArn, redriveOf } from "./queue.ts";
import { invalidParameter, missingParameter, queueDoesNotExist } from "./sqs-errors.ts";

/** Queues themselves; message-operations.ts has what goes through them. */
export function queueOperations(
  target: TargetContext,
  store: QueueStore,
): Record<string, Operation> {
  const urlOf = (name: string) => `${target.endpoint()}/${target.accountId}/${name}`;
  const namesOf = (names: readonly string[]) => names.map((name) => urlOf(name));
  return {
    async CreateQueue(input: CreateQueueRequest, context: CallContext) {
      return { QueueUrl: urlOf(create(store, input, context)) };
    },

    async GetQueueUrl(input: GetQueueUrlRequest, context: CallContext) {
      const own = input.QueueOwnerAWSAccountId ?? context.accountId;
      if (own !== context.accountId) throw queueDoesNotExist();
      return { QueueUrl: urlOf(store.queue(input.QueueName ?? "", context).name) };
    },

    async ListQueues(input: ListQueuesRequest, context: CallContext) {
      const names = store.queues
        .list(context.region)
        .map(({ name }) => name)
        .filter((name) => name.startsWith(input.QueueNamePrefix ?? ""));
      const { items, NextToken } = page(names, input.NextToken, input.MaxResults ?? 1000);
      return { QueueUrls: items.length === 0 ? undefined : namesOf(items), NextToken };
    },

    async DeleteQueue(input: DeleteQueueRequest, context: CallContext) {
      const { name } = find(store, input, context);
      store.transaction(() => store.drop(name, context));
      return {};
    },

    async PurgeQueue(input: PurgeQueueRequest, context: CallContext) {
      const { name } = find(store, input, context);
      store.transaction(() => store.purge(name, context));
      return {};
    },

    ...attributeOperations(store),
    ...tagOperations(store),

    async ListDeadLetterSourceQueues(
      input: ListDeadLetterSourceQueuesRequest,
      context: CallContext,
    ) {
      const arn = queueArn(find(store, input, context).name, context);
      const names = store.queues
        .list(context.region)
        .filter((queue) => redriveOf(queue)?.deadLetterTargetArn === arn)
        .map(({ name }) => name);
      const { items, NextToken } = page(names, input.NextToken, input.MaxResults ?? 1000);
      return { queueUrls: namesOf(items), NextToken };
    },
  };
}

/** One page of a list; the token is the position of the next item. */
function page(names: readonly string[], token: string | undefined, size: number) {
  const given = token === undefined ? undefined : Buffer.from(token, "base64url").toString();
  const found = pageOf(names, given, size);
  if (!found) throw invalidParameter("Invalid or expired next token.");
  const NextToken =
    found.next === undefined ? undefined : Buffer.from(found.next).toString("base64url");
  return { items: found.items, NextToken };
}

function attributeOperations(store: QueueStore): Record<string, Operation> {
  return {
    async GetQueueAttributes(input: GetQueueAttributesRequest, context: CallContext) {
      const queue = find(store, input, context);
      const counts = store.counts(queue, context);
      const found = presentedAttributes(queue, input.AttributeNames ?? [], counts, context);
      return { Attributes: Object.keys(found).length === 0 ? undefined : found };
    },

    async SetQueueAttributes(input: SetQueueAttributesRequest, context: CallContext) {
      const queue = find(store, input, context);
      const given = (input.Attributes ?? {}) as Record<string, string>;
      const attributes = changedAttributes(queue, given, context);
      store.put({ ...queue, attributes, modifiedAt: store.now() }, context);
      return {};
    },
  };
}

/** Its name; the same queue again is no error. */
function create(store: QueueStore, input: CreateQueueRequest, context: CallContext): string {
  const name = checkedName(input.QueueName);
  const given = (input.Attributes ?? {}) as Record<string, string>;
  const attributes = newAttributes(name, given, context);
  const before = store.queues.get(context.region, name);
  if (before) {
    const differs = Object.keys(given).find((key) => before.attributes[key] !== given[key]);
    if (differs !== undefined) throw queueExists(differs);
    return name;
  }
  const now = store.now();
  const tags = input.tags ?? {};
  const times = { createdAt: now, modifiedAt: now };
  store.put({ name, attributes, tags, ...times, sent: 0, recent: [] }, context);
  return name;
}

function tagOperations(store: QueueStore): Record<string, Operation> {
  return {
    async TagQueue(input: TagQueueRequest, context: CallContext) {
      const queue = find(store, input, context);
      store.put({ ...queue, tags: { ...queue.tags, ...input.Tags } }, context);
      return {};
    },

    async UntagQueue(input: UntagQueueRequest, context: CallContext) {
      const queue = find(store, input, context);
      const tags = Object.entries(queue.tags).filter(([key]) => !input.TagKeys?.includes(key));
      store.put({ ...queue, tags: Object.fromEntries(tags) }, context);
      return {};
    },

    async ListQueueTags(input: ListQueueTagsRequest, context: CallContext) {
      return { Tags: find(store, input, context).tags };
    },
  };
}

/** A queue by its URL, of which the name is the last part: the target's port may change. */
export function find(
  store: QueueStore,
  { QueueUrl }: { readonly QueueUrl?: string | undefined },
  context: CallContext,
) {
  if (QueueUrl === undefined || QueueUrl === "") throw missingParameter("QueueUrl");
  return store.queue(QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1), context);
}

function checkedName(name: string | undefined): string {
  if (name === undefined) throw missingParameter("QueueName");
  if (/^[\w-]{1,80}$/.test(name) || (/^[\w-]+\.fifo$/.test(name) && name.length <= 80)) return name;
  throw invalidParameter(
    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
  );
}

function queueExists(attribute: string): ServiceError {
  return new ServiceError(
    "QueueNameExists",
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  );
}
