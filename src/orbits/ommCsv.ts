import Papa from 'papaparse';
import { rejectOmm, takeOmm } from './ommFields.ts';
import { type ReadingState, RecordFault } from './validateElements.ts';

/**
 * Reads OMM as CSV with a header row, as CelesTrak and Space-Track serve it. Each line is a record of
 * its own (OMM values hold no line breaks), so a stray quote costs one record and not the rest.
 */
export function readOmmCsv(text: string, state: ReadingState): void {
  let header: string[] | null = null;
  let headerText = '';
  let number = 0;
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const line = text.slice(start, end).trimEnd();
    start = end + 1;
    number++;
    if (line === '' || line === headerText) continue;
    if (header === null && line.startsWith('#')) continue;
    const cells = cellsOf(line);
    if (header === null) {
      header = (cells ?? []).map(cell => cell.trim().toUpperCase());
      headerText = line;
      continue;
    }
    const fields: Record<string, string> = {};
    header.forEach((key, column) => {
      const cell = (cells ?? line.split(','))[column];
      if (cell !== undefined) fields[key] = cell;
    });
    if (cells?.length === header.length) {
      takeOmm(fields, number, state);
    } else {
      const found = cells ? `${cells.length} values for ${header.length} columns` : 'an open quote';
      rejectOmm(new RecordFault('OMM_SHAPE', null, `the row has ${found}`), fields, number, state);
    }
  }
}

/** The cells of one row; `null` when its quotes do not match. */
function cellsOf(line: string): string[] | null {
  if (!line.includes('"')) return line.split(',');
  const { data, errors } = Papa.parse<string[]>(line, { delimiter: ',' });
  return errors.length === 0 ? data[0] : null;
}
