import { BeamkeeperError } from '../../orbits/error.ts';
import type { Commitment, Contact, Marking, Order } from '../types.ts';
import { type MadeSeal, makeSeal, type SealCrypto, type SealTerms } from './makeSeal.ts';
import { SEALABLE, type SealCarrier, sealedText, valueAt, withValueAt } from './sealedTexts.ts';

export interface SealCarriers {
  'order/v1': Omit<Order, 'proof' | 'seal'>;
  'commitment/v1': Omit<Commitment, 'proof' | 'seal'>;
  'contact/v1': Omit<Contact, 'proof' | 'seal'>;
}

export interface SealedBody<T extends SealCarrier> {
  /** Without what is sealed; the second person's signed seal goes into it before its author signs. */
  readonly body: SealCarriers[T];
  readonly made: MadeSeal;
}

/**
 * Takes parts out of an order, a commitment or a contact and seals them: each name has its marking. In the
 * place of a text stands its digest; a sealed scope is left out.
 *
 * @param parts names such as `scope`, `reason`, `legalBasis[0]`, `originators[0].onBehalfOf`; of a
 *   commitment, `customer`; of a contact, `asked`, `present[0]`
 * @throws BeamkeeperError `SEAL_NAME` for what is not there or is never sealed; `SEAL_PARTY` for a
 *   person or organisation that would vote unseen on what they asked for
 *
 * @example
 * const { body, made } = await sealBody('order/v1', order, { scope: secret }, terms, crypto);
 * const seal = await signSeal(secondSigner, made.seal);
 * const signed = await signBody(author, 'order/v1', { ...body, seal });
 */
export async function sealBody<T extends SealCarrier>(
  type: T,
  body: SealCarriers[T],
  parts: Readonly<Record<string, Marking>>,
  terms: SealTerms,
  crypto: SealCrypto,
): Promise<SealedBody<T>> {
  const portions = Object.entries(parts).map(([name, marking]) => {
    const value = SEALABLE[type].test(name) ? valueAt(body, name) : undefined;
    if (value === undefined) {
      throw new BeamkeeperError('SEAL_NAME', `seal: ${name} is not there, or is never sealed`);
    }
    if (/^(originators|present)/.test(name) && /^(person|org):/.test(String(value))) {
      throw new BeamkeeperError(
        'SEAL_PARTY',
        `seal: ${name} is ${value}, of the roster; who may vote is never sealed as having asked, or been there`,
      );
    }
    return { name, value, marking };
  });
  const made = await makeSeal(portions, terms, crypto);
  let sealed = body;
  for (const [name, digest] of made.digests) {
    if (name === 'scope') {
      const { scope: _, ...rest } = sealed as SealCarriers['order/v1'];
      sealed = rest as SealCarriers[T];
    } else sealed = withValueAt(sealed, name, sealedText(digest));
  }
  return { body: sealed, made };
}
