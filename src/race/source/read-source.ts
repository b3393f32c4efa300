import type { Finding } from "../finding.ts";
import { type BundleText, readBundle } from "./bundle-code.ts";
import { certainFindings, handlerFindings } from "./certain-findings.ts";
import { type Package, libraryFindings } from "./library-findings.ts";
import { poolFindings } from "./pool-findings.ts";
import { stateFindings } from "./state-findings.ts";
import { follow } from "./walk/follow.ts";

export interface Source extends BundleText {
  /** What is exported as the handler: "handler", or "api.get". */
  readonly handler: string;
  /** What is in the bundle, with versions. */
  readonly packages: readonly Package[];
  /** Requests that a worker takes at once: pools with fewer connections are told of. */
  readonly atOnce?: number;
}

/**
 * What a bundle's own code says of state that requests share. Unsafe is only what is certain from the source; all else
 * is suspicious, and for a run to confirm. Packages are told by their version alone. Takes what parsing takes, 0.1 s for
 * a megabyte. Fails with a SyntaxError where the code is none.
 */
export function readSource(source: Source): Finding[] {
  const code = readBundle(source);
  const { walk, handler } = follow(code, source.handler);
  const findings = [
    ...handlerFindings(code, handler, source.handler),
    ...stateFindings(code, walk),
    ...certainFindings(code, walk),
    ...poolFindings(code, walk, source.atOnce ?? 0),
    ...libraryFindings(source.packages),
  ];
  return findings.filter(
    (finding, index) => !findings.slice(0, index).some((other) => isSame(finding, other)),
  );
}

function isSame(one: Finding, other: Finding): boolean {
  return (
    one.kind === other.kind &&
    one.place !== undefined &&
    one.place.file === other.place?.file &&
    one.place.line === other.place.line
  );
}
