import type { buildFunction } from "../../../synth/build-function.ts";
import type { PolicyDocument } from "../../../synth/deploy-policy/policy-document.ts";
import type { PolicyPlace } from "../../../synth/deploy-policy/policy-place.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import { rememberedNetwork } from "../../lookups/look-up-network.ts";
import type { System } from "../../system.ts";

export interface DeployerPolicies {
  readonly caller: PolicyDocument;
  readonly execution: PolicyDocument;
  /** Resource types whose permissions are not known. */
  readonly unknown: readonly string[];
}

/** The policies that deploying this project needs, from its template; nothing is built for it. */
export async function deployerPolicies(
  loaded: LoadedSettings,
  place: PolicyPlace,
  callerArn: string | undefined,
  system: System,
): Promise<DeployerPolicies> {
  const [{ withTemplate }, { executionPolicy }, { callerPolicy }] = await Promise.all([
    import("../synth/assembly.ts"),
    import("../../../synth/deploy-policy/execution-policy.ts"),
    import("./caller-policy.ts"),
  ]);
  const template = await withTemplate(await rememberedNetwork(loaded), system, standIn);
  const { document, unknown } = executionPolicy(template, place);
  return { caller: callerPolicy(template, place, callerArn), execution: document, unknown };
}

/** Permissions do not depend on the code. */
const standIn: typeof buildFunction = async (name, own, _projectDir, outdir) => {
  const { packFiles } = await import("../../../synth/code-archive.ts");
  const nothing = { path: "nothing", bytes: new Uint8Array(), executable: false };
  const archive = await packFiles([nothing], outdir);
  return { name, ...archive, handler: own.handler, hasSourceMap: false };
};
