import { join } from 'node:path'
import { z } from 'zod'
import { MillraceError, once } from '../../../base/kernel/index.ts'
import { isTree } from '../read/config-tree.ts'
import { readArtifact } from '../state/read-state.ts'
import { unfinishedRun } from './journal.ts'
import { DBT_COMMANDS, type DbtCommand, type DbtOptions } from './options.ts'

/** How a node ended that is to be tried again, by dbt's names. */
const RETRIED = new Set(['error', 'fail', 'skipped', 'runtime error', 'partial success'])

const resultsShape = once(() =>
  z.looseObject({
    results: z.array(z.looseObject({ unique_id: z.string(), status: z.string() })),
    args: z.record(z.string(), z.unknown()).default({}),
  }),
)

/** What `retry` does: the command of before with its options, on the nodes that did not succeed. */
export interface RetryPlan {
  readonly command: DbtCommand
  readonly options: DbtOptions
}

/**
 * Plans a retry of the last run, from its run_results.json, or from the journal of a run that was broken off.
 * @throws MillraceError PROJECT_NOT_FOUND when there was no run, MODEL_INVALID for a command that cannot be retried
 */
export async function planRetry(
  targetFolder: string,
  given: DbtOptions,
  stateFolder: string = targetFolder,
): Promise<RetryPlan> {
  const broken = await unfinishedRun(stateFolder)
  const last = broken ? undefined : await readArtifact(join(stateFolder, 'run_results.json'), resultsShape())
  if (!broken && !last) {
    throw new MillraceError(
      'PROJECT_NOT_FOUND',
      `there is no run to try again: ${stateFolder} has no run_results.json`,
      {
        hint: 'Run a command first, or name the target folder of its run with --state.',
      },
    )
  }
  const args = broken?.args ?? last?.args ?? {}
  const ids = broken
    ? broken.planned.filter((id) => RETRIED.has(broken.ended.get(id) ?? 'skipped'))
    : (last?.results ?? []).filter(({ status }) => RETRIED.has(status)).map(({ unique_id: id }) => id)
  // Hooks run with the nodes that are tried again, never by themselves.
  const again = ids.filter((id) => !id.startsWith('operation.'))
  const command = commandOf(String(args['which'] ?? args['rpc_method'] ?? ''))
  return { command, options: { ...optionsOf(args), ...definite(given), ids: again } }
}

function commandOf(which: string): DbtCommand {
  const written = { list: 'ls', generate: 'docs generate', freshness: 'source freshness' }[which] ?? which
  const command = DBT_COMMANDS.find((name) => name === written)
  if (command && !['retry', 'ls', 'parse'].includes(command)) return command
  throw new MillraceError('MODEL_INVALID', `the last command, "${which}", cannot be tried again`, {
    hint: 'These can: build, run, test, seed, snapshot, compile, clone, run-operation.',
  })
}

function optionsOf(args: Readonly<Record<string, unknown>>): DbtOptions {
  const text = (key: string): string | undefined => (typeof args[key] === 'string' ? (args[key] as string) : undefined)
  const given = args['warn_error_options']
  const [state, macro, sample] = [text('state'), text('macro'), text('sample')]
  return {
    vars: (args['vars'] ?? {}) as Record<string, unknown>,
    fullRefresh: args['full_refresh'] === true,
    failFast: args['fail_fast'] === true,
    warnError: args['warn_error'] === true,
    storeFailures: args['store_failures'] === true,
    empty: args['empty'] === true,
    defer: args['defer'] === true,
    favorState: args['favor_state'] === true,
    ...(sample === undefined ? {} : { sample }),
    ...(isTree(given) ? { warnErrorOptions: given } : {}),
    ...(state === undefined ? {} : { state }),
    ...(macro === undefined ? {} : { macro, args: (args['args'] ?? {}) as Record<string, unknown> }),
  }
}

/** The options that were given for the retry itself: those that are off say nothing. */
function definite(given: DbtOptions): DbtOptions {
  const said = Object.entries(given).filter(([key, value]) => {
    if (key === 'state' || key === 'select' || key === 'exclude' || key === 'selector') return false
    return value !== undefined && value !== false && !(key === 'vars' && Object.keys(value as object).length === 0)
  })
  return Object.fromEntries(said) as DbtOptions
}
