import { XMLParser } from 'fast-xml-parser';
import Papa from 'papaparse';
import { checkRecord, NUMBER_FIELDS, type NumberField, type RawRecord } from './elementRecord.ts';
import type { Catalogue, CatalogueWarning, ElementSet, Rejection } from './elementSet.ts';
import { BeamkeeperError } from './error.ts';
import { type Instant, parseInstant } from './instant.ts';

/** One OMM as keyword and text, with the line it starts on. */
interface OmmFields {
  readonly line: number;
  readonly fields: Readonly<Record<string, string | undefined>>;
}

/** OMM in JSON as CelesTrak and Space-Track serve it: an object or an array; values are numbers or strings. */
export function readOmmJson(text: string, source: string): Catalogue {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new BeamkeeperError(
      'CATALOGUE_FORMAT',
      `${source}: the JSON is cut off or broken (${(cause as Error).message}); fetch the file again`,
      { cause },
    );
  }
  const list = Array.isArray(parsed) ? parsed : [parsed];
  const lines = linesOfObjects(text);
  return readAll(
    list.map((item, k) => ({
      line: lines[k] ?? 1,
      fields:
        item !== null && typeof item === 'object'
          ? Object.fromEntries(
              Object.entries(item)
                .filter(([, value]) => value !== null)
                .map(([key, value]) => [key, String(value)]),
            )
          : {},
    })),
    source,
  );
}

/** OMM as CSV with a header line of keywords. */
export function readOmmCsv(text: string, source: string): Catalogue {
  const { data } = Papa.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: true,
    transformHeader: header => header.trim(),
  });
  return readAll(
    data.map((fields, k) => ({ line: k + 2, fields })),
    source,
  );
}

/** OMM in keyword-value notation (CCSDS 502.0-B-3): a record starts at CCSDS_OMM_VERS, or at a second OBJECT_NAME. */
export function readOmmKvn(text: string, source: string): Catalogue {
  const items: { line: number; fields: Record<string, string> }[] = [];
  text.split('\n').forEach((line, index) => {
    const match = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*(\[[^\]]*\])?\s*$/.exec(line);
    if (match === null || match[1] === 'COMMENT') return;
    const [, key, value] = match as unknown as [string, string, string];
    const current = items.at(-1);
    const isNew =
      current === undefined ||
      key === 'CCSDS_OMM_VERS' ||
      (key === 'OBJECT_NAME' && 'OBJECT_NAME' in current.fields);
    if (isNew) items.push({ line: index + 1, fields: { [key]: value } });
    else current.fields[key] = value;
  });
  return readAll(
    items.filter(item => Object.keys(item.fields).length > 1),
    source,
  );
}

/** OMM in XML, one `omm` or many in an `ndm`. */
export function readOmmXml(text: string, source: string): Catalogue {
  let tree: unknown;
  try {
    tree = new XMLParser({ parseTagValue: false, ignoreAttributes: true }).parse(text, true);
  } catch (cause) {
    throw new BeamkeeperError(
      'CATALOGUE_FORMAT',
      `${source}: the XML is cut off or broken (${(cause as Error).message}); fetch the file again`,
      { cause },
    );
  }
  const starts: number[] = [];
  text.split('\n').forEach((line, index) => {
    for (let n = line.match(/<omm[\s>]/g)?.length ?? 0; n > 0; n--) starts.push(index + 1);
  });
  const found: Record<string, string>[] = [];
  collectOmm(tree, found);
  return readAll(
    found.map((fields, k) => ({ line: starts[k] ?? 1, fields })),
    source,
  );
}

function collectOmm(node: unknown, found: Record<string, string>[]): void {
  if (node === null || typeof node !== 'object') return;
  for (const [key, value] of Object.entries(node)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (key === 'omm') {
        const fields: Record<string, string> = {};
        collectLeaves(item, fields);
        found.push(fields);
      } else collectOmm(item, found);
    }
  }
}

function collectLeaves(node: unknown, fields: Record<string, string>): void {
  if (node === null || typeof node !== 'object') return;
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'object') collectLeaves(value, fields);
    else fields[key] = String(value);
  }
}

function readAll(items: readonly OmmFields[], source: string): Catalogue {
  const records: ElementSet[] = [];
  const rejected: Rejection[] = [];
  const warnings: CatalogueWarning[] = [];
  for (const item of items) {
    const checked = checkRecord(rawOf(item), source);
    if ('rejection' in checked) rejected.push(checked.rejection);
    else {
      records.push(checked.record);
      warnings.push(...checked.warnings);
    }
  }
  return { records, rejected, warnings };
}

function rawOf({ line, fields }: OmmFields): RawRecord {
  const idText = fields['NORAD_CAT_ID']?.trim() ?? '';
  return {
    line,
    name: (fields['OBJECT_NAME'] ?? '').replace(/^0 /, '').trim(),
    intlDesignator: (fields['OBJECT_ID'] ?? '').trim(),
    catalogId: /^\d+$/.test(idText) ? Number(idText) : null,
    catalogIdText: idText,
    epoch: epochOf(fields['EPOCH']),
    epochText: fields['EPOCH'] ?? '',
    numbers: Object.fromEntries(NUMBER_FIELDS.map(field => [field, fields[field]])) as Record<
      NumberField,
      string | undefined
    >,
    theory: fields['MEAN_ELEMENT_THEORY'],
    ephemerisType: fields['EPHEMERIS_TYPE'],
    timeSystem: fields['TIME_SYSTEM'],
    referenceFrame: fields['REF_FRAME'],
    centre: fields['CENTER_NAME'],
  };
}

function epochOf(text: string | undefined): Instant | null {
  if (text === undefined) return null;
  try {
    return parseInstant(text);
  } catch {
    return null;
  }
}

/** Line numbers on which the objects of a JSON array (or the only object) start. */
function linesOfObjects(text: string): number[] {
  const lines: number[] = [];
  const outer = text.trimStart().startsWith('[') ? 1 : 0;
  let depth = 0;
  let line = 1;
  let isInString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\n') line++;
    if (isInString) {
      if (c === '\\') i++;
      else if (c === '"') isInString = false;
    } else if (c === '"') isInString = true;
    else if (c === '{' || c === '[') {
      if (c === '{' && depth === outer) lines.push(line);
      depth++;
    } else if (c === '}' || c === ']') depth--;
  }
  return lines;
}
