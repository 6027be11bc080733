import { MillraceError } from '../../../base/kernel/index.ts'
import type { Sql } from '../../../base/sql/index.ts'
import type { Engine, ScalarFunction } from '../../engine/index.ts'
import { FUNCTIONS } from './index.ts'
import { nativesIn } from './native.ts'

let all: ReadonlyMap<string, ScalarFunction> | undefined

function natives(): ReadonlyMap<string, ScalarFunction> {
  all ??= new Map(
    [...FUNCTIONS.values()].flatMap(({ natives: own = [] }) => own.map(({ scalar }) => [scalar.name, scalar] as const)),
  )
  return all
}

/** Makes the native functions that a statement calls known to the engine. @throws MillraceError ENGINE_UNSUPPORTED */
export async function registerNatives(statement: Sql, engine: Engine): Promise<void> {
  for (const name of nativesIn(statement)) {
    const scalar = natives().get(name)
    if (scalar === undefined) continue
    if (engine.register === undefined) {
      throw new MillraceError('ENGINE_UNSUPPORTED', `calling ${name}() in ${engine.name}`, {
        hint: 'Functions that DuckDB lacks run in the process that has the database open.',
      })
    }
    await engine.register(scalar)
  }
}
