import { Argument, Command, Option } from "commander";

import { ExitCode, LmiError } from "../../../errors.ts";
import { faultKinds, type FaultRecord } from "../../../local/faults/fault.ts";
import { projectOf } from "../../project-of.ts";
import type { Deps } from "../../deps.ts";
import { stateFolder } from "../../local/state-folder.ts";
import { examples, sharedOptions } from "../../shared-options.ts";
import type { SharedOptions } from "../../shared-options.ts";
import { parseFaultRule, type FaultFlags } from "./fault-rule.ts";
import { renderFaults } from "./render-faults.ts";

export interface FaultAddOptions extends SharedOptions, FaultFlags {}

export interface FaultRemoveOptions extends SharedOptions {
  readonly id: string;
}

type FaultDeps = Pick<Deps, "system" | "reporter">;

const live = { add: runFaultAdd, list: runFaultList, remove: runFaultRemove, clear: runFaultClear };

/** `lmi local fault …`: what the local target is to do wrong. */
export function faultCommand(deps: Deps, run = live): Command {
  const shared = (command: Command) => sharedOptions(command, deps.system);
  const add = addCommand().action(
    (fault: FaultFlags["fault"], flags: Omit<FaultFlags, "fault">, command: Command) =>
      run.add({ ...shared(command), ...flags, fault }, deps),
  );
  const list = new Command("list")
    .description("Show the faults, and how often each struck")
    .addHelpText("after", examples([["lmi local fault list --json", "for scripts"]]))
    .action((_flags: object, command: Command) => run.list(shared(command), deps));
  const remove = new Command("remove")
    .description("Take one fault away")
    .argument("<id>", "as the list shows it, e.g. f1")
    .addHelpText("after", examples([["lmi local fault remove f1", "all others stay"]]))
    .action((id: string, _flags: object, command: Command) =>
      run.remove({ ...shared(command), id }, deps),
    );
  const clear = new Command("clear")
    .description("Take all faults away")
    .addHelpText("after", examples([["lmi local fault clear", "everything works again"]]))
    .action((_flags: object, command: Command) => run.clear(shared(command), deps));
  const group = new Command("fault")
    .description("Make the local target fail, to see what happens")
    .addHelpText("after", examples(groupExamples));
  for (const command of [add, list, remove, clear]) group.addCommand(command);
  return group;
}

const groupExamples = [
  ["lmi local fault add throttle --service lambda", "Lambda throttles every request"],
  ["lmi local fault add access-denied --operation Invoke", "as without the permission"],
  ["lmi local fault list", "which there are, and how often they struck"],
  ["lmi local fault clear", "everything works again"],
] as const;

const addOptions: readonly (readonly [flags: string, description: string])[] = [
  ["--service <name>", "of requests: cloudformation, ec2, lambda, logs, s3, ssm, sts, …"],
  ["--operation <name>", "of requests, as AWS names it; * at its end stands for anything"],
  ["--resource-type <type>", "of resources in a stack, e.g. AWS::Lambda::Function"],
  ["--logical-id <id>", "of resources in a stack"],
  ["--function <name>", "of failed-version, draining and no-egress"],
  ["--code <code>", "of failed-version and failed-launch: Lambda's reason code"],
  ["--in-region <region>", "strike in this region only"],
  ["--after <count>", "let so many pass first"],
  ["--times <count>", "strike at most so often (default: until removed)"],
  ["--every <count>", "strike each n-th only"],
  ["--probability <share>", "strike with this chance, e.g. 0.1"],
  ["--delay <time>", "of slow and draining: 500ms, 5s, 2m"],
  ["--status <code>", "of error: the HTTP status (default: 500)"],
  ["--reason <text>", "the message in place of AWS's usual one"],
];

function addCommand(): Command {
  const command = new Command("add")
    .description("Add a fault; without limits it strikes every time until it is removed")
    .addArgument(new Argument("<fault>", "what goes wrong").choices(faultKinds));
  for (const [flags, description] of addOptions) command.option(flags, description);
  const on = new Option("--on <action>", "of resources in a stack");
  const when = new Option("--when <moment>", "of reset and failed-resource: when all is done?");
  return command
    .addOption(on.choices(["create", "update", "delete"]))
    .addOption(when.choices(["before", "after"]))
    .addHelpText(
      "after",
      examples([
        ["lmi local fault add error --operation Invoke", "HTTP 500"],
        ["… add throttle --service lambda --times 3", "then all is well again"],
        ["… add slow --service cloudformation --delay 5s", "each request waits"],
        ["… add reset --service s3 --when after", "done, but the answer breaks off"],
        ["… add failed-resource --logical-id Vpc --on delete", "the stack stays"],
        ["… add insufficient-capacity --times 1", "EC2 has no instance"],
        ["… add failed-version --code FunctionError.InitTimeout", "as Lambda says it"],
      ]),
    );
}

export async function runFaultAdd(options: FaultAddOptions, deps: FaultDeps): Promise<void> {
  const rule = parseFaultRule(options);
  const client = await connect(options, deps);
  deps.reporter.result<FaultRecord>(await client.add(rule), (added) => renderFaults([added]));
}

export async function runFaultList(options: SharedOptions, deps: FaultDeps): Promise<void> {
  const faults = await (await connect(options, deps)).list();
  deps.reporter.result({ faults }, (answer) => renderFaults(answer.faults));
  if (faults.length === 0) deps.reporter.info("There are no faults: everything works.");
}

export async function runFaultRemove(options: FaultRemoveOptions, deps: FaultDeps): Promise<void> {
  const client = await connect(options, deps);
  if ((await client.remove(options.id)) === 0) throw noSuchFault(options.id);
  deps.reporter.result({ removed: 1 }, () => "");
  deps.reporter.info(`Fault ${options.id} is gone.`);
}

export async function runFaultClear(options: SharedOptions, deps: FaultDeps): Promise<void> {
  const removed = await (await connect(options, deps)).clear();
  deps.reporter.result({ removed }, () => "");
  deps.reporter.info(removed === 0 ? "There were no faults." : "All faults are gone.");
}

/** The target of the project's folder, started where it does not run. */
async function connect(options: SharedOptions, { system, reporter }: FaultDeps) {
  const [{ ensureLocalTarget }, { faultClient }, { projectDir }] = await Promise.all([
    import("../../local/background.ts"),
    import("../../local/fault-client.ts"),
    projectOf(options, system),
  ]);
  const stateDir = stateFolder(system, projectDir);
  const { endpoint } = await ensureLocalTarget({ stateDir, port: 0 }, { system, reporter });
  return faultClient(endpoint);
}

function noSuchFault(id: string): LmiError {
  return new LmiError("LMI_FAULT_NOT_FOUND", `There is no fault ${id}.`, {
    next: "See which there are: lmi local fault list",
    exitCode: ExitCode.usage,
  });
}
