// Written by scripts/input-constraints.py from botocore's service model.
import type { Constraints } from "../input-constraints.ts";

export const ecr: Constraints = {
  "CreateRepositoryRequest.imageTagMutability": {
    enum: ["MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"],
  },
  "CreateRepositoryRequest.imageTagMutabilityExclusionFilters": { min: 1, max: 5 },
  "CreateRepositoryRequest.registryId": { pattern: "[0-9]{12}" },
  "CreateRepositoryRequest.repositoryName": {
    min: 2,
    max: 256,
    pattern: "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
  },
  "DeleteLifecyclePolicyRequest.registryId": { pattern: "[0-9]{12}" },
  "DeleteLifecyclePolicyRequest.repositoryName": {
    min: 2,
    max: 256,
    pattern: "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
  },
  "DeleteRepositoryPolicyRequest.registryId": { pattern: "[0-9]{12}" },
  "DeleteRepositoryPolicyRequest.repositoryName": {
    min: 2,
    max: 256,
    pattern: "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
  },
  "DeleteRepositoryRequest.registryId": { pattern: "[0-9]{12}" },
  "DeleteRepositoryRequest.repositoryName": {
    min: 2,
    max: 256,
    pattern: "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
  },
  "DescribeImagesFilter.imageStatus": { enum: ["ACTIVE", "ARCHIVED", "ACTIVATING", "ANY"] },
  "DescribeImagesFilter.tagStatus": { enum: ["TAGGED", "UNTAGGED", "ANY"] },
  "DescribeImagesRequest.imageIds": { min: 1, max: 100 },
  "DescribeImagesRequest.registryId": { pattern: "[0-9]{12}" },
  "DescribeImagesRequest.repositoryName": {
    min: 2,
    max: 256,
    pattern: "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
  },
  "DescribeRepositoriesRequest.registryId": { pattern: "[0-9]{12}" },
  "DescribeRepositoriesRequest.repositoryNames": { min: 1, max: 100 },
  "DescribeRepositoriesRequest.repositoryNames[]": {
    min: 2,
    max: 256,
    pattern: "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
  },
  "EncryptionConfiguration.encryptionType": { enum: ["AES256", "KMS", "KMS_DSSE"] },
  "EncryptionConfiguration.kmsKey": { min: 1, max: 2048 },
  "GetLifecyclePolicyRequest.registryId": { pattern: "[0-9]{12}" },
  "GetLifecyclePolicyRequest.repositoryName": {
    min: 2,
    max: 256,
    pattern: "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
  },
  "GetRepositoryPolicyRequest.registryId": { pattern: "[0-9]{12}" },
  "GetRepositoryPolicyRequest.repositoryName": {
    min: 2,
    max: 256,
    pattern: "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
  },
  "ImageIdentifier.imageTag": { min: 1, max: 300 },
  "ImageTagMutabilityExclusionFilter.filter": {
    min: 1,
    max: 128,
    pattern: "^[0-9a-zA-Z._*-]{1,128}$",
  },
  "ImageTagMutabilityExclusionFilter.filterType": { enum: ["WILDCARD"] },
  "PutImageScanningConfigurationRequest.registryId": { pattern: "[0-9]{12}" },
  "PutImageScanningConfigurationRequest.repositoryName": {
    min: 2,
    max: 256,
    pattern: "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
  },
  "PutImageTagMutabilityRequest.imageTagMutability": {
    enum: ["MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"],
  },
  "PutImageTagMutabilityRequest.imageTagMutabilityExclusionFilters": { min: 1, max: 5 },
  "PutImageTagMutabilityRequest.registryId": { pattern: "[0-9]{12}" },
  "PutImageTagMutabilityRequest.repositoryName": {
    min: 2,
    max: 256,
    pattern: "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
  },
  "PutLifecyclePolicyRequest.lifecyclePolicyText": { min: 100, max: 30720 },
  "PutLifecyclePolicyRequest.registryId": { pattern: "[0-9]{12}" },
  "PutLifecyclePolicyRequest.repositoryName": {
    min: 2,
    max: 256,
    pattern: "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
  },
  "SetRepositoryPolicyRequest.policyText": { min: 0, max: 10240 },
  "SetRepositoryPolicyRequest.registryId": { pattern: "[0-9]{12}" },
  "SetRepositoryPolicyRequest.repositoryName": {
    min: 2,
    max: 256,
    pattern: "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*",
  },
};
