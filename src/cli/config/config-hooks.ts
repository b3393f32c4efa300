import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

/** What settings files import of lmi: its own copy, whatever else is installed beside the project. */
const ours = /^(?:lmi|aws-cdk-lib|constructs)(?:\/|$)/;
const typeScript = /\.m?ts(?:\?\d+)?$/;
/** Makes another module of a file that Node has refused before. */
const mark = "?esbuild";

let isRegistered = false;

/**
 * From now on `lmi`, `aws-cdk-lib` and `constructs` mean lmi's own, for the project's files and packages alike: with
 * two copies of the CDK, one's `instanceof` does not know the other's classes.
 */
export function shareOwnPackages(): void {
  if (isRegistered) return;
  isRegistered = true;
  registerHooks({
    resolve: (specifier, context, next) =>
      ours.test(specifier)
        ? next(specifier, { ...context, parentURL: import.meta.url })
        : next(specifier, context),
  });
}

/** From now on esbuild takes the types out of the project's TypeScript, where Node cannot. */
export async function stripTypesWithEsbuild(): Promise<void> {
  const { transformSync } = await import("esbuild");
  registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context);
      return isProjects(found.url) && typeScript.test(found.url)
        ? { ...found, url: `${found.url}${mark}` }
        : found;
    },
    load: (url, context, next) => {
      if (!url.endsWith(mark)) return next(url, context);
      const file = fileURLToPath(url.slice(0, -mark.length));
      const { code } = transformSync(readFileSync(file, "utf8"), {
        loader: "ts",
        format: "esm",
        target: "node22",
        sourcemap: "inline",
        sourcefile: file,
      });
      return { format: "module", source: code, shortCircuit: true };
    },
  });
}

function isProjects(url: string): boolean {
  return url.startsWith("file:") && !url.includes("/node_modules/");
}
