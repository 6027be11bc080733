import { ATTRIBUTE, bind, native, STR, Tuple } from '../../../base/jinja/index.ts'
import { MillraceError, type Row } from '../../../base/kernel/index.ts'
import { trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { pythonStr } from '../python-text.ts'
import type { Namespace } from './macro-library.ts'
import { plainData } from './plain-data.ts'
import { ResultTable } from './result-table.ts'

/** What a statement answered besides rows: prints as the engine's message (dbt's `AdapterResponse`). */
export class StatementResponse {
  readonly #parts: { readonly message: string; readonly code: unknown; readonly rows: unknown }

  constructor(message: string, code: unknown = null, rows: unknown = null) {
    this.#parts = { message, code, rows }
  }

  [ATTRIBUTE](name: string): unknown {
    if (name === '_message') return this.#parts.message
    if (name === 'code') return this.#parts.code
    return name === 'rows_affected' ? this.#parts.rows : undefined
  }

  [STR](): string {
    return this.#parts.message
  }
}

/**
 * `load_result`, `store_result` and `store_raw_result`, which the macros `statement` and `run_query` go through. Each
 * result but `main` can be loaded once, as in dbt.
 */
export function resultFunctions(): Namespace {
  const results = new Map<
    string,
    { readonly response: unknown; readonly table: ResultTable; readonly data: unknown } | null
  >()
  const store = (name: unknown, response: unknown, table: unknown): string => {
    const rows = table instanceof ResultTable ? table : new ResultTable([], [])
    results.set(pythonStr(plainData(name)), { response, table: rows, data: rows.data() })
    return ''
  }
  return {
    load_result: (name: unknown) => {
      const key = pythonStr(plainData(name))
      const found = results.get(key)
      if (found === null) {
        throw new MillraceError('MODEL_INVALID', `the result of the statement "${key}" was loaded before`, {
          hint: 'load_result gives a result once: keep it in a variable.',
        })
      }
      if (found && key !== 'main') results.set(key, null)
      return found ?? null
    },
    store_result: native('store_result', ({ args, kwargs }) => {
      const [name, response, table] = bind('store_result', ['name', 'response', 'agate_table'], args, kwargs)
      return store(name, response ?? null, table)
    }),
    store_raw_result: native('store_raw_result', ({ args, kwargs }) => {
      const names = ['name', 'message', 'code', 'rows_affected', 'agate_table']
      const [name, message, code, rows, table] = bind('store_raw_result', names, args, kwargs)
      return store(name, new StatementResponse(pythonStr(plainData(message ?? '')), code ?? null, rows ?? null), table)
    }),
  }
}

const READS =
  /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*(?:select|with|from|values|table|describe|show|pragma|summarize|explain|call|\()/i

/** `adapter.execute(sql, auto_begin, fetch)`: the response and the rows, of which there are none unless they are asked for. */
export async function executeStatement(connection: EngineConnection, text: string, fetch: boolean): Promise<Tuple> {
  // A statement that is no query (an ALTER from a macro) has no columns to describe.
  if (!fetch || !READS.test(text)) {
    const { rowsChanged } = await connection.script(text)
    return new Tuple([new StatementResponse('OK', 'SUCCESS', rowsChanged), new ResultTable([], [])])
  }
  const { chunkRows } = await import('../../../data/engine/index.ts')
  const result = await connection.query(trusted(text.replace(/;\s*$/, '')))
  const rows: Row[] = []
  for await (const chunk of result) rows.push(...chunkRows(chunk, result.schema))
  return new Tuple([new StatementResponse('OK', 'SUCCESS', rows.length), ResultTable.of(result.schema, rows)])
}
