import { connectAws } from "../aws/connect.ts";
import type { Aws } from "../aws/ports.ts";
import type { AwsTarget } from "../aws/target.ts";
import type { Deps, TargetOptions } from "./deps.ts";
import type { System } from "./system.ts";

type ConnectDeps = Pick<Deps, "system" | "reporter">;

/** The region where nothing names one: the local target's default, and what AWS's own tools start with. */
const fallbackRegion = "us-east-1";

/** The AWS ports for the target that flags, environment and lmi.json name. Starts the local target if need be. */
export async function connectTarget(options: TargetOptions, deps: ConnectDeps): Promise<Aws> {
  const target = options.local
    ? await localTarget(options, deps)
    : await awsTarget(options, deps.system);
  return connectAws(target, deps.system.env);
}

async function localTarget(options: TargetOptions, deps: ConnectDeps): Promise<AwsTarget> {
  const [{ ensureLocalTarget }, { stateFolder }] = await Promise.all([
    import("./local/background.ts"),
    import("./local/state-folder.ts"),
  ]);
  const stateDir = stateFolder(deps.system, options.projectDir ?? deps.system.cwd);
  const { endpoint } = await ensureLocalTarget({ stateDir, port: 0 }, deps);
  return {
    region: namedRegion(options, deps.system) ?? fallbackRegion,
    profile: undefined,
    endpoint,
    credentials: localCredentials,
    local: true,
    requestTimeout: options.requestTimeout,
  };
}

/** The local target knows no secrets: any will do, and these are recognisable. */
export const localCredentials = { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" } as const;

async function awsTarget(options: TargetOptions, system: System): Promise<AwsTarget> {
  const profile = options.profile ?? (system.env["AWS_PROFILE"] || undefined);
  let region = namedRegion(options, system);
  if (region === undefined) {
    const { profileRegion } = await import("./profile-region.ts");
    region = profileRegion(profile, system);
  }
  region ??= fallbackRegion;
  if (!hasOwnEndpoint(system)) {
    const { checkRegion } = await import("./region-check.ts");
    checkRegion(region);
  }
  return {
    region,
    profile,
    // Left to the SDK: AWS_ENDPOINT_URL_<SERVICE> must win over AWS_ENDPOINT_URL.
    endpoint: undefined,
    credentials: undefined,
    local: false,
    requestTimeout: options.requestTimeout,
  };
}

/** Another endpoint may have regions of its own. */
function hasOwnEndpoint({ env }: Pick<System, "env">): boolean {
  return Object.keys(env).some((name) => name.startsWith("AWS_ENDPOINT_URL") && env[name]);
}

/** Flag, then environment, then lmi.json. */
export function namedRegion(
  options: Pick<TargetOptions, "region" | "projectRegion">,
  system: Pick<System, "env">,
): string | undefined {
  return (
    options.region ||
    system.env["AWS_REGION"] ||
    system.env["AWS_DEFAULT_REGION"] ||
    options.projectRegion ||
    undefined
  );
}
