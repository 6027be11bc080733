import { z } from 'zod'
import { unknownName } from '../../../base/kernel/index.ts'
import type { Manifest } from '../node.ts'
import { type Entry, listOf, mapping, nameOf, placed, referenceOf, refId, required } from './entry.ts'
import type { GraphEnd } from './graph-ends.ts'

type Fields = Record<string, unknown>

/** The given fields over those that dbt writes as null. */
function filled(given: unknown, nulls: readonly string[], others: Fields = {}): Fields {
  return { ...Object.fromEntries(nulls.map((key) => [key, null])), ...others, ...mapping(given) }
}

/**
 * A semantic model: the entities, dimensions and measures of a model.
 * @throws MillraceError MODEL_INVALID, REF_NOT_FOUND
 */
export function semanticModelOf(entry: Entry, manifest: Manifest): GraphEnd {
  const { written } = entry
  const model = required(entry, 'model', z.string())
  const reference = referenceOf(model, entry)
  const id = reference.kind === 'ref' ? refId(manifest, reference.ref, entry) : ''
  const node = manifest.nodes.get(id)
  const config = mapping(written['config'])
  const meta = mapping(config['meta'])
  const part = (one: unknown): Fields => {
    const own = mapping(mapping(one)['config'])
    return { ...mapping(one), config: { meta: { ...meta, ...mapping(own['meta']) } } }
  }
  const name = nameOf(entry, 'a semantic model')
  return {
    ...placed(entry, 'semantic_model', name),
    model,
    node_relation: node && {
      alias: node.alias,
      schema_name: node.schema,
      database: node.database,
      relation_name: node.relation_name,
    },
    description: written['description'] ?? null,
    label: written['label'] ?? null,
    defaults: written['defaults'] ?? null,
    entities: listOf(written['entities']).map((one) => filled(part(one), ['description', 'expr', 'label', 'role'])),
    measures: listOf(written['measures']).map((one) =>
      filled(
        part(one),
        ['agg_params', 'agg_time_dimension', 'description', 'expr', 'label', 'non_additive_dimension'],
        {
          create_metric: false,
        },
      ),
    ),
    dimensions: listOf(written['dimensions']).map((one) => dimension(part(one))),
    metadata: null,
    primary_entity: written['primary_entity'] ?? null,
    group: config['group'] ?? null,
    config: { enabled: config['enabled'] !== false, group: config['group'] ?? null, meta },
    unrendered_config: config,
    refs: reference.kind === 'ref' ? [reference.ref] : [],
    depends_on: { macros: [], nodes: id === '' ? [] : [id] },
    created_at: 0,
  }
}

function dimension(one: Fields): Fields {
  const found = filled(one, ['datatype', 'description', 'expr', 'label', 'metadata', 'type_params'], {
    is_partition: false,
  })
  if (found['type_params'] === null) return found
  return { ...found, type_params: filled(found['type_params'], ['validity_params']) }
}

const MEASURE = ['alias', 'fill_nulls_with', 'filter'] as const
const INPUT = ['alias', 'filter', 'offset_to_grain', 'offset_window'] as const
const PARAMS = [
  'conversion_type_params',
  'cumulative_type_params',
  'denominator',
  'expr',
  'fill_nulls_with',
  'grain_to_date',
  'is_private',
  'measure',
  'metric_aggregation_params',
  'numerator',
  'window',
] as const

/** A filter as dbt writes it: a list of templates. */
function filter(written: unknown): unknown {
  const list = listOf(written)
  return list.length === 0 ? null : { where_filters: list.map((text) => ({ where_sql_template: String(text) })) }
}

function measure(written: unknown): Fields {
  const given = typeof written === 'string' ? { name: written } : mapping(written)
  return filled({ ...given, filter: filter(given['filter']) }, MEASURE, { join_to_timespine: false })
}

function input(written: unknown): Fields {
  const given = typeof written === 'string' ? { name: written } : mapping(written)
  const offset = timeWindow(given['offset_window'])
  return filled({ ...given, filter: filter(given['filter']), offset_window: offset }, INPUT)
}

/** `3 months` as dbt writes it: `{ count: 3, granularity: 'month' }`. */
function timeWindow(written: unknown): unknown {
  const [, count, granularity] = /^(\d+)\s+(\w+?)s?$/i.exec(String(written ?? '').trim()) ?? []
  return count === undefined ? (written ?? null) : { count: Number(count), granularity: granularity?.toLowerCase() }
}

/** How a cumulative metric adds up; earlier its window stood one level higher. */
function cumulative(params: Fields): Fields {
  const given = mapping(params['cumulative_type_params'])
  return {
    window: timeWindow(given['window'] ?? params['window']),
    grain_to_date: given['grain_to_date'] ?? params['grain_to_date'] ?? null,
    period_agg: given['period_agg'] ?? 'first',
    metric: given['metric'] ? input(given['metric']) : null,
  }
}

/** A metric, not yet linked to the others. @throws MillraceError MODEL_INVALID */
export function metricOf(entry: Entry): GraphEnd {
  const { written } = entry
  const type = required(entry, 'type', z.enum(['simple', 'ratio', 'cumulative', 'derived', 'conversion']))
  const given = mapping(written['type_params'])
  const config = mapping(written['config'])
  const meta = { ...mapping(written['meta']), ...mapping(config['meta']) }
  const params = filled(
    {
      ...given,
      ...(given['measure'] ? { measure: measure(given['measure']) } : {}),
      ...(given['numerator'] ? { numerator: input(given['numerator']) } : {}),
      ...(given['denominator'] ? { denominator: input(given['denominator']) } : {}),
      ...(type === 'cumulative' ? { cumulative_type_params: cumulative(given) } : {}),
      window: timeWindow(given['window']),
      metrics: listOf(given['metrics']).map(input),
    },
    PARAMS,
    { input_measures: [], join_to_timespine: false },
  )
  const settings = {
    enabled: config['enabled'] !== false,
    group: config['group'] ?? null,
    meta,
    ...(config['tags'] === undefined ? {} : { tags: listOf(config['tags']) }),
  }
  return {
    ...placed(entry, 'metric', nameOf(entry, 'a metric')),
    description: String(written['description'] ?? ''),
    label: String(written['label'] ?? written['name'] ?? ''),
    type,
    type_params: params,
    filter: filter(written['filter']),
    metadata: null,
    time_granularity: written['time_granularity'] ?? null,
    meta,
    tags: listOf(written['tags']).map(String),
    group: settings.group,
    config: settings,
    unrendered_config: config,
    sources: [],
    refs: [],
    metrics: [],
    depends_on: { macros: [], nodes: [] },
    created_at: 0,
  }
}

/** Links metrics with the semantic models of their measures and with the metrics they are made of. */
export function linkMetrics(metrics: ReadonlyMap<string, GraphEnd>, models: ReadonlyMap<string, GraphEnd>): void {
  const byName = new Map([...metrics.values()].map((metric) => [metric.name, metric]))
  const measures = new Map<string, string>()
  for (const model of models.values()) {
    for (const one of model['measures'] as Fields[]) measures.set(String(one['name']), model.unique_id)
  }
  for (const metric of metrics.values()) {
    const nodes = metric.depends_on.nodes
    for (const name of inputMetrics(metric)) {
      const found = byName.get(name)
      if (!found)
        throw unknownName('MODEL_INVALID', `reading ${metric.original_file_path}: the metric`, name, byName.keys())
      if (!nodes.includes(found.unique_id)) nodes.push(found.unique_id)
    }
    for (const one of ownMeasures(metric)) {
      const owner = measures.get(String(one['name']))
      if (owner !== undefined && !nodes.includes(owner)) nodes.push(owner)
    }
  }
  // The measures of a metric are those of all that it is made of.
  const gathered = (metric: GraphEnd, seen: Set<string>): Fields[] => {
    if (seen.has(metric.name)) return []
    seen.add(metric.name)
    const inner = inputMetrics(metric).flatMap((name) => gathered(byName.get(name) ?? metric, seen))
    return [...ownMeasures(metric), ...inner]
  }
  for (const metric of metrics.values())
    (metric['type_params'] as Fields)['input_measures'] = gathered(metric, new Set())
}

function ownMeasures(metric: GraphEnd): Fields[] {
  const params = metric['type_params'] as Fields
  const conversion = mapping(params['conversion_type_params'])
  return [params['measure'], conversion['base_measure'], conversion['conversion_measure']].filter(Boolean).map(measure)
}

function inputMetrics(metric: GraphEnd): string[] {
  const params = metric['type_params'] as Fields
  const cumulative = mapping(params['cumulative_type_params'])
  const all = [params['numerator'], params['denominator'], ...listOf(params['metrics']), cumulative['metric']]
  return all.filter(Boolean).map((one) => String(mapping(one)['name'] ?? one))
}

/** A saved query: metrics by dimensions, to be exported. @throws MillraceError MODEL_INVALID for an unknown metric */
export function savedQueryOf(
  entry: Entry,
  metrics: ReadonlyMap<string, GraphEnd>,
  target: { readonly schema: string; readonly database: string },
): GraphEnd {
  const { written } = entry
  const params = required(entry, 'query_params', z.looseObject({ metrics: z.array(z.string()).nullish() }))
  const config = mapping(written['config'])
  const tags = listOf(config['tags'] ?? written['tags']).map(String)
  const byName = new Map([...metrics.values()].map((metric) => [metric.name, metric.unique_id]))
  const names = params.metrics ?? []
  return {
    ...placed(entry, 'saved_query', nameOf(entry, 'a saved query')),
    query_params: {
      metrics: names,
      group_by: listOf(params['group_by']),
      where: filter(params['where']),
      order_by: listOf(params['order_by']),
      limit: params['limit'] ?? null,
    },
    exports: listOf(written['exports']).map((one) => exportOf(mapping(one), target)),
    description: written['description'] ?? null,
    label: written['label'] ?? null,
    metadata: null,
    group: config['group'] ?? null,
    tags,
    config: {
      enabled: config['enabled'] !== false,
      group: null,
      export_as: null,
      schema: null,
      meta: {},
      cache: { enabled: false },
      ...config,
      ...(config['tags'] === undefined ? {} : { tags }),
    },
    unrendered_config: config,
    refs: [],
    depends_on: {
      macros: [],
      nodes: names.map((name) => {
        const id = byName.get(name)
        if (id !== undefined) return id
        throw unknownName('MODEL_INVALID', `reading ${entry.file.originalPath}: the metric`, name, byName.keys(), {
          at: entry.at,
        })
      }),
    },
    created_at: 0,
  }
}

/** The table or view that a saved query can be written to. */
function exportOf(written: Fields, target: { readonly schema: string; readonly database: string }): Fields {
  const config = mapping(written['config'])
  const { schema, ...others } = config
  return {
    name: written['name'],
    config: {
      ...others,
      export_as: config['export_as'] ?? null,
      schema_name: schema ?? target.schema,
      alias: config['alias'] ?? written['name'],
      database: config['database'] ?? target.database,
    },
    unrendered_config: config,
  }
}
