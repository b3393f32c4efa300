// Writes lmi.schema.json from the settings schema. A test fails when the file is stale.
//   node scripts/generate-schema.mjs
import { writeFileSync } from "node:fs";
import { jsonSchema } from "../src/synth/json-schema.ts";

writeFileSync(new URL("../lmi.schema.json", import.meta.url), jsonSchema());
