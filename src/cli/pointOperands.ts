import type { Command } from 'commander';

/**
 * Arguments as they are, but for points south of the equator such as `-33.87,151.21`: commander takes
 * what begins with a dash for an option. They get a blank before them, which is no part of a number,
 * and keep their place, because `route FROM TO` has an order; only where an option that takes all
 * words after it would swallow them, they move before the first option. A value of an option stays.
 */
export function pointOperands(program: Command, args: readonly string[]): string[] {
  const command = program.commands.find(one => one.name() === args[0]);
  if (command === undefined) return [...args];
  const optionOf = (arg: string) =>
    command.options.find(option => option.short === arg || option.long === arg);
  const isPoint = (i: number): boolean => {
    if (!/^-\d[\d.]*,/.test(args[i])) return false;
    const option = optionOf(args[i - 1]);
    return option === undefined || !option.required || option.variadic;
  };
  const before: string[] = [];
  const after: string[] = [];
  let isSwallowing = false;
  let isAfterOption = false;
  args.forEach((arg, i) => {
    if (i > 0 && isPoint(i)) {
      (isAfterOption && !isSwallowing ? after : before).push(` ${arg}`);
      return;
    }
    const isOption = arg.startsWith('-');
    if (isOption) isSwallowing = optionOf(arg)?.variadic === true;
    isAfterOption ||= isOption;
    (isAfterOption ? after : before).push(arg);
  });
  return [...before, ...after];
}
