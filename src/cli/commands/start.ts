import { Command } from 'commander';
import { parseInstant } from '../../orbits/index.ts';
import { DEFAULT_FLEET, DEFAULT_INSTANT } from '../../runs/fleet.ts';
import { checkOutputs } from '../output.ts';
import { addOutputOptions, DEFAULT_REACH_KM, type OutputOptions } from '../worldOptions.ts';
import { whatIf } from './whatif.ts';

const TERRITORY = 'TWN';

/**
 * What `npm start` runs: one territory, one hour, the fleet as flown, no clock and no chance. It is the
 * same wherever the same people data are built in: `auto` takes Kontur's where they are, else the cities'.
 */
export function startCommand(): Command {
  const command = new Command('start').description(
    'The default what-if: service withheld over Taiwan for an hour, with a report.',
  );
  addOutputOptions(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  $ beamkeeper start
  $ beamkeeper start --html report.html`,
    )
    .action(async (options: OutputOptions) => {
      const html =
        options.html ?? `beamkeeper-report-${TERRITORY}-${DEFAULT_INSTANT.slice(0, 10)}.html`;
      const withReport = { ...options, html };
      await checkOutputs(withReport, []);
      await whatIf(
        {
          catalogues: [],
          constellation: DEFAULT_FLEET,
          at: parseInstant(DEFAULT_INSTANT),
          forS: 3600,
          stepS: 15,
          resolution: 5,
          people: 'auto',
          edge: 'centre',
          reachKm: DEFAULT_REACH_KM,
          seed: 1,
          terminal: 'fixed',
          off: [TERRITORY],
          restrict: [],
          denyGateways: [],
          denyLasers: false,
          over: [],
        },
        withReport,
      );
    });
}
