/**
 * `npm start`: the daily ETL of examples/shop, one failing check, and what to try next.
 * `npm start -- flights`: three million real flights, and an answer.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const started = performance.now()

/** Shows a command as a user would type it, and runs it. */
function millrace(example: string, ...words: string[]): number {
  console.log(`\n$ millrace ${words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ')}`)
  const command = [join(root, 'bin', 'millrace.js'), ...words]
  const done = spawnSync(process.execPath, command, { cwd: join(root, 'examples', example), stdio: 'inherit' })
  return done.status ?? 1
}

function finish(example: string, next: readonly (readonly [string, string])[]): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`\nDone in ${seconds} s. Next:`)
  for (const [command, says] of next) {
    console.log(`  npm run -s millrace -- ${command} --project-dir examples/${example}`)
    console.log(`      ${says}`)
  }
}

function shop(): number {
  const status = millrace('shop', 'run', 'etl_pipeline', '--ds', '2024-02-29')
  if (status !== 0) return status
  console.log('\nA check that fails looks like this (the shop’s data is broken in a few places on purpose):')
  const verdict = millrace('shop', 'validate', 'raw.orders', '--suite', 'orders_strict')
  if (verdict !== 1) return verdict || 1
  finish('shop', [
    ['show etl_pipeline', 'the graph of the pipeline'],
    ['table show main.fct_daily_revenue', 'what the models made of it'],
    ['table show raw.orders_rejects', 'the rows that were refused, with the reason'],
  ])
  return 0
}

function flights(): number {
  const status = millrace('flights', 'run', 'flights')
  if (status !== 0) return status
  console.log('\nThe busy routes on which patience was needed most, January to June 2001:')
  const answer = millrace('flights', 'query', '--file', 'answer.sql')
  if (answer !== 0) return answer
  finish('flights', [
    ['table show main.worst_days', 'the days to stay at home'],
    ['validate raw.flights --suite flights', 'the checks, again'],
    ['dbt ls', 'the models'],
  ])
  return 0
}

const examples: Record<string, () => number> = { shop, flights }
const name = process.argv[2] ?? 'shop'
const example = examples[name]
if (example) process.exitCode = example()
else {
  console.error(`error USAGE: the example "${name}" is not one of ${Object.keys(examples).join(', ')}`)
  process.exitCode = 2
}
