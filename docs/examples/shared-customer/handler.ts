import { setTimeout as pause } from "node:timers/promises";

interface Order {
  customer: string;
  items: number;
}

let customer = "";

/** Stands for a table that is read. */
async function discount(): Promise<number> {
  await pause(5);
  return customer.startsWith("gold") ? 20 : 0;
}

async function price(items: number) {
  const percent = await discount();
  return { customer, total: (items * 10 * (100 - percent)) / 100 };
}

export const handler = async (event: Order) => {
  customer = event.customer;
  return price(event.items);
};
