import { Mutex } from "async-mutex";

const mutex = new Mutex();
let current;

export const handler = async (event) =>
  mutex.runExclusive(async () => {
    current = event.queryStringParameters.user;
    await new Promise((resolve) => setTimeout(resolve, 1));
    return { auditedFor: current };
  });
