import { isInstant } from './instants.ts';

/** Says what is wrong with a value, naming the field; undefined when it has the shape of a `T`. */
export interface Shape<T> {
  (value: unknown, field: string): string | undefined;
  /** Never set: carries the type. */
  readonly of?: T;
}
interface OptionalShape<T> {
  readonly optional: Shape<T>;
}
type FieldShapes<T> = {
  readonly [K in keyof T]-?: undefined extends T[K]
    ? OptionalShape<Exclude<T[K], undefined>>
    : object extends Pick<T, K>
      ? OptionalShape<T[K]>
      : Shape<T[K]>;
};

export function optional<T>(shape: Shape<T>): OptionalShape<T> {
  return { optional: shape };
}

/** An object with these fields and no others. */
export function fields<T>(shapes: FieldShapes<T>): Shape<T> {
  const entries = Object.entries(shapes) as [string, Shape<unknown> | OptionalShape<unknown>][];
  return (value, field) => {
    if (!isObject(value)) return `${field} is not an object`;
    const unknown = Object.keys(value).find(key => !Object.hasOwn(shapes, key));
    if (unknown !== undefined) return `${field}.${unknown} is not known`;
    for (const [key, shape] of entries) {
      const isPresent = Object.hasOwn(value, key);
      if (!isPresent && typeof shape !== 'function') continue;
      if (!isPresent) return `${field}.${key} is missing`;
      const check = typeof shape === 'function' ? shape : shape.optional;
      const wrong = check(value[key], `${field}.${key}`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value, field) => {
    if (!Array.isArray(value)) return `${field} is not a list`;
    for (const [i, one] of value.entries()) {
      const wrong = item(one, `${field}[${i}]`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

export function record<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value, field) => {
    if (!isObject(value)) return `${field} is not an object`;
    for (const [key, one] of Object.entries(value)) {
      const wrong = item(one, `${field}.${key}`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

export function oneOf<T extends string>(...names: readonly T[]): Shape<T> {
  return (value, field) =>
    names.includes(value as T) ? undefined : `${field} is none of ${names.join(', ')}`;
}

/** Chooses the shape by the field `kind`. */
export function byKind<T extends { kind: string }>(
  kinds: Readonly<Record<T['kind'], Shape<never> | Shape<T>>>,
): Shape<T> {
  return (value, field) => {
    const kind = isObject(value) ? value['kind'] : undefined;
    if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) {
      return `${field}.kind is none of ${Object.keys(kinds).join(', ')}`;
    }
    return kinds[kind as T['kind']](value, field);
  };
}

export function matching(pattern: RegExp, what: string): Shape<string> {
  return (value, field) =>
    typeof value === 'string' && pattern.test(value) ? undefined : `${field} is not ${what}`;
}

export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Shape<number> {
  return (value, field) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : `${field} is not an integer in ${least} … ${most}`;
}

export const text: Shape<string> = (value, field) =>
  typeof value === 'string' && value !== '' ? undefined : `${field} is not a text`;

export const flag: Shape<boolean> = (value, field) =>
  typeof value === 'boolean' ? undefined : `${field} is not true or false`;

export const always: Shape<true> = (value, field) =>
  value === true ? undefined : `${field} is not true`;

export const instant: Shape<string> = (value, field) =>
  isInstant(value) ? undefined : `${field} is not a UTC instant with milliseconds`;

export const anything: Shape<unknown> = () => undefined;

export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (value, field) => (value === null ? undefined : shape(value, field));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
