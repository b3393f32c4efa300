import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

test("docs/settings.md is what the schema says; renew it with: node scripts/settings-doc.mjs", async () => {
  const script = new URL("../../scripts/settings-doc.mjs", import.meta.url).href;
  const { settingsDoc } = (await import(script)) as { settingsDoc: () => string };
  const file = await readFile(new URL("../../docs/settings.md", import.meta.url), "utf8");
  expect(file).toBe(settingsDoc());
});
