/** The process in which pipeline files are evaluated. It is sent one request, answers, and ends or becomes a worker. */

import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ErrorJson } from '../../../base/kernel/index.ts'
import { isPipeline } from '../builder.ts'
import type { TaskNode } from '../graph.ts'
import type { PipelineOptions } from '../options.ts'
import { hookModules } from './module-hooks.ts'
import { userError } from './user-error.ts'

export interface EvaluationRequest {
  readonly projectDir: string
  /** Absolute paths. */
  readonly files: readonly string[]
  /** When nothing is wrong with the files, stay and call their functions. */
  readonly stays: boolean
}

/** One file: what it exports, or why it could not be evaluated; and the modules it is made of. */
export interface EvaluatedFile {
  readonly file: string
  readonly error?: ErrorJson
  readonly pipelines: readonly EvaluatedPipeline[]
  /** Names of exports that are functions. */
  readonly functions: readonly string[]
  /** Absolute paths and texts. */
  readonly modules: readonly { readonly file: string; readonly text: string }[]
}
export interface EvaluatedPipeline {
  readonly export: string
  readonly id: string
  readonly options: PipelineOptions
  readonly tasks: readonly TaskNode[]
}

/** The answer. */
export interface Evaluated {
  readonly results: EvaluatedFile[]
  /** The process waits for calls. */
  readonly stays: boolean
}

/** Sent before each file, so that the parent can name the one in which the process died. */
export interface Evaluating {
  readonly evaluating: string
}

async function evaluate({ projectDir, files }: EvaluationRequest): Promise<EvaluatedFile[]> {
  const seen = hookModules()
  const results: EvaluatedFile[] = []
  for (const file of files) {
    process.send?.({ evaluating: file } satisfies Evaluating)
    let error: ErrorJson | undefined
    const pipelines: EvaluatedPipeline[] = []
    const functions: string[] = []
    try {
      const exports = (await import(pathToFileURL(file).href)) as Record<string, unknown>
      for (const [name, value] of Object.entries(exports)) {
        if (typeof value === 'function') functions.push(name)
        if (!isPipeline(value)) continue
        pipelines.push({ export: name, id: value.id, options: value.options, tasks: value.tasks })
      }
    } catch (thrown) {
      error = userError(thrown, 'PIPELINE_FILE', `evaluating ${relative(projectDir, file)}`, projectDir).toJSON()
    }
    const modules = seen.closure(file).map((each) => ({ file: each, text: seen.texts.get(each) ?? '' }))
    results.push({ file, pipelines, functions, modules, ...(error ? { error } : {}) })
  }
  return results
}

process.once('disconnect', () => process.exit(1))
process.once('message', (request: EvaluationRequest) => void answer(request))

async function answer(request: EvaluationRequest): Promise<void> {
  const results = await evaluate(request)
  const stays = request.stays && results.every(({ error }) => error === undefined)
  if (stays) {
    const { serveCalls } = await import('../functions/serve-calls.ts')
    serveCalls({ evaluated: true })
  }
  process.send?.({ results, stays } satisfies Evaluated, () => {
    if (!stays) process.exit(0)
  })
}
