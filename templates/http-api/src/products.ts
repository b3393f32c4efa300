import { randomUUID } from "node:crypto";
import { HttpError } from "./http-error.ts";

interface Product {
  readonly id: string;
  readonly name: string;
  /** US cents. */
  readonly price: number;
}

// Read only. What requests change belongs in a database: each execution environment has memory of its own, and in it
// each worker thread, so a variable would give every request another answer.
const products: readonly Product[] = [
  { id: "pen", name: "Pen", price: 190 },
  { id: "ink", name: "Ink", price: 850 },
];

export function listProducts() {
  return { products };
}

export function findProduct(id: string): Product {
  const product = products.find((each) => each.id === id);
  if (!product) throw new HttpError(404, `There is no product ${id}`);
  return product;
}

export function createOrder(body: unknown) {
  const { product, quantity } = checkedOrder(body);
  return { id: randomUUID(), product, quantity, total: findProduct(product).price * quantity };
}

function checkedOrder(body: unknown): { readonly product: string; readonly quantity: number } {
  const { product, quantity } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof product !== "string") throw new HttpError(400, "product must be a string");
  if (typeof quantity !== "number" || !Number.isInteger(quantity) || quantity < 1)
    throw new HttpError(400, "quantity must be a whole number from 1");
  return { product, quantity };
}
