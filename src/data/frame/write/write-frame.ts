import { MillraceError, type Schema, unknownName } from '../../../base/kernel/index.ts'
import { id, type Sql, sql } from '../../../base/sql/index.ts'
import type { StorePlace } from '../../catalog/index.ts'
import { moveRows } from '../../engine/index.ts'
import { DeltaTable, deltaSchema } from '../../table/index.ts'
import { distinctColumns, type Prepared, prepared } from '../actions.ts'
import type { FileFormat, Plan } from '../plan.ts'
import { columnsOf, lakeOf } from '../read/brought-relation.ts'
import { tablePath } from '../read/resolve-leaf.ts'
import { placeBeside } from '../read/source-files.ts'
import type { FrameSession } from '../session.ts'
import { type DeltaWrite, writeDelta } from './write-delta.ts'
import { writeFolder } from './write-folder.ts'
import { writeTable } from './write-table.ts'
import { checkMode, type WriteOutcome, type WriteTarget } from './write-target.ts'

/** See `writeFrame` in execute.ts, which loads this. */
export async function writeFrame(
  session: FrameSession,
  frame: { readonly plan: Plan },
  target: WriteTarget,
): Promise<WriteOutcome> {
  const mode = checkMode(target.mode ?? 'error')
  return prepared(
    frame.plan,
    async (ready) => {
      const query = distinctColumns(ready.compiled)
      const rowsSchema = await ready.connection.describe(query)
      const schema = stored(rowsSchema)
      const partitionBy = (target.partitionBy ?? []).map((name) => columnOf(schema, name))
      if (partitionBy.length > 0 && partitionBy.length === schema.fields.length) {
        throw new MillraceError(
          'FRAME_PLAN_INVALID',
          'writing with all columns in partitionBy, which leaves none for the files',
        )
      }
      const common = { query, schema, rowsSchema, connection: ready.connection, mode, partitionBy, target }
      if (target.dataset !== undefined) return writeDataset(session, target.dataset, common)
      if (target.path === undefined) {
        throw new MillraceError('OPTION_MISSING', 'a write needs a path or a dataset', {
          hint: 'Such as .parquet("lake://daily") or .saveAsTable("main.daily").',
        })
      }
      const place = placeBeside(session, target.path)
      return inLake(session, common, (moved) => writePath(session, place, target.format ?? 'parquet', moved))
    },
    session,
    target.signal,
  )
}

/** The write of files in the engine that can; rows computed elsewhere are brought there first. */
async function inLake(
  session: FrameSession,
  common: Common,
  work: (common: Common) => Promise<WriteOutcome>,
): Promise<WriteOutcome> {
  if (common.connection.engine.files) return work(common)
  const { signal } = common.target
  await using connection = await lakeOf(session).connect(signal ? { signal } : {})
  const table = id('millrace_written')
  await connection.execute(sql`create or replace temporary table ${table} (${columnsOf(common.schema, 'duckdb')})`)
  try {
    await moveRows(common.query, common.connection, connection, table, signal ? { signal } : {})
    const { rowsSchema: _, ...rest } = common
    return await work({ ...rest, connection, query: sql`select * from ${table}` })
  } finally {
    await connection.execute(sql`drop table if exists ${table}`)
  }
}

interface Common {
  readonly query: Sql
  readonly schema: Schema
  readonly rowsSchema?: Schema
  readonly connection: Prepared['connection']
  readonly mode: ReturnType<typeof checkMode>
  readonly partitionBy: readonly string[]
  readonly target: WriteTarget
}

async function writePath(
  session: FrameSession,
  place: StorePlace,
  format: FileFormat,
  common: Common,
): Promise<WriteOutcome> {
  if (format !== 'delta') return writeFolder({ ...common, place, format })
  const { files } = lakeOf(session)
  return writeDelta({
    ...common,
    place,
    ensure: ({ schema, partitionBy }) =>
      DeltaTable.openOrCreate(place.store, {
        path: place.path,
        schema: deltaSchema(schema),
        partitionBy,
        ...(files ? { parquet: files } : {}),
      }),
  })
}

async function writeDataset(session: FrameSession, name: string, common: Common): Promise<WriteOutcome> {
  const { catalog } = session
  if (!catalog) return writeTable({ ...common, name: tablePath(name) })
  const dataset = await catalog.resolve(name)
  if (dataset.format === 'table') {
    return writeTable({ ...common, name: [dataset.database, dataset.schema, dataset.table] })
  }
  const address = dataset.location ?? name
  const place = placeBeside(session, address)
  const { format } = dataset
  if (format !== 'delta') return inLake(session, common, (moved) => writeFolder({ ...moved, place, format }))
  const ensure: DeltaWrite['ensure'] = ({ schema, partitionBy }) =>
    catalog.ensureDeltaTable(name, { schema, partitionBy })
  const written = await inLake(session, common, (moved) => writeDelta({ ...moved, place, ensure }))
  await catalog.publish([name])
  return written
}

/** Types that only a computation has, as ones that can be kept: 128-bit sums as decimals, nulls alone as text. */
function stored(schema: Schema): Schema {
  return {
    fields: schema.fields.map((field) => {
      if (field.type.kind === 'hugeint') return { ...field, type: { kind: 'decimal', precision: 38, scale: 0 } }
      return field.type.kind === 'null' ? { ...field, type: { kind: 'string' } } : field
    }),
  }
}

function columnOf(schema: Schema, name: string): string {
  const names = schema.fields.map((field) => field.name)
  const found = names.find((one) => one.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  throw unknownName('COLUMN_UNKNOWN', 'partitionBy: the column', name, names)
}
