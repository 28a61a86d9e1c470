import { CAPACITIES, type Originator } from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import { oneOf } from './optionValues.ts';
import { instantOption } from './switchOptions.ts';

/**
 * One link of the chain of who asked, from
 * `party=…; capacity=…; channel=…[; for=…][; contact=…][; at=…]`.
 *
 * @throws BeamkeeperError `OPTION`
 */
export function parseOriginator(text: string): Originator {
  const fields = new Map(
    text.split(';').map((part): [string, string] => {
      const [name, ...value] = part.split('=');
      return [name.trim(), value.join('=').trim()];
    }),
  );
  const party = fields.get('party');
  const channel = fields.get('channel');
  if (!party || !channel) {
    throw new BeamkeeperError(
      'OPTION',
      `--asked "${text}": says no party or no channel; write "party=…; capacity=…; channel=…"`,
    );
  }
  const onBehalfOf = fields.get('for');
  const contactId = fields.get('contact');
  return {
    party,
    capacity: oneOf('--asked: capacity', CAPACITIES)(fields.get('capacity') ?? ''),
    ...(onBehalfOf !== undefined && { onBehalfOf }),
    channel,
    ...(contactId !== undefined && { contactId }),
    at: instantOption('--asked: at')(fields.get('at') ?? 'now'),
  };
}
