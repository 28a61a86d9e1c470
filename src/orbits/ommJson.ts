import { type OmmFields, rejectOmm, takeOmm } from './ommFields.ts';
import { type ReadingState, RecordFault } from './validateElements.ts';

/**
 * Reads OMM as JSON: an array of objects (CelesTrak, Space-Track), one object, or one object a line.
 * A file that is cut short or damaged still gives every object that is whole.
 */
export function readOmmJson(text: string, state: ReadingState): void {
  const lines = new LineCounter(text);
  const whole = parse(text);
  if (whole === undefined) {
    readDamaged(text, lines, state);
    return;
  }
  const items = Array.isArray(whole) ? whole : [whole];
  const starts = objectStarts(text, Array.isArray(whole) ? 1 : 0);
  let object = 0;
  for (const item of items) {
    if (isFields(item)) {
      takeOmm(item, lines.at(starts[object++]), state);
    } else {
      const fault = new RecordFault('OMM_SHAPE', null, 'an entry of the array is not an object');
      rejectOmm(fault, {}, lines.at(starts[object] ?? text.length - 1), state);
    }
  }
}

/** An OMM is flat, so each opening brace begins a record, whatever became of the one before. */
function readDamaged(text: string, lines: LineCounter, state: ReadingState): void {
  const rejectHeadless = (from: number, to: number): void => {
    const between = text.slice(from, to);
    const place = between.search(/[^\s,[\]]/);
    if (place < 0) return;
    const fault = new RecordFault('OMM_SHAPE', null, 'an object has lost its opening brace');
    rejectOmm(fault, salvageIdentity(between), lines.at(from + place), state);
  };

  let start = text.indexOf('{');
  rejectHeadless(0, start < 0 ? text.length : start);
  while (start >= 0) {
    const nextStart = text.indexOf('{', start + 1);
    const limit = nextStart < 0 ? text.length : nextStart;
    const close = text.slice(start, limit).indexOf('}');
    const chunk = text.slice(start, close < 0 ? limit : start + close + 1);
    const fields = parse(chunk);
    const line = lines.at(start);
    if (isFields(fields)) {
      takeOmm(fields, line, state);
      rejectHeadless(start + chunk.length, limit);
    } else {
      const why = close < 0 ? 'the object is cut short' : 'the object is not valid JSON';
      rejectOmm(new RecordFault('OMM_SHAPE', null, why), salvageIdentity(chunk), line, state);
    }
    start = nextStart;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is OmmFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whom a broken object is about, if that much of it can be read. */
function salvageIdentity(chunk: string): OmmFields {
  return {
    NORAD_CAT_ID: /"NORAD_CAT_ID"\s*:\s*"?(\w{1,9})\b/.exec(chunk)?.[1],
    OBJECT_NAME: /"OBJECT_NAME"\s*:\s*"([^"\n]*)"/.exec(chunk)?.[1],
  };
}

/** Where the objects at one depth of brackets begin, in text that is valid JSON. */
function objectStarts(text: string, wantedDepth: number): number[] {
  const starts: number[] = [];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) {
      // A string: go to its closing quote, over escaped characters.
      for (i++; text.charCodeAt(i) !== 0x22; i++) if (text.charCodeAt(i) === 0x5c) i++;
    } else if (c === 0x7b || c === 0x5b) {
      if (c === 0x7b && depth === wantedDepth) starts.push(i);
      depth++;
    } else if (c === 0x7d || c === 0x5d) {
      depth--;
    }
  }
  return starts;
}

/** Line numbers of places in a text that are asked for in rising order: one pass in all. */
export class LineCounter {
  readonly #text: string;
  #line = 1;
  /** The first line break not yet passed; kept, so that text without any is searched once. */
  #nextBreak: number;

  constructor(text: string) {
    this.#text = text;
    this.#nextBreak = this.#breakFrom(0);
  }

  /** The 1-based line of a place at or behind the one asked for last. */
  at(place: number): number {
    while (this.#nextBreak < place) {
      this.#line++;
      this.#nextBreak = this.#breakFrom(this.#nextBreak + 1);
    }
    return this.#line;
  }

  #breakFrom(place: number): number {
    const found = this.#text.indexOf('\n', place);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  }
}
