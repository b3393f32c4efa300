export const handler = async (event) => ({ from: process.env.AWS_LAMBDA_FUNCTION_NAME, event });
