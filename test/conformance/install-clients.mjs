// Clients that lmi never depends on, from their own lockfile: `cdk` comes with the benchmark's packages.
import { join } from "node:path";

import { ensureInstalled, root } from "../../scripts/toolchain.mjs";

export function setup() {
  ensureInstalled(join(root, "bench"));
}
