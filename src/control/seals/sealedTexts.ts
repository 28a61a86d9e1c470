import type { Commitment, Contact, Order } from '../types.ts';

const MARK = 'sealed:';

/**
 * What may be sealed. Never: kind, state, deadlines, counts, capacities, break-glass; of a contact who it
 * was, when, how late, and what it was about: by those it is measured who may not vote.
 */
export const SEALABLE = {
  'order/v1': /^(scope|reason|legalBasis\[\d+\]|originators\[\d+\]\.(party|onBehalfOf|channel))$/,
  'commitment/v1': /^customer$/,
  'contact/v1':
    /^(channel|place|asked|offered|answered|continuingBond|(present|interpreting)\[\d+\])$/,
} as const;
export type SealCarrier = keyof typeof SEALABLE;

/** A text of a body that is sealed: where it stands, and the digest that stands there. */
export interface SealedText {
  readonly name: string;
  readonly digest: string;
}

/** What stands in the place of a sealed text. */
export function sealedText(digest: string): string {
  return MARK + digest;
}

/** What may carry a seal. */
export type SealBearer = Order | Commitment | Contact;

/** Every sealed text of what may carry a seal. */
export function sealedTextsOf(body: SealBearer): SealedText[] {
  const { seal: _, proof: __, ...said } = body;
  const found: SealedText[] = [];
  const walk = (value: unknown, name: string): void => {
    if (typeof value === 'string' && value.startsWith(MARK)) {
      found.push({ name, digest: value.slice(MARK.length) });
    } else if (Array.isArray(value)) {
      value.forEach((item, i) => {
        walk(item, `${name}[${i}]`);
      });
    } else if (value !== null && typeof value === 'object') {
      for (const [key, item] of Object.entries(value)) {
        walk(item, name === '' ? key : `${name}.${key}`);
      }
    }
  };
  walk(said, '');
  return found;
}

/** The value under a name such as `originators[0].party`; undefined when there is none. */
export function valueAt(body: unknown, name: string): unknown {
  let value = body;
  for (const step of stepsOf(name)) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step))
      return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** A copy with another value under a name whose parents are there. */
export function withValueAt<T>(body: T, name: string, value: unknown): T {
  const copy = structuredClone(body);
  const steps = stepsOf(name);
  const last = steps.pop() as string;
  const parent = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], copy);
  (parent as Record<string, unknown>)[last] = value;
  return copy;
}

function stepsOf(name: string): string[] {
  return name.replaceAll('[', '.').replaceAll(']', '').split('.');
}
