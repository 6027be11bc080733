import type { CommandDefinition } from '../command.ts'
import { printable } from '../printable.ts'
import { EXIT, styled, table } from '../terminal.ts'
import { wholeNumber } from '../whole-number.ts'

const validateHistory: CommandDefinition = {
  name: 'validate history',
  summary: 'Prints what became of validations, the latest first.',
  details: 'Examples:\n  millrace validate history\n  millrace validate history raw.orders --json',
  arguments: [{ name: 'dataset', summary: 'A dataset; all when left out.' }],
  options: [{ flags: '--limit <n>', summary: 'Print at most this many.', default: '20' }],
  async run({ arguments: [dataset], options, terminal, signal }) {
    const { openProject } = await import('../../app/open-project.ts')
    const { qualityHistory } = await import('../../app/quality-history.ts')
    await using project = await openProject({ ...options, signal })
    const limit = wholeNumber('--limit', options.limit, 1)
    const history = await qualityHistory(project, { ...(typeof dataset === 'string' ? { dataset } : {}), limit })
    if (terminal.json) {
      terminal.data(history)
      return EXIT.ok
    }
    if (history.validations.length === 0) {
      terminal.line(`Nothing has been validated yet${typeof dataset === 'string' ? ` of ${printable(dataset)}` : ''}.`)
      return EXIT.ok
    }
    // The day of the data is told where it was told.
    const days = history.validations.some(({ day }) => day !== undefined)
    const rows = history.validations.map(({ runTime, day, dataset, suite, success, met, evaluated, score }) => [
      runTime.slice(0, 19).replace('T', ' '),
      ...(days ? [day] : []),
      dataset,
      suite,
      styled(success ? 'green' : 'red', success ? 'met' : 'NOT met'),
      `${met} of ${evaluated}`,
      score,
    ])
    terminal.line(
      table(terminal, ['Validated', ...(days ? ['Day'] : []), 'Dataset', 'Suite', 'Result', 'Met', 'Score'], rows, {
        readable: 12,
      }),
    )
    return EXIT.ok
  },
}
export default validateHistory
