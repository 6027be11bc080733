import { type Row, textWidth, type Value } from '../../../base/kernel/index.ts'
import type { DbtRun } from '../../../work/model/index.ts'
import { type Terminal, toJson } from '../terminal.ts'
import type { LogPrinter } from './log-printer.ts'

/** Prints what a command was asked for: a listing, SQL, rows. */
export function printOutput(
  run: DbtRun,
  terminal: Terminal,
  options: { readonly json: boolean; readonly quiet: boolean; readonly printer: LogPrinter },
): void {
  const { output } = run
  switch (output?.kind) {
    case undefined:
      return
    case 'listing':
      for (const line of output.lines) terminal.line(line)
      return
    case 'compiled':
      if (options.json)
        terminal.line(toJson({ ...(output.inline ? {} : { node: output.name }), compiled: output.sql }, 2))
      else {
        if (!options.quiet)
          terminal.line(output.inline ? 'Compiled inline node is:' : `Compiled node '${output.name}' is:`)
        terminal.line(output.sql)
      }
      return
    case 'preview': {
      const names = output.schema.fields.map(({ name }) => name)
      if (options.json) {
        terminal.line(toJson({ ...(output.inline ? {} : { node: output.name }), show: output.rows }, 2))
        return
      }
      if (!options.quiet) terminal.line(output.inline ? 'Previewing inline node:' : `Previewing node '${output.name}':`)
      for (const line of previewTable(names, output.rows)) terminal.line(line)
      return
    }
    case 'files':
      options.printer.print(
        output.files.map((file) => ({
          level: 'info',
          text: `${file.endsWith('catalog.json') ? 'Catalog written' : 'Written'} to ${file}`,
          name: 'ArtifactWritten',
        })),
      )
  }
}

/** Rows in a table as dbt prints it, numbers to the right. */
function previewTable(names: readonly string[], rows: readonly Row[]): string[] {
  const cells = rows.map((row) => names.map((name) => cell(row[name] ?? null)))
  const widths = names.map((name, at) => Math.max(textWidth(name), ...cells.map((row) => textWidth(row[at] ?? ''))))
  const numeric = names.map((name) =>
    rows.every((row) => row[name] === null || /^(number|bigint)$/.test(typeof row[name])),
  )
  const pad = (text: string, at: number): string => {
    const space = ' '.repeat((widths[at] ?? 0) - textWidth(text))
    return numeric[at] ? space + text : text + space
  }
  const line = (texts: readonly string[]): string => `| ${texts.map(pad).join(' | ')} |`
  return [line(names), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...cells.map(line), '']
}

function cell(value: Value): string {
  if (value === null) return ''
  return (typeof value === 'object' ? toJson(value) : String(value)).replace(/\p{Cc}/gu, ' ')
}
