import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { countdown } from "./countdown.ts";

interface UrlEvent {
  readonly queryStringParameters?: Readonly<Record<string, string>>;
}

// Many answers are streamed by one process at once on Lambda Managed Instances: the stream belongs to one request, and
// so does the generator that fills it. Nothing of them is kept outside the function.
export const handler = awslambda.streamifyResponse(async (event: UrlEvent, responseStream) => {
  const from = Number(event.queryStringParameters?.["from"] ?? 3);
  const isValid = Number.isInteger(from) && from >= 1 && from <= 60;
  const response = awslambda.HttpResponseStream.from(responseStream, {
    statusCode: isValid ? 200 : 400,
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
  const text = isValid ? countdown(from) : ["from must be a whole number from 1 to 60\n"];
  // Waits while the reader is slower than we are, and ends the answer.
  await pipeline(Readable.from(text), response);
});
