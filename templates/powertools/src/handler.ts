import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

// One process serves many requests at once on Lambda Managed Instances. Powertools keeps what it is told of a request
// (appendKeys, addMetric, addDimension) with that request, so one logger and one Metrics may serve them all.
const logger = new Logger();
const metrics = new Metrics();

interface OrderEvent {
  readonly order?: string;
  readonly total?: number;
}

/** What this function reads of Lambda's context. */
interface RequestContext {
  readonly awsRequestId: string;
}

export const handler = async (event: OrderEvent, context: RequestContext) => {
  // On every line of this request's log, and on no other's.
  logger.appendKeys({ order: event.order, requestId: context.awsRequestId });
  try {
    const total = checkedTotal(event);
    metrics.addMetric("OrderAccepted", MetricUnit.Count, 1);
    metrics.addMetric("OrderTotal", MetricUnit.NoUnit, total);
    logger.info("order accepted", { total });
    return { accepted: true, total };
  } catch (error) {
    metrics.addMetric("OrderRefused", MetricUnit.Count, 1);
    logger.warn("order refused", error as Error);
    return { accepted: false, reason: String(error) };
  } finally {
    metrics.publishStoredMetrics();
    logger.resetKeys();
  }
};

function checkedTotal({ order, total }: OrderEvent): number {
  if (typeof order !== "string") throw new TypeError("order must be a string");
  if (typeof total !== "number" || !(total > 0)) throw new TypeError("total must be above 0");
  return total;
}
