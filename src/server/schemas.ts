import { z } from 'zod';

const entryRef = z.looseObject({ entry: z.int(), at: z.iso.datetime() });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const scope = z.looseObject({
  territory: z.object({ id: z.string(), version: z.int() }),
  band: z.enum(['inside', 'outside', 'share']),
});
const originator = z.looseObject({
  party: z.string(),
  capacity: z.string(),
  channel: z.string(),
  at: z.iso.datetime(),
});

export const problemSchema = z
  .looseObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
  })
  .describe('RFC 9457 problem details; `code` is stable');

export const statusSchema = z.looseObject({
  origin: z.string(),
  size: z.int(),
  verifierKey: z.string(),
  isDemo: z.boolean(),
  isReadOnly: z.boolean(),
  flagCount: z.int(),
  now: z.iso.datetime(),
});

export const contactSchema = z.looseObject({
  id: z.string(),
  reporter: z.string(),
  entry: z.int(),
  isLate: z.boolean(),
  dueAt: z.iso.datetime(),
  daysUntilDisclosed: z.int(),
});

export const orderSchema = z.looseObject({
  hash: sha256,
  type: z.string(),
  id: z.string().nullable(),
  kind: z.string().nullable(),
  sentence: z.string(),
  status: z.string(),
  proposer: z.string(),
  proposed: entryRef,
  reason: z.string(),
  scope: scope.nullable(),
  originators: z.array(originator),
  contacts: z.array(contactSchema),
  votes: z.array(
    entryRef.extend({
      person: z.string(),
      seat: z.string(),
      decision: z.enum(['yes', 'no', 'veto']),
      ended: z.string().nullable(),
    }),
  ),
  isQuorumMet: z.boolean(),
  missing: z.array(z.string()),
  impact: entryRef.extend({ reportSha256: sha256 }).nullable(),
  executed: entryRef.nullable(),
});

export const declarationSchema = z.looseObject({
  id: z.string(),
  state: z.enum(['off', 'restricted']),
  reason: z.string(),
  territories: z.array(z.string()),
  validUntil: z.iso.datetime(),
  isLive: z.boolean(),
  daysLeft: z.int(),
  entry: z.int(),
  signers: z.array(z.object({ person: z.string(), seat: z.string(), text: z.string() })),
});

export const flagSchema = z.object({
  flag: z.string(),
  subject: z.string(),
  since: z.iso.datetime(),
  days: z.int(),
});

export const cellListSchema = z
  .union([z.array(z.string()), z.string()])
  .describe('H3 cells one by one, or packed into one text (h3d1.…)');

export const territorySchema = z.looseObject({
  id: z.string(),
  version: z.int(),
  name: z.string(),
  state: z.enum(['on', 'off', 'partly off', 'restricted', 'unknown']),
  cellCount: z.int(),
  because: z.array(z.string()),
  declarations: z.array(declarationSchema),
  flags: z.array(flagSchema),
});

export const claimSchema = z.looseObject({
  id: z.string(),
  text: z.string(),
  originator: z.string(),
  status: z.string(),
  rule: z.string(),
  attributions: z.array(z.looseObject({ id: z.string(), source: z.string() })),
  stances: z.array(z.looseObject({ party: z.string(), stance: z.string() })),
});

export const entrySchema = z.looseObject({
  index: z.int(),
  time: z.iso.datetime(),
  type: z.string(),
  actor: z.string(),
  subject: z.string(),
  prev: z.int().nullable(),
  territories: z.array(z.string()),
  ineffective: z.string().nullable(),
});

export const rosterSchema = z.looseObject({
  isDemo: z.boolean(),
  entry: z.int(),
  persons: z.array(z.looseObject({ id: z.string(), seats: z.array(z.string()) })),
  seats: z.array(z.looseObject({ id: z.string(), office: z.string(), holder: z.string() })),
});

export const policySchema = z.object({
  at: z.iso.datetime(),
  logSize: z.int(),
  rules: z.array(
    z.looseObject({
      label: z.string(),
      action: z.looseObject({ kind: z.enum(['on', 'off', 'restricted']) }),
      terminals: z.union([z.literal('all'), z.array(z.string())]),
      cells: z.array(z.string()),
    }),
  ),
});

export const recordedSchema = z.object({
  index: z.int(),
  type: z.string(),
  time: z.iso.datetime(),
  subject: z.string(),
  orderHash: sha256.optional(),
});

export const jobSchema = z.looseObject({
  job: z.string(),
  orderHash: sha256,
  state: z.enum(['running', 'done', 'failed']),
  done: z.int(),
  total: z.int(),
  result: z
    .looseObject({ reportSha256: sha256, isSame: z.boolean().nullable() })
    .nullable()
    .optional(),
});

export const hashParam = z.object({ hash: sha256 });
export const bodyOf = z.looseObject({}).describe('the complete body, signed by its author');
