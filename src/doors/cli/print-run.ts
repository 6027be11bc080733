import { formatDuration } from '../../base/kernel/index.ts'
import type { OpenOptions } from '../app/read-project.ts'
import type { RunRequest } from '../app/run-pipeline.ts'
import { RunView, runSummary } from './run-view.ts'
import { EXIT, type Terminal } from './terminal.ts'

/** Carries out a run, shows it, and returns the exit code. */
export async function printRun(terminal: Terminal, options: OpenOptions, request: RunRequest): Promise<number> {
  const { beginLoading } = await import('../app/begin-loading.ts')
  const { signal } = request
  using loading = beginLoading(request.pipeline, { ...options, ...(signal ? { signal } : {}) })
  const { openProject } = await import('../app/open-project.ts')
  const { startRun } = await import('../app/run-pipeline.ts')
  const view = terminal.json ? undefined : new RunView(terminal)
  const onLinger = () => terminal.note('Waiting for another command that still uses the database …')
  await using project = await openProject({
    ...options,
    onLinger,
    ...(signal ? { signal } : {}),
  })
  try {
    const result = await startRun(project, {
      ...request,
      loading,
      ...(view ? { onEvent: (event) => view.show(event) } : {}),
    })
    if (terminal.json) terminal.data(result)
    else {
      for (const line of runSummary(terminal, result.tasks)) terminal.line(line)
      terminal.line(`${result.pipeline} ${result.interval.ds}: ${result.status} in ${formatDuration(result.ms)}`)
      if (result.status === 'failed') {
        terminal.line(`Go on from the failed task: millrace run ${result.pipeline} --ds ${result.interval.ds} --resume`)
      }
    }
    if (result.status === 'success') return EXIT.ok
    return result.status === 'cancelled' ? EXIT.cancelled : EXIT.failed
  } finally {
    view?.close()
  }
}
