import type { FastifyTypeProvider } from 'fastify';
import type { z } from 'zod';

/**
 * Types what a handler reads from its zod schemas. Answers stay untyped: most are JSON that was made
 * before, and the tests hold them against the published schemas.
 */
export interface ZodRequests extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  serializer: unknown;
}
