export interface CostItem {
  /** `1 × c6i.xlarge`. */
  readonly label: string;
  readonly kind:
    | "instances"
    | "fee"
    | "nat"
    | "endpoint"
    | "address"
    | "volumes"
    | "pollers"
    | "requests"
    | "logs"
    | "data";
  /** US dollars a month. */
  readonly monthly: number;
}

/** US dollars of all of them. */
export const sumOf = (items: readonly CostItem[]): number =>
  items.reduce((sum, { monthly }) => sum + monthly, 0);
