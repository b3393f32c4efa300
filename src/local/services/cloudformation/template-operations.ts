import type {
  GetTemplateInput,
  GetTemplateSummaryInput,
  ListExportsInput,
  ListImportsInput,
  ValidateTemplateInput,
} from "@aws-sdk/client-cloudformation";
import type { CallContext } from "../../service.ts";
import { importersOf } from "../../cloudformation/exports.ts";
import { checkTypes } from "../../cloudformation/prepare.ts";
import { requiredCapability } from "../../cloudformation/template/capabilities.ts";
import { readSnippet } from "../../cloudformation/s3-template.ts";
import { processed, readSource } from "../../cloudformation/template-source.ts";
import type { TemplateSource } from "../../cloudformation/template-source.ts";
import { defaultValue, parameterReference } from "../../cloudformation/template/parameters.ts";
import { checkReferences } from "../../cloudformation/template/static-checks.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import type { Template } from "../../cloudformation/template/template.ts";
import { requireChangeSet } from "./find-change-set.ts";
import { page } from "./pages.ts";
import { requireStack } from "./service-parts.ts";
import type { ServiceParts } from "./service-parts.ts";
import { readTemplate } from "./template-source.ts";

export function templateOperations(parts: ServiceParts) {
  return {
    GetTemplate: async (input: GetTemplateInput, context: CallContext) => ({
      TemplateBody: givenBack(storedTemplate(parts, input, context, input.TemplateStage)),
      StagesAvailable: ["Original", "Processed"],
    }),
    GetTemplateSummary: async (input: GetTemplateSummaryInput, context: CallContext) =>
      getTemplateSummary(parts, input, context),
    ValidateTemplate: async (input: ValidateTemplateInput, context: CallContext) =>
      validateTemplate(parts, input, context),
    ListExports: async (input: ListExportsInput, context: CallContext) =>
      listExports(parts, input, context),
    ListImports: async (input: ListImportsInput, context: CallContext) =>
      listImports(parts, input, context),
  };
}

async function getTemplateSummary(
  parts: ServiceParts,
  input: GetTemplateSummaryInput,
  context: CallContext,
) {
  const given = await readTemplate(parts, input, context);
  if (given === undefined && input.StackName) refuseReviewed(parts, input.StackName, context);
  const body = given ?? storedTemplate(parts, input, context);
  const source = await readSource(body, (url) => readSnippet(parts, url, context));
  const template = await probable(source);
  const data = await parts.data.load(Object.values(template.Resources).map(({ Type }) => Type));
  const types = [...new Set(Object.values(template.Resources).map(({ Type }) => Type))];
  return {
    ...summary(template, source.transforms),
    Parameters: Object.entries(template.Parameters).map(([key, parameter]) => ({
      ...parameterDeclaration(key, template),
      ParameterType: parameter.Type,
      ParameterConstraints: parameter.AllowedValues
        ? { AllowedValues: parameter.AllowedValues.map(String) }
        : {},
    })),
    ResourceTypes: Object.values(template.Resources).map(({ Type }) => Type),
    Version: template.AWSTemplateFormatVersion,
    Metadata: template.Metadata === undefined ? undefined : JSON.stringify(template.Metadata),
    ResourceIdentifierSummaries: types.map((ResourceType) => ({
      ResourceType,
      LogicalResourceIds: Object.entries(template.Resources)
        .filter(([, { Type }]) => Type === ResourceType)
        .map(([logicalId]) => logicalId),
      ResourceIdentifiers: [...(data.get(ResourceType)?.identifier ?? [])],
    })),
  };
}

/** Observed: localstack/localstack test_templates.snapshot.json. */
function refuseReviewed(parts: ServiceParts, name: string, context: CallContext): void {
  const stack = parts.store.findStack(context.region, name);
  if (stack?.status === "REVIEW_IN_PROGRESS")
    throw validationError("GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.");
}

async function validateTemplate(
  parts: ServiceParts,
  input: ValidateTemplateInput,
  context: CallContext,
) {
  const body = await readTemplate(parts, input, context);
  if (body === undefined)
    throw validationError("Either Template URL or Template Body must be specified.");
  const source = await readSource(body, (url) => readSnippet(parts, url, context));
  const template = await probable(source);
  await checkTypes(parts, template);
  checkReferences(template);
  return {
    ...summary(template, source.transforms),
    Parameters: Object.keys(template.Parameters).map((key) => parameterDeclaration(key, template)),
  };
}

function listExports(parts: ServiceParts, input: ListExportsInput, context: CallContext) {
  const exports = parts.store
    .stacks(context.region)
    .filter(({ status }) => status !== "DELETE_COMPLETE")
    .flatMap(({ stackId, outputs }) =>
      outputs.flatMap(({ exportName, value }) =>
        exportName === undefined
          ? []
          : [{ ExportingStackId: stackId, Name: exportName, Value: value }],
      ),
    );
  const { items, next } = page(exports, input.NextToken, ({ Name }) => Name);
  return { Exports: items, NextToken: next };
}

function listImports(parts: ServiceParts, input: ListImportsInput, context: CallContext) {
  const users = importersOf(parts.store.stacks(context.region), input.ExportName ?? "");
  if (users.length === 0) {
    throw validationError(`Export '${input.ExportName}' is not imported by any stack.`);
  }
  const { items, next } = page(users, input.NextToken, (name) => name);
  return { Imports: items, NextToken: next };
}

/**
 * Resources get their texts as they are; a template comes back in ASCII, escapes as they were written
 * (aws-cloudformation/cloudformation-coverage-roadmap, issues 814 and 1220; aws/aws-cli, issue 10185).
 */
function givenBack(body: string): string {
  return body.replaceAll(/[\u{80}-\u{10ffff}]/gu, "?");
}

function storedTemplate(
  parts: ServiceParts,
  input: { readonly StackName?: string | undefined; readonly ChangeSetName?: string | undefined },
  context: CallContext,
  stage: "Original" | "Processed" = "Original",
): string {
  if (!input.ChangeSetName && !input.StackName) {
    throw validationError("StackName is required if ChangeSetName is not specified.");
  }
  const deployment = input.ChangeSetName
    ? requireChangeSet(parts, context, input).deployment
    : requireStack(
        parts,
        context,
        input.StackName,
        (name) => `Stack with id ${name} does not exist`,
      ).deployment;
  // A stack in review has no template yet.
  if (!deployment) return "{}";
  // Without transforms, the processed template is the original.
  const { templateId } = (stage === "Processed" ? deployment.processed : undefined) ?? deployment;
  return parts.store.template(context.region, templateId);
}

/** The template as it will probably be: its transforms are applied with the defaults of its parameters. */
async function probable(source: TemplateSource): Promise<Template> {
  const values = Object.entries(source.head.Parameters).map(([key, parameter]) => ({
    key,
    value: defaultValue(parameter) ?? "",
  }));
  const parameter = (name: string): unknown => {
    const declared = source.head.Parameters[name];
    const value = values.find(({ key }) => key === name);
    return declared && value ? parameterReference(declared, value) : undefined;
  };
  return (await processed(source, parameter)).template;
}

function summary(template: Template, transforms: readonly string[]) {
  const needed = requiredCapability(template);
  const expands = transforms.length > 0 ? ["CAPABILITY_AUTO_EXPAND"] : [];
  return {
    Description: template.Description,
    Capabilities: [...(needed ? [needed.capability] : []), ...expands],
    CapabilitiesReason:
      needed?.reason ??
      (expands.length > 0
        ? `The following resource(s) require capabilities: [${transforms.join(", ")}]`
        : undefined),
    DeclaredTransforms: [...transforms],
  };
}

function parameterDeclaration(key: string, template: Template) {
  const parameter = template.Parameters[key];
  return {
    ParameterKey: key,
    DefaultValue: parameter && defaultValue(parameter),
    NoEcho: parameter?.NoEcho === true || parameter?.NoEcho === "true",
    Description: parameter?.Description,
  };
}
