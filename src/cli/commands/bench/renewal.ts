import type { Credentials } from "../../../aws/ports.ts";

interface Renewed {
  readonly credentials: () => Promise<Credentials>;
  readonly renew: (credentials: Credentials) => void;
}

/** Well below the 15 minutes that the shortest temporary credentials hold, and below what the SDK keeps in reserve. */
const renewEveryMs = 60_000;

/** Hands on new credentials as long as the work goes on: a load may take longer than they hold. */
export async function whileRenewing<Result>(
  { credentials, renew }: Renewed,
  work: () => Promise<Result>,
): Promise<Result> {
  let isOver = false;
  const timer = setInterval(() => {
    credentials().then(
      (renewed) => {
        if (!isOver) renew(renewed);
      },
      // Those that are in use may hold yet; if they do not, the requests say so.
      () => {},
    );
  }, renewEveryMs).unref();
  try {
    return await work();
  } finally {
    isOver = true;
    clearInterval(timer);
  }
}
