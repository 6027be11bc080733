import { type DataType, type Json, MillraceError, type Schema, unreachable } from '../../../base/kernel/index.ts'
import { id, join, literal, sql } from '../../../base/sql/index.ts'
import { parseDatasetName } from '../../catalog/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import { ANY_ROW, type RowCondition } from '../../table/index.ts'
import { compile, type Relation } from '../compile/compile.ts'
import { frameDialect } from '../dialect/dialects.ts'
import type { Leaf } from '../plan.ts'
import { readyPlan } from '../ready-plan.ts'
import type { FrameSession } from '../session.ts'
import { arrowChoice, arrowRelation } from './arrow.ts'
import { boundText } from './bound-text.ts'
import { broughtRelation } from './brought-relation.ts'
import { csvChoice, csvRelation } from './csv.ts'
import { deltaRelation } from './delta.ts'
import { jsonChoice, jsonRelation } from './json.ts'
import { checkPacked, unpackedFiles } from './packed-files.ts'
import { parquetChoice, parquetRelation } from './parquet.ts'
import type { PartitionColumn } from './partition-values.ts'
import { postgresEmpty, postgresRange, postgresRows, postgresSized } from './postgres-leaf.ts'
import { describeScan, emptyRelation, retyped, typeSql, withPartitions } from './scan.ts'
import { addressOf, type SourceFiles, sourceFiles } from './source-files.ts'
import { textChoice, textRelation } from './text.ts'

/**
 * What a leaf of a plan is in the session's engine, pinned to the files that are there now.
 * @param asked what rows of a table of the lake may be left out that do not meet it
 * @throws MillraceError SOURCE_EMPTY, TABLE_NOT_FOUND, DATASET_UNKNOWN, OPTION_UNKNOWN, FRAME_PLAN_INVALID
 */
export async function resolveLeaf(
  leaf: Leaf,
  session: FrameSession,
  connection: EngineConnection,
  asked: RowCondition = ANY_ROW,
): Promise<Relation> {
  try {
    return await resolve(leaf, session, connection, asked)
  } catch (thrown) {
    throw thrown instanceof MillraceError && leaf.at ? thrown.located(leaf.at) : thrown
  }
}

async function resolve(
  leaf: Leaf,
  session: FrameSession,
  connection: EngineConnection,
  asked: RowCondition,
): Promise<Relation> {
  switch (leaf.op) {
    case 'read':
      if (!session.engine.files)
        return broughtRelation(leaf, session, connection, (...of) => readRelation(...of, asked))
      return readRelation(leaf, session, connection, asked)
    case 'table':
      return inPostgres(session)
        ? postgresSized(await tableRelation(leaf, session, connection))
        : tableRelation(leaf, session, connection, asked)
    case 'rows':
      return inPostgres(session) ? postgresRows(leaf.schema, leaf.rows) : rowsRelation(leaf.schema, leaf.rows)
    case 'range':
      if (inPostgres(session)) return postgresRange(leaf)
      return {
        sql: sql`(select range as id from range(${literal(leaf.start)}, ${literal(leaf.end)}, ${literal(leaf.step)}))`,
        schema: { fields: [{ name: 'id', type: { kind: 'long' }, nullable: false }] },
      }
    case 'sql':
      return sqlRelation(leaf, session, connection)
    case 'input':
      throw new MillraceError('FRAME_PLAN_INVALID', `the input "${leaf.name}" is not bound to data`, {
        hint: 'A frame of a task runs in its pipeline, or in testTask(…) with inputs.',
      })
    default:
      return unreachable(leaf)
  }
}

/** A query in the engine's SQL, with its temporary views in front. */
async function sqlRelation(
  leaf: Extract<Leaf, { op: 'sql' }>,
  session: FrameSession,
  connection: EngineConnection,
): Promise<Relation> {
  await session.catalog?.settle()
  const views = []
  for (const [name, plan] of Object.entries(leaf.views)) {
    const compiled = await compile(await readyPlan(plan, session), {
      dialect: session.engine.dialect,
      resolve: (of, asked) => resolveLeaf(of, session, connection, asked),
    })
    views.push(sql`${id(name)} as (${compiled.sql})`)
  }
  const before = views.length > 0 ? sql`with ${join(views)} ` : sql``
  // A comment at the end of the text would swallow the parenthesis.
  const query = boundText(leaf.text, leaf.args, frameDialect(session.engine.dialect))
  const text = sql`(${before}select * from (${query}\n) as query)`
  return { sql: text, schema: await describeScan(connection, text) }
}

function inPostgres({ engine }: FrameSession): boolean {
  return engine.dialect === 'postgres'
}

/** Files, or a Delta table, in the engine that reads files. */
function readRelation(
  leaf: Read,
  session: FrameSession,
  connection: EngineConnection,
  asked: RowCondition,
): Promise<Relation> {
  return leaf.format === 'delta' ? deltaRelation(leaf, session, asked) : fileRelation(leaf, session, connection)
}

type Read = Extract<Leaf, { op: 'read' }>

async function fileRelation(leaf: Read, session: FrameSession, connection: EngineConnection): Promise<Relation> {
  if (leaf.format === 'delta') throw new MillraceError('INTERNAL', 'Delta is no file format')
  const found = await sourceFiles(session, leaf.paths, leaf.format, CHOICES[leaf.format](leaf.options))
  const from = withFileColumn(retyped(found, leaf.schema), leaf)
  if (leaf.ipc !== undefined) return arrowRelation(from, leaf)
  if (from.files.length === 0) return noRows(leaf, found)
  if (leaf.format === 'arrow') return arrowRelation(from, leaf)
  if (takesWhole(leaf)) {
    const unpacked = { ...from, files: await unpackedFiles(from.files) }
    return RELATIONS[leaf.format](unpacked, leaf.schema, leaf.options, connection)
  }
  if (leaf.format !== 'parquet') await checkPacked(from.files)
  return RELATIONS[leaf.format](from, leaf.schema, leaf.options, connection)
}

/** The address of each file as one more column whose value is the same in all of its rows. */
function withFileColumn(from: SourceFiles, leaf: Read): SourceFiles {
  if (leaf.fileColumn === undefined) return from
  const files = from.files.map((file) => ({ ...file, values: [...file.values, addressOf(file)] }))
  return { ...from, files, partitions: [...from.partitions, ...fileColumnOf(leaf)] }
}

function fileColumnOf({ fileColumn }: Read): PartitionColumn[] {
  return fileColumn === undefined ? [] : [{ name: fileColumn, type: { kind: 'string' } }]
}

/** Whether files are read as whole texts, which the engine does not unpack, rather than line by line. */
function takesWhole({ format, options }: Read): boolean {
  const isSet = (name: string) =>
    Object.entries(options).some(
      ([key, value]) => key.toLowerCase() === name && String(value).toLowerCase() !== 'false',
    )
  return format === 'text' || (format !== 'parquet' && (isSet('multiline') || isSet('linesep')))
}

/** How each format's options choose files. */
export const CHOICES = {
  csv: csvChoice,
  json: jsonChoice,
  parquet: parquetChoice,
  text: textChoice,
  arrow: arrowChoice,
}
const RELATIONS = { csv: csvRelation, json: jsonRelation, parquet: parquetRelation, text: textRelation }

function noRows(leaf: Read, found: SourceFiles): Relation {
  const schema = leaf.schema ?? found.emptySchema
  if (schema) return emptyRelation(withPartitions(schema, { ...found, partitions: fileColumnOf(leaf) }))
  throw new MillraceError(
    'SOURCE_EMPTY',
    `reading ${leaf.format} from ${leaf.paths.join(', ')}: there are no files that could tell the columns${found.passedOver ? `, but some in folders below, such as ${found.passedOver}` : ''}`,
    {
      hint: found.passedOver
        ? 'Set recursiveFileLookup: true, or name the folder.'
        : 'Give a schema: read.schema("id bigint, name string").',
    },
  )
}

async function tableRelation(
  leaf: Extract<Leaf, { op: 'table' }>,
  session: FrameSession,
  connection: EngineConnection,
  asked: RowCondition = ANY_ROW,
): Promise<Relation> {
  const { catalog } = session
  if (catalog) {
    const ref = { dataset: leaf.name, ...(leaf.version === undefined ? {} : { version: leaf.version }) }
    try {
      return await catalog.relation(ref, { asked })
    } catch (thrown) {
      const empty =
        thrown instanceof MillraceError && thrown.code === 'DATASET_UNKNOWN' && (await emptied(leaf.name, session))
      if (empty) return inPostgres(session) ? postgresEmpty(empty) : emptyRelation(empty)
      throw thrown
    }
  }
  const name = id(...tablePath(leaf.name))
  return { sql: name, schema: await describeScan(connection, name) }
}

/** The columns of a folder whose last row a frame's write has removed. */
async function emptied(name: string, session: FrameSession): Promise<Schema | undefined> {
  if (parseDatasetName(name).kind !== 'path') return undefined
  return (await sourceFiles(session, [name], 'parquet', { recursive: true, missing: true })).emptySchema
}

/** The parts of a table's name in the engine. @throws MillraceError DATASET_NAME_INVALID */
export function tablePath(name: string): string[] {
  const parsed = parseDatasetName(name)
  if (parsed.kind === 'path') {
    throw new MillraceError('DATASET_NAME_INVALID', `"${name}" is a path, and a table is wanted`, {
      hint: 'Read files with read.parquet, read.csv, read.json or read.delta.',
    })
  }
  return [...(parsed.database === undefined ? [] : [parsed.database]), parsed.schema, parsed.table]
}

/** Rows of the program, bound as one JSON text, so that the statement stays small whatever they are. */
function rowsRelation(schema: Schema, rows: readonly (readonly Json[])[]): Relation {
  if (rows.length === 0) return emptyRelation(schema)
  const fields = schema.fields.map((field, i) => ({ ...field, name: `c${i}`, type: asJson(field.type) }))
  const shape: DataType = { kind: 'array', element: { kind: 'struct', fields }, containsNull: false }
  const text = JSON.stringify(rows.map((row) => Object.fromEntries(row.map((item, i) => [`c${i}`, item]))))
  const items = schema.fields.map(({ name, type }, i) => {
    const member = id('item', `c${i}`)
    return sql`${type.kind === 'binary' ? sql`from_base64(${member})` : member} as ${id(name)}`
  })
  const list = sql`cast(cast(${text} as json) as ${typeSql(shape)})`
  return { sql: sql`(select ${join(items)} from (select unnest(${list}) as item) as given)`, schema }
}

function asJson(type: DataType): DataType {
  return type.kind === 'binary' || type.kind === 'null' ? { kind: 'string' } : type
}
