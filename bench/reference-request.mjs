/** A request to the function of the reference stack, and what it answers. */
export const reference = {
  functionName: "my-managed-instance-function",
  payload: '{"test":"data"}',
  expected:
    '{"statusCode":200,"body":"{\\"message\\":\\"Hello from Lambda Managed Instances!\\",\\"event\\":{\\"test\\":\\"data\\"}}"}',
};
