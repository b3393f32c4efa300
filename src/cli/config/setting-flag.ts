/** One flag that sets a setting, as data: the option builder, environment variables and help all read this table. */
export interface SettingFlag {
  /** As commander takes it, e.g. `--max-vcpu <count>`. */
  readonly flags: string;
  /** Commander's attribute name, and the key in `SettingFlagValues`. */
  readonly attribute: string;
  /** `project`: path from the top of lmi.json; `function`: path inside the selected function; `selector`: chooses that function. */
  readonly scope: "project" | "function" | "selector";
  readonly path: readonly string[];
  /**
   * `list`: one value with commas, repeatable; `entries`: KEY=VALUE, repeatable; `boolean`: no value.
   * The option builder hands values over as typed (strings); loadSettings parses them, so that every problem is reported together.
   */
  readonly kind: "string" | "integer" | "list" | "entries" | "boolean";
  readonly choices?: readonly string[];
  /** The environment variable that means the same; absent where none makes sense. */
  readonly variable?: string;
  readonly description: string;
}
