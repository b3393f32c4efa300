import type { Fleet } from "../../runtime/fleet.ts";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { functionArn, functionReference } from "./arns.ts";
import type { VersionDocument } from "./documents.ts";
import { latest, latestPublished } from "./documents.ts";
import { conflict, functionNotFound, invalidParameter } from "./failures.ts";
import type { InvocationMeter } from "./function-metrics.ts";
import { findVersion, resolveFunction } from "./function-lookup.ts";
import type { LambdaContext } from "./lambda-context.ts";
import { qualifiedId } from "./store.ts";

/** Where requests for a function under a qualifier go. */
export interface Route {
  /** As the caller named it, alias included. */
  readonly arn: string;
  readonly version: string;
  readonly timeoutMs: number;
  readonly started: Promise<Fleet>;
  /** Set once it has started. */
  fleet?: Fleet;
  /** Counts its invocations. */
  readonly meter: InvocationMeter;
}

interface InvokeInput {
  readonly FunctionName?: string | undefined;
  readonly Qualifier?: string | undefined;
}

/** Finds routes, and remembers them until anything in the state changes: thousands of requests a second ask. */
export class Routes {
  readonly #lambda: LambdaContext;
  #known = new Map<string, Route>();
  #knownAt = -1;

  constructor(lambda: LambdaContext) {
    this.#lambda = lambda;
  }

  find(input: InvokeInput, context: CallContext): Route {
    const changes = this.#lambda.store.changes();
    if (changes !== this.#knownAt) {
      this.#known = new Map();
      this.#knownAt = changes;
    }
    const key = `${context.region}/${input.FunctionName}/${input.Qualifier ?? ""}`;
    const known = this.#known.get(key);
    // Only what has started is remembered: a route whose start failed must be looked at again.
    if (known?.fleet) return known;
    const route = this.#resolve(input, context);
    this.#known.set(key, route);
    return route;
  }

  #resolve(input: InvokeInput, context: CallContext): Route {
    const { name, qualifier } = functionReference(input);
    resolveFunction(this.#lambda, name, context);
    const version = this.#version(name, qualifier, context);
    const region = context.region;
    const key = { region, functionName: name, qualifier: version.qualifier };
    const started = this.#lambda.activation.fleet(key);
    if (!started || !version.serving) throw notReady(version, context);
    const route: Route = {
      arn: functionArn(context, name, qualifier),
      version: version.qualifier,
      timeoutMs: (version.serving.configuration.Timeout ?? 3) * 1000,
      started,
      meter: this.#lambda.metrics.of({
        region,
        functionName: name,
        resource: qualifier === undefined ? name : `${name}:${qualifier}`,
      }),
    };
    started.then(
      (fleet) => {
        route.fleet = fleet;
      },
      // Told to whoever awaits it.
      () => undefined,
    );
    return route;
  }

  #version(name: string, qualifier: string | undefined, context: CallContext): VersionDocument {
    const { store } = this.#lambda;
    const own = store.versions.get(context.region, qualifiedId(name, latest));
    if (own && !own.configuration.CapacityProviderConfig) throw defaultFunction(name);
    if (qualifier === latest) {
      // Observed beginning of the text (localstack/localstack, lambda_service.py).
      throw invalidParameter(
        "Functions configured with capacity provider configuration can't be invoked with $LATEST qualifier. To invoke this function, publish it and use $LATEST.PUBLISHED, a version number, an alias or no qualifier.",
      );
    }
    const version = findVersion(this.#lambda, name, qualifier ?? latestPublished, context);
    if (version) return version;
    if (qualifier === undefined || qualifier === latestPublished) {
      throw new ServiceError(
        "NoPublishedVersionException",
        `The function has no published versions available: ${functionArn(context, name)}`,
        { members: { Type: "User" } },
      );
    }
    throw functionNotFound(functionArn(context, name, qualifier));
  }
}

function defaultFunction(name: string): ServiceError {
  return new ServiceError(
    "NotImplemented",
    `The function ${name} has no capacity provider. The local target runs functions on Lambda Managed Instances only; it keeps others but does not run them.`,
    { status: 501 },
  );
}

/** Why a version takes no requests now (Lambda developer guide, functions-states: pending and failed functions refuse). */
function notReady(
  { functionName, qualifier, configuration }: VersionDocument,
  context: CallContext,
) {
  const arn = functionArn(context, functionName, qualifier);
  const reason = configuration.StateReason ? ` ${configuration.StateReason}` : "";
  return conflict(
    `The operation cannot be performed at this time. The function is currently in the following state: ${configuration.State}.${reason} (${arn})`,
  );
}
