import type { Command } from 'commander';

/**
 * Arguments as they are, but for points south of the equator such as `-33.87,151.21`: commander takes
 * what begins with a dash for an option. They move to the front of the command's operands, behind a
 * blank, which is no part of a number. A value of an option stays where it is.
 */
export function pointOperands(program: Command, args: readonly string[]): string[] {
  const command = program.commands.find(one => one.name() === args[0]);
  if (command === undefined) return [...args];
  const isValue = (i: number): boolean =>
    command.options.some(
      option =>
        [option.short, option.long].includes(args[i - 1]) && option.required && !option.variadic,
    );
  const isPoint = args.map((arg, i) => /^-\d[\d.]*,/.test(arg) && !isValue(i));
  const points = args.filter((_, i) => isPoint[i]).map(arg => ` ${arg}`);
  const others = args.filter((_, i) => !isPoint[i]);
  return [others[0], ...points, ...others.slice(1)];
}
