// One process serves many requests at once on Lambda Managed Instances: keep what belongs to a request in
// variables of the function, never in variables of the module.

export const handler = async (event: unknown) => {
  console.info("answering a request");
  return {
    statusCode: 200,
    body: JSON.stringify({ message: "Hello from Lambda Managed Instances!", event }),
  };
};
