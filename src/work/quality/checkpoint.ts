import { basename, extname } from 'node:path'
import { z } from 'zod'
import { type Json, MillraceError, type Place, type Schema, unknownName } from '../../base/kernel/index.ts'
import { CHANNELS, type Delivery } from '../../base/notify/index.ts'
import { checked, readYaml, resolveEnvironment, type YamlFile } from '../../base/project/index.ts'
import type { Sql, SqlValue } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { bindText } from './bind-text.ts'
import type { Expectation } from './expectation.ts'
import type { Past } from './history/past.ts'
import { countChecks } from './outcome.ts'
import { RESULT_FORMATS, type ResultFormatName, type ValidationResult } from './result.ts'
import { filesOf, SEVERITIES, type Severity, type Suite, suiteNamed } from './suite.ts'
import { channelNamed, NOTIFY_ON, type Telling, tell } from './tell.ts'
import { validate } from './validate.ts'

/** Variables of the environment, as the door has them. */
type Environment = Readonly<Record<string, string | undefined>>

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
  actions: z
    .array(
      z.looseObject({
        channel: z.enum(CHANNELS.map(({ name }) => name) as [string, ...string[]]),
        notify_on: z.enum(NOTIFY_ON).default('failure'),
        show_failed: z.boolean().default(true),
      }),
    )
    .default([]),
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
  /** Whom to tell; variables of the environment in them are looked up when the checkpoint runs. */
  readonly actions: (environment: Environment) => readonly Telling[]
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
    const actions = (environment: Environment) => tellingsOf(source, data.actions, environment)
    checkpoints.set(name, { name, file, validations, resultFormat: data.result_format, failOn: data.fail_on, actions })
  }
  return checkpoints
}

/** @throws MillraceError PROJECT_INVALID, SECRET_MISSING with the place of the action */
function tellingsOf(
  source: YamlFile,
  actions: z.output<typeof shape>['actions'],
  environment: Environment,
): readonly Telling[] {
  return actions.map(({ channel: name, notify_on, show_failed, ...stated }, i) => {
    const channel = channelNamed(name)
    const place = (path: readonly PropertyKey[]) => source.place(['actions', i, ...path])
    const part: YamlFile = {
      file: source.file,
      data: resolveEnvironment({ ...source, data: stated, place }, environment),
      place,
    }
    return { channel, options: checked(part, channel.options), notifyOn: notify_on, showFailed: show_failed }
  })
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
  /** Expectations of the project's own. */
  readonly own?: readonly Expectation[]
  /** The rows of a dataset. */
  readonly relationOf: (dataset: string) => Promise<{ readonly sql: Sql; readonly schema?: Schema }>
  /** What was observed of a dataset before. */
  readonly pastOf?: (dataset: string) => Promise<Past>
  /** Values of `{{ name }}` in `where`, such as `ds`. */
  readonly values?: Readonly<Record<string, SqlValue>>
  /** Variables that the checkpoint's actions name. */
  readonly environment?: Environment
  readonly signal?: AbortSignal
}

/** A checkpoint's results; `success` is false when an expectation at least as severe as `fail_on` is not met. */
export interface CheckpointResult {
  readonly name: string
  readonly success: boolean
  readonly results: readonly ValidationResult[]
  /** How telling those whom the outcome concerns went; it never changes the success. */
  readonly deliveries: readonly Delivery[]
}

/**
 * Runs all validations of a checkpoint, one after the other; a failed one does not keep the next from running.
 * @throws MillraceError SUITE_NOT_FOUND and DATASET_UNKNOWN, before anything is computed where possible
 */
export async function runCheckpoint(options: CheckpointOptions): Promise<CheckpointResult> {
  const { checkpoint, connection, signal } = options
  const results: ValidationResult[] = []
  const tellings = checkpoint.actions(options.environment ?? {})
  const at = new Date()
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
        ...(options.own ? { own: options.own } : {}),
        ...(options.pastOf ? { past: await options.pastOf(data) } : {}),
        ...(relation.schema ? { schema: relation.schema } : {}),
        ...(where === undefined ? {} : { where: bindText(where, options.values ?? {}, at) }),
        ...(parameters ? { parameters } : {}),
        ...(signal ? { signal } : {}),
      }),
    )
  }
  const success = countChecks(results, checkpoint.failOn).failed === 0
  const told = { checkpoint: checkpoint.name, success, results, at }
  const deliveries = await tell(told, tellings, signal ? { signal } : {})
  return { name: checkpoint.name, success, results, deliveries }
}
