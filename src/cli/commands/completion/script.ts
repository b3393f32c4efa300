export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** What may come after one command line such as `lmi local`. */
export interface Words {
  readonly path: readonly string[];
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly {
    readonly name: string;
    readonly description: string;
    readonly choices: readonly string[];
    readonly takesValue: boolean;
  }[];
}

export function completionScript(shell: Shell, words: readonly Words[]): string {
  if (shell === "fish") return fish(words);
  // zsh runs bash's completions through its own bashcompinit.
  const start = shell === "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
  return `${start}${bash(words)}`;
}

function bash(words: readonly Words[]): string {
  const cases = words.map(({ path, commands, options }) => {
    const next = [...commands.map(({ name }) => name), ...options.map(({ name }) => name)];
    return `    ${JSON.stringify(path.join(" "))}) words=${JSON.stringify(next.join(" "))} ;;`;
  });
  const groups = words.filter(({ path, commands }) => path.length > 0 && commands.length > 0);
  const names = words[0]?.commands.map(({ name }) => name) ?? [];
  return `# Completion of lmi; made by: lmi completion bash
_lmi() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" word words=""
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path|$word" in
${names.map((name) => `      "|${name}") path=${JSON.stringify(name)} ;;`).join("\n")}
${groups
  .flatMap(({ path, commands }) =>
    commands.map(
      ({ name }) => `      "${path.join(" ")}|${name}") path="${[...path, name].join(" ")}" ;;`,
    ),
  )
  .join("\n")}
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _lmi lmi
`;
}

function fish(words: readonly Words[]): string {
  const lines = words.flatMap(({ path, commands, options }) => {
    const condition = fishCondition(path, commands);
    return [
      ...commands.map(
        ({ name, description }) =>
          `complete -c lmi -f -n ${quoted(condition)} -a ${name} -d ${quoted(description)}`,
      ),
      ...options.map(({ name, description, choices, takesValue }) =>
        [
          `complete -c lmi -n ${quoted(condition)} -l ${name.slice(2)}`,
          takesValue ? "-r" : "",
          choices.length > 0 ? `-a ${quoted(choices.join(" "))}` : "",
          `-d ${quoted(description)}`,
        ]
          .filter((part) => part !== "")
          .join(" "),
      ),
    ];
  });
  return `# Completion of lmi; made by: lmi completion fish\n${lines.join("\n")}\n`;
}

function fishCondition(path: readonly string[], commands: Words["commands"]): string {
  if (path.length === 0) return "__fish_use_subcommand";
  const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const children = commands.map(({ name }) => name).join(" ");
  if (children !== "") seen.push(`not __fish_seen_subcommand_from ${children}`);
  return seen.join("; and ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
