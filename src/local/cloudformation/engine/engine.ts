import type { Phase } from "../stack-record.ts";
import { cleanupPhase, deployPhase } from "./deploy-phase.ts";
import { importPhase, rollbackImportPhase } from "./import-phase.ts";
import {
  deletePhase,
  rollbackCleanupPhase,
  rollbackCreatePhase,
  rollbackUpdatePhase,
} from "./rollback-phase.ts";
import { Interrupted, moveStack } from "./run.ts";
import type { EngineParts, Run } from "./run.ts";

const phases: Readonly<Record<Phase, (run: Run) => Promise<void>>> = {
  deploy: deployPhase,
  cleanup: cleanupPhase,
  "rollback-update": rollbackUpdatePhase,
  "rollback-cleanup": rollbackCleanupPhase,
  "rollback-create": rollbackCreatePhase,
  import: importPhase,
  "rollback-import": rollbackImportPhase,
  delete: deletePhase,
};

/** Status of a stack whose work met an error that nobody expected, by the phase it was in. */
const brokenStatus: Readonly<Record<Phase, string>> = {
  deploy: "UPDATE_FAILED",
  cleanup: "UPDATE_COMPLETE",
  "rollback-update": "UPDATE_ROLLBACK_FAILED",
  "rollback-cleanup": "UPDATE_ROLLBACK_COMPLETE",
  "rollback-create": "ROLLBACK_FAILED",
  import: "IMPORT_ROLLBACK_FAILED",
  "rollback-import": "IMPORT_ROLLBACK_FAILED",
  delete: "DELETE_FAILED",
};

export interface Engine {
  /** Works on the stack's stored operation, in the background, until it has ended. */
  start(region: string, stackId: string): void;
  /** Stops the update of a stack, which then rolls back. */
  cancel(stackId: string): void;
  /** Takes up every operation that a restart interrupted. */
  resume(): void;
  /** Resolves when nothing is being worked on. */
  idle(): Promise<void>;
  /** Stops all work at its next step; what is stored is taken up by `resume`. */
  close(): Promise<void>;
}

interface Work {
  cancel: AbortController;
  done: Promise<void>;
}

export function createEngine(parts: EngineParts): Engine {
  const closing = new AbortController();
  const running = new Map<string, Work>();

  const work = async (region: string, stackId: string, current: Work): Promise<void> => {
    for (;;) {
      const operation = parts.store.stack(region, stackId)?.operation;
      if (operation?.state !== "running" || closing.signal.aborted) {
        // In the same step as the look, so that no `start` falls between the two.
        running.delete(stackId);
        return;
      }
      if (operation.phase === "deploy") current.cancel = new AbortController();
      const caller = { ...operation.caller, signal: closing.signal };
      const cancelled = current.cancel.signal;
      const run: Run = { ...parts, region, stackId, caller, closing: closing.signal, cancelled };
      try {
        // Each phase begins where the one before it has ended.
        await phases[operation.phase](run);
      } catch (error) {
        if (error instanceof Interrupted || closing.signal.aborted) continue;
        giveUp(run, operation.phase, error);
      }
    }
  };
  const start = (region: string, stackId: string): void => {
    if (closing.signal.aborted || running.has(stackId)) return;
    const entry: Work = { cancel: new AbortController(), done: Promise.resolve() };
    running.set(stackId, entry);
    entry.done = work(region, stackId, entry);
  };
  const idle = async (): Promise<void> => {
    while (running.size > 0) {
      // Work may start more work.
      await Promise.all([...running.values()].map(({ done }) => done));
    }
  };
  return {
    start,
    cancel: (stackId) => running.get(stackId)?.cancel.abort(),
    resume: () => {
      for (const { region, stack } of parts.store.allStacks()) {
        if (stack.operation?.state === "running") start(region, stack.stackId);
      }
    },
    idle,
    close: async () => {
      closing.abort();
      await idle();
    },
  };
}

/** A bug of the local target must not leave a stack in progress for ever. */
function giveUp(run: Run, phase: Phase, error: unknown): void {
  run.context.log(
    `CloudFormation: ${phase} of ${run.stackId} broke: ${error instanceof Error ? error.stack : String(error)}`,
  );
  const operation = run.store.stack(run.region, run.stackId)?.operation;
  const isCreation = phase === "deploy" && operation?.type === "CREATE_STACK";
  moveStack(run, {
    status: isCreation ? "CREATE_FAILED" : brokenStatus[phase],
    reason: `Internal error of the local target: ${error instanceof Error ? error.message : String(error)}`,
    end: phase === "deploy" || phase === "rollback-update" ? "paused" : "done",
  });
}
