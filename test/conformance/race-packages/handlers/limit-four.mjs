import limitTo from "p-limit";

// Four requests at a time share the variable.
const inTurn = limitTo(4);
let current;

async function audit(event) {
  current = event.queryStringParameters.user;
  await new Promise((resolve) => setTimeout(resolve, 1));
  return { auditedFor: current };
}

export const handler = async (event) => inTurn(audit, event);
