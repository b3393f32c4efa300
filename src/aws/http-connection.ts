import { HTTPParser } from "http-parser-js";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

export interface ConnectionRequest {
  /** `http://127.0.0.1:4566` or `https://…` */
  readonly origin: string;
  /** Certificates to trust instead of the usual, PEM. */
  readonly ca: string | undefined;
  /** Milliseconds after which an answer is given up, whether parts of it come or not. */
  readonly timeoutMs: number;
  /** TLS sessions that connections of one origin share: with one, a handshake takes a part of the processor time. */
  readonly sessions?: TlsSessions;
}

export interface TlsSessions {
  latest: Buffer | undefined;
}

/** An answer, or the failure that came instead of it. */
export interface HttpAnswer {
  /** 0: none came. */
  readonly status: number;
  /** Names and values alternate, as they came. */
  readonly headers: readonly string[];
  /** Of the body, as far as whoever waits wants it. */
  readonly text: string;
  /** Node's code of the failure. */
  readonly failure: string | undefined;
}

/** Called with status and headers: whether the body is wanted. */
export type WantsBody = (status: number, headers: readonly string[]) => boolean;

/** So much of a body is kept. */
const mostText = 16_384;

/**
 * One connection of HTTP/1.1 that has one request under way at a time. Requests are bytes that are ready to be written:
 * clients that put each one together (`node:http`, undici) take two to four times the processor time of what is sent here.
 */
export class HttpConnection {
  readonly #request: ConnectionRequest;
  readonly #wantsBody: WantsBody;
  #socket: Socket | undefined;
  #done: ((answer: HttpAnswer) => void) | undefined;
  #status = 0;
  #headers: readonly string[] = [];
  #isWanted = false;
  #text = "";
  #mayStay = true;
  #deadline: NodeJS.Timeout | undefined;

  constructor(request: ConnectionRequest, wantsBody: WantsBody) {
    this.#request = request;
    this.#wantsBody = wantsBody;
  }

  /** Calls back once. Opens the connection where it is not open. */
  send(bytes: Uint8Array, done: (answer: HttpAnswer) => void): void {
    this.#done = done;
    this.#status = 0;
    this.#socket ??= this.#open();
    // One timer for all requests of a connection: a new one for each would cost more than to put this one off.
    if (this.#deadline) this.#deadline.refresh();
    else this.#deadline = setTimeout(() => this.#giveUp(), this.#request.timeoutMs).unref();
    this.#socket.write(bytes);
  }

  destroy(): void {
    this.#end("ECONNABORTED");
  }

  #giveUp(): void {
    if (this.#done) this.#end("ETIMEDOUT");
  }

  #open(): Socket {
    const { origin, ca, sessions } = this.#request;
    const { protocol, hostname, port } = new URL(origin);
    // Names below localhost are this machine (RFC 6761), whether its resolver knows them or not.
    const host = hostname.endsWith(".localhost")
      ? "127.0.0.1"
      : hostname.replaceAll(/^\[|\]$/g, "");
    const socket =
      protocol === "https:"
        ? connectTls({
            host,
            servername: host,
            port: Number(port || 443),
            ...(ca === undefined ? {} : { ca }),
            ...(sessions?.latest === undefined ? {} : { session: sessions.latest }),
          }).on("session", (session) => {
            if (sessions) sessions.latest = session;
          })
        : connect({ host, port: Number(port || 80) });
    const parser = this.#parser();
    // Events of a connection that was given up must not end what its successor has under way.
    const end = (failure: string) => this.#socket === socket && this.#end(failure);
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      if (parser.execute(chunk) instanceof Error) end("HPE_INVALID");
    });
    socket.on("error", (error) => end("code" in error ? String(error.code) : error.name));
    // The end of an answer without a length is the end of the connection.
    socket.on("end", () => {
      if (this.#socket !== socket) return;
      this.#mayStay = false;
      parser.finish();
    });
    socket.on("close", () => end("ECONNRESET"));
    return socket;
  }

  #parser(): InstanceType<typeof HTTPParser> {
    const parser = new HTTPParser(HTTPParser.RESPONSE);
    parser[HTTPParser.kOnHeadersComplete] = ({ statusCode, headers, shouldKeepAlive }) => {
      if (statusCode < 200) return;
      this.#status = statusCode;
      this.#headers = headers;
      this.#mayStay = shouldKeepAlive;
      this.#text = "";
      this.#isWanted = this.#wantsBody(statusCode, headers);
    };
    parser[HTTPParser.kOnBody] = (buffer, offset, length) => {
      if (this.#isWanted && this.#text.length < mostText)
        this.#text += buffer.toString("utf8", offset, offset + length);
    };
    // 100 Continue and its like announce an answer.
    parser[HTTPParser.kOnMessageComplete] = () => {
      if (this.#status !== 0) this.#complete();
    };
    return parser;
  }

  #complete(): void {
    const done = this.#done;
    this.#done = undefined;
    if (!this.#mayStay) this.#close();
    done?.({ status: this.#status, headers: this.#headers, text: this.#text, failure: undefined });
  }

  #end(failure: string): void {
    const done = this.#done;
    this.#done = undefined;
    this.#close();
    done?.({ status: 0, headers: [], text: "", failure });
  }

  #close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    socket?.destroy();
  }
}

/** A header of an answer; names are the same in any case. */
export function headerOf(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index < headers.length; index += 2)
    if (headers[index]?.toLowerCase() === name) return headers[index + 1];
  return undefined;
}
