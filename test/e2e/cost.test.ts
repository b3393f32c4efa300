import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { CostReport } from "../../src/cli/commands/cost/report.ts";
import { irishProducts, priceListServer } from "../helpers/price-list-server.ts";
import { Machine } from "./lmi.ts";

let machine: Machine;
let cwd: string;
beforeAll(async () => {
  machine = await Machine.create({
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "example",
    AWS_REGION: "eu-west-1",
  });
  expect(await machine.lmi(["init", "hello", "--yes"])).toMatchObject({ code: 0 });
  cwd = join(machine.home, "hello");
});
afterAll(() => machine.dispose([cwd]));

const report = (stdout: string) => JSON.parse(stdout) as CostReport;

test("lmi cost asks AWS once for prices, and reckons with them", async () => {
  const server = await priceListServer(irishProducts());
  const env = { AWS_ENDPOINT_URL_PRICING: server.endpoint };
  const first = await machine.lmi(["cost", "--json"], { cwd, env });
  expect(first.code).toBe(0);
  const { prices, items, notes } = report(first.stdout);
  expect(prices).toMatchObject({ source: "aws", region: "eu-west-1" });
  // $0.1824 × 730; 15 % of it; $0.048 × 730; $0.005 × 730
  expect(items.map(({ monthly }) => Number(monthly.toFixed(2)))).toEqual([
    133.15, 19.97, 35.04, 3.65,
  ]);
  expect(notes[0]).toMatch(/^Prices of eu-west-1 from AWS, \d{4}-\d\d-\d\d; fee/);
  const asked = server.queries.length;
  const text = await machine.lmi(["cost"], { cwd, env });
  expect(text.stdout).toContain("Prices of eu-west-1 from AWS");
  expect(server.queries).toHaveLength(asked);
});

test("a denial, and an endpoint without prices, give the table, but not to who asked for AWS's alone", async () => {
  const denied = await priceListServer([], {
    status: 400,
    type: "AccessDeniedException",
    message: "User is not authorized to perform: pricing:GetProducts",
  });
  const env = { AWS_ENDPOINT_URL_PRICING: denied.endpoint };
  const { code, stdout } = await machine.lmi(["cost"], { cwd, env });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Prices of us-east-1, .*; eu-west-1 may differ/m);
  expect(stdout).toContain("AWS does not allow this to the caller. The table in lmi is used");
  expect(await machine.lmi(["cost", "--prices", "aws"], { cwd, env })).toMatchObject({
    code: 5,
    stdout: "",
    stderr: expect.stringMatching(/are not to be had\.[\s\S]*--prices table/),
  });

  const up = await machine.lmi(["local", "up", "--json"], { cwd });
  const { endpoint } = JSON.parse(up.stdout) as { readonly endpoint: string };
  const local = await machine.lmi(["cost", "--prices", "aws", "--json"], {
    cwd,
    env: { AWS_ENDPOINT_URL: endpoint },
  });
  expect(local.code).toBe(1);
  expect(local.stdout).toContain("LMI_PRICES_UNAVAILABLE");
});
