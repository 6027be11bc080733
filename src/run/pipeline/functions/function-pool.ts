import { type ChildProcess, fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import { asMillraceError, MillraceError, ownModulePath } from '../../../base/kernel/index.ts'
import type { Printed } from '../code/evaluate.ts'
import { CHILD_FLAGS, childEnvironment } from '../code/own-package.ts'
import { revived } from '../code/user-error.ts'
import type { LogLevel } from '../contract.ts'
import { type FunctionRef, parseAddress } from '../references.ts'
import type { CallArguments, CallRequest, CallResult, WorkerMessage } from './protocol.ts'
import type { SpareWorker } from './spare-worker.ts'

export interface CallOptions {
  /** When it aborts, the worker is killed: a function that loops cannot be asked to stop. */
  readonly signal?: AbortSignal
  readonly onLog?: (level: LogLevel, message: string) => void
}

/**
 * Worker processes that call users' functions. A worker belongs to one version of the code, is used again for the
 * next call, and has one call at a time, so that killing it on a time-out ends that call alone.
 */
export class FunctionPool implements AsyncDisposable {
  readonly #projectDir: string
  readonly #onOutput: ((printed: Printed) => void) | undefined
  readonly #spare: SpareWorker | undefined
  readonly #idle = new Map<string, ChildProcess[]>()
  readonly #all = new Set<ChildProcess>()
  /** Workers that are loading code for a call that is to come, at most one for a version. */
  readonly #coming = new Map<string, { readonly worker: ChildProcess; readonly loaded: Promise<boolean> }>()

  constructor(projectDir: string, options: { onOutput?: (printed: Printed) => void; spare?: SpareWorker } = {}) {
    this.#projectDir = projectDir
    this.#onOutput = options.onOutput
    this.#spare = options.spare
  }

  /** Starts a worker and loads a function's file in it, for the next call; what goes wrong is told by that call. */
  prepare({ $function: address }: FunctionRef): void {
    const hash = parseAddress(address).hash ?? ''
    if (this.#coming.has(hash) || this.#idle.get(hash)?.length) return
    const worker = this.#start(hash)
    const request = { projectDir: this.#projectDir, address, args: {}, onlyLoad: true }
    const loaded = this.#ask(worker, request, undefined, undefined).then(
      () => true,
      () => false,
    )
    this.#coming.set(hash, { worker, loaded })
  }

  /**
   * Calls a function by its address.
   * @throws MillraceError TASK_FAILED, FUNCTION_CHANGED, FUNCTION_UNKNOWN, TASK_OUTPUT_INVALID, CANCELLED, TIMEOUT
   */
  async call(
    { $function: address }: FunctionRef,
    args: CallArguments,
    { signal, onLog }: CallOptions = {},
  ): Promise<CallResult> {
    signal?.throwIfAborted()
    const hash = parseAddress(address).hash ?? ''
    const worker = this.#idle.get(hash)?.pop() ?? (await this.#prepared(hash, signal)) ?? this.#start(hash)
    try {
      const answer = await this.#ask(worker, { projectDir: this.#projectDir, address, args }, signal, onLog)
      this.#idle.set(hash, [...(this.#idle.get(hash) ?? []), worker])
      if ('error' in answer) throw revived(answer.error)
      return answer.result
    } catch (thrown) {
      throw asMillraceError(thrown, 'TASK_FAILED')
    }
  }

  /** The worker that was begun for this call, if there is one and it lives. */
  async #prepared(hash: string, signal: AbortSignal | undefined): Promise<ChildProcess | undefined> {
    const coming = this.#coming.get(hash)
    if (!coming) return undefined
    this.#coming.delete(hash)
    const onAbort = (): void => void coming.worker.kill('SIGKILL')
    signal?.addEventListener('abort', onAbort, { once: true })
    const lives = await coming.loaded
    signal?.removeEventListener('abort', onAbort)
    signal?.throwIfAborted()
    return lives ? coming.worker : undefined
  }

  #ask(
    worker: ChildProcess,
    request: CallRequest,
    signal: AbortSignal | undefined,
    onLog: CallOptions['onLog'],
  ): Promise<Exclude<WorkerMessage, { log: unknown }>> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        worker.off('message', onMessage)
        worker.off('close', onClose)
        signal?.removeEventListener('abort', onAbort)
        worker.unref()
        worker.channel?.unref()
      }
      const onMessage = (message: WorkerMessage): void => {
        if ('log' in message) {
          onLog?.(message.log.level, message.log.message)
          return
        }
        settle()
        resolve(message)
      }
      const onClose = (code: number | null, killed: NodeJS.Signals | null): void => {
        settle()
        const { file } = parseAddress(request.address)
        const how = killed ?? `exit code ${code}`
        const message = `a function of ${file} ended its process with ${how}`
        reject(
          signal?.aborted ? signal.reason : new MillraceError('TASK_FAILED', message, { at: { file }, retry: 'again' }),
        )
      }
      const onAbort = (): void => void worker.kill('SIGKILL')
      worker.on('message', onMessage)
      worker.on('close', onClose)
      signal?.addEventListener('abort', onAbort, { once: true })
      worker.ref()
      worker.channel?.ref()
      worker.send(request, (error) => {
        // A worker that died while it was idle is told by `close`, unless that has already been and gone.
        if (!error || worker.exitCode === null) return
        settle()
        reject(error)
      })
    })
  }

  /** A worker for a version of the code: the process that evaluated it when that is to be had, or else a new one. */
  #start(hash: string): ChildProcess {
    const evaluated = this.#spare?.take(hash)
    evaluated?.printTo(this.#onOutput)
    return this.#owned(evaluated?.child ?? this.#forked())
  }

  #forked(): ChildProcess {
    const worker = fork(ownModulePath('run/pipeline/functions/worker-child'), [], {
      cwd: this.#projectDir,
      env: childEnvironment(this.#projectDir),
      execArgv: [...CHILD_FLAGS],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    })
    for (const stream of ['stdout', 'stderr'] as const) {
      const pipe = worker[stream]
      if (pipe) createInterface({ input: pipe }).on('line', (text) => this.#onOutput?.({ stream, text }))
    }
    return worker
  }

  #owned(worker: ChildProcess): ChildProcess {
    this.#all.add(worker)
    worker.on('error', () => worker.kill('SIGKILL'))
    worker.on('close', () => {
      this.#all.delete(worker)
      for (const [hash, idle] of this.#idle)
        this.#idle.set(
          hash,
          idle.filter((other) => other !== worker),
        )
    })
    return worker
  }

  /** Ends all workers. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ends = [...this.#all].map((worker) => new Promise((resolve) => worker.once('close', resolve)))
    for (const worker of this.#all) {
      // An idle worker does not keep this process alive, but waiting for its end must.
      worker.ref()
      worker.kill('SIGKILL')
    }
    await Promise.all(ends)
  }
}
