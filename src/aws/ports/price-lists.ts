/** One product of AWS's price list, as far as a price needs it. */
export interface PricedProduct {
  readonly family: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  /** On demand, by the first unit of usage that each holds from. */
  readonly onDemand: readonly {
    readonly unit: string;
    readonly dollars: number;
    readonly from: number;
  }[];
}

export interface PriceQuery {
  /** `AmazonEC2`, as the price list calls a service. */
  readonly service: string;
  /** Attributes that must be so. */
  readonly equal: Readonly<Record<string, string>>;
  /** Attributes that must have this in them. */
  readonly containing?: Readonly<Record<string, string>>;
}

export interface PriceLists {
  /** What each query finds. Answers or fails within seconds, all queries together. */
  products(queries: readonly PriceQuery[]): Promise<readonly PricedProduct[]>;
}
