import { LmiError } from "../../../errors.ts";
import { type DebugDoor, openDebugDoor } from "../../../local/runtime/debug-door.ts";

export interface DebugDoors {
  /** By the function's name at AWS. */
  readonly doors: ReadonlyMap<string, DebugDoor>;
  readonly close: () => Promise<void>;
}

/**
 * A port for debuggers for each function: the given one, and those after it. Fails with LMI_LOCAL_PORT.
 * @param first undefined: nobody debugs; 0: any free ones
 */
export async function openDebugDoors(
  first: number | undefined,
  functionNames: readonly string[],
): Promise<DebugDoors> {
  const doors = new Map<string, DebugDoor>();
  const close = async () => {
    await Promise.all([...doors.values()].map((door) => door.close()));
  };
  if (first === undefined) return { doors, close };
  try {
    for (const [index, name] of functionNames.entries())
      doors.set(name, await opened(first === 0 ? 0 : first + index));
  } catch (error) {
    await close();
    throw error;
  }
  return { doors, close };
}

async function opened(port: number): Promise<DebugDoor> {
  try {
    return await openDebugDoor(port);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new LmiError("LMI_LOCAL_PORT", `Debuggers cannot come in at port ${port}.`, {
      why:
        code === "EADDRINUSE" ? "Another program listens there: one that is debugged, too?" : code,
      next: "Choose another port, e.g. lmi dev --inspect=9300",
      cause: error,
    });
  }
}
