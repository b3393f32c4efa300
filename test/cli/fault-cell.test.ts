import { afterAll, beforeAll, expect, test } from "vitest";
import { leftIn, type Proving, startProving } from "../conformance/faults/fault-matrix.ts";

/** One cell of the fault matrix (test/conformance/fault-matrix.test.ts), to know soon when the whole would fail. */
let proving: Proving;
beforeAll(async () => {
  proving = await startProving();
});
afterAll(() => proving.close());

test("a deploy whose answer from ExecuteChangeSet breaks off is a deploy all the same", async () => {
  const lane = await proving.newLane();
  const rule = {
    fault: "reset",
    when: "after",
    times: 1,
    service: "cloudformation",
    operation: "ExecuteChangeSet",
  } as const;
  const struck = await proving.under(rule, lane, ["deploy", "--yes"]);
  expect(struck, struck.stderr).toMatchObject({ code: 0, hits: 1 });
  expect(await lane.lmi("invoke")).toMatchObject({ code: 0, stdout: '"one"' });
  expect(await lane.lmi("destroy", "--yes")).toMatchObject({ code: 0 });
  expect(await leftIn(proving.target, lane)).toEqual([]);
});
