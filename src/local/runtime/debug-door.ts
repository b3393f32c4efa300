import { connect, createServer, type Socket } from "node:net";

/**
 * The one port at which a debugger finds a function, whichever process serves it now: Node's inspector of each process
 * listens on a port of its own, and new code comes in a new process while the old one may still stand at a breakpoint.
 */
export interface DebugDoor {
  readonly port: number;
  /** Whether a debugger is connected to a process of the function, an older one included. */
  readonly attached: boolean;
  /** Whether a line is the inspector's own, and not the function's. The one that names its port is what opens the door. */
  readonly takes: (line: string) => boolean;
  readonly close: () => Promise<void>;
}

const listening = /^Debugger listening on ws:\/\/127\.0\.0\.1:(?<port>\d+)\//;
const others =
  /^(?:For help, see: https:\/\/nodejs\.org\/\S*inspector|Debugger attached\.|Debugger ending on ws:|Waiting for the debugger to disconnect)/;
/** A request of a debugger's that stays open: a WebSocket, where lists of targets are plain HTTP. */
const upgrade = /^GET [^\r]*\r\n(?:[^\r]*\r\n)*upgrade: *websocket/i;

/** Fails as `listen` does: EADDRINUSE where the port is somebody else's. 0: any free one. */
export async function openDebugDoor(port: number): Promise<DebugDoor> {
  const debuggers = new Set<Socket>();
  const sockets = new Set<Socket>();
  let inspector: number | undefined;
  const server = createServer((client) => {
    if (inspector === undefined) {
      client.destroy();
      return;
    }
    const inner = connect(inspector, "127.0.0.1");
    client.once("data", (first: Buffer) => {
      if (upgrade.test(first.toString("latin1"))) debuggers.add(client);
    });
    for (const [one, other] of [
      [client, inner],
      [inner, client],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        debuggers.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    get attached() {
      return debuggers.size > 0;
    },
    takes: (line) => {
      const told = listening.exec(line)?.groups?.["port"];
      if (told !== undefined) inspector = Number(told);
      return told !== undefined || others.test(line);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
