import { id, inline, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { cursorClause } from '../cursor-clause.ts'
import { defineDatabase, originName, queryText, type RowOrigin, type RowSlice, tableParts } from '../database.ts'
import { mariadbOptions } from '../mariadb-options.ts'
import { type MariadbSession, openMariadb, type TextRow } from '../mariadb-session.ts'
import { type MariadbColumn, mariadbColumn } from '../mariadb-types.ts'
import { refusedBy } from '../source-refused.ts'

const PIECE_CHARACTERS = 256 * 1024

export default defineDatabase({
  name: 'mariadb',
  summary: 'Tables and queries of MariaDB and MySQL, streamed in one snapshot; a user who may only read is enough.',
  guarantee:
    'Each row is loaded exactly once by primary key and cursor; without a cursor the table is replaced in one version.',
  reads: 'rows',
  options: mariadbOptions,
  async open(options, context) {
    const { connection: name } = context
    const session = await openMariadb(options, context)
    return {
      async columns(from) {
        const origin = originName(name, from)
        const found = await columnsOf(session, from, origin).catch(refusedBy(origin))
        return { fields: found.map(({ field }) => field) }
      },
      async unload(slice) {
        const origin = originName(name, slice.from)
        const refused = refusedBy(origin)
        const found = await columnsOf(session, slice.from, origin).catch(refused)
        return csvOf(session.stream(textOf(rowsOf(slice, found))), refused)
      },
      async [Symbol.asyncDispose]() {
        session.close()
      },
    }
  },
})

async function columnsOf(session: MariadbSession, from: RowOrigin, origin: string): Promise<MariadbColumn[]> {
  const { fields } = await session.query(textOf(sql`select * from ${relation(from)} limit 0`))
  return fields.map((packet) => mariadbColumn(packet, origin))
}

function rowsOf({ from, columns, cursor }: RowSlice, found: readonly MariadbColumn[]): Sql {
  const selects = new Map(found.map(({ field, select }) => [field.name, select]))
  const list = columns.fields.map(({ name }) => selects.get(name) ?? id(name))
  return sql`select ${join(list)} from ${relation(from)}${cursor ? cursorClause(cursor, columns, 'mariadb') : sql``}`
}

function relation(from: RowOrigin): Sql {
  if ('table' in from) return id(...tableParts(from.table))
  return sql`(${trusted(queryText(from.query))}) as millrace_source`
}

/** Spark's quotes (names in backticks, backslashes escaped) are MariaDB's. */
function textOf(query: Sql): string {
  return inline(query, 'spark')
}

/** Rows in the BULK form; every piece ends at the end of a row. */
async function* csvOf(rows: AsyncIterable<TextRow>, refused: (thrown: unknown) => never): AsyncGenerator<Uint8Array> {
  let text = ''
  try {
    for await (const row of rows) {
      let line = ''
      for (const value of row)
        line += value === null ? ',' : `,"${value.includes('"') ? value.replaceAll('"', '""') : value}"`
      text += `${line.slice(1)}\n`
      if (text.length < PIECE_CHARACTERS) continue
      yield Buffer.from(text)
      text = ''
    }
  } catch (thrown) {
    refused(thrown)
  }
  if (text !== '') yield Buffer.from(text)
}
