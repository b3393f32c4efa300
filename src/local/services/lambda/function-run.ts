import { SaturatedError } from "../../runtime/fleet.ts";
import type { Invocation, InvocationResult } from "../../runtime/invocation.ts";
import { throttled } from "./failures.ts";
import type { Route } from "./invoke-route.ts";

/** Runs a function where a route leads. Throws TooManyRequestsException when its environments have no room. */
export async function runFunction(route: Route, invocation: Invocation): Promise<InvocationResult> {
  try {
    const fleet = route.fleet ?? (await route.started);
    return await fleet.invoke(invocation);
  } catch (error) {
    throw error instanceof SaturatedError ? throttled() : error;
  }
}
