import type { TargetContext } from "../../service.ts";
import type { Collection } from "../../state.ts";
import type { Alias, Key } from "./keys.ts";

/** Keys whose waiting period is over are gone, with their aliases, whether or not the target ran at that moment. */
export function forgetDeleted(
  target: TargetContext,
  keys: Collection<Key>,
  aliases: Collection<Alias>,
): void {
  const now = target.clock.now().toISOString();
  const over = keys
    .entries()
    .filter(({ document }) => document.deletion !== undefined && document.deletion <= now);
  for (const { region, id } of over) {
    target.state.transaction(() => {
      keys.delete(region, id);
      for (const alias of aliases.entries())
        if (alias.region === region && alias.document.keyId === id)
          aliases.delete(region, alias.id);
    });
  }
}
