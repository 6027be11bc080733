import { formatType, type Row, type Value } from '../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { toJson, toNumber } from '../literal.ts'
import {
  columnMeasures,
  frequentQuery,
  histogramQuery,
  type Measurable,
  measurable,
  measuresQuery,
  patternQuery,
  repeatedQuery,
  SHARES,
  spanOf,
} from './measures.ts'
import { FORMS, personalByName } from './personal-data.ts'
import type { Bin, ColumnProfile, Profile } from './profile.ts'

/** What to look at. */
export interface ProfileOptions {
  readonly connection: EngineConnection
  /** A table expression: what may stand after FROM. */
  readonly relation: Sql
  readonly dataset: string
  /** From how many rows on distinct counts and quantiles are estimated; 1,000,000 unless told. */
  readonly estimateFrom?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, of: number) => void
}

/** How many aggregates one statement computes at most: wide statements take long to plan. */
const MOST_AGGREGATES = 64
/** How many texts are looked at for their forms. */
const PATTERN_SAMPLE = 10_000
/** The share of texts that must have a form for the column to be told to hold it. */
const FORM_SHARE = 0.9
/** Columns with more distinct values have no list of frequent ones. */
const MOST_FREQUENT = 1000

/**
 * Measures a table: a scan for all columns together, then short queries for histograms, frequent values and forms.
 * @throws MillraceError ENGINE_SQL, CANCELLED
 */
export async function profileTable(options: ProfileOptions): Promise<Profile> {
  const { connection, relation, dataset, estimateFrom = 1_000_000, signal } = options
  const asked = signal ? { signal } : {}
  const { fields } = await connection.describe(sql`select * from ${relation}`)
  const [total] = await connection.rows<Row>(sql`select count(*) as rows from ${relation}`, asked)
  const rows = toNumber(total?.['rows']) ?? 0
  const estimated = rows >= estimateFrom && connection.engine.dialect === 'duckdb'
  const columns = fields.map((field) => measurable(field, connection.engine.dialect))
  const measured = await measureAll(options, columns, estimated)
  const profiles: ColumnProfile[] = []
  for (const [i, column] of columns.entries()) {
    profiles.push(await columnProfile(options, column, measured[i] ?? {}, rows, estimated))
    options.onProgress?.(i + 1, columns.length)
  }
  const keys = profiles.filter(({ unique, missing }) => unique && missing === 0 && rows > 0).map(({ name }) => name)
  return { dataset, rows, columns: profiles, keys, estimated }
}

/** The aggregates of each column, in as few scans as their number allows. */
async function measureAll(
  { connection, relation, signal }: ProfileOptions,
  columns: readonly Measurable[],
  estimated: boolean,
): Promise<Record<string, Value>[]> {
  const found: Record<string, Value>[] = columns.map(() => ({}))
  let batch: (readonly [string, Sql])[] = []
  const run = async () => {
    if (batch.length === 0) return
    const [row = {}] = await connection.rows<Row>(measuresQuery(relation, batch), signal ? { signal } : {})
    for (const [name, value] of Object.entries(row)) {
      const [, at = '', measure = ''] = /^c(\d+)_(.+)$/.exec(name) ?? []
      const of = found[Number(at)]
      if (of) of[measure] = value
    }
    batch = []
  }
  for (const [i, column] of columns.entries()) {
    const own = Object.entries(columnMeasures(column, estimated))
    if (batch.length + own.length > MOST_AGGREGATES) await run()
    batch.push(...own.map(([name, of]) => [`c${i}_${name}`, of] as const))
  }
  await run()
  return found
}

async function columnProfile(
  options: ProfileOptions,
  column: Measurable,
  measured: Readonly<Record<string, Value>>,
  rows: number,
  estimated: boolean,
): Promise<ColumnProfile> {
  const { field, family } = column
  const present = toNumber(measured['present']) ?? 0
  const base = { name: field.name, type: formatType(field.type), missing: rows - present }
  if (family === 'other') return { ...base, unique: false }
  const guess = toNumber(measured['distinct']) ?? 0
  const unique = present > 0 && (await isUnique(options, column, present, guess, estimated))
  const distinct = unique ? present : Math.min(guess, present)
  const [min, max] = [toJson(measured['min'], field.type), toJson(measured['max'], field.type)]
  return {
    ...base,
    distinct,
    unique,
    ...(min === null ? {} : { min }),
    ...(max === null ? {} : { max }),
    ...(family === 'number' ? await numberMeasures(options, column, measured, present) : {}),
    ...(family === 'text' ? await textMeasures(options, column, measured, present) : {}),
    ...(distinct > 0 && distinct <= MOST_FREQUENT && !unique ? { frequent: await frequent(options, column) } : {}),
    ...personal(column, measured, present),
  }
}

async function isUnique(
  { connection, relation, signal }: ProfileOptions,
  column: Measurable,
  present: number,
  distinct: number,
  estimated: boolean,
): Promise<boolean> {
  if (!estimated) return distinct === present
  // The estimate errs by up to a third; only where it is near is the whole column looked at.
  if (distinct < present * 0.5) return false
  return (await connection.rows(repeatedQuery(column, relation), signal ? { signal } : {})).length === 0
}

async function numberMeasures(
  { connection, relation, signal }: ProfileOptions,
  column: Measurable,
  measured: Readonly<Record<string, Value>>,
  present: number,
): Promise<Partial<ColumnProfile>> {
  const [mean, stddev] = [toNumber(measured['mean']), toNumber(measured['stddev'])]
  const quantiles = SHARES.map((_, i) => toNumber(measured[`quantile${i}`])).filter((one) => one !== undefined)
  const finite = measured['finite'] === undefined ? present : (toNumber(measured['finite']) ?? 0)
  const span = spanOf(column, Number(measured['min']), Number(measured['max']))
  const bins: Bin[] = []
  if (span && finite > 0) {
    const counts = await connection.rows<Row>(histogramQuery(column, relation, span), signal ? { signal } : {})
    const width = (span.max - span.min) / span.bins
    for (let i = 0; i < span.bins; i += 1) {
      const row = counts.find((one) => Number(one['bin']) === i)
      bins.push({ from: span.min + i * width, to: span.min + (i + 1) * width, count: toNumber(row?.['rows']) ?? 0 })
    }
  }
  return {
    ...(mean === undefined ? {} : { mean }),
    ...(stddev === undefined ? {} : { stddev }),
    ...(finite === present ? {} : { notFinite: present - finite }),
    ...(quantiles.length === SHARES.length ? { quantiles } : {}),
    ...(bins.length > 0 ? { histogram: bins } : {}),
  }
}

async function textMeasures(
  { connection, relation, signal }: ProfileOptions,
  column: Measurable,
  measured: Readonly<Record<string, Value>>,
  present: number,
): Promise<Partial<ColumnProfile>> {
  if (present === 0) return {}
  const formsOf = (sample: number) =>
    connection.rows<Row>(patternQuery(column, relation, sample), signal ? { signal } : {})
  const sampled = await formsOf(PATTERN_SAMPLE)
  // What all of a sample have in common is told of all texts, so it is looked for in all.
  const forms = sampled.length === 1 && present > PATTERN_SAMPLE ? await formsOf(present) : sampled
  const number = (name: string) => toNumber(measured[name]) ?? 0
  return {
    lengths: { min: number('shortest'), max: number('longest'), mean: number('length') },
    ...(number('empty') > 0 ? { empty: number('empty') } : {}),
    ...(number('untrimmed') > 0 ? { untrimmed: number('untrimmed') } : {}),
    patterns: forms.map((row) => ({ pattern: String(row['pattern']), count: toNumber(row['rows']) ?? 0 })),
  }
}

async function frequent({ connection, relation, signal }: ProfileOptions, column: Measurable) {
  const found = await connection.rows<Row>(frequentQuery(column, relation, 10), signal ? { signal } : {})
  return found.map((row) => ({
    value: toJson(row['value'], column.field.type),
    count: toNumber(row['rows']) ?? 0,
  }))
}

function personal(
  { field }: Measurable,
  measured: Readonly<Record<string, Value>>,
  present: number,
): Pick<ColumnProfile, 'personal'> {
  const form = FORMS.find((_, i) => present > 0 && (toNumber(measured[`form${i}`]) ?? 0) >= FORM_SHARE * present)
  if (form) return { personal: { kind: form.kind, by: 'values' } }
  const kind = personalByName(field.name)
  return kind === undefined ? {} : { personal: { kind, by: 'name' } }
}
