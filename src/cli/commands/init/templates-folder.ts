import { fileURLToPath } from "node:url";

import { packageRoot } from "../../package-root.ts";

/** What `lmi init` writes, as files of the package. */
export const templatesFolder = fileURLToPath(new URL("templates", packageRoot));
