import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { zipSync } from "fflate";
import { addLookup } from "../../../src/cli/lookups/lookup-file.ts";
import { entryKind } from "../../../src/synth/entry-kind.ts";
import type { RandomProject } from "./random-project.ts";

const answer = `async (event) => ({ statusCode: 200, body: JSON.stringify({ event }) })`;
const modules = `export const handler = ${answer};\nexport const main = handler;\n`;
const commonJs = `exports.handler = ${answer};\nexports.main = exports.handler;\n`;
/** Code of any runtime; only that of Node.js does something. */
const readyMade: Readonly<Record<string, string>> = {
  "index.mjs": modules,
  "app.py": "def handler(event, context):\n    return event\n\nlambda_handler = handler\n",
  bootstrap: "#!/bin/sh\nexit 1\n",
};

/** Fills an empty folder: lmi.json, lmi.lookups.json where one is needed, and every entry that settings name. */
export async function writeProject(folder: string, project: RandomProject): Promise<void> {
  const entries = new Set(
    Object.values(project.settings.functions ?? {}).map((own) => own?.entry ?? "src/handler.ts"),
  );
  await writeFile(path.join(folder, "lmi.json"), JSON.stringify(project.lmiJson, undefined, 2));
  for (const lookup of project.lookups) await addLookup(folder, lookup);
  for (const entry of entries) await writeEntry(path.join(folder, entry));
}

async function writeEntry(file: string): Promise<void> {
  switch (entryKind(file)) {
    case "source":
      await write(file, /\.c[jt]s$/.test(file) ? commonJs : modules);
      break;
    case "zip":
      await write(
        file,
        zipSync(
          Object.fromEntries(
            Object.entries(readyMade).map(([name, text]) => [name, Buffer.from(text)]),
          ),
        ),
      );
      break;
    case "folder":
      for (const [name, text] of Object.entries(readyMade))
        await write(path.join(file, name), text);
      break;
  }
}

async function write(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}
