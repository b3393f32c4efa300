import { friendlyIds, namesMeaning } from "../../../synth/overrides.ts";
import type { Settings } from "../../../synth/settings.ts";
import type { TemplateFinding } from "../../../synth/validate-template.ts";

/** Where in the settings a part of the template comes from, and what can be done about it there. */
export interface TemplateOrigin {
  /** Dotted. */
  readonly path: string;
  readonly mend: string;
}

type Template = Readonly<Record<string, unknown>>;

/**
 * The override, further resource, function or capacity provider behind a finding; undefined where a setting of
 * another kind may be: then the place in the template has to do.
 */
export function templateOrigin(
  { path }: Pick<TemplateFinding, "path">,
  settings: Settings,
  template: Template,
): TemplateOrigin | undefined {
  const [logicalId = "", place = ""] = path.split("/");
  return (
    fromOverride(logicalId, place, settings, template) ??
    fromFurther(logicalId, place, settings) ??
    fromNamed(logicalId, settings)
  );
}

function fromOverride(
  logicalId: string,
  place: string,
  settings: Settings,
  template: Template,
): TemplateOrigin | undefined {
  for (const name of namesMeaning(logicalId, typeOf(logicalId, template), settings)) {
    const changes = leaves(settings.overrides[name] ?? {});
    const change = changes.find((leaf) => isWithin(place, leaf) || isWithin(leaf, place));
    if (change !== undefined)
      return { path: `overrides.${name}.${change}`, mend: "Change this override, or remove it." };
  }
  return undefined;
}

function fromFurther(
  logicalId: string,
  place: string,
  settings: Settings,
): TemplateOrigin | undefined {
  const kinds = ["resources", "outputs", "parameters", "conditions"] as const;
  const kind = kinds.find((each) => logicalId in settings[each]);
  if (kind === undefined) return undefined;
  const path = [kind, logicalId, place].filter((part) => part !== "").join(".");
  return { path, mend: "Correct it there: it stands in the template as it is." };
}

function fromNamed(logicalId: string, settings: Settings): TemplateOrigin | undefined {
  const known = Object.entries(friendlyIds(settings)).find(([, id]) => id === logicalId);
  if (known === undefined) return undefined;
  const [name] = known;
  const kind = name in settings.functions ? "functions" : "capacityProviders";
  return {
    path: `${kind}.${name}`,
    mend: "Change its settings; lmi synth shows what they become.",
  };
}

function typeOf(logicalId: string, template: Template): string | undefined {
  const resources = template["Resources"] as Readonly<Record<string, { readonly Type: string }>>;
  return resources[logicalId]?.Type;
}

/** `Properties.Timeout`, whether it was written so or as an object in an object. */
function leaves(changes: Readonly<Record<string, unknown>>, above = ""): string[] {
  return Object.entries(changes).flatMap(([key, value]) => {
    const path = `${above}${key}`;
    const isInner = typeof value === "object" && value !== null && !Array.isArray(value);
    return isInner ? leaves(value as Readonly<Record<string, unknown>>, `${path}.`) : [path];
  });
}

function isWithin(path: string, whole: string): boolean {
  return path === whole || path.startsWith(`${whole}.`);
}
