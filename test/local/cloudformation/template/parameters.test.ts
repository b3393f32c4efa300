import { describe, expect, test } from "vitest";
import {
  maskSecrets,
  resolveParameters,
} from "../../../../src/local/cloudformation/template/parameters.ts";
import type { ParameterValue } from "../../../../src/local/cloudformation/template/parameters.ts";
import { toTemplate } from "../../../../src/local/cloudformation/template/outline.ts";

const resolve = (
  parameters: object,
  given: Record<string, string | true> = {},
  previous: ParameterValue[] = [],
): Promise<ParameterValue[]> =>
  resolveParameters(
    toTemplate({ Parameters: parameters, Resources: { A: { Type: "X::Y::Z" } } }),
    Object.entries(given).map(([ParameterKey, value]) =>
      value === true
        ? { ParameterKey, UsePreviousValue: true }
        : { ParameterKey, ParameterValue: value },
    ),
    previous,
    async (names) =>
      new Map(names.filter((name) => name === "/known").map((name) => [name, "held"])),
  );

describe("parameters", () => {
  test("come from the request, from before, or from the default", async () => {
    const declared = {
      A: { Type: "String" },
      B: { Type: "String" },
      C: { Type: "Number", Default: 3 },
    };
    expect(await resolve(declared, { A: "a", B: true }, [{ key: "B", value: "old" }])).toEqual([
      { key: "A", value: "a" },
      { key: "B", value: "old" },
      { key: "C", value: "3" },
    ]);
  });

  test("of SSM types hold what the store holds", async () => {
    const declared = { A: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/known" } };
    expect(await resolve(declared)).toEqual([{ key: "A", value: "/known", resolved: "held" }]);
    await expect(resolve(declared, { A: "/none" })).rejects.toThrow(
      "Unable to fetch parameters [/none] from parameter store for this account.",
    );
  });

  test("that are secret are marked, and masked in texts", async () => {
    const values = await resolve({ A: { Type: "String", NoEcho: true } }, { A: "hidden" });
    expect(values).toEqual([{ key: "A", value: "hidden", secret: true }]);
    expect(maskSecrets('{"x":"is hidden here"}', values)).toBe('{"x":"is **** here"}');
  });

  test("of SSM types need a name", async () => {
    const declared = { A: { Type: "AWS::SSM::Parameter::Value<String>" } };
    await expect(resolve(declared)).rejects.toThrow(
      "Parameter A should either have input value or default value",
    );
  });

  test("that keep their value must have had one", async () => {
    await expect(resolve({ A: { Type: "String", Default: "x" } }, { A: true })).rejects.toThrow(
      "Invalid input for parameter key A. Cannot specify usePreviousValue as true for a parameter key not in the previous template",
    );
  });

  test.each<[object, Record<string, string>, string]>([
    [{ A: { Type: "String" } }, {}, "Parameters: [A] must have values"],
    [{}, { B: "b" }, "Parameters: [B] do not exist in the template"],
    [
      { A: { Type: "String", AllowedValues: ["x", "y"] } },
      { A: "z" },
      "Parameter 'A' must be one of AllowedValues",
    ],
    [
      { A: { Type: "String", AllowedPattern: "[a-z]+" } },
      { A: "a1" },
      "Parameter 'A' must match pattern [a-z]+",
    ],
    [
      { A: { Type: "String", AllowedPattern: "x", ConstraintDescription: "be x" } },
      { A: "y" },
      "Parameter A failed to satisfy constraint: be x",
    ],
    [
      { A: { Type: "String", MinLength: 3 } },
      { A: "ab" },
      "Parameter 'A' must contain at least 3 characters",
    ],
    [
      { A: { Type: "String", MaxLength: 1 } },
      { A: "ab" },
      "Parameter 'A' must contain at most 1 characters",
    ],
    [{ A: { Type: "Number" } }, { A: "x" }, "Parameter 'A' must be a number."],
    [
      { A: { Type: "Number", MinValue: 2 } },
      { A: "1" },
      "Parameter 'A' must be a number not less than 2",
    ],
    [
      { A: { Type: "List<Number>", MaxValue: 2 } },
      { A: "1,3" },
      "Parameter 'A' must be a number not greater than 2",
    ],
  ])("%j with %j are refused", async (declared, given, text) => {
    await expect(resolve(declared, given)).rejects.toThrow(text);
  });
});
