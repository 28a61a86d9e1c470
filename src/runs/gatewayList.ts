import { type Gateways, readGateways } from '../earth/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import { builtGateways, GATEWAY_LISTS, type GatewayList } from '../store/builtData.ts';
import { readInputFile } from '../store/inputFile.ts';

const MAX_GATEWAY_BYTES = 16e6;

/** The gateways of a run, and whose they are. */
export interface ChosenGateways {
  readonly gateways: Gateways;
  /** `starlink`, `oneweb`, or the file. */
  readonly list: string;
  /** The operator whose points of presence go with them. */
  readonly operator: GatewayList;
  /** Set when another operator's gateways had to stand in. */
  readonly warning: string | null;
}

/**
 * Gateways by `--gateway-list` (`starlink`, `oneweb` or a file), else those of the operator.
 *
 * @throws BeamkeeperError `GATEWAYS_EMPTY` when the list has no gateway; for files that cannot be read
 */
export async function chooseGateways(
  wanted: string | undefined,
  operator: string,
): Promise<ChosenGateways> {
  const own = isKnown(operator) ? operator : 'starlink';
  if (wanted === undefined || isKnown(wanted)) {
    const list = wanted ?? own;
    const isStandIn = wanted === undefined && list !== operator;
    return {
      gateways: builtGateways(list),
      list,
      operator: list,
      warning: isStandIn
        ? 'no gateway list is known for these satellites: the gateways of Starlink stand in (--gateway-list)'
        : null,
    };
  }
  const bytes = await readInputFile(wanted, { maxBytes: MAX_GATEWAY_BYTES });
  const gateways = readGateways(new TextDecoder().decode(bytes), wanted);
  if (gateways.count === 0) {
    throw new BeamkeeperError(
      'GATEWAYS_EMPTY',
      `${wanted}: the list has no gateway; give rows of name,lat,lon,country,status, or --gateway-list ${GATEWAY_LISTS.join(' or ')}`,
    );
  }
  return { gateways, list: wanted, operator: own, warning: null };
}

function isKnown(name: string): name is GatewayList {
  return (GATEWAY_LISTS as readonly string[]).includes(name);
}
