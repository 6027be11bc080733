import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Sql, sql, trusted } from '../../base/sql/index.ts'
import {
  loadSuites,
  type ResultFormatName,
  readSuite,
  type Suite,
  suiteNamed,
  type ValidationResult,
  validate,
} from '../../work/quality/index.ts'
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
  readonly signal?: AbortSignal
}

/**
 * Checks data against a suite, at one snapshot.
 * @throws MillraceError SUITE_NOT_FOUND, SUITE_INVALID, DATASET_UNKNOWN, ENGINE_SQL
 */
export async function validateData(project: Project, request: ValidateRequest): Promise<ValidationResult> {
  const suite = await suiteFor(project, request.suite)
  const relation = await relationFor(project, request.data)
  await using connection = await project.engine.connect()
  return await validate({
    connection,
    suite,
    ...relation,
    ...(request.where === undefined ? {} : { where: trusted(request.where) }),
    ...(request.resultFormat === undefined ? {} : { resultFormat: request.resultFormat }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  })
}

async function suiteFor(project: Project, named: string): Promise<Suite> {
  if (/\.(json|ya?ml)$/.test(named)) {
    const file = [resolve(named), resolve(project.dir, named)].find((path) => existsSync(path))
    if (file) return readSuite(file)
  }
  return suiteNamed(await loadSuites(join(project.dir, 'suites')), named)
}

async function relationFor(project: Project, data: string): Promise<{ relation: Sql }> {
  if (/^\s*(select|with|from)\s/i.test(data)) return { relation: sql`(${trusted(data)})` }
  return { relation: (await project.catalog.relation({ dataset: data })).sql }
}
