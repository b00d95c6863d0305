/** Checks of what a value is, and checks made of these: the words in which the protocol's shapes are written. */
import type { Json } from "./protocol";

export type Check = (value: unknown) => boolean;
type Guard<T> = (value: unknown) => value is T;
/** A check for every key, the optional ones included: a key added to the protocol does not compile until it is here. */
type Shape<T> = { readonly [K in keyof T]-?: Check };

export const isText: Guard<string> = (value) => typeof value === "string";
export const isNumber: Guard<number> = (value): value is number => typeof value === "number" && Number.isFinite(value);
export const isBoolean: Guard<boolean> = (value) => typeof value === "boolean";
export const isCount: Guard<number> = (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
export const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
export const oneOf =
  (...allowed: readonly string[]): Check =>
  (value) =>
    isText(value) && allowed.includes(value);
export const tuple =
  (...checks: readonly Check[]): Check =>
  (value) =>
    Array.isArray(value) && value.length === checks.length && checks.every((check, i) => check(value[i]));

export function object<T>(shape: Shape<T>): Guard<T> {
  const checks = Object.entries<Check>(shape);
  const known = new Set(Object.keys(shape));
  return (value): value is T =>
    isRecord(value) &&
    checks.every(([key, check]) => check(Object.hasOwn(value, key) ? value[key] : undefined)) &&
    Object.keys(value).every((key) => known.has(key));
}

export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function byName(discriminator: "kind" | "type", guards: ReadonlyMap<string, Check>): Check {
  return (value) => {
    const name = isRecord(value) ? value[discriminator] : undefined;
    return isText(name) && (guards.get(name)?.(value) ?? false);
  };
}

export function isJson(value: unknown): value is Json {
  if (value === null || isText(value) || isBoolean(value) || isNumber(value)) return true;
  if (Array.isArray(value)) return value.every(isJson);
  return isRecord(value) && Object.values(value).every(isJson);
}
