import type { CommandDefinition } from '../command.ts'
import { printable } from '../printable.ts'
import { EXIT, styled, table } from '../terminal.ts'

const validateList: CommandDefinition = {
  name: 'validate list',
  summary: 'Prints all checks of the project in one list, expectations and dbt tests, with what became of each last.',
  details: 'Examples:\n  millrace validate list\n  millrace validate list raw.orders --failed --json',
  arguments: [{ name: 'dataset', summary: 'A dataset; all when left out.' }],
  options: [{ flags: '--failed', summary: 'Only those that are not met, or could not be computed.' }],
  async run({ arguments: [dataset], options, terminal, signal }) {
    const { openProject } = await import('../../app/open-project.ts')
    const { qualityChecks } = await import('../../app/quality-checks.ts')
    await using project = await openProject({ ...options, signal })
    const all = await qualityChecks(project, typeof dataset === 'string' ? dataset : undefined)
    const checks = options.failed ? all.filter(({ status }) => status === 'not met' || status === 'error') : all
    if (terminal.json) {
      terminal.data({ checks })
      return EXIT.ok
    }
    if (checks.length === 0) {
      const of = typeof dataset === 'string' ? ` of ${printable(dataset)}` : ''
      terminal.line(all.length > 0 ? `Nothing${of} fails.` : `Nothing${of} has been checked yet.`)
      return EXIT.ok
    }
    const rows = checks.map((one) => [
      styled(one.status === 'met' ? 'green' : one.status === 'not run' ? 'dim' : 'red', one.status),
      one.dataset,
      one.column,
      one.check,
      one.seen,
      one.by === 'expectation' ? one.of : 'dbt',
      one.severity,
      one.at?.slice(0, 16).replace('T', ' ') ?? '',
    ])
    terminal.line(
      table(terminal, ['', 'Dataset', 'Column', 'Check', 'Seen', 'By', 'Severity', 'Last'], rows, { readable: 12 }),
    )
    return EXIT.ok
  },
}
export default validateList
