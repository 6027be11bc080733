import type { ModelPlan, PlannedChange } from '../../../work/model/index.ts'
import type { CommandDefinition } from '../command.ts'
import { EXIT, formatBytes, type Terminal } from '../terminal.ts'

const plan: CommandDefinition = {
  name: 'plan',
  summary: 'Tells what building the models would change: added, removed, modified, and what depends on that.',
  details:
    'Compares with the last run, or with the target folder that --state names. Nothing is built. Examples:\n  millrace plan\n  millrace plan --select marts+ --state artifacts/prod',
  options: [
    { flags: '-s, --select <selection...>', summary: 'Nodes to look at, in dbt’s selection grammar.' },
    { flags: '--exclude <selection...>', summary: 'Nodes to leave out.' },
    { flags: '--state <folder>', summary: 'The target folder to compare with; by default that of the project.' },
    { flags: '--vars <yaml>', summary: 'Variables, as YAML.' },
    {
      flags: '--profiles-dir <folder>',
      summary: 'The folder of profiles.yml; models are then looked for where it says.',
    },
    { flags: '--dbt-project-dir <folder>', summary: 'The dbt project, relative to this one.' },
    { flags: '--no-diff', summary: 'Leave out the lines that differ.' },
  ],
  async run({ options, terminal, signal }) {
    const { readFlags } = await import('../dbt/read-flags.ts')
    const { dbtOptions } = await import('../dbt/dbt-options.ts')
    const { placeOf } = await import('../dbt/place.ts')
    const { openDbtWorkplace, planDbt } = await import('../../app/dbt/run-dbt-command.ts')
    const flags = readFlags(options, process.env)
    await using workplace = await openDbtWorkplace({ ...placeOf(options, flags), signal })
    const found = await planDbt(workplace, dbtOptions('compile', flags, []))
    for (const word of found.unmatched)
      terminal.note(`the selection criterion "${word}" does not match any enabled nodes`)
    if (terminal.json) terminal.data(found)
    else print(terminal, found, options.diff !== false)
    return EXIT.ok
  },
}
export default plan

const TITLES = { added: 'Added', removed: 'Removed', modified: 'Modified', indirect: 'Indirectly modified' } as const
const COLOURS = { added: 'green', removed: 'red', modified: 'yellow', indirect: 'cyan' } as const

function print(terminal: Terminal, { state, changes, unmatched }: ModelPlan, diff: boolean): void {
  if (changes.length === 0) {
    terminal.line(unmatched.length > 0 ? 'Nothing is selected.' : `Nothing changed since ${state}.`)
    return
  }
  for (const kind of ['added', 'removed', 'modified', 'indirect'] as const) {
    const own = changes.filter(({ change }) => change === kind)
    if (own.length === 0) continue
    terminal.line(terminal.style(COLOURS[kind], `${TITLES[kind]}:`))
    for (const change of own) printChange(terminal, change, diff)
  }
  const built = changes.filter(
    ({ change, build }) => change !== 'removed' && build !== undefined && build !== 'ephemeral',
  )
  const rows = built.reduce((all, change) => all + (change.rows ?? 0), 0)
  const bytes = built.reduce((all, change) => all + (change.bytes ?? 0), 0)
  const what = built.filter(({ build }) => build !== 'test').length
  terminal.line(
    `To be built: ${what} of ${changes.length} (${rows.toLocaleString('en-US')} rows${bytes === 0 ? '' : `, ${formatBytes(bytes)}`} stand there now), tests: ${built.length - what}.`,
  )
}

function printChange(terminal: Terminal, change: PlannedChange, diff: boolean): void {
  const notes = [
    change.build,
    change.parts.length > 0 ? change.parts.join(', ') : undefined,
    change.effect && { breaking: 'breaking', additive: 'new columns only', none: 'the same columns' }[change.effect],
    change.because.length > 0 ? `because of ${change.because.join(', ')}` : undefined,
    change.rows === undefined ? undefined : `${change.rows.toLocaleString('en-US')} rows`,
    change.bytes === undefined ? undefined : formatBytes(change.bytes),
  ].filter((note) => note !== undefined)
  terminal.line(
    `  ${change.resource_type} ${change.name}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}  ${change.file}`,
  )
  for (const { column, before, after } of change.columns) {
    terminal.line(`    column ${column}: ${before ?? 'not there'} → ${after ?? 'gone'}`)
  }
  if (change.unknown !== undefined) terminal.line(`    columns unknown: ${change.unknown}`)
  if (!diff) return
  for (const { kind, text } of change.diff) {
    const colour = { '+': 'green', '-': 'red', ' ': 'gray' } as const
    terminal.line(terminal.style(colour[kind], `    ${kind} ${text}`))
  }
}
