import type { DbtRun } from '../../../work/model/index.ts'
import { type Terminal, table, toJson } from '../terminal.ts'
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
      terminal.line(
        table(
          terminal,
          names,
          output.rows.map((row) => names.map((name) => row[name])),
          { plainNumbers: true },
        ),
      )
      return
    }
    case 'files':
      options.printer.print(
        output.files.map((file) => ({ level: 'info', text: `Written to ${file}`, name: 'ArtifactWritten' })),
      )
  }
}
