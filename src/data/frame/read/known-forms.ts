import { createHash } from 'node:crypto'
import type { Engine, EngineConnection } from '../../engine/index.ts'
import { type ParquetForm, parquetForms } from './parquet-schema.ts'
import type { SourceFile } from './source-files.ts'

/** Sets of files whose columns are kept for an engine, at most. */
const MOST = 1000

/** A file that was changed so lately may be changed again without its time or size telling. */
const SETTLED_MS = 3000

const KNOWN = new WeakMap<Engine, Map<string, readonly ParquetForm[]>>()

/** The different schemas of files, looked for once in files that have not changed since. */
export async function knownForms(
  files: readonly SourceFile[],
  connection: EngineConnection,
): Promise<readonly ParquetForm[]> {
  const key = keyOf(files)
  if (key === undefined) return parquetForms(files, connection)
  const known = KNOWN.get(connection.engine) ?? new Map<string, readonly ParquetForm[]>()
  KNOWN.set(connection.engine, known)
  const found = known.get(key)
  if (found) return found
  const forms = await parquetForms(files, connection)
  const [oldest] = known.keys()
  if (known.size >= MOST && oldest !== undefined) known.delete(oldest)
  known.set(key, forms)
  return forms
}

/** The files with what tells their content; undefined when one of them may still change unseen. */
function keyOf(files: readonly SourceFile[]): string | undefined {
  const before = Date.now() - SETTLED_MS
  const hash = createHash('sha256')
  for (const { url, state } of files) {
    if (state === undefined || state.modified <= 0 || state.modified > before) return undefined
    hash.update(`${url}\n${state.size} ${state.modified} ${state.tag ?? ''}\n`)
  }
  return hash.digest('base64')
}
