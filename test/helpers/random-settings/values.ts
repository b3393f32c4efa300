import * as fc from "fast-check";

/** Account of every ARN; the one of the local target, so that layers can really be there. */
export const account = "000000000000";
/** Stands for the project's region until that is chosen: arbitraries that depend on others are slow to make. */
export const REGION = "<region>";

export const retention = fc.constantFrom(
  ...([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
  ] as const),
);

export const regions = fc.constantFrom("us-east-1", "us-east-2", "us-west-2", "eu-west-1");

const letters = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const text = (units: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(units)), minLength, maxLength });

/** Letters, digits and `more`, beginning with a small letter. */
export const word = (most: number, more = "-") =>
  fc
    .tuple(fc.constantFrom(...Array.from(letters)), text(letters + digits + more, 0, most - 1))
    .map(([first, rest]) => first + rest);

/** `__proto__` is refused. */
export const names = text(`${letters}${letters.toUpperCase()}${digits}-_`, 1, 33).filter(
  (name) => name !== "__proto__",
);

export const arnOf = (service: string, resource: fc.Arbitrary<string>) =>
  resource.map((name) => `arn:aws:${service}:${REGION}:${account}:${name}`);

export const kmsKeys = arnOf(
  "kms",
  fc.oneof(
    fc.uuid({ version: 4 }).map((id) => `key/${id}`),
    word(20).map((name) => `alias/${name}`),
  ),
);

/** What AWS allows in tags: letters of any script, digits, spaces and `_ . : / = + - @`. */
const tagText = (least: number, most: number) => text("abcXYZ019 äßЖ日_.:/=+-@", least, most);

export const tags = (most: number) =>
  fc.dictionary(
    tagText(1, 30).filter((key) => !/^(aws|lmi):|^\s|\s$/i.test(key) && key !== "Name"),
    fc.oneof({ weight: 9, arbitrary: tagText(0, 20) }, { weight: 1, arbitrary: tagText(256, 256) }),
    { maxKeys: most },
  );

const hex = `${digits}abcdef`;

/** Ids as EC2 gives them: old ones of 8, new ones of 17 digits. */
export const id = (prefix: string) =>
  fc.oneof(text(hex, 8, 8), text(hex, 17, 17)).map((all) => `${prefix}-${all}`);
