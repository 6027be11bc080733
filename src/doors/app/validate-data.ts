import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Json } from '../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../base/sql/index.ts'
import type { Engine } from '../../data/engine/index.ts'
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
import { pinNamedIn } from './query-data.ts'

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
 * Checks data against a suite, at one snapshot.
 * @throws MillraceError SUITE_NOT_FOUND, SUITE_INVALID, DATASET_UNKNOWN, ENGINE_SQL
 */
export async function validateData(project: Project, request: ValidateRequest): Promise<ValidationResult> {
  const suite = await suiteFor(project, request.suite)
  await using checked = await relationFor(project, request.data, request.signal)
  await using connection = await checked.engine.connect()
  return await validate({
    connection,
    suite,
    relation: checked.relation,
    ...(request.where === undefined ? {} : { where: trusted(request.where) }),
    ...(request.resultFormat === undefined ? {} : { resultFormat: request.resultFormat }),
    ...(request.parameters === undefined ? {} : { parameters: request.parameters }),
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

/** What is checked, and where, held at one version meanwhile. */
interface Checked extends AsyncDisposable {
  readonly relation: Sql
  readonly engine: Engine
}

async function relationFor(project: Project, data: string, signal?: AbortSignal): Promise<Checked> {
  const { catalog, engine } = project
  if (/^\s*(select|with|from)\s/i.test(data)) {
    const pin = await pinNamedIn(project, data, signal)
    return {
      relation: sql`(${trusted(data)}) as checked`,
      engine,
      [Symbol.asyncDispose]: () => pin[Symbol.asyncDispose](),
    }
  }
  const { table, format } = await catalog.resolve(data)
  // A path is checked where it lies; a name is checked as the models of the target see it.
  if (table === '') {
    const rest = await catalog.atRest({ dataset: data })
    return { relation: rest.sql, engine: rest.engine, [Symbol.asyncDispose]: async () => {} }
  }
  const held = format === 'table' || project.lake === engine ? [] : [data]
  const pin = await catalog.pin(held, { orHeld: true, ...(signal ? { signal } : {}) })
  const release = () => pin[Symbol.asyncDispose]()
  const [version] = pin.datasets.map((pinned) => pinned.version)
  try {
    const ref = { dataset: data, ...(version === undefined ? {} : { version }) }
    return { relation: (await catalog.relation(ref)).sql, engine, [Symbol.asyncDispose]: release }
  } catch (thrown) {
    await release()
    throw thrown
  }
}
