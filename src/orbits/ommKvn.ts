import { takeOmm } from './ommFields.ts';
import type { ReadingState } from './validateElements.ts';

const KEY_VALUE = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/;
const UNITS = /\s*\[[^\]]*\]$/;
/** Keywords that a message has once: seen again, they begin the next one. */
const ONCE = new Set(['OBJECT_NAME', 'OBJECT_ID', 'NORAD_CAT_ID', 'EPOCH', 'MEAN_MOTION']);

/**
 * Reads OMM as keyword = value lines, any number of messages one after the other. A message begins at
 * CCSDS_OMM_VERS, or where a keyword that it can have only once comes again. Units in brackets and
 * lines without `=` (COMMENT among them) are passed over.
 */
export function readOmmKvn(text: string, state: ReadingState): void {
  let fields: Record<string, string> = {};
  let firstLine = 0;
  const finish = (): void => {
    if (firstLine > 0) takeOmm(fields, firstLine, state);
    fields = {};
    firstLine = 0;
  };

  let number = 0;
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const line = text.slice(start, end);
    start = end + 1;
    number++;
    // No OMM line is that long; the expression below must not be run on megabytes of blanks.
    if (line.length > 1000 || line.trimStart().startsWith('COMMENT')) continue;
    const match = KEY_VALUE.exec(line);
    if (!match) continue;
    const [, key, value] = match;
    if (key === 'CCSDS_OMM_VERS' || (ONCE.has(key) && key in fields)) finish();
    if (firstLine === 0) firstLine = number;
    fields[key] = value.replace(UNITS, '');
  }
  finish();
}
