import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { cacheFolder } from "../local/state-folder.ts";
import { makeFolder } from "../../local/make-folder.ts";
import { type PriceList, tablePrices } from "../../synth/cost/prices.ts";
import type { System } from "../system.ts";

type Place = Pick<System, "env" | "home" | "program">;

/** What AWS said last of the prices of a region. */
export interface KeptPrices {
  readonly prices: PriceList;
  /** Families of instance types that were asked for. */
  readonly families: readonly string[];
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

/** A question that has failed since, beside the prices of an earlier one. */
export interface KeptFailure {
  readonly why: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

export interface PriceCache {
  readonly known?: KeptPrices | undefined;
  readonly failure?: KeptFailure | undefined;
}

/** Prices change some times a year; the table in lmi is older than a week. */
const maxAgeDays = 7;
/** Whoever is offline is not made to wait by each command. */
const failureMinutes = 60;

export function freshPrices({ known }: PriceCache, now: Date): KeptPrices | undefined {
  return isYounger(known, maxAgeDays * 24 * 60, now) ? known : undefined;
}

export function freshFailure({ failure }: PriceCache, now: Date): KeptFailure | undefined {
  return isYounger(failure, failureMinutes, now) ? failure : undefined;
}

function isYounger(kept: { readonly at: number } | undefined, minutes: number, now: Date): boolean {
  const age = kept === undefined ? -1 : now.getTime() - kept.at;
  return age >= 0 && age < minutes * 60_000;
}

/** Empty where nothing is kept, or nothing that can be read. */
export function readPriceCache(region: string, place: Place): PriceCache {
  try {
    const value: unknown = JSON.parse(readFileSync(fileOf(region, place), "utf8"));
    return isPriceCache(value) ? value : {};
  } catch {
    // Absent or damaged: a cache is only ever a saving.
    return {};
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
  const { known, failure } = value as PriceCache;
  if (failure !== undefined && typeof failure?.why !== "string") return false;
  return known === undefined || (Array.isArray(known?.families) && isPriceList(known.prices));
}

/** As this version of lmi writes it: every number of the table is there. */
function isPriceList(value: unknown): value is PriceList {
  if (typeof value !== "object" || value === null) return false;
  const given = value as Readonly<Record<string, unknown>>;
  return Object.entries(tablePrices).every(([name, own]) => typeof given[name] === typeof own);
}
