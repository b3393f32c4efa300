import { type Place, textsIn } from "./texts-in.ts";

/**
 * Members that say what kind of event it is, or where and when it was made, and not for whom: those of what AWS
 * services send (API Gateway, function URLs, SQS, SNS, EventBridge, S3, DynamoDB, Kinesis), and what many name so.
 */
const keptNames = new RegExp(
  [
    "^(httpmethod|method|routekey|resource|resourcepath|stage|protocol|domainname|domainprefix|apiid|accountid",
    "(aws)?region|source|eventsource|detail-type|eventname|useragent|sourceip|ipaddress|approximatereceivecount|md5of.*",
    "kind|status|state|action|operation|op|command|currency|country|locale|lang|language|unit|encoding|format)$",
    "(arn|signature|schema|timestamp|time|type|uri|url|version|zone)$",
  ].join("|"),
  "i",
);
/** Headers that say who sends it; all others say how. */
const identifyingHeaders = /^(authorization|cookie|x-(?!amz|forwarded).+)$/i;
/** Words of a protocol (`PAID`), truths, times, addresses of machines and resources, kinds of content. */
const keptTexts =
  /^([A-Z][A-Z_]*|true|false|null|\d{4}-\d\d-\d\d.*|\d+(\.\d+){3}|arn:.*|\w+:\/\/.*|(application|audio|image|multipart|text|video)\/.*|[^A-Za-z1-9]*)$/s;
/** Shorter values are too common to be looked for inside of others. */
const leastInside = 3;

/** The texts of an event that may say whom it is for, each once; what is put together of others of them is left out. */
export function alterable(event: unknown): string[] {
  const texts = textsIn(event)
    .filter(({ text, place }) => !isKept(place) && !keptTexts.test(text))
    .map(({ text }) => text);
  const all = [...new Set(texts)];
  return all.filter((text) => all.every((part) => part === text || !hasInside(text, part)));
}

/** Whether what stands there is the same in all copies. */
export function isKept({ name, inHeaders }: Place): boolean {
  return inHeaders ? !identifyingHeaders.test(name) : keptNames.test(name);
}

function hasInside(text: string, part: string): boolean {
  return text !== replacedInside(text, part, "");
}

/** The text with another value in place of `part` wherever that stands as a word of its own. */
export function replacedInside(text: string, part: string, value: string): string {
  if (part.length < leastInside || !text.includes(part)) return text;
  const pieces = text.split(part);
  return pieces.reduce((left, right) => {
    const isWord = !/[A-Za-z\d]$/.test(left) && !/^[A-Za-z\d]/.test(right);
    return left + (isWord ? value : part) + right;
  });
}
