import limitTo from "p-limit";

const inTurn = limitTo(1);
let current;

async function audit(event) {
  current = event.queryStringParameters.user;
  await new Promise((resolve) => setTimeout(resolve, 1));
  return { auditedFor: current };
}

export const handler = async (event) => inTurn(audit, event);
