import { createHash, createHmac } from "node:crypto";

import type { Credentials, InvocationRoute } from "./ports.ts";

type Header = readonly [name: string, value: string];

/**
 * Signature Version 4 for the many requests of one route (IAM user guide, "Create a signed AWS API request"). The SDK's
 * signer is asynchronous and takes a multiple of what sending a request takes. A signature holds for one event and one
 * second, and AWS takes the same one again: equal requests of one second are the same bytes.
 */
export class RequestSigner {
  readonly #route: InvocationRoute;
  readonly #events: readonly Uint8Array[];
  readonly #hashes: string[] = [];
  readonly #signed: { second: number; bytes: Uint8Array }[] = [];
  #credentials: Credentials;
  #key: { readonly day: string; readonly bytes: Buffer } | undefined;

  constructor(route: InvocationRoute, events: readonly Uint8Array[], credentials: Credentials) {
    this.#route = route;
    this.#events = events;
    this.#credentials = credentials;
  }

  /** Temporary credentials expire while a load runs. */
  renew(credentials: Credentials): void {
    this.#credentials = credentials;
    this.#key = undefined;
    this.#signed.length = 0;
  }

  /**
   * The whole request as it goes out.
   * @param now milliseconds since 1970
   */
  bytesOf(event: number, now: number): Uint8Array {
    const second = Math.floor(now / 1000);
    const known = this.#signed[event];
    if (known?.second === second) return known.bytes;
    const body = this.#events[event] ?? new Uint8Array();
    const { path, query } = this.#route;
    const search = pairs(query).join("&");
    const headers =
      this.#route.url?.auth === "none"
        ? this.#plainHeaders()
        : this.#sign(event, new Date(second * 1000));
    const head = [
      `POST ${path}${search === "" ? "" : `?${search}`} HTTP/1.1`,
      ...headers.map(([name, value]) => `${name}: ${value}`),
      `content-length: ${body.length}`,
    ];
    const bytes = Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), body]);
    this.#signed[event] = { second, bytes };
    return bytes;
  }

  #plainHeaders(): readonly Header[] {
    const { origin, contentType } = this.#route;
    return [
      ["content-type", contentType],
      ["host", new URL(origin).host],
    ];
  }

  #sign(event: number, time: Date): readonly Header[] {
    const { path, query, region } = this.#route;
    const { accessKeyId, sessionToken } = this.#credentials;
    const date = time.toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
    const scope = `${date.slice(0, 8)}/${region}/lambda/aws4_request`;
    const sent: readonly Header[] = [
      ...this.#plainHeaders(),
      ["x-amz-date", date],
      ...(sessionToken === undefined ? [] : [["x-amz-security-token", sessionToken] as const]),
    ];
    const names = sent.map(([name]) => name).join(";");
    const canonical = [
      "POST",
      // Every service but S3 has the path encoded once more.
      path.split("/").map(strictly).join("/"),
      pairs(query).toSorted().join("&"),
      ...sent.map(([name, value]) => `${name}:${value}`),
      "",
      names,
      this.#hashOf(event),
    ].join("\n");
    const text = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
    const signature = createHmac("sha256", this.#keyOf(date.slice(0, 8)))
      .update(text)
      .digest("hex");
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return [...sent, ["authorization", authorization]];
  }

  #hashOf(event: number): string {
    return (this.#hashes[event] ??= sha256(this.#events[event] ?? ""));
  }

  #keyOf(day: string): Buffer {
    if (this.#key?.day === day) return this.#key.bytes;
    const parts = [day, this.#route.region, "lambda", "aws4_request"];
    const first: Buffer | string = `AWS4${this.#credentials.secretAccessKey}`;
    const bytes = parts.reduce<Buffer | string>(
      (key, part) => createHmac("sha256", key).update(part).digest(),
      first,
    );
    this.#key = { day, bytes: Buffer.from(bytes) };
    return this.#key.bytes;
  }
}

/** Names and values as they are sent; the signature has them in the order of the alphabet. */
function pairs(query: InvocationRoute["query"]): string[] {
  return Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value) => `${strictly(name)}=${strictly(value)}`),
  );
}

/** RFC 3986: encodeURIComponent leaves five characters that the signature has encoded. */
function strictly(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.codePointAt(0)?.toString(16).toUpperCase()}`,
  );
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
