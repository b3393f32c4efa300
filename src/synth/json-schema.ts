import { z } from "zod";
import { settingsSchema } from "./settings-schema.ts";

/** The text of lmi.schema.json: what editors check and complete lmi.json with. */
export function jsonSchema(): string {
  const schema = z.toJSONSchema(settingsSchema, {
    target: "draft-7",
    io: "input",
    override: ({ jsonSchema: node }) => {
      // A union of numbers reads better, and completes better, as one enum.
      const literals = node.anyOf?.map((option) => option.const);
      if (literals && literals.every((literal) => literal !== undefined)) {
        node.enum = literals;
        node.type = "number";
        delete node.anyOf;
      }
    },
  });
  return `${JSON.stringify({ title: "lmi.json", ...schema }, null, 2)}\n`;
}
