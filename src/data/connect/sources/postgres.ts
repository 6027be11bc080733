import { type DataType, formatType, MillraceError, type Schema, sqlTypeName } from '../../../base/kernel/index.ts'
import { type PostgresConfig, postgresConfig, postgresOptions } from '../../../base/postgres/index.ts'
import { id, inline, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import { cursorClause } from '../cursor-clause.ts'
import {
  type DatabaseReader,
  type DatabaseScan,
  defineDatabase,
  originName,
  queryText,
  type RowOrigin,
  tableParts,
} from '../database.ts'
import { refusedBy } from '../source-refused.ts'

export default defineDatabase({
  name: 'postgres',
  summary: 'Tables and queries of PostgreSQL, read by COPY in one snapshot; a role that may only read is enough.',
  guarantee:
    'Each row is loaded exactly once by primary key and cursor; without a cursor the table is replaced in one version.',
  reads: 'rows',
  options: postgresOptions,
  async open(options, { connection: name, dir, environment, signal }): Promise<DatabaseReader> {
    const config = postgresConfig(name, options, environment, dir)
    const { openPostgres } = await import('../../engine/index.ts')
    const engine = await openPostgres(config, {})
    try {
      const connection = await engine.connect(signal ? { signal } : {})
      // All that is read is of the moment of the first statement, and nothing can be changed by a query of the user's.
      await connection.execute(sql`begin transaction isolation level repeatable read, read only`)
      // Sorting by the cursor without an index: the default of 4 MB makes many small runs.
      await connection.execute(sql`set local work_mem = '64MB'`)
      const stopping = signal ? { signal } : {}
      return {
        columns: (from) => columnsOf(connection, from).catch(refusedBy(originName(name, from))),
        async unload({ from, columns, cursor }) {
          const refused = refusedBy(originName(name, from))
          const where = cursor ? cursorClause(cursor, columns, 'postgres') : sql``
          const query = sql`select ${join(columns.fields.map((field) => id(field.name)))} from ${relationOf(from)}${where}`
          if (!engine.bulk) throw new MillraceError('INTERNAL', 'PostgreSQL without COPY')
          const { bytes } = await engine.bulk.unload(query, connection, stopping).catch(refused)
          return guarded(bytes, refused)
        },
        through: (own) => scanOf(own, config),
        async [Symbol.asyncDispose]() {
          await engine[Symbol.asyncDispose]()
        },
      }
    } catch (thrown) {
      await engine[Symbol.asyncDispose]()
      throw thrown
    }
  },
})

/** What can be infinite in PostgreSQL. */
const UNBOUNDED = new Set(['date', 'timestamp', 'timestamp_ntz'])

async function scanOf(connection: EngineConnection, config: PostgresConfig): Promise<DatabaseScan | undefined> {
  const { postgresScan } = await import('../../engine/index.ts')
  const scan = await postgresScan(connection, config)
  return (
    scan && {
      async rows(from, columns) {
        const list = columns.fields.map(({ name, type }) => sql`${asServer(id(name), type)} as ${id(name)}`)
        // The server finds the table, by its own search path.
        const relation = scan.query(inline(sql`select ${join(list)} from ${relationOf(from)}`, 'postgres'))
        const found = await connection.describe(sql`select * from ${relation}`).catch(() => undefined)
        const types = new Map(found?.fields.map(({ name, type }) => [name, formatType(type)]))
        if (columns.fields.some(({ name, type }) => types.get(name) !== formatType(type))) return undefined
        const values = columns.fields.map(({ name, type }) =>
          UNBOUNDED.has(type.kind)
            ? sql`case when isinf(${id(name)}) then error('infinite') else ${id(name)} end as ${id(name)}`
            : id(name),
        )
        return sql`(select ${join(values)} from ${relation}) as scanned`
      },
      [Symbol.asyncDispose]: () => scan[Symbol.asyncDispose](),
    }
  )
}

/**
 * A value as the extension reads it right. It takes NaN of a numeric for 0, cuts the blanks of char(n), and writes
 * addresses otherwise than the server: the first is made an error, texts are what the server writes, as in COPY.
 */
function asServer(column: Sql, type: DataType): Sql {
  if (type.kind === 'string') return sql`case when ${column} is not null then concat(${column}) end`
  if (type.kind !== 'decimal') return column
  const checked = sql`case when ${column} = 'NaN' then cast(cast(${column} as integer) as numeric) else ${column} end`
  return sql`cast(${checked} as ${trusted(sqlTypeName(type, 'postgres'))})`
}

async function columnsOf(connection: EngineConnection, from: RowOrigin): Promise<Schema> {
  return await connection.describe(sql`select * from ${relationOf(from)}`)
}

function relationOf(from: RowOrigin): Sql {
  if ('table' in from) return id(...tableParts(from.table))
  return sql`(${trusted(queryText(from.query))}) as millrace_source`
}

/** The same bytes; what the server refuses while it sends them is told as `refused` tells it. */
async function* guarded(bytes: AsyncIterable<Uint8Array>, refused: (thrown: unknown) => never) {
  try {
    yield* bytes
  } catch (thrown) {
    refused(thrown)
  }
}
