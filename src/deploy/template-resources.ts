/** A resource as a template has it. */
export interface TemplateResource {
  readonly Type?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export type TemplateResources = Readonly<Record<string, TemplateResource>>;

export function resourcesOf(template: Readonly<Record<string, unknown>>): TemplateResources {
  return (template["Resources"] ?? {}) as TemplateResources;
}

/** Of a deployed template as CloudFormation stores it; none where it is not JSON, so that lmi did not write it. */
export function deployedResources(template: string | undefined): TemplateResources {
  try {
    return template === undefined
      ? {}
      : resourcesOf(JSON.parse(template) as Readonly<Record<string, unknown>>);
  } catch {
    return {};
  }
}
