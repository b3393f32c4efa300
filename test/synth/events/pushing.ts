import { checkSettings } from "../../../src/synth/rules.ts";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";
import { settingsOf } from "../reference-settings.ts";
import { templateOf } from "../template.ts";

type FunctionInput = NonNullable<NonNullable<SettingsInput["functions"]>[string]>;
export type EventInput = NonNullable<FunctionInput["events"]>[number];

/** A project with one function, `orders`, that these events call. */
export const withEvents = (
  events: readonly EventInput[],
  own: FunctionInput = {},
): SettingsInput => ({ functions: { orders: { ...own, events: [...events] } } });

export const templateWith = (...events: readonly EventInput[]) => templateOf(withEvents(events));

/** Problems as `<place in the list>.<key>: <message>`. */
export function problemsOf(events: readonly EventInput[], own: FunctionInput = {}): string[] {
  return checkSettings(settingsOf(withEvents(events, own))).map(
    ({ path, message }) => `${path.slice(3).join(".")}: ${message}`,
  );
}

export const functionArn = { "Fn::GetAtt": ["OrdersLambda", "Arn"] };
