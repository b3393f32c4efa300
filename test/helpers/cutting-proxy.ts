import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

export interface CuttingProxy {
  readonly endpoint: string;
  /** Breaks every connection that is open. */
  cut(): void;
  close(): Promise<void>;
}

/** Stands in front of an endpoint, so that its connections can be broken in the middle of whatever they carry. */
export async function cuttingProxy(endpoint: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(endpoint);
  const open = new Set<Socket>();
  const own = () => (server.address() as AddressInfo).port;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    far.pipe(near);
    near.on(
      "data",
      (bytes) => void far.write(withHost(bytes, `127.0.0.1:${own()}`, `127.0.0.1:${port}`)),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const cut = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    endpoint: `http://127.0.0.1:${own()}`,
    cut,
    close: async () => {
      cut();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

/** The target answers only who asks for it by its own name and port. */
function withHost(bytes: Buffer, asked: string, meant: string): Buffer {
  const at = bytes.indexOf(`host: ${asked}\r\n`);
  if (at < 0) return bytes;
  const end = at + `host: ${asked}`.length;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(`host: ${meant}`), bytes.subarray(end)]);
}
