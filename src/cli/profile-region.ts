import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { System } from "./system.ts";

/** The region of an AWS profile, from the shared config file; the credentials file is a second place for it. */
export function profileRegion(
  profile: string | undefined,
  system: Pick<System, "env" | "home">,
): string | undefined {
  const name = profile ?? "default";
  const config = system.env["AWS_CONFIG_FILE"] || join(system.home, ".aws", "config");
  const credentials =
    system.env["AWS_SHARED_CREDENTIALS_FILE"] || join(system.home, ".aws", "credentials");
  return (
    regionIn(config, name === "default" ? ["default", "profile default"] : [`profile ${name}`]) ??
    regionIn(credentials, [name])
  );
}

function regionIn(file: string, sections: readonly string[]): string | undefined {
  let inside = false;
  for (const line of linesOf(file)) {
    const section = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (section !== undefined) inside = sections.includes(section.replaceAll(/\s+/g, " "));
    const value = inside ? /^region\s*=\s*([^\s#;]+)/.exec(line)?.[1] : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/);
  } catch {
    // No such file, or not ours to read: then no region is known from it.
    return [];
  }
}
