import { type DataType, type Field, type Json, type Schema, sqlTypeName } from '../../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted, value } from '../../../base/sql/index.ts'
import type { Relation } from '../compile/compile.ts'
import { failing } from '../dialect/postgres-range.ts'
import type { Leaf } from '../plan.ts'

const typeName = (type: DataType): Sql => trusted(sqlTypeName(type, 'postgres'))

/** Rows of the program in PostgreSQL, bound as one JSON text, so that the statement stays small whatever they are. */
export function postgresRows(schema: Schema, rows: readonly (readonly Json[])[]): Relation {
  if (rows.length === 0) return postgresEmpty(schema)
  const text = JSON.stringify(rows.map((row) => Object.fromEntries(row.map((item, i) => [`c${i}`, item]))))
  const shape = join(schema.fields.map(({ type }, i) => sql`${id(`c${i}`)} ${typeName(asJson(type))}`))
  const items = schema.fields.map(({ name, type }, i) => {
    const member = id('given', `c${i}`)
    return sql`${type.kind === 'binary' ? sql`decode(${member}, 'base64')` : member} as ${id(name)}`
  })
  const given = sql`json_to_recordset(cast(${value(text, { kind: 'string' })} as json)) as given(${shape})`
  return { sql: sql`(select ${join(items)} from ${given})`, schema }
}

/** Whole numbers from `start` up to but without `end`. */
export function postgresRange({ start, end, step }: Extract<Leaf, { op: 'range' }>): Relation {
  const bound = (of: number): Sql => sql`cast(${trusted(String(of))} as bigint)`
  const last = end - Math.sign(step)
  return {
    sql: sql`(select id from generate_series(${bound(start)}, ${bound(last)}, ${bound(step)}) as numbers(id))`,
    schema: { fields: [{ name: 'id', type: { kind: 'long' }, nullable: false }] },
  }
}

const UNSIZED: DataType = { kind: 'decimal', precision: 38, scale: 18 }

/**
 * A table whose columns of `numeric` without a size are decimals of 20 digits before the point and 18 behind it: as
 * text they could not be computed with. A value that does not fit fails, with the value, when its column is read.
 */
export function postgresSized(relation: Relation): Relation {
  const { fields } = relation.schema
  if (!fields.some(isUnsized)) return relation
  const items = fields.map((field) => {
    const of = id('sized', field.name)
    if (!isUnsized(field)) return sql`${of}`
    const decimal = sql`cast(${of} as ${typeName(UNSIZED)})`
    const wrong = failing(`${field.name} does not fit decimal(38,18)`, of, UNSIZED)
    return sql`case when ${of} is null then null when abs(${of}) < 1e20 and ${decimal} = ${of} then ${decimal} else ${wrong} end as ${id(field.name)}`
  })
  return {
    ...relation,
    // A case forgets how many digits there are.
    sql: sql`(select ${join(fields.map((field) => (isUnsized(field) ? sql`cast(${id(field.name)} as ${typeName(UNSIZED)}) as ${id(field.name)}` : id(field.name))))} from (select ${join(items)} from ${relation.sql} as sized) as typed)`,
    schema: {
      fields: fields.map((field) => {
        if (!isUnsized(field)) return field
        return { name: field.name, type: UNSIZED, nullable: field.nullable }
      }),
    },
  }
}

function isUnsized({ type, metadata }: Field): boolean {
  return type.kind === 'string' && metadata?.postgres === 'numeric'
}

/** The columns of a folder without files, with no rows. */
export function postgresEmpty(schema: Schema): Relation {
  const nulls = join(schema.fields.map((field) => sql`cast(null as ${typeName(field.type)}) as ${id(field.name)}`))
  return { sql: sql`(select ${nulls} where false)`, schema }
}

function asJson(type: DataType): DataType {
  return type.kind === 'binary' || type.kind === 'null' ? { kind: 'string' } : type
}
