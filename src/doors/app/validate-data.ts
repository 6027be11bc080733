import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Json, MillraceError } from '../../base/kernel/index.ts'
import { sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import {
  type Expectation,
  keepQuarantine,
  keepValidation,
  loadExpectations,
  loadSuites,
  quarantine,
  type ResultFormatName,
  readPast,
  readSuite,
  type Suite,
  suiteNamed,
  type TakeRows,
  type ValidationResult,
  validate,
} from '../../work/quality/index.ts'
import { conditionOf, isQuery, understood } from './asked-data.ts'
import { dataNamed, type NamedData } from './named-data.ts'
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
  /** Columns that name a row: with COMPLETE, unexpected rows are listed by them. */
  readonly index?: readonly string[]
  /** Where these lists go; into the result unless told. */
  readonly takeRows?: TakeRows
  /** A dataset for the rows that fail critical or warning expectations; those that the same request put there are replaced. */
  readonly quarantine?: string
  /** Values for the suite's `{"$PARAMETER": "name"}`. */
  readonly parameters?: Readonly<Record<string, Json>>
  readonly signal?: AbortSignal
}

/** Great Expectations' suite result, and how many rows were put aside when that was asked for. */
export type DataValidation = ValidationResult & { readonly quarantined?: number }

/**
 * Checks data against a suite, at one snapshot, and keeps the outcome in the project's history unless it is a query.
 * @throws MillraceError SUITE_NOT_FOUND, SUITE_INVALID, DATASET_UNKNOWN, DATASET_INVALID, QUERY_INVALID, ENGINE_SQL
 */
export async function validateData(project: Project, request: ValidateRequest): Promise<DataValidation> {
  if (request.quarantine !== undefined && request.quarantine === request.data) {
    throw new MillraceError('OPTION_INVALID', `putting rows of ${request.data} aside into itself`, {
      hint: 'Name another dataset, such as one that ends in _quarantine.',
    })
  }
  const suite = await suiteFor(project, request.suite)
  const own = await loadExpectations(join(project.dir, 'plugins'))
  await using named = await dataNamed(project, request.data, request.signal)
  await using connection = await named.engine.connect()
  await understood(connection, named.relation, request)
  const result = await validate({
    connection,
    suite,
    own,
    relation: named.relation,
    ...(isQuery(request.data)
      ? {}
      : { dataset: request.data, past: await readPast(project.state, request.data, today()) }),
    ...(request.where === undefined ? {} : { where: conditionOf(request.where) }),
    resultFormat: {
      result_format: request.resultFormat ?? 'SUMMARY',
      ...(request.index ? { unexpected_index_column_names: request.index } : {}),
    },
    ...(request.takeRows === undefined ? {} : { takeRows: request.takeRows }),
    ...(request.parameters === undefined ? {} : { parameters: request.parameters }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  })
  if (!isQuery(request.data)) await keepValidation(project.state, request.data, result)
  if (request.quarantine === undefined) return result
  return {
    ...result,
    quarantined: await putAside(project, request, request.quarantine, { suite, own, named, connection, result }),
  }
}

/** Puts the rows aside that the validation found, in place of those that the same request put there before. */
async function putAside(
  project: Project,
  { data, where, signal }: ValidateRequest,
  dataset: string,
  { suite, own, named, connection, result }: Validated,
): Promise<number> {
  const stopping = signal ? { signal } : {}
  const { bad } = await quarantine({
    connection,
    relation: named.relation,
    schema: await connection.describe(sql`select * from ${named.relation}`),
    suite,
    own,
    result,
    severities: ['critical', 'warning'],
    ...(where === undefined ? {} : { where: conditionOf(where) }),
    ...stopping,
  })
  const run = ['validate', data, suite.name, ...(where === undefined ? [] : [where])].join('/')
  const { catalog, lake } = project
  const release = () => named[Symbol.asyncDispose]()
  return keepQuarantine({ catalog, lake, connection, dataset, run, release, ...stopping }, bad)
}

interface Validated {
  readonly suite: Suite
  readonly own: readonly Expectation[]
  readonly named: NamedData
  readonly connection: EngineConnection
  readonly result: ValidationResult
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}

async function suiteFor(project: Project, named: string): Promise<Suite> {
  if (/\.(json|ya?ml)$/.test(named)) {
    const places = [resolve(named), resolve(project.dir, named), resolve(project.dir, 'suites', named)]
    const file = places.find((path) => existsSync(path))
    if (file) return readSuite(file)
  }
  return suiteNamed(await loadSuites(join(project.dir, 'suites')), named)
}
