import { createRequire } from "node:module";

/** What AWS's validator finds in a template. */
export interface TemplateFinding {
  readonly severity: "error" | "warning";
  /** The rule's id, such as `F3002`. */
  readonly code: string;
  /** `LogicalId/Properties.Name` */
  readonly path: string;
  readonly message: string;
}

interface Diagnostic {
  readonly ruleId: string;
  readonly severity: string;
  readonly message: string;
  readonly entity?: { readonly logicalId?: string };
  readonly propertyPath?: string;
}

interface Validator {
  readonly CompositeEngine: new () => {
    validateTemplate(template: unknown): { readonly diagnostics: readonly Diagnostic[] };
    free(): void;
  };
  readonly TemplateContent: new (content: string, name?: string) => unknown;
}

/** A user's own ARNs stand in the template as they are. */
const notMeant: ReadonlySet<string> = new Set(["W9002", "W9013"]);

/** Checks a template, see templateValidator. */
export function validateTemplate(template: object): TemplateFinding[] {
  const validator = templateValidator();
  try {
    return validator.validate(template);
  } finally {
    validator.close();
  }
}

export interface TemplateValidator {
  validate(template: object): TemplateFinding[];
  close(): void;
}

/**
 * @aws/cloudformation-validate, which aws-cdk-lib brings: AWS's resource schemas and rules, offline.
 * Takes 2 to 4 s and 400 MB (WebAssembly), so nothing loads it unless this is called.
 */
export function templateValidator(): TemplateValidator {
  const cdk = createRequire(import.meta.url).resolve("aws-cdk-lib/package.json");
  const validator = createRequire(cdk)("@aws/cloudformation-validate") as Validator;
  const engine = new validator.CompositeEngine();
  return {
    validate: (template) => {
      const content = new validator.TemplateContent(JSON.stringify(template), "template.json");
      return engine.validateTemplate(content).diagnostics.flatMap(toFinding);
    },
    close: () => engine.free(),
  };
}

function toFinding({ ruleId, severity, message, entity, propertyPath }: Diagnostic) {
  if (notMeant.has(ruleId)) return [];
  const level = levels[severity.toUpperCase()];
  if (level === undefined) return [];
  const path = [entity?.logicalId, propertyPath].filter(Boolean).join("/");
  return [{ severity: level, code: ruleId, path, message }];
}

const levels: Readonly<Record<string, TemplateFinding["severity"]>> = {
  FATAL: "error",
  ERROR: "error",
  WARN: "warning",
  WARNING: "warning",
};
