import { Command } from 'commander';
import { createSigningKey, readSigningKey } from '../../store/signingKey.ts';
import { print, printJson } from '../output.ts';

export function keysCommand(): Command {
  const keys = new Command('keys').description(
    'Signing keys of people and machines: with them votes are cast that no server can forge.',
  );
  keys
    .command('new')
    .description('Make a key of your own. The file is yours alone; the verifier key is public.')
    .argument('<name>', 'who signs with it, as the roster names him: person:legal, key:twin')
    .option('--out <file>', 'the key file (default: NAME.key)')
    .option('--json', 'the result as JSON on standard output')
    .addHelpText(
      'after',
      `
Examples:
  $ beamkeeper keys new person:ada
  $ beamkeeper keys new key:twin --out twin-2026.key --json`,
    )
    .action(async (name: string, options: { out?: string; json?: boolean }) => {
      const path = options.out ?? `${name.replace(/^[a-z]+:/, '')}.key`;
      const { verifierKey } = await createSigningKey(name, path);
      if (options.json) printJson({ command: 'keys new', holder: name, file: path, verifierKey });
      else print(`Wrote ${path} (keep it; nobody can make it again)\n${verifierKey}`);
    });
  keys
    .command('show')
    .description('The public half of a key, to be put into the roster.')
    .argument('<file>', 'a key file')
    .option('--json', 'the result as JSON on standard output')
    .addHelpText('after', '\nExample:\n  $ beamkeeper keys show legal.key')
    .action(async (path: string, options: { json?: boolean }) => {
      const { name, verifierKey } = await readSigningKey(path);
      if (options.json) printJson({ command: 'keys show', holder: name, verifierKey });
      else print(verifierKey);
    });
  return keys;
}
