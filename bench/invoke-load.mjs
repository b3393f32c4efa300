// Keeps a number of Invoke requests in flight against the local target, over plain keep-alive connections.
import { Agent, request } from "node:http";
import { performance } from "node:perf_hooks";

const authorization = `AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;

/** Requests a second over `requests` requests, after a tenth of them as warm-up. Every answer is checked. */
export async function invokeLoad({
  endpoint,
  functionName,
  inFlight,
  requests,
  payload,
  expected,
}) {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const url = new URL(`/2015-03-31/functions/${functionName}/invocations`, endpoint);
  const once = () =>
    new Promise((resolve, reject) => {
      const sent = request(
        url,
        {
          agent,
          method: "POST",
          headers: { authorization, "content-length": Buffer.byteLength(payload) },
        },
        (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (chunk) => (body += chunk));
          response.on("end", () =>
            response.statusCode === 200 && body === expected
              ? resolve()
              : reject(new Error(`${response.statusCode}: ${body}`)),
          );
        },
      );
      sent.on("error", reject);
      sent.end(payload);
    });
  const drive = async (count) => {
    let left = count;
    const lane = async () => {
      while (left > 0) {
        left -= 1;
        await once();
      }
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
  };
  await drive(Math.ceil(requests / 10));
  const started = performance.now();
  await drive(requests);
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  return requests / seconds;
}
