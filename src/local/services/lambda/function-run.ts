import type { Invocation, InvocationResult } from "../../runtime/invocation.ts";
import { SaturatedError } from "../../runtime/fleet.ts";
import { throttled } from "./failures.ts";
import type { Route } from "./invoke-route.ts";

/** Runs the function where its route leads, and counts it; a version without room for it answers as a throttled one. */
export async function runFunction(route: Route, invocation: Invocation): Promise<InvocationResult> {
  const fleet = route.fleet ?? (await route.started);
  const answer = refusable(route, () => fleet.invoke(invocation));
  const ended = route.meter.began();
  try {
    const result = await answer;
    ended(result.errorType === undefined ? "done" : "failed");
    return result;
  } catch (error) {
    ended("lost");
    throw error instanceof SaturatedError ? throttled() : error;
  }
}

function refusable<Answer>({ meter }: Route, invoke: () => Answer): Answer {
  try {
    return invoke();
  } catch (error) {
    if (!(error instanceof SaturatedError)) throw error;
    meter.refused();
    throw throttled();
  }
}
