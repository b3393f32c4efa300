import { expect, test } from "vitest";
import { alterable } from "../../../src/race/copies/alterable.ts";
import { copiesOf } from "../../../src/race/copies/copies-of.ts";
import { markersOf } from "../../../src/race/run/markers.ts";

const copies = (event: unknown, count = 2) => copiesOf(event, alterable(event), count);
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64");

test.each([
  ["an id with a word before it", "order-1701", "order-2802"],
  ["a UUID", "5f2c1b7e-0c52-4b57-9e3f-0a1b2c3d4e5f", "5f2c1b7e-0c52-4b57-9e3f-0a1b2c4f5a6b"],
  ["an address, whose host stays", "anna@shop.example", "huuh@shop.example"],
  ["a file, whose kind stays", "photos/cat.jpg", "photos/jha.jpg"],
  ["a name", "Anna Maier", "Anna Thply"],
  ["digits", "03", "04"],
])("alters %s to another one of its form", (_what, text, other) => {
  expect(copies({ text }, 1)).toEqual([{ text: other }]);
});

test.each([
  ["a word of a protocol", "PAID"],
  ["a date", "2026-01-31T10:00:00Z"],
  ["an address of a machine", "10.0.0.7"],
  ["a resource", "arn:aws:sqs:eu-west-1:1:orders"],
  ["a URL", "https://shop.example/a"],
  ["a kind of content", "application/json"],
  ["a truth", "true"],
  ["zeros", "00"],
])("leaves %s as it is", (_what, text) => {
  expect(alterable({ text, customer: "c-1701" })).toEqual(["c-1701"]);
});

test("a value is the same other one wherever it stands, and numbers and what AWS says are kept", () => {
  const event = {
    version: "2.0",
    routeKey: "GET /orders/{id}",
    rawPath: "/orders/o-1701/lines",
    rawQueryString: "user=anna",
    headers: {
      host: "api.example",
      "user-agent": "curl/8",
      "x-user": "anna",
      "x-amzn-trace-id": "Root=1-a",
    },
    pathParameters: { id: "o-1701" },
    queryStringParameters: { user: "anna" },
    requestContext: { stage: "prod", http: { method: "GET", path: "/orders/o-1701/lines" } },
    amount: 1701,
  };
  expect(copies(event, 1)).toEqual([
    {
      ...event,
      rawPath: "/orders/o-2802/lines",
      rawQueryString: "user=huuh",
      headers: { ...event.headers, "x-user": "huuh" },
      pathParameters: { id: "o-2802" },
      queryStringParameters: { user: "huuh" },
      requestContext: { stage: "prod", http: { method: "GET", path: "/orders/o-2802/lines" } },
    },
  ]);
});

test("goes into JSON that stands as text, in base64 too, and leaves what it does not alter in its own spaces", () => {
  const event = {
    Records: [
      { eventSource: "aws:sqs", body: '{ "user": "anna" }', attributes: { policy: '{ "v": 1 }' } },
      { kinesis: { data: encoded({ user: "anna" }) } },
    ],
  };
  expect(copies(event, 1)).toEqual([
    {
      Records: [
        { eventSource: "aws:sqs", body: '{"user":"huuh"}', attributes: { policy: '{ "v": 1 }' } },
        { kinesis: { data: encoded({ user: "huuh" }) } },
      ],
    },
  ]);
});

test.each([2, 9])(
  "no copy has a value of another one, of a batch of %i numbered records",
  (records) => {
    const ids = Array.from({ length: records }, (_, index) => `order-${index + 1}`);
    const event = { Records: ids.map((id) => ({ body: JSON.stringify({ id }) })) };
    const events = [event, ...copies(event)];
    const markers = markersOf(
      events.map((each, index) => ({ name: `${index}`, event: each })),
      [],
    );
    const counts = events.map(
      (_, index) => markers.filter(({ sample }) => sample === index).length,
    );
    expect(counts).toEqual([records, records, records]);
  },
);

test("what is kept stays where it reads like a value that is altered", () => {
  const event = { customer: "prod", requestContext: { stage: "prod" } };
  expect(copies(event, 1)).toEqual([{ customer: "wyvk", requestContext: { stage: "prod" } }]);
});

test("an event of numbers alone has no copies", () => {
  expect(alterable({ order: 1701, paid: true, lines: [1, null] })).toEqual([]);
});
