import type { Filter } from "@aws-sdk/client-pricing";

import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { PricedProduct, PriceLists, PriceQuery } from "./ports.ts";

/** Milliseconds that all answers together may take: prices are a kindness, nobody waits long for them. */
const usualLimit = 6000;

export function createPriceLists(connection: Connection, limit = usualLimit): PriceLists {
  const region = endpointRegion(connection.target.region);
  return {
    products: (queries) =>
      explained({ ...connection.target, region }, () =>
        within(limit, (signal) => products(queries, connection, signal)),
      ),
  };
}

async function products(
  queries: readonly PriceQuery[],
  connection: Connection,
  signal: AbortSignal,
): Promise<readonly PricedProduct[]> {
  const [sdk, settings] = await Promise.all([import("./sdk/pricing.ts"), connection.settings()]);
  const region = endpointRegion(connection.target.region);
  const client = new sdk.PricingClient({ ...settings, region, maxAttempts: 2 });
  const find = async ({ service, equal, containing = {} }: PriceQuery) => {
    const filters = [
      ...Object.entries(equal).map(([Field, Value]): Filter => ({
        Type: "TERM_MATCH",
        Field,
        Value,
      })),
      ...Object.entries(containing).map(([Field, Value]): Filter => ({
        Type: "CONTAINS",
        Field,
        Value,
      })),
    ];
    const found: PricedProduct[] = [];
    const pages = sdk.paginateGetProducts(
      { client, pageSize: 100 },
      { ServiceCode: service, FormatVersion: "aws_v1", Filters: filters },
      { abortSignal: signal },
    );
    for await (const page of pages) found.push(...(page.PriceList ?? []).flatMap(productOf));
    return found;
  };
  return (await Promise.all(queries.map(find))).flat();
}

/** The API answers in three regions, for all (Billing user guide, "Using the AWS Price List Query API"); China has its own. */
export function endpointRegion(region: string): string {
  if (region.startsWith("cn-")) return "cn-northwest-1";
  if (/^(?:eu|il|me|af)-/.test(region)) return "eu-central-1";
  return region.startsWith("ap-") ? "ap-south-1" : "us-east-1";
}

/** A document of the price list, in the parts that are read here (Billing user guide, "Reading the service price list file"). */
interface Document {
  readonly product?: {
    readonly productFamily?: string;
    readonly attributes?: Readonly<Record<string, string>>;
  };
  readonly terms?: { readonly OnDemand?: Readonly<Record<string, Term>> };
}

interface Term {
  readonly priceDimensions?: Readonly<
    Record<
      string,
      {
        readonly unit?: string;
        readonly beginRange?: string;
        readonly pricePerUnit?: Readonly<Record<string, string>>;
      }
    >
  >;
}

/** Products without a price in US dollars are left out. */
export function productOf(text: string | { toString(): string }): PricedProduct[] {
  const { product, terms } = JSON.parse(String(text)) as Document;
  const onDemand = Object.values(terms?.OnDemand ?? {})
    .flatMap(({ priceDimensions = {} }) => Object.values(priceDimensions))
    .map(({ unit = "", beginRange, pricePerUnit }) => ({
      unit,
      dollars: Number(pricePerUnit?.["USD"]),
      from: Number(beginRange ?? 0),
    }))
    .filter(({ dollars, from }) => Number.isFinite(dollars) && Number.isFinite(from))
    .toSorted((one, other) => one.from - other.from);
  if (onDemand.length === 0) return [];
  return [{ family: product?.productFamily, attributes: product?.attributes ?? {}, onDemand }];
}

/** Ends the work, and waits for it no longer: a source of credentials knows no signal. */
async function within<T>(limit: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unanswered(limit)), limit);
  });
  try {
    return await Promise.race([work(stop.signal), late]);
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/** A TimeoutError, as the SDK's own: an endpoint that cannot be reached. */
function unanswered(limit: number): Error {
  const error = new Error(`The price list had no answer within ${limit / 1000} s`);
  error.name = "TimeoutError";
  return error;
}
