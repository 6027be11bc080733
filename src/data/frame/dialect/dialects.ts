import { MillraceError } from '../../../base/kernel/index.ts'
import type { Dialect } from '../../../base/sql/index.ts'
import { duckDbDialect } from './duckdb.ts'
import type { FrameDialect } from './frame-dialect.ts'
import { postgresDialect } from './postgres.ts'

/** The dialect of an engine. @throws MillraceError ENGINE_UNSUPPORTED */
export function frameDialect(name: Dialect): FrameDialect {
  if (name === 'duckdb') return duckDbDialect
  if (name === 'postgres') return postgresDialect
  throw new MillraceError('ENGINE_UNSUPPORTED', `frames cannot be computed by ${name}`, {
    hint: 'Use a target whose engine is duckdb or postgres.',
  })
}
