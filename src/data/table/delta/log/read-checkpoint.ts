import type { Schema } from '../../../../base/kernel/index.ts'
import type { MemberRows, ParquetPort, WantedMember } from '../../parquet-port.ts'
import { readableFiles } from '../../readable-files.ts'
import { type Action, actionOf } from '../actions.ts'
import { decodePath } from '../file-path.ts'
import { ADD_MEMBERS, CheckpointFiles, REMOVE_MEMBERS } from './checkpoint-files.ts'
import { READ_SCHEMA } from './checkpoint-rows.ts'
import { commitMembers } from './commit-lines.ts'
import { corrupt } from './corrupt-log.ts'
import { type DeltaLog, logPath } from './delta-log.ts'
import { type LogFile, SIDECAR_FOLDER } from './log-files.ts'
import type { CheckpointEntry } from './replay.ts'

/**
 * Reads a checkpoint as one log entry: the parts of a classic one, or the one file of a v2 checkpoint (Parquet or
 * JSON) with the sidecars that it names (Delta protocol, "V2 Spec").
 * @throws MillraceError DELTA_LOG_CORRUPT naming the file that is missing or damaged
 */
export async function readCheckpoint(log: DeltaLog, parts: readonly LogFile[]): Promise<CheckpointEntry> {
  const [first] = parts
  if (!first) throw corrupt('no checkpoint can be read')
  const actions: Action[] = []
  const adds: MemberRows[] = []
  const removes: MemberRows[] = []
  const readFiles = async (part: Part) => {
    if (part.path.endsWith('.json')) return
    const [added, removed] = await Promise.all([
      fileMembers(log, part, 'add', ADD_MEMBERS),
      fileMembers(log, part, 'remove', REMOVE_MEMBERS),
    ])
    adds.push(...added)
    removes.push(...removed)
  }
  const sidecars = new Set<string>()
  for (const { path, tag } of parts) {
    const part = { path, ...(tag === undefined ? {} : { tag }) }
    const [members] = await Promise.all([checkpointMembers(log, part), readFiles(part)])
    for (const { kind, body } of members) {
      if (kind === 'sidecar') sidecars.add(sidecarPath(log, body, path))
      const action = actionOf(kind, body, { file: path })
      if (action) actions.push(action)
    }
  }
  for (const path of sidecars) {
    const [members] = await Promise.all([parquetMembers(log, { path }), readFiles({ path })])
    // A sidecar holds nothing but files (Delta protocol, "Sidecar Files").
    for (const { kind } of members) throw corrupt(`sidecar ${path} holds "${kind}"`)
  }
  return { version: first.version, actions, files: new CheckpointFiles(adds, removes, first.path) }
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

/** Columns of a checkpoint that hold no files. */
const OTHERS: Schema = { fields: READ_SCHEMA.fields.filter(({ name }) => name !== 'add' && name !== 'remove') }

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

/** What a part says but for files. */
async function parquetMembers(log: DeltaLog, part: Part): Promise<Member[]> {
  const structs = await readPart(log, part, (port, address) => port.structs(address, OTHERS))
  return structs.map(({ column, json }) => ({ kind: column, body: JSON.parse(json) as object }))
}

/** The files that a part adds or removes. */
async function fileMembers(
  log: DeltaLog,
  part: Part,
  kind: 'add' | 'remove',
  members: readonly WantedMember[],
): Promise<MemberRows[]> {
  return readPart(log, part, async (port, address) => {
    const batches: MemberRows[] = []
    for await (const batch of port.members(address, READ_SCHEMA, kind, members)) batches.push(batch)
    return batches
  })
}

async function readPart<T>(
  log: DeltaLog,
  part: Part,
  read: (port: ParquetPort<never>, address: string) => Promise<T>,
): Promise<T> {
  if (!log.parquet) throw corrupt(`checkpoint ${part.path} cannot be read without an engine`)
  try {
    const [address = ''] = await readableFiles(log.store, [part], log.parquet)
    return await read(log.parquet, address)
  } catch (cause) {
    throw corrupt(`checkpoint ${part.path} cannot be read`, cause)
  }
}

/** Where a sidecar lies: always in its own folder of the log, whatever stands before its name. */
function sidecarPath(log: DeltaLog, body: object, file: string): string {
  const { path } = body as { readonly path?: unknown }
  const name = typeof path === 'string' ? decodePath(path).split('/').at(-1) : undefined
  if (!name) throw corrupt(`checkpoint ${file} names a sidecar without a path`)
  return logPath(log, `${SIDECAR_FOLDER}/${name}`)
}
