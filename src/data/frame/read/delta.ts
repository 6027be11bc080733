import { type Field, MillraceError } from '../../../base/kernel/index.ts'
import {
  type DataFile,
  type DeltaLog,
  DeltaTable,
  estimatedRows,
  filesThatMayHold,
  parseMoment,
  type RowCondition,
  readFiles,
  shownSchema,
  versionAt,
  versionSince,
} from '../../table/index.ts'
import type { Relation } from '../compile/compile.ts'
import type { Leaf } from '../plan.ts'
import type { FrameSession } from '../session.ts'
import { lakeOf } from './brought-relation.ts'
import { OptionReader } from './read-options.ts'
import { addressOf, placeBeside } from './source-files.ts'

/** The options of Delta's reader, under Spark's names. */
const OPTIONS = [
  'versionAsOf',
  'timestampAsOf',
  'readChangeFeed',
  'startingVersion',
  'startingTimestamp',
  'endingVersion',
  'endingTimestamp',
]

/**
 * A Delta table at one version, without files that hold no row which is asked for, or the rows that versions changed.
 */
export async function deltaRelation(
  leaf: Extract<Leaf, { op: 'read' }>,
  session: FrameSession,
  asked: RowCondition,
): Promise<Relation> {
  const options = new OptionReader('delta', leaf.options, OPTIONS)
  const [address = ''] = leaf.paths
  const { files, name } = lakeOf(session)
  if (!files) throw new MillraceError('ENGINE_UNSUPPORTED', `reading Delta with the engine ${name}`)
  const { store, path } = placeBeside(session, address)
  if (options.flag('readChangeFeed', false)) {
    refuseOthers(options, ['versionAsOf', 'timestampAsOf'], 'with readChangeFeed')
    const table = await DeltaTable.open(store, path, { parquet: files })
    const { sql, schema, to } = await table.changes(await changedVersions(options, table.log))
    return { sql, schema, version: to }
  }
  refuseOthers(options, OPTIONS.slice(3), 'without readChangeFeed')
  const [version, timestamp] = [versionOf(options, 'versionAsOf'), momentOf(options, 'timestampAsOf')]
  const table = await DeltaTable.open(store, path, {
    parquet: files,
    ...(version === undefined ? {} : { version }),
    ...(timestamp === undefined ? {} : { timestamp: new Date(timestamp) }),
  })
  const { snapshot } = table
  const wanted = filesThatMayHold(snapshot, asked)
  return {
    ...(await relationOf(table, wanted, leaf.fileColumn)),
    version: snapshot.version,
    files: { read: wanted.length, of: snapshot.files.length },
  }
}

/** The rows of files, with a column of their addresses when one is wanted. */
async function relationOf(table: DeltaTable, files: readonly DataFile[], fileColumn: string | undefined) {
  const { snapshot } = table
  const schema = shownSchema(snapshot.schema)
  if (fileColumn === undefined) return { sql: await table.relation(snapshot, { files }), schema }
  const addresses = table.scan(snapshot, files).map(addressOf)
  const read = (await table.readable(snapshot, { files })).map((file, at) => ({
    ...file,
    partition: { ...file.partition, [fileColumn]: addresses[at] ?? null },
  }))
  const field: Field = { name: fileColumn, type: { kind: 'string' }, nullable: true }
  const wider = {
    ...snapshot,
    schema: { fields: [...snapshot.schema.fields, field] },
    partitionBy: [...snapshot.partitionBy, fileColumn],
  }
  return {
    sql: readFiles(table.log, wider, read, { rows: estimatedRows(files) }),
    schema: { fields: [...schema.fields, field] },
  }
}

async function changedVersions(options: OptionReader, log: DeltaLog): Promise<{ from: number; to?: number }> {
  const [fromTime, toTime] = [momentOf(options, 'startingTimestamp'), momentOf(options, 'endingTimestamp')]
  const from = fromTime === undefined ? versionOf(options, 'startingVersion') : await versionSince(log, fromTime)
  const to = toTime === undefined ? versionOf(options, 'endingVersion') : await versionAt(log, toTime)
  if (from === undefined) {
    throw new MillraceError('OPTION_MISSING', 'reading the changes of a Delta table without a first version', {
      hint: 'Give startingVersion or startingTimestamp.',
    })
  }
  return to === undefined ? { from } : { from, to }
}

function refuseOthers(options: OptionReader, names: readonly string[], why: string): void {
  const given = names.find((name) => options.text(name) !== undefined)
  if (given === undefined) return
  throw new MillraceError('OPTION_INVALID', `the option "${given}" of delta means nothing ${why}`, {
    hint: 'versionAsOf and timestampAsOf read the table as it was; starting… and ending… go with readChangeFeed.',
  })
}

function versionOf(options: OptionReader, name: string): number | undefined {
  const text = options.text(name)
  if (text === undefined) return undefined
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text)
  throw new MillraceError('OPTION_INVALID', `the option "${name}" of delta is "${text}"`, {
    hint: 'Give a version of the table: a whole number from 0.',
  })
}

function momentOf(options: OptionReader, name: string): number | undefined {
  const text = options.text(name)
  if (text === undefined) return undefined
  const moment = parseMoment(text)
  if (moment !== undefined) return moment
  throw new MillraceError('OPTION_INVALID', `the option "${name}" of delta is "${text}"`, {
    hint: 'Give a date or a time, such as 2024-01-31 or 2024-01-31 08:00:00 (in UTC unless it names a zone).',
  })
}
