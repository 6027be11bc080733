import { MillraceError } from '../../../base/kernel/index.ts'
import type { Dialect } from '../../../base/sql/index.ts'
import { duckdbDialect } from './duckdb.ts'
import type { ModelDialect } from './model-dialect.ts'
import { postgresDialect } from './postgres.ts'

export type * from './model-dialect.ts'

const DIALECTS: Partial<Record<Dialect, ModelDialect>> = { duckdb: duckdbDialect, postgres: postgresDialect }

/**
 * The way models are built on engines of a dialect.
 * @throws MillraceError ENGINE_UNSUPPORTED where no models can be built
 */
export function modelDialect(dialect: Dialect): ModelDialect {
  const found = DIALECTS[dialect]
  if (found) return found
  throw new MillraceError('ENGINE_UNSUPPORTED', `building models on an engine that speaks ${dialect}`, {
    hint: `Models are built on engines that speak ${Object.keys(DIALECTS).join(' or ')}. Choose another --target.`,
  })
}
