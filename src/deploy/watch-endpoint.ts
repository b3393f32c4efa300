import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const everyMilliseconds = 1000;

/**
 * Resolves when nobody listens at an endpoint any more: connections are refused twice in a row. For the local
 * target, whose end is final; a real endpoint that fails for a while is not this one's business.
 * Rejects when the signal aborts.
 */
export async function untilRefused(endpoint: string, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(endpoint);
  for (let refusals = 0; refusals < 2;) {
    await pause(everyMilliseconds, undefined, { signal, ref: false });
    refusals = (await isRefused(hostname, Number(port))) ? refusals + 1 : 0;
  }
}

function isRefused(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (refused: boolean) => {
      socket.destroy();
      resolve(refused);
    };
    socket.once("connect", () => end(false));
    socket.once("error", (error) => end("code" in error && error.code === "ECONNREFUSED"));
  });
}
