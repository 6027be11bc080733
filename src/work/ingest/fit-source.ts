import {
  type DataType,
  type Field,
  formatType,
  MillraceError,
  type Place,
  type Schema,
  unknownName,
} from '../../base/kernel/index.ts'
import type { FileColumn, FileColumns, SourceTable } from '../../data/connect/index.ts'

/** Where columns come from: a file, or a table or query of a database. */
export interface Origin {
  /** As messages name it. */
  readonly name: string
  readonly at: Place
}

/** The columns that an origin has now. */
export interface OriginColumns extends Origin {
  readonly columns: readonly FileColumn[]
  /** False when a column may be absent because it is null throughout. */
  readonly complete: boolean
}

/** The columns of files, told apart by their paths. */
export function fileOrigins(files: readonly FileColumns[]): OriginColumns[] {
  return files.map(({ file, columns, complete }) => ({
    name: file.path,
    at: { file: file.path, line: 1 },
    columns,
    complete,
  }))
}

/** The columns to load, and how they differ from those loaded before. */
export interface FittedSource {
  readonly schema: Schema
  /** Columns that no origin had before. */
  readonly added: readonly string[]
  /** Sentences about columns that an origin lacks. */
  readonly notes: readonly string[]
}

/**
 * Decides on the columns of a load.
 * @param known the columns loaded before; undefined at the first load
 * @param inferred types of columns that neither the source file states nor an earlier load knows
 * @throws MillraceError INGEST_SCHEMA_CHANGED with origin, column and types; INGEST_CURSOR_MISSING; SOURCE_INVALID
 */
export function fitSource(
  table: SourceTable,
  origins: readonly OriginColumns[],
  known: Schema | undefined,
  inferred: Schema,
): FittedSource {
  const stated = new Map(table.stated.fields.map((field) => [field.name, field.type]))
  const before = new Map((known?.fields ?? []).map((field) => [field.name, field.type]))
  const guessed = new Map(inferred.fields.map((field) => [field.name, field.type]))
  const names = [...before.keys(), ...namesOf(origins).filter((name) => !before.has(name))]
  for (const name of stated.keys()) if (!names.includes(name)) throw notInFiles(table, name, names)
  const fields = names.map((name): Field => {
    const type = stated.get(name) ?? before.get(name) ?? guessed.get(name) ?? { kind: 'string' }
    return { name, type, nullable: true }
  })
  const added = known ? names.filter((name) => !before.has(name)) : []
  const types = new Map(fields.map((field) => [field.name, field.type]))
  const notes: string[] = []
  for (const { name: origin, at, columns, complete } of origins) {
    const present = new Map(columns.map((column) => [column.name, column.type]))
    const fresh = added.find((name) => present.has(name))
    if (fresh !== undefined && table.onSchemaChange === 'fail') {
      throw schemaChanged(table, { name: origin, at }, fresh, 'has a column that the table has not', {
        new: formatType(types.get(fresh) ?? { kind: 'string' }),
      })
    }
    for (const { name, type } of fields) {
      if (complete && !present.has(name) && (known === undefined || before.has(name))) {
        if (known && table.onSchemaChange === 'fail') {
          throw schemaChanged(table, { name: origin, at }, name, 'lacks a column', { old: formatType(type) })
        }
        notes.push(`${origin} has no column "${name}": null`)
      }
      const own = present.get(name)
      if (own && !stated.has(name) && !widens(own, type)) {
        throw schemaChanged(table, { name: origin, at }, name, 'has another type', {
          old: formatType(type),
          new: formatType(own),
        })
      }
    }
  }
  needed(table, names)
  return { schema: { fields }, added, notes }
}

/** The names of columns that have no type yet: neither stated nor known from an earlier load. */
export function unknownColumns(
  table: SourceTable,
  origins: readonly OriginColumns[],
  known: Schema | undefined,
): string[] {
  const typed = new Set([...table.stated.fields, ...(known?.fields ?? [])].map((field) => field.name))
  return namesOf(origins).filter((name) => !typed.has(name))
}

/** INGEST_SCHEMA_CHANGED, as it is told in every case. */
export function schemaChanged(
  table: SourceTable,
  origin: Origin,
  column: string,
  what: string,
  types: { readonly old?: string; readonly new?: string },
): MillraceError {
  const change = types.old && types.new ? `was ${types.old}, is ${types.new}` : (types.old ?? types.new ?? '')
  return new MillraceError(
    'INGEST_SCHEMA_CHANGED',
    `loading ${table.name}: ${origin.name} ${what}: "${column}" (${change})`,
    {
      at: { ...origin.at, path: column },
      hint: 'Mend the source, state the type under `columns:`, or say `on_schema_change: add` to take new columns and nulls for missing ones.',
      data: { file: origin.name, column, ...types },
    },
  )
}

function namesOf(origins: readonly OriginColumns[]): string[] {
  return [...new Set(origins.flatMap(({ columns }) => columns.map(({ name }) => name)))]
}

function needed(table: SourceTable, names: readonly string[]): void {
  if (table.cursor !== undefined && !names.includes(table.cursor)) {
    throw unknownName('INGEST_CURSOR_MISSING', `cursor column of ${table.name}`, table.cursor, names, { at: table.at })
  }
  const missing = table.primaryKey.find((name) => !names.includes(name))
  if (missing !== undefined) throw notInFiles(table, missing, names)
}

function notInFiles(table: SourceTable, name: string, names: readonly string[]): MillraceError {
  return unknownName('SOURCE_INVALID', `column of ${table.name}`, name, names, { at: table.at })
}

const WIDER: Readonly<Record<string, readonly string[]>> = {
  byte: ['short', 'integer', 'long', 'double', 'float'],
  short: ['integer', 'long', 'double', 'float'],
  integer: ['long', 'double'],
  ubyte: ['short', 'integer', 'long', 'double', 'float'],
  ushort: ['integer', 'long', 'double', 'float'],
  uinteger: ['long', 'double'],
  float: ['double'],
  date: ['timestamp_ntz'],
  json: ['string'],
  null: [],
}

/** Whether every value of one type has an equal in another. */
export function widens(from: DataType, to: DataType): boolean {
  if (formatType(from) === formatType(to) || from.kind === 'null') return true
  if (from.kind === 'decimal' && to.kind === 'decimal') {
    return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale
  }
  return WIDER[from.kind]?.includes(to.kind) ?? false
}
