import type { Settings } from "../settings.ts";

/** Sentences about what no figure holds: resources whose price lmi does not know. */
export function unpriced({ resources, stack }: Settings): string[] {
  const own = Object.entries(resources).map(([id, { Type }]) => `${id} (${Type})`);
  return [
    ...(own.length > 0 ? [`Without the resources of your own: ${own.join(", ")}.`] : []),
    ...(stack ? ["Without what the stack function adds."] : []),
  ];
}
