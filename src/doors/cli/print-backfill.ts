import { createInterface } from 'node:readline/promises'
import type { BackfillResult } from '../../run/pipeline/index.ts'
import type { BackfillPreview, BackfillRequest } from '../app/backfill.ts'
import type { OpenOptions } from '../app/read-project.ts'
import { BackfillView, intervalName, previewLines, resultLines } from './backfill-view.ts'
import { EXIT, type Terminal } from './terminal.ts'

/** Shows what a backfill would do, asks where it must, carries it out, and returns the exit code. */
export async function printBackfill(
  terminal: Terminal,
  options: OpenOptions,
  request: BackfillRequest,
  { dryRun, yes }: { readonly dryRun: boolean; readonly yes: boolean },
): Promise<number> {
  const { openProject } = await import('../app/open-project.ts')
  const { carryOutBackfill, previewBackfill } = await import('../app/backfill.ts')
  const onLinger = () => terminal.note('Waiting for another command that still uses the database …')
  const { signal } = request
  await using project = await openProject({ ...options, onLinger, ...(signal ? { signal } : {}) })
  const preview = await previewBackfill(project, request)
  if (terminal.json && dryRun) {
    const { graph, ...plan } = preview
    terminal.data({ pipeline: graph.id, ...plan })
  }
  if (!terminal.json) for (const line of previewLines(terminal, preview)) terminal.line(line)
  if (dryRun) return EXIT.ok
  if (preview.order.length > 0 && !(yes || terminal.json) && !(await agreed(terminal, preview, signal))) {
    return EXIT.cancelled
  }
  const view = terminal.json ? undefined : new BackfillView(terminal, preview)
  try {
    const result = await carryOutBackfill(project, preview, {
      ...request,
      ...(view ? { onEvent: (event) => view.show(event) } : {}),
    })
    view?.close()
    if (terminal.json) terminal.data({ ...result, from: preview.from, to: preview.to, preview: counts(preview) })
    else for (const line of resultLines(terminal, preview, result, sameCommand(request))) terminal.line(line)
    return exitCode(result)
  } finally {
    view?.close()
  }
}

function exitCode({ status }: BackfillResult): number {
  if (status === 'success') return EXIT.ok
  return status === 'cancelled' ? EXIT.cancelled : EXIT.failed
}

function counts({ intervals }: BackfillPreview): Record<string, number> {
  const found: Record<string, number> = {}
  for (const { why } of intervals) found[why] = (found[why] ?? 0) + 1
  return found
}

/** Asks on a terminal, when intervals that are done would be run again. */
async function agreed(terminal: Terminal, preview: BackfillPreview, signal?: AbortSignal): Promise<boolean> {
  const again = preview.intervals.filter(
    ({ action, why }) => action === 'run' && (why === 'again' || why === 'changed'),
  )
  if (again.length === 0 || !terminal.live || !process.stdin.isTTY) return true
  const [first] = again
  const what = again.length === 1 && first ? `${intervalName(first.interval)} is` : `${again.length} intervals are`
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await asking.question(`${what} done already. Run again? [y/N] `, signal ? { signal } : {})
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    asking.close()
  }
}

/** What to type to go on. */
function sameCommand(request: BackfillRequest): string {
  const { pipeline, from, to, parallel = 1, reverse, continueOnError, rerun } = request
  const words = [
    `millrace backfill ${pipeline}`,
    from === undefined ? '' : `--from ${from}`,
    to === undefined ? '' : `--to ${to}`,
    // After "all", what has just been done would be done once more.
    rerun === 'changed' ? '--rerun changed' : '',
    parallel > 1 ? `--parallel ${parallel}` : '',
    reverse ? '--reverse' : '',
    continueOnError ? '--continue-on-error' : '',
  ]
  return words.filter(Boolean).join(' ')
}
