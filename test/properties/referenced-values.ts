import type { FunctionSettings } from "../../src/synth/settings.ts";
import type { World } from "./deployed-world.ts";

/* The parameters and the secret that random settings name (helpers/random-settings/references.ts). */

const parameters = ["/shop/table", "plain-name"];
const before = {
  id: "11111111-2222-3333-4444-555555555555",
  text: '{"password":"old","user":"first"}',
};
const current = {
  id: "22222222-2222-3333-4444-555555555555",
  text: '{"password":"new","user":"second"}',
};

const parameterValue = (name: string, version = 2) => `${name} ${version}`;

export async function storeValues(call: World["call"]): Promise<void> {
  for (const Name of parameters) {
    for (const version of [1, 2]) {
      const Value = parameterValue(Name, version);
      await call("ssm", "PutParameter", { Name, Type: "String", Value, Overwrite: version > 1 });
    }
  }
  await call("secretsmanager", "CreateSecret", {
    Name: "shop/db",
    SecretString: before.text,
    ClientRequestToken: before.id,
  });
  await call("secretsmanager", "PutSecretValue", {
    SecretId: "shop/db",
    SecretString: current.text,
    ClientRequestToken: current.id,
  });
}

/** What a variable comes to while it is deployed. */
export function deployedVariables({ environment }: FunctionSettings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [
      key,
      typeof value === "string" ? value : referenced(value),
    ]),
  );
}

type Reference = Exclude<FunctionSettings["environment"][string], string>;

function referenced(value: Reference): string {
  if ("ssm" in value) return parameterValue(value.ssm, value.version);
  const isOld = value.versionId === before.id || value.versionStage === "AWSPREVIOUS";
  const { text } = isOld ? before : current;
  if (value.key === undefined) return text;
  return (JSON.parse(text) as Record<string, string>)[value.key] ?? "";
}
