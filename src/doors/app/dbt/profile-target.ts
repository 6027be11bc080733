import { basename } from 'node:path'
import type { Profile, ProfileOutput } from '../../../work/model/index.ts'

/** The database that models of a profile are built in, as `target.database` says it, without opening anything. */
export function profileDatabase({ output }: Profile): string {
  if (output.type === 'postgres') return output.dbname ?? output.database ?? output.user
  const path = inMemory(output) ? 'memory' : (output.path ?? '')
  return output.database ?? basename(path).replace(/\.[^.]*$/, '')
}

/** What templates may know of the connection; never a password. */
export function profileConnection({ output }: Profile): Readonly<Record<string, unknown>> {
  const { pass: _, password: __, secrets: ___, plugins: ____, ...told } = output as Readonly<Record<string, unknown>>
  return told
}

/** Whether an output of DuckDB names no file. */
export function inMemory({ path }: Extract<ProfileOutput, { type: 'duckdb' }>): boolean {
  return path === undefined || path === '' || path === ':memory:'
}
