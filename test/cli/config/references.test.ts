import { expect, it } from "vitest";
import { load } from "./loading.ts";

it("an overlay or a flag replaces an environment variable as a whole", async () => {
  const secret = { secret: "shop/db", key: "password" };
  const file = {
    functions: { f: { environment: { A1: secret, B1: "kept" } } },
    environments: { dev: { functions: { f: { environment: { A1: { ssm: "/dev" } } } } } },
  };
  const variables = async (request: object) =>
    (await load(file, request)).settings.functions["f"]?.environment;
  expect(await variables({ environmentName: "dev" })).toEqual({
    A1: { ssm: "/dev" },
    B1: "kept",
  });
  expect(await variables({ flags: { functionEnv: ["A1=text"] } })).toMatchObject({ A1: "text" });
  const { origins } = await load(file, {});
  expect(origins["functions.f.environment.A1"]).toBe("lmi.json");
});
