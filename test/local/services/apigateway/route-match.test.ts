import { expect, test } from "vitest";
import { isRouteKey, matchRoute } from "../../../../src/local/services/apigateway/route-match.ts";

const routes = [
  "$default",
  "ANY /{proxy+}",
  "GET /pets/{proxy+}",
  "GET /pets/{kind}/{id}",
  "ANY /pets/dog/{id}",
  "GET /pets/dog/{id}",
  "GET /pets/dog/1",
].map((RouteKey) => ({ RouteKey }));

/** The first six as in API Gateway's guide, http-api-develop-routes. */
test.each([
  ["GET", "/pets/dog/1", "GET /pets/dog/1", {}],
  ["GET", "/pets/dog/2", "GET /pets/dog/{id}", { id: "2" }],
  ["POST", "/pets/dog/2", "ANY /pets/dog/{id}", { id: "2" }],
  ["GET", "/pets/cat/1", "GET /pets/{kind}/{id}", { kind: "cat", id: "1" }],
  ["GET", "/pets/cat/1/toys", "GET /pets/{proxy+}", { proxy: "cat/1/toys" }],
  ["POST", "/test/5", "ANY /{proxy+}", { proxy: "test/5" }],
  ["GET", "/", "$default", {}],
  ["GET", "/pets/", "ANY /{proxy+}", { proxy: "pets/" }],
  ["GET", "/%ZZ/a%2Fb", "ANY /{proxy+}", { proxy: "%ZZ/a%2Fb" }],
])("%s %s goes to %s", (method, path, key, pathParameters) => {
  expect(matchRoute(routes, method, path)).toEqual({ route: { RouteKey: key }, pathParameters });
});

test("without a default route there may be none", () => {
  expect(matchRoute([{ RouteKey: "GET /pets" }], "GET", "/pets/1")).toBeUndefined();
  expect(matchRoute([{ RouteKey: "GET /pets" }], "POST", "/pets")).toBeUndefined();
});

test.each([
  ["$default", true],
  ["GET /", true],
  ["ANY /a/{b}/{c+}", true],
  ["GET /a/{b+}/c", false],
  ["GET a", false],
  ["FETCH /a", false],
  ["GET /a b", false],
  ["GET /a{b}", false],
  ["GET", false],
])("%s as a route key", (key, is) => {
  expect(isRouteKey(key)).toBe(is);
});
