import { inline, type Sql, trusted } from '../../../base/sql/index.ts'
import type { MaterializationInput } from './materialization.ts'

/** Runs one statement and keeps its text for `target/run/…`. */
export async function perform(input: MaterializationInput, statement: Sql): Promise<number> {
  input.record(inline(statement, input.connection.engine.dialect))
  const { rowsChanged } = await input.connection.execute(statement, input.signal ? { signal: input.signal } : {})
  return rowsChanged
}

/** The user's compiled SQL as a statement part; a closing semicolon would end the statement around it. */
export function body(compiled: string): Sql {
  // The line break keeps a closing line comment from swallowing what follows.
  return trusted(`\n${compiled.replace(/;\s*$/, '')}\n`)
}
