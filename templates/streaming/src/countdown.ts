import { setTimeout } from "node:timers/promises";

/** One line after the other, each as soon as it is known. Pauses are in milliseconds. */
export async function* countdown(from: number, pause = 200): AsyncGenerator<string> {
  for (let left = from; left > 0; left -= 1) {
    yield `${left}\n`;
    await setTimeout(pause);
  }
  yield "Hello from Lambda Managed Instances!\n";
}
