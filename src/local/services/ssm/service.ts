import type {
  AddTagsToResourceRequest,
  DeleteParameterRequest,
  DeleteParametersRequest,
  DescribeParametersRequest,
  GetParameterHistoryRequest,
  GetParameterRequest,
  GetParametersByPathRequest,
  GetParametersRequest,
  ListTagsForResourceRequest,
  PutParameterRequest,
  RemoveTagsFromResourceRequest,
} from "@aws-sdk/client-ssm";
import type { CallContext, Operation, Service, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";
import { checkNames, checkParameter, invalidPath } from "./parameter-rules.ts";
import { page } from "./pages.ts";
import {
  describeParameter,
  parameterOutput,
  type Parameter,
  type ParameterVersion,
} from "./parameter.ts";

type Parameters = Collection<Parameter>;

/** SSM's parameter store: what CloudFormation's parameters, CDK's bootstrap and functions read. */
export function createSsmService(target: TargetContext): Service {
  const parameters = target.state.collection<Parameter>("ssm.parameters");
  return {
    name: "ssm",
    operations: {
      ...readOperations(parameters),
      ...writeOperations(target, parameters),
      ...tagOperations(parameters),
    },
  };
}

function readOperations(parameters: Parameters): Record<string, Operation> {
  return {
    async GetParameter(input: GetParameterRequest, context: CallContext) {
      return { Parameter: find(parameters, context, input.Name ?? "") };
    },

    async GetParameters(input: GetParametersRequest, context: CallContext) {
      const names = input.Names ?? [];
      checkNames(names);
      const found = names.map((name) => lookUp(parameters, context, name));
      return {
        Parameters: found.filter((parameter) => parameter !== undefined),
        InvalidParameters: names.filter((_, index) => found[index] === undefined),
      };
    },

    async GetParametersByPath(input: GetParametersByPathRequest, context: CallContext) {
      if (!input.Path?.startsWith("/")) throw invalidPath(input.Path ?? "");
      const path = `${(input.Path ?? "").replace(/\/$/, "")}/`;
      const below = parameters
        .list(context.region)
        .filter(
          ({ name }) =>
            name.startsWith(path) && (input.Recursive || !name.slice(path.length).includes("/")),
        );
      const { items, NextToken } = page(below, input.NextToken, input.MaxResults ?? 10);
      return {
        Parameters: items.map((parameter) => parameterOutput(parameter, context)),
        NextToken,
      };
    },

    async GetParameterHistory(input: GetParameterHistoryRequest, context: CallContext) {
      const parameter = existing(parameters, context, input.Name ?? "");
      const history = parameter.versions.map((version) => ({
        Name: parameter.name,
        ...describeParameter({ ...parameter, versions: [version] }, context),
        Value: version.value,
      }));
      const { items, NextToken } = page(history, input.NextToken, input.MaxResults ?? 50);
      return { Parameters: items, NextToken };
    },

    async DescribeParameters(input: DescribeParametersRequest, context: CallContext) {
      const matching = parameters
        .list(context.region)
        .filter((parameter) =>
          (input.ParameterFilters ?? []).every((filter) => passes(parameter, filter)),
        );
      const { items, NextToken } = page(matching, input.NextToken, input.MaxResults ?? 50);
      return {
        Parameters: items.map((parameter) => describeParameter(parameter, context)),
        NextToken,
      };
    },
  };
}

function writeOperations(target: TargetContext, parameters: Parameters): Record<string, Operation> {
  return {
    async PutParameter(input: PutParameterRequest, context: CallContext) {
      const name = input.Name ?? "";
      const before = parameters.get(context.region, name);
      if (before !== undefined && !input.Overwrite) {
        const message =
          "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
        throw new ServiceError("ParameterAlreadyExists", message);
      }
      checkParameter(input, before);
      const parameter = withVersion(input, before, target.clock.now());
      parameters.put(context.region, name, parameter);
      return { Version: parameter.versions.at(-1)?.version, Tier: parameter.tier };
    },

    async DeleteParameter(input: DeleteParameterRequest, context: CallContext) {
      if (!parameters.delete(context.region, input.Name ?? "")) throw notFound(input.Name ?? "");
      return {};
    },

    async DeleteParameters(input: DeleteParametersRequest, context: CallContext) {
      checkNames(input.Names ?? []);
      const results = (input.Names ?? []).map(
        (name) => [name, parameters.delete(context.region, name)] as const,
      );
      return {
        DeletedParameters: results.filter(([, deleted]) => deleted).map(([name]) => name),
        InvalidParameters: results.filter(([, deleted]) => !deleted).map(([name]) => name),
      };
    },
  };
}

/** AWS keeps the last hundred versions (Systems Manager user guide, "Working with parameter versions"). */
const maxVersions = 100;

function withVersion(
  input: PutParameterRequest,
  before: Parameter | undefined,
  now: Date,
): Parameter {
  const newest = before?.versions.at(-1);
  const version: ParameterVersion = {
    version: (newest?.version ?? 0) + 1,
    value: input.Value ?? "",
    lastModified: now.toISOString(),
    description: textOrNone(input.Description, newest?.description),
  };
  const given = {
    type: input.Type,
    tier: input.Tier,
    dataType: input.DataType,
  };
  const defaults = {
    type: "String",
    tier: "Standard",
    dataType: "text",
    tags: tagsFrom(input.Tags),
  };
  return {
    ...defaults,
    ...before,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    name: input.Name ?? "",
    allowedPattern: textOrNone(input.AllowedPattern, before?.allowedPattern),
    versions: [...(before?.versions ?? []), version].slice(-maxVersions),
  };
}

/** What a request leaves out stays; an empty text takes it away. */
function textOrNone(given: string | undefined, before: string | undefined): string | undefined {
  const text = given ?? before;
  return text === "" ? undefined : text;
}

function tagsFrom(tags: PutParameterRequest["Tags"]): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

function tagOperations(parameters: Parameters): Record<string, Operation> {
  const tagged = (
    input: { readonly ResourceType?: string; readonly ResourceId?: string },
    context: CallContext,
  ) => {
    const parameter = parameters.get(context.region, input.ResourceId ?? "");
    if (input.ResourceType === "Parameter" && parameter !== undefined) return parameter;
    throw new ServiceError(
      "InvalidResourceId",
      `${input.ResourceType} ${input.ResourceId} does not exist`,
    );
  };
  return {
    async AddTagsToResource(input: AddTagsToResourceRequest, context: CallContext) {
      const parameter = tagged(input, context);
      const added = tagsFrom(input.Tags);
      parameters.put(context.region, parameter.name, {
        ...parameter,
        tags: { ...parameter.tags, ...added },
      });
      return {};
    },

    async RemoveTagsFromResource(input: RemoveTagsFromResourceRequest, context: CallContext) {
      const parameter = tagged(input, context);
      const kept = Object.entries(parameter.tags).filter(([key]) => !input.TagKeys?.includes(key));
      parameters.put(context.region, parameter.name, {
        ...parameter,
        tags: Object.fromEntries(kept),
      });
      return {};
    },

    async ListTagsForResource(input: ListTagsForResourceRequest, context: CallContext) {
      return {
        TagList: Object.entries(tagged(input, context).tags).map(([Key, Value]) => ({
          Key,
          Value,
        })),
      };
    },
  };
}

function existing(parameters: Parameters, { region }: CallContext, name: string): Parameter {
  const parameter = parameters.get(region, nameOf(name));
  if (parameter === undefined) throw notFound(name);
  return parameter;
}

function find(parameters: Parameters, context: CallContext, selector: string): object {
  const parameter = existing(parameters, context, selector.split(":", 1)[0] ?? "");
  const found = lookUp(parameters, context, selector);
  if (found !== undefined) return found;
  const version = selector.split(":")[1];
  const message = `Systems Manager could not find version ${version} of ${parameter.name}. Verify the version and try again.`;
  throw new ServiceError("ParameterVersionNotFound", message);
}

/** `name` or `name:version`; ARNs of parameters are names as well. */
function lookUp(
  parameters: Parameters,
  context: CallContext,
  selector: string,
): object | undefined {
  const name = nameOf(selector);
  const [base = "", version] = name.split(":", 2);
  const parameter = parameters.get(context.region, base);
  if (parameter === undefined) return undefined;
  if (version === undefined) return parameterOutput(parameter, context);
  const chosen = parameter.versions.find((candidate) => String(candidate.version) === version);
  return (
    chosen && {
      ...parameterOutput({ ...parameter, versions: [chosen] }, context),
      Selector: `:${version}`,
    }
  );
}

function nameOf(selector: string): string {
  const fromArn = /^arn:aws[\w-]*:ssm:[^:]*:[^:]*:parameter(?<name>\/.+)$/.exec(selector)?.groups?.[
    "name"
  ];
  return fromArn ?? selector;
}

function notFound(name: string): ServiceError {
  return new ServiceError("ParameterNotFound", `Parameter ${name} not found.`);
}

function passes(
  parameter: Parameter,
  filter: {
    readonly Key?: string | undefined;
    readonly Option?: string | undefined;
    readonly Values?: string[] | undefined;
  },
): boolean {
  const values = filter.Values ?? [];
  const { Option: option = "Equals" } = filter;
  if (filter.Key === "Type") return values.includes(parameter.type);
  if (filter.Key === "Path")
    return values.some((path) => parameter.name.startsWith(`${path.replace(/\/$/, "")}/`));
  if (filter.Key?.startsWith("tag:"))
    return values.includes(parameter.tags[filter.Key.slice(4)] ?? "\0");
  if (filter.Key !== "Name")
    throw new ServiceError("InvalidFilterKey", `The filter key ${filter.Key} is not valid.`);
  if (option === "BeginsWith") return values.some((value) => parameter.name.startsWith(value));
  if (option === "Contains") return values.some((value) => parameter.name.includes(value));
  return values.includes(parameter.name);
}
