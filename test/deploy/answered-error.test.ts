import { expect, test } from "vitest";
import { answeredError, errorAndPlace } from "../../src/deploy/explain/answered-error.ts";

const payload = (answer: unknown) => Buffer.from(JSON.stringify(answer));

test.each([
  [
    "Node.js",
    {
      errorType: "TypeError",
      errorMessage: "no",
      trace: [
        "TypeError: no",
        "    at parse (file:///var/task/node_modules/x/index.js:1:2)",
        "    at handler (/var/task/src/handler.ts:3:9)",
        "    at runNextTicks (node:internal/process/task_queues:65:5)",
      ],
    },
    "TypeError: no   at src/handler.ts:3:9",
  ],
  [
    "Python",
    {
      errorType: "KeyError",
      errorMessage: "'id'",
      stackTrace: [
        '  File "/var/task/app.py", line 8, in handler\n    return find(event)\n',
        '  File "/var/task/shop/find.py", line 3, in find\n    return event["id"]\n',
        '  File "/var/lang/lib/python3.13/json/decoder.py", line 345, in decode\n',
      ],
    },
    "KeyError: 'id'   at shop/find.py:3",
  ],
  [
    "a time limit",
    { errorMessage: "Task timed out after 3.00 seconds" },
    "Task timed out after 3.00 seconds",
  ],
])("the answer of a failed function in %s says what and where", (_, answer, said) => {
  expect(errorAndPlace(answeredError(payload(answer)))).toBe(said);
});

test.each(["", "nothing of JSON", "7", "null", "{}"])("an answer of %o says neither", (text) => {
  expect(answeredError(Buffer.from(text))).toEqual({ words: undefined, place: undefined });
});
