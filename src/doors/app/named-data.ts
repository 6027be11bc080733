import { type Sql, sql, trusted } from '../../base/sql/index.ts'
import type { Engine } from '../../data/engine/index.ts'
import { isQuery, understandably, unreadable } from './asked-data.ts'
import type { Project } from './open-project.ts'
import { pinNamedIn } from './query-data.ts'

/** Data of a project that an operation looks at, held at one version meanwhile. */
export interface NamedData extends AsyncDisposable {
  readonly relation: Sql
  readonly engine: Engine
}

/**
 * The rows of a dataset, a path, or a query that starts with `select`, `with` or `from`.
 * @throws MillraceError DATASET_UNKNOWN, DATASET_INVALID, ENGINE_SQL
 */
export async function dataNamed(project: Project, data: string, signal?: AbortSignal): Promise<NamedData> {
  const { catalog, engine } = project
  if (isQuery(data)) {
    const pin = await pinNamedIn(project, data, signal)
    return {
      // A comment at its end ends with it.
      relation: sql`(${trusted(`${data.replace(/;\s*$/, '')}\n`)}) as checked`,
      engine,
      [Symbol.asyncDispose]: () => pin[Symbol.asyncDispose](),
    }
  }
  const { table, format } = await catalog.resolve(data)
  // A path is checked where it lies; a name is checked as the models of the target see it.
  if (table === '') {
    const rest = await understandably(() => catalog.atRest({ dataset: data }), unreadable(data))
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
