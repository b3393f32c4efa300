export interface Order {
  readonly id: string;
  readonly quantity: number;
}

/**
 * Does the work that one message asks for. SQS may deliver a message more than once, so doing it twice must come to the
 * same, for example by writing under the id of the order. Whatever it throws brings the message back.
 */
export async function fulfil(message: string): Promise<Order> {
  return checkedOrder(JSON.parse(message));
}

function checkedOrder(value: unknown): Order {
  const { id, quantity } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof id !== "string") throw new TypeError("id must be a string");
  if (typeof quantity !== "number" || !Number.isInteger(quantity) || quantity < 1)
    throw new TypeError(`quantity of ${id} must be a whole number from 1`);
  return { id, quantity };
}
