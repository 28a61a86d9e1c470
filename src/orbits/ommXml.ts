import { XMLParser } from 'fast-xml-parser';
import { type OmmFields, rejectOmm, takeOmm } from './ommFields.ts';
import { LineCounter } from './ommJson.ts';
import { type ReadingState, RecordFault } from './validateElements.ts';

const MESSAGE_START = /<(?:[\w.-]+:)?omm(?=[\s>])/g;
const MESSAGE_END = /<\/(?:[\w.-]+:)?omm\s*>/;

/**
 * Reads OMM as XML (`<ndm>` with many `<omm>`, or one `<omm>`), each message on its own, so that a
 * damaged one costs no other. Values stay text until they are read as numbers.
 */
export function readOmmXml(text: string, state: ReadingState): void {
  const parser = new XMLParser({
    ignoreAttributes: true,
    removeNSPrefix: true,
    parseTagValue: false,
    trimValues: true,
  });
  const lines = new LineCounter(text);
  const starts = Array.from(text.matchAll(MESSAGE_START), match => match.index);
  starts.forEach((start, index) => {
    const line = lines.at(start);
    const upToNext = text.slice(start, starts[index + 1] ?? text.length);
    const end = MESSAGE_END.exec(upToNext);
    const fields: Record<string, unknown> = {};
    let fault: RecordFault | null = null;
    if (end) {
      try {
        collectLeaves(parser.parse(upToNext.slice(0, end.index + end[0].length)), fields);
      } catch {
        fault = new RecordFault('OMM_SHAPE', null, 'the message is not well-formed XML');
      }
    } else {
      fault = new RecordFault('OMM_SHAPE', null, 'the message has no closing </omm>');
    }
    if (fault) rejectOmm(fault, salvageIdentity(upToNext), line, state);
    else takeOmm(fields, line, state);

    const behind = start + (end ? end.index + end[0].length : upToNext.length);
    const left = upToNext.slice(behind - start);
    const lost = left.search(/<(?:[\w.-]+:)?(?:metadata|OBJECT_NAME|NORAD_CAT_ID)\b/);
    if (lost >= 0) {
      const noStart = new RecordFault('OMM_SHAPE', null, 'a message has lost its opening <omm>');
      rejectOmm(noStart, salvageIdentity(left), lines.at(behind + lost), state);
    }
  });
}

/** Whom a broken message is about, if that much of it can be read. */
function salvageIdentity(text: string): OmmFields {
  return {
    NORAD_CAT_ID: /<NORAD_CAT_ID>\s*(\w{1,9})\s*</.exec(text)?.[1],
    OBJECT_NAME: /<OBJECT_NAME>([^<]*)</.exec(text)?.[1],
  };
}

/** Gathers every element that holds text under its own name, however deep the standard puts it. */
function collectLeaves(node: unknown, fields: Record<string, unknown>): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (Array.isArray(value)) fields[key] = value;
    else if (typeof value === 'object' && value !== null) {
      // Kept under its name too: a number that turns out to hold elements is unreadable, not missing.
      fields[key] = value;
      collectLeaves(value, fields);
    } else fields[key] = value;
  }
}
