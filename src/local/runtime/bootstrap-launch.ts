import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { entryPointFailure, InitFailure } from "./init-failure.ts";
import type { Launch } from "./launch.ts";

/** A function with its own runtime: the executable `bootstrap` of its package, or else of its layers. */
export async function bootstrapLaunch(function_: {
  readonly taskRoot: string;
  readonly layersRoot?: string | undefined;
  /** `x86_64` or `arm64`, as the function is configured. */
  readonly architecture: string;
}): Promise<Launch> {
  if (process.platform !== "linux") {
    throw new InitFailure(
      "InvalidRuntime",
      `The local target runs provided.al2023 functions on Linux only; this is ${process.platform}. The function was kept but cannot run here.`,
    );
  }
  const found = await findBootstrap([
    ["/var/task/bootstrap", join(function_.taskRoot, "bootstrap")],
    ...(function_.layersRoot
      ? ([["/opt/bootstrap", join(function_.layersRoot, "bootstrap")]] as const)
      : []),
  ]);
  await checkArchitecture(found, function_.architecture);
  return { file: found.file, args: [], runtimeDir: "/var/runtime", endedBy: "watcher" };
}

interface Bootstrap {
  /** Where it is on AWS. */
  readonly name: string;
  readonly file: string;
}

// The order and the texts are AWS's (aws-lambda-runtime-interface-emulator, rapid/handlers.go and lambda/rapidcore).
async function findBootstrap(places: readonly (readonly [string, string])[]): Promise<Bootstrap> {
  for (const [name, file] of places) {
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) continue;
    if ((found.mode & 0o111) === 0)
      throw entryPointFailure(
        `fork/exec ${name}: permission denied. Set the executable bit before zipping: \`chmod +x bootstrap\``,
      );
    return { name, file };
  }
  throw entryPointFailure("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
}

/** ELF's numbers of machines. */
const elfMachines: Readonly<Record<number, string>> = { 0x3e: "x86_64", 0xb7: "arm64" };
const machines: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "arm64" };

async function checkArchitecture({ name, file }: Bootstrap, wanted: string): Promise<void> {
  const built = await elfArchitecture(file);
  if (built === undefined) return;
  if (built !== wanted) {
    throw entryPointFailure(
      `fork/exec ${name}: exec format error. It is built for ${built}, the function is configured for ${wanted}`,
    );
  }
  const machine = machines[process.arch] ?? process.arch;
  if (built === machine) return;
  throw new InitFailure(
    "InvalidRuntime",
    `${name} is built for ${built}, and this machine is ${machine}: the local target cannot run it. Build for ${machine} and set the function's and the capacity provider's architecture to it while you try things out here.`,
  );
}

/** What an executable is built for; nothing for scripts. */
async function elfArchitecture(file: string): Promise<string | undefined> {
  const handle = await open(file);
  try {
    const header = Buffer.alloc(20);
    const { bytesRead } = await handle.read(header, 0, header.length, 0);
    if (bytesRead < header.length || header.toString("latin1", 0, 4) !== "\x7fELF")
      return undefined;
    const machine = header.readUInt16LE(18);
    return elfMachines[machine] ?? `another machine (${machine})`;
  } finally {
    await handle.close();
  }
}
