import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Json } from '../../base/kernel/index.ts'
import { trusted } from '../../base/sql/index.ts'
import {
  keepValidation,
  loadSuites,
  type ResultFormatName,
  readSuite,
  type Suite,
  suiteNamed,
  type ValidationResult,
  validate,
} from '../../work/quality/index.ts'
import { dataNamed, isQuery } from './named-data.ts'
import type { Project } from './open-project.ts'

/** What to check, and against what. */
export interface ValidateRequest {
  /** A dataset, a path, or a query that starts with `select` or `with`. */
  readonly data: string
  /** The name of a suite of the project, or a file. */
  readonly suite: string
  /** A condition in SQL: the user's own text. */
  readonly where?: string
  readonly resultFormat?: ResultFormatName
  /** Values for the suite's `{"$PARAMETER": "name"}`. */
  readonly parameters?: Readonly<Record<string, Json>>
  readonly signal?: AbortSignal
}

/**
 * Checks data against a suite, at one snapshot, and keeps the outcome in the project's history unless it is a query.
 * @throws MillraceError SUITE_NOT_FOUND, SUITE_INVALID, DATASET_UNKNOWN, ENGINE_SQL
 */
export async function validateData(project: Project, request: ValidateRequest): Promise<ValidationResult> {
  const suite = await suiteFor(project, request.suite)
  await using named = await dataNamed(project, request.data, request.signal)
  await using connection = await named.engine.connect()
  const result = await validate({
    connection,
    suite,
    relation: named.relation,
    ...(request.where === undefined ? {} : { where: trusted(request.where) }),
    ...(request.resultFormat === undefined ? {} : { resultFormat: request.resultFormat }),
    ...(request.parameters === undefined ? {} : { parameters: request.parameters }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  })
  if (!isQuery(request.data)) await keepValidation(project.state, request.data, result)
  return result
}

async function suiteFor(project: Project, named: string): Promise<Suite> {
  if (/\.(json|ya?ml)$/.test(named)) {
    const file = [resolve(named), resolve(project.dir, named)].find((path) => existsSync(path))
    if (file) return readSuite(file)
  }
  return suiteNamed(await loadSuites(join(project.dir, 'suites')), named)
}
