import type { PolicyStatement } from "./settings.ts";

export function allow(Action: string | readonly string[], Resource: string): PolicyStatement {
  return { Effect: "Allow", Action, Resource };
}
