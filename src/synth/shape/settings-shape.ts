import { shapesOf } from "./shape-of.ts";
import { settingsSchema } from "../settings-schema.ts";

/** The settings' schema as data. scripts/bundle-command.mjs puts the data in the place of this module. */
export const settingsShape = shapesOf(settingsSchema);
