import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import {
  type ApiDocument,
  type Apis,
  badRequest,
  existingApi,
  given,
  type Members,
  newId,
  notFound,
  page,
  type PageInput,
  type PartKind,
} from "./api-store.ts";
import { isRouteKey } from "./route-match.ts";

interface Kind {
  readonly kind: PartKind;
  /** As in the operations' names: `CreateRoute`. */
  readonly name: "Integration" | "Route" | "Stage";
  readonly id: "IntegrationId" | "RouteId" | "StageName";
  readonly defaults: Members;
  readonly check: (members: Members, others: readonly Members[]) => void;
}

interface PartInput extends PageInput {
  readonly ApiId?: string;
  readonly Token?: string;
  readonly IntegrationId?: string;
  readonly RouteId?: string;
  readonly StageName?: string;
}

/** TimeoutInMillis of HTTP APIs (API Gateway version 2 API reference, CreateIntegration). */
const shortestTimeoutMs = 50;
const longestTimeoutMs = 30_000;

/** Defaults: API Gateway version 2 API reference, CreateIntegration, CreateRoute, CreateStage. */
const kinds: readonly Kind[] = [
  {
    kind: "integrations",
    name: "Integration",
    id: "IntegrationId",
    defaults: { ConnectionType: "INTERNET", IntegrationMethod: "POST", TimeoutInMillis: 30_000 },
    check: ({ IntegrationType, TimeoutInMillis }) => {
      if (typeof IntegrationType !== "string") throw badRequest("Integration type is required");
      const timeout = Number(TimeoutInMillis);
      if (!(timeout >= shortestTimeoutMs && timeout <= longestTimeoutMs))
        throw badRequest(
          `Timeout should be between ${shortestTimeoutMs} ms and ${longestTimeoutMs} ms: ${timeout}`,
        );
    },
  },
  {
    kind: "routes",
    name: "Route",
    id: "RouteId",
    defaults: { ApiKeyRequired: false, AuthorizationType: "NONE" },
    check: ({ RouteKey }, others) => {
      if (typeof RouteKey !== "string" || !isRouteKey(RouteKey))
        throw badRequest(`The provided route key is not formatted properly: ${String(RouteKey)}`);
      if (others.some((other) => other["RouteKey"] === RouteKey))
        throw conflict(`Route with key ${RouteKey} already exists for this API`);
    },
  },
  {
    kind: "stages",
    name: "Stage",
    id: "StageName",
    defaults: {
      AutoDeploy: false,
      DefaultRouteSettings: {},
      RouteSettings: {},
      StageVariables: {},
    },
    check: ({ StageName }) => {
      if (typeof StageName !== "string" || !/^(\$default|[a-zA-Z0-9_-]{1,128})$/.test(StageName))
        throw badRequest("Stage name only allows a-zA-Z0-9_-, or $default");
    },
  },
];

const conflict = (message: string) =>
  new ServiceError("ConflictException", message, { status: 409 });

/** Integrations, routes and stages of an API. */
export function partOperations(target: TargetContext, apis: Apis): Record<string, Operation> {
  return Object.assign({}, ...kinds.map((kind) => operationsOf(kind, target, apis)));
}

function operationsOf(kind: Kind, target: TargetContext, apis: Apis): Record<string, Operation> {
  const { name, id } = kind;
  const find = (input: PartInput, context: CallContext) => {
    const document = existingApi(apis, input.ApiId, context);
    const key = input[id] ?? "";
    const part = document[kind.kind][key];
    if (!part || !Object.hasOwn(document[kind.kind], key))
      throw notFound(`Invalid ${name} identifier specified ${key}`);
    return { document, key, part };
  };
  const put = (document: ApiDocument, key: string, part: Members, context: CallContext) => {
    const changed = { ...document, [kind.kind]: { ...document[kind.kind], [key]: part } };
    apis.put(context.region, document.apiId, changed);
    return part;
  };
  const dated = () => (kind.kind === "stages" ? target.clock.now().toISOString() : undefined);
  return {
    [`Create${name}`]: async (input: PartInput, context: CallContext) =>
      create(kind, { apis, put, now: dated() }, input, context),

    [`Get${name}`]: async (input: PartInput, context: CallContext) => find(input, context).part,

    [`Get${name}s`]: async (input: PartInput, context: CallContext) =>
      page(Object.values(existingApi(apis, input.ApiId, context)[kind.kind]), input),

    [`Update${name}`]: async (input: PartInput, context: CallContext) => {
      const { document, key, part } = find(input, context);
      const members = { ...part, ...given(input, ["ApiId", id]) };
      const others = Object.entries(document[kind.kind]).filter(([other]) => other !== key);
      kind.check(
        members,
        others.map(([, other]) => other),
      );
      const now = dated();
      return put(document, key, { ...members, ...(now ? { LastUpdatedDate: now } : {}) }, context);
    },

    [`Delete${name}`]: async (input: PartInput, context: CallContext) => {
      const { document, key } = find(input, context);
      const { [key]: _gone, ...rest } = document[kind.kind];
      apis.put(context.region, document.apiId, { ...document, [kind.kind]: rest });
      return {};
    },
  };
}

interface Creating {
  readonly apis: Apis;
  readonly put: (doc: ApiDocument, key: string, part: Members, context: CallContext) => Members;
  readonly now: string | undefined;
}

function create(
  { kind, name, id, defaults, check }: Kind,
  { apis, put, now }: Creating,
  input: PartInput,
  context: CallContext,
): Members {
  const document = existingApi(apis, input.ApiId, context);
  const own = kind === "stages" ? (input.StageName ?? "") : newId(7, input.Token);
  const known = Object.hasOwn(document[kind], own) ? document[kind][own] : undefined;
  // The same creation again; a stage has no token, and its name says that it is there.
  if (known && (kind !== "stages" || known["Token"] === input.Token) && input.Token !== undefined)
    return known;
  if (known) throw conflict(`${name} already exists`);
  const members: Members = {
    ...defaults,
    ...given(input, ["ApiId", ...(kind === "stages" ? [] : ["Token"])]),
    [id]: own,
    ...(now ? { CreatedDate: now, LastUpdatedDate: now } : {}),
  };
  check(members, Object.values(document[kind]));
  return put(document, own, members, context);
}
