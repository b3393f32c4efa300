import type { PropertyDrift, ResourceDrift } from "../aws/ports.ts";

/** Where values are, or may be, somebody's secrets: their names are shown, they never. */
const secret = /(?:^\/Environment\b|secret|password|token|credential|^\/Value$)/i;

const hidden = "(not shown)";

/** A resource's differences as they may be shown. */
export function withoutSecrets(drift: ResourceDrift): ResourceDrift {
  return { ...drift, differences: drift.differences.map(shown) };
}

function shown(difference: PropertyDrift): PropertyDrift {
  const { path, expected, actual } = difference;
  if (!secret.test(path)) return difference;
  return {
    path,
    expected: expected === undefined ? undefined : hidden,
    actual: actual === undefined ? undefined : hidden,
  };
}
