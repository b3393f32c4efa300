import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

// Two sockets for all requests of a worker.
const sqs = new SQSClient({ requestHandler: { httpsAgent: { maxSockets: 2 } } });

export const handler = async (event) => {
  const { user } = event.queryStringParameters;
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: user }));
  return { sent: user };
};
