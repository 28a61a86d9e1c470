import { BeamkeeperError } from '../../orbits/error.ts';
import type { Sha256 } from '../../tlog/index.ts';
import { scopeShape } from '../bodyShapes.ts';
import type { DisclosedScopes } from '../inForce.ts';
import type { Order, Scope, Sha256Hex } from '../types.ts';
import { disclosureDigest } from './disclosure.ts';
import type { OpenedPortion } from './sealedBlob.ts';
import { type SealBearer, sealedTextsOf, withValueAt } from './sealedTexts.ts';

/**
 * An order, a commitment or a contact with the portions that somebody may read in their places. What he may not
 * read stays sealed.
 *
 * @throws BeamkeeperError `SEAL_DIGEST` when a portion belongs to no place of this body, `SEAL_TWICE`
 *   when two portions claim one place: then the sealer told readers different things
 */
export function revealBody<T extends SealBearer>(
  sha256: Sha256,
  body: T,
  portions: readonly Pick<OpenedPortion, 'name' | 'value' | 'disclosure'>[],
): T {
  const texts = sealedTextsOf(body);
  let revealed = body;
  const names = new Set<string>();
  for (const { name, value, disclosure } of portions) {
    if (names.has(name)) {
      throw new BeamkeeperError('SEAL_TWICE', `${name}: two portions claim this place`);
    }
    names.add(name);
    const digest = disclosureDigest(sha256, disclosure);
    const isScope = name === 'scope' && 'kind' in body && body.scope === undefined;
    const hasPlace = texts.some(text => text.name === name && text.digest === digest);
    const isFit = isScope
      ? (body.seal?.sd.includes(digest) ?? false) && scopeShape(value, name) === undefined
      : hasPlace && typeof value === 'string';
    if (!isFit) {
      throw new BeamkeeperError('SEAL_DIGEST', `${name}: the entry has no place for this portion`);
    }
    revealed = isScope
      ? { ...revealed, scope: value as Scope }
      : withValueAt(revealed, name, value);
  }
  return revealed;
}

/** What a reader's portions tell the fold: the scope of each order that was revealed to him. */
export function disclosedScopes(
  revealed: Iterable<readonly [orderHash: Sha256Hex, order: Order]>,
): DisclosedScopes {
  const scopes = new Map<Sha256Hex, Scope>();
  for (const [hash, { scope }] of revealed) if (scope) scopes.set(hash, scope);
  return scopes;
}
