import type { FastifyInstance } from 'fastify';

const PROBLEM = '#/components/responses/Problem';

interface Operation {
  operationId?: string;
  tags?: string[];
  responses?: Record<string, unknown>;
  [field: string]: unknown;
}
interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components?: Record<string, unknown>;
  readonly [field: string]: unknown;
}

/**
 * The contract of the API, OpenAPI 3.1, made from the schemas that requests are checked with. Refusals
 * are one response, which all operations share; bounds and patterns that only say "a whole number" or
 * "a date" are left out.
 */
export function openApiDocument(app: FastifyInstance): OpenApiDocument {
  const document = JSON.parse(JSON.stringify(app.swagger(), withoutNoise)) as OpenApiDocument;
  let problem: unknown;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      operation.operationId = operationId(method, path);
      operation.tags ??= [tagOf(path)];
      operation.responses ??= {};
      problem ??= operation.responses['4XX'];
      operation.responses['4XX'] = { $ref: PROBLEM };
      operation.responses['5XX'] = { $ref: PROBLEM };
    }
  }
  const { description, content } = problem as {
    description: string;
    content: Record<string, unknown>;
  };
  return {
    ...document,
    components: {
      ...document.components,
      responses: {
        Problem: {
          description,
          content: { 'application/problem+json': Object.values(content)[0] },
        },
      },
    },
  };
}

/** Zod writes out the bounds of a safe integer, and a calendar as a regular expression. */
function withoutNoise(key: string, value: unknown): unknown {
  if (typeof value === 'number' && Math.abs(value) === Number.MAX_SAFE_INTEGER) return undefined;
  if (value !== null && typeof value === 'object' && 'format' in value && 'pattern' in value) {
    const { pattern: _, ...rest } = value;
    return rest;
  }
  if (key === 'description' && value === 'Default Response') return 'as asked for';
  return value;
}

/** `GET /api/v1/orders/{hash}/votes` → `getOrdersHashVotes`. */
function operationId(method: string, path: string): string {
  const words = path.replace(/^\/api\/v1/, '').match(/[a-zA-Z0-9]+/g) ?? [];
  return method + words.map(word => word[0].toUpperCase() + word.slice(1)).join('');
}

function tagOf(path: string): string {
  return /^\/api\/v1\/([a-z]+)/.exec(path)?.[1] ?? 'server';
}
