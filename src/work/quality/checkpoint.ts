import { basename, extname } from 'node:path'
import { z } from 'zod'
import { type Json, MillraceError, type Place, type Schema, unknownName } from '../../base/kernel/index.ts'
import { checked, readYaml } from '../../base/project/index.ts'
import type { Sql, SqlValue } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { bindText } from './bind-text.ts'
import { countChecks } from './outcome.ts'
import { RESULT_FORMATS, type ResultFormatName, type ValidationResult } from './result.ts'
import { filesOf, SEVERITIES, type Severity, type Suite, suiteNamed } from './suite.ts'
import { validate } from './validate.ts'

const validation = z.strictObject({
  data: z.string(),
  suite: z.string(),
  where: z.string().optional(),
  parameters: z.record(z.string(), z.json()).optional(),
})
const shape = z.strictObject({
  name: z.string().optional(),
  validations: z.array(validation).min(1),
  result_format: z.enum(RESULT_FORMATS).default('SUMMARY'),
  fail_on: z.enum(SEVERITIES).default('critical'),
})

/** Validations that belong together: `checkpoints/*.yml`. */
export interface Checkpoint {
  readonly name: string
  readonly file: string
  readonly validations: readonly {
    /** A dataset. */
    readonly data: string
    readonly suite: string
    /** A condition in SQL; `{{ ds }}` in it is bound as a value. */
    readonly where?: string
    readonly parameters?: Readonly<Record<string, Json>>
    readonly at: Place
  }[]
  readonly resultFormat: ResultFormatName
  /** The least severity that counts as failed. */
  readonly failOn: Severity
}

/**
 * All checkpoints of a folder, by name; none when the folder does not exist.
 * @throws MillraceError PROJECT_INVALID with line and column
 */
export async function loadCheckpoints(dir: string): Promise<Map<string, Checkpoint>> {
  const checkpoints = new Map<string, Checkpoint>()
  for (const file of await filesOf(dir)) {
    const source = await readYaml(file)
    const data = checked(source, shape)
    const name = data.name ?? basename(file, extname(file))
    if (checkpoints.has(name)) {
      throw new MillraceError('PROJECT_INVALID', `reading ${file}: there is another checkpoint "${name}"`, {
        at: source.place(['name']),
      })
    }
    const validations = data.validations.map(({ where, parameters, ...rest }, index) => ({
      ...rest,
      ...(where === undefined ? {} : { where }),
      ...(parameters === undefined ? {} : { parameters: parameters as Record<string, Json> }),
      at: source.place(['validations', index]),
    }))
    checkpoints.set(name, { name, file, validations, resultFormat: data.result_format, failOn: data.fail_on })
  }
  return checkpoints
}

/**
 * A checkpoint by name.
 * @throws MillraceError CHECKPOINT_UNKNOWN naming the checkpoints there are
 */
export function checkpointNamed(checkpoints: ReadonlyMap<string, Checkpoint>, name: string): Checkpoint {
  const found = checkpoints.get(name)
  if (found) return found
  throw unknownName('CHECKPOINT_UNKNOWN', 'checkpoint', name, checkpoints.keys())
}

/** What a checkpoint runs on. */
export interface CheckpointOptions {
  readonly checkpoint: Checkpoint
  readonly suites: ReadonlyMap<string, Suite>
  readonly connection: EngineConnection
  /** The rows of a dataset. */
  readonly relationOf: (dataset: string) => Promise<{ readonly sql: Sql; readonly schema?: Schema }>
  /** Values of `{{ name }}` in `where`, such as `ds`. */
  readonly values?: Readonly<Record<string, SqlValue>>
  readonly signal?: AbortSignal
}

/** A checkpoint's results; `success` is false when an expectation at least as severe as `fail_on` is not met. */
export interface CheckpointResult {
  readonly name: string
  readonly success: boolean
  readonly results: readonly ValidationResult[]
}

/**
 * Runs all validations of a checkpoint, one after the other; a failed one does not keep the next from running.
 * @throws MillraceError SUITE_NOT_FOUND and DATASET_UNKNOWN, before anything is computed where possible
 */
export async function runCheckpoint(options: CheckpointOptions): Promise<CheckpointResult> {
  const { checkpoint, connection, signal } = options
  const results: ValidationResult[] = []
  const planned = checkpoint.validations.map((one) => ({
    ...one,
    suite: suiteNamed(options.suites, one.suite, one.at),
  }))
  for (const { data, suite, where, parameters, at } of planned) {
    const relation = await options.relationOf(data)
    results.push(
      await validate({
        connection,
        relation: relation.sql,
        suite,
        dataset: data,
        resultFormat: checkpoint.resultFormat,
        ...(relation.schema ? { schema: relation.schema } : {}),
        ...(where === undefined ? {} : { where: bindText(where, options.values ?? {}, at) }),
        ...(parameters ? { parameters } : {}),
        ...(signal ? { signal } : {}),
      }),
    )
  }
  const success = countChecks(results, checkpoint.failOn).failed === 0
  return { name: checkpoint.name, success, results }
}
