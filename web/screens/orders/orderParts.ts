import type { Order } from '../../../src/control/types.ts';
import type { SealablePart } from '../../kit/SealDraft.tsx';

/** Parts of an order that may be kept back, under the names of their fields. */
export function orderParts({
  reason,
  legalBasis,
  originators,
}: Omit<Order, 'proof'>): SealablePart[] {
  const parts: SealablePart[] = [];
  if (reason.trim() !== '') parts.push(['reason', 'the reason']);
  legalBasis.forEach((basis, i) => {
    parts.push([`legalBasis[${i}]`, `legal basis “${basis}”`]);
  });
  originators.forEach(({ party, onBehalfOf, channel }, i) => {
    if (!/^(person|org):/.test(party)) parts.push([`originators[${i}].party`, `“${party}”`]);
    if (onBehalfOf !== undefined && !/^(person|org):/.test(onBehalfOf)) {
      parts.push([`originators[${i}].onBehalfOf`, `on behalf of “${onBehalfOf}”`]);
    }
    parts.push([`originators[${i}].channel`, `channel “${channel}”`]);
  });
  return parts;
}
