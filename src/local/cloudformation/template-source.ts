import { parseBody } from "./template/parse.ts";
import { templateHead, toTemplate } from "./template/outline.ts";
import type { JsonObject, Template } from "./template/template.ts";
import {
  declaredTransforms,
  includeSections,
  languageExtensions,
  transformed,
} from "./template/transforms.ts";
import type { ReadSnippet } from "./template/transforms.ts";

/** A template's text as far as it is understood before its parameters have values. */
export interface TemplateSource {
  readonly document: JsonObject;
  readonly transforms: readonly string[];
  /** Everything but the resources and outputs, which transforms may still change. */
  readonly head: Template;
  readonly read: ReadSnippet;
}

export async function readSource(body: string, read: ReadSnippet): Promise<TemplateSource> {
  const document = await includeSections(parseBody(body), read);
  const transforms = declaredTransforms(document);
  const head =
    transforms.length === 0
      ? toTemplate(document)
      : templateHead(document, transforms.includes(languageExtensions));
  return { document, transforms, head, read };
}

/** The template to deploy, and its text where transforms have changed it. */
export async function processed(
  { document, transforms, head, read }: TemplateSource,
  parameter: (name: string) => unknown,
): Promise<{ readonly template: Template; readonly body?: string }> {
  if (transforms.length === 0) return { template: head };
  const result = await transformed(
    document,
    {
      parameter,
      isSecret: (name) => String(head.Parameters[name]?.NoEcho) === "true",
      mappings: head.Mappings,
    },
    read,
  );
  return { template: toTemplate(result, head.extended), body: JSON.stringify(result) };
}
