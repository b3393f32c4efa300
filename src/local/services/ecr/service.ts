import type { CallContext, Operation, Service, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";
import { checkDocument, invalidParameter, page, type PageInput } from "./pages.ts";

/*
 * The registry's books only, as CDK's bootstrap template and its asset publishing ask for them: repositories exist
 * and keep their settings. Images are neither pushed nor pulled; Lambda Managed Instances with zip code need none.
 * The client of this service comes with the CDK toolkit library, so its input types are written out here.
 */

interface Repository {
  readonly name: string;
  readonly created: string;
  readonly tagMutability: string;
  readonly scanOnPush: boolean;
  readonly encryption: object;
  readonly lifecyclePolicy?: string | undefined;
  readonly policy?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

interface Tag {
  readonly Key?: string;
  readonly Value?: string;
}

interface CreateInput {
  readonly repositoryName?: string;
  readonly imageTagMutability?: string;
  readonly imageScanningConfiguration?: { readonly scanOnPush?: boolean };
  readonly encryptionConfiguration?: { readonly encryptionType?: string };
  readonly tags?: readonly Tag[];
}

interface DescribeInput extends PageInput {
  readonly repositoryNames?: readonly string[];
}

interface RepositoryInput {
  readonly repositoryName?: string;
  readonly registryId?: string;
}

type Repositories = Collection<Repository>;

export function createEcrService(target: TargetContext): Service {
  const repositories = target.state.collection<Repository>("ecr.repositories");
  return {
    name: "ecr",
    operations: {
      ...repositoryOperations(target, repositories),
      ...settingOperations(repositories),
      ...tagOperations(repositories),
      async DescribeImages(
        input: RepositoryInput & { readonly imageIds?: readonly unknown[] },
        context: CallContext,
      ) {
        find(repositories, context, input);
        if (input.imageIds?.length)
          throw new ServiceError("ImageNotFoundException", "The image requested does not exist");
        return { imageDetails: [] };
      },
    },
  };
}

function repositoryOperations(
  target: TargetContext,
  repositories: Repositories,
): Record<string, Operation> {
  return {
    async CreateRepository(input: CreateInput, context: CallContext) {
      const name = input.repositoryName ?? "";
      // Source: Amazon ECR API reference, CreateRepository.
      if (
        !/^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(name) ||
        name.length < 2 ||
        name.length > 256
      ) {
        throw invalidParameter("repositoryName", name);
      }
      checkEncryption(input);
      if (repositories.get(context.region, name) !== undefined) {
        const message = `The repository with name '${name}' already exists in the registry with id '${context.accountId}'`;
        throw new ServiceError("RepositoryAlreadyExistsException", message);
      }
      const repository: Repository = {
        name,
        created: target.clock.now().toISOString(),
        tagMutability: input.imageTagMutability ?? "MUTABLE",
        scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
        encryption: input.encryptionConfiguration ?? { encryptionType: "AES256" },
        tags: tagsFrom(input.tags),
      };
      repositories.put(context.region, name, repository);
      return { repository: describe(repository, context) };
    },

    async DescribeRepositories(input: DescribeInput, context: CallContext) {
      const chosen = input.repositoryNames?.map((repositoryName) =>
        find(repositories, context, { repositoryName }),
      );
      const { items, nextToken } = page(chosen ?? repositories.list(context.region), input);
      return { repositories: items.map((repository) => describe(repository, context)), nextToken };
    },

    async DeleteRepository(input: RepositoryInput, context: CallContext) {
      const repository = find(repositories, context, input);
      repositories.delete(context.region, repository.name);
      return { repository: describe(repository, context) };
    },
  };
}

function settingOperations(repositories: Repositories): Record<string, Operation> {
  const change = (context: CallContext, input: RepositoryInput, changes: Partial<Repository>) => {
    const repository = { ...find(repositories, context, input), ...changes };
    repositories.put(context.region, repository.name, repository);
    return { registryId: context.accountId, repositoryName: repository.name };
  };
  return {
    async PutLifecyclePolicy(
      input: RepositoryInput & { readonly lifecyclePolicyText?: string },
      context: CallContext,
    ) {
      const { lifecyclePolicyText = "" } = input;
      find(repositories, context, input);
      checkDocument("lifecyclePolicyText", lifecyclePolicyText);
      return {
        ...change(context, input, { lifecyclePolicy: lifecyclePolicyText }),
        lifecyclePolicyText,
      };
    },

    async GetLifecyclePolicy(input: RepositoryInput, context: CallContext) {
      return lifecyclePolicyOf(find(repositories, context, input), context);
    },

    async DeleteLifecyclePolicy(input: RepositoryInput, context: CallContext) {
      const deleted = lifecyclePolicyOf(find(repositories, context, input), context);
      change(context, input, { lifecyclePolicy: undefined });
      return deleted;
    },

    async SetRepositoryPolicy(
      input: RepositoryInput & { readonly policyText?: string },
      context: CallContext,
    ) {
      const { policyText = "" } = input;
      find(repositories, context, input);
      checkDocument("policyText", policyText);
      return { ...change(context, input, { policy: policyText }), policyText };
    },

    async GetRepositoryPolicy(input: RepositoryInput, context: CallContext) {
      return policyOf(find(repositories, context, input), context);
    },

    async DeleteRepositoryPolicy(input: RepositoryInput, context: CallContext) {
      const deleted = policyOf(find(repositories, context, input), context);
      change(context, input, { policy: undefined });
      return deleted;
    },

    PutImageTagMutability: async (
      input: RepositoryInput & { readonly imageTagMutability?: string },
      context: CallContext,
    ) => change(context, input, { tagMutability: input.imageTagMutability ?? "MUTABLE" }),

    PutImageScanningConfiguration: async (
      input: RepositoryInput & {
        readonly imageScanningConfiguration?: { readonly scanOnPush?: boolean };
      },
      context: CallContext,
    ) =>
      change(context, input, { scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false }),
  };
}

function tagOperations(repositories: Repositories): Record<string, Operation> {
  const byArn = (context: CallContext, arn = "") => {
    const name = /^arn:[\w-]+:ecr:[^:]*:[^:]*:repository\/(?<name>.+)$/.exec(arn)?.groups?.["name"];
    if (name === undefined) throw invalidParameter("resourceArn", arn);
    return find(repositories, context, { repositoryName: name });
  };
  return {
    async TagResource(
      input: { readonly resourceArn?: string; readonly tags?: readonly Tag[] },
      context: CallContext,
    ) {
      const repository = byArn(context, input.resourceArn);
      repositories.put(context.region, repository.name, {
        ...repository,
        tags: { ...repository.tags, ...tagsFrom(input.tags) },
      });
      return {};
    },

    async UntagResource(
      input: { readonly resourceArn?: string; readonly tagKeys?: readonly string[] },
      context: CallContext,
    ) {
      const repository = byArn(context, input.resourceArn);
      const kept = Object.entries(repository.tags).filter(([key]) => !input.tagKeys?.includes(key));
      repositories.put(context.region, repository.name, {
        ...repository,
        tags: Object.fromEntries(kept),
      });
      return {};
    },

    async ListTagsForResource(input: { readonly resourceArn?: string }, context: CallContext) {
      return {
        tags: Object.entries(byArn(context, input.resourceArn).tags).map(([Key, Value]) => ({
          Key,
          Value,
        })),
      };
    },
  };
}

function find(
  repositories: Repositories,
  context: CallContext,
  { repositoryName = "" }: RepositoryInput,
): Repository {
  const repository = repositories.get(context.region, repositoryName);
  if (repository === undefined)
    throw missing("RepositoryNotFoundException", "The repository", repositoryName, context);
  return repository;
}

function lifecyclePolicyOf({ name, lifecyclePolicy }: Repository, context: CallContext): object {
  if (lifecyclePolicy === undefined)
    throw missing("LifecyclePolicyNotFoundException", "Lifecycle policy", name, context);
  return {
    registryId: context.accountId,
    repositoryName: name,
    lifecyclePolicyText: lifecyclePolicy,
  };
}

function policyOf({ name, policy }: Repository, context: CallContext): object {
  if (policy === undefined)
    throw missing("RepositoryPolicyNotFoundException", "Repository policy", name, context);
  return { registryId: context.accountId, repositoryName: name, policyText: policy };
}

function missing(code: string, what: string, name: string, context: CallContext): ServiceError {
  const subject =
    code === "RepositoryNotFoundException"
      ? `${what} with name '${name}'`
      : `${what} for the repository '${name}'`;
  return new ServiceError(
    code,
    `${subject} does not exist in the registry with id '${context.accountId}'`,
  );
}

function describe(repository: Repository, { accountId, region }: CallContext): object {
  return {
    repositoryArn: `arn:aws:ecr:${region}:${accountId}:repository/${repository.name}`,
    registryId: accountId,
    repositoryName: repository.name,
    repositoryUri: `${accountId}.dkr.ecr.${region}.amazonaws.com/${repository.name}`,
    createdAt: new Date(repository.created),
    imageTagMutability: repository.tagMutability,
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: repository.encryption,
  };
}

function tagsFrom(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

// Source: Amazon ECR API reference, EncryptionConfiguration.
function checkEncryption({ encryptionConfiguration: { encryptionType } = {} }: CreateInput): void {
  if (encryptionType === undefined || /^(AES256|KMS|KMS_DSSE)$/.test(encryptionType)) return;
  throw invalidParameter("encryptionConfiguration.encryptionType", encryptionType);
}
