import type { Finding } from "../finding.ts";
import type { BundleCode } from "./bundle-code.ts";
import type { Walk } from "./walk/walk.ts";

/** Pools with fewer connections than a worker takes requests at once: a hint, since nothing says that all of them ask. */
export function poolFindings(code: BundleCode, walk: Walk, atOnce: number): Finding[] {
  return walk.pools
    .filter(({ connections }) => connections < atOnce)
    .map(({ node, connections, option, usual }) => {
      const place = code.place(node);
      const has = connections === 1 ? "one connection" : `a pool of ${connections} connections`;
      return {
        kind: "small-connection-pool",
        by: "source",
        verdict: "suspicious",
        what: `${has} for ${atOnce} requests that a worker takes at once`,
        why: "On LMI many requests share what is made once in a worker; those without a connection wait for the others, although the database would answer.",
        mend: option
          ? `Set ${option} to ${atOnce} or more, as far as the database takes that from each worker of each environment; a proxy for connections (RDS Proxy) shares them.`
          : `Use a pool with ${atOnce} connections or more, as far as the database takes that from each worker of each environment.`,
        place,
        connections,
        evidence: [
          // The place itself is told anyway.
          ...(place.text === undefined ? [] : [`${place.file}:${place.line} ${place.text}`]),
          ...(option && usual ? [`${option} is ${connections} where it is not set`] : []),
        ],
      };
    });
}
