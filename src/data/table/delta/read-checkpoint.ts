import type { StructText } from '../parquet-port.ts'
import { readableFiles } from '../readable-files.ts'
import { type Action, actionOf, commitMembers, type LogEntry } from './actions.ts'
import { READ_SCHEMA } from './checkpoint-rows.ts'
import { type DeltaLog, logPath } from './delta-log.ts'
import { decodePath } from './file-path.ts'
import { type LogFile, SIDECAR_FOLDER } from './log-files.ts'
import { corrupt } from './replay.ts'

/**
 * Reads a checkpoint as one log entry: the parts of a classic one, or the one file of a v2 checkpoint (Parquet or
 * JSON) with the sidecars that it names (Delta protocol, "V2 Spec").
 * @throws MillraceError DELTA_LOG_CORRUPT naming the file that is missing or damaged
 */
export async function readCheckpoint(log: DeltaLog, parts: readonly LogFile[]): Promise<LogEntry> {
  const [first] = parts
  if (!first) throw corrupt('no checkpoint can be read')
  const actions: Action[] = []
  const sidecars = new Set<string>()
  for (const { path, tag } of parts) {
    for (const { kind, body } of await checkpointMembers(log, { path, ...(tag === undefined ? {} : { tag }) })) {
      if (kind === 'sidecar') sidecars.add(sidecarPath(log, body, path))
      const action = actionOf(kind, body, { file: path })
      if (action) actions.push(action)
    }
  }
  for (const path of sidecars) {
    for (const { kind, body } of await parquetMembers(log, { path })) {
      // A sidecar holds nothing else (Delta protocol, "Sidecar Files").
      if (kind !== 'add' && kind !== 'remove') throw corrupt(`sidecar ${path} holds "${kind}"`)
      const action = actionOf(kind, body, { file: path })
      if (action) actions.push(action)
    }
  }
  return { version: first.version, actions }
}

/**
 * The paths inside the store of the sidecars that checkpoints name.
 * @throws MillraceError DELTA_LOG_CORRUPT naming the checkpoint that cannot be read
 */
export async function sidecarsOf(log: DeltaLog, checkpoints: readonly LogFile[]): Promise<Set<string>> {
  const sidecars = new Set<string>()
  for (const file of checkpoints) {
    // Only those of v2 can name any.
    if (file.kind === 'checkpoint' && file.parts > 1) continue
    const { path, tag } = file
    const members = await checkpointMembers(log, { path, ...(tag === undefined ? {} : { tag }) })
    for (const { kind, body } of members) if (kind === 'sidecar') sidecars.add(sidecarPath(log, body, path))
  }
  return sidecars
}

/** A member of a row or line of a checkpoint: the name of an action and what it says. */
interface Member {
  readonly kind: string
  readonly body: object
}

type Part = Pick<LogFile, 'path' | 'tag'>

async function checkpointMembers(log: DeltaLog, part: Part): Promise<Iterable<Member>> {
  if (!part.path.endsWith('.json')) return parquetMembers(log, part)
  const bytes = await log.store.get(part.path)
  if (!bytes) throw corrupt(`checkpoint ${part.path} is missing`)
  return commitMembers(new TextDecoder().decode(bytes), part.path)
}

async function parquetMembers(log: DeltaLog, part: Part): Promise<Member[]> {
  if (!log.parquet) throw corrupt(`checkpoint ${part.path} cannot be read without an engine`)
  let structs: readonly StructText[]
  try {
    const [address = ''] = await readableFiles(log.store, [part], log.parquet)
    structs = await log.parquet.structs(address, READ_SCHEMA)
  } catch (cause) {
    throw corrupt(`checkpoint ${part.path} cannot be read`, cause)
  }
  return structs.map(({ column, json }) => ({ kind: column, body: JSON.parse(json) as object }))
}

/** Where a sidecar lies: always in its own folder of the log, whatever stands before its name. */
function sidecarPath(log: DeltaLog, body: object, file: string): string {
  const { path } = body as { readonly path?: unknown }
  const name = typeof path === 'string' ? decodePath(path).split('/').at(-1) : undefined
  if (!name) throw corrupt(`checkpoint ${file} names a sidecar without a path`)
  return logPath(log, `${SIDECAR_FOLDER}/${name}`)
}
