import * as fc from "fast-check";
import type { Member, Shape, Structure } from "../../../../src/local/wire/shape.ts";

/** Text that has broken servers before, beside names that exist on the target of these tests. */
const texts = [
  "fixture",
  "fixture",
  "fixture",
  "/aws/lambda/fixture",
  "alias/fixture",
  "fixture-bucket",
  "",
  " ",
  "a",
  "*",
  "$LATEST",
  "1",
  "-1",
  "1.5",
  "999999999999999999999",
  "NaN",
  "true",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "prototype",
  "null",
  "undefined",

  "../../etc/passwd",
  "..\\..\\x",
  "/",
  "C:\\x",
  "%2e%2e%2f",
  "%",
  "%zz",
  "%00",
  "a\0b",
  "?",
  "#",
  "a\r\nx-injected: 1",
  "\u{1F98A}",
  "\uD800",
  "\uFFFE",
  "é",
  "&lt;",
  "<a>",
  "]]>",
  "'\"`;--",

  "2026-11-23T00:00:00Z",
  "+275760-09-13T00:00:00.001Z",
  "0",
  "1e400",
  "{}",
  "[]",
  '{"a":',
  "a,b",

  "arn:aws:lambda:us-east-1:000000000000:function:fixture",
  "arn:aws:iam::000000000000:role/fixture",

  "arn:aws:logs:us-east-1:000000000000:log-group:fixture",
  "arn:",
  "arn:aws:s3:::fixture-bucket",

  "fixture-bucket/key",
  "bytes=0-",
  "bytes=5-1",
  "bytes=-0",
  "=",
  "a=b",
  "key=%zz",
  "10.0.0.0/33",
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  '{"Statement":null}',
  '{"Resources":{"constructor":{"Type":"AWS::SSM::Parameter","Properties":{"Type":"String","Value":{"Ref":"toString"}}}}}',
  '{"Resources":{"A":{"Type":"AWS::SSM::Parameter","Properties":{"Type":"String","Value":{"Fn::Sub":"${A}"}}}}}',
  "Resources: &a [*a]",
  "x".repeat(5000),
  "[".repeat(5000),
];

const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...texts) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
);
const number = fc.constantFrom(
  0,
  1,
  -1,
  1.5,
  3,
  7,
  128,
  2048,
  10_001,
  2 ** 31,
  2 ** 53,
  1e308,
  -1e308,
);
const moment = fc.constantFrom(
  0,
  1,
  -1,
  1_764_000_000,
  8.64e12,
  8.65e12,
  1e300,
  "2026-11-23T00:00:00Z",
  "x",
);
const anything = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  number,
  text,
  fc.constant([]),
  fc.constant([null]),
  fc.constant({}),
  fc.constant({ Key: null }),
  fc.constant([[["a"]]]),
  fc.dictionary(fc.constantFrom("__proto__", "constructor", "Key", "0"), text, { maxKeys: 3 }),
);

export type Draw = fc.GeneratorValue;

const arn = (rest: string) => `arn:aws:${rest.replace("@", "us-east-1:000000000000")}`;
const policy =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

/** What a member of a name like this one is usually given: so that requests get past the first look. */
const fitting: readonly (readonly [name: RegExp, values: readonly string[]])[] = [
  [
    /arn$/i,
    [
      arn("lambda:@:function:fixture"),
      arn("iam::000000000000:role/fixture"),
      arn("logs:@:log-group:fixture"),
    ],
  ],
  [/^Bucket$/, ["fixture-bucket"]],
  [/^CopySource$/, ["fixture-bucket/fixture", "/fixture-bucket/fixture?versionId=null"]],
  [/AliasName/, ["alias/fixture", "alias/other"]],
  [/Policy|Document/, [policy]],
  [
    /TemplateBody/,
    [
      '{"Resources":{"A":{"Type":"AWS::SSM::Parameter","Properties":{"Type":"String","Value":"x"}}}}',
    ],
  ],
  [/Cidr/, ["10.0.0.0/16", "10.0.1.0/24"]],
  [
    /Token|Marker/,
    [
      "x",
      Buffer.from('{"start":-1}').toString("base64url"),
      Buffer.from("after:x").toString("base64"),
    ],
  ],
  [/Date|Time$|Since/, ["2026-11-23T00:00:00Z", "Mon, 23 Nov 2026 00:00:00 GMT"]],
  [/Range$/, ["bytes=0-0", "bytes=-1", "bytes=5-"]],
  [/./, ["fixture"]],
];

/** A value of about the form that a shape asks for: often right, sometimes wild, sometimes of another kind. */
function drawValue(draw: Draw, shape: Shape, name: string, wildness: number): unknown {
  if (draw(fc.nat, 99) < wildness) return draw(() => anything);
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all others are scalars
  switch (shape.kind) {
    case "structure":
    case "union":
      return drawStructure(draw, shape, wildness + 1);
    case "list":
      return Array.from({ length: draw(fc.integer, { min: 0, max: 3 }) }, () =>
        drawValue(draw, shape.element.shape, name, wildness + 2),
      );
    case "map":
      return Object.fromEntries(
        Array.from({ length: draw(fc.integer, { min: 0, max: 3 }) }, () => [
          draw(() => text),
          drawValue(draw, shape.value.shape, name, wildness + 2),
        ]),
      );
    default:
      return drawScalar(draw, shape, name);
  }
}

function drawScalar(draw: Draw, { kind }: Shape, name: string): unknown {
  if (kind === "boolean") return draw(fc.boolean);
  if (kind === "timestamp") return draw(fc.nat, 99) < 15 ? draw(() => moment) : 1_764_000_000;
  if (kind === "number" || kind === "bigint" || kind === "bigdecimal")
    return draw(fc.nat, 99) < 30 ? draw(() => number) : 1;
  if (kind === "document") return draw(() => anything);
  // One wild member among tame ones gets furthest.
  if (draw(fc.nat, 99) < 20) return draw(() => text);
  const values = fitting.find(([pattern]) => pattern.test(name))?.[1] ?? ["fixture"];
  return values[draw(fc.nat, values.length - 1)];
}

/** `wildness`: of a hundred values, how many are of another kind; it grows with the depth. */
export function drawStructure(
  draw: Draw,
  shape: Structure,
  wildness: number,
): Record<string, unknown> {
  if (wildness > 20) return {};
  const members = shape.members.filter((member) => isWanted(draw, member));
  return Object.fromEntries(
    members.map((member) => [member.name, drawValue(draw, member.shape, member.name, wildness)]),
  );
}

function isWanted(draw: Draw, { required }: Member): boolean {
  return draw(fc.nat, 19) < (required ? 19 : 3);
}
