import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const sqs = new SQSClient({ requestHandler: { httpsAgent: { maxSockets: 256 } } });

export const handler = async (event) => {
  const { user } = event.queryStringParameters;
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: user }));
  return { sent: user };
};
