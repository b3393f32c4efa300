import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { join } from "node:path";

import { Machine } from "./lmi.ts";

export const logGroupName = "/aws/lambda/my-managed-instance-function";
export const providerGroup = "/aws/lambda/capacity-provider/lmi-hello";

/** A new project, `hello`, with commands for the local target of its own, and the log groups of that. */
export class HelloProject {
  readonly cwd: string;
  readonly #machine: Machine;

  private constructor(machine: Machine) {
    this.#machine = machine;
    this.cwd = join(machine.home, "hello");
  }

  static async create(): Promise<HelloProject> {
    const machine = await Machine.create();
    const { code, stderr } = await machine.lmi(["init", "hello", "--yes"]);
    if (code !== 0) throw new Error(stderr);
    return new HelloProject(machine);
  }

  dispose(): Promise<void> {
    return this.#machine.dispose([this.cwd]);
  }

  lmi(...args: string[]) {
    return this.#machine.lmi([...args, "--local"], { cwd: this.cwd });
  }

  /** Settings for a client of the SDK that asks the project's local target. */
  async clientSettings() {
    const { stdout } = await this.#machine.lmi(["local", "status", "--json"], { cwd: this.cwd });
    const { endpoint, region } = JSON.parse(stdout) as { endpoint: string; region: string };
    return { endpoint, region, credentials: { accessKeyId: "me", secretAccessKey: "me" } };
  }

  async cloudWatch(): Promise<CloudWatchLogsClient> {
    return new CloudWatchLogsClient(await this.clientSettings());
  }

  /** Names, and days of retention. */
  async logGroups() {
    const { logGroups } = await (await this.cloudWatch()).send(new DescribeLogGroupsCommand({}));
    return (logGroups ?? []).map((group) => [group.logGroupName, group.retentionInDays]);
  }
}
