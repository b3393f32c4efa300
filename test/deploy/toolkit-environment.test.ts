import { expect, test } from "vitest";

import { toolkitEnvironment } from "../../src/deploy/toolkit-environment.ts";

const aws = {
  region: "eu-west-1",
  profile: undefined,
  endpoint: undefined,
  credentials: undefined,
  local: false,
};

test("on AWS every variable of the user keeps its meaning", () => {
  expect(toolkitEnvironment(aws)).toEqual({});
});

test("the local target gets all calls, whatever endpoints and profiles the user has set", () => {
  const user: Record<string, string | undefined> = {
    AWS_PROFILE: "work",
    AWS_ENDPOINT_URL: "https://elsewhere.example",
    AWS_ENDPOINT_URL_S3: "https://s3.example",
    AWS_ENDPOINT_URL_CLOUDFORMATION: "https://cloudformation.example",
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
    AWS_SESSION_TOKEN: "token",
  };
  const local = toolkitEnvironment({
    ...aws,
    endpoint: "http://127.0.0.1:4566",
    credentials: { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" },
    local: true,
  });
  const left = Object.entries({ ...user, ...local }).filter(([, value]) => value !== undefined);
  expect(Object.fromEntries(left)).toEqual({
    AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "lmi-local",
    AWS_SECRET_ACCESS_KEY: "lmi-local",
    AWS_EC2_METADATA_DISABLED: "true",
  });
});
