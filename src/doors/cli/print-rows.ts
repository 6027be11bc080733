import { EXIT, type Terminal, table, toJson } from './terminal.ts'

/** Rows to print, as they come. */
export interface PrintableRows {
  readonly columns: readonly string[]
  readonly rows: AsyncIterable<Record<string, unknown>>
}

/**
 * Prints rows as a table, or as NDJSON with `--json`, a row a line. At most `limit` of them (0: all); says so
 * when there are more.
 */
export async function printRows(terminal: Terminal, result: PrintableRows, limit: number): Promise<number> {
  const shown: unknown[][] = []
  let more = false
  for await (const row of result.rows) {
    if (limit > 0 && shown.length === limit) {
      more = true
      break
    }
    if (terminal.json) terminal.line(toJson(row))
    shown.push(terminal.json ? [] : result.columns.map((name) => row[name]))
  }
  if (terminal.json) return EXIT.ok
  terminal.line(table(terminal, result.columns, shown, { plainNumbers: true }))
  terminal.line(
    more ? `The first ${limit} rows; --limit 0 prints all.` : `${shown.length} row${shown.length === 1 ? '' : 's'}.`,
  )
  return EXIT.ok
}
