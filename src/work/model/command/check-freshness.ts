import { str } from '../../../base/jinja/index.ts'
import { asMillraceError, MillraceError } from '../../../base/kernel/index.ts'
import { sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { runContext } from '../compile.ts'
import { ownsMacro } from '../context/node-context.ts'
import { Relation } from '../context/relation.ts'
import type { FreshnessLimit, SourceNode } from '../node.ts'
import { newNode } from '../read/new-node.ts'
import { type Reader, rootReader } from '../read/reader.ts'
import type { NodeResult } from './result.ts'
import { connectTo } from './run-node.ts'
import type { Session } from './session.ts'

/** How fresh one source was found to be. */
export interface FreshnessResult extends NodeResult {
  readonly source: SourceNode
  /** ISO 8601; absent when it could not be told. */
  readonly maxLoadedAt?: string
  readonly snapshottedAt?: string
  readonly ageSeconds?: number
}

/** `source freshness`: compares when each source was loaded last with the limits it declares. */
export async function checkFreshness(session: Session, ids: readonly string[]): Promise<FreshnessResult[]> {
  const { deps, manifest, invocation } = session
  const sources = ids.flatMap((id) => manifest.sources.get(id) ?? []).filter(hasLimits)
  if (sources.length === 0) return []
  await using connection = await connectTo(deps, invocation.dialect)
  const emit = deps.onEvent ?? (() => undefined)
  const results: FreshnessResult[] = []
  for (const [at, source] of sources.entries()) {
    const place = { index: at + 1, total: sources.length }
    emit({ kind: 'started', node: source, ...place })
    const result = await checked(session, source, connection)
    results.push(result)
    emit({ kind: 'finished', node: source, result, ...place })
  }
  return results
}

function hasLimits({ freshness }: SourceNode): boolean {
  return freshness !== null && (freshness.warn_after !== null || freshness.error_after !== null)
}

async function checked(session: Session, source: SourceNode, connection: EngineConnection): Promise<FreshnessResult> {
  const started = { at: new Date().toISOString(), ms: performance.now() }
  const base = {
    source,
    unique_id: source.unique_id,
    name: source.name,
    resource_type: 'source' as const,
    failures: null,
    relation_name: source.relation_name,
    thread: 1,
  }
  const timed = () => ({
    executionMs: performance.now() - started.ms,
    timing: [
      { name: 'compile' as const, started_at: started.at, completed_at: started.at },
      { name: 'execute' as const, started_at: started.at, completed_at: new Date().toISOString() },
    ],
  })
  try {
    const { loaded, now } = await (writtenTimes(session, source, connection) ?? timesOf(session, source, connection))
    const ageSeconds = (now.getTime() - loaded.getTime()) / 1000
    const [maxLoadedAt, snapshottedAt] = [loaded.toISOString(), now.toISOString()]
    return {
      ...base,
      ...timed(),
      status: statusOf(source, ageSeconds),
      message: null,
      maxLoadedAt,
      snapshottedAt,
      ageSeconds,
    }
  } catch (thrown) {
    const error = asMillraceError(thrown, 'MODEL_FAILED').located({ file: source.original_file_path })
    return { ...base, ...timed(), status: 'error', message: error.message, error: error.toJSON() }
  }
}

/** What the project's own form of dbt's macro answers; undefined without one. */
function writtenTimes(
  session: Session,
  source: SourceNode,
  connection: EngineConnection,
): Promise<{ loaded: Date; now: Date }> | undefined {
  const { invocation, templates } = session
  const { loaded_at_query: query, loaded_at_field: field } = source
  const macro = query ? 'collect_freshness_custom_sql' : 'collect_freshness'
  if ((!query && field === null) || !ownsMacro(invocation, macro, invocation.project.name)) return undefined
  const { owner } = rootReader(invocation, templates)
  const context = contextOf(session, source, connection, { owner, text: '' })
  const { database, schema, identifier } = source
  const relation = new Relation({ database, schema, identifier })
  context['_arguments'] = query ? [relation, query] : [relation, field, source.freshness?.filter ?? null]
  return templates.evaluate(`${macro}(*_arguments).table.rows[0]`, source.original_file_path, context).then((row) => {
    const [loaded, now] = [...(row as Iterable<unknown>)].map((value) => (value === null ? null : str(value)))
    return { loaded: moment(loaded) ?? new Date(0), now: moment(now) ?? new Date() }
  })
}

async function timesOf(
  session: Session,
  source: SourceNode,
  connection: EngineConnection,
): Promise<{ loaded: Date; now: Date }> {
  const query = source.loaded_at_query && (await rendered(session, source, source.loaded_at_query, connection))
  if (source.loaded_at_field === null && !query) {
    throw new MillraceError(
      'MODEL_INVALID',
      `the source ${source.source_name}.${source.name} has freshness limits, but no loaded_at_field`,
      {
        hint: 'Name the column with the time of loading: `loaded_at_field: …`, or write a `loaded_at_query`.',
      },
    )
  }
  const relation = new Relation({ database: source.database, schema: source.schema, identifier: source.identifier })
  const filter = source.freshness?.filter
  const where = filter ? sql` where ${trusted(filter)}` : sql``
  // The field and the filter are SQL of the user's.
  const statement = query
    ? sql`select (${trusted(query)}) as max_loaded_at, current_timestamp as snapshotted_at`
    : sql`select max(${trusted(source.loaded_at_field ?? '')}) as max_loaded_at, current_timestamp as snapshotted_at from ${relation.sql()}${where}`
  const [row] = await connection.rows<{ max_loaded_at: unknown; snapshotted_at: unknown }>(statement)
  const now = moment(row?.snapshotted_at) ?? new Date()
  // dbt takes a source without rows for as old as can be.
  return { loaded: moment(row?.max_loaded_at) ?? new Date(0), now }
}

/** The query that tells when a source was loaded; in it `this` is the source. */
function rendered(session: Session, source: SourceNode, query: string, connection: EngineConnection): Promise<string> {
  const { invocation, templates } = session
  const owner = invocation.packages.get(source.package_name) ?? rootReader(invocation, templates).owner
  const context = contextOf(session, source, connection, { owner, text: query })
  return templates.render(query, source.original_file_path, context)
}

/** The names that templates of a source see: those of a node that stands in its place. */
function contextOf(
  session: Session,
  source: SourceNode,
  connection: EngineConnection,
  { owner, text }: { readonly owner: Reader['owner']; readonly text: string },
): ReturnType<typeof runContext> {
  const { invocation, templates } = session
  const { database, schema, identifier: alias, path, original_file_path: originalPath } = source
  const file = { file: '', path, originalPath, text, sha256: '' }
  const node = newNode({ invocation, templates, owner }, 'model', file, source.name, undefined)
  return runContext(session, { ...node, database, schema, alias }, { connection })
}

/** A time as the engine gives it; one without a zone is UTC. */
function moment(value: unknown): Date | undefined {
  if (value === null || value === undefined) return undefined
  const text = String(value).replace(' ', 'T')
  const zoned = /(Z|[+-]\d\d(:?\d\d)?)$/.test(text) || !text.includes('T') ? text : `${text}Z`
  const date = new Date(zoned)
  if (!Number.isNaN(date.getTime())) return date
  throw new MillraceError('MODEL_INVALID', `the time of loading "${text}" is no time`, {
    hint: 'Cast it: `loaded_at_field: "cast(loaded_at as timestamp)"`.',
  })
}

const SECONDS = { minute: 60, hour: 3600, day: 86_400 } as const

function statusOf({ freshness }: SourceNode, ageSeconds: number): 'pass' | 'warn' | 'fail' {
  const beyond = (limit: FreshnessLimit | null | undefined): boolean =>
    !!limit && ageSeconds > limit.count * SECONDS[limit.period]
  if (beyond(freshness?.error_after)) return 'fail'
  return beyond(freshness?.warn_after) ? 'warn' : 'pass'
}
