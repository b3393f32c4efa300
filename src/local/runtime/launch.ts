import { dirname } from "node:path";
import { nativeClientUrl, nodeRuntimeClient } from "./runtime-client.ts";

/** The command that is an execution environment's main process. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  /** AWS's `/var/runtime`: where the runtime itself lies. */
  readonly runtimeDir: string;
  /**
   * Who ends the environment when the target is gone: the process itself (`runtime`, through the lifeline), or a
   * watcher beside it (`watcher`), since it knows of no lifeline.
   */
  readonly endedBy: "runtime" | "watcher";
}

/**
 * The old space of V8 as AWS's base images for Node.js set it: nine tenths of the memory. Each worker thread has a heap
 * of its own with this limit; what all together may take is watched from outside.
 */
const heapShare = 0.9;

/** AWS's runtime client for Node.js under the given Node.js. */
export function nodeLaunch(
  node: string,
  memoryMb: number,
  {
    inspect = false,
  }: {
    /** Lets a debugger in, on a port that it tells on stderr. */ readonly inspect?: boolean;
  } = {},
): Launch {
  return {
    file: node,
    args: [
      ...(inspect ? ["--inspect=127.0.0.1:0"] : []),
      `--max-old-space-size=${Math.floor(memoryMb * heapShare)}`,
      "--disable-warning=ExperimentalWarning",
      "--import",
      nativeClientUrl(),
      nodeRuntimeClient(),
    ],
    runtimeDir: dirname(node),
    endedBy: "runtime",
  };
}
