import type { ChildProcess } from 'node:child_process'
import type { Printed } from '../code/evaluate.ts'

/** A process that evaluated pipeline files and waits for calls of their functions, as a worker does. */
export interface EvaluatedProcess {
  readonly child: ChildProcess
  /** Where the lines that it prints go from now on. */
  printTo(onOutput: ((printed: Printed) => void) | undefined): void
}

/**
 * Keeps the process that evaluated a pipeline, so that it becomes the first worker of its run: it has loaded the very
 * code that the run begins with. Ends the process when nobody took it.
 */
export class SpareWorker implements Disposable {
  readonly #versions = new Set<string>()
  #kept: EvaluatedProcess | undefined
  #over = false

  /** Takes charge of a process. */
  keep(evaluated: EvaluatedProcess): void {
    if (this.#over || this.#kept) evaluated.child.kill('SIGKILL')
    else this.#kept = evaluated
  }

  /** Says which version of the code is loaded in the process. */
  holds(hash: string): void {
    this.#versions.add(hash)
  }

  /** The process, if it has loaded this version and is still there; afterwards it is the caller's to end. */
  take(hash: string): EvaluatedProcess | undefined {
    const kept = this.#kept
    if (!kept || !this.#versions.has(hash) || kept.child.exitCode !== null || kept.child.signalCode !== null) return
    this.#kept = undefined
    return kept
  }

  [Symbol.dispose](): void {
    this.#over = true
    this.#kept?.child.kill('SIGKILL')
    this.#kept = undefined
  }
}
