import { expect, test } from "vitest";
import { startLambda } from "./lambda-bench.ts";

test("a function on managed instances answers once it is published", async () => {
  const lambda = await startLambda();
  await lambda.createProvider();
  const created = await lambda.createFunction("hello.mjs");
  expect(created).toMatchObject({ Version: "$LATEST.PUBLISHED", State: "Pending" });
  expect(await lambda.settled()).toMatchObject({
    State: "Active",
    LastUpdateStatus: "Successful",
    FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST.PUBLISHED",
  });
  expect(await lambda.settled("$LATEST")).toMatchObject({ State: "ActiveNonInvocable" });
  expect(await lambda.invoke({ test: "data" })).toMatchObject({
    StatusCode: 200,
    ExecutedVersion: "$LATEST.PUBLISHED",
    answer: {
      statusCode: 200,
      body: '{"message":"Hello from Lambda Managed Instances!","event":{"test":"data"}}',
    },
  });
});
