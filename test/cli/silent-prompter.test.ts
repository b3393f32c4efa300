import { describe, expect, test } from "vitest";

import { SilentPrompter } from "../../src/cli/silent-prompter.ts";

describe("nobody to ask", () => {
  const prompter = new SilentPrompter({ yes: false });

  test.each([
    ["without a default", {}],
    ["with a default, which may cost something", { default: "a" }],
  ])("%s: the flag is named, exit 2", async (_, extra) => {
    await expect(
      prompter.text({ message: "Name?", flag: "--name", ...extra }),
    ).rejects.toMatchObject({
      code: "LMI_ANSWER_NEEDED",
      exitCode: 2,
      next: expect.stringContaining("--name"),
    });
  });

  test("an approval is needed: exit 4", async () => {
    await expect(prompter.confirm({ message: "Deploy?", flag: "--yes" })).rejects.toMatchObject({
      code: "LMI_APPROVAL_NEEDED",
      exitCode: 4,
      next: expect.stringContaining("--yes"),
    });
  });
});

describe("--yes", () => {
  const prompter = new SilentPrompter({ yes: true });

  test("takes defaults and confirms", async () => {
    expect(await prompter.number({ message: "How many?", flag: "--n", default: 3 })).toBe(3);
    expect(
      await prompter.select({ message: "Which?", flag: "--w", default: "b", choices: [] }),
    ).toBe("b");
    expect(await prompter.confirm({ message: "Sure?", flag: "--yes" })).toBe(true);
  });

  test.each([
    [{}, /no default/],
    [{ default: "x", validate: () => "too short" }, /too short/],
  ])("cannot answer %o", async (extra, why) => {
    await expect(
      prompter.text({ message: "Name?", flag: "--name", ...extra }),
    ).rejects.toMatchObject({
      code: "LMI_ANSWER_NEEDED",
      why: expect.stringMatching(why),
    });
  });
});
