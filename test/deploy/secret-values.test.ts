import { expect, test } from "vitest";
import { changedVariables, shownProperty, withoutSecrets } from "../../src/deploy/secret-values.ts";

const h = "(not shown)";

test.each([
  ["MasterUserPassword", "hunter", h],
  ["PRIVATE_KEY", "hunter", h],
  ["Value", "hunter", h],
  ["Environment", { Variables: { B: "hunter", A: "hunter" } }, "variables A, B"],
  ["Environment", { EnvironmentVariables: [{ Name: "A", Value: "hunter" }] }, h],
  ["Auth", { Passwords: ["hunter"], Type: "BASIC" }, `{"Passwords":"${h}","Type":"BASIC"}`],
  ["Users", [{ Username: "u", Password: "hunter" }], `[{"Username":"u","Password":"${h}"}]`],
  ["Options", [{ Key: "db-password", Value: "hunter" }], `[{"Key":"db-password","Value":"${h}"}]`],
  ["Containers", [{ Environment: [{ Name: "A", Value: "hunter" }] }], `[{"Environment":"${h}"}]`],
  ["Text", '[{"x-api-key":"hunter"}]', `[{"x-api-key":"${h}"}]`],
  ["Deep", { Body: '{"apiKey":"hunter"}' }, JSON.stringify({ Body: `{"apiKey":"${h}"}` })],
  ["Piece", '{"password":"hun\\"hunter","x":"${y}', `{"password":${h},"x":"\${y}`],
  ["Escaped", '{"a":"{\\"password\\":\\"hunter\\"}', `{"a":"{\\"password\\":${h}}`],
  ["Url", "https://h/?a=1&access_token=hunter&b=2", `https://h/?a=1&access_token=${h}&b=2`],
])("%s may hold what is no one else's business", (name, value, shown) => {
  expect(shownProperty(name, value)).toBe(shown);
});

test.each([
  ["Policy", { Action: "secretsmanager:GetSecretValue", Condition: { "aws:TokenIssueTime": "1" } }],
  ["Arns", ["arn:aws:secretsmanager:eu-west-1:1:secret:x", "{{resolve:secretsmanager:a:b}}"]],
  ["Tags", [{ Key: "team", Value: "shop" }]],
])("%s is shown as it is", (name, value) => {
  expect(shownProperty(name, value)).toBe(JSON.stringify(value));
});

test("text that holds no secret keeps its form", () => {
  expect(shownProperty("Body", '{ "a": 1 }')).toBe('{ "a": 1 }');
  expect(shownProperty("Body", undefined)).toBeUndefined();
});

test("drift is shown by the same rules", () => {
  const paths = ["/Value", "/Tags/0/Value", "/Auth/ApiKey", "/Users"];
  const actual = '[{"Password":"hunter"}]';
  const drift = withoutSecrets({
    logicalId: "R",
    physicalId: "r",
    type: "T",
    status: "MODIFIED",
    differences: paths.map((path) => ({
      path,
      expected: undefined,
      actual: path === "/Users" ? actual : "text",
    })),
  });
  expect(drift.differences.map(({ actual: each }) => each)).toEqual([
    h,
    "text",
    h,
    `[{"Password":"${h}"}]`,
  ]);
});

const changed = (old: object, now: object) =>
  changedVariables({ Variables: old }, { Variables: now }).map((each) =>
    shownProperty("Environment", each),
  );

test("of variables those are named that are not the same", () => {
  expect(changed({ A: "1", B: "2" }, { A: "1", B: "3" })).toEqual(["variables B", "variables B"]);
  expect(changed({ A: "1" }, { A: "1", B: "3" })).toEqual([undefined, "variables B"]);
  expect(changed({ A: "1", B: "2" }, { A: "1" })).toEqual(["variables B", undefined]);
});
