import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
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

/** Adds one to those that the file has by now, in place of what it had of the same. */
export async function addLookup(projectDir: string, lookup: VpcLookup): Promise<void> {
  const content = await readContent(projectDir);
  const others = content.vpcs.filter((one) => !isDeepStrictEqual(keyOf(one), keyOf(lookup)));
  await writeContent(projectDir, { ...content, vpcs: [...others, lookup] });
}

const keyOf = ({ selector, account, region }: VpcLookup) => ({ selector, account, region });

export async function writeGiven(projectDir: string, given: readonly GivenLookup[]): Promise<void> {
  await writeContent(projectDir, { ...(await readContent(projectDir)), given });
}

/** Whole or not at all: a command that is killed leaves what was there. */
async function writeContent(projectDir: string, content: Content): Promise<void> {
  const file = path.join(projectDir, LOOKUP_FILE);
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, `${JSON.stringify(content, undefined, 2)}\n`);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function readContent(projectDir: string): Promise<Content> {
  const file = path.join(projectDir, LOOKUP_FILE);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { about, vpcs: [] };
    throw unreadable(file, error, error instanceof Error ? error.message : String(error));
  }
  const { lookupContent, faultsOf } = await import("./lookup-schema.ts");
  const checked = lookupContent.safeParse(jsonOf(text, file));
  if (!checked.success) throw unreadable(file, checked.error, faultsOf(checked.error));
  return { ...checked.data, about };
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw unreadable(file, error, error instanceof Error ? error.message : String(error));
  }
}

function unreadable(file: string, cause: unknown, why: string): LmiError {
  return new LmiError("LMI_LOOKUPS_UNREADABLE", `${LOOKUP_FILE} cannot be read.`, {
    why,
    next: `Restore it, or delete it to look again: ${file}`,
    exitCode: ExitCode.usage,
    cause,
  });
}
