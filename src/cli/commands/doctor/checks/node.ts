import { ownManifest } from "../../../../synth/own-manifest.ts";
import { type Check, ok, type Patient, type Verdict, warning } from "../check.ts";

export const nodeCheck: Check = { name: "node", run };

/** A Node that lmi does not run on never comes so far: bin/lmi.js refuses it. */
async function run({ system, project }: Patient): Promise<Verdict> {
  const { version } = system.program;
  const major = Number(version.split(".")[0]);
  const runs = `${version}, where lmi needs ${ownManifest().engines.node}`;
  const others = Object.entries(project?.settings.functions ?? {})
    .filter(([, { runtime }]) => runtime.startsWith("nodejs"))
    .filter(([, { runtime }]) => Number.parseInt(runtime.slice("nodejs".length), 10) !== major)
    .map(([name, { runtime }]) => `${name} is ${runtime}`);
  if (others.length === 0) return ok(runs);
  return warning(
    `${runs}; ${others.join(", ")}: tests of your own run on another Node.js than the function`,
    "Run your tests on the function's major version; lmi fetches it for its local target by itself",
  );
}
