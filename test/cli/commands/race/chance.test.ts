import { expect, test } from "vitest";

import { race } from "./raced.ts";

const handler = (body: string, before = "") => ({
  "src/handler.ts": `${before}\nexport const handler = async (e: any) => {\n${body}\n};\n`,
});

test("accuses neither time in a text nor chance in keys, lengths and order", async () => {
  const { error, findings } = await race(
    handler(
      `await new Promise((resolve) => setTimeout(resolve, 150));
const second = Math.floor(Date.now() / 1000);
return {
  file: \`report-\${second}.pdf\`,
  token: (token ??= "tok-" + second),
  byId: Object.fromEntries(Array.from({ length: 3 }, () => [randomUUID(), e.customer])),
  items: Array.from({ length: Math.floor(Math.random() * 6) }, () => ({ of: e.customer })),
  order: [e.customer, "b", "c"].sort(() => Math.random() - 0.5),
};`,
      `import { randomUUID } from "node:crypto";\nlet token: string | undefined;`,
    ),
    { repeat: "40" },
  );
  expect(findings.filter(({ verdict }) => verdict === "unsafe")).toEqual([]);
  expect(error).toBeUndefined();
});

test("still finds what differs beside time and chance", async () => {
  const { findings } = await race(
    handler(
      `const mine = (turn += 1);
await new Promise((resolve) => setTimeout(resolve, 1));
const alone = turn === mine;
return { alone, at: "on-" + Math.floor(Date.now() / 1000) };`,
      "let turn = 0;",
    ),
  );
  expect(findings.map(({ kind }) => kind)).toContain("answer-differs");
});
