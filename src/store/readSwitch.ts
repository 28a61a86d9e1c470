import { join } from 'node:path';
import { BeamkeeperError } from '../orbits/index.ts';
import { parseVerifierKey, type TileSource } from '../tlog/index.ts';
import { logSource } from './logSource.ts';
import { auditSwitch, type SwitchAudit } from './switchAudit.ts';
import { nodeSha256 } from './tlogStore.ts';

/** A switch that was read and checked, without writing: a server may be writing it. */
export interface ReadSwitch {
  readonly source: TileSource;
  readonly audit: SwitchAudit;
  readonly control: NonNullable<SwitchAudit['control']>;
}

/**
 * Reads the switch of a data folder and checks all of it against its own key: for those who keep the
 * folder. Outsiders give a key or a policy of their own to `ledger verify`.
 *
 * @throws BeamkeeperError `SWITCH_MISSING`, and what {@link auditSwitch} throws
 */
export async function readSwitch(dataFolder: string): Promise<ReadSwitch> {
  const folder = join(dataFolder, 'ledger', 'orders');
  const source = logSource(folder);
  const [note, keys] = await Promise.all([source.read('checkpoint'), source.read('vkeys')]);
  if (note === undefined || keys === undefined) {
    throw new BeamkeeperError(
      'SWITCH_MISSING',
      `${dataFolder}: holds no switch; begin one with: beamkeeper switch begin`,
    );
  }
  const checkpoint = new TextDecoder().decode(note);
  const [key] = new TextDecoder().decode(keys).trim().split(/\s+/);
  const audit = await auditSwitch({
    source,
    origin: checkpoint.split('\n')[0],
    verifiers: [parseVerifierKey(nodeSha256, key)],
    checkpoint,
  });
  const { control } = audit;
  if (!control) {
    throw new BeamkeeperError('SWITCH_MISSING', `${folder}: is a log, but not one of a switch`);
  }
  return { source, audit, control };
}
