// What lmi never depends on, each from its own lockfile: `cdk` comes with the benchmark's packages, what `race` is tried
// on with the tests of it.
import { join } from "node:path";

import { ensureInstalled, root } from "../../scripts/toolchain.mjs";

export function setup() {
  ensureInstalled(join(root, "bench"));
  ensureInstalled(join(root, "test", "conformance", "race-packages"));
}
