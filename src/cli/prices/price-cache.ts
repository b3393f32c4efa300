import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { cacheFolder } from "../local/state-folder.ts";
import { makeFolder } from "../../local/make-folder.ts";
import { type PriceList, tablePrices } from "../../synth/cost/prices.ts";
import type { System } from "../system.ts";

type Place = Pick<System, "env" | "home" | "program">;

/** What is known of the prices of a region: the last answer, or that there was none. */
export interface PriceCache {
  readonly prices?: PriceList | undefined;
  /** Families of instance types that were asked for. */
  readonly families?: readonly string[] | undefined;
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** Why AWS gave no prices. */
  readonly failed?: string | undefined;
}

/** Prices change some times a year; the table in lmi is older than a week. */
const maxAgeDays = 7;
/** Whoever is not allowed, or offline, is not made to wait by each command. */
const failureMinutes = 60;

export function isFresh({ at, failed }: PriceCache, now: Date): boolean {
  const age = now.getTime() - at;
  const limit = failed === undefined ? maxAgeDays * 24 * 60 : failureMinutes;
  return age >= 0 && age < limit * 60_000;
}

/** undefined where nothing is kept, or nothing that can be read. */
export function readPriceCache(region: string, place: Place): PriceCache | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(fileOf(region, place), "utf8"));
    return isPriceCache(value) ? value : undefined;
  } catch {
    // Absent or damaged: a cache is only ever a saving.
    return undefined;
  }
}

/** @returns whether it could be kept */
export function writePriceCache(region: string, cache: PriceCache, place: Place): boolean {
  try {
    const [folder, file] = [join(cacheFolder(place), "prices"), fileOf(region, place)];
    makeFolder(folder);
    writeFileSync(`${file}.${place.program.pid}`, `${JSON.stringify(cache)}\n`, { mode: 0o600 });
    renameSync(`${file}.${place.program.pid}`, file);
    return true;
  } catch {
    // A folder that cannot be written costs the next command a question more.
    return false;
  }
}

/** Another endpoint may say other prices. */
function fileOf(region: string, place: Place): string {
  const endpoint = place.env["AWS_ENDPOINT_URL_PRICING"] || place.env["AWS_ENDPOINT_URL"] || "";
  const suffix =
    endpoint === "" ? "" : `-${createHash("sha256").update(endpoint).digest("hex").slice(0, 8)}`;
  return join(cacheFolder(place), "prices", `${region}${suffix}.json`);
}

function isPriceCache(value: unknown): value is PriceCache {
  if (typeof value !== "object" || value === null) return false;
  const { at, prices, failed } = value as Partial<PriceCache>;
  if (typeof at !== "number") return false;
  return prices === undefined ? typeof failed === "string" : isPriceList(prices);
}

/** As this version of lmi writes it: every number of the table is there. */
function isPriceList(value: unknown): value is PriceList {
  if (typeof value !== "object" || value === null) return false;
  const given = value as Readonly<Record<string, unknown>>;
  return Object.entries(tablePrices).every(([name, own]) => typeof given[name] === typeof own);
}
