import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { RandomProject } from "../helpers/random-settings/random-project.ts";
import { deployAndRead, settingsOf, synthesizeIn } from "./check-project.ts";
import { awsValidator } from "./template-findings.ts";

/** Deployments that are under way at once: they mostly wait for what takes time on AWS. */
const AT_ONCE = 12;

/**
 * Synthesises, validates and deploys every project, and reads back what it asked for. The templates are written to
 * `<number>.json` in the folder, for who wants to look at them. What is wrong comes with the project's number.
 */
export async function checkProjects(
  projects: readonly RandomProject[],
  folder: string,
): Promise<string[]> {
  const validator = awsValidator();
  const wrong: string[] = [];
  const queue = [...projects.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [number, project] = next;
      const found = await checkOne(project, path.join(folder, String(number)), validator).catch(
        (error: unknown) => [error instanceof Error ? (error.stack ?? "") : String(error)],
      );
      wrong.push(...found.map((text) => `${number}: ${text}`));
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } finally {
    validator.close();
  }
  return wrong;
}

async function checkOne(
  project: RandomProject,
  place: string,
  validator: ReturnType<typeof awsValidator>,
): Promise<string[]> {
  const settings = settingsOf(project);
  await mkdir(place, { recursive: true });
  const synthesized = await synthesizeIn(place, settings);
  await rm(place, { recursive: true });
  await writeFile(`${place}.json`, JSON.stringify(synthesized.template));
  const found = validator.findings(synthesized.template);
  const read = await deployAndRead(settings, synthesized);
  return [...found, ...read.flatMap(({ asked, found: there }) => differences(asked, there))];
}

/** Paths at which two values differ; a key that is undefined is one that is not there. */
function differences(asked: unknown, found: unknown, at = ""): string[] {
  if (isDeepStrictEqual(plain(asked), plain(found))) return [];
  if (isRecord(asked) && isRecord(found)) {
    return [...new Set([...Object.keys(asked), ...Object.keys(found)])].flatMap((key) =>
      differences(asked[key], found[key], `${at}/${key}`),
    );
  }
  return [`${at}: asked for ${JSON.stringify(asked)}, found ${JSON.stringify(found)}`];
}

const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
