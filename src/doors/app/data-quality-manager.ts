import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { type Json, MillraceError } from '../../base/kernel/index.ts'
import {
  type AnyExpectation,
  configOf,
  loadCheckpoints,
  loadSuites,
  type ResultFormatName,
  type Severity,
  type Suite,
  suiteJson,
} from '../../work/quality/index.ts'
import { openProject, type Project } from './open-project.ts'
import { type QualityCheck, qualityChecks } from './quality-checks.ts'
import { projectDataDocs, type QualityHistory, qualityHistory } from './quality-history.ts'
import type { OpenOptions } from './read-project.ts'
import { runProjectCheckpoint } from './run-checkpoint.ts'

/** A checkpoint as a program writes it; `checkpoints/*.yml` holds the same in snake_case. */
export interface CheckpointDefinition {
  readonly name: string
  readonly validations: readonly {
    readonly data: string
    readonly suite: string
    /** A condition in SQL; `{{ ds }}` is the day that is validated, bound as a value. */
    readonly where?: string
    readonly parameters?: Readonly<Record<string, Json>>
  }[]
  readonly resultFormat?: ResultFormatName
  readonly failOn?: Severity
  /** Whom to tell, in the words of the file: `{ channel: 'slack', webhook: '${SLACK}', notify_on: 'failure' }`. */
  readonly actions?: readonly Readonly<Record<string, Json>>[]
}

/** A suite that is being written. */
export interface SuiteDraft {
  readonly name: string
  /** Adds an expectation; the same one again, by kind and column, takes the place of the first. */
  add(...expectations: readonly AnyExpectation[]): SuiteDraft
  /** Writes `suites/<name>.json`, as Great Expectations reads it. Resolves with the file. */
  save(): Promise<string>
}

/** Suites, checkpoints and validations of a project, for programs. Close it with `await using`. */
export class DataQualityManager implements AsyncDisposable {
  readonly #project: Project

  private constructor(project: Project) {
    this.#project = project
  }

  /** @throws MillraceError PROJECT_NOT_FOUND and what else opening a project throws */
  static async open(options: OpenOptions = {}): Promise<DataQualityManager> {
    return new DataQualityManager(await openProject(options))
  }

  /**
   * Begins a suite. Nothing is written before `save`.
   * @throws MillraceError WRITE_EXISTS when there is one of that name and it shall not be overwritten
   */
  async createExpectations(name: string, { overwrite = false } = {}): Promise<SuiteDraft> {
    const dir = join(this.#project.dir, 'suites')
    const there = (await loadSuites(dir)).get(name)
    if (there && (!overwrite || !there.file.endsWith('.json'))) {
      throw new MillraceError('WRITE_EXISTS', `creating the suite "${name}": ${there.file} holds it`, {
        hint: there.file.endsWith('.json') ? 'Pass { overwrite: true }, or take another name.' : 'Edit that file.',
      })
    }
    return draft(name, there?.file ?? join(dir, `${name}.json`))
  }

  /** Writes `checkpoints/<name>.yml`, in place of the one there is. @throws MillraceError PROJECT_INVALID with its place */
  async addOrUpdateCheckpoint(definition: CheckpointDefinition): Promise<void> {
    const dir = join(this.#project.dir, 'checkpoints')
    const { name, validations, resultFormat, failOn, actions } = definition
    const file = (await loadCheckpoints(dir)).get(name)?.file ?? join(dir, `${name}.yml`)
    await mkdir(dir, { recursive: true })
    await writeFile(
      file,
      stringify({
        name,
        validations,
        ...(resultFormat === undefined ? {} : { result_format: resultFormat }),
        ...(failOn === undefined ? {} : { fail_on: failOn }),
        ...(actions === undefined ? {} : { actions }),
      }),
    )
    await loadCheckpoints(dir)
  }

  /**
   * Validates a table for a day (`2024-01-31`) by each checkpoint that names it, tells whom they say, and keeps the
   * results in the history. Whether all succeeded.
   * @throws MillraceError CHECKPOINT_UNKNOWN when none names the table, SUITE_NOT_FOUND, DATASET_UNKNOWN
   */
  async validateData(table: string, batchDate: string): Promise<boolean> {
    const project = this.#project
    const named = [...(await loadCheckpoints(join(project.dir, 'checkpoints'))).values()].flatMap((checkpoint) => {
      const validations = checkpoint.validations.filter(({ data }) => data === table)
      return validations.length > 0 ? [{ ...checkpoint, validations }] : []
    })
    if (named.length === 0) {
      throw new MillraceError('CHECKPOINT_UNKNOWN', `validating ${table}: no checkpoint names it`, {
        hint: 'Add one: addOrUpdateCheckpoint({ name, validations: [{ data, suite }] }).',
      })
    }
    let success = true
    for (const checkpoint of named)
      success = (await runProjectCheckpoint(project, checkpoint, batchDate)).success && success
    return success
  }

  /** What became of validations, of one dataset or of all, the latest first; of one dataset also its columns' scores. */
  history({
    dataset,
    limit = 100,
  }: {
    readonly dataset?: string
    readonly limit?: number
  } = {}): Promise<QualityHistory> {
    return qualityHistory(this.#project, { limit, ...(dataset === undefined ? {} : { dataset }) })
  }

  /** Every check there is, of suites and of dbt, with what became of it last. */
  checks(dataset?: string): Promise<QualityCheck[]> {
    return qualityChecks(this.#project, dataset)
  }

  /** All kept validations as one HTML page that needs nothing beside it. */
  dataDocs(): Promise<string> {
    return projectDataDocs(this.#project)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#project[Symbol.asyncDispose]()
  }
}

function draft(name: string, file: string): SuiteDraft {
  const stated = new Map<string, AnyExpectation>()
  const writing: SuiteDraft = {
    name,
    add(...expectations) {
      for (const one of expectations) stated.set(keyOf(one), one)
      return writing
    },
    async save() {
      const expectations = [...stated.values()].map((one, index) => configOf(one, file, index))
      const suite: Suite = { name, file, expectations, meta: {}, parameters: {} }
      await mkdir(join(file, '..'), { recursive: true })
      await writeFile(file, `${JSON.stringify(suiteJson(suite), undefined, 2)}\n`)
      return file
    },
  }
  return writing
}

/** What an expectation is about, by which Great Expectations too tells whether two are the same one. */
function keyOf({ type, kwargs }: AnyExpectation): string {
  const { column, column_A, column_B, column_list, row_condition } = kwargs as Readonly<Record<string, unknown>>
  return JSON.stringify([type, column, column_A, column_B, column_list, row_condition])
}
