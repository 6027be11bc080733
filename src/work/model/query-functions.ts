import { native } from '../../base/jinja/index.ts'
import type { Row } from '../../base/kernel/index.ts'
import { trusted } from '../../base/sql/index.ts'
import { chunkRows, type EngineConnection } from '../../data/engine/index.ts'
import type { Namespace } from './macro-library.ts'
import { pythonStr } from './python-text.ts'
import { ResultTable } from './result-table.ts'

/**
 * `run_query`, `statement`, `load_result` and `store_result`. Without a connection (while a project is read)
 * nothing runs and results are none, as in dbt.
 */
export function queryFunctions(connection: EngineConnection | undefined): Namespace {
  const results = new Map<string, { response: unknown; table: ResultTable | null; data: unknown }>()
  const run = async (text: string): Promise<ResultTable | null> => {
    if (!connection) return null
    return query(connection, text)
  }
  const load = (name: unknown): unknown => results.get(pythonStr(name)) ?? null
  return {
    run_query: native('run_query', async ({ args, kwargs }) => run(pythonStr(String(args[0] ?? kwargs['sql'])))),
    statement: native('statement', async ({ args, kwargs, caller }) => {
      const text = String(await caller.call(kwargs['caller'], []))
      if (!connection) return ''
      const name = args[0] ?? kwargs['name']
      const fetch = args[1] ?? kwargs['fetch_result'] ?? false
      const table = fetch === true ? await query(connection, text) : null
      if (fetch !== true) await connection.script(text)
      if (name !== undefined && name !== null) {
        results.set(pythonStr(name), {
          response: 'OK',
          table,
          data: table ? [...table.rows].map((row) => [...row]) : [],
        })
      }
      return ''
    }),
    load_result: load,
    store_result: native('store_result', ({ args, kwargs }) => {
      results.set(pythonStr(args[0] ?? kwargs['name']), {
        response: kwargs['response'] ?? args[1] ?? 'OK',
        table: (kwargs['agate_table'] as ResultTable | undefined) ?? null,
        data: [],
      })
      return ''
    }),
  }
}

async function query(connection: EngineConnection, text: string): Promise<ResultTable> {
  const statement = trusted(text.replace(/;\s*$/, ''))
  // A statement that is no query (an ALTER from a macro) has no columns to describe.
  if (
    !/^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*(?:select|with|from|values|table|describe|show|pragma|summarize|\()/i.test(
      text,
    )
  ) {
    await connection.script(text)
    return new ResultTable({ fields: [] }, [])
  }
  const result = await connection.query(statement)
  const rows: Row[] = []
  for await (const chunk of result) rows.push(...chunkRows(chunk, result.schema))
  return new ResultTable(result.schema, rows)
}
