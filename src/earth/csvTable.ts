import Papa from 'papaparse';
import { BeamkeeperError } from '../orbits/error.ts';

/** One row of a table with its line number for messages. */
export interface CsvRow {
  readonly line: number;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * A CSV table with a heading row; lines that start with `#` are comments (source, date, licence).
 *
 * @throws BeamkeeperError `CSV_COLUMNS` when a needed column is missing, `CSV_EMPTY` without a row.
 */
export function readCsvTable(
  text: string,
  source: string,
  columns: readonly string[],
): readonly CsvRow[] {
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { comments: '#' });
  // Papa drops comment lines without counting them; a plain count of lines finds them again.
  const lines = text.split(/\r?\n/);
  const lineNumbers: number[] = [];
  lines.forEach((line, i) => {
    if (!line.startsWith('#')) lineNumbers.push(i + 1);
  });
  const rows = data.map((cells, i) => ({ line: lineNumbers[i] ?? i + 1, cells }));
  const filled = rows.filter(row => row.cells.some(cell => cell.trim() !== ''));
  const [head, ...rest] = filled;
  if (head === undefined) throw new BeamkeeperError('CSV_EMPTY', `${source}: the table is empty`);
  const names = head.cells.map(name => name.trim());
  for (const column of columns) {
    if (!names.includes(column)) {
      throw new BeamkeeperError(
        'CSV_COLUMNS',
        `${source}:${head.line}: no column "${column}"; it has ${names.join(', ')}`,
      );
    }
  }
  return rest.map(row => ({
    line: row.line,
    fields: Object.fromEntries(names.map((name, i) => [name, (row.cells[i] ?? '').trim()])),
  }));
}
