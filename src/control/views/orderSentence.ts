import { cellsOf } from '../cellList.ts';
import type { Missing } from '../quorum.ts';
import type { Change } from '../state.ts';
import type { Key, Order, Scope, Territory } from '../types.ts';

/**
 * An order in one plain sentence: "withhold service over URY for all terminals, from …".
 *
 * @param name of the territory; absent: its id and version
 */
export function orderSentence(order: Order, name?: string): string {
  const { kind, scope, effective, drill, breakGlass } = order;
  const until = effective.to === undefined ? '' : ` until ${minuteOf(effective.to)}`;
  const place = scope ? scopeWords(scope, name) : 'a territory that is sealed';
  const way = breakGlass ? ` by break-glass, for ${breakGlass.ttlHours} h` : '';
  return `${drill ? 'drill: ' : ''}${kind} service over ${place}${way}, from ${minuteOf(effective.from)}${until}`;
}

/** A change of what was fixed at genesis, in words. */
export function changeSentence({ type, body }: Change): string {
  switch (type) {
    case 'roster/v1':
      return `change the roster: ${body.roster.persons.length} people in ${body.roster.seats.length} seats`;
    case 'rule/v1':
      return 'change the rules of decision';
    case 'policySet/v1':
      return 'change the policies of who may read and file';
    case 'territory/v1':
      return territoryWords(body.territories);
    case 'keyEnrol/v1':
      return `enrol ${keyWords(body.key)}`;
    case 'keyRevoke/v1':
      return `revoke ${keyWords(body.key)}`;
  }
}

function territoryWords(territories: readonly Territory[]): string {
  const added = territories.filter(({ version }) => version === 1).map(({ name }) => name);
  const redrawn = territories
    .filter(({ version }) => version > 1)
    .map(({ name, version }) => `${name} (version ${version})`);
  return [
    ...(added.length > 0 ? [`take in ${added.join(', ')}, so that orders can name it`] : []),
    ...(redrawn.length > 0 ? [`draw anew ${redrawn.join(', ')}`] : []),
  ].join('; ');
}

function keyWords({ holder, publicKey }: Key): string {
  return `a ${publicKey.kind === 'note' ? 'signing key' : 'passkey'} of ${holder}`;
}

/** Where and for whom, in words. */
export function scopeWords(scope: Scope, name?: string): string {
  const { territory, cells, exceptCells, terminals, constraint, band } = scope;
  const part = cells ? `, ${cellsOf(cells).length} cells of it` : '';
  const except = exceptCells ? `, all but ${cellsOf(exceptCells).length} cells` : '';
  const who =
    terminals.kind === 'all'
      ? 'all terminals'
      : terminals.kind === 'class'
        ? terminals.classes.join(' and ')
        : `${terminals.kind} list of ${terminals.count} terminals`;
  const limits =
    constraint.kind === 'limits'
      ? `, limited to ${Object.entries(constraint)
          .filter(([name]) => name !== 'kind')
          .map(([name, value]) => `${name} ${value}`)
          .join(', ')}`
      : '';
  const place = name ?? `${territory.id}@${territory.version}`;
  return `${place}${part}${except} for ${who}${limits} (${BANDS[band]})`;
}

const BANDS = {
  inside: 'its border band too',
  outside: 'its border band left alone',
  share: 'its border band shared',
} as const;

function minuteOf(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

/** What a quorum lacks, in words that name it. */
export function missingWords(missing: Missing): string {
  switch (missing.what) {
    case 'seat':
      return `${missing.count} more from ${missing.office}`;
    case 'commitmentSeat':
      return `the seat ${missing.seat}`;
    case 'jurisdictions':
      return `${missing.count} more jurisdictions among ${missing.office}`;
    case 'votes':
      return `${missing.count} more yes votes`;
    case 'employers':
      return `votes from ${missing.count} more employers`;
  }
}
