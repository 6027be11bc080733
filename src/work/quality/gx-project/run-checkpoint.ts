import { type Json, MillraceError, type Place } from '../../../base/kernel/index.ts'
import type { DeliverOptions } from '../../../base/notify/index.ts'
import { id, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { Engine, EngineConnection } from '../../../data/engine/index.ts'
import type { ResultFormat, ResultFormatName, ValidationResult } from '../result.ts'
import type { TakeRows } from '../row-result.ts'
import { suiteNamed } from '../suite.ts'
import { type Told, tell } from '../tell.ts'
import { validate } from '../validate.ts'
import { type GxActions, plannedActions } from './actions.ts'
import { ASSET_KEYS, type Asset, type DataSource } from './data-source.ts'
import { lastFile, placeOf } from './file-batch.ts'
import { type GxProject, partNamed } from './load.ts'
import { filesRelation } from './pandas-reader.ts'
import { lastRows } from './table-batch.ts'
import { docsWritten } from './update-docs.ts'

/** What a data source needs to be computed. */
export type NeededEngine =
  | { readonly kind: 'files' }
  | { readonly kind: 'postgres'; readonly name: string; readonly url: string }
  | { readonly kind: 'duckdb'; readonly path: string }

/** How a checkpoint of a Great Expectations project is run. */
export interface GxRunOptions {
  readonly project: GxProject
  readonly checkpoint: string
  /** Opens an engine, or gives the one that is open already; the caller closes them. */
  readonly engineFor: (needed: NeededEngine) => Promise<Engine>
  readonly batchParameters?: Readonly<Record<string, string>>
  /** Values for `{"$PARAMETER": "name"}`. */
  readonly expectationParameters?: Readonly<Record<string, Json>>
  /** In place of the checkpoint's own. */
  readonly resultFormat?: ResultFormatName
  /** Where the places of unexpected rows go that COMPLETE lists. */
  readonly takeRows?: TakeRows
  /** How long and how often the checkpoint's actions are tried. */
  readonly delivery?: Omit<DeliverOptions, 'signal'>
  readonly signal?: AbortSignal
}

/** Great Expectations' CheckpointResult: the results of its validations in their order. */
export interface GxCheckpointResult {
  readonly success: boolean
  readonly checkpoint_config: { readonly name: string; readonly id?: string }
  readonly run_id: { readonly run_name: null; readonly run_time: string }
  readonly statistics: {
    readonly evaluated_validations: number
    readonly successful_validations: number
    readonly unsuccessful_validations: number
    /** Null when nothing was validated. */
    readonly success_percent: number | null
  }
  readonly run_results: readonly ValidationResult[]
  /** What became of the checkpoint's actions; they never change its success. */
  readonly actions: readonly ActionOutcome[]
}

/** How many validations of a checkpoint succeeded. */
export function checkpointStatistics(results: readonly ValidationResult[]): GxCheckpointResult['statistics'] {
  const met = results.filter(({ success }) => success).length
  return {
    evaluated_validations: results.length,
    successful_validations: met,
    unsuccessful_validations: results.length - met,
    success_percent: results.length === 0 ? null : (met / results.length) * 100,
  }
}

/** An action as it went. */
export interface ActionOutcome {
  readonly name: string
  readonly outcome: 'sent' | 'written' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  readonly reason?: string
}

/** A validation with all that its files say, before any data is looked at. */
interface Planned {
  readonly name: string
  readonly validationId: string | undefined
  readonly suite: string
  readonly sourceName: string
  readonly assetName: string
  readonly source: DataSource
  readonly asset: Asset
  readonly partitioner: NonNullable<Asset['batch_definitions'][string]>['partitioner']
  readonly engine: NeededEngine
  readonly at: Place
}

/**
 * Runs a checkpoint: the last batch of each of its validations, as Great Expectations does without batch parameters.
 * What the files of the project say is checked before the first validation runs.
 * @throws MillraceError CHECKPOINT_UNKNOWN, GX_PROJECT_INVALID, SUITE_NOT_FOUND, BATCH_NOT_FOUND, SECRET_MISSING, ENGINE_UNSUPPORTED
 */
export async function runGxCheckpoint(options: GxRunOptions): Promise<GxCheckpointResult> {
  const { project } = options
  const { data: config, source } = partNamed(
    'CHECKPOINT_UNKNOWN',
    'checkpoint',
    options.checkpoint,
    project.checkpoints,
  )
  const planned = config.validation_definitions.map(({ name }, i) =>
    plan(project, name, source.place(['validation_definitions', i])),
  )
  const actions = plannedActions(config.actions, project.substitute, (i) => source.place(['actions', i]))
  const run_id = { run_name: null, run_time: new Date().toISOString() }
  const stated = options.resultFormat ?? config.result_format
  const format = (typeof stated === 'string' ? { result_format: stated } : stated) as ResultFormat
  const run_results: ValidationResult[] = []
  for (const one of planned) {
    const result = await validateOne(one, format, options)
    run_results.push({
      ...result,
      meta: { ...result.meta, run_id, ...(config.id ? { checkpoint_id: config.id } : {}) },
    })
  }
  const success = run_results.every((one) => one.success)
  const told = { checkpoint: config.name, success, results: run_results, at: new Date(run_id.run_time) }
  return {
    success,
    checkpoint_config: { name: config.name, ...(config.id ? { id: config.id } : {}) },
    run_id,
    statistics: checkpointStatistics(run_results),
    run_results,
    actions: await performed(actions, told, options),
  }
}

async function performed(
  { tellings, docs, skipped }: GxActions,
  told: Told,
  { signal, delivery, project }: GxRunOptions,
): Promise<ActionOutcome[]> {
  const outcomes = skipped.map(({ name, reason }): ActionOutcome => ({ name, outcome: 'skipped', reason }))
  const how = { ...delivery, ...(signal ? { signal } : {}) }
  const sent = await Promise.all(
    tellings.map(async ({ name, ...telling }): Promise<ActionOutcome> => {
      const [done] = await tell(told, [telling], how)
      if (done === undefined) return { name, outcome: 'skipped', reason: `it tells of ${telling.notifyOn} only` }
      return done.error === undefined
        ? { name, outcome: 'sent' }
        : { name, outcome: 'failed', reason: done.error.message }
    }),
  )
  for (const { name, sites } of docs) outcomes.push({ name, ...(await docsWritten(project.docsSites, sites, told)) })
  return [...outcomes, ...sent]
}

function plan(project: GxProject, name: string, at: Place): Planned {
  const { data, source: file } = partNamed('GX_PROJECT_INVALID', 'validation definition', name, project.validations, at)
  const place = (...path: string[]) => file.place(path)
  const { datasource, asset: assetName, batch_definition: batch } = data.data
  suiteNamed(project.suites, data.suite.name, place('suite', 'name'))
  const source = partNamed(
    'GX_PROJECT_INVALID',
    'data source',
    datasource.name,
    project.sources,
    place('data', 'datasource'),
  )
  const asset = partNamed('GX_PROJECT_INVALID', 'asset', assetName.name, source.assets, place('data', 'asset'))
  const definition = partNamed(
    'GX_PROJECT_INVALID',
    'batch definition',
    batch.name,
    asset.batch_definitions,
    place('data', 'batch_definition'),
  )
  const path = ['fluent_datasources', datasource.name]
  return {
    name,
    validationId: data.id ?? undefined,
    suite: data.suite.name,
    sourceName: datasource.name,
    assetName: assetName.name,
    source,
    asset,
    partitioner: definition.partitioner,
    engine: neededEngine(project, datasource.name, source, project.place(path)),
    at: project.place([...path, 'assets', assetName.name]),
  }
}

const FILE_SOURCES = /^(pandas|spark)(_filesystem)?$/

function neededEngine(project: GxProject, name: string, source: DataSource, at: Place): NeededEngine {
  if (FILE_SOURCES.test(source.type)) return { kind: 'files' }
  const written = source.connection_string
  if (['postgres', 'sql', 'duckdb', 'redshift', 'alloy'].includes(source.type) && written !== undefined) {
    const url = project.substitute(written, at)
    // SQLAlchemy names the driver behind a plus sign.
    const [, scheme = '', rest = ''] = /^(\w+)(?:\+\w+)?:\/\/([\s\S]*)$/.exec(url) ?? []
    if (/^postgres(ql)?$/.test(scheme)) return { kind: 'postgres', name, url: `postgresql://${rest}` }
    if (scheme === 'duckdb') return { kind: 'duckdb', path: placeOf(rest.replace(/^\//, ''), project.dir) }
  }
  throw new MillraceError('ENGINE_UNSUPPORTED', `the data source "${name}" is of the type ${source.type}`, {
    at,
    hint: 'Files (pandas, pandas_filesystem, spark_filesystem), PostgreSQL and DuckDB are validated.',
  })
}

async function validateOne(one: Planned, format: ResultFormat, options: GxRunOptions): Promise<ValidationResult> {
  const { project, signal } = options
  const engine = await options.engineFor(one.engine)
  await using connection = await engine.connect(signal ? { signal } : {})
  const asked = options.batchParameters ?? {}
  const batch = one.engine.kind === 'files' ? await fileBatch(connection, project, one, asked) : undefined
  const relation = batch?.relation ?? tableOf(one)
  const rows = batch ?? (await lastRows(connection, relation, one.partitioner, asked, one.at))
  const where = 'where' in rows ? rows.where : undefined
  const result = await validate({
    connection,
    relation,
    suite: suiteNamed(project.suites, one.suite),
    resultFormat: format,
    dataset: `${one.sourceName}.${one.assetName}`,
    ...(where ? { where } : {}),
    ...(options.takeRows ? { takeRows: options.takeRows } : {}),
    ...(options.expectationParameters ? { parameters: options.expectationParameters } : {}),
    ...(signal ? { signal } : {}),
  })
  return identified(result, one, rows.identifiers, asked)
}

/** The result with what Great Expectations says of the batch. */
function identified(
  result: ValidationResult,
  one: Planned,
  identifiers: Readonly<Record<string, Json>>,
  asked: Readonly<Record<string, string>>,
): ValidationResult {
  const parameters = Object.entries(identifiers).filter(([name]) => name !== 'path')
  const batch_id = [one.sourceName, one.assetName, ...parameters.map(([name, value]) => `${name}_${value}`)].join('-')
  return {
    ...result,
    results: result.results.map((each) => ({
      ...each,
      expectation_config: { ...each.expectation_config, kwargs: { batch_id, ...each.expectation_config.kwargs } },
    })),
    meta: {
      ...result.meta,
      validation_definition: one.name,
      ...(one.validationId === undefined ? {} : { validation_id: one.validationId }),
      active_batch_definition: {
        datasource_name: one.sourceName,
        data_connector_name: 'fluent',
        data_asset_name: one.assetName,
        batch_identifiers: { ...identifiers },
      },
      batch_parameters: Object.keys(asked).length === 0 ? null : { ...asked },
      validation_time: new Date().toISOString(),
    },
  }
}

async function fileBatch(
  connection: EngineConnection,
  project: GxProject,
  { source, asset, assetName, partitioner, at }: Planned,
  asked: Readonly<Record<string, string>>,
): Promise<{ readonly relation: Sql; readonly identifiers: Readonly<Record<string, Json>> }> {
  const reader = Object.fromEntries(Object.entries(asset).filter(([key]) => !ASSET_KEYS.has(key)))
  const file = ['filepath_or_buffer', 'path_or_buf', 'path'].map((key) => asset[key]).find((path) => path !== undefined)
  if (typeof file === 'string') {
    const path = /^\w+:\/\//.test(file) ? file : placeOf(project.substitute(file, at), project.dir)
    return { relation: await filesRelation(connection, asset.type, [path], reader, at), identifiers: {} }
  }
  if (source.base_directory === undefined) {
    throw new MillraceError(
      'GX_PROJECT_INVALID',
      `the asset "${assetName}" of the type ${asset.type} lies in no file`,
      {
        at,
        hint: 'Data frames of a Python program cannot be had here; validate the file or table they come from.',
      },
    )
  }
  const base = placeOf(project.substitute(source.base_directory, at), project.dir)
  if (asset.type.startsWith('directory_')) {
    const folder = String(asset['data_directory'] ?? '.')
    const ending = asset.type.replace('directory_', '')
    return {
      relation: await filesRelation(connection, asset.type, [`${base}/${folder}/*.${ending}`], reader, at),
      identifiers: {},
    }
  }
  const batch = await lastFile(base, partitioner, asked, at)
  return {
    relation: await filesRelation(connection, asset.type, [batch.file], reader, at),
    identifiers: batch.identifiers,
  }
}

function tableOf({ asset, at }: Planned): Sql {
  if (asset.type === 'query' && asset.query !== undefined) {
    return sql`(${trusted(asset.query.replace(/;\s*$/, ''))}) as batch`
  }
  if (asset.type === 'table' && asset.table_name !== undefined) {
    return asset.schema_name ? id(asset.schema_name, asset.table_name) : id(asset.table_name)
  }
  throw new MillraceError('GX_PROJECT_INVALID', `an asset of the type ${asset.type} is not read from a database`, {
    at,
    hint: 'Assets of the types table and query are.',
  })
}
