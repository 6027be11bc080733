import { fork } from 'node:child_process'
import { relative } from 'node:path'
import { createInterface } from 'node:readline'
import { MillraceError, ownModulePath } from '../../../base/kernel/index.ts'
import type { SpareWorker } from '../functions/spare-worker.ts'
import type { Evaluated, EvaluatedFile, Evaluating, EvaluationRequest } from './evaluate-child.ts'
import { CHILD_FLAGS, childEnvironment } from './own-package.ts'

/** What the user's code printed. */
export interface Printed {
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

export interface EvaluateOptions {
  readonly signal?: AbortSignal
  /** Called for each line the user's code prints. */
  readonly onOutput?: (printed: Printed) => void
  /** For all files together; 30 seconds by default. */
  readonly timeoutMs?: number
  /** Takes the process when nothing was wrong with the files, so that it goes on as a worker. */
  readonly spare?: SpareWorker
}

/**
 * Evaluates modules of a project in a process of their own: a file that loops, exits or breaks harms nobody else.
 * An error in a file is in its result.
 * @throws MillraceError PIPELINE_FILE when the process died or took too long, CANCELLED
 */
export async function evaluateFiles(
  projectDir: string,
  files: readonly string[],
  { signal, onOutput, timeoutMs = 30_000, spare }: EvaluateOptions = {},
): Promise<EvaluatedFile[]> {
  signal?.throwIfAborted()
  if (files.length === 0) return []
  const child = fork(ownModulePath('run/pipeline/code/evaluate-child'), [], {
    cwd: projectDir,
    env: childEnvironment(projectDir),
    execArgv: [...CHILD_FLAGS],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  })
  let print = onOutput
  for (const stream of ['stdout', 'stderr'] as const) {
    const pipe = child[stream]
    if (pipe) createInterface({ input: pipe }).on('line', (text) => print?.({ stream, text }))
  }
  let current = files[0] ?? ''
  const stop = (): void => void child.kill('SIGKILL')
  signal?.addEventListener('abort', stop, { once: true })
  const timer = setTimeout(() => {
    timedOut = true
    stop()
  }, timeoutMs)
  let timedOut = false
  let kept = false
  try {
    return await new Promise<EvaluatedFile[]>((resolve, reject) => {
      let results: EvaluatedFile[] | undefined
      child.on('message', (message: Evaluating | Evaluated) => {
        if ('evaluating' in message) current = message.evaluating
        else results = message.results
        if (!spare || !('stays' in message) || !message.stays) return
        kept = true
        child.removeAllListeners()
        spare.keep({
          child,
          printTo: (next) => {
            print = next
          },
        })
        resolve(message.results)
      })
      child.on('error', reject)
      // `close` comes after the pipes are read to their end, so that nothing printed is lost.
      child.on('close', (code, killed) => {
        if (results) return resolve(results)
        if (signal?.aborted) return reject(new MillraceError('CANCELLED', 'evaluating pipelines was cancelled'))
        const file = relative(projectDir, current)
        const how = timedOut
          ? `it did not end within ${timeoutMs / 1000} seconds`
          : `the process ended with ${killed ?? `exit code ${code}`}`
        reject(
          new MillraceError('PIPELINE_FILE', `evaluating ${file}: ${how}`, {
            at: { file },
            hint: 'A pipeline file only describes tasks; work belongs into the functions of its tasks.',
          }),
        )
      })
      child.send({ projectDir, files, stays: spare !== undefined } satisfies EvaluationRequest, (error) => {
        // A process that died before it read this is reported by `close`.
        if (error) stop()
      })
    })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    if (!kept) stop()
  }
}
