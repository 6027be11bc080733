import { type NativeFunction, native, params, STR } from '../../base/jinja/index.ts'
import { id, type Sql } from '../../base/sql/index.ts'

/** What a relation is in the database; unknown for one that was only named. */
export type RelationType = 'table' | 'view' | 'materialized_view' | 'cte' | 'external'

interface Shown {
  readonly database: boolean
  readonly schema: boolean
  readonly identifier: boolean
}

/**
 * A relation as templates see it (dbt's `Relation`): prints as its quoted path. Immutable; each method answers a
 * new one.
 */
export class Relation {
  readonly database: string
  readonly schema: string
  readonly identifier: string
  readonly type: RelationType | null
  readonly #include: Shown
  readonly #quote: Shown

  constructor(
    path: { database: string; schema: string; identifier: string; type?: RelationType | null },
    include: Shown = { database: true, schema: true, identifier: true },
    quote: Shown = { database: true, schema: true, identifier: true },
  ) {
    this.database = path.database
    this.schema = path.schema
    this.identifier = path.identifier
    this.type = path.type ?? null
    this.#include = include
    this.#quote = quote
  }

  get name(): string {
    return this.identifier
  }
  get table(): string {
    return this.identifier
  }
  get is_table(): boolean {
    return this.type === 'table'
  }
  get is_view(): boolean {
    return this.type === 'view'
  }
  get is_materialized_view(): boolean {
    return this.type === 'materialized_view'
  }
  get is_cte(): boolean {
    return this.type === 'cte'
  }

  /** The parts that are printed, unquoted. */
  parts(): string[] {
    return (['database', 'schema', 'identifier'] as const)
      .filter((part) => this.#include[part] && this[part] !== '')
      .map((part) => this[part])
  }

  /** The path for our own statements. */
  sql(): Sql {
    return id(...this.parts())
  }

  render(): string {
    return (['database', 'schema', 'identifier'] as const)
      .filter((part) => this.#include[part] && this[part] !== '')
      .map((part) => (this.#quote[part] && this.type !== 'cte' ? `"${this[part].replaceAll('"', '""')}"` : this[part]))
      .join('.')
  }

  [STR](): string {
    return this.render()
  }

  toString(): string {
    return this.render()
  }

  /** A copy that prints only some parts: `this.include(database=false)`. */
  readonly include: NativeFunction = native(
    'include',
    ({ kwargs }) => new Relation(this, { ...this.#include, ...flags(kwargs) }, this.#quote),
  )

  /** A copy that quotes only some parts. */
  readonly quote: NativeFunction = native(
    'quote',
    ({ kwargs }) => new Relation(this, this.#include, { ...this.#quote, ...flags(kwargs) }),
  )

  /** A copy with another path or type: `this.incorporate(type='table', path={'identifier': 'x'})`. */
  readonly incorporate: NativeFunction = native('incorporate', ({ kwargs }) => {
    const path = (kwargs['path'] ?? {}) as Partial<Record<'database' | 'schema' | 'identifier', string>>
    const type = (kwargs['type'] as RelationType | undefined) ?? this.type
    return new Relation(
      { database: this.database, schema: this.schema, identifier: this.identifier, ...path, type },
      this.#include,
      this.#quote,
    )
  })

  without_identifier(): Relation {
    return new Relation(this, { ...this.#include, identifier: false }, this.#quote)
  }

  /** A view of the information schema of this relation's database: `relation.information_schema('columns')`. */
  information_schema(view?: string | null): string {
    const database = this.database === '' ? '' : `"${this.database.replaceAll('"', '""')}".`
    return `${database}INFORMATION_SCHEMA${view ? `.${view.toUpperCase()}` : ''}`
  }

  /** A relation beside this one, with another name. */
  named(identifier: string, type: RelationType | null = this.type): Relation {
    return new Relation({ database: this.database, schema: this.schema, identifier, type })
  }
}

function flags(kwargs: Readonly<Record<string, unknown>>): Partial<Shown> {
  return Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, Boolean(value)]))
}

/** `api.Relation` of templates. */
export const relationApi = {
  create: params(
    (database?: string | null, schema?: string | null, identifier?: string | null, type?: RelationType | null) =>
      new Relation({
        database: database ?? '',
        schema: schema ?? '',
        identifier: identifier ?? '',
        type: type ?? null,
      }),
    ['database', 'schema', 'identifier', 'type'],
  ),
}
