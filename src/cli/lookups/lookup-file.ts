import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { VpcDescription } from "../../aws/ports.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import type { GivenSecurityGroup, GivenSubnet } from "../../synth/given-network.ts";
import type { VpcSelector } from "../../synth/existing-vpc.ts";

export const LOOKUP_FILE = "lmi.lookups.json";

/** A VPC as it was found once, and where. */
export interface VpcLookup extends VpcDescription {
  readonly selector: VpcSelector;
  readonly account: string;
  readonly region: string;
}

/** Where subnets and security groups are that settings name by their ids. */
export interface GivenLookup {
  readonly account: string;
  readonly region: string;
  readonly subnets: readonly Omit<GivenSubnet, "freeAddresses">[];
  readonly securityGroups: readonly GivenSecurityGroup[];
}

interface Content {
  readonly about: string;
  readonly vpcs: readonly VpcLookup[];
  /** Absent in files of earlier versions, and where no ids were given. */
  readonly given?: readonly GivenLookup[];
}

const about =
  "What lmi has looked up in AWS, so that the same settings give the same stack. Commit it; delete it to look again.";

/** VPCs that were looked up before; none where there is no file. Fails with LMI_LOOKUPS_UNREADABLE. */
export async function readLookups(projectDir: string): Promise<readonly VpcLookup[]> {
  return (await readContent(projectDir)).vpcs;
}

/** The same of ids that were given. */
export async function readGiven(projectDir: string): Promise<readonly GivenLookup[]> {
  return (await readContent(projectDir)).given ?? [];
}

export async function writeLookups(projectDir: string, vpcs: readonly VpcLookup[]): Promise<void> {
  await writeContent(projectDir, { ...(await readContent(projectDir)), vpcs });
}

export async function writeGiven(projectDir: string, given: readonly GivenLookup[]): Promise<void> {
  await writeContent(projectDir, { ...(await readContent(projectDir)), given });
}

async function writeContent(projectDir: string, content: Content): Promise<void> {
  const text = `${JSON.stringify(content, undefined, 2)}\n`;
  await writeFile(path.join(projectDir, LOOKUP_FILE), text);
}

async function readContent(projectDir: string): Promise<Content> {
  const file = path.join(projectDir, LOOKUP_FILE);
  try {
    const content = JSON.parse(await readFile(file, "utf8")) as Partial<Content>;
    if (!Array.isArray(content.vpcs)) throw new TypeError("it has no list of VPCs");
    if (content.given !== undefined && !isListOfGiven(content.given))
      throw new TypeError("what it has of given subnets and security groups is no such list");
    return { ...content, about, vpcs: content.vpcs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { about, vpcs: [] };
    throw new LmiError("LMI_LOOKUPS_UNREADABLE", `${LOOKUP_FILE} cannot be read.`, {
      why: error instanceof Error ? error.message : String(error),
      next: `Restore it, or delete it to look again: ${file}`,
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}

function isListOfGiven(given: readonly GivenLookup[]): boolean {
  return (
    Array.isArray(given) &&
    given.every((one) => Array.isArray(one?.subnets) && Array.isArray(one?.securityGroups))
  );
}
