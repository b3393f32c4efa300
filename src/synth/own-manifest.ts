import { createRequire } from "node:module";

interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** lmi's own package.json. Here, since the path to it holds for the sources and for the bundle alike. */
export function ownManifest(): Manifest {
  return createRequire(import.meta.url)("../../package.json") as Manifest;
}
