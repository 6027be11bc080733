import { packageVersion } from '../../../base/kernel/index.ts'
import type { CommandDefinition } from '../command.ts'
import { dbtOptionDefinitions } from '../dbt/flags.ts'
import { EXIT } from '../terminal.ts'

/** The release of dbt-core whose commands these follow. */
const DBT_RELEASE = '1.12'

const dbt: CommandDefinition = {
  name: 'dbt',
  summary: 'Runs dbt commands, with dbt’s flags: build, run, test, seed, snapshot, compile, show, ls, docs …',
  details:
    "Exit codes are dbt's: 0 done, 1 a node failed, 2 the command or the project is wrong. Examples:\n  millrace dbt build --select staging+\n  millrace dbt run --full-refresh --vars '{vip_threshold: 100}'\n  millrace dbt ls --resource-type model\n  millrace dbt show --inline \"select * from {{ ref('orders') }}\"",
  arguments: [
    {
      name: 'command',
      summary:
        'build, run, test, seed, snapshot, compile, show, ls (list), parse, docs generate, docs serve, source freshness, run-operation MACRO, clone, retry, clean, debug, init.',
      variadic: true,
    },
  ],
  options: [
    ...dbtOptionDefinitions(),
    { flags: '--dbt-project-dir <folder>', summary: 'The dbt project, relative to this one.' },
  ],
  async run({ arguments: [given], options, terminal, signal }) {
    if (options.version === true) {
      terminal.line(`Core:\n  - millrace: ${packageVersion()}\n  - follows dbt: ${DBT_RELEASE}`)
      return EXIT.ok
    }
    const { runDbtLine } = await import('../dbt/run-line.ts')
    return runDbtLine({ words: (given ?? []) as readonly string[], options, terminal, signal })
  },
}
export default dbt
