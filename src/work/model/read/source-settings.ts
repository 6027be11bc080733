import type { Json } from '../../../base/kernel/index.ts'
import type { Freshness, FreshnessLimit } from '../node.ts'
import { isTree, listed, type Tree } from './config-tree.ts'

/** What the tables of a source share, or one table has: beside its name, or below `config`, as dbt moved them. */
export interface SourcePart {
  readonly freshness?: unknown
  readonly loaded_at_field?: string | null | undefined
  readonly loaded_at_query?: string | null | undefined
  readonly meta?: Tree | null | undefined
  readonly tags?: string | readonly string[] | null | undefined
  readonly config?: Tree | null | undefined
}

/** A source's configuration: dbt's `SourceConfig`, with whatever else was written there. */
export interface SourceConfig {
  readonly enabled: boolean
  readonly event_time: unknown
  readonly freshness: Freshness | null
  readonly loaded_at_field: string | null
  readonly loaded_at_query: string | null
  readonly meta: Record<string, Json>
  readonly tags: string[]
  readonly [key: string]: unknown
}

/**
 * What properties files say of a source's table as one layer of settings: the table wins over its source, and limits
 * of freshness are merged part by part; without any, what dbt_project.yml says of freshness holds.
 */
export function sourceSettings(source: SourcePart, table: SourcePart): Tree {
  const [shared, own] = [source.config ?? {}, table.config ?? {}]
  const fresh = merged([source.freshness, shared['freshness'], table.freshness, own['freshness']])
  const { freshness: _, ...config } = { ...shared, ...own }
  const ownField = table.loaded_at_field ?? own['loaded_at_field']
  const ownQuery = table.loaded_at_query ?? own['loaded_at_query']
  // A table whose field is null goes without, whatever its source says.
  const written = 'loaded_at_field' in table || ownField !== undefined
  const sharedQuery = source.loaded_at_query ?? shared['loaded_at_query']
  return {
    ...config,
    ...(fresh === null
      ? { freshness: null }
      : fresh.warn_after || fresh.error_after
        ? { freshness: freshnessJson(fresh) }
        : {}),
    loaded_at_field: (written ? ownField : (source.loaded_at_field ?? shared['loaded_at_field'])) ?? null,
    loaded_at_query: ownQuery ?? ('loaded_at_field' in table ? null : sharedQuery) ?? null,
    meta: { ...source.meta, ...tree(shared['meta']), ...table.meta, ...tree(own['meta']) },
    tags: [...new Set([source.tags, shared['tags'], table.tags, own['tags']].flatMap(listed).map(String))].sort(),
  }
}

/** A source's configuration from its layers, the first laid lowest: only `meta` is merged. */
export function sourceConfig(layers: readonly Tree[]): SourceConfig {
  const last: Tree = Object.assign({}, ...layers)
  const fresh = last['freshness'] === undefined ? NEVER : threshold(last['freshness'])
  return {
    static_analysis: null,
    ...last,
    enabled: last['enabled'] !== false,
    event_time: last['event_time'] ?? null,
    freshness: fresh,
    loaded_at_field: (last['loaded_at_field'] as string | null | undefined) ?? null,
    loaded_at_query: (last['loaded_at_query'] as string | null | undefined) ?? null,
    meta: Object.assign({}, ...layers.map((layer) => tree(layer['meta']))) as Record<string, Json>,
    tags: listed(last['tags']).map(String),
  }
}

/** A source without limits is never late. */
const NEVER: Freshness = { warn_after: null, error_after: null, filter: null }

/** Limits laid over each other; null where the last word is that there are none. */
function merged(written: readonly unknown[]): Freshness | null {
  return written.map(threshold).reduce<Freshness | null>((under, over) => {
    if (over === null) return null
    if (under === null) return over.warn_after || over.error_after ? over : null
    return {
      warn_after: over.warn_after ?? under.warn_after,
      error_after: over.error_after ?? under.error_after,
      filter: over.filter ?? under.filter,
    }
  }, NEVER)
}

function threshold(written: unknown): Freshness | null {
  if (written === null) return null
  const { warn_after: warn, error_after: error, filter } = tree(written)
  return { warn_after: limit(warn), error_after: limit(error), filter: typeof filter === 'string' ? filter : null }
}

function limit(written: unknown): FreshnessLimit | null {
  const { count, period } = tree(written)
  return typeof count === 'number' && PERIODS.some((one) => one === period)
    ? { count, period: period as FreshnessLimit['period'] }
    : null
}

const PERIODS: readonly FreshnessLimit['period'][] = ['minute', 'hour', 'day']

/** Limits as dbt writes them, with both parts. */
export function freshnessJson({ warn_after: warn, error_after: error, filter }: Freshness): object {
  const none = { count: null, period: null }
  return { warn_after: warn ?? none, error_after: error ?? none, filter }
}

function tree(value: unknown): Tree {
  return isTree(value) ? value : {}
}
