import { expect, test } from "vitest";
import { runPause } from "../../../src/cli/commands/pause.ts";
import { runResume } from "../../../src/cli/commands/resume.ts";
import { deployedProject } from "../../helpers/deployed-stack.ts";
import { pauseOptions, resumeOptions } from "./pause-options.ts";

test(
  "pause stops the function and its instances, and resume brings both back",
  { timeout: 60_000 },
  async () => {
    const { aws, deps } = await deployedProject();
    const providerArn = (await aws.stacks.find("lmi-hello"))?.outputs["CapacityProviderArn"] ?? "";
    expect(await aws.instances.ofCapacityProvider(providerArn)).not.toEqual([]);

    const first = deps();
    await runPause(pauseOptions(), first);
    expect(first.lines).toEqual([
      expect.stringContaining("stack lmi-hello"),
      "info - hello  Active",
      expect.stringContaining("Requests to it fail until `lmi resume`"),
      expect.stringMatching(
        /^info Saves {3}≈ \$\d+\.\d\d\/day: 1 instance( \(by a similar type: [\w.-]+\))?$/,
      ),
      expect.stringMatching(/^info Stays {3}≈ \$1\.20\/day: 1 NAT gateway, 1 public/),
      "ask Pause hello?",
      "step versions",
      "step instances",
    ]);
    expect(first.results).toMatchObject([
      { changed: true, instancesLeft: [], versions: [{ functionName: "hello" }] },
    ]);
    expect(first.rendered[0]).toContain("No instance is left.");
    expect(await aws.functions.find("hello", "$LATEST.PUBLISHED")).toMatchObject({
      state: "Deactivated",
    });
    expect(await aws.instances.ofCapacityProvider(providerArn)).toEqual([]);
    await expect(
      aws.functions.invoke({ functionName: "hello", payload: Buffer.from("{}") }),
    ).rejects.toMatchObject({ code: "LMI_FUNCTION_PAUSED", next: "lmi resume" });

    const again = deps("nobody");
    await runPause(pauseOptions(), again);
    expect(again.lines).toContain("info Nothing to pause: it is paused already.");
    expect(again.results).toMatchObject([{ changed: false, instancesLeft: [] }]);

    const back = deps("nobody");
    await runResume(resumeOptions({ probe: true }), back);
    expect(back.lines).toEqual([
      expect.stringContaining("stack lmi-hello"),
      "info + hello  at least 3 environments, no limit",
      expect.stringMatching(/^info Costs {3}≈ \$\d+\.\d\d\/day again at the minimum$/),
      "step versions",
      "step first answer",
    ]);
    expect(back.results).toMatchObject([
      {
        changed: true,
        versions: [{ functionName: "hello", min: 3, max: 15_000 }],
        answers: [{ functionName: "hello", statusCode: 200 }],
      },
    ]);
    expect(await aws.functions.find("hello", "$LATEST.PUBLISHED")).toMatchObject({
      state: "Active",
    });

    const nothing = deps("nobody");
    await runResume(resumeOptions({ probe: true }), nothing);
    expect(nothing.lines).toContain("info Nothing to resume: it is not paused.");
    expect(nothing.results).toMatchObject([{ changed: false, answers: [] }]);
  },
);
