/** A column of a table for people. */
export interface TextColumn {
  readonly heading: string;
  readonly align?: 'left' | 'right';
}

/** Lines of a plain table: two spaces between columns, numbers to the right, a rule under the headings. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): string[] {
  const widths = columns.map(({ heading }, c) =>
    Math.max(width(heading), ...rows.map(row => width(row[c] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align = 'left' }, c) => {
        const cell = cells[c] ?? '';
        const space = ' '.repeat(Math.max(0, widths[c] - width(cell)));
        return align === 'right' ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(column => column.heading)),
    widths.map(w => '─'.repeat(w)).join('  '),
    ...rows.map(line),
  ];
}

/** Terminal columns, near enough: combining marks take none, East Asian wide letters two. */
function width(text: string): number {
  let columns = 0;
  for (const letter of text) {
    if (/\p{M}/u.test(letter)) continue;
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u.test(letter)
      ? 2
      : 1;
  }
  return columns;
}

/** Columns of words, aligned to the left. */
export function wordColumns(...headings: readonly string[]): TextColumn[] {
  return headings.map(heading => ({ heading }));
}
