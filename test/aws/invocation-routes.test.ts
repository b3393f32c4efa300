import { expect, test } from "vitest";

import { connectAws } from "../../src/aws/connect.ts";

/** The route to a function on AWS; asks nobody. */
function routeWith(environment: Readonly<Record<string, string>>) {
  const target = {
    region: "eu-west-1",
    profile: undefined,
    endpoint: undefined,
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
    local: false,
  };
  return connectAws(target, environment).invocationRoutes.find("hello");
}

const proxy = "http://proxy.example:3128";

test.each([
  ["no proxy", {}, undefined],
  ["one for HTTPS", { HTTPS_PROXY: proxy }, proxy],
  ["one in small letters", { https_proxy: proxy }, proxy],
  ["one for HTTP only", { HTTP_PROXY: proxy }, undefined],
  ["all excepted", { HTTPS_PROXY: proxy, NO_PROXY: "*" }, undefined],
  ["the name excepted", { HTTPS_PROXY: proxy, no_proxy: "x, .amazonaws.com" }, undefined],
  ["its port excepted", { HTTPS_PROXY: proxy, NO_PROXY: "amazonaws.com:443" }, undefined],
  ["another port excepted", { HTTPS_PROXY: proxy, NO_PROXY: "amazonaws.com:80" }, proxy],
  ["a longer name excepted", { HTTPS_PROXY: proxy, NO_PROXY: "zonaws.com" }, proxy],
])("%s", async (_, environment, expected) => {
  const { origin, proxy: found } = await routeWith(environment);
  expect(origin).toBe("https://lambda.eu-west-1.amazonaws.com");
  expect(found).toBe(expected);
});
