import type { Rerun } from '../../../run/pipeline/index.ts'
import type { BackfillRequest } from '../../app/backfill.ts'
import type { CommandDefinition } from '../command.ts'
import { wholeNumber } from '../whole-number.ts'

/** Stated once more, so that help needs not load what runs pipelines. */
const RERUNS: readonly Rerun[] = ['missing', 'failed', 'changed', 'all']

const backfillCommand: CommandDefinition = {
  name: 'backfill',
  summary: 'Runs a pipeline for each interval of a range of days.',
  details:
    'Days that are done are skipped, so the same command goes on where it was stopped. What is run again, each word\nincluding those before it: missing (never run), failed (also failed, cancelled, crashed), changed (also done, but\nfiles that were read are others now), all. Examples:\n  millrace backfill flights_daily --from 2001-01-01 --to 2001-01-31 --dry-run\n  millrace backfill flights_daily --from 2001-01-01 --to 2001-06-30 --parallel 2\n  millrace backfill flights_daily --rerun changed',
  arguments: [{ name: 'pipeline', summary: 'The id of a pipeline, or its file.', required: true }],
  options: [
    { flags: '--from <day>', summary: 'The first day; by default the start date of the pipeline.' },
    { flags: '--to <day>', summary: 'The last day, included; by default that of the latest complete interval.' },
    { flags: '--rerun <what>', summary: 'Which intervals are run.', default: 'failed', choices: RERUNS },
    { flags: '--parallel <n>', summary: 'Runs at the same time.', default: '1' },
    { flags: '--limit <n>', summary: 'Run at most this many intervals.' },
    { flags: '--reverse', summary: 'Begin with the newest.' },
    { flags: '--continue-on-error', summary: 'Go on with other intervals after one has failed.' },
    { flags: '--dry-run', summary: 'Show what would be done, and do nothing.' },
    { flags: '-y, --yes', summary: 'Do not ask before intervals that are done are run again.' },
  ],
  async run({ arguments: [pipeline], options, terminal, signal }) {
    const request: BackfillRequest = {
      pipeline: String(pipeline),
      ...(typeof options.from === 'string' ? { from: options.from } : {}),
      ...(typeof options.to === 'string' ? { to: options.to } : {}),
      rerun: options.rerun as Rerun,
      parallel: wholeNumber('--parallel', options.parallel, 1),
      ...(options.limit === undefined ? {} : { limit: wholeNumber('--limit', options.limit, 1) }),
      reverse: options.reverse === true,
      continueOnError: options.continueOnError === true,
      signal,
    }
    const { printBackfill } = await import('../print-backfill.ts')
    return printBackfill(terminal, options, request, { dryRun: options.dryRun === true, yes: options.yes === true })
  },
}
export default backfillCommand
