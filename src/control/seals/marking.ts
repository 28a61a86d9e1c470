import { canonicalJson } from '../canonicalJson.ts';
import type { Clearance, Marking, OrgId } from '../types.ts';

/** Highest level, all compartments, and only those to whom every portion may go. */
export function bannerOf(markings: readonly Marking[]): Marking {
  const compartments = [...new Set(markings.flatMap(m => m.compartments))].sort();
  const limited = markings.flatMap(({ releasableTo }) => (releasableTo ? [releasableTo] : []));
  return {
    level: Math.max(...markings.map(({ level }) => level)),
    compartments,
    ...(limited.length > 0 && {
      releasableTo: limited
        .reduce((left, one) => left.filter(party => one.includes(party)))
        .toSorted(),
    }),
  };
}

/** Portions of one name share a key. */
export function markingName({ level, compartments, releasableTo }: Marking): string {
  return canonicalJson([
    level,
    [...new Set(compartments)].sort(),
    releasableTo ? [...new Set(releasableTo)].sort() : null,
  ]);
}

/**
 * Whether a clearance reaches a marking: level, every compartment, and released to the state that
 * vouches for the reader or to his employer.
 */
export function isCleared(clearance: Clearance, employer: OrgId, marking: Marking): boolean {
  const { level, compartments, releasableTo } = marking;
  return (
    clearance.level >= level &&
    compartments.every(one => clearance.compartments.includes(one)) &&
    (releasableTo === undefined ||
      releasableTo.includes(clearance.state) ||
      releasableTo.includes(employer))
  );
}
