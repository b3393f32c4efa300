import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { VpcDescription } from "../../aws/ports.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import type { VpcSelector } from "../../synth/existing-vpc.ts";

export const LOOKUP_FILE = "lmi.lookups.json";

/** A VPC as it was found once, and where. */
export interface VpcLookup extends VpcDescription {
  readonly selector: VpcSelector;
  readonly account: string;
  readonly region: string;
}

interface Content {
  readonly about: string;
  readonly vpcs: readonly VpcLookup[];
}

const about =
  "What lmi has looked up in AWS, so that the same settings give the same stack. Commit it; delete it to look again.";

/** What was looked up before; nothing where there is no file. Fails with LMI_LOOKUPS_UNREADABLE. */
export async function readLookups(projectDir: string): Promise<readonly VpcLookup[]> {
  const file = path.join(projectDir, LOOKUP_FILE);
  try {
    const content = JSON.parse(await readFile(file, "utf8")) as Partial<Content>;
    if (!Array.isArray(content.vpcs)) throw new TypeError("it has no list of VPCs");
    return content.vpcs as readonly VpcLookup[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new LmiError("LMI_LOOKUPS_UNREADABLE", `${LOOKUP_FILE} cannot be read.`, {
      why: error instanceof Error ? error.message : String(error),
      next: `Restore it, or delete it to look again: ${file}`,
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}

export async function writeLookups(projectDir: string, vpcs: readonly VpcLookup[]): Promise<void> {
  const content: Content = { about, vpcs };
  await writeFile(path.join(projectDir, LOOKUP_FILE), `${JSON.stringify(content, undefined, 2)}\n`);
}
