import type { Aws } from "../../../aws/ports.ts";

export interface Caller {
  readonly accountId: string;
  readonly arn: string;
}

/** What stands before every change: where it happens, and as whom. */
export function identityLine(caller: Caller, aws: Pick<Aws, "target">, stackName: string): string {
  const { region, profile, local } = aws.target;
  const account = local ? `Local target ${caller.accountId}` : `Account ${caller.accountId}`;
  const named = profile === undefined ? account : `${account} (${profile})`;
  return `${named} · ${region} · as ${principalOf(caller.arn)} · stack ${stackName}`;
}

/** `arn:aws:sts::123456789012:assumed-role/Developer/me` → `role/Developer`; a user or root keeps its own words. */
function principalOf(arn: string): string {
  const resource = arn.split(":").slice(5).join(":");
  const [kind, ...path] = resource.split("/");
  return kind === "assumed-role" ? `role/${path.slice(0, -1).join("/")}` : resource;
}
